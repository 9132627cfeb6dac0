"""Tokens and tags in columns, BIO, for training sets: the shape of the CoNLL tasks, with the header of CoNLL-U Plus.

A row is `start end token` and a column for each tag of the project; a line without anything ends a block of the
text; `# name = value` lines say of which article and layer the following rows are.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from factcheck.anchoring import words
from factcheck.anchoring.lines import one_line

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
        if document["layers"]:
            tokens = _Tokens(document)
            for layer in document["layers"]:
                yield _layer(document, layer, names, tokens)


class _Tokens:
    """The tokens of an article: where they start, their part of a row, and where a block ends after them.

    They are cut alike for all layers, so that their rows can be laid side by side.
    """

    def __init__(self, document: Document) -> None:
        text = document["article"]["text"]
        ends = ("start", "end")
        cuts = {span[end] for one in document["annotations"] for span in one["spans"] for end in ends}
        found = words.tokens(text, cuts)
        self.starts = [start for start, _end in found]
        self.rows = [f"{start}\t{end}\t{text[start:end]}\t" for start, end in found]
        between = [text[end:start] for (_start, end), (start, _end) in pairwise(found)]
        self.after = ["\n\n" if "\n" in gap else "\n" for gap in between] + ["\n\n"] * bool(found)


def _layer(document: Document, layer: dict[str, Any], names: list[str], tokens: _Tokens) -> bytes:
    """Write one layer of an article."""
    article = document["article"]
    about = {
        "article": article["id"],
        "title": one_line(article["title"]),
        "layer": layer["id"],
        "layer_kind": layer["kind"],
        "owner": layer["owner"] or "",
    }
    annotations: dict[str, list[Annotation]] = {name: [] for name in names}
    for one in document["annotations"]:
        if one["layer"] == layer["id"]:
            annotations[one["tag"]].append(one)
    columns = [_column(annotations[name], name, tokens.starts) for name in names]
    parts = [f"# {name} = {value}\n" for name, value in about.items()]
    for row, cells, after in zip(tokens.rows, zip(*columns, strict=True), tokens.after, strict=True):
        parts += [row, "\t".join(cells), after]
    if not tokens.rows:
        parts.append("\n")
    return "".join(parts).encode()


def _column(annotations: list[Annotation], name: str, starts: list[int]) -> list[str]:
    """Return what one tag's column says at each token.

    An annotation gets the first lane that is free from its first word to its last.
    """
    cells = ["O"] * len(starts)
    lanes: list[int] = []  # where the last annotation in each ends
    for one in sorted(annotations, key=lambda one: (one["spans"][0]["start"], -one["spans"][-1]["end"])):
        start, end = one["spans"][0]["start"], one["spans"][-1]["end"]
        lane = next((lane for lane, taken in enumerate(lanes) if taken <= start), len(lanes))
        lanes[lane : lane + 1] = [end]
        for span in one["spans"]:
            first, after = bisect_left(starts, span["start"]), bisect_left(starts, span["end"])
            for nth in range(first, after):
                values = cells[nth].split(BETWEEN)
                values += ["O"] * (lane + 1 - len(values))
                values[lane] = f"{'B' if nth == first else 'I'}-{name}"
                cells[nth] = BETWEEN.join(values)
    return cells
