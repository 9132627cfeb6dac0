"""What an article's annotation container holds: its annotations and relations in one order, that of their ids.

A relation is in the container of its subject's article. What a page costs does not depend on where it is: it is cut by
id, and only ids are read here.
"""

from typing import Any, Literal, NamedTuple
from uuid import UUID

from factcheck.queries import reading

_FIRST = UUID(int=0)


class Contained(NamedTuple):
    """One thing in the container."""

    id: str
    kind: Literal["annotations", "relations"]


class _Total(NamedTuple):
    number: int


_ANNOTATIONS = """
    SELECT a.id, 'annotations' AS kind FROM annotation a
    JOIN visible_layers(%(viewer)s::uuid) l ON l.id = a.layer_id
    WHERE a.article_id = %(article)s::uuid AND a.withdrawn_at IS NULL
"""
_RELATIONS = """
    SELECT r.id, 'relations' AS kind FROM relation r
    JOIN visible_layers(%(viewer)s::uuid) l ON l.id = r.layer_id
    JOIN annotation s ON s.id = r.subject_id
    JOIN visible_layers(%(viewer)s::uuid) sl ON sl.id = s.layer_id
    JOIN annotation o ON o.id = r.object_id
    JOIN visible_layers(%(viewer)s::uuid) ol ON ol.id = o.layer_id
    WHERE r.article_id = %(article)s::uuid AND r.withdrawn_at IS NULL
"""


def _cut(compared: str, order: str) -> str:
    """Write the statement that reads some of the container from one id on, in one direction."""
    ends = f"ORDER BY 1 {order} LIMIT %(limit)s::int"
    return f"""SELECT id::text, kind FROM (
        ({_ANNOTATIONS} AND a.id {compared} %(at)s::uuid {ends})
        UNION ALL
        ({_RELATIONS} AND r.id {compared} %(at)s::uuid {ends})
    ) contained {ends}"""


_AFTER = _cut(">", "ASC")
_UP_TO = _cut("<=", "DESC")


def after(viewer: UUID, article_id: UUID, at: UUID | None, limit: int) -> list[Contained]:
    """Return the first `limit` of what comes after the id, from the start without one."""
    return reading.rows(Contained, _AFTER, _parameters(viewer, article_id, at or _FIRST, limit))


def up_to(viewer: UUID, article_id: UUID, at: UUID, limit: int) -> list[Contained]:
    """Return the last `limit` of what comes up to the id, it included, backwards."""
    return reading.rows(Contained, _UP_TO, _parameters(viewer, article_id, at, limit))


def total(viewer: UUID, article_id: UUID) -> int:
    """Count what the container holds."""
    found = reading.one(
        _Total,
        f"SELECT (SELECT count(*) FROM ({_ANNOTATIONS}) a) + (SELECT count(*) FROM ({_RELATIONS}) r)",
        {"viewer": viewer, "article": article_id},
    )
    return found.number if found else 0


def _parameters(viewer: UUID, article_id: UUID, at: UUID, limit: int) -> dict[str, Any]:
    return {"viewer": viewer, "article": article_id, "at": at, "limit": limit}
