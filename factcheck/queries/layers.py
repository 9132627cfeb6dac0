"""Layers: which there are of an article, for those who may see them."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading


class LayerRow(NamedTuple):
    """A layer's facts."""

    id: UUID
    project: str
    article: UUID
    kind: str
    owner: str | None
    state: str
    submitted_at: Any
    opened_at: Any
    excused_at: Any
    revision: int
    created_at: Any
    updated_at: Any


SELECT = """
    SELECT l.id, p.slug, l.article_id, l.kind, u.username, l.state, l.submitted_at, l.opened_at, l.excused_at,
           l.revision, l.created_at, l.updated_at
    FROM layer l
    JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = %s
    JOIN project p ON p.id = l.project_id
    LEFT JOIN account u ON u.id = l.owner_id
"""
# Managers know of every layer and its state, in a blind project of nothing inside it: the things in a layer are
# read through visible_layers, never through these rows.
_MAY_KNOW = "(m.role = 'manager' OR EXISTS (SELECT FROM visible_layers(m.user_id) v WHERE v.id = l.id))"


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    kind: str | None = None,
    owner: str | None = None,
    state: str | None = None,
) -> reading.Page[LayerRow]:
    """Return one page of the layers that the viewer may know of."""
    where = (
        reading.Where()
        .add(_MAY_KNOW)
        .equal("p.slug", project)
        .equal("l.article_id", article)
        .equal("l.kind", kind)
    )
    where.equal("u.username", owner).equal("l.state", state)
    return reading.page(LayerRow, SELECT, where, cut, first=[viewer], column="l.id")


def visible(viewer: UUID, layer_id: UUID) -> LayerRow | None:
    """Return the layer if the viewer may know of it."""
    return reading.one(LayerRow, f"{SELECT} WHERE l.id = %s AND {_MAY_KNOW}", [viewer, layer_id])


def of_person(viewer: UUID, article_id: UUID, username: str) -> LayerRow | None:
    """Return a person's layer in an article if the viewer may know of it."""
    return reading.one(
        LayerRow,
        f"{SELECT} WHERE l.article_id = %s AND u.username = %s AND l.kind = 'person' AND {_MAY_KNOW}",
        [viewer, article_id, username],
    )
