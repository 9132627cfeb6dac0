"""A person's own API tokens, as the profile lists them. Secrets are not kept, so none can be shown."""

from uuid import UUID

from factcheck.models import Token

MOST = 100


def of(user_id: UUID) -> list[Token]:
    """Return the newest of the person's tokens that were not revoked, the newest first."""
    return list(Token.objects.filter(user_id=user_id, revoked_at=None).order_by("-id")[:MOST])
