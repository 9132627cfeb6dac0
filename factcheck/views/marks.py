"""Draws the article's words with its annotations: flat runs, block by block, as HTML.

Plain string building and no template, because a long article has thousands of runs. The text nodes come out
equal to the canonical text, code point for code point: nothing but it stands between the tags.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from factcheck.anchoring import runs
from factcheck.anchoring.spans import Extent, Span
from factcheck.queries.page import Place
from factcheck.queries.texts import Text

LANES = 4
# White space that a browser would collapse. Only such blocks keep it in view: elsewhere it would hang out, marked,
# at the ends of lines.
_SPACED = re.compile(r"\s\s|\t|^\s|\s$", re.MULTILINE)


def article(text: Text, places: Sequence[Place], numbers: Mapping[str, int]) -> str:
    """Return all blocks; `numbers` are the page's short numbers of the annotations."""
    parts = []
    waiting = list(reversed(places))
    near: list[Place] = []
    for index, (_kind, start, end) in enumerate(text.blocks):
        while waiting and waiting[-1].extent[0].start < end:
            near.append(waiting.pop())
        near = [place for place in near if place.extent[-1].end > start]
        parts.append(block(text, index, near, numbers))
        parts.append(text.text[end : end + 1])
    return "".join(parts)


def block(
    text: Text,
    index: int,
    places: Iterable[Place],
    numbers: Mapping[str, int],
    attributes: str = "",
    classes: Mapping[str, str] | None = None,
) -> str:
    """Return one block; `places` may hold more than touches it, `classes` has further ones of some annotations."""
    kind, start, end = text.blocks[index]
    name = "h1" if kind == "heading" else "p"
    inside = [(place, cut) for place in places if (cut := _cut(place.extent, start, end))]
    inner = (
        _runs(text.text, start, end, inside, numbers, classes)
        if inside
        else escape(text.text[start:end], quote=False)
    )
    spaced = ' class="pre"' if _SPACED.search(text.text, start, end) else ""
    return f'<{name} id="b-{index}" data-start="{start}"{spaced}{attributes}>{inner}</{name}>'


def _cut(extent: Extent, start: int, end: int) -> Extent:
    if start <= extent[0].start and extent[-1].end <= end:
        return extent
    return tuple(
        Span(max(piece.start, start), min(piece.end, end))
        for piece in extent
        if piece.start < end and start < piece.end
    )


def _runs(
    text: str,
    start: int,
    end: int,
    inside: list[tuple[Place, Extent]],
    numbers: Mapping[str, int],
    further: Mapping[str, str] | None = None,
) -> str:
    """Cut a block at every boundary. Ids stand in the order of their lanes, so that script can redraw a mark."""
    extents = [cut for _place, cut in inside]
    lanes = runs.lanes_of(extents)
    places = [place for place, _cut in inside]
    sizes = [sum(piece.end - piece.start for piece in place.extent) for place in places]
    parts = []
    for run in runs.runs_of(extents, start, end):
        words = escape(text[run.start : run.end], quote=False)
        if not run.ids:
            parts.append(words)
            continue
        ids = sorted(run.ids, key=lanes.__getitem__)
        shortest = min(ids, key=lambda i: (sizes[i], lanes[i]))
        classes = [f"t-{places[shortest].tag}"]
        classes += [f"l{lanes[i]}-{places[i].tag}" for i in ids if lanes[i] < LANES]
        # A piece that a line feed cuts goes on in the next block: only its true ends are drawn as ends.
        if any(_begins(places[i].extent, run.start) for i in ids):
            classes.append("s")
        if any(_ends(places[i].extent, run.end) for i in ids):
            classes.append("e")
        if further:
            classes += [further[places[i].id] for i in ids if places[i].id in further]
        last = " ".join(str(numbers[places[i].id]) for i in ids if places[i].extent[-1].end == run.end)
        note = f' data-e="{last}"' if last else ""
        short = " ".join(str(numbers[places[i].id]) for i in ids)
        parts.append(f'<mark data-ids="{short}" class="{" ".join(classes)}"{note}>{words}</mark>')
    return "".join(parts)


def _begins(extent: Extent, at: int) -> bool:
    return any(piece.start == at for piece in extent)


def _ends(extent: Extent, at: int) -> bool:
    return any(piece.end == at for piece in extent)


def touched(text: Text, extents: Iterable[Extent]) -> list[int]:
    """Return the blocks that any of the extents touches, in order."""
    pieces = [piece for extent in extents for piece in extent]
    return [
        index
        for index, (_kind, start, end) in enumerate(text.blocks)
        if any(piece.start < end and start < piece.end for piece in pieces)
    ]
