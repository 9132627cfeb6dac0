"""Tables leave as CSV files in one archive, read as they are asked for."""

import csv
import io
import os
import zipfile

from factcheck.exports import csv_zip
from factcheck.exports.csv import unescape_cell
from factcheck.exports.csv_zip import Table


def test_tables_come_back_and_no_cell_starts_a_formula():
    rows = [("1", "=1+1"), ("2", "'=x"), ("3", 'a "quoted"\r\nline'), ("4", None)]
    made = b"".join(csv_zip.write([Table("notes", ("id", "note"), rows), Table("empty", ("id",), [])]))
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert archive.namelist() == ["notes.csv", "empty.csv"]
    assert archive.read("empty.csv") == b"id\r\n"
    header, *cells = csv.reader(io.StringIO(archive.read("notes.csv").decode(), newline=""))
    assert header == ["id", "note"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)
    assert [tuple(map(unescape_cell, row)) for row in cells] == [(*row[:1], row[1] or "") for row in rows]


def test_rows_are_taken_as_the_archive_is_and_it_is_always_the_same():
    pulled = 0

    def rows():
        nonlocal pulled
        for _ in range(2_000):
            pulled += 1
            yield (os.urandom(400).hex(),)

    chunks = csv_zip.write([Table("many", ("id",), rows())])
    next(chunks)
    assert pulled < 1_000
    assert max(map(len, chunks)) < 200_000
    table = [Table("notes", ("id",), [("1",)])]
    assert b"".join(csv_zip.write(table)) == b"".join(csv_zip.write(table))
