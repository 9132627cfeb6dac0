"""Releases: a manager freezes a project, and what was frozen is kept byte for byte."""

import hashlib
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.exports import release as texts_of
from factcheck.exports.registry import FORMATS
from factcheck.models import Project, Release
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries import reading
from factcheck.queries.feed_cursor import Cursor, Place
from factcheck.queries.interchange import Selection
from factcheck.queries.releases import CHUNK, MANIFEST, Row, State
from factcheck.records import Actor
from factcheck.services import acts, feed
from factcheck.services.texts import clean

MAX_NAME = 60
_NAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_JSON, _MARKDOWN = "application/json", "text/markdown; charset=utf-8"

_INSERT_FILE = """
    INSERT INTO release_file (id, project_id, release_id, ordinal, name, format, media_type, size, sha256, crc32)
    VALUES (%s::uuid, %s::uuid, %s::uuid, %s::int, %s::text, %s::text, %s::text, %s::bigint, %s::text, %s::bigint)
"""
_INSERT_CHUNK = """
    INSERT INTO release_chunk (file_id, project_id, ordinal, data) VALUES (%s::uuid, %s::uuid, %s::int, %b)
"""


class _Draft(NamedTuple):
    """A file that is written and not kept yet: its bytes wait in `held`, which is gone when this process is."""

    told: texts_of.File
    crc32: int
    held: IO[bytes]


class _Frozen(NamedTuple):
    """A project as one snapshot shows it."""

    project: Project
    state: State
    counts: dict[str, object]
    drafts: list[_Draft]


def make(*, project_id: UUID, name: str, by: Actor, note: str = "") -> Row:
    """Freeze the project under a name of its own and return the release.

    All files show one state: each export that there is, the scheme, the guidelines, and a manifest. They are what any
    manager may see, so of a blind project what is open. Raises `NotFound` for who is no member, `NotAllowed`,
    `Invalid` for the name and `Conflict` when the project has a release of that name.
    """
    check_may_release(project_id, by)
    clean(name, "name", max_length=MAX_NAME, required=True)
    if not _NAME.fullmatch(name):
        raise Invalid(
            _(
                "name may have small letters a to z and digits, with single hyphens or dots between them,"
                " such as 2026-10 or v1.0."
            ),
            field="name",
        )
    clean(note, "note")
    _check_free(project_id, name)
    release_id = uuid7()
    with ExitStack() as held:
        frozen = _freeze(project_id, held)
        manifest = _manifest(release_id, name, note, by, frozen)
        whole = texts_of.as_json(manifest)
        first = _draft(MANIFEST, "", _JSON, [whole], held)
        with acts.act("release", project_id=project_id, by=by):
            _check_free(project_id, name)
            Release.objects.create(
                id=release_id,
                project_id=project_id,
                name=name,
                note=note,
                manifest=manifest,
                sha256=first.told.sha256,
                position=frozen.state.position,
                created_by_id=by.user_id,
                created_at=frozen.state.at,
            )
            for ordinal, draft in enumerate([first, *frozen.drafts]):
                _keep(project_id, release_id, ordinal, draft)
    (made,) = queries.releases.by_ids([release_id])
    return made


def check_may_release(project_id: UUID, by: Actor) -> None:
    """Raise `NotFound` for who is no member of the project and `NotAllowed` for who does not manage it."""
    role = queries.projects.role_of(by.user_id, project_id)
    if role is None:
        raise NotFound(_("There is no such project."), field="project")
    checks.check_can_manage(role)


def _check_free(project_id: UUID, name: str) -> None:
    if Release.objects.filter(project_id=project_id, name=name).exists():
        raise Conflict(
            _("There is a release %(name)s already, and a release is never changed; choose another name.")
            % {"name": name},
            field="name",
        )


# -- one state, in files ---------------------------------------------------------------------------


@contextmanager
def _one_state() -> Iterator[None]:
    """Have every statement inside see the same state and none of them time out; nothing is written."""
    inside = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not inside:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _freeze(project_id: UUID, held: ExitStack) -> _Frozen:
    """Write the project's files.

    They are written out before the act begins: an act that read for minutes what it freezes would keep the place
    of its project's history from all others.
    """
    feed.start_epoch()
    with _one_state():
        state = queries.releases.state(project_id)
        project = queries.projects.by_id(project_id)
        scheme = queries.projects.scheme(project_id)
        chosen = Selection(None, project_id, project.slug)
        guidelines = texts_of.guidelines(project.name, project.guidelines, scheme)
        drafts = [
            _draft("guidelines.md", "", _MARKDOWN, [guidelines], held),
            _draft("scheme.json", "", _JSON, [texts_of.as_json(scheme)], held),
        ]
        for format in FORMATS.values():
            chunks = queries.interchange.export(format.name, chosen)
            file = f"{project.slug}.{format.extension}"
            drafts.append(_draft(file, format.name, format.media_type, chunks, held))
        return _Frozen(project, state, queries.releases.counts(project_id), drafts)


def _draft(name: str, format: str, media_type: str, chunks: Iterable[bytes], held: ExitStack) -> _Draft:
    """Write a file down, without a name in the file system, and hash it on the way."""
    file = held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (held closes it)
    sha256, crc32, size = hashlib.sha256(), 0, 0
    for data in chunks:
        file.write(data)
        sha256.update(data)
        crc32 = zlib.crc32(data, crc32)
        size += len(data)
    return _Draft(texts_of.File(name, format, media_type, size, sha256.hexdigest()), crc32, file)


def _manifest(release_id: UUID, name: str, note: str, by: Actor, frozen: _Frozen) -> dict[str, object]:
    project, state = frozen.project, frozen.state
    at = state.at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return texts_of.manifest(
        about={
            "id": str(release_id),
            "name": name,
            "note": note,
            "created_by": by.username,
            "created_at": at,
        },
        project={
            "slug": project.slug,
            "name": project.name,
            "settings": {"blind": project.blind, "approvals_needed": project.approvals_needed},
        },
        as_of={
            "position": state.position,
            "cursor": Cursor(feed.start_epoch(), {project.pk: Place.at(state.position)}).encode(),
        },
        counts=frozen.counts,
        files=[draft.told for draft in frozen.drafts],
        formats={format.name: format.version for format in FORMATS.values()},
    )


# -- keeping them ----------------------------------------------------------------------------------


def _keep(project_id: UUID, release_id: UUID, ordinal: int, draft: _Draft) -> None:
    told, file_id = draft.told, uuid7()
    draft.held.seek(0)
    with reading.planned_once() as cursor:
        cursor.execute(
            _INSERT_FILE,
            [file_id, project_id, release_id, ordinal, *told, draft.crc32],
        )
        nth = 0
        while data := draft.held.read(CHUNK):
            cursor.execute(_INSERT_CHUNK, [file_id, project_id, nth, data])
            nth += 1
