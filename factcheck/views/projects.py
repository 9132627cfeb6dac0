"""The way in: my projects, and a project's library of articles."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from factcheck import queries
from factcheck.permissions import checks
from factcheck.queries.reading import Cut
from factcheck.roles import Role
from factcheck.views import access, asking, scheme

PER_PAGE = 50


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
        "q": q,
        "kept": asking.kept(q=q),
        "tags": tags,
        "scheme": scheme.address(project, tags),
        "no_loading": checks.reason(checks.check_can_load_articles, Role(project.role)),
    }
    return render(request, "projects/library.html", context)
