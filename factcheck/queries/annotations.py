"""Annotations as the viewer may see them."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.anchoring.selectors import CONTEXT
from factcheck.queries import reading


class Row(NamedTuple):
    """An annotation; ids are text, `extent` is PostgreSQL's literal and `attributes` ready JSON.

    They stay text because a list of a thousand spends most of its time on making objects nobody needs.
    """

    id: str
    project: str
    article: str
    article_version: str
    layer: str
    layer_kind: str
    owner: str | None
    tag: str
    extent: str
    pieces: list[str]
    prefix: str
    suffix: str
    note: str
    attributes: str
    created_by: str
    status: str
    version: int
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any


COLUMNS = """
    a.id::text, p.slug, a.article_id::text, a.article_version_id::text, a.layer_id::text, l.kind, o.username, t.name,
    a.extent::text, a.pieces, a.prefix, a.suffix, a.note, a.attributes::text, u.username, a.status, a.version,
    a.revision, a.created_at, a.updated_at, a.withdrawn_at
"""
SELECT = f"""
    SELECT {COLUMNS}
    FROM annotation a
    JOIN visible_layers(%s) l ON l.id = a.layer_id
    JOIN project p ON p.id = a.project_id
    JOIN tag t ON t.id = a.tag_id
    JOIN account u ON u.id = a.created_by_id
    LEFT JOIN account o ON o.id = l.owner_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    layer: str | None = None,
    tag: str | None = None,
    created_by: str | None = None,
    status: str | None = None,
    source: UUID | None = None,
    q: str | None = None,
    updated_after: Any = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page; `layer` is `own`, `reference` or an id; `withdrawn` lists the withdrawn ones too."""
    where = reading.Where()
    if project is not None:
        where.add("a.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("a.article_id", article).equal("t.name", tag).equal("u.username", created_by)
    where.equal("a.status", status)
    in_layer(where, viewer, layer)
    if source is not None:
        where.add(
            "EXISTS (SELECT FROM source_link k WHERE k.annotation_id = a.id AND k.source_id = %s"
            " AND k.withdrawn_at IS NULL)",
            source,
        )
    if q is not None:
        pattern = reading.contains(q)
        where.add("(array_to_string(a.pieces, ' ') ILIKE %s OR a.note ILIKE %s)", pattern, pattern)
    if updated_after is not None:
        where.add("a.updated_at > %s", updated_after)
    if not withdrawn:
        where.add("a.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="a.id")


def in_layer(where: reading.Where, viewer: UUID, layer: str | None) -> None:
    """Add the filter by layer: `own`, `reference` or an id."""
    if layer == "own":
        where.add("l.owner_id = %s", viewer)
    elif layer == "reference":
        where.add("l.kind = 'reference'")
    elif layer is not None:
        where.add("l.id = %s", UUID(layer))


def visible(viewer: UUID, annotation_id: UUID | str) -> Row | None:
    """Return the annotation, also a withdrawn one, if the viewer may see its layer."""
    return reading.one(Row, f"{SELECT} WHERE a.id = %s", [viewer, annotation_id])


def of_article(viewer: UUID, article_id: UUID) -> list[Row]:
    """Return all live annotations of an article in the order of the text; the article's page draws them."""
    return reading.rows(
        Row,
        f"{SELECT} WHERE a.article_id = %s AND a.withdrawn_at IS NULL"
        " ORDER BY lower(a.extent), upper(a.extent) DESC, a.id",
        [viewer, article_id],
    )


def living(viewer: UUID, annotation_ids: list[str]) -> list[Row]:
    """Return those of the annotations that are not withdrawn and that the viewer may see, by id."""
    return reading.rows(
        Row,
        f"{SELECT} WHERE a.id = ANY(%s::uuid[]) AND a.withdrawn_at IS NULL ORDER BY a.id",
        [viewer, annotation_ids],
    )


class _Around(NamedTuple):
    id: str
    prefixes: list[str]
    suffixes: list[str]


def around_pieces(annotation_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Return what stands before and after each piece of the annotations, as far as a quote selector looks.

    An annotation itself keeps only what is around the whole of it. Whether the viewer may see them was decided before.
    """
    found = reading.rows(
        _Around,
        f"""SELECT a.id::text,
                   array_agg(substr(v.text, greatest(lower(p.piece) - {CONTEXT}, 0) + 1,
                                    least(lower(p.piece), {CONTEXT})) ORDER BY p.nth),
                   array_agg(substr(v.text, upper(p.piece) + 1, {CONTEXT}) ORDER BY p.nth)
            FROM annotation a
            JOIN article_version v ON v.id = a.article_version_id
            CROSS JOIN LATERAL unnest(a.extent) WITH ORDINALITY AS p (piece, nth)
            WHERE a.id = ANY(%s::uuid[]) GROUP BY a.id""",
        [annotation_ids],
    )
    return {row.id: list(zip(row.prefixes, row.suffixes, strict=True)) for row in found}
