"""Sources, and finding one by any of its names."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.models import Source
from factcheck.queries import reading


class Row(NamedTuple):
    """A source record."""

    id: UUID
    project_id: UUID
    project: str
    kind: str
    name: str
    aliases: list[str]
    description: str
    url: str
    standing: bool
    merged_into: UUID | None
    created_by: str
    revision: int
    created_at: Any
    updated_at: Any
    withdrawn_at: Any
    text_id: UUID | None
    text_number: int | None
    text_sha256: str | None
    text_length: int | None


class Suggestion(NamedTuple):
    """A source that may be meant by what was typed, with the name that fits best and how well (0 to 1)."""

    id: UUID
    kind: str
    name: str
    aliases: list[str]
    matched: str
    score: float
    standing: bool
    uses: int


SELECT = """
    SELECT s.id, s.project_id, p.slug, s.kind, s.name, s.aliases, s.description, s.url, s.standing, s.merged_into_id,
           u.username, s.revision, s.created_at, s.updated_at, s.withdrawn_at, x.id, x.number, x.sha256, x.length
    FROM visible_sources(%s) s
    JOIN project p ON p.id = s.project_id
    JOIN account u ON u.id = s.created_by_id
    LEFT JOIN LATERAL (
        SELECT id, number, sha256, length FROM source_text WHERE source_id = s.id ORDER BY number DESC LIMIT 1
    ) x ON TRUE
"""


def page(
    viewer: UUID,
    cut: reading.Cut,
    *,
    project: str | None = None,
    kind: str | None = None,
    q: str | None = None,
    updated_after: Any = None,
    withdrawn: bool = False,
) -> reading.Page[Row]:
    """Return one page; `q` finds by the trigrams of name and aliases, or by containing the text."""
    where = reading.Where()
    if project is not None:
        where.add("s.project_id = (SELECT id FROM project WHERE slug = %s)", project)
    where.equal("s.kind", kind)
    if q is not None:
        where.add("(%s <%% s.names OR s.names LIKE %s)", q.lower(), reading.contains(q.lower()))
    if updated_after is not None:
        where.add("s.updated_at > %s", updated_after)
    if not withdrawn:
        where.add("s.withdrawn_at IS NULL")
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="s.id")


def visible(viewer: UUID, source_id: UUID) -> Row | None:
    """Return the source, also a withdrawn one, if the viewer may see it."""
    return reading.one(Row, f"{SELECT} WHERE s.id = %s", [viewer, source_id])


# How many sources each way of finding them brings at most, before they are ranked; links that "used lately" means.
_CANDIDATES, _LATELY = 100, 500

# Who may see them is asked of the candidates, since asking it of all would take the planner off the indexes.
_IN_PROJECT = "FROM source WHERE project_id = %(project)s AND withdrawn_at IS NULL"
_LATE = """lately AS MATERIALIZED (
    SELECT k.source_id AS id, count(*) AS uses
    FROM (SELECT source_id, layer_id FROM source_link WHERE project_id = %(project)s AND withdrawn_at IS NULL
          ORDER BY id DESC LIMIT %(lately)s) k
    JOIN visible_layers(%(viewer)s) l ON l.id = k.layer_id
    GROUP BY k.source_id
)"""
_BY_USE = f"""
    SELECT id FROM lately
    UNION (SELECT id {_IN_PROJECT} ORDER BY lower(name) COLLATE "C", id LIMIT %(candidates)s)
"""
_BY_NAME = """
    SELECT s.id FROM lately JOIN source s ON s.id = lately.id
    WHERE s.names LIKE %(pattern)s OR %(wanted)s <%% s.names
    UNION (SELECT source_id FROM source_name WHERE project_id = %(project)s AND name >= %(wanted)s AND name < %(past)s
           ORDER BY name LIMIT %(candidates)s)
"""
# Of one or two letters there are no trigrams, and the index of trigrams would be read whole (hence the empty text).
_SHORT = f"UNION (SELECT id {_IN_PROJECT} AND names || '' LIKE %(pattern)s LIMIT %(candidates)s)"
_LONG = "UNION SELECT sources_like(%(project)s, %(wanted)s, %(pattern)s, %(candidates)s)"


def suggest(viewer: UUID, project_id: UUID, typed: str, *, limit: int = 8) -> list[Suggestion]:
    """Return the sources that may be meant, best first.

    Exact names and aliases come first, then names that begin with what was typed, then near duplicates by
    trigram word similarity (PostgreSQL's pg_trgm); among equals those used most lately. Nothing typed: those used
    most lately. However many sources there are, only some are ranked: those that begin with what was typed, in the
    order of their names, some that contain it or are alike, and all that were used lately.
    """
    wanted = typed.strip().lower()
    candidates = _BY_NAME + (_LONG if len(wanted) > 2 else _SHORT) if wanted else _BY_USE
    return reading.rows(
        Suggestion,
        f"""
        WITH {_LATE}, candidates AS MATERIALIZED ({candidates}), ranked AS MATERIALIZED (
            SELECT s.id, s.kind, s.name, s.aliases, best.name AS matched, best.score, s.standing
            FROM candidates c
            JOIN visible_sources(%(viewer)s) s ON s.id = c.id AND s.withdrawn_at IS NULL
            LEFT JOIN lately ON lately.id = s.id
            CROSS JOIN LATERAL (
                SELECT n.name,
                       CASE WHEN %(wanted)s::text = '' THEN 0
                            WHEN lower(n.name) = %(wanted)s THEN 1.0
                            WHEN starts_with(lower(n.name), %(wanted)s) THEN 0.95
                            ELSE word_similarity(%(wanted)s, lower(n.name)) * 0.9 END AS score
                FROM unnest(s.name || s.aliases) WITH ORDINALITY AS n (name, nth)
                ORDER BY score DESC, n.nth LIMIT 1
            ) best
            ORDER BY best.score DESC, coalesce(lately.uses, 0) DESC, s.name COLLATE "C" LIMIT %(few)s
        )
        SELECT r.*, (SELECT count(*) FROM source_link k JOIN visible_layers(%(viewer)s) l ON l.id = k.layer_id
                     WHERE k.source_id = r.id AND k.withdrawn_at IS NULL) AS uses
        FROM ranked r
        ORDER BY r.score DESC, uses DESC, r.name COLLATE "C"
        LIMIT %(limit)s
        """,
        {
            "viewer": viewer,
            "project": project_id,
            "wanted": wanted,
            "past": wanted + "\U0010ffff",
            "pattern": reading.contains(wanted),
            "limit": limit,
            "few": 3 * limit,
            "candidates": _CANDIDATES,
            "lately": _LATELY,
        },
    )


def standing(project_id: UUID, kind: str) -> UUID:
    """Return the id of the project's own source for the article's voice or for nobody named."""
    found: UUID = Source.objects.values_list("id", flat=True).get(
        project_id=project_id, kind=kind, standing=True
    )
    return found
