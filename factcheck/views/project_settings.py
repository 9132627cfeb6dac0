"""A project's settings: its name and guidelines, and what the pages of its scheme have in common."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from factcheck import services
from factcheck.exceptions import Conflict, FactcheckError, Invalid, Stale
from factcheck.permissions import checks
from factcheck.queries.projects import ProjectRow
from factcheck.views import access, asking, conflicts
from factcheck.views.forms import Refusable
from factcheck.views.scheme_forms import General

_FIELDS = ("name", "approvals_needed", "guidelines")


def managed(request: HttpRequest, slug: str) -> ProjectRow:
    """Return the project for one of its managers."""
    return access.project(request, slug, to=checks.check_can_manage)


def context(project: ProjectRow, part: str, **more: Any) -> dict[str, Any]:
    """Return what every page of the settings needs: the project, and which part of them this is."""
    return {"project": project, "section": "settings", "part": part, **more}


def save(
    request: HttpRequest, form: Refusable, call: Callable[[], Any], present: Callable[[Any], Any], to: str
) -> HttpResponse | None:
    """Save a form that was sent and lead to `to`, or put what is wrong into the form and return None.

    `present` makes of a `Stale` refusal's present state one whose attributes are named as the form's fields.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        if form.attempt(call) is None:
            return None
    except Stale as stale:
        conflicts.show(form, present(stale.extra["present"]))
        return None
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(to, status=303)


def settle(request: HttpRequest, call: Callable[[], Any], to: str) -> HttpResponse | FactcheckError:
    """Do what a list's button asks for and lead back to the list, or return the refusal, to be shown above it."""
    try:
        call()
    except (Conflict, Invalid, Stale) as refusal:
        return refusal
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(to, status=303)


def refused(refusal: FactcheckError) -> int:
    """Return the status of a page that shows a refusal: what is stale is a conflict to a person."""
    return 409 if isinstance(refusal, Stale) else refusal.status


def moved(request: HttpRequest) -> tuple[Sequence[str], Sequence[str]]:
    """Return the order that the list had when it was drawn, and the one that the pressed button asks for."""
    seen = request.POST.get("seen", "").split(" ")
    direction, _colon, name = request.POST.get("move", "").partition(":")
    if name not in seen or direction not in ("up", "down"):
        raise Invalid(_("There is nothing to move."), field="move")
    wanted = list(seen)
    at = wanted.index(name)
    to = max(0, at - 1) if direction == "up" else min(len(wanted) - 1, at + 1)
    wanted.insert(to, wanted.pop(at))
    return seen, wanted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def general(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the project's name, guidelines and how many approvals are needed."""
    project = managed(request, slug)
    initial = {name: getattr(project, name) for name in (*_FIELDS, "revision")}
    form = General(asking.posted(request), initial=initial)
    done = save(
        request,
        form,
        lambda: services.projects.update(
            project_id=project.id,
            by=access.actor(request),
            expect=form.cleaned_data["revision"],
            **{name: form.cleaned_data[name] for name in _FIELDS},
        ),
        lambda present: present,
        reverse("settings:general", args=[slug]),
    )
    return done or render(
        request, "settings/general.html", context(project, "general", form=form), status=form.status
    )
