"""Releases: which there are, their files, and their bytes, read some at a time."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection

from factcheck.exports.archive import Member
from factcheck.queries import reading

CHUNK = 256 * 1024
"""Bytes in a chunk; the last of a file may have fewer."""

_AT_ONCE = 4  # chunks

MANIFEST = "manifest.json"

_NUL = "\0"  # stands in no name, and cannot be asked for


class Row(NamedTuple):
    """A release as a member of its project sees it; `manifest` is JSON, `size` the bytes of all files."""

    id: UUID
    project: str
    name: str
    note: str
    manifest: str
    sha256: str
    size: int
    created_by: str
    created_at: datetime
    revision: int

    @property
    def told(self) -> dict[str, Any]:
        """The manifest as data."""
        data: dict[str, Any] = orjson.loads(self.manifest)
        return data


class FileRow(NamedTuple):
    """A file of a release; `format` is the export that it is, or empty."""

    id: UUID
    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    crc32: int


_COLUMNS = """
    SELECT r.id, p.slug, r.name, r.note, r.manifest::text, r.sha256,
           (SELECT sum(f.size)::bigint FROM release_file f WHERE f.release_id = r.id),
           u.username, r.created_at, r.revision
    FROM release r
    JOIN project p ON p.id = r.project_id
    JOIN account u ON u.id = r.created_by_id
"""
SELECT = f"{_COLUMNS} JOIN acting_membership m ON m.project_id = r.project_id AND m.user_id = %s"
_FILES = (
    "SELECT id, name, format, media_type, size, sha256, crc32 FROM release_file WHERE release_id = %s::uuid"
)


def page(viewer: UUID, project_id: UUID, cut: reading.Cut) -> reading.Page[Row]:
    """Return one page of the project's releases."""
    where = reading.Where().add("r.project_id = %s", project_id)
    return reading.page(Row, SELECT, where, cut, first=[viewer], column="r.id")


def visible(viewer: UUID, slug: str, name: str) -> Row | None:
    """Return the project's release of this name, if the viewer is a member."""
    if _NUL in name:
        return None
    return reading.one(Row, f"{SELECT} WHERE p.slug = %s AND r.name = %s", [viewer, slug, name])


def by_id(viewer: UUID, release_id: UUID) -> Row | None:
    """Return the release, if the viewer is a member of its project."""
    return reading.one(Row, f"{SELECT} WHERE r.id = %s", [viewer, release_id])


def named(slug: str, name: str) -> Row | None:
    """Return the release for the system, which sees all."""
    return reading.one(Row, f"{_COLUMNS} WHERE p.slug = %s AND r.name = %s", [slug, name])


def by_ids(release_ids: list[UUID]) -> list[Row]:
    """Return releases for the system."""
    return reading.rows(Row, f"{_COLUMNS} WHERE r.id = ANY(%s)", [release_ids])


def files(release_id: UUID) -> list[FileRow]:
    """Return the files of a release that may be seen, in their order."""
    return reading.rows(FileRow, f"{_FILES} ORDER BY ordinal", [release_id])


def file(release_id: UUID, name: str) -> FileRow | None:
    """Return the file of this name."""
    if _NUL in name:
        return None
    return reading.one(FileRow, f"{_FILES} AND name = %s", [release_id, name])


def of_format(release_id: UUID, format: str) -> FileRow | None:
    """Return the export of this format that the release has."""
    return reading.one(FileRow, f"{_FILES} AND format = %s AND format <> ''", [release_id, format])


class _Chunk(NamedTuple):
    ordinal: int
    data: bytes


def content(file: FileRow, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file from `start` up to `end` (its end when left out), about a megabyte at a time.

    They never change, so no snapshot is held: between two reads the connection is given back, and who
    downloads slowly keeps none.
    """
    end = file.size if end is None else end
    first = start // CHUNK
    while first * CHUNK < end:
        found = reading.rows(
            _Chunk,
            """SELECT ordinal, data FROM release_chunk
               WHERE file_id = %s::uuid AND ordinal >= %s::int AND ordinal < %s::int ORDER BY ordinal""",
            [file.id, first, first + _AT_ONCE],
        )
        if not connection.in_atomic_block:
            connection.close()
        if not found:
            raise ValueError(f"{file.name} ends before its end.")
        for ordinal, data in found:
            begins = ordinal * CHUNK
            if begins < end:
                yield bytes(data[max(0, start - begins) : end - begins])
        first += _AT_ONCE


def members(release: Row, kept: list[FileRow]) -> list[Member]:
    """Return the files as members of the release's zip, in a folder named as the release."""
    folder = f"{release.project}-{release.name}"
    return [Member(f"{folder}/{one.name}", one.size, one.crc32) for one in kept]


def archive_tag(kept: list[FileRow]) -> str:
    """Return the entity tag of the zip: it follows from the files, so theirs are hashed and not its bytes."""
    told = "\n".join(f"{one.name} {one.sha256}" for one in kept)
    return hashlib.sha256(f"zip 1\n{told}".encode()).hexdigest()


# -- what a release is made of ---------------------------------------------------------------------


class _Counts(NamedTuple):
    counts: str  # JSON


_STATUSES = ("pending", "approved", "change_asked", "rejected", "split")


def counts(project_id: UUID) -> dict[str, Any]:
    """Count what an export for the system holds: nothing withdrawn, of a blind project only what is open."""
    (found,) = reading.rows(
        _Counts,
        """
        WITH seen AS MATERIALIZED (
            SELECT l.id FROM layer l JOIN project p ON p.id = l.project_id
            WHERE l.project_id = %(project)s AND (NOT p.blind OR l.opened_at IS NOT NULL)
        ), annotations AS MATERIALIZED (
            SELECT a.* FROM annotation a JOIN seen ON seen.id = a.layer_id WHERE a.withdrawn_at IS NULL
        ), relations AS MATERIALIZED (
            SELECT r.* FROM relation r JOIN seen ON seen.id = r.layer_id WHERE r.withdrawn_at IS NULL
        ), links AS MATERIALIZED (
            SELECT k.* FROM source_link k JOIN seen ON seen.id = k.layer_id WHERE k.withdrawn_at IS NULL
        ), reviews AS MATERIALIZED (
            SELECT w.* FROM review w JOIN seen ON seen.id = w.layer_id
            LEFT JOIN annotation xa ON xa.id = w.annotation_id
            LEFT JOIN relation xr ON xr.id = w.relation_id
            LEFT JOIN source_link xk ON xk.id = w.source_link_id
            WHERE coalesce(xa.withdrawn_at, xr.withdrawn_at, xk.withdrawn_at) IS NULL
        )
        SELECT jsonb_build_object(
            'articles', (SELECT count(*) FROM article WHERE project_id = %(project)s),
            'layers', (SELECT count(*) FROM seen),
            'annotations', (SELECT count(*) FROM annotations),
            'by_tag', (SELECT coalesce(jsonb_object_agg(tag, told), '{}') FROM (
                SELECT t.name AS tag, jsonb_object_agg(s.status, s.number) AS told FROM tag t JOIN (
                    SELECT tag_id, status, count(*) AS number FROM annotations GROUP BY tag_id, status
                ) s ON s.tag_id = t.id GROUP BY t.name) tags),
            'relations', (SELECT count(*) FROM relations),
            'source_links', (SELECT count(*) FROM links),
            'sources', (SELECT count(DISTINCT s) FROM links k, unnest(ARRAY[k.source_id, k.on_behalf_of_id]) s),
            'reviews', (SELECT count(*) FROM reviews),
            'people', (SELECT count(*) FROM (
                SELECT created_by_id FROM annotations UNION SELECT created_by_id FROM relations
                UNION SELECT created_by_id FROM links UNION SELECT reviewer_id FROM reviews) people))::text""",
        {"project": project_id},
    )
    told: dict[str, Any] = orjson.loads(found.counts)
    told["by_tag"] = {
        tag: {status: by_status[status] for status in _STATUSES if status in by_status}
        for tag, by_status in sorted(told["by_tag"].items())
    }
    return told


class State(NamedTuple):
    """Which state of a project this is: the position of its last act, and the time."""

    position: int
    at: datetime


def state(project_id: UUID) -> State:
    """Return the state that the present statement sees."""
    (found,) = reading.rows(
        State,
        "SELECT position, date_trunc('milliseconds', clock_timestamp()) FROM project_counter WHERE project_id = %s",
        [project_id],
    )
    return found
