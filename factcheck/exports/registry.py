"""The formats that one may export, by the name in the address and on the command line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from factcheck.exports import brat, conll, csv, csv_zip, jsonl, jsonld
from factcheck.exports.web_annotations import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is called, sent and saved, and the function that turns its records into bytes.

    `write` takes what the query of that format yields (see its module) and streams: it holds about a chunk. `version`
    counts changes that a reader of the format would notice; a release keeps it with the file.
    """

    name: str
    media_type: str
    extension: str
    write: Callable[[Iterable[Any]], Iterator[bytes]]
    version: int = 1


FORMATS: dict[str, Format] = {
    "jsonl": Format("jsonl", "application/x-ndjson", "jsonl", jsonl.write),
    "csv": Format("csv", "text/csv; charset=utf-8; header=present", "csv", csv.write_quoted),
    "csv-zip": Format("csv-zip", "application/zip", "csv.zip", csv_zip.write),
    "brat": Format("brat", "application/zip", "brat.zip", brat.write),
    "conll": Format("conll", "text/plain; charset=utf-8", "conll", conll.write),
    "jsonld": Format("jsonld", MEDIA_TYPE, "jsonld", jsonld.write),
}
