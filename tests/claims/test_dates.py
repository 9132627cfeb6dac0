"""Dates are compared as far as they are known, and no further."""

import pytest

from factcheck.claims.dates import is_later


@pytest.mark.parametrize(
    ("one", "other", "later"),
    [
        ("2023", "2022", True),
        ("2022", "2023", False),
        ("2023", "2022-10-21", True),
        ("2022", "2022-10-21", None),
        ("2022-10", "2022", None),
        ("2022-10", "2022-10", None),
        ("2022-11", "2022-10-31", True),
        ("2022-10-20", "2022-10-21", False),
        ("2022-10-21", "2022-10-21", None),
        ("2022-10-21T10:00", "2022-10-21T11:00", None),
        ("2022-10-21T10:00Z", "2022-10-21T10:00", None),
        ("2022-10-21T10:00Z", "2022-10-21T11:00+03:00", True),
        ("2022-10-21T08:00Z", "2022-10-21T11:00+03:00", False),
        ("2022-10-22T10:00", "2022-10-21", True),
        ("", "2022", None),
        ("2022", "", None),
        ("last year", "2022", None),
        ("2022-10-21Tnoon", "2022-10-20", True),
    ],
)
def test_later_only_where_that_is_certain(one: str, other: str, later: bool | None) -> None:
    assert is_later(one, other) is later
