"""Annotations that reviewers found missing, for those who may see the layer that they are proposed to."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class Row(NamedTuple):
    """A proposed annotation; ids are text, `extent` is PostgreSQL's literal, `attributes` JSON."""

    id: str
    project: str
    article: str
    article_version: str
    layer: str
    owner: str
    tag: str
    extent: str
    pieces: list[str]
    attributes: str
    note: str
    state: str
    annotation: str | None
    answer_note: str
    answered_by: str | None
    answered_at: Any
    created_by: str
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any


SELECT = """
    SELECT x.id::text, p.slug, x.article_id::text, x.article_version_id::text, x.layer_id::text, o.username, t.name,
           x.extent::text, x.pieces, x.attributes::text, x.note, x.state, x.annotation_id::text, x.answer_note,
           w.username, x.answered_at, u.username, x.revision, x.created_at, x.updated_at, x.withdrawn_at
    FROM proposed_annotation x
    JOIN visible_layers(%s) l ON l.id = x.layer_id
    JOIN project p ON p.id = x.project_id
    JOIN tag t ON t.id = x.tag_id
    JOIN account u ON u.id = x.created_by_id
    LEFT JOIN account o ON o.id = l.owner_id
    LEFT JOIN account w ON w.id = x.answered_by_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    layer: UUID | None = None,
    owner: str | None = None,
    created_by: str | None = None,
    state: str | None = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page of proposed annotations, without the withdrawn ones unless they are asked for."""
    where = reading.Where().equal("p.slug", project).equal("x.article_id", article)
    where.equal("x.layer_id", layer).equal("o.username", owner).equal("u.username", created_by)
    where.equal("x.state", state)
    if not withdrawn:
        where.add("x.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="x.id")


def visible(viewer: UUID, proposed_id: UUID | str) -> Row | None:
    """Return a proposed annotation, withdrawn or not."""
    return reading.one(Row, f"{SELECT} WHERE x.id = %s", [viewer, proposed_id])
