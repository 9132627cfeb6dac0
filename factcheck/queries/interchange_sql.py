"""The statements behind an export: the database builds the JSON."""

from typing import TYPE_CHECKING, Any

from factcheck.queries import interchange_first
from factcheck.queries import interchange_json as json

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
    answered = "AND l.first_answer IS NOT NULL" if selection.first else ""
    return f"SELECT l.* FROM {seen} l WHERE l.project_id = %(project_id)s AND {which} {answered}"


def articles(selection: "Selection") -> str:
    """Select some articles' ids after one, in order, and how much there is in each, up to what fills a batch."""
    wanted = ["ar.project_id = %(project_id)s", "ar.id > %(after)s"]
    if selection.article_id is not None:
        wanted.append("ar.id = %(article_id)s")
    if selection.layer is not None or selection.first:
        wanted.append(f"EXISTS ({layers_seen(selection)} AND l.article_id = ar.id)")
    some = f"SELECT FROM annotation a WHERE a.article_id = ar.id LIMIT {FULL}"
    return f"""SELECT ar.id, (SELECT count(*) FROM ({some}) counted)
        FROM article ar WHERE {" AND ".join(wanted)} ORDER BY ar.id LIMIT {LOOKED_UP}"""


# What was decided leaves with what it is about: w is the decision.
_OF_WHAT_IS_HERE = """LEFT JOIN annotation xa ON xa.id = w.annotation_id
            LEFT JOIN relation xr ON xr.id = w.relation_id
            LEFT JOIN source_link xk ON xk.id = w.source_link_id
            WHERE w.article_id = ar.id AND w.layer_id = ANY(seen.layers)
              AND coalesce(xa.withdrawn_at, xr.withdrawn_at, xk.withdrawn_at) IS NULL"""

# Each section of a line: its key, and its things by id. `seen` are the article's layers that are exported.
_SECTIONS = (
    (
        "layers",
        f"""SELECT l.id, {json.LAYER} AS thing FROM layer l LEFT JOIN account u ON u.id = l.owner_id
            WHERE l.id = ANY(seen.layers)""",
    ),
    (
        "annotations",
        f"""SELECT a.id, {json.ANNOTATION} AS thing FROM annotation a
            JOIN tag t ON t.id = a.tag_id JOIN account u ON u.id = a.created_by_id
            WHERE a.article_id = ar.id AND a.withdrawn_at IS NULL AND a.layer_id = ANY(seen.layers)""",
    ),
    (
        "relations",
        f"""SELECT r.id, {json.RELATION} AS thing FROM relation r
            JOIN relation_kind k ON k.id = r.kind_id JOIN account u ON u.id = r.created_by_id
            WHERE r.article_id = ar.id AND r.withdrawn_at IS NULL AND r.layer_id = ANY(seen.layers)""",
    ),
    (
        "sources",
        f"""SELECT s.id, {json.SOURCE} AS thing FROM source s JOIN account u ON u.id = s.created_by_id
            WHERE s.id IN (
                SELECT unnest(ARRAY[k.source_id, k.on_behalf_of_id]) FROM source_link k
                WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers))""",
    ),
    (
        # The newest text of each, and those that a passage of this line is in.
        "source_texts",
        f"""SELECT x.id, {json.SOURCE_TEXT} AS thing FROM source_text x JOIN account u ON u.id = x.created_by_id
            WHERE x.id IN (
                SELECT unnest(ARRAY[k.source_text_id, (
                    SELECT n.id FROM source_text n WHERE n.source_id = k.source_id ORDER BY n.number DESC LIMIT 1)])
                FROM source_link k
                WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers))""",
    ),
    (
        "source_links",
        f"""SELECT k.id, {json.LINK} AS thing FROM source_link k JOIN account u ON u.id = k.created_by_id
            WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL AND k.layer_id = ANY(seen.layers)""",
    ),
    (
        "reviews",
        f"""SELECT w.id, {json.REVIEW} AS thing FROM review w JOIN account u ON u.id = w.reviewer_id
            {_OF_WHAT_IS_HERE}""",
    ),
    (
        "review_responses",
        f"""SELECT z.id, {json.RESPONSE} AS thing FROM review_response z
            JOIN account u ON u.id = z.created_by_id JOIN review w ON w.id = z.review_id
            {_OF_WHAT_IS_HERE}""",
    ),
    (
        "proposed_annotations",
        f"""SELECT m.id, {json.PROPOSED} AS thing FROM proposed_annotation m
            JOIN tag t ON t.id = m.tag_id JOIN account u ON u.id = m.created_by_id
            LEFT JOIN account x ON x.id = m.answered_by_id
            LEFT JOIN annotation xa ON xa.id = m.annotation_id
            WHERE m.article_id = ar.id AND m.layer_id = ANY(seen.layers)
              AND coalesce(m.withdrawn_at, xa.withdrawn_at) IS NULL""",
    ),
    (
        "reviewers",
        f"""SELECT q.id, {json.REVIEWER} AS thing FROM reviewer_assignment q
            JOIN account u ON u.id = q.created_by_id JOIN account x ON x.id = q.reviewer_id
            WHERE q.article_id = ar.id""",
    ),
    (
        # Of what is exported, and of the article itself, where the export is of all layers.
        "threads",
        f"""SELECT t.id, {json.THREAD} AS thing FROM thread t JOIN account u ON u.id = t.created_by_id
            LEFT JOIN account ru ON ru.id = t.resolved_by_id LEFT JOIN annotation ta ON ta.id = t.annotation_id
            LEFT JOIN relation tr ON tr.id = t.relation_id
            WHERE t.article_id = ar.id AND t.withdrawn_at IS NULL
              AND (t.layer_id = ANY(seen.layers) OR (t.layer_id IS NULL AND %(layer)s::text IS NULL))
              AND coalesce(ta.withdrawn_at, tr.withdrawn_at) IS NULL""",
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
        + f"{json.ARTICLE} || ',' AS piece"
    )
    sections = [_section(nth, key, things) for nth, (key, things) in enumerate(_SECTIONS, 1)]
    tail = f"SELECT {len(_SECTIONS) + 1} AS section, 0::bigint AS part, '{END.decode()}' AS piece"
    pieces = [head, *sections, tail]
    return [_copy(selection, one) for one in (pieces if large else [" UNION ALL ".join(pieces)])]


def _copy(selection: "Selection", pieces: str) -> str:
    # Materialized, or the planner may build the pieces of every article there is before it looks at the batch.
    as_it_was = f"{interchange_first.tables()}, " if selection.first else ""
    return f"""COPY (
        WITH {as_it_was}batch AS MATERIALIZED (
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
