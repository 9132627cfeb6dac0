"""What somebody uploads to be imported: kept until it is, and read with what the person says of it.

An upload is the person's own and no part of the project's history; there is one for each person and project.
"""

import io
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, FactcheckError, Invalid, TooLarge
from factcheck.intake import files, guessing
from factcheck.intake.formats import READERS
from factcheck.intake.readers import File, Options, Told, Undecided
from factcheck.models import ImportArticle, ImportFile, ImportUpload
from factcheck.models.fields import uuid7
from factcheck.records import Actor
from factcheck.services import imports
from factcheck.services.imports import Given, storable

MOST_FILES = 200
MOST_ARTICLES = 20_000
LIMITS = files.Limits(entries=5_000, total=200 * 10**6, one=100 * 10**6, small=20 * 10**6)
KEPT = timedelta(days=1)
"""How long an upload waits to be imported."""

_State = ImportArticle.State


def upload(
    *, project_id: UUID, by: Actor, uploaded: Sequence[tuple[str, BinaryIO]], format: str, given: Given
) -> UUID:
    """Keep what is uploaded, read it and return its id; the person's former import into the project must have ended.

    Without a `format` it is guessed. Raises `Invalid` (fields `file`, `format`), `TooLarge`, and `Conflict` while
    another import is under way.
    """
    project = imports.managed(project_id, by)
    ImportUpload.objects.filter(updated_at__lt=timezone.now() - KEPT).exclude(
        state=ImportUpload.State.DONE
    ).delete()
    if not uploaded:
        raise Invalid(_("Choose at least one file."), field="file")
    if len(uploaded) > MOST_FILES:
        raise TooLarge(
            _("These are %(number)s files; upload at most %(most)s, or pack them into a ZIP archive.")
            % {"number": len(uploaded), "most": MOST_FILES},
            field="file",
        )
    kept = [(name, stream.read()) for name, stream in uploaded]
    try:
        found = _unpacked(kept)
        chosen = format or guessing.guess(found)
        if chosen is None or chosen not in READERS:
            raise Invalid(
                _("What these files are cannot be told from them: choose the format."), field="format"
            )
        if not _of_format(found, chosen):
            ends = ", ".join(READERS[chosen].suffixes)
            raise Invalid(
                _("There is no file of this format: their names end with %(ends)s.") % {"ends": ends},
                field="file",
            )
    except FactcheckError as error:
        error.field = "format" if error.field == "format" else "file"
        raise
    with transaction.atomic():
        present = ImportUpload.objects.select_for_update().filter(project=project, user_id=by.user_id)
        if present.exclude(state=ImportUpload.State.DONE).exists():
            raise Conflict(
                _("Another import of yours into this project is under way; finish or discard it first.")
            )
        present.delete()
        made = ImportUpload.objects.create(
            project=project, user_id=by.user_id, format=chosen, options=given._asdict()
        )
        ImportFile.objects.bulk_create(
            ImportFile(upload=made, number=number, name=name, content=content)
            for number, (name, content) in enumerate(kept)
        )
    try:
        read(project_id=project_id, by=by, given=given)
    except FactcheckError as error:
        made.delete()
        error.field = "file"
        raise
    return made.pk


def read(*, project_id: UUID, by: Actor, given: Given) -> UUID:
    """Read the upload anew with what the person says now, look in advance at what would become of it; return its id.

    Where more must be said the upload keeps the question. Raises `NotFound` when there is no upload, `Conflict` when
    its import has begun.
    """
    project = imports.managed(project_id, by)
    with transaction.atomic():
        held = imports.held_by(project_id, by)
        if held.state not in (ImportUpload.State.ASKING, ImportUpload.State.READY):
            raise Conflict(_("The import has begun already; its options cannot be changed any more."))
        held.options, held.question, held.made, held.known = given._asdict(), {}, {}, {}
        held.updated_at = timezone.now()
        ImportArticle.objects.filter(upload=held).delete()
        try:
            told = _told(held, project.slug, given)
        except Undecided as asked:
            held.state = ImportUpload.State.ASKING
            held.question = {"field": asked.field or "", "detail": str(asked)}
        else:
            held.state = ImportUpload.State.READY
            ImportArticle.objects.bulk_create(told, batch_size=200)
        held.save()
    if held.state == ImportUpload.State.READY:
        imports.look(project, held, by)
    return held.pk


def _told(held: ImportUpload, slug: str, given: Given) -> list[ImportArticle]:
    """Return the upload's articles as its reader tells them."""
    kept = list(ImportFile.objects.filter(upload=held).order_by("number").values_list("name", "content"))
    found = _of_format(_unpacked([(name, bytes(content)) for name, content in kept]), held.format)
    options = Options(
        annotator=given.annotator,
        unit=given.unit or None,  # type: ignore[arg-type]  # the form offers nothing else
        language=given.language,
        text_key=given.text_key,
        known_article=partial(queries.uploads.article_of, slug),
    )
    told: list[ImportArticle] = []
    for number, one in enumerate(READERS[held.format].read(found, options), 1):
        if number > MOST_ARTICLES:
            raise TooLarge(
                _(
                    "There are more than %(most)s articles in these files; upload them in parts, or use the command."
                )
                % {"most": MOST_ARTICLES},
                field="file",
            )
        told.append(_row(held, number, one))
    if not told:
        raise Invalid(_("There is nothing in these files that this format has."), field="file")
    return told


def _row(held: ImportUpload, number: int, told: Told) -> ImportArticle:
    line = orjson.dumps(told.line) if isinstance(told.line, dict) else told.line
    article = told.line.get("article") if isinstance(told.line, dict) else None
    title = article.get("title") if isinstance(article, dict) else None
    return ImportArticle(
        id=uuid7(),
        upload=held,
        number=number,
        place=storable(told.place),
        line=line,
        local_ids=told.local_ids,
        left_out=[[storable(place), storable(why)] for place, why in told.refused],
        state=_State.NOTHING if line is None else _State.TOLD,
        title=storable(title[:200]) if isinstance(title, str) else "",
    )


def _unpacked(kept: Sequence[tuple[str, bytes]]) -> list[File]:
    """Return the files of an upload, those in archives too."""
    found: list[File] = []
    for name, content in kept:
        if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            prefix = f"{name.rpartition('.')[0] or name}/" if len(kept) > 1 else ""
            found += files.unpacked(io.BytesIO(content), ("",), prefix=prefix, limits=LIMITS)
        else:
            found.append(File(name, partial(io.BytesIO, content)))
    return found


def _of_format(found: list[File], format: str) -> list[File]:
    return [file for file in found if file.name.lower().endswith(READERS[format].suffixes)]


def discard(*, project_id: UUID, by: Actor) -> None:
    """Drop the upload, or dismiss the report; what was brought in stays. Raises `NotFound` when there is none."""
    imports.managed(project_id, by)
    imports.held_by(project_id, by).delete()
