"""Extents in formats whose spans cannot hold a line end: cut at the ends of lines, and put together again."""

import re
from collections.abc import Iterable

from factcheck.anchoring.spans import Span

# All that readers of lines cut at (str.splitlines), of which brat and others are some.
LINE_ENDS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{LINE_ENDS}]+")
_ANY = re.compile(f"[{LINE_ENDS}]")


def by_line(text: str, spans: Iterable[tuple[int, int]]) -> list[Span]:
    """Return the parts of the spans (code points of `text`) that hold no line end; none where there is nothing else."""
    return [Span(*found.span()) for start, end in spans for found in _LINE.finditer(text, start, end)]


def joined(text: str, parts: Iterable[tuple[int, int]]) -> list[Span]:
    """Return the parts, in text order, with those made one between which there are line ends and nothing else."""
    whole: list[Span] = []
    for start, end in sorted(parts):
        between = text[whole[-1].end : start] if whole else ""
        if between and not _LINE.search(between):
            whole[-1] = Span(whole[-1].start, end)
        else:
            whole.append(Span(start, end))
    return whole


def one_line(text: str) -> str:
    """Return the text with a space for every line end and tab, for a place that holds a line and no more."""
    return _ANY.sub(" ", text).replace("\t", " ")
