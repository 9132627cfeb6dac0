"""Reading one line of the interchange format: every value is checked, and what is wrong is named by its place."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck.exceptions import Invalid
from factcheck.services.texts import MAX_NOTE, clean

FORMAT = 1
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Item:
    """One object of a line, with the place where it stands for what is said about it."""

    def __init__(self, data: Any, place: str) -> None:
        if not isinstance(data, dict):
            raise Invalid(_("%(place)s must be an object.") % {"place": place or _("The line")}, field=place)
        self.data = data
        self.place = place

    def at(self, name: str) -> str:
        """Name the place of one of its values."""
        return f"{self.place}.{name}" if self.place else name

    def refuse(self, name: str, sentence: str) -> Invalid:
        """Make the error that says what is wrong with a value, and where."""
        return Invalid(f"{self.at(name)}: {sentence}", field=self.at(name))

    def item(self, name: str) -> "Item":
        """Return an object in it, empty when there is none."""
        return Item(self.data.get(name) or {}, self.at(name))

    def items(self, name: str) -> Iterator["Item"]:
        """Return the objects of a list in it."""
        found = self.data.get(name) or []
        if not isinstance(found, list):
            raise self.refuse(name, _("must be a list."))
        for nth, one in enumerate(found):
            yield Item(one, f"{self.at(name)}.{nth}")

    def text(self, name: str, default: str | None = "", *, most: int = MAX_NOTE) -> str:
        """Return a text; without a default it must be there."""
        value = self.data.get(name)
        if value is None:
            if default is None:
                raise self.refuse(name, _("is missing."))
            return default
        return clean(value, self.at(name), max_length=most)

    def key(self, name: str) -> str | None:
        """Return what names a thing within the line, or None."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, str | int):
            raise self.refuse(name, _("must be an id."))
        return None if value is None else str(value).lower()

    def needed_key(self, name: str) -> str:
        """Return what names another thing; it must be there."""
        value = self.key(name)
        if value is None:
            raise self.refuse(name, _("is missing."))
        return value

    def whole(self, name: str, default: int) -> int:
        """Return a whole number from 1 that a column can hold."""
        value = self.data.get(name)
        if value is None:
            return default
        if type(value) is not int or not 1 <= value < 2**15:
            raise self.refuse(name, _("must be a whole number from 1."))
        return value

    def instant(self, name: str, default: datetime) -> datetime:
        """Return a time with its offset."""
        value = self.data.get(name)
        if value is None:
            return default
        try:
            found = datetime.fromisoformat(value)
            if found.tzinfo is not None:
                found.timestamp()
                return found
        except (TypeError, ValueError, OverflowError):
            pass
        raise self.refuse(name, _("must be a time with its offset, such as 2026-10-21T10:00:00Z."))

    def needed_instant(self, name: str) -> datetime:
        """Return a time with its offset; it must be there."""
        if self.data.get(name) is None:
            raise self.refuse(name, _("is missing."))
        return self.instant(name, datetime.min)

    def maybe_instant(self, name: str) -> datetime | None:
        """Return a time with its offset, or None."""
        return None if self.data.get(name) is None else self.instant(name, datetime.min)

    def pairs(self, name: str) -> list[tuple[Any, Any, str | None]]:
        """Return spans as start, end and, where they are told, the words there."""
        found = self.data.get(name)
        if type(found) is list and all(type(one) is dict for one in found):
            return [(one.get("start"), one.get("end"), one.get("exact")) for one in found]
        return [
            (one.data.get("start"), one.data.get("end"), one.data.get("exact")) for one in self.items(name)
        ]


def read(raw: bytes | dict[str, Any]) -> Item:
    """Return a line's object; raise `Invalid` when it is no JSON of a format that we know."""
    try:
        data = raw if isinstance(raw, dict) else orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Invalid(_("This is no JSON: %(why)s.") % {"why": error}) from error
    line = Item(data, "")
    if line.data.get("format", FORMAT) != FORMAT:
        raise Invalid(
            _("This is format %(given)s; this version reads format %(known)s.")
            % {"given": line.data["format"], "known": FORMAT},
            field="format",
        )
    return line


def as_uuid(key: str) -> UUID | None:
    """Return the UUID that a key is, or None when it is only a name within the line."""
    return UUID(key) if _UUID.fullmatch(key) else None
