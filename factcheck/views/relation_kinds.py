"""A project's kinds of relation as its manager edits them: the list with its order, and one kind with its pairs."""

from types import SimpleNamespace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from factcheck import queries, services
from factcheck.exceptions import FactcheckError, NotFound
from factcheck.queries.projects import ProjectRow
from factcheck.queries.schemes import KindRow
from factcheck.views import access, asking, project_settings
from factcheck.views.scheme_forms import KindForm, pair_value


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """List the kinds of relation; a post puts them into another order."""
    project = project_settings.managed(request, slug)
    if request.method != "POST":
        return _list(request, project)
    seen, wanted = project_settings.moved(request)
    by = access.actor(request)
    done = project_settings.settle(
        request,
        lambda: services.relation_kinds.reorder(project_id=project.id, names=wanted, expect=seen, by=by),
        request.path,
    )
    return _list(request, project, done) if isinstance(done, FactcheckError) else done


@require_POST
@login_required
def state(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Retire a kind of relation, or bring it back."""
    project = project_settings.managed(request, slug)
    restores = request.POST.get("do") == "restore"
    act = services.relation_kinds.restore if restores else services.relation_kinds.retire
    by, seen = access.actor(request), asking.whole(request, "revision")
    done = project_settings.settle(
        request,
        lambda: act(project_id=project.id, name=name, expect=seen, by=by),
        reverse("settings:kinds", args=[slug]),
    )
    return _list(request, project, done) if isinstance(done, FactcheckError) else done


def _list(request: HttpRequest, project: ProjectRow, refusal: FactcheckError | None = None) -> HttpResponse:
    uses = queries.schemes.kind_uses(access.person(request).pk, project.id)
    order = [tag.name for tag in queries.projects.tags(project.id, retired=True)]
    titles = {tag.name: tag.title for tag in queries.projects.tags(project.id)}
    rows = [
        (kind, joins(kind, titles, order), uses.get(kind.name, 0))
        for kind in queries.schemes.kinds(project.id)
    ]
    live = [row for row in rows if not row[0].retired]
    context = project_settings.context(
        project,
        "relations",
        live=live,
        retired=[row for row in rows if row[0].retired],
        seen=" ".join(row[0].name for row in live),
        refusal=refusal,
    )
    status = project_settings.refused(refusal) if refusal else 200
    return render(request, "settings/relation_kinds.html", context, status=status)


def joins(kind: KindRow, titles: dict[str, str], order: list[str]) -> list[tuple[str, str]]:
    """Return what a kind may join in words: each subject with its objects, live tags only."""
    objects: dict[str, list[str]] = {}
    for subject, object_ in sorted(kind.pairs, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        if subject in titles and object_ in titles:
            objects.setdefault(subject, []).append(object_)
    return [
        (
            titles[subject],
            _("any") if len(found) == len(titles) else ", ".join(titles[name] for name in found),
        )
        for subject, found in objects.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a kind of relation."""
    project = project_settings.managed(request, slug)
    live = queries.projects.tags(project.id)
    form = KindForm(asking.posted(request), new=True, symmetric=False, live=live)
    by = access.actor(request)
    done = project_settings.save(
        request,
        form,
        lambda: services.relation_kinds.add(
            project_id=project.id, by=by, pairs=form.chosen(), **form.changes("pairs")
        ),
        lambda present: present,
        reverse("settings:kinds", args=[slug]),
    )
    return done or _form(request, project, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Change a kind of relation and what it may join; a stale form gets both states."""
    project = project_settings.managed(request, slug)
    kind = next((kind for kind in queries.schemes.kinds(project.id) if kind.name == name), None)
    if kind is None:
        raise NotFound(_("The project has no kind of relation %(kind)s.") % {"kind": name})
    live = queries.projects.tags(project.id)
    shown = _shown(kind, {tag.name for tag in live})
    form = KindForm(
        asking.posted(request), initial=vars(shown), new=False, symmetric=kind.symmetric, live=live
    )
    by = access.actor(request)
    done = project_settings.save(
        request,
        form,
        lambda: services.relation_kinds.change(
            project_id=project.id,
            name=name,
            expect=form.cleaned_data["revision"],
            by=by,
            pairs=form.chosen(),
            **form.changes("pairs"),
        ),
        lambda present: _shown(present, {tag.name for tag in live}),
        reverse("settings:kinds", args=[slug]),
    )
    return done or _form(request, project, form, kind)


def _shown(kind: KindRow, live: set[str]) -> Any:
    """Return the kind as its form shows it: pairs of live tags, as the form sends them."""
    pairs = sorted(pair_value(*pair) for pair in kind.pairs if live.issuperset(pair))
    return SimpleNamespace(
        title=kind.title, inverse_title=kind.inverse_title, key=kind.key, pairs=pairs, revision=kind.revision
    )


def _form(request: HttpRequest, project: ProjectRow, form: KindForm, kind: KindRow | None) -> HttpResponse:
    context = project_settings.context(project, "relations", form=form, kind=kind, grid=form.grid())
    return render(request, "settings/relation_kind.html", context, status=form.status)
