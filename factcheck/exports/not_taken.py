"""What an import did not take, as a table: RFC 4180 in UTF-8, and no cell starts a formula."""

from collections.abc import Iterable, Iterator

from factcheck.exports.csv import escape_cell

COLUMNS = ("article", "place", "reason")


def write(rows: Iterable[tuple[str, str, str]]) -> Iterator[bytes]:
    """Yield the header and a line for each reason: the article's title, the place in the files, and why."""
    for row in (COLUMNS, *rows):
        cells = ('"' + escape_cell(cell).replace('"', '""') + '"' for cell in row)
        yield (",".join(cells) + "\r\n").encode()
