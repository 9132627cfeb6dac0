"""Secrets that stand for a person: API tokens and one-time sign-in links. Only their hashes are kept."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Invalid, NotFound
from factcheck.models import SignInLink, Token, User
from factcheck.services.texts import clean

PREFIX = "fc_"
MOST_PROJECTS = 100
LINK_LIVES = timedelta(minutes=10)


def digest(secret: str) -> bytes:
    """Return the SHA-256 by which a secret is looked up; it is random, so it needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def create(
    *,
    user: User,
    name: str,
    scope: str,
    expires_at: datetime | None = None,
    projects: Collection[str] | None = None,
) -> tuple[Token, str]:
    """Make a token and return it with its secret, which cannot be read again.

    `projects` are the slugs of those that it is limited to, of which the person must be a member; None and none stand
    for all, also for those joined later.
    """
    clean(name, "name", max_length=100, required=True)
    if scope not in Token.Scope.values:
        raise Invalid(_("scope must be read or write."), field="scope")
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(_("The expiry lies in the past."), field="expires_at")
    limited = _reached(user, projects) if projects else None
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        scope=scope,
        digest=digest(secret),
        start=secret[:8],
        expires_at=expires_at,
        projects=limited,
    )
    return token, secret


def _reached(user: User, slugs: Collection[str]) -> list[UUID]:
    """Return the ids of the person's projects of these slugs."""
    if len(slugs) > MOST_PROJECTS:
        raise Invalid(
            _("A token is limited to at most %(most)s projects.") % {"most": MOST_PROJECTS}, field="projects"
        )
    wanted = sorted({clean(slug, "projects") for slug in slugs})
    found = {slug: queries.projects.visible(user.pk, slug) for slug in wanted}
    for slug, project in found.items():
        if project is None:
            raise Invalid(
                _("%(user)s is in no project %(slug)s.") % {"user": user.username, "slug": slug[:60]},
                field="projects",
            )
    return [project.id for project in found.values() if project is not None]


def revoke(*, user: User, token_id: UUID) -> None:
    """Revoke one's own token; revoked already is fine."""
    found = Token.objects.filter(pk=token_id, user=user)
    if not found.exists():
        raise NotFound(_("There is no such token."))
    found.filter(revoked_at=None).update(revoked_at=Now())


def sign_in_link(user: User) -> str:
    """Make the secret of a link that signs this person in once, within ten minutes."""
    secret = secrets.token_urlsafe(24)
    now = timezone.now()
    SignInLink.objects.create(user=user, digest=digest(secret), created_at=now, expires_at=now + LINK_LIVES)
    SignInLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    return secret


def enter(secret: str) -> User:
    """Use up a sign-in link and return its person; raise `NotFound` for one that is used, old or unknown."""
    used = SignInLink.objects.filter(
        digest=digest(secret), used_at=None, expires_at__gt=Now(), user__is_active=True
    ).update(used_at=Now())
    if not used:
        raise NotFound(_("This sign-in link was used already, is older than ten minutes, or never was one."))
    return SignInLink.objects.select_related("user").get(digest=digest(secret)).user
