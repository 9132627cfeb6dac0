"""Draws a thing under review in its place: the blocks that it touches, one before and one after, and no more.

An article may have thousands of annotations: only those in the blocks shown are read and drawn, so an item costs the
same wherever it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString

from factcheck import queries
from factcheck.anchoring.spans import Extent, Span
from factcheck.models.fields import extent_literal
from factcheck.queries.page import Place
from factcheck.queries.review_desk import Missed, Near
from factcheck.queries.texts import Text
from factcheck.views import marks

CUE = "cue"  # the attributing words are drawn as a place of this tag, which no project has


class Drawn(NamedTuple):
    """A part of an article's text as HTML, with what stands in it."""

    words: SafeString
    near: list[Near]
    missed: list[Missed]


def drawn(
    viewer: UUID,
    article_id: UUID,
    text: Text,
    extents: Iterable[Extent],
    *,
    layers: Iterable[str],
    classes: Mapping[str, str],
    cue: Extent = (),
) -> Drawn:
    """Draw the blocks around some extents with what the layers have there; `classes` marks annotations by id."""
    wanted = shown_blocks(text, [*extents, cue] if cue else extents)
    ranges = tuple(Span(text.blocks[index][1], text.blocks[index][2]) for index in wanted)
    literal = extent_literal(_filled(ranges))
    near = queries.review_desk.near(viewer, article_id, layers, literal)
    missed = queries.review_desk.missed(viewer, article_id, literal)
    places = [one.place for one in near]
    places += [Place(one.id, one.tag, one.extent) for one in missed]
    if cue:
        places.append(Place(CUE, CUE, cue))
    places.sort(key=lambda place: (place.extent[0].start, -place.extent[-1].end))
    further = {**{one.id: "missed" for one in missed}, **classes}
    return Drawn(SafeString(_blocks(text, wanted, places, further)), near, missed)


def shown_blocks(text: Text, extents: Iterable[Extent]) -> list[int]:
    """Return the blocks that the extents touch, with the next that is not empty on either side."""
    touched = marks.touched(text, extents)
    wanted = set(touched)
    for index in touched:
        wanted.update(_beside(text, index, -1))
        wanted.update(_beside(text, index, 1))
    return sorted(wanted)


def _beside(text: Text, index: int, step: int) -> list[int]:
    """Return the neighbours up to the first with words in it; there may be several empty ones between."""
    found = []
    at = index + step
    while 0 <= at < len(text.blocks):
        found.append(at)
        _kind, start, end = text.blocks[at]
        if text.text[start:end].strip():
            return found
        at += step
    return []


def _filled(ranges: Sequence[Span]) -> Extent:
    """Leave out the ranges of empty blocks, which no multirange has."""
    return tuple(span for span in ranges if span.start < span.end)


def _blocks(text: Text, wanted: Sequence[int], places: Sequence[Place], classes: Mapping[str, str]) -> str:
    numbers = {place.id: number for number, place in enumerate(places, 1)}
    parts: list[str] = []
    last = -1
    for index in wanted:
        _kind, _start, end = text.blocks[index]
        if index != last + 1:
            parts.append(_gap(text.blocks[last][2] + 1 if last >= 0 else 0))
        parts.append(marks.block(text, index, places, numbers, classes=classes))
        parts.append(text.text[end : end + 1])
        last = index
    if 0 <= last < len(text.blocks) - 1:
        parts.append(_gap(text.blocks[last][2] + 1))
    return "".join(parts)


def _gap(start: int) -> str:
    """Stand for what is not shown, with the place where it begins: script reckons with it."""
    return f'<div class="gap" data-start="{start}"></div>'
