"""Lists: `{"next", "previous", "results"}` cut by id, with absolute addresses and an entity tag over the body."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from factcheck.api import conditional, filters, rendering
from factcheck.queries.reading import Page

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)


def answer(
    request: Request,
    known: dict[str, filters.Filter],
    read: Callable[..., Page[Any]],
    present: Callable[[Sequence[Any]], list[Any]],
) -> HttpResponse:
    """Read the filters, then a page by `read(cut, **filters)`, and answer with it, or 304."""
    found = filters.read(request.query_params, filters.PAGING | known)
    cut = filters.cut(found)
    page = read(cut, **found)
    data = {
        "next": _address(request, "after", page[-1].id if page else _FIRST) if page.has_next else None,
        "previous": _address(request, "before", page[0].id if page else _LAST) if page.has_previous else None,
        "results": present(page),
    }
    return tagged(request, rendering.dumps(data))


def tagged(request: Request, body: bytes) -> HttpResponse:
    """Answer with a JSON body and its entity tag, or 304 when the asker has it."""
    tag = conditional.body_etag(body)
    if conditional.unchanged(request, tag):
        return conditional.not_modified(tag)
    response = HttpResponse(body, content_type=rendering.JSON)
    response["ETag"] = tag
    return response


def _address(request: Request, side: str, at: object) -> str:
    query = request.query_params.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query[side] = str(at)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
