"""Code points to UTF-16 code units and back: browsers, Java and .NET count units, everything here counts code
points.
"""

import re
from bisect import bisect_left

from factcheck import exceptions

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")  # two units in UTF-16, one code point


class BadOffset(exceptions.Invalid, ValueError):
    """The offset is no place between two characters of the text; `extra` has `offset` and `unit`."""

    title = "Not a place in this text"


def bad_offset(sentence: str, offset: object, unit: str) -> BadOffset:
    """Make the error, with the offset where JSON can carry it."""
    sayable = offset if type(offset) is int and abs(offset) < 2**63 else None
    return BadOffset(sentence, extra={"offset": sayable, "unit": unit})


def check_offset(offset: object, limit: int, unit: str, words: str) -> None:
    """Raise BadOffset unless `offset` is a whole number from 0 to `limit`; `words` name the unit in the
    message.
    """
    if type(offset) is not int:
        raise bad_offset(f"An offset must be a whole number of {words}.", offset, unit)
    if offset < 0:
        raise bad_offset(f"The offset lies before the text: offsets count {words} from 0.", offset, unit)
    if offset > limit:
        raise bad_offset(f"The offset lies past the text, which has {limit} {words}.", offset, unit)


class Utf16Index:
    """Both directions for many offsets into one text: built in one pass, then a binary search each."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self._astral = [match.start() for match in _ASTRAL.finditer(text)]
        self._units = [offset + before for before, offset in enumerate(self._astral)]
        self.utf16_length = self.length + len(self._astral)

    def to_code_points(self, utf16_offset: int) -> int:
        """Return the code point offset; raise BadOffset out of range or inside a surrogate pair."""
        check_offset(utf16_offset, self.utf16_length, "utf16", "UTF-16 code units")
        before = bisect_left(self._units, utf16_offset)
        if before and self._units[before - 1] == utf16_offset - 1:
            raise bad_offset(
                f"The offset {utf16_offset} lies inside a character that takes two UTF-16 code units.",
                utf16_offset,
                "utf16",
            )
        return utf16_offset - before

    def to_utf16(self, code_point_offset: int) -> int:
        """Return the offset in UTF-16 code units; raise BadOffset out of range."""
        check_offset(code_point_offset, self.length, "code_point", "code points")
        return code_point_offset + bisect_left(self._astral, code_point_offset)


def to_code_points(text: str, utf16_offset: int) -> int:
    """Turn an offset in UTF-16 code units of `text` into code points; see Utf16Index for many."""
    return Utf16Index(text).to_code_points(utf16_offset)


def to_utf16(text: str, code_point_offset: int) -> int:
    """Turn an offset in code points of `text` into UTF-16 code units; see Utf16Index for many."""
    return Utf16Index(text).to_utf16(code_point_offset)
