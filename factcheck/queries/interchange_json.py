"""How each thing is written as JSON by the database: SQL (by `json_sql`) over the rows that a statement joins."""

from factcheck.queries import json_sql


def _made(row: str) -> dict[str, str]:
    return {
        "created_by": json_sql.text("u.username"),
        "created_at": json_sql.time(f"{row}.created_at"),
        "updated_at": json_sql.time(f"{row}.updated_at"),
    }


def _judged(row: str) -> dict[str, str]:
    return _made(row) | {"status": f'"{row}.status', "version": f"{row}.version"}


ARTICLE = json_sql.of(
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
LAYER = json_sql.of(
    id='"l.id',
    kind='"l.kind',
    owner=json_sql.maybe("u.username"),
    state='"l.state',
    submitted_at=json_sql.maybe_time("l.submitted_at"),
    opened_at=json_sql.maybe_time("l.opened_at"),
    excused_at=json_sql.maybe_time("l.excused_at"),
)
ANNOTATION = json_sql.of(
    id='"a.id',
    layer='"a.layer_id',
    tag=json_sql.text("t.name"),
    spans=json_sql.spans("a.extent", "a.pieces"),
    note=json_sql.text("a.note"),
    attributes="a.attributes",
    **_judged("a"),
)
RELATION = json_sql.of(
    id='"r.id',
    layer='"r.layer_id',
    kind=json_sql.text("k.name"),
    subject='"r.subject_id',
    object='"r.object_id',
    attributes="r.attributes",
    note=json_sql.text("r.note"),
    **_judged("r"),
    void=json_sql.text(
        """(SELECT coalesce(bool_or(e.status = 'rejected'), false) FROM annotation e
            WHERE e.id IN (r.subject_id, r.object_id))"""
    ),
)
SOURCE = json_sql.of(
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
LINK = json_sql.of(
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
    void=json_sql.text("(SELECT e.status = 'rejected' FROM annotation e WHERE e.id = k.annotation_id)"),
)
SOURCE_TEXT = json_sql.of(
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
REVIEW = json_sql.of(
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
_COMMENT = json_sql.of(
    id='"c.id',
    body=json_sql.text("c.body"),
    mentions="to_json(ARRAY(SELECT m.username FROM account m WHERE m.id = ANY(c.mentions) ORDER BY 1))",
    created_by=json_sql.text("cu.username"),
    created_at=json_sql.time("c.created_at"),
    edited_at=json_sql.maybe_time("c.edited_at"),
)
THREAD = json_sql.of(
    id='"t.id',
    annotation=json_sql.maybe("t.annotation_id"),
    relation=json_sql.maybe("t.relation_id"),
    layer=json_sql.maybe("t.layer_id"),
    resolved_at=json_sql.maybe_time("t.resolved_at"),
    resolved_by=json_sql.maybe("ru.username"),
    created_by=json_sql.text("u.username"),
    created_at=json_sql.time("t.created_at"),
    comments=f"""coalesce((SELECT '[' || string_agg({_COMMENT}, ',' ORDER BY c.created_at, c.id) || ']'
        FROM comment c JOIN account cu ON cu.id = c.created_by_id
        WHERE c.thread_id = t.id AND c.withdrawn_at IS NULL), '[]')""",
)
RESPONSE = json_sql.of(
    id='"z.id',
    review='"z.review_id',
    answer='"z.answer',
    note=json_sql.text("z.note"),
    thing_version="z.thing_version",
    created_by=json_sql.text("u.username"),
    created_at=json_sql.time("z.created_at"),
)
PROPOSED = json_sql.of(
    id='"m.id',
    layer='"m.layer_id',
    tag=json_sql.text("t.name"),
    spans=json_sql.spans("m.extent", "m.pieces"),
    note=json_sql.text("m.note"),
    attributes="m.attributes",
    state='"m.state',
    annotation=json_sql.maybe("m.annotation_id"),
    answer_note=json_sql.text("m.answer_note"),
    answered_by=json_sql.maybe("x.username"),
    answered_at=json_sql.maybe_time("m.answered_at"),
    **_made("m"),
)
REVIEWER = json_sql.of(
    id='"q.id',
    reviewer=json_sql.text("x.username"),
    created_by=json_sql.text("u.username"),
    created_at=json_sql.time("q.created_at"),
)
