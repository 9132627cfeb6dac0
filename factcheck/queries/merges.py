"""Sources that were merged into another one, and what merging two would come to, as the viewer may see it."""

from typing import NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Merge(NamedTuple):
    """A merge that stands: the source that was merged away, into which, and who did it."""

    act: UUID
    source: UUID
    name: str
    into: UUID
    project_id: UUID
    role: str
    blind: bool
    actor_id: UUID
    actor: str


class Preview(NamedTuple):
    """What merging would come to: links that would name the other source, and those that would be doubles."""

    links: int
    doubles: int


_STANDING = """
    SELECT a.id, s.id, s.name, s.merged_into_id, s.project_id, m.role, p.blind, a.actor_id, u.username
    FROM source s
    JOIN project p ON p.id = s.project_id
    JOIN acting_membership m ON m.project_id = s.project_id AND m.user_id = %(viewer)s
    JOIN LATERAL (
        SELECT a.id, a.actor_id FROM event e JOIN act a ON a.id = e.act_id
        WHERE e.thing = s.id AND e.type = 'source' AND a.kind = 'merge_sources'
          AND e.before -> 'merged_into_id' IS DISTINCT FROM e.after -> 'merged_into_id'
        ORDER BY a.position DESC NULLS FIRST, a.id DESC LIMIT 1
    ) a ON TRUE
    JOIN account u ON u.id = a.actor_id
    WHERE s.merged_into_id IS NOT NULL
      AND (a.actor_id = %(viewer)s OR EXISTS (SELECT FROM visible_sources(%(viewer)s) v WHERE v.id = s.id))
"""


def of(viewer: UUID, source_id: UUID) -> Merge | None:
    """Return how this source was merged away, if it was and the viewer may know."""
    return reading.one(Merge, f"{_STANDING} AND s.id = %(source)s", {"viewer": viewer, "source": source_id})


def into(viewer: UUID, source_id: UUID, *, limit: int = 50) -> list[Merge]:
    """Return the sources that were merged into this one and that the viewer may know of, the last one first."""
    return reading.rows(
        Merge,
        f"{_STANDING} AND s.merged_into_id = %(source)s ORDER BY s.withdrawn_at DESC, s.id LIMIT %(limit)s",
        {"viewer": viewer, "source": source_id, "limit": limit},
    )


# Two links of one annotation that would be the same one; what was withdrawn with its annotation comes back with it.
DOUBLES = """
    FROM source_link k
    JOIN source_link j ON j.annotation_id = k.annotation_id AND j.role = k.role AND j.source_id = %(into)s
    WHERE k.source_id = %(source)s AND k.role <> 'document' AND (
        k.withdrawn_at IS NULL AND j.withdrawn_at IS NULL
        OR k.withdrawn_with = k.annotation_id AND j.withdrawn_with = k.annotation_id)
"""


def preview(viewer: UUID, source_id: UUID, into: UUID) -> Preview:
    """Count the live links that merging would put elsewhere, and those that it would withdraw as doubles."""
    found = reading.one(
        Preview,
        f"""SELECT (SELECT count(*) FROM source_link k JOIN visible_layers(%(viewer)s) l ON l.id = k.layer_id
                    WHERE %(source)s IN (k.source_id, k.on_behalf_of_id) AND k.withdrawn_at IS NULL),
                   (SELECT count(*) FROM (SELECT k.layer_id {DOUBLES} AND k.withdrawn_at IS NULL) d
                    JOIN visible_layers(%(viewer)s) l ON l.id = d.layer_id)""",
        {"viewer": viewer, "source": source_id, "into": into},
    )
    return found or Preview(0, 0)


class _Some(NamedTuple):
    hidden: bool


def sees_all_links(viewer: UUID, source_id: UUID) -> bool:
    """Tell whether the viewer may see every live link that names the source."""
    found = reading.one(
        _Some,
        """SELECT EXISTS (
               SELECT FROM (
                   SELECT layer_id FROM source_link WHERE source_id = %(source)s AND withdrawn_at IS NULL
                   UNION SELECT layer_id FROM source_link WHERE on_behalf_of_id = %(source)s AND withdrawn_at IS NULL
               ) k
               WHERE NOT EXISTS (SELECT FROM visible_layers(%(viewer)s) l WHERE l.id = k.layer_id))""",
        {"viewer": viewer, "source": source_id},
    )
    return found is None or not found.hidden
