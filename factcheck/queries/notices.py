"""Notices: what is for the viewer, as long as the comment stands and its thread may be seen."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading

MOST_COUNTED = 99


class Row(NamedTuple):
    """A notice with its comment and where that is; ids are text, `words` are those of the annotation."""

    id: str
    kind: str
    project: str
    project_name: str
    article: str
    title: str
    language: str
    direction: str
    thread: str
    resolved: bool
    annotation: str | None
    relation: str | None
    subject: str | None
    words: list[str] | None
    comment: str
    body: str
    mentions: list[str]
    created_by: str
    created_at: Any
    seen_at: Any


SELECT = """
    SELECT n.id::text, n.kind, p.slug, p.name, t.article_id::text, ar.title, ar.language, ar.direction, t.id::text,
           t.resolved_at IS NOT NULL, t.annotation_id::text, t.relation_id::text, x.id::text, x.pieces, c.id::text,
           c.body, ARRAY(SELECT w.username::text FROM account w WHERE w.id = ANY(c.mentions)), u.username,
           n.created_at, n.seen_at
    FROM notice n
    JOIN comment c ON c.id = n.comment_id AND c.withdrawn_at IS NULL
    JOIN visible_threads(%s) t ON t.id = c.thread_id
    JOIN project p ON p.id = n.project_id
    JOIN article ar ON ar.id = t.article_id
    JOIN account u ON u.id = c.created_by_id
    LEFT JOIN relation r ON r.id = t.relation_id
    LEFT JOIN annotation x ON x.id = COALESCE(t.annotation_id, r.subject_id)
"""


def page(
    viewer: UUID, cut: reading.Cut, *, project: str | None = None, seen: bool | None = None
) -> reading.Page[Row]:
    """Return one page of the viewer's notices."""
    where = reading.Where().add("n.user_id = %s", viewer)
    if project is not None:
        where.add("n.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    if seen is not None:
        where.add(f"n.seen_at IS {'NOT NULL' if seen else 'NULL'}")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="n.id")


def newest(viewer: UUID, *, seen: bool, before: UUID | None = None, limit: int) -> list[Row]:
    """Return the viewer's notices, seen ones or the others, the newest first."""
    where = reading.Where().add("n.user_id = %s", viewer)
    where.add(f"n.seen_at IS {'NOT NULL' if seen else 'NULL'}")
    if before is not None:
        where.add("n.id < %s", before)
    return reading.rows(
        Row, f"{SELECT} WHERE {where} ORDER BY n.id DESC LIMIT %s", [viewer, *where.params, limit]
    )


def one(viewer: UUID, notice_id: UUID) -> Row | None:
    """Return one of the viewer's notices."""
    return reading.one(Row, f"{SELECT} WHERE n.user_id = %s AND n.id = %s", [viewer, viewer, notice_id])


class _Count(NamedTuple):
    number: int


def unseen(viewer: UUID) -> int:
    """Count what is unseen, up to one more than `MOST_COUNTED`."""
    found = reading.one(
        _Count,
        """SELECT count(*) FROM (
               SELECT FROM notice n
               JOIN comment c ON c.id = n.comment_id AND c.withdrawn_at IS NULL
               JOIN visible_threads(%s) t ON t.id = c.thread_id
               WHERE n.user_id = %s AND n.seen_at IS NULL LIMIT %s) counted""",
        [viewer, viewer, MOST_COUNTED + 1],
    )
    return found.number if found else 0


class Letter(NamedTuple):
    """What a mail about a notice says; nothing of a comment that its reader may not see now."""

    user: str
    email: str
    kind: str
    by: str
    title: str
    body: str
    article: str
    thread: str


def letter(notice_id: UUID) -> Letter | None:
    """Return what is to be mailed; None when the reader may no longer see the comment."""
    return reading.one(
        Letter,
        """SELECT u.username, u.email, n.kind, w.username, ar.title, c.body, t.article_id::text, t.id::text
           FROM notice n
           JOIN account u ON u.id = n.user_id
           JOIN comment c ON c.id = n.comment_id AND c.withdrawn_at IS NULL
           JOIN account w ON w.id = c.created_by_id
           JOIN article ar ON ar.id = c.article_id
           CROSS JOIN LATERAL (SELECT v.* FROM visible_threads(n.user_id) v WHERE v.id = c.thread_id) t
           WHERE n.id = %s""",
        [notice_id],
    )
