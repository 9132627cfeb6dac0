"""Answers a change of annotations: the blocks and cards that it touched, or, without htmx, back to the page."""

from collections.abc import Iterable
from html import escape
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring.spans import Extent
from factcheck.models.fields import parse_extent
from factcheck.queries.annotations import Row
from factcheck.queries.articles import ArticleRow
from factcheck.views import access, cards, marks


def answer(
    request: HttpRequest,
    article: ArticleRow,
    *,
    annotations: Iterable[str] = (),
    fresh: Iterable[Row] = (),
    extents: Iterable[Extent] = (),
    message: str = "",
    choose: str = "",
    undo: str = "",
    talk: bool = False,
) -> HttpResponse:
    """Return the state after a change: `annotations` were touched, and the words at `extents` look different.

    Those just made are given as `fresh` and not read again. The one to `choose` comes with its controls, and with its
    `talk` where that is what was changed; `undo` is the address that takes the change back.
    """
    if not request.headers.get("HX-Request"):
        return to_page(article.id, choose)
    viewer = access.person(request)
    look = cards.Look.of(article, viewer.username)
    wanted = list(dict.fromkeys(annotations))
    live = {row.id: queries.page.fresh(row) for row in fresh}
    live |= {
        item.row.id: item for item in queries.page.some(viewer.pk, [one for one in wanted if one not in live])
    }
    parts = [
        f'<fc-changes data-message="{escape(message)}" data-choose="{choose}" data-undo="{escape(undo)}">'
    ]
    parts += blocks(viewer.pk, article, extents)
    for annotation_id in wanted:
        item = live.get(annotation_id)
        if item is None:
            parts.append(f'<fc-gone data-id="{annotation_id}"></fc-gone>')
        elif annotation_id == choose:
            parts.append(cards.chosen(request, item, 0, look, article, talk=talk))
        else:
            parts.append(cards.compact(item, 0, look))
    parts.append("</fc-changes>")
    response = HttpResponse("".join(parts))
    response["HX-Reswap"] = "none"
    response["Vary"] = "HX-Request"
    return response


def blocks(viewer: UUID, article: ArticleRow, extents: Iterable[Extent]) -> list[str]:
    """Draw the blocks that the extents touch; each brings the ids that its numbers stand for."""
    text = queries.texts.of(article.version_id)
    drawn = []
    for index in marks.touched(text, extents):
        _kind, start, end = text.blocks[index]
        places = queries.page.places_in(viewer, article.id, start, end)
        numbers = {place.id: number for number, place in enumerate(places)}
        drawn.append(marks.block(text, index, places, numbers, f' data-of="{" ".join(numbers)}"'))
    return drawn


def to_page(article_id: UUID, choose: str = "") -> HttpResponseRedirect:
    """Go back to the article, with an annotation chosen."""
    address = reverse("articles:page", args=[article_id])
    response = HttpResponseRedirect(
        f"{address}?annotation={choose}#annotation-card-{choose}" if choose else address
    )
    response.status_code = 303
    return response


def conflict(
    request: HttpRequest,
    *,
    thing: str,
    revision: int,
    action: str,
    back: str,
    fields: dict[str, str],
    rows: list[tuple[str, str, str]],
) -> HttpResponse:
    """Answer a stale change with both states: `rows` are what it is about, what is there now, what was wanted."""
    differences = "; ".join(
        _("%(what)s is now “%(now)s”, you want “%(mine)s”") % {"what": what, "now": now, "mine": mine}
        for what, now, mine in rows
    )
    detail = _("Somebody changed this meanwhile: %(differences)s.") % {"differences": differences}
    if "json" in request.headers.get("Accept", ""):
        problem = {"title": _("Changed meanwhile"), "status": 409, "detail": detail, "code": "stale"}
        return JsonResponse({**problem, "revision": revision, "thing": thing}, status=409)
    context = {"rows": rows, "action": action, "back": back, "fields": {**fields, "revision": str(revision)}}
    name = "annotations/_conflict.html" if request.headers.get("HX-Request") else "annotations/conflict.html"
    return render(request, name, context, status=409)


def sent(request: HttpRequest) -> dict[str, str]:
    """Return what a form sent, to be sent again."""
    return {
        name: str(value)
        for name, value in request.POST.items()
        if name not in ("csrfmiddlewaretoken", "revision")
    }


def extents_of(rows: Iterable[str]) -> list[Extent]:
    """Read extents as the database writes them."""
    return [parse_extent(row) for row in rows]
