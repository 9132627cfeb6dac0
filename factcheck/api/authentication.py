"""Who asks: a bearer token, looked up by its hash in one statement, or the session with CSRF."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from factcheck.queries import reach, reading
from factcheck.records import Actor
from factcheck.services.tokens import digest

MAX_SECRET = 200

# One round trip: the token, its person, the note (at most once a minute) that the token was used, and from here on
# what it reaches, which is asked by whatever this request reads or does.
_LOOK_UP = """
    WITH noted AS (
        UPDATE token SET last_used_at = now()
        WHERE digest = %(digest)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
          AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
    )
    SELECT t.id, t.scope, t.revoked_at IS NOT NULL, t.expires_at <= now(), u.id, u.username, u.is_active,
           set_config('factcheck.reach', coalesce(t.projects::text, ''), false)
    FROM token t JOIN account u ON u.id = t.user_id
    WHERE t.digest = %(digest)s
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, with no more than the API needs of an account."""

    pk: UUID
    username: str
    is_active: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False

    @property
    def id(self) -> UUID:
        """The account's id, by the name that Django's own code uses."""
        return self.pk


@dataclass(frozen=True, slots=True)
class Bearer:
    """The token by which a request came in."""

    id: UUID
    may_write: bool
    limited: bool = False


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer fc_…`; refused with the reason when unknown, expired or revoked."""

    def authenticate(self, request: Request) -> tuple[Person, Bearer] | None:
        scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return look_up(secret.strip())

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="factcheck"'


def look_up(secret: str) -> tuple[Person, Bearer]:
    """Return whose token this is; raise `AuthenticationFailed` saying why it does not serve."""
    if not secret or len(secret) > MAX_SECRET:
        raise AuthenticationFailed(_("There is no such token."))
    with reading.planned_once() as cursor:
        cursor.execute(_LOOK_UP, {"digest": digest(secret)})
        found = cursor.fetchone()
    if found is None:
        raise AuthenticationFailed(_("There is no such token."))
    token_id, scope, revoked, expired, user_id, username, active, projects = found
    reach.noted(projects)
    if revoked:
        raise AuthenticationFailed(_("This token was revoked; make another one in your profile."))
    if expired:
        raise AuthenticationFailed(_("This token has expired; make another one in your profile."))
    if not active:
        raise AuthenticationFailed(_("This account is closed."))
    return Person(user_id, username), Bearer(token_id, scope == "write", bool(projects))


class CsrfSession(SessionAuthentication):
    """The browser's session; anything but reading needs the CSRF token."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise PermissionDenied(
                _("With a session, send the page's CSRF token in X-CSRFToken, or use a bearer token."),
                code="csrf_failed",
            ) from refusal


def actor(request: Request) -> Actor:
    """Return who asks as services take it."""
    bearer = cast(Bearer | None, request.auth)
    person = cast(Person, request.user)
    return Actor(
        user_id=person.pk,
        username=person.username,
        channel="api",
        token_id=bearer.id if bearer is not None else None,
        limited=bearer is not None and bearer.limited,
    )
