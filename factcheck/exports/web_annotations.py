"""One annotation or relation in the W3C Web Annotation model (https://www.w3.org/TR/annotation-model/), as JSON-LD.

What goes in has the keys of the interchange format (docs/formats.md), as its lines and the API have them. What the
model has no words for stands in terms of our own, each of which the context says.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from factcheck.anchoring.selectors import quote_selector
from factcheck.anchoring.spans import Span

Json = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'

VOCABULARY = "urn:uuid:8eb8fa81-aebc-43c1-b3db-c95f3d767ccb#"
"""Where our own terms are from: a name that belongs to no host and stays the same in every installation."""

_PLAIN = (
    *(
        "status",
        "version",
        "role",
        "position",
        "as_named",
        "stance",
        "url",
        "quote",
        "locator",
        "accessed_at",
    ),
    *(
        "archive_url",
        "note",
        "kind",
        "description",
        "standing",
        "title",
        "publisher",
        "byline",
        "published_at",
    ),
    *("file_name", "text", "article", "sources", "void"),
)
_IRIS = ("layer", "on_behalf_of")
_AS_JSON = (
    *("attributes", "cue", "passage", "project", "layers", "source_texts", "reviews", "review_responses"),
    *("proposed_annotations", "reviewers", "threads"),
)

TERMS: Json = {
    "@version": 1.1,  # the values that are JSON as it is need it
    "pages": {"@reverse": "http://www.w3.org/ns/activitystreams#partOf"},
    "aliases": {"@id": f"{VOCABULARY}aliases", "@container": "@list"},
    **{name: f"{VOCABULARY}{name}" for name in _PLAIN},
    **{name: {"@id": f"{VOCABULARY}{name}", "@type": "@id"} for name in _IRIS},
    **{name: {"@id": f"{VOCABULARY}{name}", "@type": "@json"} for name in _AS_JSON},
}
"""Our terms, as a context says them. None is a term of the W3C context, which an embedded annotation repeats."""

FULL_CONTEXT = [CONTEXT, TERMS]

_OF_LINK = (
    *("status", "version", "role", "position", "as_named", "cue", "stance", "url", "quote", "locator"),
    *("accessed_at", "archive_url", "passage", "note"),
)


class Iris(NamedTuple):
    """Makes the names of things: addresses below `base`, the API's root; without one, `urn:uuid:`."""

    base: str | None = None

    def of(self, kind: str, id: object) -> str:
        """Return the name of a thing; `kind` is the part of its address, such as `annotations`."""
        return f"urn:uuid:{id}" if self.base is None else f"{self.base}{kind}/{id}/"

    def text(self, article: object) -> str:
        """Return the name of an article's text, which is what selectors count in."""
        return f"urn:uuid:{article}" if self.base is None else f"{self.base}articles/{article}/text/"


class Place(NamedTuple):
    """A span in code points, its words, and what stands before and after them."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def places_in(text: str, spans: Iterable[Mapping[str, Any]]) -> list[Place]:
    """Return the places of the spans in the text."""
    found = []
    for span in spans:
        quote = quote_selector(text, Span(span["start"], span["end"]))
        found.append(Place(span["start"], span["end"], quote["exact"], quote["prefix"], quote["suffix"]))
    return found


def annotation(
    thing: Mapping[str, Any],
    *,
    article: object,
    places: Iterable[Place],
    links: Iterable[Mapping[str, Any]],
    iris: Iris,
) -> Json:
    """Return an annotation with one target a place, in their order, and a body for the tag, the note and each link."""
    source = iris.text(article)
    return {
        **_opening(thing, iris.of("annotations", thing["id"]), "classifying"),
        "body": [*_said(thing["tag"], thing["note"]), *(_link(link, iris) for link in links)],
        "target": [_target(source, place) for place in places],
        **_closing(thing, iris),
    }


def relation(thing: Mapping[str, Any], *, iris: Iris) -> Json:
    """Return a relation as an annotation: the body has the kind and the subject, the target is the object."""
    subject = {
        "type": "SpecificResource",
        "purpose": "linking",
        "source": iris.of("annotations", thing["subject"]),
    }
    return {
        **_opening(thing, iris.of("relations", thing["id"]), "linking"),
        "body": [*_said(thing["kind"], thing["note"]), subject],
        "target": [{"id": iris.of("annotations", thing["object"])}],
        **_closing(thing, iris),
        **_void(thing),
    }


def alone(embedded: Json) -> Json:
    """Return one that was made to stand inside a document as a document of its own: it brings our terms along."""
    return embedded | {"@context": FULL_CONTEXT}


def filled(thing: Mapping[str, Any], names: Iterable[str]) -> Json:
    """Return what the thing has under these keys, without what is empty or null."""
    return {name: thing[name] for name in names if thing.get(name) not in (None, "", [])}


def made(thing: Mapping[str, Any]) -> Json:
    """Return who made it and when. A person has no address here, so the name is all there is."""
    return {
        "creator": {"type": "Person", "nickname": thing["created_by"]},
        "created": thing["created_at"],
        "modified": thing["updated_at"],
    }


def _opening(thing: Mapping[str, Any], iri: str, motivation: str) -> Json:
    return {"@context": CONTEXT, "id": iri, "type": "Annotation", "motivation": motivation, **made(thing)}


def _closing(thing: Mapping[str, Any], iris: Iris) -> Json:
    return {
        "layer": iris.of("layers", thing["layer"]),
        "attributes": thing["attributes"],
        "status": thing["status"],
        "version": thing["version"],
    }


def _void(thing: Mapping[str, Any]) -> Json:
    """Say of a relation or link that it stands on a rejected annotation; of one that does not, nothing."""
    return {"void": True} if thing.get("void") else {}


def _said(word: str, note: str) -> list[Json]:
    bodies = [{"type": "TextualBody", "purpose": "tagging", "value": word}]
    if note:
        bodies.append({"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": note})
    return bodies


def _link(link: Mapping[str, Any], iris: Iris) -> Json:
    body = {
        "id": iris.of("source-links", link["id"]),
        "type": "SpecificResource",
        "purpose": "linking",
        "source": iris.of("sources", link["source"]),
        **made(link),
        "layer": iris.of("layers", link["layer"]),
        **filled(link, _OF_LINK),
        **_void(link),
    }
    if link["on_behalf_of"] is not None:
        body["on_behalf_of"] = iris.of("sources", link["on_behalf_of"])
    return body


def _target(source: str, place: Place) -> Json:
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": place.exact,
                "prefix": place.prefix,
                "suffix": place.suffix,
            },
            {"type": "TextPositionSelector", "start": place.start, "end": place.end},
        ],
    }
