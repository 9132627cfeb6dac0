"""Every format is found by its name and says how it is sent."""

from uuid import UUID

import pytest

from factcheck.exports.csv_zip import Table
from factcheck.exports.jsonld import Collection
from factcheck.exports.registry import FORMATS
from tests.exports.documents import document

LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@pytest.mark.parametrize(
    ("name", "extension", "media_type", "record", "starts"),
    [
        ("jsonl", "jsonl", "application/x-ndjson", b"{}", b"{}\n"),
        (
            "jsonld",
            "jsonld",
            LD,
            Collection("demo", UUID(int=1)),
            b'{"@context":["http://www.w3.org/ns/anno.jsonld",',
        ),
        ("csv", "csv", "text/csv; charset=utf-8; header=present", b'""', b"project,article,"),
        ("csv-zip", "csv.zip", "application/zip", Table("x", ("id",), []), b"PK"),
        ("brat", "brat.zip", "application/zip", document(), b"PK"),
        ("conll", "conll", "text/plain; charset=utf-8", document(), b"# global.columns = "),
    ],
)
def test_format_is_found_by_name_and_writes(name, extension, media_type, record, starts):
    found = FORMATS[name]
    assert (found.name, found.extension, found.media_type) == (name, extension, media_type)
    assert b"".join(found.write([record])).startswith(starts)


def test_formats_of_the_contract_are_there():
    assert set(FORMATS) >= {"jsonl", "csv", "csv-zip", "brat", "conll", "jsonld"}
    assert all(name == found.name for name, found in FORMATS.items())


def test_no_two_formats_end_alike():
    extensions = [found.extension for found in FORMATS.values()]
    assert len(set(extensions)) == len(extensions)
