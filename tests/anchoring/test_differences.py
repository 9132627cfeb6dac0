"""Two extents of one text as stretches: nothing is lost or shown twice, and each is what it is called."""

from factcheck.anchoring.differences import Stretch, compare
from factcheck.anchoring.spans import Span

TEXT = "The mayor said that the bridge had been checked in May.\nNobody else knew of it.\n"


def told(before, after, around=10):
    return [tuple(one) for one in compare(TEXT, before, after, around)]


def test_what_is_taken_out_kept_and_added():
    assert told((Span(20, 47),), (Span(24, 54),)) == [
        ("gap", ""),
        ("around", "said that "),
        ("taken", "the "),
        ("kept", "bridge had been checked"),
        ("added", " in May"),
        ("around", "."),
    ]


def test_pieces_and_what_lies_between_them():
    assert told((Span(4, 14),), (Span(4, 9), Span(20, 30)), 40) == [
        ("around", "The "),
        ("kept", "mayor"),
        ("taken", " said"),
        ("around", " that "),
        ("added", "the bridge"),
        ("around", " had been checked in May."),
    ]


def test_the_middle_of_a_long_way_between_is_left_out():
    found = compare(TEXT, (Span(0, 3),), (Span(60, 66),), 5)
    assert [one.kind for one in found] == ["taken", "around", "gap", "around", "added", "around", "gap"]
    assert found[1] == Stretch("around", " mayo")


def test_from_nothing_all_is_added():
    assert told((), (Span(0, 9),)) == [("added", "The mayor"), ("around", " said that"), ("gap", "")]


def test_nothing_to_compare_is_nothing():
    assert compare(TEXT, (), ()) == []
