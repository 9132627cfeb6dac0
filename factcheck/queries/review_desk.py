"""What the review page says around one thing: what was decided on it, what to choose from, what stands near it."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from factcheck.exceptions import NotFound
from factcheck.models.fields import parse_extent
from factcheck.queries import reading
from factcheck.queries.page import Place
from factcheck.queries.review_queue import THINGS, Filter, Item, Key, waiting_split

MOST_EARLIER = 50
MOST_CHOICES = 200


class Decided(NamedTuple):
    """A decision with what its author said to it; `superseded` is true once the same reviewer decided anew."""

    id: str
    by: str
    decision: str
    reason: str
    note: str
    proposed: str | None  # JSON
    version: int
    at: Any
    superseded: bool
    answer: str | None
    answer_note: str | None
    answered_by: str | None

    @property
    def proposal(self) -> dict[str, Any]:
        """What was proposed instead; empty where nothing was."""
        return dict(orjson.loads(self.proposed)) if self.proposed else {}


def history(viewer: UUID, thing: str, thing_id: UUID) -> list[Decided]:
    """Return the newest decisions on a thing with the answers to them, the earliest first."""
    found = reading.rows(
        Decided,
        f"""SELECT r.id::text, u.username, r.decision, r.reason, r.note, r.proposal::text, r.thing_version,
                   r.created_at, r.superseded_by_id IS NOT NULL, s.answer, s.note, w.username
            FROM review r
            JOIN visible_layers(%s) l ON l.id = r.layer_id
            JOIN account u ON u.id = r.reviewer_id
            LEFT JOIN review_response s ON s.review_id = r.id
            LEFT JOIN account w ON w.id = s.created_by_id
            WHERE r.{thing}_id = %s ORDER BY r.id DESC LIMIT %s""",
        [viewer, thing_id, MOST_EARLIER],
    )
    return found[::-1]


class Word(NamedTuple):
    """One live decision on the present version of something."""

    thing: str
    by: str
    decision: str


def words_on(viewer: UUID, items: Iterable[Item]) -> dict[str, list[Word]]:
    """Return who decided what on the present versions of listed things, by the thing's id."""
    ids: dict[str, list[str]] = {thing: [] for thing in THINGS}
    versions = {}
    for item in items:
        ids[item.thing].append(item.id)
        versions[item.id] = item.version
    if not versions:
        return {}
    branches = [
        f"""SELECT r.{thing}_id::text AS thing, r.reviewer_id, r.decision, r.thing_version, r.layer_id, r.id
            FROM review r WHERE r.{thing}_id = ANY(%({thing})s::uuid[]) AND r.superseded_by_id IS NULL"""
        for thing in ids
    ]
    found = reading.rows(
        _Live,
        f"""SELECT x.thing, u.username, x.decision, x.thing_version FROM ({" UNION ALL ".join(branches)}) x
            JOIN visible_layers(%(viewer)s) l ON l.id = x.layer_id
            JOIN account u ON u.id = x.reviewer_id ORDER BY x.id""",
        {"viewer": viewer, **ids},
    )
    said: dict[str, list[Word]] = {}
    for row in found:
        if row.version == versions[row.thing]:
            said.setdefault(row.thing, []).append(Word(row.thing, row.by, row.decision))
    return said


class _Live(NamedTuple):
    thing: str
    by: str
    decision: str
    version: int


# -- the queue's first page by how much reviewers differ, and what to filter it by --------------------


def most_split(viewer: UUID, asked: Filter, limit: int) -> reading.Page[Key]:
    """Return what waits, the most split first: by the number of decisions that differ; then the rest, oldest first.

    The oldest five hundred split ones are looked at, so that the cost stays the same however many there are.
    """
    split = waiting_split(viewer, asked)
    decided: dict[UUID, int] = {}
    if split:
        counted = [
            f"""SELECT x.id, count(*) FROM review r
                JOIN visible_layers(%(viewer)s) l ON l.id = r.layer_id
                JOIN {thing} x ON x.id = r.{thing}_id AND x.version = r.thing_version
                WHERE r.{thing}_id = ANY(%(ids)s) AND r.superseded_by_id IS NULL AND r.decision <> 'ask'
                GROUP BY x.id"""
            for thing in THINGS
        ]
        found = reading.rows(
            _Number, " UNION ALL ".join(counted), {"viewer": viewer, "ids": [key.id for key in split]}
        )
        decided = {row.thing: row.number for row in found}
    split.sort(key=lambda key: (-decided.get(key.id, 0), key.id))
    result: reading.Page[Key] = reading.Page(split[:limit])
    result.has_next = len(split) > limit
    return result


class _Number(NamedTuple):
    thing: UUID
    number: int


class Choice(NamedTuple):
    """A value to filter by, with what it is called."""

    value: str
    title: str


class Choices(NamedTuple):
    """What a reviewer may filter by."""

    projects: list[Choice]
    tags: list[Choice]
    people: list[Choice]


_REVIEWED = """SELECT m.project_id FROM acting_membership m JOIN project p ON p.id = m.project_id
    WHERE m.user_id = %(viewer)s AND m.role IN ('reviewer', 'manager')"""


def choices(viewer: UUID, project: str | None) -> Choices:
    """Return the projects that somebody reviews in, and the tags and people of one of them or of all."""
    narrowed = _REVIEWED + (" AND p.slug = %(project)s" if project else "")
    params = {"viewer": viewer, "project": project, "most": MOST_CHOICES}
    return Choices(
        reading.rows(
            Choice,
            f"SELECT slug, name FROM project WHERE id IN ({_REVIEWED}) ORDER BY name, slug LIMIT %(most)s",
            params,
        ),
        reading.rows(
            Choice,
            f"""SELECT name, min(title) FROM tag WHERE project_id IN ({narrowed})
                GROUP BY name ORDER BY min(position), name LIMIT %(most)s""",
            params,
        ),
        reading.rows(
            Choice,
            f"""SELECT DISTINCT u.username, u.username FROM membership c JOIN account u ON u.id = c.user_id
                WHERE c.project_id IN ({narrowed}) AND c.role <> 'viewer' AND c.user_id <> %(viewer)s
                ORDER BY 1 LIMIT %(most)s""",
            params,
        ),
    )


class _Any(NamedTuple):
    any: bool


def reviews_somewhere(viewer: UUID) -> bool:
    """Tell whether somebody is a reviewer, or more, in any project."""
    found = reading.one(_Any, f"SELECT EXISTS ({_REVIEWED})", {"viewer": viewer})
    return found is not None and found.any


# -- what stands near the thing ----------------------------------------------------------------------


class Near(NamedTuple):
    """An annotation that stands in the shown part of a text."""

    id: str
    tag: str
    extent: Any
    pieces: list[str]

    @property
    def place(self) -> Place:
        return Place(self.id, self.tag, self.extent)


def near(viewer: UUID, article_id: UUID, layers: Iterable[str], shown: str) -> list[Near]:
    """Return what some layers have in parts of an article (a multirange literal), in text order."""
    found = reading.rows(
        Near,
        """SELECT a.id::text, t.name, a.extent::text, a.pieces
           FROM annotation a
           JOIN visible_layers(%(viewer)s) l ON l.id = a.layer_id
           JOIN tag t ON t.id = a.tag_id
           WHERE a.article_id = %(article)s AND a.layer_id = ANY(%(layers)s::uuid[]) AND a.withdrawn_at IS NULL
             AND lower(a.extent) < upper(%(shown)s::int4multirange)
             AND upper(a.extent) > lower(%(shown)s::int4multirange)
             AND a.extent && %(shown)s::int4multirange
           ORDER BY lower(a.extent), upper(a.extent) DESC, a.id""",
        {"viewer": viewer, "article": article_id, "layers": list(layers), "shown": shown},
    )
    return [one._replace(extent=parse_extent(str(one.extent))) for one in found]


class Missed(NamedTuple):
    """An annotation that somebody proposed and nobody answered yet."""

    id: str
    tag: str
    tag_title: str
    extent: Any
    pieces: list[str]
    owner: str
    by: str
    own: bool
    revision: int


def missed(viewer: UUID, article_id: UUID, shown: str) -> list[Missed]:
    """Return the proposed annotations that wait in parts of an article (a multirange literal), in text order."""
    found = reading.rows(
        Missed,
        """SELECT x.id::text, t.name, t.title, x.extent::text, x.pieces, o.username, u.username,
                  x.created_by_id = %(viewer)s, x.revision
           FROM proposed_annotation x
           JOIN visible_layers(%(viewer)s) l ON l.id = x.layer_id
           JOIN tag t ON t.id = x.tag_id
           JOIN account u ON u.id = x.created_by_id
           JOIN account o ON o.id = l.owner_id
           JOIN article ar ON ar.id = x.article_id AND ar.current_version_id = x.article_version_id
           WHERE x.article_id = %(article)s AND x.state = 'waiting' AND x.withdrawn_at IS NULL
             AND x.extent && %(shown)s::int4multirange
           ORDER BY lower(x.extent), x.id""",
        {"viewer": viewer, "article": article_id, "shown": shown},
    )
    return [one._replace(extent=parse_extent(str(one.extent))) for one in found]


def layers_to_propose_to(viewer: UUID, article_id: UUID) -> list[Choice]:
    """Return the colleagues' layers of an article that the viewer may see: id and owner."""
    return reading.rows(
        Choice,
        """SELECT l.id::text, u.username FROM visible_layers(%s) l JOIN account u ON u.id = l.owner_id
           WHERE l.article_id = %s AND l.kind = 'person' AND l.owner_id <> %s ORDER BY u.username LIMIT %s""",
        [viewer, article_id, viewer, MOST_CHOICES],
    )


class Rules(NamedTuple):
    reasons: str
    proposed: bool
    author: UUID
    owner: UUID | None


def rules(viewer: UUID, thing: str, thing_id: UUID) -> Rules:
    """Return a project's reasons (JSON) and whose a thing is; that it may be seen was decided."""
    at = {name: "x.id" if name == thing else "NULL::uuid" for name in THINGS}
    found = reading.one(
        Rules,
        f"""SELECT p.review_reasons::text,
                   proposed_by(%s, {at["annotation"]}, {at["relation"]}, {at["source_link"]}, x.version),
                   x.created_by_id, l.owner_id
            FROM {thing} x JOIN project p ON p.id = x.project_id JOIN visible_layers(%s) l ON l.id = x.layer_id
            WHERE x.id = %s""",
        [viewer, viewer, thing_id],
    )
    if found is None:
        raise NotFound("There is nothing to decide on here.")
    return found
