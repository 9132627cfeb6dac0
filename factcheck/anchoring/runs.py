"""Overlapping extents cut at every boundary into flat runs, block by block, and the lanes in which they are
drawn.

Ids here are the places of the extents in the sequence given (short, page-local numbers, no UUIDs). All
lookups see the whole text once: 20,000 words with 2,000 annotations take milliseconds, one paragraph alone a
fraction of that.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from factcheck.anchoring.blocks import Block
from factcheck.anchoring.spans import Extent

LANES = 16
"""As many lanes as are ever drawn; what would lie deeper shares the last."""


class Run(NamedTuple):
    """A range of one block over which the same annotations lie; `ids` ascend and are empty over plain text.

    `starts` are those of them whose first drawn run this is, `ends` those whose last one: an annotation of
    several pieces or blocks has one of each.
    """

    start: int
    end: int
    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


_Clip = tuple[int, int, int]  # start, end, id: what of a piece lies in one block


def runs_of(extents: Sequence[Extent], start: int, end: int) -> list[Run]:
    """Cut `[start, end)`, a block's range, into runs that tile it; an empty range has none.

    `starts` and `ends` name the extents that begin and end within the range. For a whole text take
    runs_by_block, which knows all blocks: it also marks the first run of an annotation that begins on a line
    end.
    """
    clips: list[_Clip] = []
    firsts: list[tuple[int, int]] = []
    lasts: list[tuple[int, int]] = []
    for number, extent in enumerate(extents):
        for piece_start, piece_end in extent:
            if piece_start < end and piece_end > start:
                clips.append((max(piece_start, start), min(piece_end, end), number))
        if start <= extent[0].start < end:
            firsts.append((extent[0].start, number))
        if start < extent[-1].end <= end:
            lasts.append((extent[-1].end, number))
    return _cut(start, end, clips, firsts, lasts)


def runs_by_block(extents: Sequence[Extent], blocks: Sequence[Block]) -> list[list[Run]]:
    """Return the runs of each block, in the order of the blocks; together they tile every block exactly."""
    runs = runs_for_blocks(extents, blocks, range(len(blocks)))
    return [runs[index] for index in range(len(blocks))]


def runs_for_blocks(
    extents: Sequence[Extent], blocks: Sequence[Block], wanted: Collection[int]
) -> dict[int, list[Run]]:
    """Return the runs of some blocks only, by the block's index, in ascending order: to draw one paragraph
    anew.

    They are the same as those of runs_by_block. `wanted` holds indices into `blocks`, from 0.
    """
    block_ends = [block.end for block in blocks]
    clips: dict[int, list[_Clip]] = {index: [] for index in sorted(wanted)}
    firsts: dict[int, list[tuple[int, int]]] = {index: [] for index in clips}
    lasts: dict[int, list[tuple[int, int]]] = {index: [] for index in clips}
    for number, extent in enumerate(extents):
        first: tuple[int, int] | None = None
        last = (-1, 0)
        for piece_start, piece_end in extent:
            index = bisect_right(
                block_ends, piece_start
            )  # the first block with something at or after the start
            while index < len(blocks) and blocks[index].start < piece_end:
                block = blocks[index]
                if block.start < block.end:
                    start, end = max(piece_start, block.start), min(piece_end, block.end)
                    if first is None:
                        first = (index, start)
                    last = (index, end)
                    if index in clips:
                        clips[index].append((start, end, number))
                index += 1
        if first is not None:
            if first[0] in clips:
                firsts[first[0]].append((first[1], number))
            if last[0] in clips:
                lasts[last[0]].append((last[1], number))
    return {
        index: _cut(blocks[index].start, blocks[index].end, clips[index], firsts[index], lasts[index])
        for index in clips
    }


def _cut(
    start: int,
    end: int,
    clips: list[_Clip],
    firsts: list[tuple[int, int]],
    lasts: list[tuple[int, int]],
) -> list[Run]:
    """Sweep once over the clips of `[start, end)`; `firsts` and `lasts` say where an annotation begins and
    ends.
    """
    if start >= end:
        return []
    if not clips:
        return [Run(start, end, (), (), ())]
    opening = _by_offset([(clip_start, number) for clip_start, _, number in clips])
    closing = _by_offset([(clip_end, number) for _, clip_end, number in clips])
    starting, ending = _by_offset(firsts), _by_offset(lasts)
    cuts = sorted({start, end, *opening, *closing})
    runs: list[Run] = []
    active: list[int] = []
    for here, there in pairwise(cuts):
        for number in closing.get(here, ()):
            del active[bisect_left(active, number)]
        for number in opening.get(here, ()):
            insort(active, number)
        runs.append(
            Run(here, there, tuple(active), tuple(starting.get(here, ())), tuple(ending.get(there, ())))
        )
    return runs


def _by_offset(pairs: list[tuple[int, int]]) -> dict[int, list[int]]:
    """Group (offset, id) pairs by offset, keeping their order, which ascends by id."""
    grouped: dict[int, list[int]] = {}
    for offset, number in pairs:
        grouped.setdefault(offset, []).append(number)
    return grouped


def lanes_of(extents: Sequence[Extent], *, limit: int = LANES) -> list[int]:
    """Give each extent the smallest lane that is free over its whole hull; lane 0 is nearest to the words.

    Greedy interval colouring in text order: as few lanes as possible, and what comes later in the text does
    not move what came before. Of those that start together the shorter is nearer, then the one given first.
    An annotation of several pieces keeps one lane over all of them. Lanes run from 0 to `limit - 1`: where
    more overlap than that, the rest share the last.
    """
    lanes = [0] * len(extents)
    taken: list[tuple[int, int]] = []  # heap of (end, lane)
    free: list[int] = []  # heap of lanes used before
    order = sorted(range(len(extents)), key=lambda i: (extents[i][0].start, extents[i][-1].end, i))
    lane_count = 0
    for number in order:
        while taken and taken[0][0] <= extents[number][0].start:
            heappush(free, heappop(taken)[1])
        if free:
            lane = heappop(free)
        else:
            lane = lane_count
            lane_count += 1
        heappush(taken, (extents[number][-1].end, lane))
        lanes[number] = min(lane, limit - 1)
    return lanes
