"""JSON files as the readers of other tools' exports need them: one value after the other, each with its place."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import orjson

from factcheck.exceptions import Undecodable
from factcheck.intake import decode
from factcheck.intake.readers import File, Refusal, Told


class Value(NamedTuple):
    """A JSON value of a file and where it stands (`a.jsonl, line 3`), or why it cannot be read there."""

    place: str
    data: Any
    refused: str = ""


def values(file: File) -> Iterator[Value]:
    """Yield what a file holds: the items of a JSON array, a JSON object alone, or a value for each line.

    What cannot be read is a value with `refused`; blank lines are passed over.
    """
    with file.open() as opened:
        raw = opened.read()
    try:
        text = decode.decode(raw).text
    except Undecodable as error:
        yield Value(file.name, None, str(error))
        return
    if not text.strip():
        yield Value(file.name, None, "The file is empty.")
        return
    lines = text.split("\n")
    if text.lstrip()[0] == "[" or not _stands_alone(lines):
        yield from _whole(file.name, text)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _value(f"{file.name}, line {number}", line)


def _stands_alone(lines: list[str]) -> bool:
    """Say whether the file is read line by line: its first line is a value of its own, or broken beyond that."""
    if sum(1 for line in lines if line.strip()) == 1:
        return True
    first = next(line for line in lines if line.strip())
    return first.strip() != "{" and first.rstrip().endswith("}")


def _whole(name: str, text: str) -> Iterator[Value]:
    found = _value(name, text)
    if found.refused or not isinstance(found.data, list):
        yield found
        return
    if not found.data:
        yield Value(name, None, "The list in the file is empty.")
    for number, item in enumerate(found.data, 1):
        yield Value(f"{name}, item {number}", item)


def _value(place: str, text: str) -> Value:
    try:
        return Value(place, orjson.loads(text))
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        return Value(place, None, f"This is no JSON: {error}.")


def nothing_taken(place: str, why: str) -> Told:
    """Make what is told of a value, or a file, of which nothing is taken."""
    return Told(place, None, (Refusal(place, why),))


def stem(file: File) -> str:
    """Return a file's name without folders and its ending: exports for each annotator are named after them."""
    return PurePosixPath(file.name.replace("\\", "/")).stem


def text_of(record: dict[str, Any], *names: str) -> str:
    """Return the first of these values that is a text with something in it, or an empty one."""
    found = (record.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value.strip()), "")


def object_in(record: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object of a record, an empty one where there is none."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def objects_in(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of a list of a record."""
    listed = record.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def instant(value: object) -> str | None:
    """Return a time with its offset as it is written, or None when it is no such time."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        found.timestamp()
    except (ValueError, OverflowError):
        return None
    return value if found.tzinfo is not None else None
