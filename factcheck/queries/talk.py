"""Talk as the pages show it: threads with what they are about and all that was said in them."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import comments, reading

MOST_THREADS = 50


class Topic(NamedTuple):
    """A thread and what it is about. `subject` is the annotation whose card has it, None for the article itself.

    Of an annotation `words` are its own, of a relation those of its two ends, joined by `kind`; `thing_withdrawn`
    says that it is no longer there.
    """

    id: str
    article: str
    annotation: str | None
    relation: str | None
    resolved_by: str | None
    revision: int
    created_by: str
    created_at: Any
    subject: str | None
    tag: str | None
    words: list[str] | None
    kind: str | None
    other_words: list[str] | None
    thing_withdrawn: bool


class Talk(NamedTuple):
    """A thread with its comments, one's own withdrawn ones among them."""

    topic: Topic
    comments: list[comments.Row]


_TOPICS = """
    SELECT t.id::text, t.article_id::text, t.annotation_id::text, t.relation_id::text, ru.username, t.revision,
           u.username, t.created_at, x.id::text, g.name, x.pieces, k.title, o.pieces,
           COALESCE(x.withdrawn_at, r.withdrawn_at) IS NOT NULL
    FROM visible_threads(%(viewer)s) t
    JOIN account u ON u.id = t.created_by_id
    LEFT JOIN account ru ON ru.id = t.resolved_by_id
    LEFT JOIN relation r ON r.id = t.relation_id
    LEFT JOIN relation_kind k ON k.id = r.kind_id
    LEFT JOIN annotation x ON x.id = COALESCE(t.annotation_id, r.subject_id)
    LEFT JOIN tag g ON g.id = x.tag_id
    LEFT JOIN annotation o ON o.id = r.object_id
    WHERE t.withdrawn_at IS NULL AND {where}
"""
# The threads that an annotation's card has: on it, and on its relations.
_OF_ANNOTATIONS = """
    SELECT id, annotation_id AS at FROM thread WHERE annotation_id = ANY(%(ids)s::uuid[])
    UNION ALL SELECT h.id, r.subject_id FROM relation r JOIN thread h ON h.relation_id = r.id
              WHERE r.subject_id = ANY(%(ids)s::uuid[])
    UNION ALL SELECT h.id, r.object_id FROM relation r JOIN thread h ON h.relation_id = r.id
              WHERE r.object_id = ANY(%(ids)s::uuid[])
"""
_OF_ARTICLE = """
    SELECT id, annotation_id AS at FROM thread WHERE article_id = %(article)s AND annotation_id IS NOT NULL
    UNION ALL SELECT h.id, r.subject_id FROM thread h JOIN relation r ON r.id = h.relation_id
              WHERE h.article_id = %(article)s
    UNION ALL SELECT h.id, r.object_id FROM relation r JOIN thread h ON h.relation_id = r.id
              WHERE r.object_article_id = %(article)s
"""


def of_annotation(viewer: UUID, annotation_id: UUID | str) -> list[Talk]:
    """Return the talk of an annotation and of its relations, open threads first, at most `MOST_THREADS`."""
    where = f"t.id IN (SELECT id FROM ({_OF_ANNOTATIONS}) f) ORDER BY t.resolved_at IS NOT NULL, t.id"
    return _read(viewer, where, {"ids": [annotation_id]})


def of_relation(viewer: UUID, relation_id: UUID | str) -> list[Talk]:
    """Return the talk of a relation, open threads first, at most `MOST_THREADS`."""
    return _read(
        viewer, "t.relation_id = %(id)s ORDER BY t.resolved_at IS NOT NULL, t.id", {"id": relation_id}
    )


def of_article(
    viewer: UUID, article_id: UUID, *, resolved: bool, before: UUID | None = None, limit: int
) -> list[Talk]:
    """Return the talk of an article and of all that is marked in it, the newest threads first."""
    where = f"t.article_id = %(article)s AND t.resolved_at IS {'NOT NULL' if resolved else 'NULL'}"
    where += "" if before is None else " AND t.id < %(before)s"
    return _read(
        viewer, f"{where} ORDER BY t.id DESC", {"article": article_id, "before": before}, limit=limit
    )


def one(viewer: UUID, article_id: UUID, thread_id: UUID) -> list[Talk]:
    """Return one thread of an article, or none."""
    where = "t.article_id = %(article)s AND t.id = %(id)s"
    return _read(viewer, where, {"article": article_id, "id": thread_id})


def topic(viewer: UUID, thread_id: UUID) -> Topic | None:
    """Return one thread that is not withdrawn."""
    return reading.one(Topic, _TOPICS.format(where="t.id = %(id)s"), {"viewer": viewer, "id": thread_id})


def _read(viewer: UUID, where: str, values: dict[str, Any], *, limit: int = MOST_THREADS) -> list[Talk]:
    topics = reading.rows(
        Topic, f"{_TOPICS.format(where=where)} LIMIT %(limit)s", {**values, "viewer": viewer, "limit": limit}
    )
    said = comments.of_threads(viewer, [found.id for found in topics])
    return [Talk(found, said[found.id]) for found in topics]


class _Count(NamedTuple):
    annotation: str
    number: int


_COUNTS = """
    SELECT f.at::text, count(*) FROM ({of}) f
    JOIN visible_threads(%(viewer)s) t ON t.id = f.id
    JOIN comment c ON c.thread_id = t.id AND c.withdrawn_at IS NULL
    WHERE t.resolved_at IS NULL GROUP BY f.at
"""


def counts_in(viewer: UUID, article_id: UUID) -> dict[str, int]:
    """Count the comments in open threads, by the annotation whose card has them."""
    return _counted(_OF_ARTICLE, {"viewer": viewer, "article": article_id})


def counts(viewer: UUID, annotation_ids: Sequence[str]) -> dict[str, int]:
    """Count the comments in open threads on these annotations and on their relations."""
    return _counted(_OF_ANNOTATIONS, {"viewer": viewer, "ids": list(annotation_ids)})


def _counted(of: str, values: dict[str, Any]) -> dict[str, int]:
    return {row.annotation: row.number for row in reading.rows(_Count, _COUNTS.format(of=of), values)}
