"""One row an annotation, for spreadsheets and data frames: RFC 4180 in UTF-8, and no cell starts a formula.

Sources and relations are flattened, so the interchange format (jsonl.py) is the one that loses nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

CHUNK = 64 * 1024
"""Bytes, about, that are sent at a time."""

BETWEEN = "; "
"""What parts the values of a list in one cell."""


class AnnotationRow(NamedTuple):
    """The cells of one annotation, in the order of the columns: texts, empty where there is nothing.

    `write` is quickest with plain tuples of texts in this order; it also takes None, numbers, lists (flattened with
    BETWEEN) and mappings (JSON).
    """

    project: str  # slug
    article: str  # id
    article_title: str
    article_url: str
    layer: str  # id
    layer_kind: str  # person, reference
    owner: str  # username; empty for the reference layer
    id: str
    tag: str
    start: str  # code points: first start and last end
    end: str
    spans: str  # all pieces, as 12-20; 31-40
    exact: str
    note: str
    attributes: str  # JSON object
    status: str
    version: str
    created_by: str
    created_at: str
    updated_at: str
    speaker: str  # names of sources; several with BETWEEN, and so in all that follow
    speaker_as_named: str
    on_behalf_of: str
    via: str  # in their order
    concerns: str
    document: str
    document_url: str
    document_stance: str
    document_quote: str
    denies: str  # ids of the annotations that this one denies, and so on
    supports: str
    refutes: str
    context: str
    repeats: str
    contradicts: str  # symmetric: the other end, whichever end this one is
    about: str
    other_relations: str  # of a project's own kinds, as kind:id


COLUMNS = AnnotationRow._fields

# What a spreadsheet takes for the beginning of a formula or drops before one (OWASP, "CSV Injection"), with the
# full-width forms that some read alike.
_FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
_PLAIN = "=+\\-@\t\r\n"
_STARTS = _PLAIN + _FULL_WIDTH
_DANGEROUS = re.compile(f"'*[{_STARTS}]")
_ESCAPED = re.compile(f"'+[{_STARTS}]")
_SEPARATOR = "\0"  # stands in no text that we keep
_ANY_DANGEROUS = re.compile(f"{_SEPARATOR}'*[{_STARTS}]")
_BATCH = 64

# The same in a row that is quoted already. It may also find what stands within a cell: then the row is looked at.
_QUOTED_DANGEROUS = re.compile(f"\"'*(?:[{_PLAIN}]|{'|'.join(_FULL_WIDTH)})".encode())
_QUOTED_CELL = re.compile('"((?:[^"]|"")*)"(?:,|$)')


def escape_cell(cell: str) -> str:
    """Return the cell with an apostrophe in front when a spreadsheet could take it for a formula.

    That is when it starts with `= + - @`, a tab, a line end or the full-width form of one of them. So that
    unescape_cell gets back exactly what was there, a cell that starts with apostrophes and then one of these
    gets one more; every other cell, `'quoted'` too, stays as it is.
    """
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def unescape_cell(cell: str) -> str:
    """Return what escape_cell was given."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def write(rows: Iterable[tuple[Any, ...]], columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """Yield CSV in UTF-8 without a mark, header first, lines ended by CRLF, in chunks of about CHUNK bytes.

    Each row is a tuple in the order of the columns, such as AnnotationRow. Every cell but those of the header is
    quoted: RFC 4180 allows it, and it takes a fifth of the time of looking at each. Raises ValueError when a
    row has another number of cells, or a cell holds a NUL.
    """
    waiting = [",".join(columns), "\r\n"]
    size = 0
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        text = _lines(batch, len(columns))
        waiting.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    if waiting:
        yield "".join(waiting).encode()


def write_quoted(rows: Iterable[bytes], columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """Yield what `write` yields, of rows that the database has quoted: each cell in quotes, in UTF-8, no line end.

    Hardly any row needs more than a look, so this takes a third of the time of taking cells and writing them.
    """
    waiting = [",".join(columns).encode()]
    size = 0
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        if _QUOTED_DANGEROUS.search(b"".join(batch)):
            batch = list(map(_made_safe, batch))
        text = b"\r\n".join(batch)
        waiting.append(text)
        size += len(text)
        if size >= CHUNK:
            yield b"\r\n".join(waiting)
            waiting = [b""]  # the end of the line before
            size = 0
    yield b"\r\n".join([*waiting, b""])


def _made_safe(row: bytes) -> bytes:
    if not _QUOTED_DANGEROUS.search(row):
        return row
    cells = [cell.replace('""', '"') for cell in _QUOTED_CELL.findall(row.decode())]
    return _lines([tuple(cells)], len(cells)).removesuffix("\r\n").encode()


def _lines(rows: list[tuple[Any, ...]], cells: int) -> str:
    """Write some rows; one look at all of them together spares most cells the look of escape_cell."""
    joined = [_joined(row, cells) for row in rows]
    if _ANY_DANGEROUS.search(_SEPARATOR + _SEPARATOR.join(joined)):
        joined = [_SEPARATOR.join(map(escape_cell, row.split(_SEPARATOR))) for row in joined]
    quoted = [row.replace('"', '""').replace(_SEPARATOR, '","') for row in joined]
    return '"' + '"\r\n"'.join(quoted) + '"\r\n'


def _joined(row: tuple[Any, ...], cells: int) -> str:
    """Return the cells as texts with _SEPARATOR between them."""
    try:
        joined = _SEPARATOR.join(row)
    except TypeError:
        joined = _SEPARATOR.join(map(_text_of, row))
    if joined.count(_SEPARATOR) != cells - 1:
        raise ValueError(f"A row of the CSV has {cells} cells (here {len(row)}) and no NUL in any.")
    return joined


def _text_of(value: Any) -> str:
    """Write a value that is no text yet into one cell."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, list | tuple):
        return BETWEEN.join(map(_text_of, value))
    return str(value)
