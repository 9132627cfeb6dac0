"""Every refusal leaves as `application/problem+json` (RFC 9457), with a stable `code` and the field that is wrong."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core import signals
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf

from factcheck.api import present, rendering
from factcheck.exceptions import Busy, FactcheckError, Invalid, NotFound, TooLarge

log = logging.getLogger("factcheck.api")
RETRY_AFTER = "2"
MEDIA_TYPE = "application/problem+json"
# What the database could not do just now: serialization, deadlock, no room, lock or statement timeout, gone away.
_PASSING = ("40001", "40P01", "53", "55P03", "57", "08")


class Failed(FactcheckError):
    """Our fault; the log has the rest."""

    code = "failed"
    status = 500
    title = "Something went wrong on our side"


class BadRequest(FactcheckError):
    """The request cannot be read as HTTP or JSON."""

    code = "bad_request"
    status = 400
    title = "This request cannot be read"


class NotAuthenticated(FactcheckError):
    """Nobody is signed in, or the token does not serve."""

    code = "not_authenticated"
    status = 401
    title = "Sign in first"


class Forbidden(FactcheckError):
    """Refused before it came to rights in a project: no CSRF token."""

    code = "csrf_failed"
    status = 403
    title = "Not allowed"


class MethodNotAllowed(FactcheckError):
    """The address knows other methods; `Allow` names them."""

    code = "method_not_allowed"
    status = 405
    title = "Not done this way"


class NotAcceptable(FactcheckError):
    """The address has none of the forms that the request takes."""

    code = "not_acceptable"
    status = 406
    title = "Not told in this form"


class UnsupportedMediaType(FactcheckError):
    """The body is in a form that this address does not read."""

    code = "unsupported_media_type"
    status = 415
    title = "The body is in a form that is not read here"


class BadJSON(BadRequest):
    """The body is no JSON."""

    code = "bad_json"
    title = "The body is no JSON"


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Answer what a view raised; DRF calls this."""
    request = context["request"]
    refusal = translate(error)
    if isinstance(refusal, Failed):
        log.exception("%s %s failed", request.method, request.path, exc_info=error)
        signals.got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    response = answer(refusal, request)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def translate(error: Exception) -> FactcheckError:
    """Return the refusal, in our words, that this exception stands for."""
    if isinstance(error, FactcheckError):
        return error
    if isinstance(error, drf.APIException):
        return _of_drf(error)
    if isinstance(error, Http404):
        return NotFound(_("There is nothing at this address."))
    if is_passing(error):
        return Busy(_("The database has no room just now. Try again in a moment."))
    if isinstance(error, DataError):
        return Invalid(_("The database cannot hold one of these values."))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(_("The body is larger than this server takes."))
    if isinstance(error, SuspiciousOperation | UnreadablePostError | RawPostDataException):
        return BadRequest(_("The request could not be read whole."))
    if isinstance(error, DjangoPermissionDenied):
        return Forbidden(_("You are not allowed to do this."))
    return Failed(_("What you had saved is safe. If it happens again, tell who runs this."))


def is_passing(error: Exception) -> bool:
    """Tell whether a database error passes by itself: no connection, deadlock, timeout."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate.startswith(_PASSING)


def _of_drf(error: drf.APIException) -> FactcheckError:
    if isinstance(error, drf.ValidationError):
        return of_validation(error)
    if isinstance(error, drf.NotAuthenticated | drf.AuthenticationFailed):
        return NotAuthenticated(_sentence(error))
    if isinstance(error, drf.ParseError):
        return (BadJSON if error.get_codes() == "bad_json" else BadRequest)(_sentence(error))
    if isinstance(error, drf.MethodNotAllowed):
        return MethodNotAllowed(_sentence(error))
    if isinstance(error, drf.UnsupportedMediaType):
        return UnsupportedMediaType(_("Send the body as application/json, and say so in Content-Type."))
    if isinstance(error, drf.NotFound):
        return NotFound(_sentence(error))
    if isinstance(error, drf.PermissionDenied):
        return Forbidden(_sentence(error))
    return BadRequest(_sentence(error))


def _sentence(error: drf.APIException) -> str:
    return str(error.detail)


def of_validation(error: drf.ValidationError, at: str = "") -> Invalid:
    """Return a serializer's complaints as one refusal with each field and what is wrong with it."""
    complaints = [{"field": field, "detail": detail} for field, detail in _flat(error.detail, at)]
    first = complaints[0]
    field = first["field"] or None
    sentence = f"{field}: {first['detail']}" if field else first["detail"]
    return Invalid(sentence, field=field, extra={"errors": complaints})


def _flat(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from _flat(value, inner)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            if isinstance(value, dict | list):
                if value:
                    yield from _flat(value, f"{path}.{index}" if path else str(index))
            else:
                yield path, str(value)
    else:
        yield path, str(detail)


def body(error: FactcheckError, request: Any) -> dict[str, Any]:
    """Return the problem's members; the present state of a thing is shown as its own address shows it."""
    problem: dict[str, Any] = {
        "type": f"/api/v1/problems/{error.code}/",
        "title": _(error.title),
        "status": error.status,
        "detail": str(error),
        "code": error.code,
    }
    if error.field:
        problem["field"] = error.field
    for name, value in error.extra.items():
        problem[name] = present.anything(value, request.user.pk) if name == "present" else value
    return problem


def answer(error: FactcheckError, request: Any) -> HttpResponse:
    """Answer a refusal."""
    problem = body(error, request)
    response = HttpResponse(rendering.dumps_anything(problem), status=error.status, content_type=MEDIA_TYPE)
    if isinstance(problem.get("present"), dict) and "revision" in problem["present"]:
        response["ETag"] = f'"{problem["present"]["revision"]}"'
    if error.status == Busy.status:
        response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    if error.status < 500:
        response._has_been_logged = True  # type: ignore[attr-defined]  # a client's mistake is no line in our log
    return response


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer an address under `/api/` that leads nowhere."""
    path = request.path
    hint = (
        _("Addresses of this API end with a slash: %(path)s/") % {"path": path}
        if not path.endswith("/")
        else ""
    )
    return answer(NotFound(_("There is nothing at this address.") + (f" {hint}" if hint else "")), request)


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]
