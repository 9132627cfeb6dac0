"""Files for the readers' tests, and what they tell of them in short."""

import io
from collections.abc import Iterable
from typing import Any

import orjson

from factcheck.intake.readers import File, Reader, Told
from factcheck.intake.readers import Options as Options


def file(name: str, content: str | bytes | list[Any] | dict[str, Any]) -> File:
    """Return a file of this name; objects are written as JSON."""
    raw = (
        content
        if isinstance(content, bytes)
        else content.encode()
        if isinstance(content, str)
        else orjson.dumps(content)
    )
    return File(name, lambda: io.BytesIO(raw))


def lines(name: str, *records: dict[str, Any]) -> File:
    """Return a file with a record on each line."""
    return file(name, b"".join(orjson.dumps(record) + b"\n" for record in records))


def told(read: Reader, *files: File, **options: Any) -> list[Told]:
    return list(read(files, Options(**({"annotator": "ana"} | options))))


def articles(found: Iterable[Told]) -> list[dict[str, Any]]:
    return [one.line for one in found if isinstance(one.line, dict)]


def marked(line: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return tag, words and person of each annotation; the words are those of the text itself."""
    text = line["article"]["text"]
    for annotation in line["annotations"]:
        for span in annotation["spans"]:
            assert text[span["start"] : span["end"]] == span["exact"]
    return [
        (one["tag"], " ".join(span["exact"] for span in one["spans"]), one["created_by"])
        for one in line["annotations"]
    ]


def refusals(found: Iterable[Told]) -> list[tuple[str, str]]:
    return [(refusal.place, refusal.why) for one in found for refusal in one.refused]
