"""Extents: what is taken, what is merged, and what a person reads when one is refused."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import exceptions
from factcheck.anchoring import spans

TEXT = "Images of the crashed drones have been held up as proof, given their likeness."


def test_extent_is_sorted_and_keeps_gaps():
    assert spans.extent_of([(20, 30), [0, 6]], length=40) == (spans.Span(0, 6), spans.Span(20, 30))


def test_touching_pieces_are_merged():
    assert spans.extent_of([(5, 9), (0, 5), (9, 10)], length=10) == (spans.Span(0, 10),)


def test_extent_may_cover_the_whole_text():
    assert spans.extent_of([(0, 3)], length=3) == ((0, 3),)


@pytest.mark.parametrize(
    ("pairs", "sentence", "piece"),
    [
        ([], "No piece of the text is given: at least one span is needed.", None),
        ([(5, 5)], "The span, 5 to 5, is empty: the end must be greater than the start, in code points.", 0),
        ([(7, 5)], "The span, 7 to 5, is reversed: the end, in code points, comes before the start.", 0),
        ([(-1, 5)], "The span, -1 to 5, starts before the text: offsets count code points from 0.", 0),
        ([(0, 51)], "The span, 0 to 51, ends past the text, which has 50 code points.", 0),
        (
            [(1, 2), (60, 61)],
            "Piece 2 of 2, 60 to 61, ends past the text, which has 50 code points.",
            1,
        ),
        (
            [(10, 20), (0, 12)],
            "Piece 1 (10 to 20) and piece 2 (0 to 12) overlap by 2 code points:"
            " pieces of one annotation may touch but not overlap.",
            1,
        ),
        (
            [(0, 5), (10, 20), (4, 6)],
            "Piece 1 (0 to 5) and piece 3 (4 to 6) overlap by 1 code point:"
            " pieces of one annotation may touch but not overlap.",
            2,
        ),
        (
            [(3, 4), (3, 4)],
            "Piece 1 (3 to 4) and piece 2 (3 to 4) overlap by 1 code point:"
            " pieces of one annotation may touch but not overlap.",
            1,
        ),
    ],
)
def test_refusal_names_the_piece_and_what_is_wrong(pairs, sentence, piece):
    with pytest.raises(spans.BadExtent) as caught:
        spans.extent_of(pairs, length=50)
    assert str(caught.value) == sentence
    assert caught.value.field == "spans"
    assert caught.value.extra == {"piece": piece, "length": 50}


@pytest.mark.parametrize("pair", [None, 5, (1,), (1, 2, 3), "12", b"12", {1: 2}, {"start": 1, "end": 2}])
def test_what_is_no_pair_is_refused(pair):
    with pytest.raises(spans.BadExtent, match="The span is not a pair of a start and an end"):
        spans.extent_of([pair], length=50)


@pytest.mark.parametrize("pair", [(True, 5), (0, True), (0.0, 5), ("0", "5"), (None, 5), (0, None)])
def test_offsets_must_be_whole_numbers(pair):
    with pytest.raises(spans.BadExtent, match="needs whole numbers of code points"):
        spans.extent_of([pair], length=50)


def test_a_number_too_long_to_print_is_refused_in_words():
    with pytest.raises(spans.BadExtent, match="0 to a number beyond 64 bits, ends past the text"):
        spans.extent_of([(0, 10**5000)], length=50)


def test_bad_extent_is_a_value_error_and_maps_to_422():
    assert issubclass(spans.BadExtent, ValueError)
    assert issubclass(spans.BadExtent, exceptions.Invalid)
    assert spans.BadExtent.status == 422


def test_pieces_and_exact_are_what_stands_there():
    extent = spans.extent_of([(57, 62), (0, 6)], length=len(TEXT))
    assert spans.pieces(TEXT, extent) == ("Images", "given")
    assert spans.exact(TEXT, extent) == "Images given"
    assert spans.hull(extent) == spans.Span(0, 62)


def test_exact_of_one_piece_keeps_its_line_ends():
    assert spans.exact("one\ntwo", (spans.Span(1, 6),)) == "ne\ntw"


@given(st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), max_size=6))
def test_extent_holds_exactly_the_code_points_given_or_is_refused(pairs):
    covered = [offset for start, end in pairs for offset in range(start, end)]
    legal = (
        bool(pairs)
        and all(0 <= start < end <= 25 for start, end in pairs)
        and len(covered) == len(set(covered))
    )
    if not legal:
        with pytest.raises(spans.BadExtent):
            spans.extent_of(pairs, length=25)
        return
    extent = spans.extent_of(pairs, length=25)
    assert [offset for start, end in extent for offset in range(start, end)] == sorted(covered)
    assert all(a.end < b.start for a, b in itertools.pairwise(extent))
    assert spans.extent_of(extent, length=25) == extent
