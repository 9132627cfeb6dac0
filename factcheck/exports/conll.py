"""Tokens and tags in columns, BIO, for training sets: the shape of the CoNLL tasks, with the header of CoNLL-U Plus.

A row is `start end token` and a column for each tag of the project; a line without anything ends a block of the
text; `# name = value` lines say of which article and layer the following rows are.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from factcheck.anchoring.lines import one_line
from factcheck.anchoring.words import tokens

BETWEEN = "|"
"""What parts the values of one cell where annotations with the same tag overlap."""

Document = dict[str, Any]
Annotation = dict[str, Any]


def write(documents: Iterable[Document]) -> Iterator[bytes]:
    """Yield UTF-8 with LF, an article's layers one after the other; articles without a layer say nothing here.

    Takes lines of the interchange format as objects. The columns are those of the scheme that the first one tells.
    """
    names: list[str] = []
    for document in documents:
        if not names:
            names = [tag["name"] for tag in document["project"]["scheme"]["tags"]]
            yield f"# global.columns = START END FORM {' '.join(names)}\n".encode()
        for layer in document["layers"]:
            yield from _layer(document, layer, names)


def _layer(document: Document, layer: dict[str, Any], names: list[str]) -> Iterator[bytes]:
    """Write one layer of an article."""
    article = document["article"]
    about = {
        "article": article["id"],
        "title": one_line(article["title"]),
        "layer": layer["id"],
        "layer_kind": layer["kind"],
        "owner": layer["owner"] or "",
    }
    yield "".join(f"# {name} = {value}\n" for name, value in about.items()).encode()
    annotations = [one for one in document["annotations"] if one["layer"] == layer["id"]]
    columns = [_column([one for one in annotations if one["tag"] == name], name) for name in names]
    text = article["text"]
    # Cut alike in all layers of the article, so that their rows can be laid side by side.
    cuts = {span[end] for one in document["annotations"] for span in one["spans"] for end in ("start", "end")}
    line_ends = _LineEnds(text)
    for _block, found in groupby(tokens(text, cuts), lambda span: line_ends.before(span.start)):
        rows = []
        for start, end in found:
            cells = [column.at(start) for column in columns]
            rows.append("\t".join([str(start), str(end), text[start:end], *cells]))
        yield ("\n".join(rows) + "\n\n").encode()


class _LineEnds:
    """How many line ends stand before a place; asked in the order of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = self._count = 0

    def before(self, place: int) -> int:
        self._count += self._text.count("\n", self._at, place)
        self._at = place
        return self._count


class _Column:
    """What one tag's column says at a token; asked in the order of the text."""

    def __init__(self, name: str, pieces: list[tuple[int, int, int]]) -> None:
        self._name = name
        self._pieces = pieces  # start, end, lane; sorted
        self._next = 0
        self._open: dict[int, tuple[int, bool]] = {}  # lane: end of the piece, whether it was begun

    def at(self, start: int) -> str:
        while self._next < len(self._pieces) and self._pieces[self._next][0] <= start:
            _, end, lane = self._pieces[self._next]
            self._open[lane] = end, False
            self._next += 1
        values = []
        for lane in range(max(self._open, default=-1) + 1):
            end, begun = self._open.get(lane, (0, False))
            if end <= start:
                self._open.pop(lane, None)
                values.append("O")
            else:
                values.append(f"{'I' if begun else 'B'}-{self._name}")
                self._open[lane] = end, True
        while values and values[-1] == "O":
            values.pop()
        return BETWEEN.join(values) or "O"


def _column(annotations: list[Annotation], name: str) -> _Column:
    """Give each annotation of a tag the first lane that is free from its first word to its last."""
    lanes: list[int] = []  # where each ends
    pieces = []
    placed = (
        (one["spans"][0]["start"], -one["spans"][-1]["end"], nth) for nth, one in enumerate(annotations)
    )
    for start, end, nth in sorted(placed):
        lane = next((lane for lane, taken in enumerate(lanes) if taken <= start), len(lanes))
        lanes[lane : lane + 1] = [-end]
        pieces += [(span["start"], span["end"], lane) for span in annotations[nth]["spans"]]
    return _Column(name, sorted(pieces))
