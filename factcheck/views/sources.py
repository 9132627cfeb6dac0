"""Sources: the project's list, finding one while typing, and each one's page of what is attributed to it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from factcheck import queries, services
from factcheck.exceptions import Stale
from factcheck.models import Source
from factcheck.permissions import checks
from factcheck.queries.attributions import ROLES
from factcheck.queries.reading import Cut
from factcheck.roles import Role
from factcheck.views import access, asking, conflicts, scheme, source_texts
from factcheck.views.forms import EditSource, source_kind
from factcheck.views.source_form import ALIKE

PER_PAGE = 50
PER_ROLE = 20
_FIELDS = ("name", "kind", "aliases", "description", "url")


@require_safe
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the project's sources by name, found by any of their names."""
    project = access.project(request, slug)
    q, asked_kind = asking.search(request), request.GET.get("kind")
    kind = asked_kind if asked_kind in Source.Kind.values else None
    listed = queries.library.sources_by_name(
        access.person(request).pk,
        project.id,
        q=q,
        kind=kind,
        before=asking.identifier(request, "before"),
        after=asking.identifier(request, "after"),
        limit=PER_PAGE,
    )
    kinds = [(value, source_kind(value)) for value in Source.Kind.values if value != Source.Kind.OWN_VOICE]
    asked = {"q": q, "kind": kind, "kept": asking.kept(q=q, kind=kind)}
    context = {"project": project, "section": "sources", "listed": listed, "kinds": kinds, **asked}
    return render(request, "sources/list.html", context)


@require_safe
@login_required
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the sources that may be meant by what is typed, and to make a new one by that name."""
    project = access.project(request, slug)
    q, role = asking.search(request) or "", request.GET.get("role", "")
    article = asking.identifier(request, "article")
    found = queries.speakers.suggest(access.person(request).pk, project.id, q, article)
    if role == "document":
        found = [option for option in found if not option.standing]
    same = any(
        q.casefold() in (name.casefold() for name in (option.name, *option.aliases)) for option in found
    )
    makes = bool(q) and not same and checks.allowed(checks.check_can_edit_sources, Role(project.role))
    response = render(
        request, "sources/_suggestions.html", {"options": found, "q": q, "makes": makes, "alike": ALIKE}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_required
def page(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Show a source with everything attributed to it that the viewer may see: some of each role, or all of one."""
    source, project = access.source(request, source_id)
    viewer, role = access.person(request).pk, request.GET.get("role")
    totals = queries.attributions.totals(viewer, source_id)
    one = role if role in ROLES else None
    cut = Cut(
        PER_PAGE if one else PER_ROLE,
        asking.identifier(request, "after"),
        asking.identifier(request, "before"),
    )
    shown = [one] if one else list(totals)
    tags = queries.projects.tags(project.id, retired=True)
    context = {
        "project": project,
        "section": "sources",
        "source": source,
        "kind": source_kind(source.kind),
        "totals": totals,
        "role": one,
        "groups": [
            (name, totals.get(name, 0), queries.attributions.page(viewer, source_id, name, cut))
            for name in shown
        ],
        "scheme": scheme.address(project, tags),
        "captured": source_texts.shown(viewer, source) if one is None else None,
        "merged": queries.merges.into(viewer, source_id) if one is None else [],
        "no_editing": checks.reason(checks.check_can_edit_sources, Role(project.role)),
    }
    return render(request, "sources/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Change a source's record; a stale form gets both states."""
    source, project = access.source(request, source_id, to=checks.check_can_edit_sources)
    initial = {name: getattr(source, name) for name in _FIELDS}
    initial |= {"revision": source.revision, "aliases": "\n".join(source.aliases)}
    form = EditSource(asking.posted(request), initial=initial, standing=source.standing)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in _FIELDS if name in form.fields}
        seen, by = form.cleaned_data["revision"], access.actor(request)
        try:
            if form.attempt(
                lambda: services.sources.update(source_id=source_id, by=by, expect=seen, **changes)
            ):
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("sources:page", args=[source_id]), status=303)
        except Stale as stale:
            conflicts.show(form, stale.extra["present"])
    context = {"project": project, "section": "sources", "form": form, "source": source}
    return render(request, "sources/edit.html", context, status=form.status)
