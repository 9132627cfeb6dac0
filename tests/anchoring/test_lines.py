"""An extent cut at line ends and put together again is the same, but for line ends at its edges."""

from hypothesis import given
from hypothesis import strategies as st

from factcheck.anchoring.lines import LINE_ENDS, by_line, joined, one_line
from factcheck.anchoring.spans import exact

TEXT = "one\ntwo\n\nthree\u2028four"


def test_span_over_lines_is_cut_and_joined():
    assert by_line(TEXT, [(0, 14)]) == [(0, 3), (4, 7), (9, 14)]
    assert joined(TEXT, [(9, 14), (0, 3), (4, 7)]) == [(0, 14)]
    assert by_line(TEXT, [(7, 9)]) == []


def test_pieces_with_words_between_them_stay_apart():
    assert joined(TEXT, [(0, 1), (2, 3), (4, 7)]) == [(0, 1), (2, 7)]


@given(st.text("ab \n\u2028", max_size=20), st.data())
def test_no_part_holds_a_line_end_and_no_word_is_lost(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    parts = by_line(text, [(start, end)])
    assert not set(LINE_ENDS) & set(exact(text, tuple(parts)))
    assert "".join(text[a:b] for a, b in parts) == "".join(
        character for character in text[start:end] if character not in LINE_ENDS
    )
    if parts:
        assert joined(text, parts) == [(parts[0].start, parts[-1].end)]


def test_words_for_one_line_have_no_line_end():
    assert one_line("a\r\nb\tc\u2029d\x85e") == "a  b c d e"
    assert len(one_line("a\n\x0b\x0c\x1c\u2028b").splitlines()) == 1
