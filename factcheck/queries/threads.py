"""Threads as the viewer may see them: those of articles, and those on what lies in a visible layer."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Row(NamedTuple):
    """A thread; ids are text. One with neither annotation nor relation is on the article itself."""

    id: str
    project: str
    article: str
    annotation: str | None
    relation: str | None
    layer: str | None
    resolved_at: Any
    resolved_by: str | None
    created_by: str
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any


SELECT = """
    SELECT t.id::text, p.slug, t.article_id::text, t.annotation_id::text, t.relation_id::text, t.layer_id::text,
           t.resolved_at, r.username, u.username, t.revision, t.created_at, t.updated_at, t.withdrawn_at
    FROM visible_threads(%s) t
    JOIN project p ON p.id = t.project_id
    JOIN account u ON u.id = t.created_by_id
    LEFT JOIN account r ON r.id = t.resolved_by_id
"""
MENTIONS = """t.id IN (
    SELECT c.thread_id FROM comment c
    WHERE c.withdrawn_at IS NULL AND c.mentions @> ARRAY[(SELECT w.id FROM account w WHERE w.username = %s)])"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    annotation: UUID | None = None,
    relation: UUID | None = None,
    resolved: bool | None = None,
    mentions: str | None = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page; `mentions` is the name of somebody whom a comment in the thread mentions."""
    where = reading.Where()
    if project is not None:
        where.add("t.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("t.article_id", article).equal("t.annotation_id", annotation).equal("t.relation_id", relation)
    if resolved is not None:
        where.add(f"t.resolved_at IS {'NOT NULL' if resolved else 'NULL'}")
    if mentions is not None:
        where.add(MENTIONS, mentions)
    if not withdrawn:
        where.add("t.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="t.id")


def visible(viewer: UUID, thread_id: UUID | str) -> Row | None:
    """Return the thread, also one whose comments were all withdrawn, if the viewer may see it."""
    return reading.one(Row, f"{SELECT} WHERE t.id = %s", [viewer, thread_id])


class Place(NamedTuple):
    """Where a thread is or would be, with the viewer's role there and whose work it is about."""

    project_id: UUID
    article_id: UUID
    layer_id: UUID | None
    role: str
    concerned: list[UUID]
    withdrawn: bool


def place_of(viewer: UUID, thing: str, thing_id: UUID) -> Place | None:
    """Return where a thread on this `article`, `annotation` or `relation` lies; None for what may not be seen."""
    if thing == "article":
        return reading.one(
            Place,
            """SELECT ar.project_id, ar.id, NULL::uuid, m.role, ARRAY[]::uuid[], false FROM article ar
               JOIN acting_membership m ON m.project_id = ar.project_id AND m.user_id = %s
               WHERE ar.id = %s""",
            [viewer, thing_id],
        )
    return reading.one(
        Place,
        f"""SELECT x.project_id, x.article_id, x.layer_id, m.role,
                   array_remove(ARRAY[x.created_by_id, l.owner_id], NULL), x.withdrawn_at IS NOT NULL
            FROM {thing} x
            JOIN visible_layers(%s) l ON l.id = x.layer_id
            JOIN acting_membership m ON m.project_id = x.project_id AND m.user_id = %s
            WHERE x.id = %s""",
        [viewer, viewer, thing_id],
    )


def place(viewer: UUID, thread_id: UUID) -> Place | None:
    """Return where a thread lies; None for one that may not be seen."""
    return reading.one(
        Place,
        """SELECT t.project_id, t.article_id, t.layer_id, m.role,
                  array_remove(ARRAY[a.created_by_id, r.created_by_id, l.owner_id], NULL), t.withdrawn_at IS NOT NULL
           FROM visible_threads(%s) t
           JOIN acting_membership m ON m.project_id = t.project_id AND m.user_id = %s
           LEFT JOIN annotation a ON a.id = t.annotation_id
           LEFT JOIN relation r ON r.id = t.relation_id
           LEFT JOIN layer l ON l.id = t.layer_id
           WHERE t.id = %s""",
        [viewer, viewer, thread_id],
    )


class Person(NamedTuple):
    """A member who is named, and whether what is said here would be seen by them."""

    id: UUID
    username: str
    sees: bool


_SEES = """(%(layer)s::uuid IS NULL
    OR EXISTS (SELECT FROM visible_layers(m.user_id) l WHERE l.id = %(layer)s::uuid))"""


def people(project_id: UUID, layer_id: UUID | None, usernames: list[str]) -> list[Person]:
    """Return the members of these names, and who of them sees a thread in this layer (None: of the article)."""
    return reading.rows(
        Person,
        f"""SELECT m.user_id, u.username, {_SEES}
            FROM membership m JOIN account u ON u.id = m.user_id
            WHERE m.project_id = %(project)s AND u.is_active AND u.username = ANY(%(names)s) ORDER BY u.username""",
        {"project": project_id, "layer": layer_id, "names": usernames},
    )


class Companion(NamedTuple):
    """A member who may be mentioned."""

    username: str


def companions(
    viewer: UUID, project_id: UUID, layer_id: UUID | None, begins: str = "", *, limit: int = 50
) -> list[Companion]:
    """Return the other members who see a thread in this layer and whose name begins so, in the order of names."""
    return reading.rows(
        Companion,
        f"""SELECT u.username FROM membership m JOIN account u ON u.id = m.user_id
            WHERE m.project_id = %(project)s AND m.user_id <> %(viewer)s AND u.is_active AND {_SEES}
              AND starts_with(lower(u.username), lower(%(begins)s))
            ORDER BY u.username COLLATE "C" LIMIT %(limit)s""",
        {"project": project_id, "layer": layer_id, "viewer": viewer, "begins": begins, "limit": limit},
    )


class Recipient(NamedTuple):
    """A member for whom a comment is."""

    id: UUID


def answered(thread_id: UUID, place: Place) -> list[Recipient]:
    """Return whom a comment in the thread answers: who spoke in it and whose work it is about, if they see it."""
    return reading.rows(
        Recipient,
        f"""SELECT m.user_id FROM membership m JOIN account u ON u.id = m.user_id
            WHERE m.project_id = %(project)s AND u.is_active AND {_SEES}
              AND (m.user_id = ANY(%(concerned)s::uuid[]) OR m.user_id IN (
                   SELECT c.created_by_id FROM comment c WHERE c.thread_id = %(thread)s AND c.withdrawn_at IS NULL))""",
        {
            "project": place.project_id,
            "layer": place.layer_id,
            "concerned": place.concerned,
            "thread": thread_id,
        },
    )
