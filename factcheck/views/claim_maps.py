"""The claim map's page, its picture and its table to take away: one layer of one article, whole or one gap of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from factcheck import queries
from factcheck.claims.gaps import GAPS
from factcheck.exports import claim_maps as exports
from factcheck.queries.articles import ArticleRow
from factcheck.queries.claim_maps import ClaimMap
from factcheck.queries.projects import ProjectRow
from factcheck.views import access, claim_pictures, claim_words, scheme
from factcheck.views.claim_rows import Drawing


@require_safe
@login_required
def page(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Show the map as a table, with its gaps to work through."""
    article, project = access.article(request, article_id)
    shown, gap = _asked(request, article)
    return render(request, "articles/map.html", _context(project, shown, gap))


@require_safe
@login_required
def table(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Send the rows as CSV."""
    article, _project = access.article(request, article_id)
    shown, gap = _asked(request, article)
    response = HttpResponse(
        exports.write(shown.having(gap), shown.links), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="map-{article.id}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def picture(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Send the rows as a picture under a policy of its own: no script, and no style but the one in it."""
    article, _project = access.article(request, article_id)
    shown, gap = _asked(request, article)
    drawn = claim_pictures.draw(
        shown, shown.having(gap), queries.projects.tags(article.project_id, retired=True)
    )
    response = HttpResponse(drawn.svg, content_type="image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = f"default-src 'none'; style-src '{drawn.style_hash}'"
    response["Cache-Control"] = "private, no-cache"
    return response


def _asked(request: HttpRequest, article: ArticleRow) -> tuple[ClaimMap, str | None]:
    gap = request.GET.get("gap")
    shown = queries.claim_maps.of_article(
        access.person(request).pk, article, request.GET.get("layer") or None
    )
    return shown, gap if gap in GAPS else None


def _context(project: ProjectRow, shown: ClaimMap, gap: str | None) -> dict[str, Any]:
    rows = shown.having(gap)
    drawing, counts = Drawing(shown), shown.counts
    layer = shown.layer.id if shown.layer else None
    return {
        "article": shown.article,
        "project": project,
        "section": "articles",
        "view": "map",
        "scheme": scheme.address(project, queries.projects.tags(project.id, retired=True)),
        "total": len(shown.rows),
        "shown": len(rows),
        "layer": shown.layer,
        "layers": [(one, f"?{_query(one.id, gap)}") for one in shown.layers if one.annotations or one.own],
        "gap": gap,
        "gaps": [
            (name, title, counts[name], f"?{_query(layer, name)}")
            for name, title in claim_words.gaps().items()
        ],
        "all": f"?{_query(layer, None)}",
        "query": _query(layer, gap),
        "rows": SafeString(drawing.body(rows)),
        "notes": SafeString("".join(drawing.notes)),
        "pictured": min(len(rows), claim_pictures.MOST),
    }


def _query(layer: str | None, gap: str | None) -> str:
    return urlencode({name: value for name, value in (("layer", layer), ("gap", gap)) if value})
