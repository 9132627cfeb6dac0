"""Flat runs tile every block, name exactly what covers them, and lanes never put two overlapping annotations
together.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.anchoring.blocks import Block, blocks_of
from factcheck.anchoring.runs import Run, lanes_of, runs_by_block, runs_for_blocks, runs_of
from factcheck.anchoring.spans import Span, extent_of, hull
from tests.anchoring.strategies import extents, texts


@st.composite
def annotated(draw):
    text = draw(texts(min_size=1))
    return text, draw(st.lists(extents(len(text)), max_size=8))


def covering(extents, offset):
    return tuple(i for i, extent in enumerate(extents) if any(a <= offset < b for a, b in extent))


def test_overlap_is_cut_at_every_boundary():
    extents = [(Span(0, 10),), (Span(5, 15),), (Span(5, 8),)]
    assert runs_of(extents, 0, 20) == [
        Run(0, 5, (0,), (0,), ()),
        Run(5, 8, (0, 1, 2), (1, 2), (2,)),
        Run(8, 10, (0, 1), (), (0,)),
        Run(10, 15, (1,), (), (1,)),
        Run(15, 20, (), (), ()),
    ]


def test_plain_block_is_one_run_and_an_empty_one_has_none():
    assert runs_of([], 3, 9) == [Run(3, 9, (), (), ())]
    assert runs_of([(Span(0, 9),)], 4, 4) == []


def test_discontinuous_annotation_starts_and_ends_once():
    assert runs_of([(Span(0, 2), Span(4, 6))], 0, 6) == [
        Run(0, 2, (0,), (0,), ()),
        Run(2, 4, (), (), ()),
        Run(4, 6, (0,), (), (0,)),
    ]


def test_range_in_the_middle_of_an_annotation_has_neither_its_start_nor_its_end():
    assert runs_of([(Span(0, 30),)], 10, 20) == [Run(10, 20, (0,), (), ())]


def test_annotation_across_paragraphs_starts_in_the_first_and_ends_in_the_last():
    text = "one\ntwo\n\nthree"
    runs = runs_by_block([(Span(1, 11),)], blocks_of(text))
    assert [[(run.ids, run.starts, run.ends) for run in block] for block in runs] == [
        [((), (), ()), ((0,), (0,), ())],
        [((0,), (), ())],
        [],
        [((0,), (), (0,)), ((), (), ())],
    ]


def test_annotation_that_begins_and_ends_on_line_ends_still_starts_and_ends_where_it_is_drawn():
    text = "one\n\ntwo\nthree"
    runs = runs_by_block([(Span(3, 9),)], blocks_of(text))
    assert runs[2] == [Run(5, 8, (0,), (0,), (0,))]


def test_annotation_of_line_ends_alone_is_not_drawn():
    assert runs_by_block([(Span(1, 3),)], blocks_of("a\n\nb")) == [
        [Run(0, 1, (), (), ())],
        [],
        [Run(3, 4, (), (), ())],
    ]


@given(annotated())
def test_runs_tile_every_block_and_ids_equal_brute_force(case):
    text, extents = case
    blocks = blocks_of(text)
    by_block = runs_by_block(extents, blocks)
    assert len(by_block) == len(blocks)
    for block, runs in zip(blocks, by_block, strict=True):
        assert [o for run in runs for o in range(run.start, run.end)] == list(range(block.start, block.end))
        for run in runs:
            assert run.start < run.end
            assert all(covering(extents, offset) == run.ids for offset in range(run.start, run.end))
        plain = [(run.start, run.end, run.ids) for run in runs]
        assert plain == [(r.start, r.end, r.ids) for r in runs_of(extents, block.start, block.end)]


@given(annotated())
def test_every_drawn_annotation_starts_in_its_first_run_and_ends_in_its_last(case):
    text, extents = case
    runs = [run for block in runs_by_block(extents, blocks_of(text)) for run in block]
    for number in range(len(extents)):
        drawn = [run for run in runs if number in run.ids]
        assert [run for run in runs if number in run.starts] == drawn[:1]
        assert [run for run in runs if number in run.ends] == drawn[-1:]


@given(annotated(), st.integers(0, 10), st.integers(0, 60))
def test_runs_of_a_range_mark_what_begins_and_ends_in_it(case, start, end):
    _, extents = case
    runs = runs_of(extents, start, end)
    for number, extent in enumerate(extents):
        begins = [run.start for run in runs if number in run.starts]
        ends = [run.end for run in runs if number in run.ends]
        assert begins == ([extent[0].start] if start <= extent[0].start < end else [])
        assert ends == ([extent[-1].end] if start < extent[-1].end <= end else [])


@given(annotated(), st.data())
def test_some_blocks_alone_equal_the_same_blocks_of_the_whole(case, data):
    text, extents = case
    blocks = blocks_of(text)
    wanted = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    whole = runs_by_block(extents, blocks)
    assert runs_for_blocks(extents, blocks, wanted) == {index: whole[index] for index in wanted}
    assert list(runs_for_blocks(extents, blocks, wanted)) == sorted(wanted)


def test_block_that_does_not_exist_is_an_error():
    with pytest.raises(IndexError):
        runs_for_blocks([], [Block("paragraph", 0, 1)], {1})


def test_lanes_are_given_in_text_order_the_shorter_nearer():
    extents = [(Span(0, 20),), (Span(0, 5),), (Span(5, 9),), (Span(30, 40),), (Span(4, 6), Span(35, 36))]
    assert lanes_of(extents) == [1, 0, 0, 0, 2]


def test_equal_extents_keep_the_order_given():
    assert lanes_of([(Span(0, 5),), (Span(0, 5),), (Span(0, 5),)]) == [0, 1, 2]


def test_lanes_are_bounded_and_the_deepest_share_the_last():
    assert lanes_of([(Span(0, 5),)] * 20) == [*range(16), 15, 15, 15, 15]
    assert lanes_of([(Span(0, 5),)] * 4, limit=2) == [0, 1, 1, 1]
    assert lanes_of([]) == []


@given(annotated())
def test_overlapping_hulls_have_different_lanes_and_no_lane_is_wasted(case):
    _, extents = case
    lanes = lanes_of(extents)
    hulls = [hull(extent) for extent in extents]
    for i, a in enumerate(hulls):
        for j, b in enumerate(hulls[:i]):
            if a.start < b.end and b.start < a.end:
                assert lanes[i] != lanes[j]
    depth = max((sum(h.start <= at.start < h.end for h in hulls) for at in hulls), default=0)
    assert len(set(lanes)) == depth


@given(annotated())
def test_what_comes_later_in_the_text_does_not_move_what_came_before(case):
    _, extents = case
    ordered = sorted(extents, key=lambda extent: (extent[0].start, extent[-1].end))
    assert lanes_of(ordered)[:-1] == lanes_of(ordered[:-1])


def test_large_crowded_article_is_cut():
    words = ["word"] * 20_000
    text = "\n".join(" ".join(words[i : i + 100]) for i in range(0, len(words), 100))
    blocks = blocks_of(text)
    spread = [(i * 55, i * 55 + 40 + i % 50) for i in range(1800)]
    crowd = [(50_000 + i, 50_050 + i * 2) for i in range(200)]
    extents = [extent_of([pair], length=len(text)) for pair in spread + crowd]
    runs = runs_by_block(extents, blocks)
    assert max(len(run.ids) for block in runs for run in block) > 50
    assert sum(map(len, runs)) > 3500
