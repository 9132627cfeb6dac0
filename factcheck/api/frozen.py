"""Downloads of bytes that never change: entity tag, digest and length are known, and parts can be asked for."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck.api import conditional, errors

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Read = Callable[[int, int], Iterator[bytes]]
"""Gives the bytes from one place up to another."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is sent: `tag` is opaque and follows from the bytes, `sha256` is theirs where it is known (hexadecimal)."""

    name: str
    media_type: str
    size: int
    tag: str
    read: Read
    sha256: str | None = None


def answer(request: Request, frozen: Frozen) -> HttpResponseBase:
    """Answer with all of it, the part that `Range` names (RFC 9110 §14, one range), or 304."""
    tag = f'"{frozen.tag}"'
    response: HttpResponseBase
    if conditional.unchanged(request, tag):
        response = conditional.not_modified(tag)
    elif (part := _part(request, tag, frozen.size)) is None:
        response = _stream(request, frozen, 0, frozen.size)
    elif part[0] >= part[1]:
        refusal = errors.RangeNotSatisfiable(
            _("There is no such range; the file has %(size)s bytes.") % {"size": frozen.size}
        )
        response = errors.answer(refusal, request)
        response["Content-Range"] = f"bytes */{frozen.size}"
        return response
    else:
        response = _stream(request, frozen, *part)
        response.status_code = 206
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{frozen.size}"
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    if frozen.sha256 is not None:
        digest = base64.b64encode(bytes.fromhex(frozen.sha256)).decode()
        response["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530: of the whole, also where a part is sent
    return response


def _stream(request: Request, frozen: Frozen, start: int, end: int) -> StreamingHttpResponse:
    if not connection.in_atomic_block:
        connection.close()  # the stream takes one for each read, and may be long
    chunks = frozen.read(start, end) if request.method == "GET" else iter(())
    response = StreamingHttpResponse(chunks, content_type=frozen.media_type)
    response["Content-Length"] = str(end - start)
    response["Content-Disposition"] = f'attachment; filename="{frozen.name}"'
    return response


def _part(request: Request, tag: str, size: int) -> tuple[int, int] | None:
    """Return where the range asked for starts and ends, None where all is to be sent.

    Several ranges, other units and what cannot be read are left alone, as RFC 9110 §14.2 allows; a start that is not
    before its end stands for a range that the file does not have.
    """
    asked = _RANGE.fullmatch(request.META.get("HTTP_RANGE", "").replace(" ", ""))
    if request.method != "GET" or asked is None or request.META.get("HTTP_IF_RANGE", tag) != tag:
        return None
    first, last = asked.groups()
    if first and last:
        return (int(first), min(int(last) + 1, size)) if int(first) <= int(last) else None
    if first:
        return int(first), size
    return (max(0, size - int(last)), size) if last else None
