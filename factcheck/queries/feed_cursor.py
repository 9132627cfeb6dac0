"""Where somebody who follows the feed stands, written as an opaque word: base64url of JSON.

A cursor names the feed's epoch and, per project, how far it was read. Nothing in it is secret and nothing in
it is trusted: what a reader may see is asked anew each time.
"""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from factcheck.exceptions import Invalid

_MOST = 2**63 - 1
_LONGEST = 200_000
_LONGEST_TOLD = 80


class Replay(NamedTuple):
    """How far what became visible at the present place was told: it is told between that line and the next."""

    position: int
    ordinal: int


class Place(NamedTuple):
    """How far a project was read: all acts up to `position`, and `ordinal` events of the act after it.

    One event may be told in several lines: then `told` is the last of them that was (see `feed.Told`), and the event
    is the one right after the place.

    Reading goes in walks. A walk has an end (`upto`, the project's last act when it began) and remembers where it
    began (`base`): what a reader was not allowed to see up to there, and may see now, is told in this walk.
    """

    position: int = 0
    ordinal: int = 0
    base: int = 0
    upto: int = 0
    replay: Replay | None = None
    told: str = ""

    @property
    def walking(self) -> bool:
        """Is a walk under way?"""
        return self.upto > self.position

    @classmethod
    def at(cls, position: int) -> "Place":
        """Make the place of one who has read everything up to a position."""
        return cls(position, 0, position, position)


@dataclass(frozen=True)
class Cursor:
    """The epoch, and a place in each project that was read so far."""

    epoch: str
    places: dict[UUID, Place] = field(default_factory=dict)

    def encode(self) -> str:
        """Write it as one word for an address."""
        places = {_short(project): _flat(place) for project, place in self.places.items()}
        return _base64(orjson.dumps({"epoch": self.epoch, "at": places}))


def decode(word: str) -> Cursor:
    """Read a cursor; raise `Invalid` when it is none of ours."""
    try:
        if len(word) > _LONGEST:
            raise ValueError
        data = orjson.loads(base64.b64decode(_padded(word), altchars=b"-_", validate=True))
        epoch, places = data["epoch"], data["at"]
        if not isinstance(epoch, str) or not isinstance(places, dict):
            raise ValueError
        return Cursor(epoch, {_long(key): _place(value) for key, value in places.items()})
    except (ValueError, KeyError, TypeError, binascii.Error, UnicodeError) as error:
        raise Invalid(
            "This is no cursor of the feed; pass one on as it was given, or leave it out to read from the start.",
            field="after",
        ) from error


def _place(value: Any) -> Place:
    if not isinstance(value, list) or len(value) not in (1, 4, 5, 6):
        raise ValueError
    told = value.pop() if len(value) == 5 else ""
    if not isinstance(told, str) or len(told) > _LONGEST_TOLD:
        raise ValueError
    if any(type(number) is not int or not 0 <= number <= _MOST for number in value):
        raise ValueError
    if len(value) == 1:
        return Place.at(value[0])
    position, ordinal, base, upto, *rest = value
    if ordinal >= 2**31 or not base <= position < upto or (rest and rest[1] >= 2**31):
        raise ValueError
    return Place(position, ordinal, base, upto, Replay(*rest) if rest else None, told)


def _flat(place: Place) -> list[int | str]:
    if not place.walking:
        return [place.position]
    rest = [place.told] if place.told else [*(place.replay or ())]
    return [place.position, place.ordinal, place.base, place.upto, *rest]


def _short(project: UUID) -> str:
    return _base64(project.bytes)


def _long(word: str) -> UUID:
    return UUID(bytes=base64.b64decode(_padded(word), altchars=b"-_", validate=True))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _padded(word: str) -> bytes:
    return word.encode("ascii") + b"=" * (-len(word) % 4)
