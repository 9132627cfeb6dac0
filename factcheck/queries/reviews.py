"""Decisions, and what they add up to."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Row(NamedTuple):
    """A decision; ids are text."""

    id: str
    project: str
    article: str
    annotation: str | None
    relation: str | None
    source_link: str | None
    thing_version: int
    decision: str
    reason: str
    note: str
    proposal: str | None
    created_by: str
    created_at: Any
    superseded_by: str | None


SELECT = """
    SELECT r.id::text, p.slug, r.article_id::text, r.annotation_id::text, r.relation_id::text,
           r.source_link_id::text, r.thing_version, r.decision, r.reason, r.note, r.proposal::text, u.username,
           r.created_at, r.superseded_by_id::text
    FROM review r
    JOIN visible_layers(%s) l ON l.id = r.layer_id
    JOIN project p ON p.id = r.project_id
    JOIN account u ON u.id = r.reviewer_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    annotation: UUID | None = None,
    relation: UUID | None = None,
    source_link: UUID | None = None,
    created_by: str | None = None,
    decision: str | None = None,
) -> reading.Page[Row]:
    """Return one page of decisions."""
    where = reading.Where()
    if project is not None:
        where.add("r.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("r.article_id", article).equal("r.annotation_id", annotation).equal("r.relation_id", relation)
    where.equal("r.source_link_id", source_link).equal("u.username", created_by).equal("r.decision", decision)
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="r.id")


def visible(viewer: UUID, review_id: UUID) -> Row | None:
    """Return the decision if the viewer may see the layer that it is about."""
    return reading.one(Row, f"{SELECT} WHERE r.id = %s", [viewer, review_id])
