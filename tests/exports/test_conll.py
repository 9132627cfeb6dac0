"""Every row has the same columns, every offset its token, and every annotation its B."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exports import conll
from tests.exports.documents import TEXT, annotation, document, full, spans_of

GOLDEN = Path(__file__).parents[1] / "golden" / "tokens.conll"


def written(*documents):
    return b"".join(conll.write(documents)).decode()


def rows(made):
    """Return the rows as readers of lines see them, without comments."""
    return [line.split("\t") for line in made.splitlines() if line and not line.startswith("# ")]


def column(made, nth):
    return [row[3 + nth] for row in rows(made)]


def test_file_is_that_of_the_golden_file():
    made = written(full())
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_pieces_begin_each_for_themselves_and_words_between_are_none():
    made = written(document(annotation(1, spans_of(TEXT, "The mayor", "is safe")), owners=("ana",)))
    said = dict(zip([row[2] for row in rows(made)], column(made, 0), strict=True))
    assert [said[word] for word in ("The", "mayor", "says", "is", "safe")] == [
        *("B-claim", "I-claim", "O"),
        *("B-claim", "I-claim"),
    ]


def test_tags_have_a_column_each_and_annotations_of_one_tag_that_overlap_a_lane():
    made = written(
        document(
            annotation(1, spans_of(TEXT, "mayor says it is")),
            annotation(2, spans_of(TEXT, "it is safe")),
            annotation(3, spans_of(TEXT, "says it"), tag="denial"),
            owners=("ana",),
        )
    )
    at = {row[2]: row[3:] for row in rows(made)}
    assert at["mayor"] == ["B-claim", "O"]
    assert at["says"] == ["I-claim", "B-denial"]
    assert at["it"] == ["I-claim|B-claim", "I-denial"]
    assert at["is"] == ["I-claim|I-claim", "O"]
    assert at["safe"] == ["O|I-claim", "O"]


def test_annotations_that_touch_are_told_apart():
    touching = annotation(1, spans_of(TEXT, "is ")), annotation(2, spans_of(TEXT, "safe"))
    at = {row[2]: row[3] for row in rows(written(document(*touching, owners=("ana",))))}
    assert (at["is"], at["safe"]) == ("B-claim", "B-claim")


def test_token_is_cut_where_an_annotation_of_any_layer_ends():
    made = written(document(annotation(1, spans_of(TEXT, "saf"), layer=2)))
    assert [row[2] for row in rows(made)].count("saf") == 2
    assert {row[3] for row in rows(made) if row[2] == "saf"} == {"O", "B-claim"}
    assert {row[3] for row in rows(made) if row[2] == "e"} == {"O"}


def test_block_ends_with_an_empty_line_and_comments_say_whose_it_is():
    made = written(document(title="A\nbridge\u2028#", owners=("ana", None)))
    assert made.count("\n\n") == 6
    assert "# title = A bridge #\n" in made
    assert "# layer_kind = reference\n# owner = \n" in made
    assert made.startswith("# global.columns = START END FORM claim denial\n# article = ")
    assert written() == ""


@pytest.mark.parametrize(
    "words", ["a\tb", "# x", "a\u2028b", "\x85", "\x1c\x1d", "\ufeff", "\u200b\u202e", "|"]
)
def test_naughty_words_break_no_row(words):
    made = written(document(text=f"{words} x\n", title=words))
    assert all(len(row) == 5 and row[0].isdigit() for row in rows(made))


@settings(max_examples=100)
@given(st.text("ab'. \n\t\u2028é👍#", min_size=1, max_size=30), st.data())
def test_offsets_are_those_of_the_token_and_every_annotation_is_whole_tokens(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = {"start": start, "end": end, "exact": text[start:end]}
    made = written(document(annotation(1, [span]), text=text, owners=("ana",)))
    said = []
    for begins, ends, token, claim, _denial in rows(made):
        assert text[int(begins) : int(ends)] == token
        assert (claim != "O") == (start <= int(begins) < end)
        assert int(ends) <= end or int(begins) >= end
        said += [claim] if claim != "O" else []
    assert said == ["B-claim", *["I-claim"] * len(said[1:])][: len(said)]
