"""What was decided on what stands in somebody's layers, and what was proposed for them: the author's side of reviewing.

A decision waits for the owner of the layer when it is live, about the present version of something that is not
withdrawn, asks (`change`, `ask`), and is not answered; a proposed annotation waits until it is taken or refused. What
waits is found through indexes of what is asked (migration 0010), not by looking at all that was ever decided. The
viewer's layers are looked at one by one, each for at most a page.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from factcheck.queries import reading

THINGS = ("annotation", "relation", "source_link")
MOST_COUNTED = 100

UNANSWERED = "NOT EXISTS (SELECT FROM review_response z WHERE z.review_id = r.id)"
PRESENT = " OR ".join(
    f"""EXISTS (SELECT FROM {thing} x WHERE x.id = r.{thing}_id AND x.version = r.thing_version
        AND x.withdrawn_at IS NULL)"""
    for thing in THINGS
)
WAITS = f"r.superseded_by_id IS NULL AND r.decision IN ('change', 'ask') AND {UNANSWERED} AND ({PRESENT})"
"""The condition under which the review `r` waits for the answer of whose layer it is."""


class Key(NamedTuple):
    """Something in the list: a `decision`, or a `proposed` annotation."""

    id: UUID
    kind: str


class Filter(NamedTuple):
    """What is asked for: one project or all, everything or what waits for the viewer's answer."""

    project: str | None = None
    waits: bool = False


EVERYTHING = Filter()

# Each branch tells ids of the viewer's layers `mine`; {cut} is the page, {order} its direction.
_CUT = """(%(after)s::uuid IS NULL OR {id} > %(after)s::uuid) AND (%(before)s::uuid IS NULL OR {id} < %(before)s::uuid)
    ORDER BY {id} {order} LIMIT %(limit)s"""
_ALL = {
    "decision": "SELECT r.id FROM review r WHERE r.layer_id = mine.id AND r.superseded_by_id IS NULL AND {cut:r.id}",
    "proposed": """SELECT x.id FROM proposed_annotation x
        WHERE x.layer_id = mine.id AND x.withdrawn_at IS NULL AND {cut:x.id}""",
}
_WAITING = {
    # Where a change is asked says the status, so that what was answered long ago is not looked at.
    **{
        f"decision {thing}": f"""SELECT r.id FROM {thing} x
            JOIN review r ON r.{thing}_id = x.id AND r.thing_version = x.version
            WHERE x.layer_id = mine.id AND x.withdrawn_at IS NULL AND x.status IN ('change_asked', 'split')
              AND r.superseded_by_id IS NULL AND r.decision = 'change' AND {UNANSWERED} AND {{cut:r.id}}"""
        for thing in THINGS
    },
    "decision": f"""SELECT r.id FROM review r
        WHERE r.layer_id = mine.id AND r.superseded_by_id IS NULL AND r.decision = 'ask' AND {UNANSWERED}
          AND ({PRESENT}) AND {{cut:r.id}}""",
    "proposed": """SELECT x.id FROM proposed_annotation x
        WHERE x.layer_id = mine.id AND x.state = 'waiting' AND x.withdrawn_at IS NULL AND {cut:x.id}""",
}


def _statement(asked: Filter, order: str) -> str:
    branches = _WAITING if asked.waits else _ALL
    cuts = {column: _CUT.format(id=column, order=order) for column in ("r.id", "x.id")}
    found = []
    for kind, body in branches.items():
        for column, cut in cuts.items():
            body = body.replace(f"{{cut:{column}}}", cut)
        found.append(
            f"""(SELECT found.id, '{kind.partition(" ")[0]}' AS kind FROM mine CROSS JOIN LATERAL ({body}) found
            ORDER BY found.id {order} LIMIT %(limit)s)"""
        )
    in_project = "" if asked.project is None else "AND p.slug = %(project)s"
    # Who may only look answers nothing, so nothing waits for them.
    may = "AND m.role <> 'viewer'" if asked.waits else ""
    return f"""WITH mine AS MATERIALIZED (
            SELECT l.id FROM visible_layers(%(viewer)s) l JOIN project p ON p.id = l.project_id
            JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %(viewer)s
            WHERE l.owner_id = %(viewer)s {may} {in_project})
        SELECT id, kind FROM ({" UNION ALL ".join(found)}) listed ORDER BY id {order} LIMIT %(limit)s"""


def page(viewer: UUID, cut: reading.Cut, asked: Filter = EVERYTHING) -> reading.Page[Key]:
    """Return one page of what was decided on the viewer's work, in id order."""
    backwards = cut.before is not None and cut.after is None
    found = reading.rows(
        Key,
        _statement(asked, "DESC" if backwards else "ASC"),
        {
            "viewer": viewer,
            "project": asked.project,
            "after": cut.after,
            "before": cut.before,
            "limit": cut.limit + 1,
        },
    )
    more = len(found) > cut.limit
    result: reading.Page[Key] = reading.Page(found[: cut.limit])
    if backwards:
        result.reverse()
        result.has_previous, result.has_next = more, True
    else:
        result.has_next, result.has_previous = more, cut.after is not None
    return result


class _Number(NamedTuple):
    number: int


def waiting(viewer: UUID) -> int:
    """Count what waits for the viewer's answer, over all projects; `MOST_COUNTED` + 1 stands for more than that."""
    found = reading.one(
        _Number,
        f"SELECT count(*) FROM ({_statement(Filter(waits=True), 'ASC')}) waiting",
        {"viewer": viewer, "project": None, "after": None, "before": None, "limit": MOST_COUNTED + 1},
    )
    return found.number if found else 0


class Counted(NamedTuple):
    """A project in which the viewer has layers, to filter by."""

    slug: str
    name: str


def projects(viewer: UUID) -> list[Counted]:
    """Return the projects in which the viewer has layers, at most a hundred, by name."""
    return reading.rows(
        Counted,
        """SELECT p.slug, p.name FROM acting_membership m JOIN project p ON p.id = m.project_id
           WHERE m.user_id = %(viewer)s
             AND EXISTS (SELECT FROM layer l WHERE l.project_id = p.id AND l.owner_id = %(viewer)s)
           ORDER BY p.name, p.id LIMIT 100""",
        {"viewer": viewer},
    )


# -- what is told of them --------------------------------------------------------------------------


class Row(NamedTuple):
    """A decision on the viewer's work, or a proposed annotation, with where it stands; ids are text.

    `state` is the thing as it was decided on (the columns of its row) and `annotation` where it is shown; of a proposed
    annotation `state` is what is proposed. `waits` says whether the viewer is asked, `live` whether it is about what
    stands there now. `answer` is what the viewer said: accepted, refused, answered, or taken.
    """

    id: str
    kind: str
    thing: str
    thing_id: str
    annotation: str | None
    project: str
    role: str
    article: str
    title: str
    language: str
    direction: str
    version_id: UUID
    decision: str
    reason: str
    note: str
    proposal: str | None
    by: str
    at: Any
    live: bool
    withdrawn: bool
    waits: bool
    answer: str | None
    answer_note: str
    status: str  # what all decisions on it say together now
    state: str


_DECISION = f"""
    SELECT r.id::text, 'decision', t.thing, t.id::text, t.annotation_id::text, p.slug, m.role, ar.id::text, ar.title,
           ar.language, ar.direction, a.article_version_id, r.decision, r.reason, r.note, r.proposal::text, u.username,
           r.created_at, t.version = r.thing_version, t.withdrawn, m.role <> 'viewer' AND {WAITS}, s.answer,
           coalesce(s.note, ''), t.state ->> 'status', coalesce(e.after, t.state)::text
    FROM review r
    JOIN visible_layers(%(viewer)s) l ON l.id = r.layer_id AND l.owner_id = %(viewer)s
    JOIN acting_membership m ON m.project_id = r.project_id AND m.user_id = %(viewer)s
    JOIN project p ON p.id = r.project_id
    JOIN article ar ON ar.id = r.article_id
    JOIN account u ON u.id = r.reviewer_id
    CROSS JOIN LATERAL (
        SELECT 'annotation' AS thing, x.id, x.id AS annotation_id, x.version, x.withdrawn_at IS NOT NULL AS withdrawn,
               to_jsonb(x) AS state
        FROM annotation x WHERE x.id = r.annotation_id
        UNION ALL
        SELECT 'relation', x.id, x.subject_id, x.version, x.withdrawn_at IS NOT NULL, to_jsonb(x)
        FROM relation x WHERE x.id = r.relation_id
        UNION ALL
        SELECT 'source_link', x.id, x.annotation_id, x.version, x.withdrawn_at IS NOT NULL, to_jsonb(x)
        FROM source_link x WHERE x.id = r.source_link_id) t
    JOIN annotation a ON a.id = t.annotation_id
    LEFT JOIN review_response s ON s.review_id = r.id
    LEFT JOIN LATERAL (
        SELECT e.after FROM event e
        WHERE e.thing = t.id AND e.version = r.thing_version AND e.after IS NOT NULL AND t.version <> r.thing_version
        ORDER BY e.revision DESC LIMIT 1) e ON true
    WHERE r.id = ANY(%(ids)s)
"""
_PROPOSED = """
    SELECT x.id::text, 'proposed', 'annotation', x.id::text, x.annotation_id::text, p.slug, m.role, ar.id::text,
           ar.title, ar.language, ar.direction, x.article_version_id, 'propose', '', x.note, NULL, u.username,
           x.created_at,
           ar.current_version_id = x.article_version_id, x.withdrawn_at IS NOT NULL,
           m.role <> 'viewer' AND x.state = 'waiting' AND x.withdrawn_at IS NULL,
           nullif(x.state, 'waiting'), x.answer_note, '', to_jsonb(x)::text
    FROM proposed_annotation x
    JOIN visible_layers(%(viewer)s) l ON l.id = x.layer_id AND l.owner_id = %(viewer)s
    JOIN acting_membership m ON m.project_id = x.project_id AND m.user_id = %(viewer)s
    JOIN project p ON p.id = x.project_id
    JOIN article ar ON ar.id = x.article_id
    JOIN account u ON u.id = x.created_by_id
    WHERE x.id = ANY(%(ids)s)
"""


def rows(viewer: UUID, keys: Iterable[Key]) -> list[Row]:
    """Tell what there is to say of each, in the order given, in two statements."""
    wanted = list(keys)
    told: dict[UUID, Row] = {}
    for kind, select in (("decision", _DECISION), ("proposed", _PROPOSED)):
        ids = [key.id for key in wanted if key.kind == kind]
        if ids:
            told |= {UUID(row.id): row for row in reading.rows(Row, select, {"viewer": viewer, "ids": ids})}
    return [told[key.id] for key in wanted if key.id in told]


class Names(NamedTuple):
    """How what rows and proposals refer to by id is called: tags and relation kinds, sources, words of annotations."""

    tags: dict[str, tuple[str, str]]  # id -> name, title
    tag_titles: dict[tuple[str, str], str]  # project and name -> title
    kinds: dict[str, str]  # id -> title
    kind_titles: dict[tuple[str, str], str]
    sources: dict[str, str]
    words: dict[str, str]


class _Named(NamedTuple):
    what: str
    id: str
    project: str
    name: str
    title: str


def names(viewer: UUID, found: Sequence[Row]) -> Names:
    """Look up all names that the rows need in one statement; what the viewer may not see has none."""
    slugs = {row.project for row in found}
    ids = {
        value
        for row in found
        for told in (orjson.loads(row.state), orjson.loads(row.proposal or "{}"))
        if isinstance(told, dict)
        for key in ("source_id", "on_behalf_of_id", "subject_id", "object_id", "annotation_id")
        for value in (told.get(key), told.get(key.removesuffix("_id")))
        if isinstance(value, str)
    }
    result = Names({}, {}, {}, {}, {}, {})
    looked_up = reading.rows(
        _Named,
        """SELECT 'tag', t.id::text, p.slug, t.name, t.title FROM tag t JOIN project p ON p.id = t.project_id
           WHERE p.slug = ANY(%(slugs)s)
           UNION ALL
           SELECT 'kind', k.id::text, p.slug, k.name, k.title FROM relation_kind k JOIN project p ON p.id = k.project_id
           WHERE p.slug = ANY(%(slugs)s)
           UNION ALL
           SELECT 'source', s.id::text, '', '', s.name FROM visible_sources(%(viewer)s) s WHERE s.id = ANY(%(ids)s)
           UNION ALL
           SELECT 'words', a.id::text, '', '', array_to_string(a.pieces, ' … ') FROM annotation a
           JOIN visible_layers(%(viewer)s) l ON l.id = a.layer_id WHERE a.id = ANY(%(ids)s)""",
        {"viewer": viewer, "slugs": list(slugs), "ids": [UUID(value) for value in ids if _is_id(value)]},
    )
    for row in looked_up:
        if row.what == "tag":
            result.tags[row.id] = (row.name, row.title)
            result.tag_titles[row.project, row.name] = row.title
        elif row.what == "kind":
            result.kinds[row.id] = row.title
            result.kind_titles[row.project, row.name] = row.title
        else:
            (result.sources if row.what == "source" else result.words)[row.id] = row.title
    return result


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
