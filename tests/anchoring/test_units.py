"""Code points and UTF-16 code units: exact in both directions, or refused."""

import pytest
from hypothesis import given

from factcheck import exceptions
from factcheck.anchoring import units
from tests.anchoring.strategies import texts

FAMILY = "a👨‍👩‍👧b"  # a, then 5 code points that take 8 units, then b


def test_offset_behind_an_emoji_family_counts_differently():
    assert units.to_utf16(FAMILY, FAMILY.index("b")) == 9
    assert units.to_code_points(FAMILY, 9) == 6
    assert FAMILY[units.to_code_points(FAMILY, 9)] == "b"


@given(texts())
def test_both_directions_equal_counting_by_encoding(text):
    index = units.Utf16Index(text)
    assert index.utf16_length == len(text.encode("utf-16-le")) // 2
    inside = set(range(index.utf16_length + 1))
    for offset in range(len(text) + 1):
        counted = len(text[:offset].encode("utf-16-le")) // 2
        assert index.to_utf16(offset) == units.to_utf16(text, offset) == counted
        assert index.to_code_points(counted) == units.to_code_points(text, counted) == offset
        inside.discard(counted)
    for offset in inside:
        with pytest.raises(units.BadOffset, match=f"offset {offset} lies inside a character"):
            index.to_code_points(offset)


@pytest.mark.parametrize(
    ("offset", "sentence"),
    [
        (-1, "The offset lies before the text: offsets count UTF-16 code units from 0."),
        (11, "The offset lies past the text, which has 10 UTF-16 code units."),
        pytest.param(10**5000, "The offset lies past the text, which has 10 UTF-16 code units.", id="huge"),
        (True, "An offset must be a whole number of UTF-16 code units."),
        ("3", "An offset must be a whole number of UTF-16 code units."),
    ],
)
def test_offset_out_of_range_is_refused_in_words(offset, sentence):
    with pytest.raises(units.BadOffset) as caught:
        units.to_code_points(FAMILY, offset)
    assert str(caught.value) == sentence
    assert caught.value.extra == {"offset": offset if offset in (-1, 11) else None, "unit": "utf16"}
    assert isinstance(caught.value, exceptions.Invalid)


def test_code_points_out_of_range_are_refused():
    with pytest.raises(units.BadOffset, match="past the text, which has 7 code points"):
        units.to_utf16(FAMILY, 8)
