"""The statements behind an export: the database builds the JSON.

Fixed keys are written into templates for PostgreSQL's `format`, which is half again as quick as json_build_object; each
value is JSON by itself (to_json) unless it is a UUID, a number or one of our own words.
"""

from typing import TYPE_CHECKING, Any

from factcheck.queries import interchange_first

if TYPE_CHECKING:
    from factcheck.queries.interchange import Selection

END = b"]}"
"""The last part of each article's line; no other part is like it."""

FULL = 20_000
"""Annotations that make a batch of articles full."""

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
    """Select the articles' ids in order, and how much there is in each, up to a number that fills a batch."""
    wanted = ["ar.project_id = %(project_id)s"]
    if selection.article_id is not None:
        wanted.append("ar.id = %(article_id)s")
    if selection.layer is not None or selection.first:
        wanted.append(f"EXISTS ({layers_seen(selection)} AND l.article_id = ar.id)")
    some = f"SELECT FROM annotation a WHERE a.article_id = ar.id LIMIT {FULL}"
    return f"""SELECT ar.id, (SELECT count(*) FROM ({some}) counted)
        FROM article ar WHERE {" AND ".join(wanted)} ORDER BY ar.id"""


# -- JSON Lines ------------------------------------------------------------------------------------


def _object(**fields: str) -> str:
    """Write an SQL expression that makes a JSON object; values that begin with `"` are quoted, not escaped."""
    keys, values = [], []
    for key, value in fields.items():
        keys.append(f'"{key}":"%%s"' if value.startswith('"') else f'"{key}":%%s')
        values.append(value.lstrip('"'))
    return f"format('{{{','.join(keys)}}}', {', '.join(values)})"


def _text(value: str) -> str:
    return f"to_json({value})"


def _maybe(value: str) -> str:
    return f"coalesce(to_json({value})::text, 'null')"


def time(value: str) -> str:
    """Write a time as JSON, in UTC."""
    return f"replace(to_json({value})::text, '+00:00', 'Z')"


def _maybe_time(value: str) -> str:
    return f"coalesce({time(value)}, 'null')"


def _spans(extent: str, pieces: str) -> str:
    """Write an extent with its words; one span, as most have, without a query of its own."""
    one = _object(start=f"lower({extent})", end=f"upper({extent})", exact=_text(f"{pieces}[1]"))
    each = _object(start="lower(piece)", end="upper(piece)", exact=_text(f"{pieces}[nth]"))
    return f"""CASE WHEN cardinality({pieces}) = 1 THEN '[' || {one} || ']' ELSE (
        SELECT '[' || string_agg({each}, ',' ORDER BY nth) || ']'
        FROM unnest({extent}) WITH ORDINALITY AS p (piece, nth)) END"""


def _cue(extent: str) -> str:
    each = _object(start="lower(piece)", end="upper(piece)")
    return f"""coalesce((SELECT '[' || string_agg({each}, ',' ORDER BY nth) || ']'
        FROM unnest({extent}) WITH ORDINALITY AS p (piece, nth)), '[]')"""


def _made(row: str) -> dict[str, str]:
    return {
        "created_by": _text("u.username"),
        "created_at": time(f"{row}.created_at"),
        "updated_at": time(f"{row}.updated_at"),
    }


def _judged(row: str) -> dict[str, str]:
    return _made(row) | {"status": f'"{row}.status', "version": f"{row}.version"}


_ARTICLE = _object(
    id='"ar.id',
    title=_text("ar.title"),
    url=_text("ar.url"),
    publisher=_text("ar.publisher"),
    byline=_text("ar.byline"),
    published_at=_text("ar.published_at"),
    language=_text("ar.language"),
    direction='"ar.direction',
    file_name=_text("ar.file_name"),
    text=_text("ar.text"),
)
_LAYER = _object(
    id='"l.id',
    kind='"l.kind',
    owner=_maybe("u.username"),
    state='"l.state',
    submitted_at=_maybe_time("l.submitted_at"),
    opened_at=_maybe_time("l.opened_at"),
    excused_at=_maybe_time("l.excused_at"),
)
_ANNOTATION = _object(
    id='"a.id',
    layer='"a.layer_id',
    tag=_text("t.name"),
    spans=_spans("a.extent", "a.pieces"),
    note=_text("a.note"),
    attributes="a.attributes",
    **_judged("a"),
)
_RELATION = _object(
    id='"r.id',
    layer='"r.layer_id',
    kind=_text("k.name"),
    subject='"r.subject_id',
    object='"r.object_id',
    attributes="r.attributes",
    note=_text("r.note"),
    **_judged("r"),
    void=_text(
        """(SELECT coalesce(bool_or(e.status = 'rejected'), false) FROM annotation e
            WHERE e.id IN (r.subject_id, r.object_id))"""
    ),
)
_SOURCE = _object(
    id='"s.id',
    kind='"s.kind',
    name=_text("s.name"),
    aliases=_text("s.aliases"),
    description=_text("s.description"),
    url=_text("s.url"),
    standing=_text("s.standing"),
    **_made("s"),
)
_PASSAGE = _object(
    text='"k.source_text_id',
    start="k.passage_start",
    end="k.passage_end",
    prefix=_text("k.passage_prefix"),
    suffix=_text("k.passage_suffix"),
    state='"k.passage_state',
)
_LINK = _object(
    id='"k.id',
    layer='"k.layer_id',
    annotation='"k.annotation_id',
    source='"k.source_id',
    role='"k.role',
    position="k.position",
    on_behalf_of=_maybe("k.on_behalf_of_id"),
    as_named=_text("k.as_named"),
    cue=_cue("k.cue"),
    stance=_maybe("k.stance"),
    url=_text("k.url"),
    quote=_text("k.quote"),
    locator=_text("k.locator"),
    accessed_at=_text("k.accessed_at"),
    archive_url=_text("k.archive_url"),
    passage=f"CASE WHEN k.source_text_id IS NULL THEN 'null' ELSE {_PASSAGE} END",
    note=_text("k.note"),
    **_judged("k"),
    void=_text("(SELECT e.status = 'rejected' FROM annotation e WHERE e.id = k.annotation_id)"),
)
_SOURCE_TEXT = _object(
    id='"x.id',
    source='"x.source_id',
    number="x.number",
    text=_text("x.text"),
    url=_text("x.url"),
    archive_url=_text("x.archive_url"),
    captured_at=_text("x.captured_at"),
    created_by=_text("u.username"),
    created_at=time("x.created_at"),
)
_REVIEW = _object(
    id='"w.id',
    annotation=_maybe("w.annotation_id"),
    relation=_maybe("w.relation_id"),
    source_link=_maybe("w.source_link_id"),
    thing_version="w.thing_version",
    decision='"w.decision',
    reason=_text("w.reason"),
    note=_text("w.note"),
    proposal="coalesce(w.proposal::text, 'null')",
    created_by=_text("u.username"),
    created_at=time("w.created_at"),
    superseded_by=_maybe("w.superseded_by_id"),
)
_COMMENT = _object(
    id='"c.id',
    body=_text("c.body"),
    mentions="to_json(ARRAY(SELECT m.username FROM account m WHERE m.id = ANY(c.mentions) ORDER BY 1))",
    created_by=_text("cu.username"),
    created_at=_time("c.created_at"),
    edited_at=_maybe_time("c.edited_at"),
)
_THREAD = _object(
    id='"t.id',
    annotation=_maybe("t.annotation_id"),
    relation=_maybe("t.relation_id"),
    layer=_maybe("t.layer_id"),
    resolved_at=_maybe_time("t.resolved_at"),
    resolved_by=_maybe("ru.username"),
    created_by=_text("u.username"),
    created_at=_time("t.created_at"),
    comments=f"""(SELECT '[' || string_agg({_COMMENT}, ',' ORDER BY c.created_at, c.id) || ']'
        FROM comment c JOIN account cu ON cu.id = c.created_by_id
        WHERE c.thread_id = t.id AND c.withdrawn_at IS NULL)""",
)

_RESPONSE = _object(
    id='"z.id',
    review='"z.review_id',
    answer='"z.answer',
    note=_text("z.note"),
    thing_version="z.thing_version",
    created_by=_text("u.username"),
    created_at=time("z.created_at"),
)
_PROPOSED = _object(
    id='"m.id',
    layer='"m.layer_id',
    tag=_text("t.name"),
    spans=_spans("m.extent", "m.pieces"),
    note=_text("m.note"),
    attributes="m.attributes",
    state='"m.state',
    annotation=_maybe("m.annotation_id"),
    answer_note=_text("m.answer_note"),
    answered_by=_maybe("x.username"),
    answered_at=_maybe_time("m.answered_at"),
    **_made("m"),
)
_REVIEWER = _object(
    id='"q.id',
    reviewer=_text("x.username"),
    created_by=_text("u.username"),
    created_at=time("q.created_at"),
)

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
            {_OF_WHAT_IS_HERE}""",
    ),
    (
        "review_responses",
        f"""SELECT z.id, {_RESPONSE} AS thing FROM review_response z
            JOIN account u ON u.id = z.created_by_id JOIN review w ON w.id = z.review_id
            {_OF_WHAT_IS_HERE}""",
    ),
    (
        "proposed_annotations",
        f"""SELECT m.id, {_PROPOSED} AS thing FROM proposed_annotation m
            JOIN tag t ON t.id = m.tag_id JOIN account u ON u.id = m.created_by_id
            LEFT JOIN account x ON x.id = m.answered_by_id
            LEFT JOIN annotation xa ON xa.id = m.annotation_id
            WHERE m.article_id = ar.id AND m.layer_id = ANY(seen.layers)
              AND coalesce(m.withdrawn_at, xa.withdrawn_at) IS NULL""",
    ),
    (
        "reviewers",
        f"""SELECT q.id, {_REVIEWER} AS thing FROM reviewer_assignment q
            JOIN account u ON u.id = q.created_by_id JOIN account x ON x.id = q.reviewer_id
            WHERE q.article_id = ar.id""",
    ),
    (
        # Of what is exported, and of the article itself, where the export is of all layers.
        "threads",
        f"""SELECT t.id, {_THREAD} AS thing FROM thread t JOIN account u ON u.id = t.created_by_id
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
        + f"{_ARTICLE} || ',' AS piece"
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
