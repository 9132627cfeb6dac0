"""A scheme that a client brings for a new project, checked whole by the rules that a manager's forms keep."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from factcheck import attribute_kinds
from factcheck.exceptions import Conflict, FactcheckError, Invalid
from factcheck.models import Tag
from factcheck.services import relation_kinds, schemes, tags

MOST = 200  # tags, kinds, pairs of a kind, attributes and their versions
# What the JSON Schema of one attribute may say: nothing that points elsewhere, and no pattern but that of a date, since
# one of the client's own could keep the server busy for hours.
_WORDS = {"type", "enum", "pattern", "maxLength", "minLength", "minimum", "maximum", "title", "description"}
_TYPES = ("string", "boolean", "integer", "number")
_NUMBERS = ("maxLength", "minLength", "minimum", "maximum")
_LARGEST = 2**31 - 1


def checked(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scheme as `projects.create` takes one; it has the shape in which a project tells its own.

    Raises `Invalid` or `Conflict` naming the place, such as `scheme.tags.2.key`.
    """
    found: list[dict[str, Any]] = []
    for place, given in _placed("scheme.tags", scheme["tags"]):
        with _at(place):
            found.append(_tag(given, found))
    if all(tag["retired"] for tag in found):
        raise Invalid(_("A scheme has at least one tag that is not retired."), field="scheme.tags")
    names = {tag["name"] for tag in found}
    kinds: list[dict[str, Any]] = []
    for place, given in _placed("scheme.relation_kinds", scheme["relation_kinds"]):
        with _at(place):
            kinds.append(_kind(given, kinds, names))
    told: list[dict[str, Any]] = []
    for place, given in _placed("scheme.attributes", scheme["attributes"]):
        with _at(place):
            told.append(_attributes(given, told, names))
    return {"tags": found, "relation_kinds": kinds, "attributes": told}


def _placed(part: str, given: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Give each with its place; raise `Invalid` for too many."""
    if len(given) > MOST:
        raise Invalid(
            _("%(part)s has %(number)s items; at most %(most)s are taken.")
            % {"part": part, "number": len(given), "most": MOST},
            field=part,
        )
    for index, one in enumerate(given):
        yield f"{part}.{index}", one


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except FactcheckError as refused:
        refused.field = f"{place}.{refused.field}" if refused.field else place
        raise


def _name(given: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Check what every item has: name, title and whether it is retired."""
    taken = {str(other["name"]): str(other["title"]) for other in others}
    return {
        "name": schemes.checked_name(given["name"], given["title"], taken),
        "title": schemes.checked_title(given["title"]),
        "retired": given.get("retired", False),
    }


def _key(
    given: Mapping[str, Any], retired: bool, others: Sequence[Mapping[str, Any]], fixed: Mapping[str, str]
) -> str:
    taken = {other["key"]: other["title"] for other in others if not other["retired"]}
    return schemes.checked_key(given["key"], taken={} if retired else taken, fixed=fixed)


def _tag(given: Mapping[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any]:
    named = _name(given, others)
    looks = tags.checked_looks(
        colour=given["colour"],
        colour_dark=given["colour_dark"],
        line=given.get("line", Tag.Line.SOLID),
        description=given.get("description", ""),
    )
    return named | looks | {"key": _key(given, named["retired"], others, tags.fixed_keys())}


def _kind(given: Mapping[str, Any], others: Sequence[dict[str, Any]], tag_names: set[str]) -> dict[str, Any]:
    named = _name(given, others)
    symmetric = given.get("symmetric", False)
    pairs = {(subject, object_) for subject, object_ in given["pairs"]}
    if symmetric:
        pairs |= {(object_, subject) for subject, object_ in pairs}
    if not pairs:
        raise Invalid(_("Give at least one pair of tags, or nothing can be related so."), field="pairs")
    if unknown := sorted({name for pair in pairs for name in pair} - tag_names):
        raise Invalid(_("The scheme has no tag %(tag)s.") % {"tag": unknown[0]}, field="pairs")
    inverse = named["title"] if symmetric else given.get("inverse_title", named["title"])
    with _at("attributes"):
        schema = _schema(given.get("attributes", {}))
    return named | {
        "inverse_title": schemes.checked_title(inverse, "inverse_title"),
        "key": _key(given, named["retired"], others, relation_kinds.fixed_keys()),
        "symmetric": symmetric,
        "pairs": sorted(pairs),
        "attributes": schema,
    }


def _attributes(
    given: Mapping[str, Any], others: Sequence[dict[str, Any]], tag_names: set[str]
) -> dict[str, Any]:
    """Check the attributes of one tag, or of every tag, with the versions before them."""
    tag = given["tag"]
    if tag is not None and tag not in tag_names:
        raise Invalid(_("The scheme has no tag %(tag)s.") % {"tag": tag}, field="tag")
    if any(other["tag"] == tag for other in others):
        raise Conflict(_("The attributes of one tag are told once."), field="tag")
    with _at("schema"):
        schema = _schema(given["schema"])
    # A tag's own stand beside those of every tag, so between these two a name is used once.
    beside = [other for other in others if (other["tag"] is None) != (tag is None)]
    for name in schema["properties"]:
        if any(name in other["schema"]["properties"] for other in beside):
            raise Conflict(
                _("The attribute %(name)s is there for a tag and for every tag.") % {"name": name},
                field="schema",
            )
    version = given.get("version", 1)
    earlier: list[dict[str, Any]] = []
    for place, one in _placed("earlier", given.get("earlier", ())):
        with _at(place):
            if one["version"] >= version or any(one["version"] == other["version"] for other in earlier):
                raise Invalid(
                    _("Earlier versions have smaller numbers than the present one, each once."),
                    field="version",
                )
            with _at("schema"):
                earlier.append({"version": one["version"], "schema": _schema(one["schema"])})
    return {"tag": tag, "version": version, "schema": schema, "earlier": earlier}


def _schema(given: Any) -> dict[str, Any]:
    """Check a JSON Schema of attributes: an object of simple properties which takes no others."""
    known = {"type", "properties", "additionalProperties"}
    properties = given.get("properties", {})
    if (
        given.keys() - known
        or given.get("type", "object") != "object"
        or given.get("additionalProperties", False) is not False
        or not isinstance(properties, dict)
        or len(properties) > MOST
    ):
        raise Invalid(
            _('Attributes are told as {"type": "object", "properties": {…}, "additionalProperties": false}.')
        )
    for name, one in properties.items():
        with _at(f"properties.{name}"):
            schemes.checked_name(name, name, {})
            _check_property(one)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _check_property(given: Any) -> None:
    if not isinstance(given, dict) or given.get("type") not in _TYPES or given.keys() - _WORDS:
        raise Invalid(
            _("An attribute has a type (%(types)s), and of JSON Schema's words no others than: %(words)s.")
            % {"types": ", ".join(_TYPES), "words": ", ".join(sorted(_WORDS))}
        )
    if given.get("pattern", attribute_kinds.DATE_PATTERN) != attribute_kinds.DATE_PATTERN:
        raise Invalid(_("The only pattern that an attribute may have is that of a date."), field="pattern")
    choices = given.get("enum", [""])
    if (
        not isinstance(choices, list)
        or not 0 < len(choices) <= MOST
        or any(not isinstance(choice, str) for choice in choices)
    ):
        raise Invalid(_("Choices are a list of 1 to %(most)s texts.") % {"most": MOST}, field="enum")
    for word in _NUMBERS:
        number = given.get(word, 0)
        if type(number) is not int or abs(number) > _LARGEST or (number < 0 and word.endswith("Length")):
            raise Invalid(_("This must be a whole number in range."), field=word)
    for word in ("title", "description"):
        if not isinstance(given.get(word, ""), str):
            raise Invalid(_("This must be text."), field=word)
