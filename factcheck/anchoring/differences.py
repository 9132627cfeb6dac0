"""Two extents of one text beside each other: which words both cover, which only one does, and what lies around."""

from itertools import pairwise
from typing import NamedTuple

from factcheck.anchoring.spans import Extent

AROUND = 40
"""So many code points of what neither covers are shown at each end of a stretch; the middle of a longer one is not."""


class Stretch(NamedTuple):
    """Words that are `kept` by both, `taken` out, `added`, or `around`, covered by neither; a `gap` has none."""

    kind: str
    words: str


def compare(text: str, before: Extent, after: Extent, around: int = AROUND) -> list[Stretch]:
    """Return the words of two extents as stretches in text order, with a little of what stands around them.

    >>> from factcheck.anchoring.spans import Span
    >>> [tuple(one) for one in compare("Iran has denied it", (Span(0, 18),), (Span(9, 18),))]
    [('taken', 'Iran has '), ('kept', 'denied it')]
    """
    ends = {end for extent in (before, after) for span in extent for end in span}
    if not ends:
        return []
    borders = sorted(ends | {max(0, min(ends) - around), min(len(text), max(ends) + around)})
    found: list[Stretch] = []
    for start, end in pairwise(borders):
        covered = _covers(before, start), _covers(after, start)
        if covered == (False, False):
            first, last = start < min(ends), end > max(ends)
            found += _around(text, start, end, around, first=first, last=last)
            continue
        kind = {(True, True): "kept", (True, False): "taken", (False, True): "added"}[covered]
        found.append(Stretch(kind, text[start:end]))
    return found


def _covers(extent: Extent, point: int) -> bool:
    return any(start <= point < end for start, end in extent)


def _around(text: str, start: int, end: int, around: int, *, first: bool, last: bool) -> list[Stretch]:
    """Return what lies between two stretches, or at either end of all, cut at the line and in the middle."""
    words = text[start:end]
    if first:
        line = words.rpartition("\n")[2]
        cut = start > 0 and len(line) == len(words)
        return [*([Stretch("gap", "")] if cut else []), *([Stretch("around", line)] if line else [])]
    if last:
        line = words.partition("\n")[0]
        cut = end < len(text) and len(line) == len(words)
        return [*([Stretch("around", line)] if line else []), *([Stretch("gap", "")] if cut else [])]
    if len(words) <= 2 * around:
        return [Stretch("around", words)]
    return [Stretch("around", words[:around]), Stretch("gap", ""), Stretch("around", words[-around:])]
