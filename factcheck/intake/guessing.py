"""Which format files seem to have, by their names and by what the first of them begins with."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import orjson

from factcheck.intake.readers import File

_LOOKED_AT = 2**20  # bytes of a file that is no single JSON value


def guess(files: Sequence[File]) -> str | None:
    """Return the name of the format that the files seem to have, or None."""
    names = [file.name.lower() for file in files]
    if any(name.endswith((".ann", ".a1", ".a2")) for name in names):
        return "brat"
    for file, name in zip(files, names, strict=True):
        if name.endswith((".json", ".jsonl", ".ndjson", ".jsonld")):
            found = _guessed(_first(file))
            if found is not None:
                return found
    return "jsonld" if any(name.endswith(".jsonld") for name in names) else None


def _first(file: File) -> Any:
    """Return the first JSON value of a file, or None where there is none to be read."""
    with closing(file.open()) as stream:
        raw = stream.read(_LOOKED_AT)
        for read in (raw.split(b"\n", 1)[0], raw):
            if (found := _read(read)) is not None:
                return found
        return _read(raw + stream.read())


def _read(raw: bytes) -> Any:
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def _guessed(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return None
    if "@context" in value:
        return "jsonld"
    if isinstance(value.get("article"), dict):
        return "jsonl"
    if isinstance(value.get("data"), dict):
        return "labelstudio"
    return "doccano" if "text" in value or isinstance(value.get("data"), str) else None
