"""A project as one W3C AnnotationCollection in JSON-LD, its pages embedded, one an article (docs/formats.md).

It is written while it is read: what only the end knows, `total` and `last`, stands at the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import orjson

from factcheck.exports.web_annotations import (
    FULL_CONTEXT,
    Iris,
    Json,
    annotation,
    filled,
    made,
    places_in,
    relation,
)

CHUNK = 64 * 1024
"""Bytes, at least, that are sent at a time; the last chunk may be smaller."""

_OF_ARTICLE = ("language", "title", "url", "publisher", "byline", "published_at", "file_name", "text")
_OF_SOURCE = ("name", "kind", "aliases", "description", "url", "standing")
_TYPES = {"person": "Person", "organisation": "Organization"}


class Collection(NamedTuple):
    """What the document is about: the first record that is written.

    `address` is where the export is read over the API, whose root is `base`; both are None elsewhere, and then `key`
    names the collection.
    """

    label: str
    key: UUID
    base: str | None = None
    address: str | None = None

    @property
    def id(self) -> str:
        """Return its name."""
        return self.address or f"urn:uuid:{self.key}"

    def page(self, article: str) -> str:
        """Return the name of an article's page: a part of the document, or a name made from both of theirs."""
        return f"{self.address}#{article}" if self.address else f"urn:uuid:{uuid5(self.key, article)}"


def write(records: Iterable[Collection | Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield one JSON-LD document in UTF-8, in chunks of at least CHUNK bytes.

    Takes the Collection, then the articles, each the object that is a line of the interchange format. Holds one
    of them and about a chunk.
    """
    waiting = bytearray()
    for piece in _pieces(iter(records)):
        waiting += piece
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _pieces(records: Iterator[Any]) -> Iterator[bytes]:
    collection: Collection = next(records)
    iris = Iris(collection.base)
    total, page = 0, ""
    about = {
        "@context": FULL_CONTEXT,
        "id": collection.id,
        "type": "AnnotationCollection",
        "label": collection.label,
    }
    for line in records:
        following = collection.page(line["article"]["id"])
        if page:
            yield b"," + _members({"next": following}) + b"},"
        else:
            yield b"{" + _members(about | {"project": line["project"], "first": following}) + b',"pages":['
        yield b"{" + _members(_page(line, collection, iris, start=total, previous=page)) + b',"items":['
        number = 0
        for item in _items(line, iris):
            yield (b"," if number else b"") + orjson.dumps(item)
            number += 1
        yield b"]"
        total, page = total + number, following
    if page:
        yield b"}]," + _members({"last": page, "total": total}) + b"}\n"
    else:
        yield b"{" + _members(about | {"total": 0}) + b"}\n"


def _members(thing: Json) -> bytes:
    """Write what stands between the braces of an object."""
    return orjson.dumps(thing)[1:-1]


def _page(line: Mapping[str, Any], collection: Collection, iris: Iris, *, start: int, previous: str) -> Json:
    article = line["article"]
    return {
        "id": collection.page(article["id"]),
        "type": "AnnotationPage",
        "partOf": collection.id,
        "startIndex": start,
        **({"prev": previous} if previous else {}),
        "article": {
            "id": iris.text(article["id"]),
            "type": "Text",
            "format": "text/plain",
            "textDirection": article["direction"],
            **filled(article, _OF_ARTICLE),
        },
        "layers": line["layers"],
        "sources": [_source(source, iris) for source in line["sources"]],
        "source_texts": line["source_texts"],
        "reviews": line["reviews"],
        "review_responses": line["review_responses"],
        "proposed_annotations": line["proposed_annotations"],
        "reviewers": line["reviewers"],
        "threads": line["threads"],
    }


def _source(source: Mapping[str, Any], iris: Iris) -> Json:
    kind = _TYPES.get(source["kind"])
    return {
        "id": iris.of("sources", source["id"]),
        **({"type": kind} if kind else {}),
        **filled(source, _OF_SOURCE),
        **made(source),
    }


def _items(line: Mapping[str, Any], iris: Iris) -> Iterator[Json]:
    article = line["article"]
    links = defaultdict(list)
    for link in line["source_links"]:
        links[link["annotation"]].append(link)
    for one in line["annotations"]:
        yield annotation(
            one,
            article=article["id"],
            places=places_in(article["text"], one["spans"]),
            links=links[one["id"]],
            iris=iris,
        )
    for one in line["relations"]:
        yield relation(one, iris=iris)
