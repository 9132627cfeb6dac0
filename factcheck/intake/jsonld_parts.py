"""The parts of a W3C web annotation: targets to spans, bodies to tag and note, creators to usernames.

The model is https://www.w3.org/TR/annotation-model/; sections are named where it is followed. What comes in is
anybody's: each part is checked, and what cannot be taken raises `Invalid` with a sentence.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from factcheck.anchoring import canonical, selectors
from factcheck.anchoring.spans import Extent, Span, extent_of
from factcheck.exceptions import Invalid
from factcheck.intake import json_files

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_READABLE = ("TextQuoteSelector", "TextPositionSelector")
_TAG_PURPOSES = frozenset({"tagging", "classifying", "identifying"})
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GROUPS = frozenset({"Choice", "Composite", "List", "Independents"})


class Target(NamedTuple):
    """A part of a text: the text's address and how the part is described."""

    source: str
    selector: list[Mapping[str, Any]]


class Said(NamedTuple):
    """What the bodies say: names of tags, a note, and what of them has no place here."""

    tags: tuple[str, ...]
    note: str
    left: tuple[str, ...]


def several(value: object) -> list[Any]:
    """Return a value that may be one or a list as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(data: Mapping[str, Any]) -> list[str]:
    """Return the types of a resource."""
    return [kind for kind in several(data.get("type", data.get("@type"))) if isinstance(kind, str)]


def key(iri: object) -> str:
    """Return what names a thing of ours: the UUID in its IRI, or else the IRI itself."""
    found = _UUID.findall(str(iri))
    return found[-1].lower() if found else str(iri)


def has_context(data: Mapping[str, Any]) -> bool:
    """Say whether a document uses the words of the W3C's annotation context (3.1)."""
    return CONTEXT in several(data.get("@context"))


def identifier(data: Mapping[str, Any]) -> str:
    """Return an annotation's id, empty where it has none; there may be only one (3.1)."""
    found = data.get("id", data.get("@id"))
    if found is None:
        return ""
    if not isinstance(found, str) or not found.strip():
        raise Invalid("An annotation has one id, which is a text.")
    return found


def motivations(data: Mapping[str, Any]) -> list[str]:
    """Return why an annotation was made (3.3.5), without the vocabulary's prefix."""
    return [one.removeprefix("oa:") for one in several(data.get("motivation")) if isinstance(one, str)]


# -- Targets ---------------------------------------------------------------------------------------


def targets(data: Mapping[str, Any]) -> list[Target]:
    """Return what an annotation is about: one or more parts of one text."""
    given = several(data.get("target"))
    if not given:
        raise Invalid("The annotation has no target.")
    found = [target for one in given for part in _parts(one) for target in _targets(part)]
    if not found:
        raise Invalid("The annotation has no target.")
    if len({target.source for target in found}) > 1:
        raise Invalid("Its targets are in several texts; an annotation here is about one.")
    return found


def _parts(one: object) -> list[Any]:
    """Return what a target consists of: a Composite is all of its items together (4.4)."""
    return several(one.get("items")) if isinstance(one, dict) and "Composite" in types(one) else [one]


def _targets(one: object) -> Iterator[Target]:
    if isinstance(one, str):
        what = "a part of it by a fragment (#…)" if "#" in one else "a whole resource and no part of its text"
        raise Invalid(f"The target {one[:200]} names {what}.")
    if not isinstance(one, dict):
        raise Invalid("A target is an address or an object.")
    if kinds := [kind for kind in types(one) if kind in _GROUPS]:
        raise Invalid(f"The target is a {kinds[0]} of resources; an annotation here is about one place.")
    source = address(one.get("source"))
    if source is None:
        raise Invalid(
            f"The target {str(one.get('id', ''))[:200]} names a whole resource and no part of its text."
        )
    yield Target(source, _selector(one.get("selector")))


def address(resource: object) -> str | None:
    """Return the IRI of a resource that is given by it or with it."""
    found = resource.get("id", resource.get("@id")) if isinstance(resource, dict) else resource
    return found if isinstance(found, str) and found.strip() else None


def _selector(given: object) -> list[Mapping[str, Any]]:
    """Return the selectors that we read; they all describe the same part (4.2)."""
    found = [one for one in several(given) if isinstance(one, dict)]
    usable = [
        one for one in found if any(kind in _READABLE for kind in types(one)) and "refinedBy" not in one
    ]
    if usable:
        return [{**one, "type": next(kind for kind in types(one) if kind in _READABLE)} for one in usable]
    names = sorted({kind for one in found for kind in types(one)}) or ["no selector"]
    refined = " that is refined by another one" if any("refinedBy" in one for one in found) else ""
    raise Invalid(
        f"The place is told by {', '.join(names)}{refined}; only TextQuoteSelector and TextPositionSelector are read."
    )


def extent(raw: str, text: str, found: list[Target]) -> Extent:
    """Return the spans that targets describe in the canonical `text` of `raw`; a place is never guessed."""
    offset = canonical.OffsetMap(raw)
    return extent_of([_span(text, offset, target.selector) for target in found], length=len(text))


def _span(text: str, offset: canonical.OffsetMap, given: list[Mapping[str, Any]]) -> Span:
    quotes = [_canonical(one) for one in given if one["type"] == "TextQuoteSelector"]
    positions = [one for one in given if one["type"] == "TextPositionSelector"]
    mapped = []
    for one in positions:
        try:
            mapped.append({**one, "start": offset(one.get("start")), "end": offset(one.get("end"))})  # type: ignore[arg-type]
        except Invalid:
            if not quotes:
                raise
    span = selectors.resolve(text, [*mapped, *quotes])
    if span is None:
        what = (
            f"The words “{quotes[0].get('exact', '')[:200]}” are not in the text."
            if quotes
            else "There is no such place in the text."
        )
        raise Invalid(what)
    return span


def _canonical(quote: Mapping[str, Any]) -> dict[str, Any]:
    """Return a quote with its line ends as canonical text has them."""
    return {
        name: value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        for name, value in quote.items()
    }


# -- Bodies ----------------------------------------------------------------------------------------


def said(data: Mapping[str, Any]) -> Said:
    """Return what an annotation's bodies say (3.2): texts by their purpose, or the annotation's motivation."""
    bodies = several(data.get("body"))
    if "bodyValue" in data:
        if bodies or not isinstance(data["bodyValue"], str):
            raise Invalid("An annotation has a bodyValue, which is one text, or bodies, not both (3.2.5).")
        bodies = [{"type": "TextualBody", "value": data["bodyValue"]}]
    tags: list[str] = []
    notes: list[str] = []
    left: list[str] = []
    for body in bodies:
        _body(body, motivations(data), tags, notes, left)
    return Said(tuple(dict.fromkeys(tags)), "\n".join(notes), tuple(left))


def _body(body: object, motivation: list[str], tags: list[str], notes: list[str], left: list[str]) -> None:
    """Sort one body into tags, notes and what has no place."""
    if isinstance(body, str):
        if not _IRI.fullmatch(body):
            raise Invalid(
                f"The body “{body[:200]}” is a text where an address must stand; a text is a TextualBody."
            )
        notes.append(body)
        return
    if not isinstance(body, dict):
        raise Invalid("A body is an address or an object.")
    purposes = [one.removeprefix("oa:") for one in several(body.get("purpose")) if isinstance(one, str)]
    resource = body.get("source", body) if "SpecificResource" in types(body) else body
    if isinstance(resource, dict) and ("TextualBody" in types(resource) or "value" in resource):
        value = resource.get("value")
        if not isinstance(value, str):
            raise Invalid("A TextualBody has a value, which is one text (3.2.4).")
        if _TAG_PURPOSES & set(purposes or motivation):
            if value.strip():
                tags.append(value.strip())
        elif value:
            notes.append(value)
    elif any(kind in _GROUPS for kind in types(body)):
        left.append("A choice or a list of bodies is not taken.")
    elif (found := address(resource)) is not None and _IRI.fullmatch(found):
        notes.append(found)
    else:
        raise Invalid("A body must have an address (an IRI), or be a TextualBody with a value.")


# -- Who and when ----------------------------------------------------------------------------------


def creator(data: Mapping[str, Any]) -> str:
    """Return the username of who made it (3.3.1), empty where nobody is named.

    That is the nickname, else the address for mail, else how the IRI ends.
    """
    given = several(data.get("creator"))
    if len(given) > 1:
        raise Invalid("Several creators are named; an annotation here is one person's.")
    one = given[0] if given else None
    if isinstance(one, dict):
        for name in ("nickname", "email"):
            found = one.get(name)
            if isinstance(found, str) and found.strip():
                return found.strip().removeprefix("mailto:")
        one = one.get("id", one.get("name"))
    if not isinstance(one, str) or not one.strip():
        return ""
    return last_part(one.removeprefix("acct:").removeprefix("mailto:"))


def last_part(iri: str) -> str:
    """Return the last part of an address's path, decoded: `a b.txt` of `http://example.org/x/a%20b.txt?y`."""
    try:
        path = urlsplit(iri).path
    except ValueError:
        path = iri
    return unquote(path.rstrip("/").rpartition("/")[2].rpartition(":")[2])


def times(data: Mapping[str, Any]) -> dict[str, str]:
    """Return when it was made and changed, where that is told with an offset."""
    told = {"created_at": data.get("created"), "updated_at": data.get("modified")}
    return {name: at for name, value in told.items() if (at := json_files.instant(value)) is not None}
