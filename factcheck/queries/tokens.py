"""A person's own API tokens, as the profile lists them. Secrets are not kept, so none can be shown."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from factcheck.queries import reading

MOST = 100


class Listed(NamedTuple):
    """A token, and the names of the projects that it is limited to and that its person is in (None: all of them)."""

    id: UUID
    name: str
    start: str
    scope: str
    last_used_at: datetime | None
    expires_at: datetime | None
    projects: list[str] | None


def of(user_id: UUID) -> list[Listed]:
    """Return the newest of the person's tokens that were not revoked, the newest first."""
    return reading.rows(
        Listed,
        """SELECT t.id, t.name, t.start, t.scope, t.last_used_at, t.expires_at,
                  CASE WHEN t.projects IS NOT NULL THEN ARRAY(
                      SELECT p.name FROM project p
                      JOIN acting_membership m ON m.project_id = p.id AND m.user_id = t.user_id
                      WHERE p.id = ANY(t.projects) ORDER BY p.name) END
           FROM token t WHERE t.user_id = %s AND t.revoked_at IS NULL ORDER BY t.id DESC LIMIT %s""",
        [user_id, MOST],
    )
