"""The interchange format (DESIGN.md 6.4): one article a line, each a JSON object that the database has built."""

from collections.abc import Iterable, Iterator

CHUNK = 64 * 1024
"""Bytes that are sent at a time; the last chunk may be smaller."""

Line = bytes | str | Iterable[bytes]
"""One line's JSON, whole or in parts."""


def write(lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield JSON Lines in UTF-8, in chunks of CHUNK bytes, each line ended by LF.

    Takes ready JSON texts without line ends, bytes where possible: they are passed on unread and, so that an
    article with very many annotations is not in memory twice, cut where a chunk is full. A line may come in parts,
    which are taken one by one, so that it need not be in memory even once. Raises ValueError for one that holds
    a line end (JSON writes those in strings as an escape), before any of it is sent.
    """
    waiting = bytearray()
    for line in lines:
        for data in _parts(line):
            if b"\n" in data:
                raise ValueError("A line of JSON Lines must hold no line end.")
            taken = 0
            while len(waiting) + len(data) - taken >= CHUNK:
                following = taken + CHUNK - len(waiting)
                waiting += data[taken:following]
                taken = following
                yield bytes(waiting)
                waiting.clear()
            waiting += data[taken:]
        waiting += b"\n"
    if waiting:
        yield bytes(waiting)


def _parts(line: Line) -> Iterable[bytes]:
    if isinstance(line, str):
        return (line.encode(),)
    return (line,) if isinstance(line, bytes) else line
