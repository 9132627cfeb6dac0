"""Source links as the viewer may see them."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import annotations, reading


class Row(NamedTuple):
    """A source link with the names that a page shows; ids are text, `cue` is PostgreSQL's literal."""

    id: str
    project: str
    article: str
    layer: str
    annotation: str
    source: str
    source_name: str
    source_kind: str
    role: str
    position: int
    on_behalf_of: str | None
    on_behalf_of_name: str | None
    as_named: str
    cue: str | None
    stance: str | None
    url: str
    quote: str
    locator: str
    accessed_at: str
    archive_url: str
    note: str
    created_by: str
    status: str
    version: int
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any
    owner_id: UUID | None
    void: bool  # its annotation is rejected
    source_text: str | None = None
    source_text_number: int | None = None
    source_text_sha256: str | None = None
    passage_start: int | None = None
    passage_end: int | None = None
    passage_prefix: str | None = None
    passage_suffix: str | None = None
    passage_state: str | None = None


SELECT = """
    SELECT k.id::text, p.slug, k.article_id::text, k.layer_id::text, k.annotation_id::text, k.source_id::text, s.name,
           s.kind, k.role, k.position, k.on_behalf_of_id::text, b.name, k.as_named, k.cue::text, k.stance, k.url,
           k.quote, k.locator, k.accessed_at, k.archive_url, k.note, u.username, k.status, k.version, k.revision,
           k.created_at, k.updated_at, k.withdrawn_at, l.owner_id, a.status = 'rejected', k.source_text_id::text,
           x.number, x.sha256, k.passage_start, k.passage_end, k.passage_prefix, k.passage_suffix, k.passage_state
    FROM source_link k
    JOIN visible_layers(%s) l ON l.id = k.layer_id
    JOIN annotation a ON a.id = k.annotation_id
    JOIN project p ON p.id = k.project_id
    JOIN source s ON s.id = k.source_id
    LEFT JOIN source b ON b.id = k.on_behalf_of_id
    LEFT JOIN source_text x ON x.id = k.source_text_id
    JOIN account u ON u.id = k.created_by_id
"""


IN_ORDER = "array_position(ARRAY['speaker', 'via', 'concerns', 'document'], k.role), k.position, k.id"
"""How the links of an annotation are ordered: by role, then as their author put them."""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    article: UUID | None = None,
    layer: str | None = None,
    annotation: UUID | None = None,
    source: UUID | None = None,
    on_behalf_of: UUID | None = None,
    role: str | None = None,
    stance: str | None = None,
    created_by: str | None = None,
    status: str | None = None,
    updated_after: Any = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page of source links."""
    where = reading.Where()
    if project is not None:
        where.add("k.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("k.article_id", article).equal("k.annotation_id", annotation).equal("k.source_id", source)
    where.equal("k.role", role).equal("u.username", created_by).equal("k.status", status)
    where.equal("k.on_behalf_of_id", on_behalf_of).equal("k.stance", stance)
    if updated_after is not None:
        where.add("k.updated_at > %s", updated_after)
    annotations.in_layer(where, viewer, layer)
    if not withdrawn:
        where.add("k.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="k.id")


def visible(viewer: UUID, link_id: UUID | str) -> Row | None:
    """Return the link, also a withdrawn one, if the viewer may see it."""
    return reading.one(Row, f"{SELECT} WHERE k.id = %s", [viewer, link_id])


def of_annotations(viewer: UUID, annotation_ids: list[str]) -> dict[str, list[Row]]:
    """Return the live links of the annotations, by annotation, in the order of role, position and id.

    The links of a withdrawn annotation were withdrawn with it, so it has none here.
    """
    if not annotation_ids:
        return {}
    found = reading.rows(
        Row,
        f"{SELECT} WHERE k.annotation_id = ANY(%s::uuid[]) AND k.withdrawn_at IS NULL ORDER BY {IN_ORDER}",
        [viewer, "{" + ",".join(annotation_ids) + "}"],  # psycopg takes long over a thousand texts
    )
    result: dict[str, list[Row]] = {}
    for row in found:
        result.setdefault(row.annotation, []).append(row)
    return result


def last_speaker(user_id: UUID, article_id: UUID) -> Row | None:
    """Return this person's newest live speaker link in the article: who "the same as before" is."""
    return reading.one(
        Row,
        f"{SELECT} WHERE k.article_id = %s AND k.created_by_id = %s AND k.role = 'speaker'"
        " AND k.withdrawn_at IS NULL ORDER BY k.created_at DESC, k.id DESC LIMIT 1",
        [user_id, article_id, user_id],
    )
