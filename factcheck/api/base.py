"""What every view of the API shares. It is DRF's view with the parts left out that this API does not use."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api import authentication, conditional, errors, rendering
from factcheck.exceptions import NotAllowed, NotFound, TooLarge
from factcheck.records import Actor

T = TypeVar("T")
SAFE = ("GET", "HEAD", "OPTIONS")


class ApiView(APIView):
    """A view for who is signed in; with a token that only reads, nothing is written."""

    authentication_classes = [authentication.BearerAuthentication, authentication.CsrfSession]
    renderer_classes = [rendering.JSONRenderer]
    parser_classes = [rendering.JSONParser]
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []
    public = False
    varies: ClassVar[tuple[str, ...]] = ("Authorization", "Cookie")
    """The request's fields that the answer depends on, beyond its address."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Always answer in the view's own form, whatever Accept says."""
        renderer = self.renderer_classes[0]()
        return renderer, renderer.media_type

    def get_exception_handler(self) -> Callable[..., Any]:
        return errors.handler

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let nobody further who may not do anything here."""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:18]) > settings.REQUEST_MAX_BYTES:
            raise TooLarge(
                _("The body has more than %(limit)s bytes.") % {"limit": settings.REQUEST_MAX_BYTES},
                extra={"limit": settings.REQUEST_MAX_BYTES},
            )
        if self.public:
            return
        if request.user is None:
            raise NotAuthenticated(_("Send a token as Authorization: Bearer fc_…, or sign in."))
        bearer = cast(authentication.Bearer | None, request.auth)
        if request.method not in SAFE and bearer is not None and not bearer.may_write:
            raise NotAllowed(_("This token may only read; make one with the scope write in your profile."))

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Tell the methods in Allow, and nothing else."""
        return HttpResponse(status=204)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if "Cache-Control" not in response:
            # Kept by who asked, and asked for again each time: the entity tag makes that cheap.
            response["Cache-Control"] = "private, no-cache"
        response["Vary"] = ", ".join(self.varies)
        return response

    @property
    def actor(self) -> Actor:
        """Who asks, as services take it."""
        return authentication.actor(self.request)

    @property
    def viewer(self) -> Any:
        """The id of who asks, as queries take it."""
        return self.request.user.pk


def found(row: T | None, what: str) -> T:
    """Return the row, or answer 404 as for what never was."""
    if row is None:
        raise NotFound(what)
    return row


def thing(data: dict[str, Any], *, status: int = 200, location: str | None = None) -> HttpResponse:
    """Answer with one thing and its entity tag."""
    response = rendering.answer(data, status)
    response["ETag"] = conditional.etag(data["revision"])
    if location is not None:
        response["Location"] = location
    return response
