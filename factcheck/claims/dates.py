"""Whether one date is later than another, said only where that is certain: dates are as exact as they are known."""

import re
from datetime import datetime

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T.+)?)?)?")
_DAY = 10  # characters of YYYY-MM-DD


def is_later(one: str, other: str) -> bool | None:
    """Say whether `one` is later than `other`; None where one of them is unknown or not exact enough to tell.

    Years, months and days are compared as far as both go: 2023 is later than 2022-10, of 2022 that is not known.
    Two instants with their zones are compared as instants; without, by their days.
    """
    if not (_DATE.fullmatch(one) and _DATE.fullmatch(other)):
        return None
    if len(one) > _DAY and len(other) > _DAY:
        exact = _instants(one, other)
        if exact is not None:
            return exact[0] > exact[1]
    common = min(len(one), len(other), _DAY)
    return None if one[:common] == other[:common] else one[:common] > other[:common]


def _instants(one: str, other: str) -> tuple[datetime, datetime] | None:
    try:
        pair = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return None
    return pair if pair[0].tzinfo and pair[1].tzinfo else None
