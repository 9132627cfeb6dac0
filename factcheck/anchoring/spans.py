"""Spans and extents: what an annotation covers, checked against the length of its text.

The rules are DESIGN.md 2 and 6.2: pieces are sorted, touching ones merged, overlapping ones refused.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from factcheck import exceptions


class Span(NamedTuple):
    """A half-open range `[start, end)` in code points."""

    start: int
    end: int


Extent = tuple[Span, ...]
"""One or more spans in text order, neither overlapping nor touching."""


class BadExtent(exceptions.Invalid, ValueError):
    """The pieces make no extent of this text; `extra` has `piece` (its index as given) and `length` (of the
    text).
    """

    title = "Not a place in this text"


_SAYABLE = 2**63


def _say(number: int) -> str:
    """Return the number for a message; huge ones in words (Python prints no more than 4,300 digits)."""
    return str(number) if abs(number) < _SAYABLE else "a number beyond 64 bits"


def _bad(sentence: str, length: int, piece: int | None = None) -> BadExtent:
    return BadExtent(sentence, field="spans", extra={"piece": piece, "length": length})


def _span_of(pair: Any, name: str, index: int, length: int) -> Span:
    """Return one piece as a checked Span; `name` is how messages call it."""
    if not isinstance(pair, Sequence) or isinstance(pair, str | bytes) or len(pair) != 2:
        raise _bad(f"{name} is not a pair of a start and an end.", length, index)
    start, end = pair
    if type(start) is not int or type(end) is not int:  # bool is an int to isinstance, but no offset
        raise _bad(f"{name} needs whole numbers of code points for its start and its end.", length, index)
    name = f"{name}, {_say(start)} to {_say(end)},"
    if start < 0:
        raise _bad(f"{name} starts before the text: offsets count code points from 0.", length, index)
    if end > length:
        raise _bad(f"{name} ends past the text, which has {length} code points.", length, index)
    if start == end:
        raise _bad(f"{name} is empty: the end must be greater than the start, in code points.", length, index)
    if start > end:
        raise _bad(f"{name} is reversed: the end, in code points, comes before the start.", length, index)
    return Span(start, end)


def extent_of(pairs: Iterable[Any], *, length: int) -> Extent:
    """Make an extent of `(start, end)` pairs in code points of a text that is `length` code points long.

    Pieces may come in any order; touching ones are merged. Raises BadExtent, naming the piece (counted from 1
    in the order given) and what is wrong, when there is none, or one is no pair of integers, empty, reversed,
    out of range, or overlaps another.
    """
    given = list(pairs)
    if not given:
        raise _bad("No piece of the text is given: at least one span is needed.", length)
    many = len(given) > 1
    checked = [
        (_span_of(pair, f"Piece {index + 1} of {len(given)}" if many else "The span", index, length), index)
        for index, pair in enumerate(given)
    ]
    checked.sort()
    merged: list[Span] = []
    for (previous, a), (span, b) in zip([(Span(0, 0), -1), *checked], checked, strict=False):
        if span.start < previous.end:
            raise _overlap(given, min(a, b), max(a, b), length)
        if merged and span.start == previous.end:
            merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return tuple(merged)


def _overlap(given: Sequence[Sequence[int]], a: int, b: int, length: int) -> BadExtent:
    """Say which two pieces overlap and by how much."""
    (start_a, end_a), (start_b, end_b) = given[a], given[b]
    shared = min(end_a, end_b) - max(start_a, start_b)
    return _bad(
        f"Piece {a + 1} ({start_a} to {end_a}) and piece {b + 1} ({start_b} to {end_b}) overlap by {shared}"
        f" code point{'' if shared == 1 else 's'}: pieces of one annotation may touch but not overlap.",
        length,
        b,
    )


def pieces(text: str, extent: Extent) -> tuple[str, ...]:
    """Return the words at each span, in text order."""
    return tuple(text[start:end] for start, end in extent)


def exact(text: str, extent: Extent) -> str:
    """Return what the extent covers as one string: its pieces joined by one space (DESIGN.md 6.2)."""
    return " ".join(pieces(text, extent))


def hull(extent: Extent) -> Span:
    """Return the range from the first start to the last end, gaps included."""
    return Span(extent[0].start, extent[-1].end)
