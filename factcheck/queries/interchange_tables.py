"""The tables of the `csv-zip` export, as statements: one kind of thing each, cells as texts, all of one selection.

What a table has in its columns stands beside the SQL of each, so that header and cells cannot fall apart.
"""

from typing import TYPE_CHECKING, NamedTuple

from factcheck.queries.interchange_sql import layers_seen

if TYPE_CHECKING:
    from factcheck.queries.interchange import Selection


class Statement(NamedTuple):
    """A table's name, its columns in order, and the statement that yields its rows."""

    name: str
    columns: tuple[str, ...]
    sql: str


def _time(value: str) -> str:
    return f"coalesce(replace(trim('\"' FROM to_json({value})::text), '+00:00', 'Z'), '')"


def _flag(value: str) -> str:
    return f"CASE WHEN {value} THEN 'true' ELSE 'false' END"


def _void(ends: str) -> str:
    rejected = _flag("bool_or(e.status = 'rejected')")
    return f"(SELECT {rejected} FROM annotation e WHERE {ends})"


def _texts(row: str, *names: str) -> dict[str, str]:
    """Columns that are called in the table as in the database; ids, numbers, JSON and words alike, empty for none."""
    return {name: f"coalesce({row}.{name}::text, '')" for name in names}


def _ids(row: str, *names: str) -> dict[str, str]:
    return {name: f"coalesce({row}.{name}_id::text, '')" for name in names}


def _made(row: str, by: str = "u") -> dict[str, str]:
    return {"created_by": f"{by}.username", "created_at": _time(f"{row}.created_at")}


def _judged(row: str) -> dict[str, str]:
    return _texts(row, "status", "version") | _made(row) | {"updated_at": _time(f"{row}.updated_at")}


_ANNOTATIONS = "annotation a JOIN seen l ON l.id = a.layer_id"
_RELATIONS = "relation r JOIN seen l ON l.id = r.layer_id"
_LINKS = "source_link k JOIN seen l ON l.id = k.layer_id"
_LIVE_LINKS = f"FROM {_LINKS} WHERE k.article_id IN (SELECT id FROM articles) AND k.withdrawn_at IS NULL"
_OF_PROJECT = "project_id = %(project_id)s"
_REVIEWS = """review w JOIN seen l ON l.id = w.layer_id
    LEFT JOIN annotation xa ON xa.id = w.annotation_id
    LEFT JOIN relation xr ON xr.id = w.relation_id
    LEFT JOIN source_link xk ON xk.id = w.source_link_id"""
_WHAT_IS_HERE = """w.article_id IN (SELECT id FROM articles)
    AND coalesce(xa.withdrawn_at, xr.withdrawn_at, xk.withdrawn_at) IS NULL"""
_THREADS = """thread h JOIN account u ON u.id = h.created_by_id LEFT JOIN account x ON x.id = h.resolved_by_id
    LEFT JOIN annotation xa ON xa.id = h.annotation_id LEFT JOIN relation xr ON xr.id = h.relation_id"""
# Of what is exported, and of the article itself, where the export is of all layers.
_TALKED_ABOUT = """h.article_id IN (SELECT id FROM articles) AND h.withdrawn_at IS NULL
    AND (h.layer_id IN (SELECT id FROM seen) OR (h.layer_id IS NULL AND %(layer)s::text IS NULL))
    AND coalesce(xa.withdrawn_at, xr.withdrawn_at) IS NULL"""
_MENTIONS = "to_json(ARRAY(SELECT m.username FROM account m WHERE m.id = ANY(c.mentions) ORDER BY 1))::text"
_PIECES = """(SELECT string_agg(lower(piece) || '-' || upper(piece), '; ' ORDER BY nth)
    FROM unnest(p.extent) WITH ORDINALITY AS s (piece, nth))"""


def _live(row: str) -> str:
    return f"{row}.article_id IN (SELECT id FROM articles) AND {row}.withdrawn_at IS NULL"


# Each table: its columns with their SQL, where its rows are from, which of them, and their order.
_TABLES: dict[str, tuple[dict[str, str], str, str, str]] = {
    "project": (
        _texts("p", "slug", "name")
        | {"blind": _flag("p.blind")}
        | _texts("p", "approvals_needed", "review_reasons", "guidelines"),
        "project p",
        "p.id = %(project_id)s",
        "p.id",
    ),
    "tags": (
        _texts("t", "name", "title", "key", "colour", "colour_dark", "line", "description", "position")
        | {"retired": _flag("t.retired_at IS NOT NULL")},
        "tag t",
        f"t.{_OF_PROJECT}",
        "t.position, t.id",
    ),
    "relation_kinds": (
        _texts("k", "name", "title", "inverse_title", "key")
        | {"symmetric": _flag("k.is_symmetric")}
        | {"attributes": "k.schema::text", "position": "k.position::text"}
        | {"retired": _flag("k.retired_at IS NOT NULL")},
        "relation_kind k",
        f"k.{_OF_PROJECT}",
        "k.position, k.id",
    ),
    "relation_pairs": (
        {"kind": "k.name", "subject": "s.name", "object": "o.name"},
        """relation_pair x JOIN relation_kind k ON k.id = x.kind_id
           JOIN tag s ON s.id = x.subject_tag_id JOIN tag o ON o.id = x.object_tag_id""",
        f"x.{_OF_PROJECT}",
        "k.position, x.id",
    ),
    "attribute_schemas": (
        {"tag": "coalesce(t.name, '')"} | _texts("x", "version", "schema"),
        "attribute_schema x LEFT JOIN tag t ON t.id = x.tag_id",
        f"x.{_OF_PROJECT}",
        "t.position NULLS FIRST, x.version",
    ),
    "articles": (
        _texts("ar", "id", "title", "url", "publisher", "byline", "published_at", "language", "direction")
        | {"file_name": "ar.file_name", "text_version": "v.id::text", "text_number": "v.number::text"}
        | _texts("v", "sha256", "length"),
        "article ar JOIN article_version v ON v.id = ar.current_version_id",
        "ar.id IN (SELECT id FROM articles)",
        "ar.id",
    ),
    "texts": (
        {"article": "ar.id::text", "text": "v.text"},
        "article ar JOIN article_version v ON v.id = ar.current_version_id",
        "ar.id IN (SELECT id FROM articles)",
        "ar.id",
    ),
    "layers": (
        {"id": "l.id::text", "article": "l.article_id::text", "kind": "l.kind"}
        | {"owner": "coalesce(u.username, '')", "state": "l.state"}
        | {"submitted_at": _time("l.submitted_at"), "opened_at": _time("l.opened_at")}
        | {"excused_at": _time("l.excused_at")},
        "seen l LEFT JOIN account u ON u.id = l.owner_id",
        "l.article_id IN (SELECT id FROM articles)",
        "l.id",
    ),
    "annotations": (
        _texts("a", "id")
        | _ids("a", "layer", "article")
        | {"tag": "t.name", "start": "lower(a.extent)::text", "end": "upper(a.extent)::text"}
        | {"exact": "array_to_string(a.pieces, ' ')"}
        | _texts("a", "note", "attributes")
        | _judged("a"),
        f"{_ANNOTATIONS} JOIN tag t ON t.id = a.tag_id JOIN account u ON u.id = a.created_by_id",
        _live("a"),
        "a.id",
    ),
    "spans": (
        {"annotation": "a.id::text", "number": "piece.nth::text", "start": "lower(piece.span)::text"}
        | {"end": "upper(piece.span)::text", "exact": "a.pieces[piece.nth]"},
        f"{_ANNOTATIONS} CROSS JOIN LATERAL unnest(a.extent) WITH ORDINALITY AS piece (span, nth)",
        _live("a"),
        "a.id, piece.nth",
    ),
    "attributes": (
        {"annotation": "a.id::text", "name": "one.key", "value": "coalesce(one.value #>> '{}', '')"},
        f"{_ANNOTATIONS} CROSS JOIN LATERAL jsonb_each(a.attributes) AS one (key, value)",
        _live("a"),
        'a.id, one.key COLLATE "C"',
    ),
    "relations": (
        _texts("r", "id")
        | _ids("r", "layer", "article")
        | {"kind": "k.name"}
        | _ids("r", "subject", "object")
        | _texts("r", "attributes", "note")
        | _judged("r")
        | {"void": _void("e.id IN (r.subject_id, r.object_id)")},
        f"{_RELATIONS} JOIN relation_kind k ON k.id = r.kind_id JOIN account u ON u.id = r.created_by_id",
        _live("r"),
        "r.id",
    ),
    "sources": (
        _texts("s", "id", "kind", "name")
        | {"aliases": "to_json(s.aliases)::text", "description": "s.description", "url": "s.url"}
        | {"standing": _flag("s.standing")}
        | _made("s")
        | {"updated_at": _time("s.updated_at")},
        "source s JOIN account u ON u.id = s.created_by_id",
        f"s.id IN (SELECT unnest(ARRAY[k.source_id, k.on_behalf_of_id]) {_LIVE_LINKS})",
        "s.id",
    ),
    "source_texts": (
        {"id": "x.id::text", "source": "x.source_id::text", "number": "x.number::text"}
        | _texts("x", "text", "url", "archive_url", "captured_at")
        | _made("x"),
        "source_text x JOIN account u ON u.id = x.created_by_id",
        f"""x.id IN (SELECT k.source_text_id {_LIVE_LINKS})
            OR (x.source_id IN (SELECT k.source_id {_LIVE_LINKS}) AND x.number = (
                SELECT max(n.number) FROM source_text n WHERE n.source_id = x.source_id))""",
        "x.id",
    ),
    "source_links": (
        _texts("k", "id")
        | _ids("k", "layer", "annotation", "source")
        | _texts("k", "role", "position")
        | _ids("k", "on_behalf_of")
        | _texts("k", "as_named", "stance", "url", "quote", "locator", "accessed_at", "archive_url")
        | _ids("k", "source_text")
        | _texts(
            "k", "passage_start", "passage_end", "passage_prefix", "passage_suffix", "passage_state", "note"
        )
        | _judged("k")
        | {"void": _void("e.id = k.annotation_id")},
        f"{_LINKS} JOIN account u ON u.id = k.created_by_id",
        _live("k"),
        "k.id",
    ),
    "cues": (
        {"source_link": "k.id::text", "number": "piece.nth::text", "start": "lower(piece.span)::text"}
        | {"end": "upper(piece.span)::text"},
        f"{_LINKS} CROSS JOIN LATERAL unnest(k.cue) WITH ORDINALITY AS piece (span, nth)",
        _live("k"),
        "k.id, piece.nth",
    ),
    "reviews": (
        _texts("w", "id")
        | _ids("w", "annotation", "relation", "source_link")
        | _texts("w", "thing_version", "decision", "reason", "note", "proposal")
        | _made("w")
        | _ids("w", "superseded_by"),
        f"{_REVIEWS} JOIN account u ON u.id = w.reviewer_id",
        _WHAT_IS_HERE,
        "w.id",
    ),
    "review_responses": (
        _texts("z", "id") | _ids("z", "review") | _texts("z", "answer", "note", "thing_version") | _made("z"),
        f"{_REVIEWS} JOIN review_response z ON z.review_id = w.id JOIN account u ON u.id = z.created_by_id",
        _WHAT_IS_HERE,
        "z.id",
    ),
    "proposed_annotations": (
        _texts("p", "id")
        | _ids("p", "layer", "article")
        | {"tag": "t.name", "start": "lower(p.extent)::text", "end": "upper(p.extent)::text"}
        | {"spans": _PIECES, "exact": "array_to_string(p.pieces, ' ')"}
        | _texts("p", "note", "attributes", "state")
        | _ids("p", "annotation")
        | {"answer_note": "p.answer_note", "answered_by": "coalesce(x.username, '')"}
        | {"answered_at": _time("p.answered_at")}
        | _made("p")
        | {"updated_at": _time("p.updated_at")},
        """proposed_annotation p JOIN seen l ON l.id = p.layer_id JOIN tag t ON t.id = p.tag_id
           JOIN account u ON u.id = p.created_by_id LEFT JOIN account x ON x.id = p.answered_by_id
           LEFT JOIN annotation xa ON xa.id = p.annotation_id""",
        "p.article_id IN (SELECT id FROM articles) AND coalesce(p.withdrawn_at, xa.withdrawn_at) IS NULL",
        "p.id",
    ),
    "reviewers": (
        _texts("q", "id") | _ids("q", "article") | {"reviewer": "x.username"} | _made("q"),
        """reviewer_assignment q JOIN account u ON u.id = q.created_by_id
           JOIN account x ON x.id = q.reviewer_id""",
        "q.article_id IN (SELECT id FROM articles)",
        "q.id",
    ),
    "threads": (
        _texts("h", "id")
        | _ids("h", "article", "annotation", "relation", "layer")
        | {"resolved_at": _time("h.resolved_at"), "resolved_by": "coalesce(x.username, '')"}
        | _made("h"),
        _THREADS,
        _TALKED_ABOUT,
        "h.id",
    ),
    "comments": (
        _texts("c", "id")
        | _ids("c", "thread")
        | {"body": "c.body", "mentions": _MENTIONS}
        | _made("c", "cu")
        | {"edited_at": _time("c.edited_at")},
        f"{_THREADS} JOIN comment c ON c.thread_id = h.id JOIN account cu ON cu.id = c.created_by_id",
        f"{_TALKED_ABOUT} AND c.withdrawn_at IS NULL",
        "c.id",
    ),
}


def statements(selection: "Selection") -> list[Statement]:
    """Return the tables in their order; the statements take `interchange_sql.parameters`."""
    articles = ["ar.project_id = %(project_id)s"]
    if selection.article_id is not None:
        articles.append("ar.id = %(article_id)s")
    if selection.layer is not None:
        articles.append("ar.id IN (SELECT article_id FROM seen)")
    chosen = f"""WITH seen AS MATERIALIZED ({layers_seen(selection)}),
        articles AS MATERIALIZED (SELECT ar.id FROM article ar WHERE {" AND ".join(articles)})"""
    return [
        Statement(
            name,
            tuple(columns),
            f"{chosen} SELECT {', '.join(columns.values())} FROM {rows} WHERE {which} ORDER BY {order}",
        )
        for name, (columns, rows, which, order) in _TABLES.items()
    ]
