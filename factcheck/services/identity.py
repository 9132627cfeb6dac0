"""Ids that a client brings: the same content again is the same thing, other content needs to have seen it."""

import hashlib
from typing import Any, NamedTuple, NoReturn, TypeVar

import orjson
from django.utils.translation import gettext as _

from factcheck.exceptions import Gone, IdTaken, PreconditionRequired, Stale

T = TypeVar("T")


class Made(NamedTuple):
    """What a create came to: the present row, and whether this call made it."""

    row: Any
    fresh: bool


def content_hash(content: dict[str, Any]) -> bytes:
    """Return the SHA-256 of the content that a thing is first made with, keys in order."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).digest()


def refuse_taken() -> NoReturn:
    """Refuse an id without telling what it belongs to."""
    raise IdTaken(_("This id is in use already; make another one."), field="id")


def refuse_withdrawn() -> NoReturn:
    """Tell that the thing was withdrawn."""
    raise Gone(_("This was withdrawn; restore it to change it."))


def same_again(present: Any, *, kept: bytes | memoryview | None, given: bytes, withdrawn: bool) -> Made:
    """Answer a create whose id is in use by a thing that the caller may see.

    Raises `Gone` when it was withdrawn and `PreconditionRequired` when the content is another one.
    """
    if withdrawn:
        refuse_withdrawn()
    if kept is None or bytes(kept) != given:
        raise PreconditionRequired(
            _("This id exists with other content; say in If-Match which revision you change."),
            field="id",
            extra={"present": present},
        )
    return Made(present, False)


def check_unchanged(expect: int | None, revision: int, present: Any) -> None:
    """Raise `Stale` with the present state unless the caller has seen it; None does not ask."""
    if expect is not None and expect != revision:
        raise Stale(
            _("Somebody changed this since you read it (you have seen revision %(seen)s, it is at %(now)s).")
            % {"seen": expect, "now": revision},
            extra={"present": present},
        )
