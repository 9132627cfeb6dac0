"""The way in: my projects, and a project's library of articles."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from factcheck import queries
from factcheck.permissions import checks
from factcheck.queries.reading import Cut
from factcheck.roles import Role
from factcheck.views import access, asking, attribute_schemas, relation_kinds, scheme

PER_PAGE = 50
MINE = 12


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """List the projects that the person is a member of."""
    cut = Cut(PER_PAGE, after=asking.identifier(request, "after"))
    projects = queries.projects.page(access.person(request).pk, cut)
    return render(request, "projects/list.html", {"projects": projects})


@require_safe
@login_required
def library(request: HttpRequest, slug: str) -> HttpResponse:
    """List the project's articles, newest first, with what is marked in them and by whom."""
    project = access.project(request, slug)
    q, before, after = (
        asking.search(request),
        asking.identifier(request, "before"),
        asking.identifier(request, "after"),
    )
    tags = queries.projects.tags(project.id, retired=True)
    context = {
        "project": project,
        "section": "articles",
        "listed": queries.library.shelf(
            access.person(request).pk, slug, q=q, before=before, after=after, limit=PER_PAGE
        ),
        # What is mine to do comes first, on the page that one comes in by.
        "mine": []
        if q or before or after
        else queries.library.mine(access.person(request).pk, project.id, limit=MINE + 1),
        "most_mine": MINE,
        "q": q,
        "kept": asking.kept(q=q),
        "tags": tags,
        "scheme": scheme.address(project, tags),
        "no_loading": checks.reason(checks.check_can_load_articles, Role(project.role)),
    }
    return render(request, "projects/library.html", context)


@require_safe
@login_required
@vary_on_headers("HX-Request")
def guidelines(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how this project tags: its guidelines and its whole scheme; to script, as what a dialog holds."""
    project = access.project(request, slug)
    all_tags = queries.projects.tags(project.id, retired=True)
    tags = [tag for tag in all_tags if tag.retired_at is None]
    titles, order = {tag.name: tag.title for tag in tags}, [tag.name for tag in all_tags]
    kinds = [kind for kind in queries.schemes.kinds(project.id) if not kind.retired]
    context = {
        "project": project,
        "section": "guidelines",
        "tags": tags,
        "kinds": [(kind, relation_kinds.joins(kind, titles, order)) for kind in kinds],
        "groups": [group for group in attribute_schemas.groups(project, tags) if group.present],
        "scheme": scheme.address(project, all_tags),
    }
    alone = request.headers.get("HX-Request") == "true"
    return render(request, f"projects/{'_guidelines' if alone else 'guidelines'}.html", context)
