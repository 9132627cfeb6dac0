"""Looks again at everything that is stored twice, and tells where the two differ. It reads only.

Triggers and constraints keep these things equal; what this finds was done around them (by a restored file, a
superuser, a fault of a disk) and is for a person to judge, so nothing is repaired.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from factcheck.anchoring import selectors, spans
from factcheck.models.fields import parse_extent
from factcheck.permissions import workflow
from factcheck.queries.releases import MANIFEST

TRACKED = (
    *("project", "membership", "tag", "relation_kind", "relation_pair", "attribute_schema", "article"),
    *("article_version", "layer", "reviewer_assignment", "annotation", "placement", "relation", "source"),
    *(
        "source_link",
        "source_text",
        "review",
        "review_response",
        "proposed_annotation",
        "thread",
        "comment",
        "release",
    ),
)
_JUDGED = ("annotation", "relation", "source_link")
_LEFT_OUT = "- 'text' - 'blocks' - 'links'"  # what the history does not repeat
_FETCHED = 2_000


class Finding(NamedTuple):
    """Something that is not as it should be."""

    type: str
    id: UUID | None
    what: str

    def __str__(self) -> str:
        return f"{self.type} {self.id}: {self.what}" if self.id else f"{self.type}: {self.what}"


def findings() -> Iterator[Finding]:
    """Yield all that is wrong, as of one moment."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from _texts()
        yield from _passages()
        yield from _releases()
        for thing in _JUDGED:
            yield from _statuses(thing)
        for table in TRACKED:
            yield from _histories(table)
        yield from _positions()
        yield from _ordinals()


def _rows(sql: str, params: Any = (), *, fetched: int = _FETCHED) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a statement, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(fetched):
            yield from batch


def _texts() -> Iterator[Finding]:
    """Compare hashes, lengths and the words that annotations repeat with the texts themselves."""
    for version_id, text, sha256, length in _rows(
        "SELECT id, text, sha256, length FROM article_version ORDER BY id"
    ):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield Finding("article_version", version_id, "the text is not the one that the hash is of")
        if len(text) != length:
            yield Finding(
                "article_version", version_id, f"the text has {len(text)} code points, not {length}"
            )
        yield from _words(version_id, text)


def _words(version_id: UUID, text: str) -> Iterator[Finding]:
    kept = "SELECT id, extent::text, pieces, prefix, suffix FROM annotation WHERE article_version_id = %s ORDER BY id"
    for key, literal, pieces, prefix, suffix in _rows(kept, [version_id]):
        extent = parse_extent(literal)
        there = spans.pieces(text, extent)
        if tuple(pieces) != there:
            yield Finding("annotation", key, f"it repeats {tuple(pieces)}, and the text says {there}")
            continue
        quote = selectors.describe(text, extent)
        if (prefix, suffix) != (quote.prefix, quote.suffix):
            yield Finding("annotation", key, "what it repeats from around its place is not what stands there")


def _passages() -> Iterator[Finding]:
    """Compare the hashes of captured texts, and the quotes of passages, with the texts themselves."""
    for text_id, text, sha256 in _rows("SELECT id, text, sha256 FROM source_text ORDER BY id"):
        if hashlib.sha256(text.encode()).hexdigest() != sha256:
            yield Finding("source_text", text_id, "the text is not the one that the hash is of")
        kept = """SELECT id, passage_start, passage_end, quote, passage_prefix, passage_suffix FROM source_link
                  WHERE source_text_id = %s ORDER BY id"""
        for key, start, end, *repeated in _rows(kept, [text_id]):
            there = selectors.describe(text, (spans.Span(start, end),))
            if tuple(repeated) != tuple(there):
                yield Finding("source_link", key, "its quote is not what stands at its passage")


def _releases() -> Iterator[Finding]:
    """Hash the files of releases again, and compare each with its row and with the manifest that lists it."""
    kept = """SELECT f.id, r.id, f.name, f.size, f.sha256,
                     CASE WHEN f.name = %s THEN r.sha256 ELSE
                         (SELECT told ->> 'sha256' FROM jsonb_array_elements(r.manifest -> 'files') told
                          WHERE told ->> 'name' = f.name) END
              FROM release r LEFT JOIN release_file f ON f.release_id = r.id ORDER BY r.id, f.ordinal"""
    for file_id, release_id, name, size, sha256, listed in _rows(kept, [MANIFEST]):
        if file_id is None:
            yield Finding("release", release_id, "it has no files")
            continue
        hashed, length, chunks = hashlib.sha256(), 0, "SELECT data FROM release_chunk WHERE file_id = %s"
        for (data,) in _rows(f"{chunks} ORDER BY ordinal", [file_id], fetched=4):
            hashed.update(data)
            length += len(data)
        if hashed.hexdigest() != sha256 or length != size:
            yield Finding("release", release_id, f"the bytes of {name} are not those that the hash is of")
        if sha256 != listed:
            yield Finding("release", release_id, f"the manifest has another hash of {name}")
    listed_only = """SELECT r.id, told ->> 'name' FROM release r, jsonb_array_elements(r.manifest -> 'files') told
                     WHERE NOT EXISTS (SELECT FROM release_file f
                                       WHERE f.release_id = r.id AND f.name = told ->> 'name') ORDER BY 1"""
    for release_id, name in _rows(listed_only):
        yield Finding("release", release_id, f"the manifest lists {name}, and it is not here")


def _statuses(thing: str) -> Iterator[Finding]:
    """Compare the stored status with what the live decisions on the present version say."""
    rows = _rows(
        f"""SELECT x.id, x.status, p.approvals_needed, array_remove(array_agg(r.decision), NULL)
            FROM {thing} x JOIN project p ON p.id = x.project_id
            LEFT JOIN review r ON r.{thing}_id = x.id AND r.thing_version = x.version AND r.superseded_by_id IS NULL
            GROUP BY x.id, p.approvals_needed HAVING x.status <> 'pending' OR count(r.id) > 0 ORDER BY x.id"""
    )
    for key, status, needed, decisions in rows:
        said = workflow.status(decisions, approvals_needed=needed)
        if said != status:
            yield Finding(thing, key, f"its status is {status}, and the decisions say {said}")


def _histories(table: str) -> Iterator[Finding]:
    """Compare every row with the last state that the history has of it."""
    rows = _rows(
        f"""SELECT coalesce(t.id, last.thing), t.id IS NOT NULL, t.revision, last.revision, last.op, last.after IS NULL,
                   CASE WHEN to_jsonb(t) @> last.after THEN false
                   ELSE NOT to_jsonb(t) @> (last.after - ARRAY(
                        SELECT jsonb_object_keys(last.after) EXCEPT SELECT jsonb_object_keys(to_jsonb(t)))) END
            FROM {table} t
            FULL JOIN (
                SELECT DISTINCT ON (e.thing) e.thing, e.revision, e.op, e.after {_LEFT_OUT} AS after
                FROM event e JOIN act a ON a.id = e.act_id
                WHERE e.type = %s ORDER BY e.thing, a.position DESC, e.ordinal DESC
            ) last ON last.thing = t.id
            WHERE t.id IS NULL AND last.after IS NOT NULL
               OR t.id IS NOT NULL AND last.after IS NULL
               OR t.revision IS DISTINCT FROM last.revision OR NOT to_jsonb(t) @> last.after
            ORDER BY 1""",
        [table],
    )
    for key, here, revision, told, op, gone, differs in rows:
        if not here:
            if not gone:
                yield Finding(table, key, "the history has it, and it is not here")
        elif op is None:
            yield Finding(table, key, "the history has nothing of it")
        elif gone:
            yield Finding(table, key, "the history says that it was removed, and it is here")
        elif revision != told:
            yield Finding(table, key, f"it is at revision {revision}, and the history at {told}")
        elif differs:
            yield Finding(table, key, "it is not as the history last told it")


def _positions() -> Iterator[Finding]:
    """Acts have positions without gaps, up to where the project's counter stands."""
    rows = _rows(
        """SELECT p.id, coalesce(c.position, -1), count(a.position), count(a.id), coalesce(max(a.position), 0)
           FROM project p LEFT JOIN project_counter c ON c.project_id = p.id LEFT JOIN act a ON a.project_id = p.id
           GROUP BY p.id, c.position ORDER BY p.id"""
    )
    for key, counter, placed, acts, last in rows:
        if placed != acts:
            yield Finding("project", key, f"{acts - placed} acts have no position")
        if last != placed:
            yield Finding(
                "project", key, f"the positions of its {placed} acts go up to {last}: some are missing"
            )
        if counter != last:
            yield Finding("project", key, f"its counter stands at {counter}, and its last act at {last}")


def _ordinals() -> Iterator[Finding]:
    """The events of an act are numbered without gaps, and belong to the act's project."""
    rows = _rows(
        """SELECT a.id, count(*), max(e.ordinal), bool_or(e.project_id <> a.project_id)
           FROM event e JOIN act a ON a.id = e.act_id GROUP BY a.id
           HAVING count(*) <> max(e.ordinal) OR bool_or(e.project_id <> a.project_id) ORDER BY a.id"""
    )
    for key, number, last, astray in rows:
        if number != last:
            yield Finding("act", key, f"its {number} events are numbered up to {last}: some are missing")
        if astray:
            yield Finding("act", key, "some of its events are of another project")
