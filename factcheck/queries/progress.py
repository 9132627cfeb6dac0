"""How far the work on articles is: the board of a project. States and counts, nothing of what stands in a layer.

Numbers count only what the viewer may see, so of a closed layer nothing is counted for anybody but its owner. Managers
know of every layer and its state; the others know of the layers that they may see.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import decided, reading

STUCK = ("idle", "unanswered", "split", "left")
"""Why work may be stuck: nothing happened in a layer, nobody answers a change or question, reviewers differ, or whose
layer it is annotates in this project no more."""

SHOWN = (*STUCK, "unassigned")
"""What the board can be cut to."""


class Article(NamedTuple):
    """An article of the board."""

    id: UUID
    title: str
    language: str
    direction: str


class Counts(NamedTuple):
    """What the decisions on an article's things say, in numbers; times say since when something waits at least."""

    article: UUID
    done: bool  # all who count have submitted
    closed: bool  # its layers are not open yet: a blind project
    waiting: int  # pending or split
    split: int
    asked: int  # change asked
    questions: int  # asked, and not answered
    approved: int
    rejected: int
    proposed: int  # annotations proposed that nobody answered yet
    missed: int  # all proposed annotations: what the annotators missed
    waiting_since: Any
    asked_since: Any  # a change, a question or a proposed annotation, whichever waits longest


class Work(NamedTuple):
    """One layer as the board shows it."""

    id: UUID
    article: UUID
    owner: str
    state: str
    submitted_at: Any
    opened_at: Any
    excused_at: Any
    assigned: bool  # by somebody else
    touched_at: Any  # the last act of its owner in the article; of a closed layer when its state last changed
    member: bool  # its owner is still an annotator of the project
    revision: int


class Reviewer(NamedTuple):
    """Somebody who was asked to review an article."""

    article: UUID
    reviewer: str


_THINGS = ("annotation", "relation", "source_link")
_KNOWN = """(m.role = 'manager' OR EXISTS (SELECT FROM visible_layers(%(viewer)s) v WHERE v.id = l.id))"""
_GONE = """NOT EXISTS (SELECT FROM membership o WHERE o.project_id = l.project_id AND o.user_id = l.owner_id
    AND o.role <> 'viewer')"""
_ACTIVE = """(SELECT a.at FROM act a WHERE a.article = l.article_id AND a.actor_id = l.owner_id
    ORDER BY a.id DESC LIMIT 1)"""
# When something happened in a layer, as far as the viewer may know.
_TOUCHED = f"""CASE WHEN EXISTS (SELECT FROM visible_layers(%(viewer)s) v WHERE v.id = l.id)
    THEN greatest(l.updated_at, {_ACTIVE}) ELSE l.updated_at END"""
_OF_LAYERS = """SELECT l.article_id FROM layer l
    JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = %(viewer)s
    WHERE l.project_id = %(project)s AND l.kind = 'person' AND l.excused_at IS NULL"""
# Of a question: nobody has answered it, and what it is about stands there as it was.
_OPEN = f"{decided.UNANSWERED} AND ({decided.PRESENT})"
_AGO = "now() - make_interval(days => %(days)s)"


def _of_things(condition: str) -> str:
    return " UNION ALL ".join(
        f"""SELECT x.article_id FROM {thing} x JOIN visible_layers(%(viewer)s) v ON v.id = x.layer_id
        WHERE x.project_id = %(project)s AND x.withdrawn_at IS NULL AND {condition}"""
        for thing in _THINGS
    )


_CUTS = {
    "idle": f"{_OF_LAYERS} AND l.state <> 'submitted' AND {_KNOWN} AND {_TOUCHED} < {_AGO}",
    "unanswered": f"""{_of_things(f"x.status = 'change_asked' AND x.updated_at < {_AGO}")}
        UNION ALL SELECT r.article_id FROM review r JOIN visible_layers(%(viewer)s) v ON v.id = r.layer_id
        WHERE r.project_id = %(project)s AND r.superseded_by_id IS NULL AND r.decision = 'ask'
          AND r.created_at < {_AGO} AND {_OPEN}
        UNION ALL SELECT x.article_id FROM proposed_annotation x JOIN visible_layers(%(viewer)s) v ON v.id = x.layer_id
        WHERE x.project_id = %(project)s AND x.state = 'waiting' AND x.withdrawn_at IS NULL
          AND x.created_at < {_AGO}""",
    "split": _of_things("x.status = 'split'"),
    "left": f"{_OF_LAYERS} AND {_KNOWN} AND {_GONE}",
}


def page(
    viewer: UUID,
    project_id: UUID,
    cut: reading.Cut,
    *,
    show: str | None = None,
    person: str | None = None,
    days: int = 7,
) -> reading.Page[Article]:
    """Return one page of a project's articles in id order: all, or those cut to one of `SHOWN` or to a person's work.

    `unassigned` has articles that nobody annotates, and is for managers.
    """
    where = ["ar.project_id = %(project)s"]
    if show == "unassigned":
        where.append("NOT EXISTS (SELECT FROM layer l WHERE l.article_id = ar.id AND l.kind = 'person')")
    elif show is not None:
        where.append(f"ar.id IN ({_CUTS[show]})")
    if person is not None:
        where.append(
            f"""EXISTS (SELECT FROM layer l JOIN account u ON u.id = l.owner_id
                JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = %(viewer)s
                WHERE l.article_id = ar.id AND u.username = %(person)s AND {_KNOWN})"""
        )
    where.append("(%(after)s::uuid IS NULL OR ar.id > %(after)s::uuid)")
    where.append("(%(before)s::uuid IS NULL OR ar.id < %(before)s::uuid)")
    backwards = cut.before is not None and cut.after is None
    found = reading.rows(
        Article,
        f"""SELECT ar.id, ar.title, ar.language, ar.direction FROM article ar WHERE {" AND ".join(where)}
            ORDER BY ar.id {"DESC" if backwards else "ASC"} LIMIT %(limit)s""",
        {
            **{"viewer": viewer, "project": project_id, "person": person, "days": days},
            **{"after": cut.after, "before": cut.before, "limit": cut.limit + 1},
        },
    )
    more = len(found) > cut.limit
    result: reading.Page[Article] = reading.Page(found[: cut.limit])
    if backwards:
        result.reverse()
        result.has_previous, result.has_next = more, True
    else:
        result.has_next, result.has_previous = more, cut.after is not None
    return result


def named(viewer: UUID, article_ids: Sequence[UUID]) -> list[Article]:
    """Return those of the articles that the viewer may see, in the order given."""
    found = reading.rows(
        Article,
        """SELECT ar.id, ar.title, ar.language, ar.direction FROM article ar
           JOIN acting_membership m ON m.project_id = ar.project_id AND m.user_id = %s WHERE ar.id = ANY(%s)""",
        [viewer, list(article_ids)],
    )
    by_id = {row.id: row for row in found}
    return [by_id[key] for key in dict.fromkeys(article_ids) if key in by_id]


def counts(viewer: UUID, article_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Count what waits and what is decided in some articles, in one statement."""
    things = " UNION ALL ".join(
        f"""SELECT x.article_id, x.status, x.updated_at FROM {thing} x JOIN seen ON seen.id = x.layer_id
        WHERE x.withdrawn_at IS NULL"""
        for thing in _THINGS
    )
    found = reading.rows(
        Counts,
        f"""
        WITH seen AS MATERIALIZED (
            SELECT l.id FROM visible_layers(%(viewer)s) l WHERE l.article_id = ANY(%(articles)s)),
        said AS (
            SELECT article_id, count(*) FILTER (WHERE status IN ('pending', 'split')) AS waiting,
                   count(*) FILTER (WHERE status = 'split') AS split,
                   count(*) FILTER (WHERE status = 'change_asked') AS asked,
                   count(*) FILTER (WHERE status = 'approved') AS approved,
                   count(*) FILTER (WHERE status = 'rejected') AS rejected,
                   min(updated_at) FILTER (WHERE status IN ('pending', 'split')) AS since,
                   min(updated_at) FILTER (WHERE status = 'change_asked') AS asked_since
            FROM ({things}) x GROUP BY article_id),
        question AS (
            SELECT r.article_id, count(*) AS number, min(r.created_at) AS since
            FROM seen JOIN review r ON r.layer_id = seen.id
            WHERE r.superseded_by_id IS NULL AND r.decision = 'ask' AND {_OPEN}
            GROUP BY r.article_id),
        missing AS (
            SELECT x.article_id, count(*) FILTER (WHERE x.state = 'waiting') AS proposed, count(*) AS missed,
                   min(x.created_at) FILTER (WHERE x.state = 'waiting') AS since
            FROM seen JOIN proposed_annotation x ON x.layer_id = seen.id
            WHERE x.withdrawn_at IS NULL GROUP BY x.article_id),
        work AS (
            SELECT l.article_id, bool_and(l.state = 'submitted') FILTER (WHERE l.excused_at IS NULL) AS done,
                   bool_and(l.opened_at IS NULL) AS unopened
            FROM layer l WHERE l.article_id = ANY(%(articles)s) AND l.kind = 'person' GROUP BY l.article_id)
        SELECT ar.id, coalesce(work.done, false), p.blind AND coalesce(work.unopened, true),
               coalesce(said.waiting, 0), coalesce(said.split, 0), coalesce(said.asked, 0),
               coalesce(question.number, 0), coalesce(said.approved, 0), coalesce(said.rejected, 0),
               coalesce(missing.proposed, 0), coalesce(missing.missed, 0), said.since,
               least(said.asked_since, question.since, missing.since)
        FROM article ar JOIN project p ON p.id = ar.project_id
        LEFT JOIN work ON work.article_id = ar.id
        LEFT JOIN said ON said.article_id = ar.id
        LEFT JOIN question ON question.article_id = ar.id
        LEFT JOIN missing ON missing.article_id = ar.id
        WHERE ar.id = ANY(%(articles)s)""",
        {"viewer": viewer, "articles": list(article_ids)},
    )
    return {row.article: row for row in found}


def work(viewer: UUID, article_ids: Sequence[UUID]) -> list[Work]:
    """Return the people's layers of some articles, as far as the viewer may know of them."""
    return reading.rows(
        Work,
        f"""SELECT l.id, l.article_id, u.username, l.state, l.submitted_at, l.opened_at, l.excused_at,
                  l.created_by_id <> l.owner_id, {_TOUCHED}, NOT {_GONE}, l.revision
           FROM layer l
           JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = %(viewer)s
           JOIN account u ON u.id = l.owner_id
           WHERE l.article_id = ANY(%(articles)s) AND l.kind = 'person' AND {_KNOWN}
           ORDER BY l.article_id, u.username""",
        {"viewer": viewer, "articles": list(article_ids)},
    )


def reviewers(viewer: UUID, article_ids: Sequence[UUID]) -> list[Reviewer]:
    """Return who was asked to review the articles."""
    return reading.rows(
        Reviewer,
        """SELECT x.article_id, u.username FROM reviewer_assignment x
           JOIN acting_membership m ON m.project_id = x.project_id AND m.user_id = %s
           JOIN account u ON u.id = x.reviewer_id
           WHERE x.article_id = ANY(%s) ORDER BY x.article_id, u.username""",
        [viewer, list(article_ids)],
    )


class _Name(NamedTuple):
    name: str


def people(project_id: UUID, *, roles: Sequence[str], limit: int = 500) -> list[str]:
    """Return the members with one of the roles by name, at most so many."""
    found = reading.rows(
        _Name,
        """SELECT u.username FROM membership m JOIN account u ON u.id = m.user_id
           WHERE m.project_id = %s AND m.role = ANY(%s) ORDER BY u.username LIMIT %s""",
        [project_id, list(roles), limit],
    )
    return [row.name for row in found]
