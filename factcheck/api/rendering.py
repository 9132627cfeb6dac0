"""JSON in and out, by orjson; a body that is no JSON is told apart from one that is not as it should be."""

import json
import re
from typing import Any, NoReturn, TypeVar

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from factcheck.exceptions import TooLarge

T = TypeVar("T")
JSON = "application/json"
_OPTIONS = orjson.OPT_UTC_Z
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


def dumps(data: Any) -> bytes:
    """Write JSON: times as RFC 3339 in UTC, UUIDs as text, `orjson.Fragment`s as they are."""
    return orjson.dumps(data, option=_OPTIONS)


def dumps_anything(data: Any) -> bytes:
    """Write JSON also when a text in it has half a character, as a complaint about one may quote it."""
    try:
        return dumps(data)
    except orjson.JSONEncodeError:
        return json.dumps(data, default=str).encode()


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer with JSON."""
    return HttpResponse(dumps(data), status=status, content_type=JSON, headers=headers)


class JSONRenderer(BaseRenderer):
    """Renders the few answers that come as data."""

    media_type = JSON
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)


class JSONParser(BaseParser):
    """Reads a JSON body, at most as large as the settings allow."""

    media_type = JSON

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            body = stream.body
        except RequestDataTooBig as error:
            raise TooLarge(_("The body is larger than this server takes.")) from error
        return loads(body)


def loads(body: bytes) -> Any:
    """Read JSON; raise `ParseError` saying where it ends to be JSON."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if _HALF_CHARACTER.search(body):
            return _with_half_characters(body)
        raise ParseError(_("The body is no JSON: %(why)s.") % {"why": error}, code="bad_json") from error


def _with_half_characters(body: bytes) -> Any:
    """Read JSON with escaped lone surrogates, so that the field that has them can be named."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ParseError(_("The body is no JSON: %(why)s.") % {"why": error}, code="bad_json") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
