"""The interchange format itself: its lines are handed on as they are, without being read here."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import orjson

from factcheck.intake.readers import File, Options, Refusal, Told

LONGEST_LINE = 256 * 2**20
"""Bytes of one line; without a bound, a file that has no line end would have to fit into memory."""


def read(files: Iterable[File], options: Options) -> Iterator[Told]:
    """Yield each line that is not blank; one that is too long is told as refused and passed over."""
    for file in files:
        with closing(file.open()) as stream:
            number = 0
            while raw := stream.readline(LONGEST_LINE + 1):
                number += 1
                place = f"{file.name}, line {number}"
                if len(raw) > LONGEST_LINE:
                    while raw and not raw.endswith(b"\n"):
                        raw = stream.readline(LONGEST_LINE)
                    why = f"The line is longer than {LONGEST_LINE:,} bytes, which no article needs."
                    yield Told(place, None, (Refusal(place, why),))
                elif not raw.isspace():
                    yield Told(place, _filled_in(raw, options))


def _filled_in(raw: bytes, options: Options) -> bytes | dict[str, Any]:
    """Put in what a person said in place of the file; most lines need none of it and stay bytes."""
    if not options.annotator and not options.language:
        return raw
    try:
        line = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw  # the importer says what is wrong with it
    if isinstance(line, dict):
        article = line.get("article")
        if options.language and isinstance(article, dict):
            article.setdefault("language", options.language)
        for key in ("annotations", "relations"):
            items = line.get(key)
            for item in items if options.annotator and isinstance(items, list) else ():
                if isinstance(item, dict):
                    item.setdefault("created_by", options.annotator)
    return line if isinstance(line, dict) else raw
