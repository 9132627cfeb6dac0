"""The statements behind an export: the database builds the JSON (by `json_sql`), and the flattened rows of the CSV."""

from typing import TYPE_CHECKING, Any

from factcheck.queries import json_sql

if TYPE_CHECKING:
    from factcheck.queries.interchange import Selection

END = b"]}"
"""The last part of each article's line; no other part is like it."""

FULL = 20_000
"""Annotations that make a batch of articles full."""

LOOKED_UP = 1_000
"""Articles whose sizes are looked up at a time: an export begins as soon in a large project as in a small one."""

_TOGETHER = 500  # things in one part

# In a CSV file nothing is quoted that has neither the delimiter nor the quote; JSON has no control character, so what
# comes is JSON and a line end, and needs no reading.
_AS_IT_IS = r"(FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"


def parameters(selection: "Selection") -> dict[str, Any]:
    """Return the parameters that every statement here may use."""
    return {name: value for name, value in selection._asdict().items() if name != "begun"}


def layers_seen(selection: "Selection") -> str:
    """Say in SQL which layers the export sees: those of the viewer, or the system's."""
    seen = (
        "visible_layers(%(viewer)s)"
        if selection.viewer is not None
        else "(SELECT x.* FROM layer x JOIN project y ON y.id = x.project_id"
        " WHERE NOT y.blind OR x.opened_at IS NOT NULL)"
    )
    which = {
        None: "TRUE",
        "own": "l.owner_id = %(viewer)s",
        "reference": "l.kind = 'reference'",
    }.get(selection.layer, "l.id = %(layer)s::uuid")
    return f"SELECT l.* FROM {seen} l WHERE l.project_id = %(project_id)s AND {which}"


def articles(selection: "Selection") -> str:
    """Select some articles' ids after one, in order, and how much there is in each, up to what fills a batch."""
    wanted = ["ar.project_id = %(project_id)s", "ar.id > %(after)s"]
    if selection.article_id is not None:
        wanted.append("ar.id = %(article_id)s")
    if selection.layer is not None:
        wanted.append(f"EXISTS ({layers_seen(selection)} AND l.article_id = ar.id)")
    some = f"SELECT FROM annotation a WHERE a.article_id = ar.id LIMIT {FULL}"
    return f"""SELECT ar.id, (SELECT count(*) FROM ({some}) counted)
        FROM article ar WHERE {" AND ".join(wanted)} ORDER BY ar.id LIMIT {LOOKED_UP}"""


# -- JSON Lines ------------------------------------------------------------------------------------


def _made(row: str) -> dict[str, str]:
    return {
        "created_by": json_sql.text("u.username"),
        "created_at": json_sql.time(f"{row}.created_at"),
        "updated_at": json_sql.time(f"{row}.updated_at"),
    }


def _judged(row: str) -> dict[str, str]:
    return _made(row) | {"status": f'"{row}.status', "version": f"{row}.version"}


_ARTICLE = json_sql.of(
    id='"ar.id',
    title=json_sql.text("ar.title"),
    url=json_sql.text("ar.url"),
    publisher=json_sql.text("ar.publisher"),
    byline=json_sql.text("ar.byline"),
    published_at=json_sql.text("ar.published_at"),
    language=json_sql.text("ar.language"),
    direction='"ar.direction',
    file_name=json_sql.text("ar.file_name"),
    text=json_sql.text("ar.text"),
)
_LAYER = json_sql.of(
    id='"l.id',
    kind='"l.kind',
    owner=json_sql.maybe("u.username"),
    state='"l.state',
    submitted_at=json_sql.maybe_time("l.submitted_at"),
    opened_at=json_sql.maybe_time("l.opened_at"),
)
_ANNOTATION = json_sql.of(
    id='"a.id',
    layer='"a.layer_id',
    tag=json_sql.text("t.name"),
    spans=json_sql.spans("a.extent", "a.pieces"),
    note=json_sql.text("a.note"),
    attributes="a.attributes",
    **_judged("a"),
)
_RELATION = json_sql.of(
    id='"r.id',
    layer='"r.layer_id',
    kind=json_sql.text("k.name"),
    subject='"r.subject_id',
    object='"r.object_id',
    attributes="r.attributes",
    note=json_sql.text("r.note"),
    **_judged("r"),
)
_SOURCE = json_sql.of(
    id='"s.id',
    kind='"s.kind',
    name=json_sql.text("s.name"),
    aliases=json_sql.text("s.aliases"),
    description=json_sql.text("s.description"),
    url=json_sql.text("s.url"),
    standing=json_sql.text("s.standing"),
    **_made("s"),
)
_PASSAGE = json_sql.of(
    text='"k.source_text_id',
    start="k.passage_start",
    end="k.passage_end",
    prefix=json_sql.text("k.passage_prefix"),
    suffix=json_sql.text("k.passage_suffix"),
    state='"k.passage_state',
)
_LINK = json_sql.of(
    id='"k.id',
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
    passage=f"CASE WHEN k.source_text_id IS NULL THEN 'null' ELSE {_PASSAGE} END",
    note=json_sql.text("k.note"),
    **_judged("k"),
)
_SOURCE_TEXT = json_sql.of(
    id='"x.id',
    source='"x.source_id',
    number="x.number",
    text=json_sql.text("x.text"),
    url=json_sql.text("x.url"),
    archive_url=json_sql.text("x.archive_url"),
    captured_at=json_sql.text("x.captured_at"),
    created_by=json_sql.text("u.username"),
    created_at=json_sql.time("x.created_at"),
)
_REVIEW = json_sql.of(
    id='"w.id',
    annotation=json_sql.maybe("w.annotation_id"),
    relation=json_sql.maybe("w.relation_id"),
    source_link=json_sql.maybe("w.source_link_id"),
    thing_version="w.thing_version",
    decision='"w.decision',
    reason=json_sql.text("w.reason"),
    note=json_sql.text("w.note"),
    proposal="coalesce(w.proposal::text, 'null')",
    created_by=json_sql.text("u.username"),
    created_at=json_sql.time("w.created_at"),
    superseded_by=json_sql.maybe("w.superseded_by_id"),
)

# Each section of a line: its key, and its things by id. `seen` are the article's layers that are exported.
_SECTIONS = (
    (
        "layers",
        f"""SELECT l.id, {_LAYER} AS thing FROM layer l LEFT JOIN account u ON u.id = l.owner_id
            WHERE l.id = ANY(seen.layers)""",
    ),
    (
        "annotations",
        f"""SELECT a.id, {_ANNOTATION} AS thing FROM annotation a
            JOIN tag t ON t.id = a.tag_id JOIN account u ON u.id = a.created_by_id
            WHERE a.article_id = ar.id AND a.withdrawn_at IS NULL AND a.layer_id = ANY(seen.layers)""",
    ),
    (
        "relations",
        f"""SELECT r.id, {_RELATION} AS thing FROM relation r
            JOIN relation_kind k ON k.id = r.kind_id JOIN account u ON u.id = r.created_by_id
            WHERE r.article_id = ar.id AND r.withdrawn_at IS NULL AND r.layer_id = ANY(seen.layers)""",
    ),
    (
        "sources",
        f"""SELECT s.id, {_SOURCE} AS thing FROM source s JOIN account u ON u.id = s.created_by_id
            WHERE s.id IN (
                SELECT unnest(ARRAY[k.source_id, k.on_behalf_of_id]) FROM source_link k
                WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers))""",
    ),
    (
        # The newest text of each, and those that a passage of this line is in.
        "source_texts",
        f"""SELECT x.id, {_SOURCE_TEXT} AS thing FROM source_text x JOIN account u ON u.id = x.created_by_id
            WHERE x.id IN (
                SELECT unnest(ARRAY[k.source_text_id, (
                    SELECT n.id FROM source_text n WHERE n.source_id = k.source_id ORDER BY n.number DESC LIMIT 1)])
                FROM source_link k
                WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers))""",
    ),
    (
        "source_links",
        f"""SELECT k.id, {_LINK} AS thing FROM source_link k JOIN account u ON u.id = k.created_by_id
            WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers)""",
    ),
    (
        "reviews",
        f"""SELECT w.id, {_REVIEW} AS thing FROM review w JOIN account u ON u.id = w.reviewer_id
            LEFT JOIN annotation xa ON xa.id = w.annotation_id
            LEFT JOIN relation xr ON xr.id = w.relation_id
            LEFT JOIN source_link xk ON xk.id = w.source_link_id
            WHERE w.article_id = ar.id AND w.layer_id = ANY(seen.layers)
              AND coalesce(xa.withdrawn_at, xr.withdrawn_at, xk.withdrawn_at) IS NULL""",
    ),
)


def _section(nth: int, key: str, things: str) -> str:
    opening = (
        f"""SELECT {nth} AS section, -1::bigint AS part, '{"" if nth == 1 else "],"}"{key}":[' AS piece"""
    )
    parts = f"""SELECT {nth}, part, CASE part WHEN 0 THEN '' ELSE ',' END || string_agg(thing, ',' ORDER BY id)
        FROM (SELECT id, thing, (row_number() OVER (ORDER BY id) - 1) / {_TOGETHER} AS part FROM ({things}) things) cut
        GROUP BY part"""
    return f"{opening} UNION ALL {parts}"


def copies(selection: "Selection", *, large: bool) -> list[str]:
    """Copy out the lines of the articles in `batch`, each in parts that end with `END`.

    A large article, alone in its batch, takes a statement a section, so that its beginning need not wait for its end.
    """
    head = (
        """SELECT 0 AS section, 0::bigint AS part,
        '{"format":1,"project":' || %(about)s::text || ',"article":' || """
        + f"{_ARTICLE} || ',' AS piece"
    )
    sections = [_section(nth, key, things) for nth, (key, things) in enumerate(_SECTIONS, 1)]
    tail = f"SELECT {len(_SECTIONS) + 1} AS section, 0::bigint AS part, '{END.decode()}' AS piece"
    pieces = [head, *sections, tail]
    return [_copy(selection, one) for one in (pieces if large else [" UNION ALL ".join(pieces)])]


def _copy(selection: "Selection", pieces: str) -> str:
    # Materialized, or the planner may build the pieces of every article there is before it looks at the batch.
    return f"""COPY (
        WITH batch AS MATERIALIZED (
            SELECT ar.*, v.text FROM article ar JOIN article_version v ON v.id = ar.current_version_id
            WHERE ar.id = ANY(%(batch)s::uuid[])
        )
        SELECT pieces.piece
        FROM batch ar
        CROSS JOIN LATERAL (
            SELECT array_agg(mine.id) AS layers FROM ({layers_seen(selection)} AND l.article_id = ar.id) mine
        ) seen
        CROSS JOIN LATERAL ({pieces}) pieces
        ORDER BY ar.id, pieces.section, pieces.part
    ) TO STDOUT {_AS_IT_IS}"""


# -- CSV -------------------------------------------------------------------------------------------

_KINDS = ("denies", "supports", "refutes", "context", "repeats", "contradicts", "about")


def _names(role: str, what: str = "s.name") -> str:
    chosen = f"FILTER (WHERE k.role = '{role}' AND {what} <> '')"
    return f"coalesce(string_agg({what}, '; ' ORDER BY k.position, k.id) {chosen}, '')"


def _ends(kind: str) -> str:
    return f"coalesce(string_agg(o.other::text, '; ' ORDER BY o.id) FILTER (WHERE o.kind = '{kind}'), '')"


def rows(selection: "Selection") -> str:
    """Select the CSV's cells (exports.csv.COLUMNS) as texts, of the articles in `batch`."""
    # IS TRUE, or the planner, which takes it for short, goes through the list for every relation.
    visible = "(r.layer_id IN (SELECT id FROM seen)) IS TRUE"
    others = ", ".join(f"'{kind}'" for kind in _KINDS)
    return f"""
        WITH seen AS MATERIALIZED ({layers_seen(selection)}),
             mine AS MATERIALIZED (SELECT * FROM seen WHERE article_id = ANY(%(batch)s::uuid[]))
        SELECT p.slug, ar.id::text, ar.title, ar.url, l.id::text, l.kind, coalesce(o.username, ''), a.id::text, t.name,
               lower(a.extent)::text, upper(a.extent)::text,
               (SELECT string_agg(lower(piece) || '-' || upper(piece), '; ' ORDER BY nth)
                FROM unnest(a.extent) WITH ORDINALITY AS p (piece, nth)),
               array_to_string(a.pieces, ' '), a.note, a.attributes::text, a.status, a.version::text, u.username,
               trim('"' FROM {json_sql.time("a.created_at")}), trim('"' FROM {json_sql.time("a.updated_at")}),
               links.*, relations.*
        FROM annotation a
        JOIN mine l ON l.id = a.layer_id
        JOIN article ar ON ar.id = a.article_id
        JOIN project p ON p.id = a.project_id
        JOIN tag t ON t.id = a.tag_id
        JOIN account u ON u.id = a.created_by_id
        LEFT JOIN account o ON o.id = l.owner_id
        CROSS JOIN LATERAL (
            SELECT {_names("speaker")}, {_names("speaker", "k.as_named")}, {_names("speaker", "b.name")},
                   {_names("via")}, {_names("concerns")}, {_names("document")}, {_names("document", "k.url")},
                   {_names("document", "k.stance")}, {_names("document", "k.quote")}
            FROM source_link k
            JOIN source s ON s.id = k.source_id
            LEFT JOIN source b ON b.id = k.on_behalf_of_id
            WHERE k.annotation_id = a.id AND k.withdrawn_at IS NULL
        ) links
        CROSS JOIN LATERAL (
            SELECT {", ".join(map(_ends, _KINDS))},
                   coalesce(string_agg(o.kind || ':' || o.other, '; ' ORDER BY o.kind, o.id)
                            FILTER (WHERE o.kind NOT IN ({others})), '')
            FROM (
                SELECT r.id, k.name AS kind, r.object_id AS other
                FROM relation r JOIN relation_kind k ON k.id = r.kind_id
                WHERE r.subject_id = a.id AND r.withdrawn_at IS NULL AND {visible}
                UNION ALL
                SELECT r.id, k.name, r.subject_id FROM relation r JOIN relation_kind k ON k.id = r.kind_id
                WHERE r.object_id = a.id AND r.is_symmetric AND r.withdrawn_at IS NULL
                  AND {visible}
            ) o
        ) relations
        WHERE a.withdrawn_at IS NULL
        ORDER BY a.article_id, a.id"""
