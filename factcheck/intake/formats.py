"""The formats in which annotated articles come in. A new one is a module with `read`, and a line in READERS."""

from typing import NamedTuple

from factcheck.intake import brat, jsonl
from factcheck.intake.readers import Reader


class Format(NamedTuple):
    """A format: how it is read, how the names of its files end (in small letters), and what it is for a person."""

    read: Reader
    suffixes: tuple[str, ...]
    description: str


READERS: dict[str, Format] = {
    "jsonl": Format(jsonl.read, (".jsonl", ".ndjson"), "the interchange format, one article a line"),
    "brat": Format(brat.read, brat.SUFFIXES, "brat standoff, a folder for each annotator"),
}
