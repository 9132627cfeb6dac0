"""A project's attributes as its manager edits them: by tag, each as a small form; the tag is named by `?tag=`."""

from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from factcheck import queries, services
from factcheck.exceptions import FactcheckError, NotFound
from factcheck.models import Tag
from factcheck.queries.projects import ProjectRow
from factcheck.queries.schemes import Attribute, Attributes
from factcheck.views import access, asking, attributes, project_settings, scheme
from factcheck.views.scheme_forms import AttributeForm, kind_words


class Shown(NamedTuple):
    """An attribute as pages show it."""

    name: str
    title: str
    kind: str
    choices: str
    editable: bool


class Group(NamedTuple):
    """The attributes of one tag, or those that every tag has."""

    tag: Tag | None
    query: str
    version: int
    present: list[Shown]
    retired: list[Shown]


def groups(project: ProjectRow, tags: list[Tag]) -> list[Group]:
    """Return the attributes by tag, in the order of the tags, those of every tag first."""
    known = queries.schemes.attributes(project.id)
    return [
        Group(
            tag,
            urlencode({"tag": tag.name}) if tag else "",
            known[tag.name if tag else None].version,
            [_shown(one) for one in known[tag.name if tag else None].present],
            [_shown(one) for one in known[tag.name if tag else None].retired],
        )
        for tag in (None, *tags)
    ]


def _shown(one: Attribute) -> Shown:
    words = ", ".join(choice.replace("_", " ") for choice in one.choices)
    addressed = bool(one.name) and one.name.replace("_", "").replace("-", "").isalnum() and one.name.isascii()
    return Shown(
        one.name,
        attributes.title_of(one.name, one.title),
        kind_words(one.kind),
        words,
        one.kind is not None and addressed,
    )


@require_http_methods(["GET", "HEAD"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the attributes of every tag and of each."""
    return _list(request, project_settings.managed(request, slug))


def _list(request: HttpRequest, project: ProjectRow, refusal: FactcheckError | None = None) -> HttpResponse:
    tags = queries.projects.tags(project.id, retired=True)
    live = [tag for tag in tags if tag.retired_at is None]
    context = project_settings.context(
        project,
        "attributes",
        groups=groups(project, live),
        refusal=refusal,
        scheme=scheme.address(project, tags),
    )
    status = project_settings.refused(refusal) if refusal else 200
    return render(request, "settings/attributes.html", context, status=status)


@require_POST
@login_required
def state(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Retire an attribute, or bring it back."""
    project = project_settings.managed(request, slug)
    restores = request.POST.get("do") == "restore"
    act = services.attribute_schemas.restore if restores else services.attribute_schemas.retire
    tag, by, seen = _tag_asked(request), access.actor(request), asking.whole(request, "revision")
    done = project_settings.settle(
        request,
        lambda: act(project_id=project.id, tag=tag, name=name, expect=seen, by=by),
        reverse("settings:attributes", args=[slug]),
    )
    return _list(request, project, done) if isinstance(done, FactcheckError) else done


def _tag_asked(request: HttpRequest) -> str | None:
    return request.GET.get("tag") or None


def _held(request: HttpRequest, project: ProjectRow) -> Attributes:
    """Return the attributes of the tag that the address names, of every tag without one."""
    tag = _tag_asked(request)
    known = queries.schemes.attributes(project.id)
    if tag not in known:
        raise NotFound(_("The project has no tag %(tag)s.") % {"tag": tag})
    return known[tag]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an attribute to a tag, or to every tag."""
    project = project_settings.managed(request, slug)
    held = _held(request, project)
    form = AttributeForm(asking.posted(request), initial={"revision": held.version}, new=True)
    by = access.actor(request)
    done = project_settings.save(
        request,
        form,
        lambda: services.attribute_schemas.add(project_id=project.id, tag=held.tag, by=by, **form.changes()),
        lambda present: present,
        reverse("settings:attributes", args=[slug]),
    )
    return done or _form(request, project, form, held, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Change an attribute; a stale form gets both states."""
    project = project_settings.managed(request, slug)
    held = _held(request, project)
    attribute = held.named(name)
    if attribute is None or attribute.kind is None:
        raise NotFound(_("There is no attribute %(name)s here that a form can change.") % {"name": name})
    present = _as_filled_in(held, name)
    initial = vars(present) | {"choices": "\n".join(present.choices)}
    form = AttributeForm(asking.posted(request), initial=initial, new=False)
    by = access.actor(request)
    done = project_settings.save(
        request,
        form,
        lambda: services.attribute_schemas.change(
            project_id=project.id,
            tag=held.tag,
            name=name,
            expect=form.cleaned_data["revision"],
            by=by,
            **_changes(form, attribute),
        ),
        lambda now: _as_filled_in(now, name),
        reverse("settings:attributes", args=[slug]),
    )
    return done or _form(request, project, form, held, _shown(attribute))


def _changes(form: AttributeForm, attribute: Attribute) -> dict[str, Any]:
    """Leave out a title that is ours and not the project's: it is translated."""
    changes = form.changes()
    if not attribute.title and changes["title"] == attributes.title_of(attribute.name):
        del changes["title"]
    return changes


def _as_filled_in(held: Attributes, name: str) -> Any:
    """Return an attribute as the form shows it; nothing where somebody has retired it meanwhile."""
    one = held.named(name) or held.named(name, retired=True)
    if one is None:
        return SimpleNamespace(title="", kind="", choices=[], revision=held.version)
    title = attributes.title_of(name, one.title)
    return SimpleNamespace(
        title=title, kind=(one.kind or ""), choices=list(one.choices), revision=held.version
    )


def _form(
    request: HttpRequest, project: ProjectRow, form: AttributeForm, held: Attributes, attribute: Shown | None
) -> HttpResponse:
    tags = queries.projects.tags(project.id, retired=True)
    tag = next((tag for tag in tags if tag.name == held.tag), None)
    context = project_settings.context(
        project, "attributes", form=form, tag=tag, attribute=attribute, scheme=scheme.address(project, tags)
    )
    return render(request, "settings/attribute.html", context, status=form.status)
