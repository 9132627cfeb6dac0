"""Lists: `{"next", "previous", "results"}` cut by id, with absolute addresses and an entity tag over the body."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from factcheck.api import conditional, filters, rendering
from factcheck.queries.reading import Page

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)


class Listed(NamedTuple):
    """A page that was asked for, and the addresses of the ones beside it."""

    rows: Page[Any]
    next: str | None
    previous: str | None


def listed(request: Request, known: dict[str, filters.Filter], read: Callable[..., Page[Any]]) -> Listed:
    """Read the filters, then a page by `read(cut, **filters)`."""
    found = filters.read(request.query_params, filters.PAGING | known)
    cut = filters.cut(found)
    page = read(cut, **found)
    return Listed(
        page,
        _address(request, "after", page[-1].id if page else _FIRST) if page.has_next else None,
        _address(request, "before", page[0].id if page else _LAST) if page.has_previous else None,
    )


def answer(
    request: Request,
    known: dict[str, filters.Filter],
    read: Callable[..., Page[Any]],
    present: Callable[[Sequence[Any]], list[Any]],
) -> HttpResponse:
    """Answer with a page, or 304."""
    page = listed(request, known, read)
    data = {"next": page.next, "previous": page.previous, "results": present(page.rows)}
    return tagged(request, rendering.dumps(data))


def tagged(request: Request, body: bytes, content_type: str = rendering.JSON) -> HttpResponse:
    """Answer with a body and its entity tag, or 304 when the asker has it."""
    tag = conditional.body_etag(body)
    if conditional.unchanged(request, tag):
        return conditional.not_modified(tag)
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = tag
    return response


def _address(request: Request, side: str, at: object) -> str:
    query = request.query_params.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query[side] = str(at)
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
