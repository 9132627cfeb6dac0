"""What the library's page shows of a project: its articles newest first, who marked them, and its sources by name."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from factcheck.queries import articles, reading, sources

R = TypeVar("R")
_AFTER_ALL = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Listed(Generic[R]):
    """One page of a list, with the ids to ask for the pages before and after it (None where there is none)."""

    rows: list[R]
    newer: UUID | None
    older: UUID | None


@dataclass(frozen=True)
class Shelved:
    """An article in the library, with what the viewer may know of the work on it."""

    article: articles.ArticleRow
    counts: dict[str, int]
    people: list[str]
    own: str | None  # the state of the viewer's own layer


@dataclass(frozen=True)
class Used:
    """A source in the list, with how often the viewer sees it linked."""

    source: sources.Row
    uses: int


class Mine(NamedTuple):
    """An article that the viewer works on, and how far."""

    id: UUID
    title: str
    language: str
    direction: str
    layer: UUID
    state: str
    assigned: bool  # by somebody else


class _People(NamedTuple):
    article: UUID
    usernames: list[str]


class _Uses(NamedTuple):
    source: UUID
    number: int


def shelf(
    viewer: UUID,
    project: str,
    *,
    q: str | None = None,
    before: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Listed[Shelved]:
    """Return one page of the project's articles, newest first, in four reads however many there are."""
    cut = reading.Cut(limit, after=after, before=None if after else before or _AFTER_ALL)
    page = articles.page(viewer, cut, project=project, q=q)
    ids = [row.id for row in page]
    counts, people = articles.counts(viewer, ids), _people(viewer, ids)
    own = own_states(viewer, ids)
    rows = [Shelved(row, counts[row.id], people.get(row.id, []), own.get(row.id)) for row in reversed(page)]
    return Listed(
        rows,
        newer=ids[-1] if ids and page.has_next and (before or after) else None,
        older=ids[0] if ids and page.has_previous else None,
    )


def _people(viewer: UUID, article_ids: list[UUID]) -> dict[UUID, list[str]]:
    """Name the owners of the visible layers that hold something, by article."""
    found = reading.rows(
        _People,
        """SELECT l.article_id, array_agg(u.username ORDER BY u.username)
           FROM visible_layers(%s) l JOIN account u ON u.id = l.owner_id
           WHERE l.article_id = ANY(%s) AND EXISTS (
               SELECT FROM annotation a WHERE a.layer_id = l.id AND a.withdrawn_at IS NULL)
           GROUP BY l.article_id""",
        [viewer, article_ids],
    )
    return {row.article: row.usernames for row in found}


def mine(viewer: UUID, project_id: UUID, *, limit: int) -> list[Mine]:
    """Return the articles in which the viewer has work to do, what was asked longest ago first."""
    return reading.rows(
        Mine,
        """SELECT ar.id, ar.title, ar.language, ar.direction, l.id, l.state, l.created_by_id <> l.owner_id
           FROM layer l JOIN article ar ON ar.id = l.article_id
           JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = l.owner_id AND m.role <> 'viewer'
           WHERE l.owner_id = %s AND l.project_id = %s AND l.kind = 'person' AND l.excused_at IS NULL
             AND l.state <> 'submitted'
           ORDER BY l.id LIMIT %s""",
        [viewer, project_id, limit],
    )


class _Own(NamedTuple):
    article: UUID
    state: str


def own_states(viewer: UUID, article_ids: list[UUID]) -> dict[UUID, str]:
    """Return how far the viewer's own layer is, by article; what they were excused from is left out."""
    found = reading.rows(
        _Own,
        "SELECT article_id, state FROM layer WHERE owner_id = %s AND article_id = ANY(%s) AND kind = 'person'"
        " AND excused_at IS NULL",
        [viewer, article_ids],
    )
    return {row.article: row.state for row in found}


def same_text(viewer: UUID, project_id: UUID, sha256: str) -> articles.ArticleRow | None:
    """Return the project's article whose present text has this hash, if there is one."""
    found = reading.one(
        _Found,
        """SELECT v.article_id FROM article_version v JOIN article ar ON ar.current_version_id = v.id
           WHERE v.project_id = %s AND v.sha256 = %s ORDER BY v.article_id LIMIT 1""",
        [project_id, sha256],
    )
    return articles.visible(viewer, found.article) if found else None


class _Found(NamedTuple):
    article: UUID


_BY_NAME = 'lower(s.name) COLLATE "C", s.id'


def sources_by_name(
    viewer: UUID,
    project_id: UUID,
    *,
    q: str | None = None,
    kind: str | None = None,
    before: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Listed[Used]:
    """Return one page of the project's live sources by name; `newer` here is the page before, `older` the next.

    The page is cut at the name and id of a source that the viewer sees, so a cursor tells nothing else.
    """
    where = (
        reading.Where().add("s.project_id = %s AND s.withdrawn_at IS NULL", project_id).equal("s.kind", kind)
    )
    if q is not None:
        where.add("(%s <%% s.names OR s.names LIKE %s)", q.lower(), reading.contains(q.lower()))
    backwards = before is not None and after is None
    if cursor := after or before:
        where.add(
            f"({_BY_NAME}) {'<' if backwards else '>'} "
            '(SELECT lower(c.name) COLLATE "C", c.id FROM visible_sources(%s) c'
            " WHERE c.id = %s AND c.project_id = s.project_id)",
            viewer,
            cursor,
        )
    order = 'lower(s.name) COLLATE "C" DESC, s.id DESC' if backwards else _BY_NAME
    found = reading.rows(
        sources.Row,
        f"{sources.SELECT} WHERE {where} ORDER BY {order} LIMIT %s",
        [viewer, *where.params, limit + 1],
    )
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    uses = _uses(viewer, [row.id for row in found])
    return Listed(
        [Used(row, uses.get(row.id, 0)) for row in found],
        newer=found[0].id if found and (more if backwards else after) else None,
        older=found[-1].id if found and (backwards or more) else None,
    )


def _uses(viewer: UUID, source_ids: list[UUID]) -> dict[UUID, int]:
    """Count the live links that the viewer may see, by source; standing in for somebody counts too."""
    found = reading.rows(
        _Uses,
        """SELECT s.id, count(k.id) FROM unnest(%s::uuid[]) AS s (id)
           JOIN LATERAL (
               SELECT id, layer_id FROM source_link WHERE source_id = s.id AND withdrawn_at IS NULL
               UNION SELECT id, layer_id FROM source_link WHERE on_behalf_of_id = s.id AND withdrawn_at IS NULL
           ) k ON TRUE
           JOIN visible_layers(%s) l ON l.id = k.layer_id
           GROUP BY s.id""",
        [source_ids, viewer],
    )
    return {row.source: row.number for row in found}
