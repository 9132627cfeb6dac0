"""A project's releases: which there are, making one, and what one holds."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from factcheck import queries, services
from factcheck.exceptions import NotFound
from factcheck.exports.registry import FORMATS
from factcheck.permissions import checks
from factcheck.queries.library import Listed
from factcheck.queries.reading import Cut
from factcheck.queries.releases import FileRow, Row
from factcheck.roles import Role
from factcheck.services import texts
from factcheck.views import access, asking
from factcheck.views.forms import Refusable, Text
from factcheck.views.scheme_forms import Paragraphs

PER_PAGE = 50
_AFTER_ALL = UUID(int=2**128 - 1)


class NewRelease(Refusable):
    """A release to make."""

    name = Text(
        label=gettext_lazy("Name"),
        most=services.releases.MAX_NAME,
        help_text=gettext_lazy("Small letters, digits, hyphens and dots, such as 2026-10 or v1.0."),
    )
    note = Paragraphs(
        label=gettext_lazy("Note"),
        rows=3,
        most=texts.MAX_NOTE,
        help_text=gettext_lazy("What it is for. It is never changed afterwards."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the project's releases, newest first; a manager makes one."""
    project = access.project(request, slug, to=checks.check_can_manage if request.method == "POST" else None)
    form = NewRelease(asking.posted(request))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = form.attempt(
            lambda: services.releases.make(
                project_id=project.id, name=asked["name"], note=asked["note"], by=access.actor(request)
            )
        )
        if made is not None:
            messages.success(request, _("The release %(name)s is made.") % {"name": made.name})
            return HttpResponseRedirect(reverse("releases:page", args=[slug, made.name]), status=303)
    context = {
        "project": project,
        "section": "releases",
        "listed": _listed(request, project.id),
        "form": form if checks.allowed(checks.check_can_manage, Role(project.role)) else None,
        "formats": [format.name for format in FORMATS.values()],
    }
    return render(request, "releases/list.html", context, status=form.status)


def _listed(request: HttpRequest, project_id: UUID) -> Listed[Row]:
    """Return a page of the releases, the newest first."""
    before, after = asking.identifier(request, "before"), asking.identifier(request, "after")
    cut = Cut(PER_PAGE, after=after, before=None if after else before or _AFTER_ALL)
    found = queries.releases.page(access.person(request).pk, project_id, cut)
    rows = found[::-1]
    newer = rows[0].id if rows and found.has_next and (before or after) else None
    return Listed(rows, newer, rows[-1].id if rows and found.has_previous else None)


@require_safe
@login_required
def page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Show what a release holds: its counts, its files, and how the project tagged then."""
    project = access.project(request, slug)
    release = queries.releases.visible(access.person(request).pk, slug, name)
    if release is None:
        raise NotFound(_("There is no such release."))
    manifest, files = release.told, queries.releases.files(release.id)
    scheme = orjson.loads(_text(files, "scheme.json"))
    context = {
        "project": project,
        "section": "releases",
        "release": release,
        "manifest": manifest,
        "at": parse_datetime(manifest["release"]["created_at"]),
        "counts": _counts(manifest["counts"]),
        "by_tag": _by_tag(manifest["counts"]["by_tag"], scheme),
        "files": files,
        "guidelines": _text(files, "guidelines.md"),
    }
    return render(request, "releases/page.html", context)


def _text(files: list[FileRow], name: str) -> str:
    """Return the words of one of the small files."""
    return "".join(b"".join(queries.releases.content(file)).decode() for file in files if file.name == name)


def _counts(counts: dict[str, Any]) -> list[tuple[str, int]]:
    words = {
        "articles": _("Articles"),
        "layers": _("Layers"),
        "annotations": _("Annotations"),
        "relations": _("Relations"),
        "sources": _("Sources"),
        "source_links": _("Source links"),
        "reviews": _("Decisions"),
        "people": _("People"),
    }
    return [(word, counts[key]) for key, word in words.items() if key in counts]


def _status(status: str) -> str:
    """Return a status in words."""
    return {
        "pending": _("pending"),
        "approved": _("approved"),
        "change_asked": _("change asked"),
        "rejected": _("rejected"),
        "split": _("split"),
    }.get(status, status)


def _by_tag(counted: dict[str, dict[str, int]], scheme: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each tag by its title then, with how many there are of each status, in the scheme's order."""
    return [
        (
            tag["title"],
            ", ".join(f"{number} {_status(status)}" for status, number in counted[tag["name"]].items()),
        )
        for tag in scheme["tags"]
        if tag["name"] in counted
    ]
