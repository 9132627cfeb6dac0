"""The CSV opens in a spreadsheet without running anything, and says the same when it is read back."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exports.csv import COLUMNS, AnnotationRow, escape_cell, unescape_cell, write, write_quoted

GOLDEN = Path(__file__).parents[1] / "golden" / "annotations.csv"
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]
BLANK = AnnotationRow(*[""] * len(COLUMNS))
ROWS = [
    BLANK._replace(
        project="demo",
        article="018f2f60-0000-7000-8000-000000000001",
        article_title='Iranian troops "running" drone strikes, says US',
        article_url="https://example.org/a?b=c,d",
        layer="018f2f60-0000-7000-8000-000000000002",
        layer_kind="person",
        owner="ana",
        id="018f2f60-0000-7000-8000-000000000003",
        tag="claim",
        start="54",
        end="149",
        spans="54-100; 120-149",
        exact="Iranian troops are “directly engaged” 👨‍👩‍👧‍👦",
        note="first line\nsecond, with a comma\r\nthird",
        attributes='{"wording":"mixed"}',
        status="pending",
        version="1",
        created_by="ana",
        created_at="2026-01-02T03:04:05.000006Z",
        updated_at="2026-01-02T03:04:05.000006Z",
        speaker="John Kirby",
        speaker_as_named="spokesman John Kirby",
        on_behalf_of="US National Security Council",
        concerns="Iran; Russia",
    ),
    BLANK._replace(
        project="demo",
        id="018f2f60-0000-7000-8000-000000000004",
        tag="denial",
        exact="=HYPERLINK(evil)",
        note="- a list item",
        speaker="@kremlin",
        denies="018f2f60-0000-7000-8000-000000000003",
    ),
    BLANK._replace(project="demo", article_title="أعلنت الحكومة اليوم", note="'=quoted", owner="'tis"),
]


def read(chunks):
    return list(csv.reader(io.StringIO(b"".join(chunks).decode("utf-8"), newline="")))


def test_csv_equals_the_golden_file():
    made = b"".join(write(ROWS))
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_bytes(made)
    assert made == GOLDEN.read_bytes()


def test_header_is_the_contract_and_stands_alone_without_rows():
    assert b"".join(write([])) == (
        b"project,article,article_title,article_url,layer,layer_kind,owner,id,tag,start,end,spans,exact,note,"
        b"attributes,status,version,created_by,created_at,updated_at,speaker,speaker_as_named,on_behalf_of,via,"
        b"concerns,document,document_url,document_stance,document_quote,denies,supports,refutes,context,repeats,"
        b"contradicts,about,other_relations\r\n"
    )


def test_rows_read_back_as_they_were_and_no_cell_starts_a_formula():
    header, *cells = read(write(ROWS))
    assert tuple(header) == COLUMNS
    assert [tuple(map(unescape_cell, row)) for row in cells] == [tuple(row) for row in ROWS]
    assert cells[1][COLUMNS.index("exact")] == "'=HYPERLINK(evil)"
    assert cells[1][COLUMNS.index("note")] == "'- a list item"
    assert cells[2][COLUMNS.index("note")] == "''=quoted"
    assert cells[2][COLUMNS.index("owner")] == "'tis"


def test_lines_end_with_crlf_and_text_keeps_its_own_line_ends():
    made = b"".join(write(ROWS))
    assert made.endswith(b'"\r\n')
    assert b"first line\nsecond, with a comma\r\nthird" in made


@pytest.mark.parametrize("cell", DANGEROUS)
@pytest.mark.parametrize("column", ["project", "note", "other_relations"])
def test_dangerous_cell_is_escaped_in_every_column(cell, column):
    _, row = read(write([BLANK._replace(**{column: cell})]))
    assert row[COLUMNS.index(column)] == f"'{cell}"
    assert row.count("") == len(COLUMNS) - 1


@pytest.mark.parametrize("cell", ["", "a=1", "'quoted'", "'", "''", " =1", "x\n=1", "1-2", "“=”", "−1"])
def test_harmless_cell_stays_as_it_is(cell):
    assert escape_cell(cell) == cell
    assert unescape_cell(cell) == cell


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6) | st.text(
    "'=+-@\t\r\n＝＋－＠\",;a", max_size=4
)


@given(CELLS)
def test_escaping_is_reversible_and_no_escaped_cell_is_dangerous(cell):
    escaped = escape_cell(cell)
    assert unescape_cell(escaped) == cell
    assert not escaped.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@settings(max_examples=50)
@given(st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)).map(tuple), max_size=70))
def test_any_rows_come_back(rows):
    _, *cells = read(write(rows))
    assert [tuple(map(unescape_cell, row)) for row in cells] == rows


def quoted(row):
    """Quote a row as COPY does, with FORCE_QUOTE *."""
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in row).encode()


@settings(max_examples=50)
@given(st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)).map(tuple), max_size=70))
def test_rows_that_are_quoted_already_are_written_alike(rows):
    assert b"".join(write_quoted(map(quoted, rows))) == b"".join(write(rows))


def test_quoted_rows_are_written_in_chunks_without_a_line_lost():
    row = BLANK._replace(exact="x" * 500, note="=1")
    chunks = list(write_quoted([quoted(row)] * 2000))
    assert len(chunks) > 10
    assert b"".join(chunks) == b"".join(write([row] * 2000))


def test_values_that_are_no_texts_are_flattened():
    row = BLANK._replace(
        start=54,
        note=None,
        attributes={"unsure": True, "wording": "größer"},
        concerns=["Iran", "Russia"],
        via=(),
    )
    _, cells = read(write([row]))
    found = dict(zip(COLUMNS, cells, strict=True))
    assert (found["start"], found["note"], found["via"]) == ("54", "", "")
    assert found["attributes"] == '{"unsure":true,"wording":"größer"}'
    assert found["concerns"] == "Iran; Russia"


@pytest.mark.parametrize("row", [(), ("a",) * 36, ("a",) * 38, ("a",) * 36 + ("b\0c",)])
def test_row_that_does_not_fit_the_header_is_an_error(row):
    with pytest.raises(ValueError, match="A row of the CSV has 37 cells"):
        list(write([row]))


def test_rows_are_streamed_in_chunks():
    pulled = 0

    def rows():
        nonlocal pulled
        for _ in range(5000):
            pulled += 1
            yield BLANK._replace(exact="x" * 500)

    chunks = write(rows())
    assert 64 * 1024 <= len(next(chunks)) < 128 * 1024
    assert pulled < 200
    sizes = [len(chunk) for chunk in chunks]
    assert pulled == 5000
    assert max(sizes) < 128 * 1024


def test_last_row_may_fill_the_last_chunk():
    chunks = list(write([BLANK._replace(exact="x" * 1100)] * 64))
    assert len(chunks) == 1
    assert len(read(chunks)) == 65
