"""The sources that an article names already: they are offered before all others of the project."""

from uuid import UUID

from factcheck.queries import reading, sources
from factcheck.queries.sources import Suggestion

_MOST = 200  # sources of one article that are looked through

_HERE = """
    SELECT s.id, s.kind, s.name, s.aliases, s.name, 0, s.standing, count(*)
    FROM source_link k
    JOIN visible_layers(%(viewer)s) l ON l.id = k.layer_id
    JOIN visible_sources(%(viewer)s) s ON s.id = k.source_id
    WHERE k.article_id = %(article)s AND k.withdrawn_at IS NULL AND s.withdrawn_at IS NULL
    GROUP BY s.id, s.kind, s.name, s.aliases, s.standing
    ORDER BY max(k.created_at) FILTER (WHERE k.created_by_id = %(viewer)s) DESC NULLS LAST, count(*) DESC,
             s.name COLLATE "C"
    LIMIT %(limit)s
"""


def of_article(viewer: UUID, article_id: UUID) -> list[Suggestion]:
    """Return the sources that the article's visible links name: those that the viewer named last, then most used."""
    return reading.rows(Suggestion, _HERE, {"viewer": viewer, "article": article_id, "limit": _MOST})


def suggest(
    viewer: UUID, project_id: UUID, typed: str, article_id: UUID | None, *, limit: int = 8
) -> list[Suggestion]:
    """Return the sources that may be meant: of those that begin so (by any name, or a word of it) the article's first.

    An exact name or alias stays the first. Nothing typed: the article's, then those used most in the project.
    """
    wanted = typed.strip().lower()
    found = sources.suggest(viewer, project_id, typed, limit=limit)
    if article_id is None:
        return found
    exact = [one for one in found if wanted and one.score == 1]
    here = [fit for one in of_article(viewer, article_id) if (fit := _fitting(one, wanted))]
    offered: dict[UUID, Suggestion] = {}
    for one in (*exact, *here, *found):
        offered.setdefault(one.id, one)
    return list(offered.values())[:limit]


def _fitting(one: Suggestion, wanted: str) -> Suggestion | None:
    """Return the suggestion with the name that begins as wanted, None when no name of it does."""
    for name in (one.name, *one.aliases):
        if f" {wanted}" in f" {name.lower()}":
            return one._replace(matched=name, score=0.95 if wanted else 0)
    return None
