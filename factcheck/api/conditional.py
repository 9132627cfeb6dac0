"""Conditional requests (RFC 9110 §13): `ETag` is the revision in quotes, `If-Match` says which one was seen."""

import hashlib
import re
from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck.api.errors import BadRequest

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_REVISION = re.compile(r"[1-9][0-9]{0,8}")
NEVER = -1  # no revision: whoever expects it is refused


def etag(revision: int) -> str:
    """Return the entity tag of a revision."""
    return f'"{revision}"'


def body_etag(body: bytes) -> str:
    """Return the entity tag of a list, which is over its body."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _tags(header: str, name: str) -> list[tuple[bool, str]]:
    """Read a list of entity tags as (weak, opaque); raise `BadRequest` when it is none."""
    found, at = [], 0
    while at < len(header):
        match = _TAG.match(header, at)
        if match is None:
            raise BadRequest(
                _('%(name)s holds entity tags as they came, in quotes, such as "3", or *.') % {"name": name},
                field=name,
            )
        found.append((match[1] is not None, match[2]))
        at = match.end()
    return found


def expected(request: Request, present: Callable[[], int | None]) -> int | None:
    """Return the revision that If-Match demands; None when it does not ask.

    `present` is called only when several are named. Weak tags never match (RFC 9110 §8.8.3.2).
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return None
    named = [int(tag) for weak, tag in _tags(header, "If-Match") if not weak and _REVISION.fullmatch(tag)]
    if len(named) > 1:
        now = present()
        return now if now in named else named[0]
    return named[0] if named else NEVER


def is_stale(request: Request, tag: str) -> bool:
    """Tell whether If-Match names another state than the one of this entity tag, which is over a body."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return False
    return tag not in {f'"{opaque}"' for weak, opaque in _tags(header, "If-Match") if not weak}


def has_if_match(request: Request) -> bool:
    """Tell whether the request says which state it has seen."""
    return "HTTP_IF_MATCH" in request.META


def demands_new(request: Request) -> bool:
    """Tell whether the request is to succeed only where nothing is yet (`If-None-Match: *`)."""
    return bool(request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*")


def unchanged(request: Request, tag: str) -> bool:
    """Tell whether the asker holds this state already; here weak and strong are alike."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if not header:
        return False
    if header.strip() == "*":
        return True
    return any(f'"{opaque}"' == tag for _weak, opaque in _tags(header, "If-None-Match"))


def not_modified(tag: str) -> HttpResponse:
    """Answer that nothing changed."""
    response = HttpResponse(status=304)
    response["ETag"] = tag
    del response["Content-Type"]
    return response
