"""Every format is found by its name and says how it is sent."""

import pytest

from factcheck.exports.registry import FORMATS


@pytest.mark.parametrize(
    ("name", "media_type", "record", "starts"),
    [
        ("jsonl", "application/x-ndjson", b"{}", b"{}\n"),
        ("csv", "text/csv; charset=utf-8; header=present", ("",) * 37, b"project,article,"),
    ],
)
def test_format_is_found_by_name_and_writes(name, media_type, record, starts):
    found = FORMATS[name]
    assert (found.name, found.extension, found.media_type) == (name, name, media_type)
    assert b"".join(found.write([record])).startswith(starts)


def test_formats_of_the_contract_are_there():
    assert set(FORMATS) >= {"jsonl", "csv"}
    assert all(name == found.name for name, found in FORMATS.items())
