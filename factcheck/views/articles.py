"""The article's page: its words with what is marked in them, and beside them the cards."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET

from factcheck import queries
from factcheck.views import access, changes, desk, posted, work


@require_GET
@login_required
def page(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Show the article as the viewer may see it, filtered as the address says."""
    article, project = access.article(request, article_id)
    items = queries.page.items(access.person(request).pk, article.id)
    context = desk.context(request, article, project, items)
    context["own"] = work.own(access.person(request).pk, article, access.person(request).username)
    return render(request, "articles/page.html", context)


@require_GET
@login_required
def fresh(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Return cards, and the blocks at some spans, as they are now: for a page that others have overtaken."""
    article, _project = access.article(request, article_id)
    wanted = [str(annotation_id) for annotation_id in posted.identifiers(request.GET, "id")]
    spans = posted.spans(request.GET.get("spans", ""))
    return changes.answer(request, article, annotations=wanted, extents=[spans] if spans else [])


@require_GET
@login_required
def token(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Return the secret that forms of this sign-in carry, for a page that was drawn in an earlier one."""
    access.article(request, article_id)
    response = HttpResponse(get_token(request), content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
