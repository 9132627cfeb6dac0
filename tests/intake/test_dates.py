"""Dates are kept as far as they are known, and nothing that is no date passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.exceptions import Invalid
from factcheck.intake.dates import BadDate, partial_date, precision_of


@pytest.mark.parametrize(
    ("value", "precision"),
    [
        ("2022", "year"),
        ("0044", "year"),
        ("2022-10", "month"),
        ("2022-10-21", "day"),
        ("2024-02-29", "day"),
        ("2022-10-21T10:00", "instant"),
        ("2022-10-21T10:00:59", "instant"),
        ("2022-10-21T10:00Z", "instant"),
        ("2022-10-21T10:00:00.123456Z", "instant"),
        ("2022-10-21T10:00+03:00", "instant"),
        ("2022-10-21T23:59:59-09:30", "instant"),
        ("2022-10-21T00:00+14:00", "instant"),
    ],
)
def test_date_is_kept_as_given_with_its_precision(value, precision):
    assert partial_date(value) == value
    assert partial_date(f" {value}\n") == value
    assert precision_of(value) == precision


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("20221021", "“20221021” is not a date: write 2022, 2022-10, 2022-10-21, 2022-10-21T10:00 or"),
        ("21.10.2022", "is not a date"),
        ("2022-1-1", "is not a date"),
        ("22", "is not a date"),
        ("2022-10-21 10:00", "is not a date"),
        ("2022-10-21T10", "is not a date"),
        ("2022-10-21T10:00:00.", "is not a date"),
        ("2022-10-21T10:00+3", "is not a date"),
        ("2022-10Z", "is not a date"),
        ("２０２２", "is not a date"),
        ("٢٠٢٢", "is not a date"),
        ("-2022", "is not a date"),
        ("2022-13", "“2022-13” is not in the calendar"),
        ("2022-00", "is not in the calendar"),
        ("2022-02-29", "is not in the calendar"),
        ("2022-10-00", "is not in the calendar"),
        ("0000", "is not in the calendar"),
        ("2022-10-21T24:00", "has a time that no clock shows"),
        ("2022-10-21T10:60", "has a time that no clock shows"),
        ("2022-10-21T10:00:60", "has a time that no clock shows"),
        ("2022-10-21T10:00+14:01", "has an offset that no time zone has"),
        ("2022-10-21T10:00-02:60", "has an offset that no time zone has"),
        ("", "This is not a date"),
        ("x" * 41, "This is not a date"),
        ("2022\0", "This is not a date"),
        ("\ud83d", "This is not a date"),
        (None, "This is not a date"),
        (2022, "This is not a date"),
    ],
)
def test_what_is_no_date_is_refused_in_words(value, sentence):
    with pytest.raises(BadDate) as caught:
        partial_date(value)
    assert sentence in str(caught.value)
    str(caught.value).encode()
    assert isinstance(caught.value, Invalid)


@given(st.datetimes(timezones=st.timezones()))
def test_every_day_of_the_calendar_is_taken(moment):
    day = moment.date().isoformat()
    assert [partial_date(day[:length]) for length in (4, 7, 10)] == [day[:4], day[:7], day]
    assert partial_date(moment.replace(tzinfo=None).isoformat())
