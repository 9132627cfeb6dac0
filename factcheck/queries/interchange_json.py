"""How each thing is written as JSON by the database, as SQL expressions over the rows that a statement joins.

Fixed keys are written into templates for PostgreSQL's `format`, which is half again as quick as json_build_object; each
value is JSON by itself (to_json) unless it is a UUID, a number or one of our own words.
"""


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


ARTICLE = _object(
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
LAYER = _object(
    id='"l.id',
    kind='"l.kind',
    owner=_maybe("u.username"),
    state='"l.state',
    submitted_at=_maybe_time("l.submitted_at"),
    opened_at=_maybe_time("l.opened_at"),
    excused_at=_maybe_time("l.excused_at"),
)
ANNOTATION = _object(
    id='"a.id',
    layer='"a.layer_id',
    tag=_text("t.name"),
    spans=_spans("a.extent", "a.pieces"),
    note=_text("a.note"),
    attributes="a.attributes",
    **_judged("a"),
)
RELATION = _object(
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
SOURCE = _object(
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
LINK = _object(
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
SOURCE_TEXT = _object(
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
REVIEW = _object(
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
    created_at=time("c.created_at"),
    edited_at=_maybe_time("c.edited_at"),
)
THREAD = _object(
    id='"t.id',
    annotation=_maybe("t.annotation_id"),
    relation=_maybe("t.relation_id"),
    layer=_maybe("t.layer_id"),
    resolved_at=_maybe_time("t.resolved_at"),
    resolved_by=_maybe("ru.username"),
    created_by=_text("u.username"),
    created_at=time("t.created_at"),
    comments=f"""coalesce((SELECT '[' || string_agg({_COMMENT}, ',' ORDER BY c.created_at, c.id) || ']'
        FROM comment c JOIN account cu ON cu.id = c.created_by_id
        WHERE c.thread_id = t.id AND c.withdrawn_at IS NULL), '[]')""",
)
RESPONSE = _object(
    id='"z.id',
    review='"z.review_id',
    answer='"z.answer',
    note=_text("z.note"),
    thing_version="z.thing_version",
    created_by=_text("u.username"),
    created_at=time("z.created_at"),
)
PROPOSED = _object(
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
REVIEWER = _object(
    id='"q.id',
    reviewer=_text("x.username"),
    created_by=_text("u.username"),
    created_at=time("q.created_at"),
)
