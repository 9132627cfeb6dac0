"""“For you”: what mentions or answers one, unseen first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from factcheck import queries, services
from factcheck.exceptions import NotFound
from factcheck.queries.notices import Row
from factcheck.views import access, asking, posted, threads

PER_PAGE = 30


@require_safe
@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List what is for the viewer: what is unseen, then what was seen before."""
    viewer = access.person(request).pk
    before = asking.identifier(request, "before")
    unseen = [] if before else queries.notices.newest(viewer, seen=False, limit=PER_PAGE + 1)
    seen = queries.notices.newest(viewer, seen=True, before=before, limit=PER_PAGE + 1)
    context: dict[str, Any] = {
        "unseen": unseen[:PER_PAGE],
        "more_unseen": len(unseen) > PER_PAGE,
        "seen": seen[:PER_PAGE],
        "older": seen[PER_PAGE - 1].id if len(seen) > PER_PAGE else None,
        "earlier": before is not None,
    }
    return render(request, "talk/inbox.html", context)


@require_POST
@login_required
def see(request: HttpRequest) -> HttpResponse:
    """Mark some notices as seen."""
    ids = posted.identifiers(request.POST, "notice")
    number = services.notices.mark_seen(by=access.actor(request), notices=ids)
    if number:
        messages.success(request, _("Marked as seen"))
    return HttpResponseRedirect(reverse("talk:inbox"), status=303)


@require_POST
@login_required
def follow(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as seen and lead to what it is about."""
    row: Row | None = queries.notices.one(access.person(request).pk, notice_id)
    topic = queries.talk.topic(access.person(request).pk, UUID(row.thread)) if row else None
    if topic is None:
        raise NotFound(_("This is not for you, or it was withdrawn or hidden since."))
    services.notices.mark_seen(by=access.actor(request), notices=[notice_id])
    return HttpResponseRedirect(threads.place(topic), status=303)
