"""The canonical form of a text, made once before any span exists, and the way from offsets in the raw form
into it.

It changes as little as possible (DESIGN.md 4.3): CRLF and a lone CR become LF, one leading U+FEFF goes.
Nothing is trimmed and nothing normalised, so what the reader sees is what was loaded.
"""

import re
from bisect import bisect_left
from typing import Literal

from factcheck import exceptions
from factcheck.anchoring import units

Unit = Literal["code_point", "utf16"]

_BYTE_ORDER_MARK = "\ufeff"
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class NotText(exceptions.Invalid, ValueError):
    """The string holds what is no text; `extra` has `position` (code points) and `line` (from 1)."""

    title = "Not text"


def check_text(raw: str, *, field: str | None = None) -> None:
    """Raise NotText when `raw` holds a NUL or a lone surrogate (PostgreSQL or UTF-8 cannot hold them)."""
    found = _NOT_TEXT.search(raw)
    if found is None:
        return
    position = found.start()
    line = len(re.findall(r"\r\n?|\n", raw[:position])) + 1
    what = (
        "a NUL character (U+0000)"
        if found[0] == "\0"
        else f"half a character (lone surrogate U+{ord(found[0]):04X})"
    )
    raise NotText(
        f"The text has {what} at code point {position}, line {line}; remove it and try again.",
        field=field,
        extra={"position": position, "line": line},
    )


def canonical(raw: str) -> str:
    """Return the canonical text of `raw`; raise NotText, saying where, for NUL and lone surrogates.

    Applying it twice is the same as once, save for a text that begins with several U+FEFF (only one goes each
    time).
    """
    check_text(raw)
    return raw.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


class OffsetMap:
    """Offsets into one raw form to canonical code points: built in one pass, then a binary search each.

    `unit` says what the caller counts in the raw form: code points or UTF-16 code units.
    """

    def __init__(self, raw: str, unit: Unit = "code_point") -> None:
        if unit not in ("code_point", "utf16"):
            raise ValueError(f"unit must be 'code_point' or 'utf16', not {unit!r}")
        check_text(raw)
        self._unit = unit
        self._index = units.Utf16Index(raw) if unit == "utf16" else None
        self._length = len(raw)
        self._carriage_returns = [match.start() for match in re.finditer("\r\n", raw)]
        self._mark = raw.startswith(_BYTE_ORDER_MARK)

    def __call__(self, offset: int) -> int:
        """Return the canonical code point; raise units.BadOffset for a place that canonical text does not
        have.

        Such places are: out of range, inside a surrogate pair, between CR and LF. Before and after a leading
        U+FEFF are one place, the start.
        """
        if self._index is None:
            units.check_offset(offset, self._length, self._unit, "code points")
            place = offset
        else:
            place = self._index.to_code_points(offset)
        before = bisect_left(self._carriage_returns, place)
        if before and self._carriage_returns[before - 1] == place - 1:
            raise units.bad_offset(
                f"The offset {offset} lies between CR and LF, which are one line end here.",
                offset,
                self._unit,
            )
        return place - before - (self._mark and place > 0)


def map_offset(raw: str, offset: int, unit: Unit = "code_point") -> int:
    """Map an offset into the raw form (BOM, CRLF, perhaps UTF-16 units) to canonical code points, exactly.

    Raises units.BadOffset where canonical text has no such place, NotText where `raw` is no text. OffsetMap
    is for many.
    """
    return OffsetMap(raw, unit)(offset)
