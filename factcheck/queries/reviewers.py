"""Who was asked to review which article."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Row(NamedTuple):
    """A reviewer's assignment to an article."""

    id: UUID
    project: str
    article: UUID
    reviewer: str
    created_by: str
    created_at: Any
    revision: int


SELECT = """
    SELECT x.id, p.slug, x.article_id, u.username, c.username, x.created_at, x.revision
    FROM reviewer_assignment x
    JOIN acting_membership m ON m.project_id = x.project_id AND m.user_id = %s
    JOIN project p ON p.id = x.project_id
    JOIN account u ON u.id = x.reviewer_id
    JOIN account c ON c.id = x.created_by_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    reviewer: str | None = None,
) -> reading.Page[Row]:
    """Return one page of the assignments of reviewers in the viewer's projects."""
    where = reading.Where().equal("p.slug", project).equal("x.article_id", article)
    where.equal("u.username", reviewer)
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="x.id")


def of_article(viewer: UUID, article_id: UUID, username: str) -> Row | None:
    """Return one reviewer's assignment to an article."""
    return reading.one(
        Row, f"{SELECT} WHERE x.article_id = %s AND u.username = %s", [viewer, article_id, username]
    )
