"""Annotations and relations as JSON-LD, for those who ask for it by `Accept`; JSON stays the default."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import conditional, negotiation, paging, present, rendering, things
from factcheck.exports.web_annotations import (
    FULL_CONTEXT,
    MEDIA_TYPE,
    Iris,
    Place,
    alone,
    annotation,
    relation,
)
from factcheck.queries.web_annotations import Contained

Json = dict[str, Any]

_OFFERS = (rendering.JSON, MEDIA_TYPE)
_RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'


def iris(request: Request) -> Iris:
    """Return the names of things as addresses of this server, as it was asked."""
    return Iris(request.build_absolute_uri("/api/v1/"))


def etag(revision: int) -> str:
    """Return the entity tag of a revision in JSON-LD, which is another one than in JSON."""
    return f'"{revision}-ld"'


def annotations(rows: Sequence[Any], viewer: UUID, names: Iris) -> list[Json]:
    """Present annotations as they stand inside a document, with their links read at once."""
    shown = present.annotations(list(rows), viewer)
    several = [one["id"] for one in shown if len(one["spans"]) > 1]
    around = queries.annotations.around_pieces(several) if several else {}
    return [
        annotation(
            one,
            article=one["article"],
            places=_places(one, around.get(one["id"])),
            links=map(_as_exported, one["source_links"]),
            iris=names,
        )
        for one in shown
    ]


def relations(rows: Sequence[Any], _viewer: UUID, names: Iris) -> list[Json]:
    """Present relations as they stand inside a document."""
    return [relation(present.relation(row), iris=names) for row in rows]


_PRESENT = {"annotations": annotations, "relations": relations}


def contained(found: Sequence[Contained], viewer: UUID, names: Iris) -> list[Json]:
    """Present what a container holds, in the order in which it was found."""
    rows: dict[str, Any] = {"annotations": queries.annotations.living, "relations": queries.relations.living}
    shown: dict[str, Json] = {}
    for kind, read in rows.items():
        wanted = [one.id for one in found if one.kind == kind]
        if wanted:
            living = read(viewer, wanted)
            shown |= dict(zip((row.id for row in living), _PRESENT[kind](living, viewer, names), strict=True))
    return [shown[one.id] for one in found if one.id in shown]


def _places(one: Json, around: list[tuple[str, str]] | None) -> list[Place]:
    """Return the places of an annotation; what is around its only piece it has itself."""
    beside = around or [(one["prefix"], one["suffix"])]
    return [
        Place(span["start"], span["end"], span["exact"], prefix, suffix)
        for span, (prefix, suffix) in zip(one["spans"], beside, strict=True)
    ]


def _as_exported(link: Json) -> Json:
    """Return the link with its passage as the interchange format has it: the id of the text, the words in `quote`."""
    passage = link["passage"]
    if passage is None:
        return link
    kept = {name: passage[name] for name in ("start", "end", "prefix", "suffix", "state")}
    return link | {"passage": {"text": passage["text_version"]["id"], **kept}}


class _Negotiated(things.ThingView):
    """Also answers in JSON-LD. Who takes neither gets JSON, as at every other address of this API."""

    varies: ClassVar[tuple[str, ...]] = ("Accept", *things.ThingView.varies)

    def in_json_ld(self) -> bool:
        return negotiation.choose(self.request.META.get("HTTP_ACCEPT"), _OFFERS) == MEDIA_TYPE

    def presented(self, rows: Sequence[Any]) -> list[Json]:
        return _PRESENT[self.path](rows, self.viewer, iris(self.request))


class AlsoThings(_Negotiated, things.Things):
    """A list that is also read as an AnnotationPage."""

    def get(self, request: Request) -> HttpResponse:
        if not self.in_json_ld():
            return super().get(request)
        page = paging.listed(request, self.filters, partial(self.reads.page, self.viewer))
        query = request.query_params.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        whole = request.build_absolute_uri(f"{request.path}{'?' if query else ''}{query.urlencode()}")
        data = {
            "@context": FULL_CONTEXT,
            "id": request.build_absolute_uri(),
            "type": "AnnotationPage",
            "partOf": {"id": whole, "type": "AnnotationCollection"},
            **({"prev": page.previous} if page.previous else {}),
            **({"next": page.next} if page.next else {}),
            "items": self.presented(page.rows),
        }
        return paging.tagged(request, rendering.dumps(data), MEDIA_TYPE)


class AlsoThing(_Negotiated, things.Thing):
    """One thing that is also read as an Annotation."""

    def get(self, request: Request, id: str) -> HttpResponse:
        if not self.in_json_ld():
            return super().get(request, id)
        row = self.living(id)
        tag = etag(row.revision)
        if conditional.unchanged(request, tag):
            response = conditional.not_modified(tag)
        else:
            [shown] = self.presented([row])
            response = HttpResponse(rendering.dumps(alone(shown)), content_type=MEDIA_TYPE)
            response["ETag"] = tag
        response["Link"] = _RESOURCE
        return response
