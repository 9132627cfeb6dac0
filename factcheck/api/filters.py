"""What lists can be asked for: each parameter has one parser, and one that is not known or not right is 422 by name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from factcheck.anchoring.spans import Span
from factcheck.api.fields import INT_MAX, check_text, parse_uuid
from factcheck.exceptions import Invalid
from factcheck.models import Review, Source, SourceLink
from factcheck.models.judged import Status
from factcheck.queries import words
from factcheck.queries.reading import Cut

MAX_LENGTH = 500
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"  # RFC 3339 §5.6
)


_SPAN = re.compile(r"([0-9]{1,10})-([0-9]{1,10})")


class BadValue(ValueError):
    """The value is not what the parameter takes; the message completes "… must be"."""


@dataclass(frozen=True)
class Filter:
    """One query parameter: how to read it, and how OpenAPI tells it."""

    parse: Callable[[str], Any]
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


def _text(value: str) -> str:
    if not value or len(value) > MAX_LENGTH:
        raise BadValue(_("text of 1 to %(most)s characters") % {"most": MAX_LENGTH})
    try:
        return check_text(value)
    except Exception as error:
        raise BadValue(_("text without NUL")) from error


def _uuid(value: str) -> UUID:
    found = parse_uuid(value)
    if found is None:
        raise BadValue(_("a UUID"))
    return found


def _layer(value: str) -> str:
    if value in ("own", "reference"):
        return value
    if parse_uuid(value) is None:
        raise BadValue(_("own, reference or the UUID of a layer"))
    return value


def instant(value: str) -> datetime:
    """Read an RFC 3339 time with its offset."""
    # In a query a plus sign stands for a space; nobody means a space here.
    if _INSTANT.fullmatch(value.replace(" ", "+") if "T" in value.upper() else value):
        try:
            return datetime.fromisoformat(
                value.replace(" ", "+").upper() if "T" in value.upper() else value.upper()
            )
        except ValueError:
            pass
    raise BadValue(_("a time such as 2026-10-21T10:00:00Z (RFC 3339)"))


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise BadValue(_("a whole number from %(least)s to %(most)s") % {"least": least, "most": most})
        return int(value)

    return parse


def yes_or_no(value: str) -> bool:
    """Read 1 or 0."""
    if value not in ("1", "0", "true", "false"):
        raise BadValue(_("1 or 0"))
    return value in ("1", "true")


def text(description: str) -> Filter:
    """Take any text."""
    return Filter(_text, description)


def flag(description: str) -> Filter:
    """Take 1 or 0."""
    return Filter(yes_or_no, description, {"type": "string", "enum": ["1", "0"]})


def uuid(description: str) -> Filter:
    """Take a UUID."""
    return Filter(_uuid, description, {"type": "string", "format": "uuid"})


def one_of(values: list[str], description: str) -> Filter:
    """Take one of a few words."""

    def parse(value: str) -> str:
        if value not in values:
            raise BadValue(_("one of %(values)s") % {"values": ", ".join(values)})
        return value

    return Filter(parse, description, {"type": "string", "enum": values})


def whole(least: int, most: int, description: str, default: int | None = None) -> Filter:
    """Take a whole number."""
    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return Filter(
        _whole(least, most), description, schema | ({"default": default} if default is not None else {})
    )


def _span(value: str) -> Span:
    found = _SPAN.fullmatch(value)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    if not start < end <= INT_MAX:
        raise BadValue(_("START-END in code points, the end after the start, such as 36-57"))
    return Span(start, end)


def _words(value: str) -> str:
    if not words.has_any(_text(value)):
        raise BadValue(_('words to look for, such as bridge or "checked in May" or check*'))
    return value


OVERLAPS = Filter(
    _span,
    "`START-END`, half-open, in code points of the article's text; give `article` with it. Those of which any piece has"
    " a code point in it.",
    {"type": "string", "pattern": r"^[0-9]{1,10}-[0-9]{1,10}$"},
)
WORDS = Filter(
    _words,
    'Words in what it covers or in its note, whole and in any case: all of them, `"beside each other"` in quotes,'
    " `check*` by how they begin, `-may` left out.",
)
PROJECT = text("The slug of a project.")
ARTICLE = uuid("The id of an article.")
LAYER = Filter(_layer, "`own`, `reference`, or the id of a layer.")
TAG = text("The name of a tag.")
CREATED_BY = text("A username.")
STATUS = one_of(list(Status.values), "What the decisions on it add up to.")
UPDATED_AFTER = Filter(
    instant,
    "A time (RFC 3339). For keeping a copy up to date use `changes/`, which also tells what was withdrawn.",
    {"type": "string", "format": "date-time"},
)
WITHDRAWN = flag("`1` lists the withdrawn ones too.")
SOURCE_KIND = one_of(list(Source.Kind.values), "What kind of source.")
LINK_ROLE = one_of(list(SourceLink.Role.values), "The role of a source.")
STANCE = one_of(list(SourceLink.Stance.values), "What a document says to it.")
DECISION = one_of(list(Review.Decision.values), "What was decided.")

PAGING = {
    "limit": whole(1, settings.PAGE_SIZE_MAX, "How many at most.", settings.PAGE_SIZE),
    "after": uuid("Those after this id; `next` has it."),
    "before": uuid("Those before this id; `previous` has it."),
}


def read(query: QueryDict, known: dict[str, Filter]) -> dict[str, Any]:
    """Return the parameters given, read; raise `Invalid` naming one that is unknown, repeated or not right."""
    found: dict[str, Any] = {}
    for name, values in query.lists():
        if name not in known:
            raise Invalid(
                _("There is no filter %(name)s here; known are: %(known)s.")
                % {"name": name, "known": ", ".join(sorted(known))},
                field=name,
            )
        if len(values) != 1:
            raise Invalid(_("The filter %(name)s is given more than once.") % {"name": name}, field=name)
        try:
            found[name] = known[name].parse(values[0])
        except BadValue as wrong:
            raise Invalid(
                _("%(name)s must be %(what)s.") % {"name": name, "what": wrong}, field=name
            ) from wrong
    return found


def cut(found: dict[str, Any]) -> Cut:
    """Take the paging parameters out of what was read, as queries take them."""
    return Cut(
        limit=found.pop("limit", settings.PAGE_SIZE),
        after=found.pop("after", None),
        before=found.pop("before", None),
    )
