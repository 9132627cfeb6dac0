"""Articles and what is counted on them."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.models import ArticleVersion
from factcheck.queries import reading


class ArticleRow(NamedTuple):
    """An article with its current version and the viewer's counts of live annotations by tag."""

    id: UUID
    project_id: UUID
    project: str
    title: str
    url: str
    publisher: str
    byline: str
    published_at: str
    language: str
    direction: str
    file_name: str
    created_by: str
    revision: int
    created_at: Any
    updated_at: Any
    version_id: UUID
    version_number: int
    sha256: str
    length: int
    words: int
    role: str
    blind: bool


SELECT = """
    SELECT ar.id, ar.project_id, p.slug, ar.title, ar.url, ar.publisher, ar.byline, ar.published_at, ar.language,
           ar.direction, ar.file_name, u.username, ar.revision, ar.created_at, ar.updated_at, v.id, v.number,
           v.sha256, v.length, v.words, m.role, p.blind
    FROM article ar
    JOIN acting_membership m ON m.project_id = ar.project_id AND m.user_id = %s
    JOIN project p ON p.id = ar.project_id
    JOIN article_version v ON v.id = ar.current_version_id
    JOIN account u ON u.id = ar.created_by_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    language: str | None = None,
    url: str | None = None,
    q: str | None = None,
    updated_after: Any = None,
) -> reading.Page[ArticleRow]:
    """Return one page of the articles that the viewer may see."""
    where = reading.Where().equal("p.slug", project).equal("ar.language", language).equal("ar.url", url)
    if q is not None:
        where.add("ar.title ILIKE %s", reading.contains(q))
    if updated_after is not None:
        where.add("ar.updated_at > %s", updated_after)
    return reading.page(ArticleRow, SELECT, where, cut, first=[viewer], column="ar.id")


def visible(viewer: UUID, article_id: UUID) -> ArticleRow | None:
    """Return the article if the viewer is a member of its project."""
    return reading.one(ArticleRow, f"{SELECT} WHERE ar.id = %s", [viewer, article_id])


class _Count(NamedTuple):
    article: UUID
    tag: str
    number: int


def counts(viewer: UUID, article_ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Count the live annotations that the viewer may see, by article and tag."""
    found = reading.rows(
        _Count,
        """SELECT a.article_id, t.name, count(*) FROM annotation a
           JOIN visible_layers(%s) l ON l.id = a.layer_id
           JOIN tag t ON t.id = a.tag_id
           WHERE a.article_id = ANY(%s) AND a.withdrawn_at IS NULL
           GROUP BY a.article_id, t.name, t.position ORDER BY t.position""",
        [viewer, article_ids],
    )
    result: dict[UUID, dict[str, int]] = {article_id: {} for article_id in article_ids}
    for row in found:
        result[row.article][row.tag] = row.number
    return result


def versions(article_id: UUID) -> list[ArticleVersion]:
    """Return the article's versions without their texts, oldest first; that it may be seen was decided."""
    return list(ArticleVersion.objects.filter(article_id=article_id).defer("text").order_by("number"))
