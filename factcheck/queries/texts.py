"""The canonical texts. A version's text never changes, so what was read once is kept in memory."""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from factcheck.exceptions import NotFound


class Text(NamedTuple):
    """One version's words and structure; offsets are code points."""

    version_id: UUID
    number: int
    text: str
    sha256: str
    length: int
    blocks: tuple[tuple[str, int, int], ...]


@lru_cache(maxsize=64)
def of(version_id: UUID) -> Text:
    """Return the text of a version. Whether the caller may see it was decided before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, text, sha256, length,"
            " ARRAY(SELECT b ->> 'kind' FROM jsonb_array_elements(blocks) b),"
            " ARRAY(SELECT (b ->> 'start')::int FROM jsonb_array_elements(blocks) b),"
            " ARRAY(SELECT (b ->> 'end')::int FROM jsonb_array_elements(blocks) b)"
            " FROM article_version WHERE id = %s",
            [version_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such text.")
    *facts, kinds, starts, ends = row
    return Text._make((*facts, tuple(zip(kinds, starts, ends, strict=True))))
