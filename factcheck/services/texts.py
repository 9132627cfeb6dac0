"""One validator for every text that a client sends: what PostgreSQL or UTF-8 cannot hold is refused in words."""

import re

from django.utils.translation import gettext as _

from factcheck.exceptions import Invalid

MAX_NOTE = 20_000
MAX_NAME = 500
MAX_URL = 2_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_WEB = re.compile(r"^https?://[^\s/?#]+[^\s]*$", re.IGNORECASE)


def clean(value: object, field: str, *, max_length: int = MAX_NOTE, required: bool = False) -> str:
    """Return the text as it is, or raise `Invalid` naming the field.

    Refused are what is no text, NUL, lone surrogates, more than `max_length` code points, and an empty
    value where one is required. Nothing is trimmed.
    """
    if not isinstance(value, str):
        raise Invalid(_("%(field)s must be text.") % {"field": field}, field=field)
    if "\x00" in value:
        at = value.index("\x00")
        raise Invalid(
            _("%(field)s has a NUL character at position %(at)s; take it out.") % {"field": field, "at": at},
            field=field,
        )
    if lone := _LONE_SURROGATE.search(value):
        raise Invalid(
            _("%(field)s has half a character (a lone surrogate) at position %(at)s; take it out.")
            % {"field": field, "at": lone.start()},
            field=field,
        )
    if len(value) > max_length:
        raise Invalid(
            _("%(field)s has %(length)s characters; at most %(most)s are kept.")
            % {"field": field, "length": len(value), "most": max_length},
            field=field,
        )
    if required and not value.strip():
        raise Invalid(_("%(field)s must not be empty.") % {"field": field}, field=field)
    return value


def web_address(value: object, field: str) -> str:
    """Return an http or https address, or an empty text; raise `Invalid` for any other scheme."""
    text = clean(value, field, max_length=MAX_URL).strip()
    if text and not _WEB.match(text):
        raise Invalid(
            _("%(field)s must be a web address that begins with http:// or https://.") % {"field": field},
            field=field,
        )
    return text
