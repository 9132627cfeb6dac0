"""Fields of the serializers: each takes what JSON says and nothing that only resembles it.

DRF's own make text of numbers and numbers of text; here `"5"` is no offset and `5` no note.
"""

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

INT_MAX = 2**31 - 1
MAX_DEPTH = 20
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_text(value: str) -> str:
    """Return the text; raise `ValidationError` where it has NUL or half a character."""
    if (found := _NO_TEXT.search(value)) is not None:
        what = _("a NUL character") if found[0] == "\x00" else _("half a character (a lone surrogate)")
        raise serializers.ValidationError(
            _("has %(what)s at position %(at)s; take it out.") % {"what": what, "at": found.start()}
        )
    return value


def is_text(value: object) -> bool:
    """Is this text that `check_text` takes?"""
    return type(value) is str and _NO_TEXT.search(value) is None


def parse_uuid(value: object) -> UUID | None:
    """Read a UUID in its usual form, of any version; None for anything else."""
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None


class Text(serializers.CharField):
    """Text, kept as it is: nothing is trimmed."""

    default_error_messages = {"invalid": gettext_lazy("must be text.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, **kwargs})

    def run_validation(self, data: Any = empty) -> Any:
        is_empty, data = self.validate_empty_values(data)
        return data if is_empty else self.to_internal_value(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return check_text(data)


class Id(serializers.UUIDField):
    """A UUID of any version, in its usual form."""

    default_error_messages = {"invalid": gettext_lazy("must be a UUID such as 0190b8b2-….")}

    def to_internal_value(self, data: Any) -> UUID:
        found = parse_uuid(data)
        if found is None:
            self.fail("invalid")
        return found


class Whole(serializers.IntegerField):
    """A whole number that PostgreSQL's integer can hold."""

    default_error_messages = {"invalid": gettext_lazy("must be a whole number in range.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": -INT_MAX, "max_value": INT_MAX, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int or not -INT_MAX <= data <= INT_MAX:
            self.fail("invalid")
        return data


class Flag(serializers.BooleanField):
    """true or false."""

    default_error_messages = {"invalid": gettext_lazy("must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    """One of a few words."""

    default_error_messages = {"invalid_choice": gettext_lazy("must be one of {choices}.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", choices=", ".join(self.choices))
        return data


@extend_schema_field({"type": "object", "additionalProperties": True})
class Object(serializers.Field):
    """A JSON object of which the project's own schema says what may stand in it."""

    default_error_messages = {"invalid": gettext_lazy("must be an object of names and values.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        _check_inside(data, MAX_DEPTH)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _check_inside(value: Any, depth: int) -> None:
    """Refuse what is nested too deep, and texts anywhere inside that are none."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict | list):
        if depth == 0:
            raise serializers.ValidationError(_("is nested more than %(most)s deep.") % {"most": MAX_DEPTH})
        if isinstance(value, dict):
            for key in value:
                check_text(key)
            value = value.values()
        for item in value:
            _check_inside(item, depth - 1)


class Input(serializers.Serializer[Any]):
    """A body's shape. Keys that only go out may be sent back unchanged; unknown ones are refused by name."""

    default_error_messages = {"invalid": gettext_lazy("must be a JSON object.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("must be a JSON object."))
        unknown = data.keys() - self.fields.keys()
        if unknown:
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            raise serializers.ValidationError(
                {
                    name: [_("is not known here; known are: %(known)s.") % {"known": known}]
                    for name in sorted(unknown)
                }
            )
        return dict(super().to_internal_value(data))

    @classmethod
    def check(cls, data: Any, *, partial: bool = False) -> dict[str, Any]:
        """Return what was sent, checked; raise `ValidationError` naming each field that is wrong."""
        return dict(_checker(cls, partial).run_validation(data))


@lru_cache(maxsize=64)
def _checker(serializer: type[Input], partial: bool) -> Input:
    """Keep one instance of each, since checking leaves no trace in it and making one costs more than using it."""
    return serializer(partial=partial)
