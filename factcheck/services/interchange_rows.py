"""The rows that an import writes, and what it looks up: the triggers write events as they do for every other write."""

import re
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

_MADE = ("created_by_id", "created_at", "updated_at", "revision")
_JUDGED = ("id", "project_id", "article_id", "layer_id", "note", "status", "version", *_MADE)
# In the order in which they can be written.
COLUMNS: dict[str, tuple[str, ...]] = {
    "article": (
        *("id", "project_id", "title", "url", "publisher", "byline", "published_at", "language", "direction"),
        *("file_name", "current_version_id", "created_by_id", "revision"),
    ),
    "article_version": (
        *("id", "project_id", "article_id", "number", "text", "sha256", "length", "words", "blocks", "links"),
        *("created_by_id", "revision"),
    ),
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
        "excused_at",
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
    "review_response": (
        *("id", "project_id", "article_id", "layer_id", "review_id", "answer", "note", "thing_version"),
        *_MADE,
    ),
    "proposed_annotation": (
        *("id", "project_id", "article_id", "layer_id", "article_version_id", "text_length", "tag_id"),
        *("extent", "pieces", "attributes", "note", "state", "annotation_id", "answered_by_id"),
        *("answered_at", "answer_note", *_MADE),
    ),
    "reviewer_assignment": ("id", "project_id", "article_id", "reviewer_id", *_MADE),
    "thread": (
        *("id", "project_id", "article_id", "layer_id", "annotation_id", "relation_id", "resolved_at"),
        *("resolved_by_id", *_MADE),
    ),
    "comment": (
        *("id", "project_id", "article_id", "layer_id", "thread_id", "body", "mentions", "edited_at"),
        *_MADE,
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


def insertion(table: str, rows: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    """Return a statement that inserts a few rows, and its parameters."""
    columns = COLUMNS[table]
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(rows))}"
    return statement, [one.get(column) for one in rows for column in columns]


def copy(table: str, rows: list[dict[str, Any]]) -> None:
    """Copy many rows in, inside an act that has begun."""
    columns = COLUMNS[table]
    shown: dict[int, str] = {}
    lines = ["\t".join([_cell(row.get(column), shown) for column in columns]) + "\n" for row in rows]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        stream.write("".join(lines).encode())


_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _cell(value: object, shown: dict[int, str]) -> str:
    """Write a value in COPY's text format; several times as quick as asking for each value how it is adapted.

    Most rows have the same objects (of the project, the layer, the time); `shown` has how those were written.
    """
    if value is None:
        return "\\N"
    if type(value) is str:
        return value.translate(_ESCAPES) if _SPECIAL.search(value) else value
    if type(value) is int:
        return str(value)
    if type(value) is list:
        quoted = [one.replace("\\", "\\\\").replace('"', '\\"') for one in value]
        text = '{"' + '","'.join(quoted) + '"}' if quoted else "{}"
        return text.translate(_ESCAPES) if _SPECIAL.search(text) else text
    written = shown.get(id(value))
    if written is None:
        written = value.isoformat() if isinstance(value, datetime) else str(value).translate(_ESCAPES)
        shown[id(value)] = written
    return written


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


# What makes two things the same where ids tell nothing; x is a row, and its layer is l.
_SAME = {
    "annotation": ("l.kind", "x.created_by_id", "x.tag_id", "x.extent::text"),
    "relation": ("x.kind_id", "x.subject_id", "x.object_id"),
    "source_link": ("x.annotation_id", "x.source_id", "x.role", "x.on_behalf_of_id", "x.url", "x.quote"),
    "review": (
        *("x.reviewer_id", "coalesce(x.annotation_id, x.relation_id, x.source_link_id)", "x.thing_version"),
        "x.decision",
    ),
    "review_response": ("x.review_id",),
    "proposed_annotation": ("x.layer_id", "x.created_by_id", "x.tag_id", "x.extent::text"),
    "reviewer_assignment": ("x.reviewer_id",),
    "thread": ("x.annotation_id", "x.relation_id", "x.created_by_id", "x.created_at"),
    "comment": ("x.thread_id", "x.created_by_id", "x.created_at"),
}
_IN_NO_LAYER = ("reviewer_assignment", "thread", "comment")  # or not always in one


_PRESENT = "{table} x JOIN layer l ON l.id = x.layer_id WHERE x.article_id = %s"
_OF_NO_LAYER = "{table} x WHERE x.article_id = %s"
# Those that have changed since they were made, as they then were; a thing never leaves its layer.
_BEGUN = """{table} n JOIN layer l ON l.id = n.layer_id
    JOIN LATERAL (SELECT e.after FROM event e WHERE e.thing = n.id AND e.op = 'create' AND e.revision = 1 LIMIT 1) made
        ON TRUE
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, made.after) x
    WHERE n.article_id = %s AND n.revision > 1"""


class Alike:
    """An article's things of one type by their content; each is given once, as two equal ones are two."""

    def __init__(self, table: str, article_id: UUID) -> None:
        self.things: dict[UUID, Known] = {}
        self._by_content: dict[tuple[Any, ...], list[UUID]] = {}
        self._taken: set[UUID] = set()
        same = _SAME[table]
        columns = ", ".join(
            (*same, *(f"x.{name}" for name in (Known._fields if table in JUDGED else ("id",))))
        )
        with connection.cursor() as cursor:
            present = _OF_NO_LAYER if table in _IN_NO_LAYER else _PRESENT
            for rows in (present, _BEGUN) if table in JUDGED else (present,):
                # What was changed here since is still what the file told: it is found by how it began, too.
                cursor.execute(
                    f"SELECT {columns} FROM {rows.format(table=table)} ORDER BY x.id", [article_id]
                )
                for row in cursor.fetchall():
                    content, known = tuple(row[: len(same)]), row[len(same) :]
                    self._by_content.setdefault(content, []).append(known[0])
                    if table in JUDGED:
                        self.things.setdefault(known[0], Known._make(known))

    def take(self, content: tuple[Any, ...]) -> UUID | None:
        """Return one that is alike and was not taken yet, present content first."""
        for found in self._by_content.get(content, ()):
            if found not in self._taken:
                self._taken.add(found)
                return found
        return None


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


def has_hidden_layers(article_id: UUID, viewer: UUID) -> bool:
    """Say whether the article has layers that the viewer may not see."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM layer l WHERE l.article_id = %s
                              AND NOT EXISTS (SELECT FROM visible_layers(%s) v WHERE v.id = l.id))""",
            [article_id, viewer],
        )
        return bool(cursor.fetchone()[0])


class Article(NamedTuple):
    """An article that is here already, with the hash of its present text."""

    id: UUID
    project_id: UUID
    version_id: UUID
    sha256: str


_ARTICLE = """SELECT ar.id, ar.project_id, v.id, v.sha256
    FROM article ar JOIN article_version v ON v.id = ar.current_version_id"""


def articles(ids: list[UUID]) -> dict[UUID, Article]:
    """Return those of the articles that are here already, in whatever project."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"{_ARTICLE} WHERE ar.id = ANY(%s)", [ids])
        return {row[0]: Article._make(row) for row in cursor.fetchall()}


def articles_alike(project_id: UUID, contents: list[tuple[str, str]]) -> dict[tuple[str, str], Article]:
    """Return the project's articles that have one of these titles with the text of the hash beside it."""
    if not contents:
        return {}
    titles, hashes = ([one[part] for one in contents] for part in (0, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT told.title, found.* FROM unnest(%s::text[], %s::text[]) AS told (title, sha256)
                CROSS JOIN LATERAL ({_ARTICLE} WHERE v.project_id = %s AND v.sha256 = told.sha256
                                    AND ar.title = told.title ORDER BY ar.id LIMIT 1) found""",
            [titles, hashes, project_id],
        )
        return {(title, of[3]): Article._make(of) for title, *of in cursor.fetchall()}
