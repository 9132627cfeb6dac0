"""The formats in which annotated articles come in. A new one is a module with `read`, and a line in READERS."""

from typing import NamedTuple

from factcheck.intake import brat, doccano, jsonl, jsonld, labelstudio
from factcheck.intake.readers import Reader


class Format(NamedTuple):
    """A format: how it is read, how the names of its files end (in small letters), and what it is for a person."""

    read: Reader
    suffixes: tuple[str, ...]
    description: str


READERS: dict[str, Format] = {
    "jsonl": Format(jsonl.read, (".jsonl", ".ndjson"), "the interchange format, one article a line"),
    "doccano": Format(doccano.read, (".jsonl", ".json"), "an export of doccano, JSONL or JSON"),
    "labelstudio": Format(labelstudio.read, (".json",), "an export of Label Studio, JSON"),
    "jsonld": Format(
        jsonld.read,
        (".jsonld", ".json", ".jsonl", ".txt", ".text", ".md"),
        "W3C web annotations, with the texts that they name beside",
    ),
    "brat": Format(brat.read, brat.SUFFIXES, "brat standoff, a folder for each annotator"),
}
