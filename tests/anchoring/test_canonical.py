"""Canonical text changes as little as possible; offsets into the raw form arrive exactly or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import exceptions
from factcheck.anchoring import units
from factcheck.anchoring.canonical import NotText, OffsetMap, canonical, check_text, map_offset
from tests.anchoring.strategies import raw_texts


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("\r\r\n\n", "\n\n\n"),
        ("\ufeffTitle", "Title"),
        ("\ufeff\ufeffTitle", "\ufeffTitle"),
        ("mid\ufeffdle", "mid\ufeffdle"),
        ("\ufeff\r\n", "\n"),
        ("  kept \t\n\n ", "  kept \t\n\n "),
        ("e\u0301 \ufb01 \u2028 \x0b \x85", "e\u0301 \ufb01 \u2028 \x0b \x85"),
        ("", ""),
    ],
)
def test_only_line_ends_and_one_leading_mark_change(raw, text):
    assert canonical(raw) == text


@pytest.mark.parametrize(
    ("raw", "position", "line", "what"),
    [
        ("a\0b", 1, 1, "a NUL character (U+0000)"),
        ("one\r\ntwo\r\n\ud83d", 10, 3, "half a character (lone surrogate U+D83D)"),
        ("one\rtwo\nth\udc00ree", 10, 3, "half a character (lone surrogate U+DC00)"),
    ],
)
def test_what_is_no_text_is_refused_saying_where(raw, position, line, what):
    with pytest.raises(NotText) as caught:
        canonical(raw)
    assert str(caught.value) == (
        f"The text has {what} at code point {position}, line {line}; remove it and try again."
    )
    assert caught.value.extra == {"position": position, "line": line}
    assert isinstance(caught.value, ValueError)
    assert caught.value.status == exceptions.Invalid.status


def test_check_text_names_the_field():
    check_text("fine 👍🏽", field="note")
    with pytest.raises(NotText) as caught:
        check_text("\0", field="note")
    assert caught.value.field == "note"


@given(raw_texts())
def test_canonical_is_lines_joined_anew(raw):
    text = canonical(raw)
    assert "\r" not in text
    assert text == "\n".join(raw.removeprefix("\ufeff").replace("\r\n", "\r").replace("\n", "\r").split("\r"))
    if not text.startswith("\ufeff"):
        assert canonical(text) == text


def brute_force(raw):
    """Every offset of the raw form in code points that canonical text has, and where: by cutting the raw form
    there.
    """
    places = {}
    for offset in range(len(raw) + 1):
        if raw[offset - 1 : offset + 1] == "\r\n":
            continue
        places[offset] = len(canonical(raw[:offset]))
    return places


@given(raw_texts())
def test_map_offset_equals_brute_force_in_code_points(raw):
    places = brute_force(raw)
    for offset in range(len(raw) + 1):
        if offset in places:
            assert map_offset(raw, offset) == places[offset]
        else:
            with pytest.raises(units.BadOffset, match=f"The offset {offset} lies between CR and LF"):
                map_offset(raw, offset)


@given(raw_texts())
def test_map_offset_equals_brute_force_in_utf16(raw):
    mapped = OffsetMap(raw, "utf16")
    by_unit = {len(raw[:o].encode("utf-16-le")) // 2: place for o, place in brute_force(raw).items()}
    for offset in range(len(raw.encode("utf-16-le")) // 2 + 1):
        if offset in by_unit:
            assert mapped(offset) == by_unit[offset]
        else:
            with pytest.raises(units.BadOffset, match=r"between CR and LF|inside a character"):
                mapped(offset)


@given(raw_texts(), st.data())
def test_mapped_span_covers_the_same_words(raw, data):
    places = brute_force(raw)
    start = data.draw(st.sampled_from(sorted(places)))
    end = data.draw(st.sampled_from([offset for offset in sorted(places) if offset >= start]))
    words = canonical(raw)[map_offset(raw, start) : map_offset(raw, end)]
    cut = raw[start:end]
    assert words == canonical(cut if start == 0 else "\ufeff" + cut)


@pytest.mark.parametrize("unit", ["code_point", "utf16"])
@pytest.mark.parametrize("offset", [-1, 6, pytest.param(10**5000, id="huge"), True, None, 2.0])
def test_offsets_out_of_range_are_refused(unit, offset):
    with pytest.raises(units.BadOffset):
        map_offset("a\r\nbc", offset, unit)


def test_unknown_unit_and_what_is_no_text_are_refused():
    with pytest.raises(ValueError, match="'bytes'"):
        map_offset("text", 0, "bytes")
    with pytest.raises(NotText):
        map_offset("te\0xt", 0)
