"""Comments as the viewer may see them: those of the threads that are visible."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Row(NamedTuple):
    """A comment; ids are text, `mentions` are usernames."""

    id: str
    project: str
    article: str
    thread: str
    layer: str | None
    body: str
    mentions: list[str]
    created_by: str
    created_at: Any
    edited_at: Any
    revision: int
    updated_at: Any
    withdrawn_at: Any


SELECT = """
    SELECT c.id::text, p.slug, c.article_id::text, c.thread_id::text, c.layer_id::text, c.body,
           CASE WHEN c.mentions = '{}' THEN '{}'::text[]
                ELSE ARRAY(SELECT w.username::text FROM account w WHERE w.id = ANY(c.mentions) ORDER BY w.username) END,
           u.username, c.created_at, c.edited_at, c.revision, c.updated_at, c.withdrawn_at
    FROM comment c
    JOIN visible_threads(%s) t ON t.id = c.thread_id
    JOIN project p ON p.id = c.project_id
    JOIN account u ON u.id = c.created_by_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    thread: UUID | None = None,
    created_by: str | None = None,
    mentions: str | None = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page; `mentions` is the name of somebody who is mentioned."""
    where = reading.Where()
    if project is not None:
        where.add("c.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("c.article_id", article).equal("c.thread_id", thread).equal("u.username", created_by)
    if mentions is not None:
        where.add("c.mentions @> ARRAY[(SELECT w.id FROM account w WHERE w.username = %s)]", mentions)
    if not withdrawn:
        where.add("c.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="c.id")


def visible(viewer: UUID, comment_id: UUID | str) -> Row | None:
    """Return the comment, also a withdrawn one, if the viewer may see its thread."""
    return reading.one(Row, f"{SELECT} WHERE c.id = %s", [viewer, comment_id])


def of_threads(viewer: UUID, thread_ids: list[str]) -> dict[str, list[Row]]:
    """Return the comments of these threads in their order, by thread: live ones, and the viewer's withdrawn ones."""
    found: dict[str, list[Row]] = {thread_id: [] for thread_id in thread_ids}
    if thread_ids:
        for row in reading.rows(
            Row,
            f"{SELECT} WHERE c.thread_id = ANY(%s::uuid[]) AND (c.withdrawn_at IS NULL OR c.created_by_id = %s)"
            " ORDER BY c.created_at, c.id",
            [viewer, thread_ids, viewer],
        ):
            found[row.thread].append(row)
    return found
