"""Decisions, and what they add up to."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.models import Review
from factcheck.queries import decided, reading


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
    owner: str | None = None,
    waits: bool | None = None,
) -> reading.Page[Row]:
    """Return one page of decisions; `owner` is whose layer they are about, `waits` whether one waits for the owner."""
    where = reading.Where()
    if project is not None:
        where.add("r.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("r.article_id", article).equal("r.annotation_id", annotation).equal("r.relation_id", relation)
    where.equal("r.source_link_id", source_link).equal("u.username", created_by).equal("r.decision", decision)
    if owner is not None:
        where.add("l.owner_id = (SELECT id FROM account WHERE username = %s)", owner)
    if waits is not None:
        where.add(decided.WAITS if waits else f"NOT ({decided.WAITS})")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="r.id")


def visible(viewer: UUID, review_id: UUID) -> Row | None:
    """Return the decision if the viewer may see the layer that it is about."""
    return reading.one(Row, f"{SELECT} WHERE r.id = %s", [viewer, review_id])


# -- what the authors say to decisions -------------------------------------------------------------


class Response(NamedTuple):
    """What the owner of a layer said to a decision; ids are text."""

    id: str
    project: str
    article: str
    review: str
    answer: str
    note: str
    thing_version: int
    created_by: str
    created_at: Any


RESPONSE = """
    SELECT s.id::text, p.slug, s.article_id::text, s.review_id::text, s.answer, s.note, s.thing_version, u.username,
           s.created_at
    FROM review_response s
    JOIN visible_layers(%s) l ON l.id = s.layer_id
    JOIN project p ON p.id = s.project_id
    JOIN account u ON u.id = s.created_by_id
"""


def response(viewer: UUID, response_id: UUID) -> Response | None:
    """Return what was said to a decision, if the viewer may see the layer that it is about."""
    return reading.one(Response, f"{RESPONSE} WHERE s.id = %s", [viewer, response_id])


def responses(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    review: UUID | None = None,
    answer: str | None = None,
    created_by: str | None = None,
) -> reading.Page[Response]:
    """Return one page of what authors said to decisions."""
    where = reading.Where().equal("p.slug", project).equal("s.article_id", article)
    where.equal("s.review_id", review).equal("s.answer", answer).equal("u.username", created_by)
    return reading.page(Response, RESPONSE, where, cut, first=[viewer], column="s.id")


def proposal(review_id: UUID) -> dict[str, Any]:
    """Return what a decision proposes; that it may be seen was decided."""
    kept = Review.objects.values_list("proposal", flat=True).get(pk=review_id)
    return dict(kept or {})


class Part(NamedTuple):
    """A link or relation of an annotation."""

    thing: str
    id: UUID


def parts_to_approve(viewer: UUID, annotation_id: UUID) -> list[Part]:
    """Return the live links and relations that a reviewer approves together with their annotation.

    Relations are those of which it is the subject (of a symmetric kind, either end) in its own layer. Left out is what
    is not the reviewer's to approve: own work, what the reviewer has proposed, and what is approved by them already.
    """
    return reading.rows(
        Part,
        """WITH whole AS (
            SELECT 'source_link' AS thing, k.id, k.layer_id, k.created_by_id, k.version,
                   NULL::uuid AS relation, k.id AS link
            FROM source_link k WHERE k.annotation_id = %(a)s AND k.withdrawn_at IS NULL
            UNION ALL
            SELECT 'relation', r.id, r.layer_id, r.created_by_id, r.version, r.id, NULL
            FROM relation r JOIN annotation a ON a.id = %(a)s
            WHERE r.withdrawn_at IS NULL AND r.layer_id = a.layer_id
              AND (r.subject_id = a.id OR r.is_symmetric AND r.object_id = a.id))
        SELECT w.thing, w.id FROM whole w
        JOIN visible_layers(%(v)s) l ON l.id = w.layer_id
        WHERE w.created_by_id <> %(v)s AND l.owner_id IS DISTINCT FROM %(v)s
          AND NOT proposed_by(%(v)s, NULL, w.relation, w.link, w.version)
          AND NOT EXISTS (
            SELECT FROM review v WHERE v.reviewer_id = %(v)s AND v.superseded_by_id IS NULL AND v.decision = 'approve'
              AND v.thing_version = w.version AND (v.relation_id = w.relation OR v.source_link_id = w.link))
        ORDER BY w.thing DESC, w.id""",
        {"a": annotation_id, "v": viewer},
    )
