"""A project's tags as its manager edits them: the list with its order, one tag's form, and how it will look."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from factcheck import colours, queries, services
from factcheck.exceptions import FactcheckError, NotFound
from factcheck.models import Tag
from factcheck.queries.projects import ProjectRow
from factcheck.views import access, asking, project_settings, scheme
from factcheck.views.scheme_forms import TagForm

_FIELDS = ("title", "key", "colour", "colour_dark", "line", "description")
_LOOK = ("colour", "colour_dark", "line", "title", "key")
# What a new tag begins with: a violet that none of the first tags has.
_NEW = {"colour": "#5b3fb0", "colour_dark": "#b9a5ff", "line": "dotted"}


@dataclass(frozen=True)
class Shade:
    """A tag's colour in one mode, with its contrast and, if it cannot be read, why, and what could."""

    field: str
    name: str
    scheme: str
    colour: str
    page: str
    tint: str
    fault: str
    nearest: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the tags; a post puts them into another order."""
    project = project_settings.managed(request, slug)
    if request.method != "POST":
        return _list(request, project)
    seen, wanted = project_settings.moved(request)
    by = access.actor(request)
    done = project_settings.settle(
        request,
        lambda: services.tags.reorder(project_id=project.id, names=wanted, expect=seen, by=by),
        request.path,
    )
    return _list(request, project, done) if isinstance(done, FactcheckError) else done


@require_POST
@login_required
def state(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Retire a tag, or bring it back."""
    project = project_settings.managed(request, slug)
    act = services.tags.restore if request.POST.get("do") == "restore" else services.tags.retire
    by, seen = access.actor(request), asking.whole(request, "revision")
    done = project_settings.settle(
        request,
        lambda: act(project_id=project.id, name=name, expect=seen, by=by),
        reverse("settings:tags", args=[slug]),
    )
    return _list(request, project, done) if isinstance(done, FactcheckError) else done


def _list(request: HttpRequest, project: ProjectRow, refusal: FactcheckError | None = None) -> HttpResponse:
    tags = queries.projects.tags(project.id, retired=True)
    uses = queries.schemes.tag_uses(access.person(request).pk, project.id)
    rows = [(tag, uses.get(tag.name, 0)) for tag in tags]
    live = [row for row in rows if row[0].retired_at is None]
    context = project_settings.context(
        project,
        "tags",
        live=live,
        retired=[row for row in rows if row not in live],
        seen=" ".join(tag.name for tag, _uses in live),
        refusal=refusal,
        scheme=scheme.address(project, tags),
    )
    status = project_settings.refused(refusal) if refusal else 200
    return render(request, "settings/tags.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a tag."""
    project = project_settings.managed(request, slug)
    form = TagForm(_posted(request), initial=_NEW, new=True)
    by = access.actor(request)
    done = _only_looking(request) or project_settings.save(
        request,
        form,
        lambda: services.tags.add(project_id=project.id, by=by, **form.changes()),
        lambda present: present,
        reverse("settings:tags", args=[slug]),
    )
    return done if isinstance(done, HttpResponse) else _form(request, project, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Change a tag; a stale form gets both states."""
    project = project_settings.managed(request, slug)
    tag = _named(project, name)
    initial = {field: getattr(tag, field) for field in (*_FIELDS, "revision")}
    form = TagForm(_posted(request), initial=initial, new=False)
    by = access.actor(request)
    done = _only_looking(request) or project_settings.save(
        request,
        form,
        lambda: services.tags.change(
            project_id=project.id, name=name, expect=form.cleaned_data["revision"], by=by, **form.changes()
        ),
        lambda present: present,
        reverse("settings:tags", args=[slug]),
    )
    return done if isinstance(done, HttpResponse) else _form(request, project, form, tag)


def _named(project: ProjectRow, name: str) -> Tag:
    tags = queries.projects.tags(project.id, retired=True)
    tag = next((tag for tag in tags if tag.name == name), None)
    if tag is None:
        raise NotFound(_("The project has no tag %(tag)s.") % {"tag": name})
    return tag


def _only_looking(request: HttpRequest) -> bool:
    """Say whether a button of the preview was pressed: the form is then shown again and nothing is saved."""
    return "look" in request.POST


def _posted(request: HttpRequest) -> Any:
    """Return what was sent, with a suggested colour in place of the chosen one if its button was pressed."""
    data = asking.posted(request)
    field, _colon, colour = request.POST.get("look", "").partition(":")
    if data is None or field not in ("colour", "colour_dark"):
        return data
    changed = data.copy()
    changed[field] = colour
    return changed


def _form(request: HttpRequest, project: ProjectRow, form: TagForm, tag: Tag | None) -> HttpResponse:
    shown = {name: str(form[name].value() or "") for name in _LOOK}
    context = project_settings.context(project, "tags", form=form, tag=tag, **_sample(project, shown))
    return render(request, "settings/tag.html", context, status=form.status)


@require_safe
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how a tag would look, as the form stands while somebody fills it in."""
    project = project_settings.managed(request, slug)
    shown = {name: request.GET.get(name, "") for name in _LOOK}
    return render(request, "settings/_tag_preview.html", _sample(project, shown))


@require_safe
@login_required
def preview_css(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the stylesheet of a tag that is not saved; inline styles are not allowed."""
    project_settings.managed(request, slug)
    look = _look({name: request.GET.get(name, "") for name in _LOOK})
    css = scheme.stylesheet([Tag(name="preview", **look)])
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": "no-store"})


def _look(shown: dict[str, str]) -> dict[str, str]:
    """Return colours and line that can be drawn: what is none of these is shown in ink."""
    look = {
        field: shown[field].lower() if colours.is_colour(shown[field].lower()) else colours.INK[mode]
        for mode, field in enumerate(("colour", "colour_dark"))
    }
    return look | {"line": shown["line"] if shown["line"] in Tag.Line.values else Tag.Line.SOLID.value}


def _sample(project: ProjectRow, shown: dict[str, str]) -> dict[str, Any]:
    look = _look(shown)
    title = shown["title"].replace("\x00", "").strip()[:60] or _("New tag")
    address = reverse("settings:tag-css", args=[project.slug])
    return {
        "preview": {"title": title, "key": shown["key"][:1], "css": f"{address}?{urlencode(look)}"},
        "shades": [_shade("colour", 0, look["colour"]), _shade("colour_dark", 1, look["colour_dark"])],
    }


def _shade(field: str, mode: int, colour: str) -> Shade:
    reckoned = colours.contrasts(colour, mode)
    return Shade(
        field=field,
        name=(_("On light pages"), _("On dark pages"))[mode],
        scheme=("light", "dark")[mode],
        colour=colour,
        page=f"{reckoned.page:.1f}",
        tint=f"{reckoned.tint:.1f}",
        fault=services.tags.colour_fault(colour, mode),
        nearest=colours.nearest(colour, mode),
    )
