"""What waits for a reviewer: annotations, relations and source links, over all articles, oldest first.

A thing waits for a reviewer who may decide on it (not own work, not what they have proposed) when

- it is pending and they have said nothing of its present version yet;
- it is split, and they have said nothing, or somebody has differed from them since;
- its author has answered their question, or refused what they decided.

Work that a manager assigned waits once it is submitted; work that somebody began by themselves waits at once. An
article with reviewers of its own waits for those only. Each kind of waiting is a range of an index (migration 0010), so
a page costs the same however many wait.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading

THINGS = ("annotation", "relation", "source_link")
WHY = ("new", "split", "answered")
MOST_COUNTED = 100
MOST_SPLIT = 500


class Key(NamedTuple):
    """Something that waits, and why."""

    id: UUID
    thing: str
    why: str


class Item(NamedTuple):
    """Something that waits, as a list tells it; ids are text.

    `kind` is an annotation's tag, a relation's kind or a link's role. `words` are the annotation's (of a link: of the
    annotation that it belongs to), `other` the object's words or the source's name. `annotation` is where it is shown.
    """

    id: str
    thing: str
    why: str
    project: str
    article: str
    article_title: str
    language: str
    direction: str
    layer: str
    owner: str | None
    kind: str
    words: str
    other: str
    annotation: str
    status: str
    version: int
    created_by: str
    created_at: Any
    updated_at: Any


class Filter(NamedTuple):
    """What is asked for; None takes all. `tag` is the annotation's, a relation's subject's, a link's annotation's."""

    project: str | None = None
    article: UUID | None = None
    thing: str | None = None
    why: str | None = None
    tag: str | None = None
    owner: str | None = None


EVERYTHING = Filter()


_MINE = """SELECT true FROM review v WHERE v.{thing}_id = x.id AND v.reviewer_id = %(viewer)s
    AND v.superseded_by_id IS NULL AND v.thing_version = x.version"""
_ANSWERED = "SELECT FROM review_response s WHERE s.review_id = v.id AND s.answer IN ('answered', 'refused')"
_DIFFERED = """SELECT FROM review o WHERE o.{thing}_id = x.id AND o.reviewer_id <> v.reviewer_id
    AND o.superseded_by_id IS NULL AND o.thing_version = x.version AND o.decision <> 'ask'
    AND (o.created_at, o.id) > (v.created_at, v.id)"""

# Why a thing waits: its status, and what of the reviewer's own decision on its present version. What else must hold
# is asked row by row, as subqueries with LIMIT, which PostgreSQL never turns into joins: then it reads the index of
# what waits in its order and stops when the page is full, instead of joining and sorting all of it.
_BRANCHES = {
    "new": ("x.status = 'pending'", f"({_MINE} LIMIT 1) IS NULL"),
    "split": (
        "x.status = 'split'",
        f"({_MINE} AND NOT EXISTS ({_DIFFERED}) AND NOT EXISTS ({_ANSWERED}) LIMIT 1) IS NULL",
    ),
    "answered": (
        "x.status IN ('pending', 'change_asked', 'rejected')",
        f"({_MINE} AND EXISTS ({_ANSWERED}) LIMIT 1) IS NOT NULL",
    ),
}
_PROPOSED = {
    "annotation": "x.id, NULL, NULL",
    "relation": "NULL, x.id, NULL",
    "source_link": "NULL, NULL, x.id",
}
_TAGGED = {"annotation": "x.id", "relation": "x.subject_id", "source_link": "x.annotation_id"}


def page(
    viewer: UUID, cut: reading.Cut, asked: Filter = EVERYTHING, *, newest: bool = False
) -> reading.Page[Key]:
    """Return one page of what waits, in id order: made earlier comes earlier (or the other way round)."""
    backwards = cut.before is not None and cut.after is None
    order = "DESC" if newest is not backwards else "ASC"
    bounds = Bounds(*((cut.before, cut.after) if newest else (cut.after, cut.before)))
    limit = cut.limit + 1
    found = reading.rows(
        Key,
        f"{_union(asked, order, limit, bounds)} ORDER BY id {order} LIMIT {limit}",
        _values(viewer, asked, bounds),
    )
    more = len(found) > cut.limit
    result: reading.Page[Key] = reading.Page(found[: cut.limit])
    if backwards:
        result.reverse()
        result.has_previous, result.has_next = more, True
    else:
        result.has_next, result.has_previous = more, cut.after is not None
    return result


def count(viewer: UUID, asked: Filter = EVERYTHING) -> int:
    """Count what waits, up to MOST_COUNTED, which stands for that many or more."""
    # In no order: for one, the planner would rather sort all that waits than read so many in the index's order.
    sql = f"{_union(asked, None, MOST_COUNTED)} LIMIT {MOST_COUNTED}"
    return len(reading.rows(Key, sql, _values(viewer, asked)))


def waiting_split(viewer: UUID, asked: Filter) -> list[Key]:
    """Return the oldest split things that wait, at most MOST_SPLIT of them."""
    if asked.why not in (None, "split"):
        return []
    asked = asked._replace(why="split")
    sql = f"{_union(asked, 'ASC', MOST_SPLIT)} ORDER BY id LIMIT {MOST_SPLIT}"
    return reading.rows(Key, sql, _values(viewer, asked))


def waits(viewer: UUID, thing: str, thing_id: UUID) -> bool:
    """Tell whether one thing waits for the viewer."""
    asked = Filter(thing=thing)
    values = _values(viewer, asked) | {"only": thing_id}
    return bool(reading.rows(Key, f"{_union(asked, 'ASC', 1, only=True)} LIMIT 1", values))


class Bounds(NamedTuple):
    """Between which ids a page lies, both left out; None for no bound."""

    over: UUID | None = None
    under: UUID | None = None


_NO_BOUNDS = Bounds()


def _values(viewer: UUID, asked: Filter, bounds: Bounds = _NO_BOUNDS) -> dict[str, Any]:
    return {"viewer": viewer, **asked._asdict(), **bounds._asdict()}


def _union(
    asked: Filter, order: str | None, limit: int, bounds: Bounds = _NO_BOUNDS, *, only: bool = False
) -> str:
    things = [asked.thing] if asked.thing else THINGS
    whys = [asked.why] if asked.why else WHY
    branches = [
        _branch(thing, why, _conditions(thing, why, asked, bounds, only=only), asked, order, limit)
        for thing in things
        for why in whys
    ]
    return f"SELECT id, thing, why FROM ({' UNION ALL '.join(branches)}) waiting"


def _conditions(thing: str, why: str, asked: Filter, bounds: Bounds, *, only: bool) -> list[str]:
    status, mine = _BRANCHES[why]
    of_owner = (
        "" if asked.owner is None else "AND l.owner_id = (SELECT id FROM account WHERE username = %(owner)s)"
    )
    conditions = [
        "x.project_id = m.project_id AND x.withdrawn_at IS NULL",
        status,
        "x.created_by_id <> %(viewer)s",
        f"""(SELECT true FROM visible_layers(%(viewer)s) l WHERE l.id = x.layer_id
             AND l.owner_id IS DISTINCT FROM %(viewer)s {of_owner}
             AND (l.created_by_id = l.owner_id OR l.state = 'submitted' OR l.kind = 'reference') LIMIT 1)""",
        """coalesce((SELECT bool_or(z.reviewer_id = %(viewer)s) FROM reviewer_assignment z
                     WHERE z.article_id = x.article_id), true)""",
        mine.format(thing=thing),
        f"NOT proposed_by(%(viewer)s, {_PROPOSED[thing]}, x.version)",
    ]
    if bounds.over is not None:
        conditions.append("x.id > %(over)s")
    if bounds.under is not None:
        conditions.append("x.id < %(under)s")
    if only:
        conditions.append("x.id = %(only)s")
    if asked.article is not None:
        conditions.append("x.article_id = %(article)s")
    if asked.tag is not None:
        conditions.append(
            f"""(SELECT true FROM annotation a JOIN tag t ON t.id = a.tag_id
                 WHERE a.id = {_TAGGED[thing]} AND t.name = %(tag)s LIMIT 1)"""
        )
    return conditions


def _branch(thing: str, why: str, conditions: list[str], asked: Filter, order: str | None, limit: int) -> str:
    def cut(column: str) -> str:
        return f"LIMIT {limit}" if order is None else f"ORDER BY {column} {order} LIMIT {limit}"

    in_project = "" if asked.project is None else "AND p.slug = %(project)s"
    source = f"{thing} x"
    if why == "answered":
        # From the reviewer's own decisions, which are few, and not from all that waits.
        source = (
            f"""review mine JOIN {thing} x ON x.id = mine.{thing}_id AND mine.thing_version = x.version"""
        )
        conditions.append(
            "mine.reviewer_id = %(viewer)s AND mine.superseded_by_id IS NULL AND mine.project_id = m.project_id"
        )
    return f"""(SELECT found.id, '{thing}' AS thing, '{why}' AS why
        FROM acting_membership m JOIN project p ON p.id = m.project_id
        CROSS JOIN LATERAL (
            SELECT x.id FROM {source} WHERE {" AND ".join(conditions)} {cut("x.id")}
        ) found
        WHERE m.user_id = %(viewer)s AND m.role IN ('reviewer', 'manager') {in_project}
        {cut("found.id")})"""


# -- what is told of them --------------------------------------------------------------------------

_TOLD = {
    "annotation": """t.name, array_to_string(x.pieces, ' '), '', x.id::text, {common}
        FROM annotation x JOIN tag t ON t.id = x.tag_id""",
    "relation": """k.name, array_to_string(s.pieces, ' '), array_to_string(o.pieces, ' '), s.id::text, {common}
        FROM relation x JOIN relation_kind k ON k.id = x.kind_id
        JOIN annotation s ON s.id = x.subject_id JOIN annotation o ON o.id = x.object_id""",
    "source_link": """x.role, array_to_string(a.pieces, ' '), c.name, a.id::text, {common}
        FROM source_link x JOIN annotation a ON a.id = x.annotation_id JOIN source c ON c.id = x.source_id""",
}


def items(viewer: UUID, keys: Iterable[Key]) -> list[Item]:
    """Tell what there is to say of each, in the order given; one statement for each kind of thing."""
    wanted = list(keys)
    told: dict[UUID, Item] = {}
    for thing in THINGS:
        whys = {key.id: key.why for key in wanted if key.thing == thing}
        if not whys:
            continue
        body = _TOLD[thing].format(common="x.status, x.version, u.username, x.created_at, x.updated_at")
        rows = reading.rows(
            Item,
            f"""SELECT x.id::text, '{thing}', '', p.slug, ar.id::text, ar.title, ar.language, ar.direction,
                    l.id::text, w.username, {body}
                JOIN visible_layers(%s) l ON l.id = x.layer_id
                JOIN article ar ON ar.id = x.article_id
                JOIN project p ON p.id = x.project_id
                JOIN account u ON u.id = x.created_by_id
                LEFT JOIN account w ON w.id = l.owner_id
                WHERE x.id = ANY(%s)""",
            [viewer, list(whys)],
        )
        told |= {UUID(row.id): row._replace(why=whys[UUID(row.id)]) for row in rows}
    return [told[key.id] for key in wanted if key.id in told]
