"""The statement behind the CSV: one row an annotation, its links and relations flattened by the database."""

from typing import TYPE_CHECKING

from factcheck.queries import json_sql
from factcheck.queries.interchange_sql import layers_seen

if TYPE_CHECKING:
    from factcheck.queries.interchange import Selection

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
