"""Ready JSON goes out a line at a time, unchanged, in chunks that fit in memory."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.exports.jsonl import CHUNK, write

GOLDEN = Path(__file__).parents[1] / "golden" / "articles.jsonl"
ARTICLE = {
    "format": 1,
    "project": {"slug": "demo"},
    "article": {
        "id": "018f2f60-0000-7000-8000-000000000001",
        "title": "Title",
        "text": "Title\nWords 👨‍👩‍👧‍👦.\u2028",
    },
    "layers": [{"id": "l1", "kind": "person", "owner": "ana", "state": "open"}],
    "annotations": [{"id": "a1", "tag": "claim", "spans": [{"start": 6, "end": 11, "exact": "Words"}]}],
}


def test_jsonl_equals_the_golden_file():
    line = json.dumps(ARTICLE, ensure_ascii=False)
    made = b"".join(write([line, line.encode()]))
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_bytes(made)
    assert made == GOLDEN.read_bytes()
    assert [json.loads(found) for found in made.decode().split("\n")[:-1]] == [ARTICLE, ARTICLE]


def test_nothing_in_nothing_out():
    assert list(write([])) == []


@given(
    st.lists(
        st.one_of(st.integers(0, 3), st.sampled_from([CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])),
        max_size=8,
    )
)
def test_lines_come_out_whole_in_full_chunks(lengths):
    lines = [bytes([97 + i]) * length for i, length in enumerate(lengths)]
    chunks = list(write(lines))
    assert b"".join(chunks) == b"".join(line + b"\n" for line in lines)
    assert all(CHUNK <= len(chunk) <= CHUNK + len(lines) for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= CHUNK + len(lines) for chunk in chunks[-1:])


def test_lines_are_pulled_only_as_chunks_are_taken():
    pulled = 0

    def lines():
        nonlocal pulled
        for _ in range(1000):
            pulled += 1
            yield b"x" * 1000

    chunks = write(lines())
    next(chunks)
    assert pulled == 66


def test_text_is_encoded_as_utf8():
    assert b"".join(write(['{"a":"ä\u2028"}'])) == '{"a":"ä\u2028"}\n'.encode()


@pytest.mark.parametrize("line", [b'{\n"a": 1}', '{"a": 1}\n'])
def test_line_with_a_line_end_is_an_error_before_any_of_it_is_sent(line):
    chunks = write([b"1", line])
    with pytest.raises(ValueError, match="no line end"):
        list(chunks)


def test_line_may_come_in_parts_which_are_taken_one_by_one():
    taken = 0

    def parts():
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b"x" * 1000

    chunks = write([b"1", parts(), b"2"])
    first = next(chunks)
    assert taken == 66
    assert first + b"".join(chunks) == b"1\n" + b"x" * 1_000_000 + b"\n2\n"
