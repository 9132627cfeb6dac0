"""`articles/{id}/w3c/`: an article's annotations and relations as a container of the W3C Web Annotation Protocol
(https://www.w3.org/TR/annotation-protocol/), for reading.
"""

import re
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import (
    errors,
    filters,
    negotiation,
    paging,
    rendering,
    schema,
    things,
    web_annotations,
)
from factcheck.api.base import ApiView, found
from factcheck.api.fields import parse_uuid
from factcheck.exports.web_annotations import CONTEXT, LDP_CONTEXT, MEDIA_TYPE, TERMS
from factcheck.queries.web_annotations import Contained

Json = dict[str, Any]

_LINK = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type",'
    ' <http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
_MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
_ONLY_IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
_PAGE = re.compile(r"([0-9]{1,9})(?:\.([0-9A-Fa-f-]{32,36}))?")


class _Start(NamedTuple):
    """Where a page begins: how many come before it, and the id of the last of those."""

    number: int
    after: UUID | None


_FIRST = _Start(0, None)


def _start(value: str) -> _Start:
    match = _PAGE.fullmatch(value)
    after = parse_uuid(match[2]) if match is not None and match[2] else None
    if match is None or (int(match[1]) == 0) != (match[2] is None) or (match[2] and after is None):
        raise filters.BadValue(_("an address as first, next, prev or last has it"))
    return _Start(int(match[1]), after)


FILTERS = {
    "iris": filters.Filter(
        filters.yes_or_no,
        "`1`: pages have the addresses of annotations only; `0`: the annotations themselves.",
        {"type": "string", "enum": ["1", "0"]},
    ),
    "page": filters.Filter(_start, "A page, as `first`, `next`, `prev` and `last` name it."),
}
_PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description=(
        f'`return=representation; include="…"` with `{_MINIMAL}`, `{_ONLY_IRIS}` or'
        " `http://www.w3.org/ns/oa#PreferContainedDescriptions`."
    ),
)


class ArticleContainer(ApiView):
    """An article's annotations and relations: the container, or with `page` one of its pages."""

    varies: ClassVar[tuple[str, ...]] = ("Accept", "Prefer", *ApiView.varies)

    @extend_schema(
        operation_id="articles_container",
        summary="Read an article's annotations and relations as a W3C annotation container",
        description=(
            "Web Annotation Protocol. Its annotations are in the order of their ids; `total` counts those that who asks"
            " may see. Writing goes by `annotations/` and `relations/`."
        ),
        parameters=[*schema.query(FILTERS), _PREFER, schema.IF_NONE_MATCH],
        responses={
            **schema.LINKED,
            304: OpenApiResponse(description="Nothing changed."),
            (406, errors.MEDIA_TYPE): {"$ref": "#/components/schemas/Problem"},
        },
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        article = found(
            queries.articles.visible(self.viewer, things.key_of(id)), _("There is no such article.")
        )
        if negotiation.choose(request.META.get("HTTP_ACCEPT"), (MEDIA_TYPE,)) is None:
            raise errors.NotAcceptable(
                _("This container is told in JSON-LD only: Accept: application/ld+json.")
            )
        chosen = filters.read(request.query_params, FILTERS)
        wanted = _preferred(request.META.get("HTTP_PREFER", ""))
        only_iris = chosen.get("iris", _ONLY_IRIS in wanted)
        container = _Container(self, article.id, article.title, only_iris)
        if "page" in chosen:
            return paging.tagged(request, rendering.dumps(container.page(chosen["page"])), MEDIA_TYPE)
        body = rendering.dumps(container.described(embedding=_MINIMAL not in wanted))
        response = paging.tagged(request, body, MEDIA_TYPE)
        response["Link"] = _LINK
        if "iris" not in chosen:
            response["Content-Location"] = container.iri
        if wanted:
            response["Preference-Applied"] = "return=representation"
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell what GET would, without the body."""
        told = self.get(request, *args, **kwargs)
        response = HttpResponse(status=204)
        for name in ("ETag", "Link", "Content-Location"):
            if name in told:
                response[name] = told[name]
        return response

    def handle_exception(self, exc: Exception) -> Any:
        response = super().handle_exception(exc)
        if response.status_code == 405:
            response["Link"] = _LINK
        return response


class _Container:
    """Builds what is told of one article's container, and its pages.

    A page begins after the id that its address names, so it costs the same wherever it is. The pages form one chain:
    each begins where the one before it ends, as long as nothing is added or withdrawn in between.
    """

    size = settings.PAGE_SIZE

    def __init__(self, view: ApiView, article_id: UUID, title: str, only_iris: bool) -> None:
        self.viewer = view.viewer
        self.article_id = article_id
        self.title = title
        self.only_iris = only_iris
        self.iris = web_annotations.iris(view.request)
        self.iri = f"{self.iris.of('articles', article_id)}w3c/?iris={int(only_iris)}"

    def described(self, *, embedding: bool) -> Json:
        """Return the container, with its first page embedded or only named."""
        total = queries.web_annotations.total(self.viewer, self.article_id)
        data = {
            "@context": [CONTEXT, LDP_CONTEXT, TERMS],
            "id": self.iri,
            "type": ["BasicContainer", "AnnotationCollection"],
            "label": self.title,
            "total": total,
        }
        if total:
            data["first"] = self._embedded() if embedding else self._address(_FIRST)
            data["last"] = self._address(self._last(total))
        return data

    def _embedded(self) -> Json:
        return {name: value for name, value in self.page(_FIRST).items() if name != "@context"}

    def page(self, start: _Start) -> Json:
        """Return a page, its neighbours named."""
        rows = queries.web_annotations.after(self.viewer, self.article_id, start.after, self.size + 1)
        shown, more = rows[: self.size], len(rows) > self.size
        data = {
            "@context": [CONTEXT, TERMS],
            "id": self._address(start),
            "type": "AnnotationPage",
            "partOf": self.iri,
            "startIndex": start.number,
        }
        if start.after is not None:
            data["prev"] = self._address(self._before(start.number, start.after))
        if more:
            data["next"] = self._address(_Start(start.number + self.size, UUID(shown[-1].id)))
        return data | {"items": self._items(shown)}

    def _items(self, shown: list[Contained]) -> list[Any]:
        if self.only_iris:
            return [self.iris.of(one.kind, one.id) for one in shown]
        return web_annotations.contained(shown, self.viewer, self.iris)

    def _before(self, index: int, at: UUID) -> _Start:
        """Return where the page begins that ends with this id."""
        back = queries.web_annotations.up_to(self.viewer, self.article_id, at, self.size + 1)
        if index <= self.size or len(back) <= self.size:
            return _FIRST
        return _Start(index - self.size, UUID(back[-1].id))

    def _last(self, total: int) -> _Start:
        """Return where the last page begins, so that the pages before it are full."""
        on_it = (total - 1) % self.size + 1
        if on_it == total:
            return _FIRST
        back = queries.web_annotations.up_to(self.viewer, self.article_id, UUID(int=2**128 - 1), on_it + 1)
        return _Start(total - on_it, UUID(back[-1].id)) if len(back) > on_it else _FIRST

    def _address(self, start: _Start) -> str:
        place = str(start.number) if start.after is None else f"{start.number}.{start.after}"
        return f"{self.iri}&page={place}"


def _preferred(header: str) -> list[str]:
    """Return what a reader prefers to be included, if it asks for that."""
    value, parameters = negotiation.preferences(header).get("return", ("", {}))
    return parameters.get("include", "").split() if value == "representation" else []
