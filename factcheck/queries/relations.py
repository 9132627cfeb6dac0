"""Relations as the viewer may see them: those whose own layer and both ends' layers are visible."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import annotations, reading


class Row(NamedTuple):
    """A relation; ids are text and `attributes` is ready JSON."""

    id: str
    project: str
    article: str
    object_article: str
    layer: str
    kind: str
    subject: str
    object: str
    attributes: str
    note: str
    created_by: str
    status: str
    version: int
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any
    owner_id: UUID | None
    void: bool  # an end of it is rejected


SELECT = """
    SELECT r.id::text, p.slug, r.article_id::text, r.object_article_id::text, r.layer_id::text, k.name,
           r.subject_id::text, r.object_id::text, r.attributes::text, r.note, u.username, r.status, r.version,
           r.revision, r.created_at, r.updated_at, r.withdrawn_at, l.owner_id, 'rejected' IN (s.status, o.status)
    FROM relation r
    JOIN visible_layers(%s) l ON l.id = r.layer_id
    JOIN annotation s ON s.id = r.subject_id
    JOIN visible_layers(%s) sl ON sl.id = s.layer_id
    JOIN annotation o ON o.id = r.object_id
    JOIN visible_layers(%s) ol ON ol.id = o.layer_id
    JOIN project p ON p.id = r.project_id
    JOIN relation_kind k ON k.id = r.kind_id
    JOIN account u ON u.id = r.created_by_id
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    layer: str | None = None,
    kind: str | None = None,
    subject: UUID | None = None,
    object: UUID | None = None,
    annotation: UUID | None = None,
    created_by: str | None = None,
    status: str | None = None,
    updated_after: Any = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page; `article` and `annotation` find relations by either end."""
    where = reading.Where()
    if project is not None:
        where.add("r.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    if article is not None:
        where.add("(r.article_id = %s OR r.object_article_id = %s)", article, article)
    where.equal("k.name", kind).equal("r.subject_id", subject).equal("r.object_id", object)
    where.equal("u.username", created_by).equal("r.status", status)
    if annotation is not None:
        where.add("(r.subject_id = %s OR r.object_id = %s)", annotation, annotation)
    if updated_after is not None:
        where.add("r.updated_at > %s", updated_after)
    annotations.in_layer(where, viewer, layer)
    if not withdrawn:
        where.add("r.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer] * 3, column="r.id")


def visible(viewer: UUID, relation_id: UUID | str) -> Row | None:
    """Return the relation, also a withdrawn one, if the viewer may see it."""
    return reading.one(Row, f"{SELECT} WHERE r.id = %s", [*[viewer] * 3, relation_id])


def living(viewer: UUID, relation_ids: list[str]) -> list[Row]:
    """Return those of the relations that are not withdrawn and that the viewer may see, by id."""
    return reading.rows(
        Row,
        f"{SELECT} WHERE r.id = ANY(%s::uuid[]) AND r.withdrawn_at IS NULL ORDER BY r.id",
        [*[viewer] * 3, relation_ids],
    )


def of_annotations(viewer: UUID, annotation_ids: list[str]) -> list[Row]:
    """Return the live relations that have one of the annotations at either end."""
    return reading.rows(
        Row,
        f"{SELECT} WHERE r.withdrawn_at IS NULL"
        " AND (r.subject_id = ANY(%s::uuid[]) OR r.object_id = ANY(%s::uuid[])) ORDER BY r.id",
        [*[viewer] * 3, annotation_ids, annotation_ids],
    )


class End(NamedTuple):
    """An annotation that may be the other end of a relation, with what tells it from others."""

    id: str
    article: str
    article_title: str
    language: str
    tag: str
    tag_title: str
    pieces: list[str]
    created_by: str
    speaker: str | None


_ENDS = """
    SELECT a.id::text, a.article_id::text, ar.title, ar.language, t.name, t.title, a.pieces, u.username,
           (SELECT s.name FROM source_link k JOIN source s ON s.id = k.source_id
            WHERE k.annotation_id = a.id AND k.role = 'speaker' AND k.withdrawn_at IS NULL
            ORDER BY k.position, k.id LIMIT 1)
    FROM annotation a
    JOIN visible_layers(%(viewer)s) l ON l.id = a.layer_id
    JOIN article ar ON ar.id = a.article_id
    JOIN tag t ON t.id = a.tag_id
    JOIN account u ON u.id = a.created_by_id
    WHERE a.withdrawn_at IS NULL AND a.id <> %(of)s AND {where}
"""


def ends(viewer: UUID, of: UUID, article: UUID, project: UUID, typed: str, *, limit: int = 12) -> list[End]:
    """Return annotations that have the typed words, those of the same article first, in the order of its text.

    Other articles of the project are looked through as soon as two letters are typed.
    """
    params = {
        "viewer": viewer,
        "of": of,
        "article": article,
        "project": project,
        "pattern": reading.contains(typed.strip()),
        "limit": limit,
    }
    said = "array_to_string(a.pieces, ' ') ILIKE %(pattern)s"
    here = _ENDS.format(where=f"a.article_id = %(article)s AND {said}")
    found = reading.rows(
        End, f"{here} ORDER BY lower(a.extent), upper(a.extent) DESC, a.id LIMIT %(limit)s", params
    )
    if len(typed.strip()) < 2 or len(found) == limit:
        return found
    elsewhere = _ENDS.format(where=f"a.project_id = %(project)s AND a.article_id <> %(article)s AND {said}")
    params["limit"] = limit - len(found)
    return found + reading.rows(End, f"{elsewhere} ORDER BY a.id DESC LIMIT %(limit)s", params)


def end(viewer: UUID, annotation_id: UUID | str) -> End | None:
    """Return one live annotation as an end."""
    where = "a.id = %(id)s"
    unlike = UUID(int=0)
    return reading.one(End, _ENDS.format(where=where), {"viewer": viewer, "of": unlike, "id": annotation_id})
