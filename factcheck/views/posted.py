"""What forms send in words: spans as `12-40,52-60`, ids, revisions. Nonsense is refused with a sentence."""

import re
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from factcheck.anchoring.spans import Span
from factcheck.exceptions import Invalid

_SPANS = re.compile(r"\d{1,9}-\d{1,9}(,\d{1,9}-\d{1,9})*", re.ASCII)
MOST_IDS = 1000


def spans(written: str, field: str = "spans") -> tuple[Span, ...]:
    """Read `12-40,52-60`; nothing written is no span."""
    if not written:
        return ()
    if not _SPANS.fullmatch(written):
        raise Invalid(_("%(field)s must be written like 12-40,52-60.") % {"field": field}, field=field)
    pairs = (pair.split("-") for pair in written.split(","))
    return tuple(Span(int(start), int(end)) for start, end in pairs)


def identifier(form: QueryDict, name: str) -> UUID | None:
    """Read one id; an empty field is none."""
    written = form.get(name, "").strip()
    try:
        return UUID(written) if written else None
    except ValueError as error:
        raise Invalid(_("%(field)s must be an id (a UUID).") % {"field": name}, field=name) from error


def identifiers(form: QueryDict, name: str) -> list[UUID]:
    """Read the ids that are ids, at most a thousand."""
    found = []
    for written in form.getlist(name)[:MOST_IDS]:
        try:
            found.append(UUID(written))
        except ValueError:
            continue
    return found


def revision(form: QueryDict) -> int | None:
    """Read which revision the form was drawn from; a form without one does not ask."""
    written = form.get("revision", "")
    if not written:
        return None
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise Invalid(_("%(field)s must be a whole number.") % {"field": "revision"}, field="revision")
    return int(written)
