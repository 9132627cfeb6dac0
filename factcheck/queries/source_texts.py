"""Captured texts of documents, and the passages that links point to inside them. A text is seen where its source is."""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from factcheck.exceptions import NotFound
from factcheck.queries import reading


class Row(NamedTuple):
    """One captured text without its words; `length` is in code points."""

    id: UUID
    project_id: UUID
    project: str
    source: UUID
    number: int
    sha256: str
    length: int
    url: str
    archive_url: str
    captured_at: str
    created_by: str
    created_at: Any
    revision: int


class Passage(NamedTuple):
    """A live link's passage with the annotation that it is linked to; `start` and `end` are code points."""

    id: UUID
    text: UUID
    number: int
    start: int
    end: int
    state: str
    quote: str
    stance: str
    url: str
    archive_url: str
    prefix: str
    suffix: str
    annotation: UUID
    pieces: list[str]
    tag: str
    tag_title: str
    article: UUID
    article_title: str
    language: str
    direction: str
    owner: str | None


SELECT = """
    SELECT x.id, x.project_id, p.slug, x.source_id, x.number, x.sha256, x.length, x.url, x.archive_url,
           x.captured_at, u.username, x.created_at, x.revision
    FROM source_text x
    JOIN visible_sources(%s) s ON s.id = x.source_id
    JOIN project p ON p.id = x.project_id
    JOIN account u ON u.id = x.created_by_id
"""


def page(viewer: UUID, cut: reading.Cut, *, source: UUID) -> reading.Page[Row]:
    """Return one page of a source's captured texts, all versions, by id."""
    where = reading.Where().add("x.source_id = %s", source)
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="x.id")


def visible(viewer: UUID, text_id: UUID) -> Row | None:
    """Return the text of this id if the viewer may see its source."""
    return reading.one(Row, f"{SELECT} WHERE x.id = %s", [viewer, text_id])


def present(viewer: UUID, source_id: UUID) -> Row | None:
    """Return the source's newest text if it has one and the viewer may see it."""
    return reading.one(
        Row, f"{SELECT} WHERE x.source_id = %s ORDER BY x.number DESC LIMIT 1", [viewer, source_id]
    )


@lru_cache(maxsize=16)
def words(text_id: UUID) -> str:
    """Return the words of a text, which never change. Whether the caller may see them was decided before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM source_text WHERE id = %s", [text_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such text.")
    return str(row[0])


def passages(viewer: UUID, source_id: UUID, *, limit: int) -> list[Passage]:
    """Return the passages of the live links to a source that the viewer may see, in text order, at most `limit`."""
    return reading.rows(
        Passage,
        """SELECT k.id, k.source_text_id, x.number, k.passage_start, k.passage_end, k.passage_state, k.quote,
                  k.stance, k.url, k.archive_url, k.passage_prefix, k.passage_suffix, k.annotation_id, a.pieces,
                  t.name, t.title, ar.id, ar.title, ar.language, ar.direction, o.username
           FROM source_link k
           JOIN visible_layers(%s) l ON l.id = k.layer_id
           JOIN source_text x ON x.id = k.source_text_id
           JOIN annotation a ON a.id = k.annotation_id
           JOIN tag t ON t.id = a.tag_id
           JOIN article ar ON ar.id = k.article_id
           LEFT JOIN account o ON o.id = l.owner_id
           WHERE k.source_id = %s AND k.withdrawn_at IS NULL
           ORDER BY k.passage_state, x.number DESC, k.passage_start, k.passage_end, k.id LIMIT %s""",
        [viewer, source_id, limit],
    )
