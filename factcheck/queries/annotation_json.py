"""Annotations with their source links as the JSON of the API, built by the database.

The change feed shows a thousand of them a page. Put together here they take half the time that rows and objects do;
what they look like is said by `api.present`, and a test holds the two against each other.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from factcheck.queries import json_sql, reading, source_links


class Ready(NamedTuple):
    """A thing whose JSON needs nothing more."""

    id: UUID
    json: str


def _judged(row: str, **more: str) -> dict[str, str]:
    return {
        "created_by": json_sql.text("u.username"),
        "status": f'"{row}.status',
        **more,
        "version": f"{row}.version",
        "revision": f"{row}.revision",
        "created_at": json_sql.moment(f"{row}.created_at"),
        "updated_at": json_sql.moment(f"{row}.updated_at"),
        "withdrawn_at": json_sql.moment(f"{row}.withdrawn_at"),
    }


_PASSAGE = json_sql.of(
    text_version=json_sql.of(id='"x.id', number="x.number", sha256='"x.sha256'),
    start="k.passage_start",
    end="k.passage_end",
    exact=json_sql.text("k.quote"),
    prefix=json_sql.text("k.passage_prefix"),
    suffix=json_sql.text("k.passage_suffix"),
    state='"k.passage_state',
)
_LINK = json_sql.of(
    id='"k.id',
    project='"p.slug',
    article='"k.article_id',
    layer='"k.layer_id',
    annotation='"k.annotation_id',
    source='"k.source_id',
    role='"k.role',
    position="k.position",
    on_behalf_of=json_sql.maybe("k.on_behalf_of_id"),
    as_named=json_sql.text("k.as_named"),
    cue=json_sql.cue("k.cue"),
    stance=json_sql.maybe("k.stance"),
    url=json_sql.text("k.url"),
    quote=json_sql.text("k.quote"),
    locator=json_sql.text("k.locator"),
    accessed_at=json_sql.text("k.accessed_at"),
    archive_url=json_sql.text("k.archive_url"),
    passage=f"CASE WHEN x.id IS NULL THEN 'null' ELSE {_PASSAGE} END",
    note=json_sql.text("k.note"),
    **_judged(
        "k",
        void=json_sql.text("(SELECT e.status = 'rejected' FROM annotation e WHERE e.id = k.annotation_id)"),
    ),
)
_ANNOTATION = json_sql.of(
    id='"a.id',
    project='"p.slug',
    article='"a.article_id',
    article_version='"a.article_version_id',
    layer='"a.layer_id',
    layer_kind='"l.kind',
    tag=json_sql.text("t.name"),
    spans=json_sql.spans("a.extent", "a.pieces"),
    exact=json_sql.text("array_to_string(a.pieces, ' ')"),
    prefix=json_sql.text("a.prefix"),
    suffix=json_sql.text("a.suffix"),
    note=json_sql.text("a.note"),
    attributes="a.attributes",
    **_judged("a"),
    source_links="coalesce(links.json, '[]')",
)
# What is asked for is looked up first, and IS TRUE keeps the planner, which expects hardly any layers, from joining by
# going through all of them for each row.
_SELECT = f"""
    WITH asked AS MATERIALIZED (
        SELECT * FROM annotation WHERE id = ANY(%(ids)s::uuid[]) AND withdrawn_at IS NULL
    ), linked AS MATERIALIZED (
        SELECT * FROM source_link WHERE annotation_id = ANY(%(ids)s::uuid[]) AND withdrawn_at IS NULL
    ), seen AS MATERIALIZED (
        SELECT id FROM visible_layers(%(viewer)s)
        WHERE id IN (SELECT layer_id FROM asked UNION SELECT layer_id FROM linked)
    ), links AS MATERIALIZED (
        SELECT k.annotation_id, '[' || string_agg({_LINK}, ',' ORDER BY {source_links.IN_ORDER}) || ']' AS json
        FROM linked k
        JOIN project p ON p.id = k.project_id
        JOIN account u ON u.id = k.created_by_id
        LEFT JOIN source_text x ON x.id = k.source_text_id
        WHERE (k.layer_id IN (SELECT id FROM seen)) IS TRUE
        GROUP BY k.annotation_id
    )
    SELECT a.id, {_ANNOTATION}
    FROM asked a
    JOIN layer l ON l.id = a.layer_id
    JOIN project p ON p.id = a.project_id
    JOIN tag t ON t.id = a.tag_id
    JOIN account u ON u.id = a.created_by_id
    LEFT JOIN links ON links.annotation_id = a.id
    WHERE (a.layer_id IN (SELECT id FROM seen)) IS TRUE"""


def of(viewer: UUID, ids: Collection[UUID]) -> list[Ready]:
    """Return the live annotations of these ids that the viewer may see, each as its own address shows it."""
    # psycopg takes long over a thousand of anything
    return reading.rows(Ready, _SELECT, {"viewer": viewer, "ids": "{" + ",".join(map(str, ids)) + "}"})
