"""The kinds of attribute that a manager can define in a form, and how each stands in JSON Schema.

JSON Schema stays what is stored. A property that none of these describes has no kind here and is left as it is.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?$"
LONGEST_TEXT = 200
_SHAPE = {"type", "enum", "pattern", "maxLength"}  # what a kind decides; all else is kept
_WORDS = {"title", "description"}


class Kind(StrEnum):
    """What may be filled in."""

    CHOICE = "choice"
    YES = "yes"
    TEXT = "text"
    DATE = "date"


def kind_of(schema: object) -> Kind | None:
    """Return the kind of a property's JSON Schema, or None for one that a form cannot show.

    >>> kind_of({"type": "boolean"})
    <Kind.YES: 'yes'>
    """
    if not isinstance(schema, dict) or set(schema) - _SHAPE - _WORDS:
        return None
    shape = {key: value for key, value in schema.items() if key in _SHAPE}
    match shape:
        case {"type": "boolean"} if len(shape) == 1:
            return Kind.YES
        case {"type": "string", "pattern": pattern} if len(shape) == 2 and pattern == DATE_PATTERN:
            return Kind.DATE
        case {"type": "string", "enum": [*values]} if len(shape) == 2 and all(
            isinstance(value, str) for value in values
        ):
            return Kind.CHOICE
        case {"type": "string"} if set(shape) <= {"type", "maxLength"}:
            return Kind.TEXT
    return None


def shaped(
    kind: Kind, *, choices: Sequence[str] = (), title: str = "", present: Any = None
) -> dict[str, Any]:
    """Return the JSON Schema of an attribute; of the present one what no kind decides is kept."""
    kept = {key: value for key, value in (present or {}).items() if key not in {*_SHAPE, "title"}}
    shapes: dict[Kind, dict[str, Any]] = {
        Kind.CHOICE: {"type": "string", "enum": list(choices)},
        Kind.YES: {"type": "boolean"},
        Kind.TEXT: {"type": "string", "maxLength": (present or {}).get("maxLength", LONGEST_TEXT)},
        Kind.DATE: {"type": "string", "pattern": DATE_PATTERN},
    }
    return shapes[kind] | kept | ({"title": title} if title else {})
