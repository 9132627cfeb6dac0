"""The rows that an import writes, by COPY: the triggers write their events as they do for every other write."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

_MADE = ("created_by_id", "created_at", "updated_at", "revision")
_JUDGED = ("id", "project_id", "article_id", "layer_id", "note", "status", "version", *_MADE)
# In the order in which they can be written.
COLUMNS: dict[str, tuple[str, ...]] = {
    "membership": ("id", "project_id", "user_id", "role", "created_at", "updated_at", "revision"),
    "layer": (
        "id",
        "project_id",
        "article_id",
        "kind",
        "owner_id",
        "state",
        "submitted_at",
        "opened_at",
        *_MADE,
    ),
    "source": (
        *("id", "project_id", "kind", "name", "aliases", "names", "description", "url", "standing"),
        *_MADE,
    ),
    "source_text": (
        *("id", "project_id", "source_id", "number", "text", "sha256", "length", "url", "archive_url"),
        *("captured_at", "created_by_id", "created_at", "revision"),
    ),
    "annotation": (
        *_JUDGED,
        *("article_version_id", "text_length", "tag_id", "extent", "pieces", "prefix", "suffix"),
        *("attributes", "schema_version"),
    ),
    "relation": (
        *_JUDGED,
        *("kind_id", "is_symmetric", "subject_id", "object_id", "object_article_id", "attributes"),
    ),
    "source_link": (
        *_JUDGED,
        *(
            "annotation_id",
            "source_id",
            "role",
            "position",
            "on_behalf_of_id",
            "as_named",
            "article_version_id",
        ),
        *("text_length", "cue", "stance", "url", "quote", "locator", "accessed_at", "archive_url"),
        *("source_text_id", "source_text_length", "passage_start", "passage_end", "passage_prefix"),
        *("passage_suffix", "passage_state"),
    ),
    "review": (
        *("id", "project_id", "article_id", "layer_id", "annotation_id", "relation_id", "source_link_id"),
        *("thing_version", "thing_author_id", "reviewer_id", "decision", "reason", "note", "proposal"),
        *("superseded_by_id", "created_at", "updated_at", "revision"),
    ),
}
JUDGED = ("annotation", "relation", "source_link")


class Known(NamedTuple):
    """What an import must know of a thing that is here already."""

    id: UUID
    project_id: UUID
    article_id: UUID
    layer_id: UUID
    created_by_id: UUID
    version: int
    status: str


class End(NamedTuple):
    """An annotation as the end of a relation."""

    id: UUID
    article_id: UUID
    tag: str


def write(table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Copy the rows in, inside an act that has begun."""
    columns = COLUMNS[table]
    names = ", ".join(columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([row.get(column) for column in columns])


def known(table: str, ids: list[UUID]) -> dict[UUID, Known]:
    """Return those of the annotations, relations or links that are here already, in whatever project."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(Known._fields)} FROM {table} WHERE id = ANY(%s)",
            [ids],
        )
        return {row[0]: Known._make(row) for row in cursor.fetchall()}


def places(table: str, ids: list[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """Return the project and article of those layers, sources or reviews that are here already."""
    if not ids:
        return {}
    article = "NULL" if table in ("source", "source_text") else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, project_id, {article} FROM {table} WHERE id = ANY(%s)", [ids])
        return {key: (project, article) for key, project, article in cursor.fetchall()}


# How things without ids are told to be the same as those that are here.
_SAME = {
    "annotation": "created_by_id, tag_id, extent::text",
    "relation": "layer_id, kind_id, subject_id, object_id",
    "source_link": "annotation_id, source_id, role, on_behalf_of_id, url, quote",
    "review": "reviewer_id, coalesce(annotation_id, relation_id, source_link_id), thing_version, decision",
}


def alike(table: str, article_id: UUID) -> dict[tuple[Any, ...], list[UUID]]:
    """Return the ids of an article's things, withdrawn ones too, by what makes two of them the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {_SAME[table]} FROM {table} WHERE article_id = %s ORDER BY id", [article_id]
        )
        found: dict[tuple[Any, ...], list[UUID]] = {}
        for key, *same in cursor.fetchall():
            found.setdefault(tuple(same), []).append(key)
    return found


class Captured(NamedTuple):
    """A captured text that is here already."""

    id: UUID
    source_id: UUID
    number: int
    sha256: str
    length: int


def captured(source_id: UUID) -> list[Captured]:
    """Return a source's captured texts without their words, the first one first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(Captured._fields)} FROM source_text WHERE source_id = %s ORDER BY number",
            [source_id],
        )
        return [Captured._make(row) for row in cursor.fetchall()]


def layers(article_id: UUID) -> list[tuple[UUID, str, UUID | None]]:
    """Return id, kind and owner of an article's layers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, owner_id FROM layer WHERE article_id = %s ORDER BY id", [article_id])
        return list(cursor.fetchall())


def end(project_id: UUID, annotation_id: UUID) -> End | None:
    """Return an annotation of the project as the end of a relation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.article_id, t.name FROM annotation a JOIN tag t ON t.id = a.tag_id"
            " WHERE a.id = %s AND a.project_id = %s",
            [annotation_id, project_id],
        )
        row = cursor.fetchone()
    return End._make(row) if row else None


def article_here(article_id: UUID) -> tuple[UUID, UUID, str] | None:
    """Return the project, present version and hash of an article by its id."""
    return _article("ar.id = %s", [article_id])


def article_alike(project_id: UUID, title: str, sha256: str) -> tuple[UUID, UUID, str] | None:
    """Return id, present version and hash of the project's article with this title and text."""
    found = _article(
        "ar.project_id = %s AND v.sha256 = %s AND ar.title = %s", [project_id, sha256, title], "ar.id"
    )
    return found


def _article(where: str, values: list[Any], first: str = "ar.project_id") -> tuple[UUID, UUID, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {first}, v.id, v.sha256 FROM article ar JOIN article_version v ON v.id = ar.current_version_id
                WHERE {where} ORDER BY ar.id LIMIT 1""",
            values,
        )
        row: tuple[UUID, UUID, str] | None = cursor.fetchone()
    return row
