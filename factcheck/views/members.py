"""The people of a project: who is in it with which role; a manager adds, changes and takes out."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from factcheck import queries, services
from factcheck.queries.library import Listed
from factcheck.queries.reading import Cut
from factcheck.roles import Role
from factcheck.views import access, asking
from factcheck.views.forms import Refusable, Text
from factcheck.views.project_settings import context, managed, save, settle

PER_PAGE = 100


class NewMember(Refusable):
    """Somebody to take in."""

    user = Text(
        label=gettext_lazy("Username"), most=150, help_text=gettext_lazy("Of an account that is there.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles()  # type: ignore[attr-defined]
        self.fields["user"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


def roles() -> list[tuple[str, str]]:
    """Return the roles with what each may do, from the least on."""
    words = {
        Role.VIEWER: _("viewer: looks"),
        Role.ANNOTATOR: _("annotator: tags as well"),
        Role.REVIEWER: _("reviewer: decides as well"),
        Role.MANAGER: _("manager: manages as well"),
    }
    return [(role.value, words[role]) for role in Role]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the members; a form adds one."""
    project = managed(request, slug)
    form = NewMember(asking.posted(request), initial={"role": Role.ANNOTATOR.value})
    done = save(
        request,
        form,
        lambda: services.projects.set_member(
            project_id=project.id,
            username=form.cleaned_data["user"],
            role=form.cleaned_data["role"],
            by=access.actor(request),
        ),
        lambda present: present,
        reverse("settings:members", args=[slug]),
    )
    return done or _page(request, slug, form=form, status=form.status)


@require_POST
@login_required
def member(request: HttpRequest, slug: str, user: str) -> HttpResponse:
    """Change a member's role, or take the member out; what they made stays."""
    project = managed(request, slug)
    by, role = access.actor(request), request.POST.get("role", "")

    def change() -> None:
        if request.POST.get("do") == "remove":
            services.projects.remove_member(project_id=project.id, username=user, by=by)
        else:
            services.projects.set_member(project_id=project.id, username=user, role=role, by=by)

    done = settle(request, change, reverse("settings:members", args=[slug]))
    if isinstance(done, HttpResponse):
        return done
    return _page(request, slug, form=NewMember(), refusal=done, status=done.status)


def _page(request: HttpRequest, slug: str, *, status: int = 200, **more: Any) -> HttpResponse:
    project = managed(request, slug)
    before, after = asking.identifier(request, "before"), asking.identifier(request, "after")
    found = queries.projects.members(project.id, Cut(PER_PAGE, after=after, before=before))
    listed = Listed(
        list(found),
        newer=found[0].id if found and found.has_previous else None,
        older=found[-1].id if found and found.has_next else None,
    )
    return render(
        request,
        "settings/members.html",
        context(project, "members", listed=listed, roles=roles(), **more),
        status=status,
    )
