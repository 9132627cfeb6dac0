"""What the W3C Web Annotation model says an annotation MUST be, as far as ours can break it.

Written from https://www.w3.org/TR/annotation-model/; the numbers are its sections.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)


def broken_musts(one: Any) -> list[str]:
    """Return which of them the annotation breaks, none for a good one."""
    return list(_broken(one))


def _broken(one: Any) -> Iterator[str]:
    context = one.get("@context")
    if context != CONTEXT and not (isinstance(context, list) and CONTEXT in context):
        yield "3.1 @context"
    if not _is_iri(one.get("id")):
        yield "3.1 id"
    if "Annotation" not in _several(one.get("type")):
        yield "3.1 type"
    if not _several(one.get("target")):
        yield "3.1 target"
    yield from _lifecycle(one)
    if "bodyValue" in one and "body" in one:
        yield "3.2.5 bodyValue and body"
    for body in _several(one.get("body")):
        yield from _resource(body, may_be_text=True)
    for target in _several(one.get("target")):
        yield from _resource(target, may_be_text=False)


def _resource(one: Any, *, may_be_text: bool) -> Iterator[str]:
    if isinstance(one, str):
        if not _is_iri(one):
            yield "3.2 a string is an IRI"
        return
    if "value" in one:
        if not may_be_text:
            yield "3.2.4 a target is no text"
        if "source" in one or "items" in one or not isinstance(one["value"], str):
            yield "4 text has no source and no items"
    elif "source" in one:
        if not _is_iri(one["source"]) or "items" in one:
            yield "4 source"
        for selector in _several(one.get("selector", [])):
            yield from _selector(selector)
    elif not _is_iri(one.get("id")) or "purpose" in one or "items" in one:
        yield "3.2.1 a resource has an id and no purpose"
    if one.get("textDirection", "auto") not in ("ltr", "rtl", "auto"):
        yield "3.2.1 textDirection"
    yield from _lifecycle(one)


def _selector(one: Any) -> Iterator[str]:
    if one["type"] == "TextQuoteSelector":
        if not all(
            isinstance(one.get(name, ""), str) for name in ("exact", "prefix", "suffix")
        ) or not one.get("exact"):
            yield "4.2.4 TextQuoteSelector"
    elif one["type"] == "TextPositionSelector":
        start, end = one.get("start"), one.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start <= end:
            yield "4.2.5 TextPositionSelector"
    else:
        yield "4.2 selector"


def _lifecycle(one: Any) -> Iterator[str]:
    for name in ("created", "modified", "generated"):
        if name in one and not _is_instant(one[name]):
            yield f"3.3.1 {name}"
    for name in ("rights", "canonical", "via"):
        if not all(map(_is_iri, _several(one.get(name, [])))):
            yield f"3.3 {name}"


def _is_instant(value: Any) -> bool:
    try:
        return value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None
    except (AttributeError, ValueError):
        return False


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and _IRI.fullmatch(value) is not None


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
