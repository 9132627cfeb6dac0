"""What was decided on my work and why, over all projects: taken, refused or answered in the list."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from factcheck import queries, services
from factcheck.exceptions import Conflict, Gone, Invalid, NotFound
from factcheck.queries.decided import Filter, Key
from factcheck.queries.library import Listed
from factcheck.queries.reading import Cut
from factcheck.views import access, asking, decided_rows, scheme
from factcheck.views.decided_rows import Shown

PER_PAGE = 25
_AFTER_ALL = UUID(int=2**128 - 1)


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """List what was decided, newest first; the address filters by project and by what waits for an answer."""
    viewer = access.person(request).pk
    asked = Filter(project=asking.search(request, "project"), waits=request.GET.get("waits") == "1")
    before, after = asking.identifier(request, "before"), asking.identifier(request, "after")
    keys = queries.decided.page(
        viewer, Cut(PER_PAGE, after=after, before=None if after else before or _AFTER_ALL), asked
    )
    newest_first = keys[::-1]
    listed = Listed(
        _shown(viewer, newest_first),
        newer=newest_first[0].id if keys and keys.has_next and (before or after) else None,
        older=newest_first[-1].id if keys and keys.has_previous else None,
    )
    # Tags have their colours where all that is shown is of one project; elsewhere one name may be two tags.
    shown = {item.row.project for item in listed.rows}
    scheme_of = queries.projects.visible(viewer, shown.pop()) if len(shown) == 1 else None
    context = {
        "section": "decided",
        "scheme": scheme_of and scheme.address(scheme_of, queries.projects.tags(scheme_of.id, retired=True)),
        "listed": listed,
        "asked": asked,
        "kept": asking.kept(project=asked.project, waits="1" if asked.waits else None),
        "projects": [
            (one, f"?{_query(one.slug, asked.waits)}", one.slug == asked.project)
            for one in queries.decided.projects(viewer)
        ],
        "all_projects": f"?{_query(None, asked.waits)}",
        "everything": f"?{_query(asked.project, False)}",
        "only_waiting": f"?{_query(asked.project, True)}",
    }
    return render(request, "decided/page.html", context)


def _query(project: str | None, waits: bool) -> str:
    given = {"project": project or "", "waits": "1" if waits else ""}
    return urlencode({name: value for name, value in given.items() if value})


def _shown(viewer: UUID, keys: list[Key]) -> list[Shown]:
    rows = queries.decided.rows(viewer, keys)
    return decided_rows.shown(rows, queries.decided.names(viewer, rows)) if rows else []


@require_POST
@login_required
@vary_on_headers("HX-Request")
def respond(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Take a proposed change, refuse with a word, or answer a question."""
    key = Key(review_id, "decision")
    _one(request, key)

    def say() -> None:
        services.reviews.respond(
            review_id=review_id,
            answer=request.POST.get("answer", ""),
            note=_note(request),
            by=access.actor(request),
        )

    return _answered(request, key, say)


@require_POST
@login_required
@vary_on_headers("HX-Request")
def proposed(request: HttpRequest, proposed_id: UUID) -> HttpResponse:
    """Take a proposed annotation into one's own layer, or refuse it with a word."""
    key = Key(proposed_id, "proposed")
    _one(request, key)

    def say() -> None:
        by = access.actor(request)
        if request.POST.get("answer") == "accepted":
            services.proposed_annotations.take(proposed_id=proposed_id, by=by)
        elif request.POST.get("answer") == "refused":
            services.proposed_annotations.refuse(proposed_id=proposed_id, note=_note(request), by=by)
        else:
            raise Invalid(_("A proposed annotation is taken or refused."), field="answer")

    return _answered(request, key, say)


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").replace("\r\n", "\n").strip()


def _one(request: HttpRequest, key: Key) -> Shown:
    """Return the row if it is about the viewer's work; what is not theirs is not in their list."""
    found = _shown(access.person(request).pk, [key])
    if not found:
        raise NotFound(_("There is no such decision on your work."))
    return found[0]


def _answered(request: HttpRequest, key: Key, say: Any) -> HttpResponse:
    """Say it and show the row as it is then: alone to script, else in the list that one came from."""
    refusal: Conflict | Gone | Invalid | None = None
    try:
        say()
    except (Conflict, Gone, Invalid) as refused:
        refusal = refused
    if request.headers.get("HX-Request") == "true":
        context = {
            "item": _one(request, key),
            "refusal": refusal,
            "note": request.POST.get("note", "") if refusal else "",
            "alone": True,
        }
        return render(request, "decided/_answered.html", context, status=refusal.status if refusal else 200)
    if refusal is not None:
        context = {
            "section": "decided",
            "item": _one(request, key),
            "refusal": refusal,
            "note": _note(request),
        }
        return render(request, "decided/refused.html", context, status=refusal.status)
    messages.success(request, _("Saved."))
    project = request.POST.get("project", "").replace("\x00", "")[: asking.MAX_SEARCH]
    kept = _query(project, request.POST.get("waits") == "1")
    return HttpResponseRedirect(f"{reverse('work:decided')}{'?' if kept else ''}{kept}", status=303)
