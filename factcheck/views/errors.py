"""Errors in words: every refusal becomes a page, a fragment for htmx, or problem+json, never a traceback."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from factcheck.exceptions import Busy, FactcheckError, NotFound, TooLarge

# PostgreSQL gave up for the moment: no room, deadlock, lock or statement timeout. Asking again will do.
RETRY_AFTER = 2
_PASSING = ("40001", "40P01", "53", "55P03", "57", "08")


class ErrorPages:
    """Turn what the views raise into an answer; the API translates its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.REQUEST_MAX_BYTES
        if _length(request) > limit:
            return answer(request, too_large(limit))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, FactcheckError):
            return answer(request, error)
        if is_passing(error):
            return answer(request, Busy(_("The database has no room just now. Try again in a moment.")))
        return None


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def too_large(limit: int) -> TooLarge:
    """Say that the request is too large as a whole."""
    return TooLarge(
        _(
            "What you sent is larger than %(limit)s megabytes. Go back, what you typed should still be there,"
            " and send less at once."
        )
        % {"limit": limit // 1_000_000}
    )


def is_passing(error: Exception) -> bool:
    """Tell whether a database error passes by itself: no connection, deadlock, timeout."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return sqlstate is None or sqlstate.startswith(_PASSING)


def answer(request: HttpRequest, error: FactcheckError) -> HttpResponse:
    """Answer in the form that the asker can use."""
    accept = request.headers.get("Accept", "")
    response: HttpResponse
    if request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept):
        problem = {
            "type": f"/api/v1/problems/{error.code}/",
            "title": error.title,
            "status": error.status,
            "detail": str(error),
            "code": error.code,
        }
        if error.field:
            problem["field"] = error.field
        response = JsonResponse(problem, status=error.status, content_type="application/problem+json")
    elif request.headers.get("HX-Request"):
        # Shown above the page's content, so that it replaces nothing that somebody is working on.
        body = render_to_string("components/problem.html", _words(error))
        response = HttpResponse(body, status=error.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    else:
        response = HttpResponse(
            render_to_string("errors/page.html", _words(error), request=_signed_in(request, error)),
            status=error.status,
        )
    if error.status == Busy.status:
        response["Retry-After"] = str(RETRY_AFTER)
    response["Vary"] = "HX-Request, Accept, Cookie"
    response["Cache-Control"] = "no-store"
    return response


def _words(error: FactcheckError) -> dict[str, Any]:
    return {"title": _(error.title), "detail": str(error), "status": error.status}


def _signed_in(request: HttpRequest, error: FactcheckError) -> HttpRequest | None:
    """The bar knows who is signed in, which takes a read; where the database is what fails, do without."""
    return request if error.status < 500 and hasattr(request, "user") else None


class _Failed(FactcheckError):
    status = 500
    title = "Something went wrong on our side"
    code = "failed"


class _BadRequest(FactcheckError):
    status = 400
    title = "This request cannot be read"
    code = "bad_request"


class _Forbidden(FactcheckError):
    status = 403
    title = "Not allowed"
    code = "not_allowed"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django could not read."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    return answer(request, _BadRequest(_("Go back, reload the page and try again.")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer Django's own refusals."""
    return answer(request, _Forbidden(_("You are not allowed to do this.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret does not fit this sign-in: often a page left open, or cookies switched off."""
    return answer(
        request,
        _Forbidden(
            _(
                "This form was opened in another sign-in, or cookies are switched off. Go back, copy what you"
                " typed, reload the page and send it again."
            )
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return answer(request, NotFound(_("There is nothing at this address. It may have been typed wrongly.")))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; the log has the rest."""
    return answer(
        request,
        _Failed(
            _("What you had saved is safe. Go back and try again; if it happens again, tell who runs this.")
        ),
    )
