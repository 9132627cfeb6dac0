"""Merging two sources that are one: choose the other, see what will happen, do it, and undo it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.permissions import checks
from factcheck.queries.sources import Row
from factcheck.views import access, asking, posted
from factcheck.views.forms import source_kind


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def merge(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Show what merging would come to; a post does it, and what is refused is said with the form."""
    source, project = access.source(request, source_id, to=checks.check_can_edit_sources)
    viewer, error, status = access.person(request).pk, "", 200
    if request.method == "POST":
        try:
            into = posted.identifier(request.POST, "into")
            if into is None:
                raise Invalid(_("Choose the source that stays."), field="into")
            kept = services.merges.merge(source_id=source_id, into=into, by=access.actor(request))
            messages.success(request, _("%(name)s is merged into this source.") % {"name": source.name})
            return HttpResponseRedirect(reverse("sources:page", args=[kept.id]), status=303)
        except (Invalid, Conflict, NotAllowed) as refusal:
            error, status = str(refusal), refusal.status
    other = _other(viewer, source, asking.identifier(request, "into"))
    typed = asking.search(request, "name")
    found = queries.sources.suggest(viewer, project.id, typed) if typed and other is None else []
    context = {
        "project": project,
        "section": "sources",
        "source": source,
        "other": other,
        "other_kind": source_kind(other.kind) if other else "",
        "preview": queries.merges.preview(viewer, source_id, other.id) if other else None,
        "typed": typed or (other.name if other else ""),
        "near": [option for option in found if option.id != source_id],
        "error": error,
    }
    return render(request, "sources/merge.html", context, status=status)


def _other(viewer: UUID, source: Row, into: UUID | None) -> Row | None:
    """Return the source that is asked for if the two can be one."""
    found = queries.sources.visible(viewer, into) if into else None
    if found is None or found.id == source.id or found.project_id != source.project_id:
        return None
    return found if found.withdrawn_at is None else None


@require_POST
@login_required
def unmerge(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Undo a merge; what is refused is said on the page of the source that has everything now."""
    standing = queries.merges.of(access.person(request).pk, source_id)
    if standing is None:
        raise NotFound(_("There is no such source, or it was not merged into another one."))
    back = reverse("sources:page", args=[standing.into])
    try:
        services.merges.unmerge(source_id=source_id, by=access.actor(request))
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back, status=303)
    messages.success(request, _("%(name)s is a source of its own again.") % {"name": standing.name})
    return HttpResponseRedirect(reverse("sources:page", args=[source_id]), status=303)
