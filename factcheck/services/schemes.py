"""What the acts on a project's scheme have in common: names, keys, titles and order are checked alike everywhere."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from factcheck.exceptions import Conflict, Invalid, Stale
from factcheck.services.texts import clean

MAX_TITLE = 60
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def checked_name(value: str, title: str, taken: Mapping[str, str]) -> str:
    """Return the name that data carry, made from the title where none is given; `taken` maps names to titles."""
    name = clean(value, "name", max_length=40).strip() or slugify(title).replace("-", "_")[:40]
    if not _NAME.fullmatch(name):
        raise Invalid(
            _("A name begins with a letter a to z and has small letters, digits, _ or -, at most 40."),
            field="name",
        )
    if name in taken:
        raise Conflict(
            _("There is “%(name)s” already: %(title)s.") % {"name": name, "title": taken[name]}, field="name"
        )
    return name


def is_name(value: str) -> bool:
    """Say whether data can carry the text as a name."""
    return bool(_NAME.fullmatch(value))


def checked_title(value: str, field: str = "title") -> str:
    """Return the title without space around it; it must not be empty."""
    return clean(value, field, max_length=MAX_TITLE, required=True).strip()


def checked_key(value: str, *, taken: Mapping[str, str], fixed: Mapping[str, str]) -> str:
    """Return the one character, in small; raise `Conflict` naming what has it already.

    `taken` maps keys to the titles of what they choose, `fixed` to what they do whatever the project says.
    """
    key = clean(value, "key", max_length=20).strip().lower()
    if len(key) != 1 or not key.isprintable():
        raise Invalid(_("A key is one character that a keyboard types."), field="key")
    if key in fixed:
        raise Conflict(
            _("“%(key)s” has a fixed meaning there: %(what)s.") % {"key": key, "what": fixed[key]},
            field="key",
        )
    if key in taken:
        raise Conflict(
            _("“%(key)s” is the key of %(title)s already.") % {"key": key, "title": taken[key]}, field="key"
        )
    return key


def checked_order(present: Sequence[str], wanted: Sequence[str], expect: Sequence[str] | None) -> list[str]:
    """Return the wanted order of names; raise `Stale` when the present one is not what the caller has seen."""
    if expect is not None and list(expect) != list(present):
        raise Stale(
            _("Somebody changed the order since you read it; this is how it is now."),
            extra={"present": list(present)},
        )
    if sorted(wanted) != sorted(present):
        raise Invalid(
            _("The order names each of these once: %(names)s.") % {"names": ", ".join(present)}, field="order"
        )
    return list(wanted)


def differing(row: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those changes that change something; what is None stays as it is."""
    return {
        name: value for name, value in changes.items() if value is not None and getattr(row, name) != value
    }
