"""Dates as far as they are known: a year, a month, a day or an instant, kept as text with their precision."""

import re
from datetime import date, time
from typing import Literal

from factcheck.exceptions import Invalid

Precision = Literal["year", "month", "day", "instant"]

_PATTERN = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{2})"
    r"(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?P<zone>Z|[+-](?P<zone_hour>[0-9]{2}):(?P<zone_minute>[0-9]{2}))?"
    r")?)?)?"
)
_FORMS = (
    "write 2022, 2022-10, 2022-10-21, 2022-10-21T10:00 or 2022-10-21T10:00Z (or an offset such as +03:00)"
)
_WIDEST_ZONE = 14 * 60  # minutes; Kiribati
_LONGEST_SHOWN = 40


class BadDate(Invalid, ValueError):
    """The value is no date in one of the forms that we take (a profile of ISO 8601), or no day of the
    calendar.
    """

    title = "Not a date"


def partial_date(value: object) -> str:
    """Return the date as given (white space around it goes), with the precision it has; raise BadDate
    otherwise.

    Taken are `2022`, `2022-10`, `2022-10-21`, `2022-10-21T10:00`, with seconds and their fraction if there
    are any, and then `Z` or an offset; without one the zone is unknown. Years run from 0001 to 9999.
    """
    stripped = value.strip() if isinstance(value, str) else ""
    match = _PATTERN.fullmatch(stripped)
    shown = f"“{stripped}”" if stripped.isprintable() and 0 < len(stripped) <= _LONGEST_SHOWN else "This"
    if match is None:
        raise BadDate(f"{shown} is not a date: {_FORMS}.")
    part = {name: int(digits or 0) for name, digits in match.groupdict().items() if name != "zone"}
    try:
        date(part["year"], part["month"] if match["month"] else 1, part["day"] if match["day"] else 1)
    except ValueError:
        raise BadDate(f"{shown} is not in the calendar; {_FORMS}.") from None
    try:
        time(part["hour"], part["minute"], part["second"])
    except ValueError:
        raise BadDate(f"{shown} has a time that no clock shows; {_FORMS}.") from None
    if part["zone_minute"] > 59 or part["zone_hour"] * 60 + part["zone_minute"] > _WIDEST_ZONE:
        raise BadDate(f"{shown} has an offset that no time zone has; {_FORMS}.")
    return stripped


def precision_of(value: str) -> Precision:
    """Say how far a partial date is known; raise BadDate for what is none."""
    checked = partial_date(value)
    by_length: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}
    return by_length.get(len(checked), "instant")
