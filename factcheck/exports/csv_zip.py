"""A table for each kind of thing, as CSV files in one ZIP archive; ids join them, and no cell starts a formula."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from factcheck.exports import csv, zips


class Table(NamedTuple):
    """One table: its name, its columns, and its rows, which are taken before the next table is asked for."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def write(tables: Iterable[Table]) -> Iterator[bytes]:
    """Yield the archive; each file is written as `exports.csv` writes, header first."""
    files = ((f"{table.name}.csv", csv.write(table.rows, table.columns)) for table in tables)
    return zips.write(files, large=True)
