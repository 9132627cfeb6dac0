"""Every format is found by its name and says how it is sent."""

from uuid import UUID

import pytest

from factcheck.exports.jsonld import Collection
from factcheck.exports.registry import FORMATS

LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@pytest.mark.parametrize(
    ("name", "media_type", "record", "starts"),
    [
        ("jsonl", "application/x-ndjson", b"{}", b"{}\n"),
        ("jsonld", LD, Collection("demo", UUID(int=1)), b'{"@context":["http://www.w3.org/ns/anno.jsonld",'),
        ("csv", "text/csv; charset=utf-8; header=present", ("",) * 37, b"project,article,"),
    ],
)
def test_format_is_found_by_name_and_writes(name, media_type, record, starts):
    found = FORMATS[name]
    assert (found.name, found.extension, found.media_type) == (name, name, media_type)
    assert b"".join(found.write([record])).startswith(starts)


def test_formats_of_the_contract_are_there():
    assert set(FORMATS) >= {"jsonl", "csv", "jsonld"}
    assert all(name == found.name for name, found in FORMATS.items())
