"""Importing what somebody uploaded: read, looked at in advance, then brought in step by step, each article one act.

What is uploaded is kept until the import has ended, so that a step can be taken by any request, also after a restart.
The report stays until it is dismissed. All of it is the person's own and no part of the project's history.
"""

import io
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, FactcheckError, Invalid, NotFound, TooLarge
from factcheck.intake import files, guessing
from factcheck.intake.formats import READERS
from factcheck.intake.readers import File, Options, Told, Undecided
from factcheck.models import ImportArticle, ImportFile, ImportUpload, Project
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.records import Actor
from factcheck.services import interchange
from factcheck.services.interchange import Outcome

MOST_FILES = 200
MOST_ARTICLES = 20_000
LIMITS = files.Limits(entries=5_000, total=200 * 10**6, one=100 * 10**6, small=20 * 10**6)
STEP = 1.0
"""Seconds, about, that one step brings articles in for."""
LOOK = 6.0
"""Seconds, about, that the preview looks at articles for; what it does not get to is counted as not looked at."""
KEPT = timedelta(days=1)
"""How long an upload waits to be imported."""

_State = ImportArticle.State


class Given(NamedTuple):
    """What a person says of an upload: options for its reader, and for what is made of it."""

    annotator: str = ""
    unit: str = ""
    language: str = ""
    text_key: str = ""
    create_tags: bool = False
    create_users: bool = False
    renew_ids: bool = False


def upload(
    *, project_id: UUID, by: Actor, uploaded: Sequence[tuple[str, BinaryIO]], format: str, given: Given
) -> None:
    """Keep what is uploaded and read it; the person's former import into the project must have ended.

    Without a `format` it is guessed. Raises `Invalid` (fields `files`, `format`), `TooLarge`, and `Conflict` while
    another import is under way.
    """
    project = _managed(project_id, by)
    ImportUpload.objects.filter(updated_at__lt=timezone.now() - KEPT).exclude(
        state=ImportUpload.State.DONE
    ).delete()
    if not uploaded:
        raise Invalid(_("Choose at least one file."), field="files")
    if len(uploaded) > MOST_FILES:
        raise TooLarge(
            _("These are %(number)s files; upload at most %(most)s, or pack them into a ZIP archive.")
            % {"number": len(uploaded), "most": MOST_FILES},
            field="files",
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
                field="files",
            )
    except FactcheckError as error:
        error.field = "format" if error.field == "format" else "files"
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
        error.field = "files"
        raise


def read(*, project_id: UUID, by: Actor, given: Given) -> None:
    """Read the upload anew with what the person says now, and look in advance at what would become of it.

    Where more must be said the upload keeps the question. Raises `NotFound` when there is no upload, `Conflict` when
    its import has begun.
    """
    project = _managed(project_id, by)
    with transaction.atomic():
        held = _held(project_id, by)
        if held.state not in (ImportUpload.State.ASKING, ImportUpload.State.READY):
            raise Conflict(_("The import has begun already; its options cannot be changed any more."))
        held.options, held.question, held.made, held.known = given._asdict(), {}, {}, {}
        held.updated_at = timezone.now()
        ImportArticle.objects.filter(upload=held).delete()
        try:
            told = _told(held, project_id, given)
        except Undecided as asked:
            held.state = ImportUpload.State.ASKING
            held.question = {"field": asked.field or "", "detail": str(asked)}
        else:
            held.state = ImportUpload.State.READY
            ImportArticle.objects.bulk_create(told, batch_size=200)
        held.save()
    if held.state == ImportUpload.State.READY:
        _look(project, held, by)


def _told(held: ImportUpload, project_id: UUID, given: Given) -> list[ImportArticle]:
    """Return the upload's articles as its reader tells them."""
    kept = list(ImportFile.objects.filter(upload=held).order_by("number").values_list("name", "content"))
    found = _of_format(_unpacked([(name, bytes(content)) for name, content in kept]), held.format)
    options = Options(
        annotator=given.annotator,
        unit=given.unit or None,  # type: ignore[arg-type]  # the form offers nothing else
        language=given.language,
        text_key=given.text_key,
        known_article=partial(queries.uploads.article_named, project_id),
    )
    told: list[ImportArticle] = []
    for number, one in enumerate(READERS[held.format].read(found, options), 1):
        if number > MOST_ARTICLES:
            raise TooLarge(
                _(
                    "There are more than %(most)s articles in these files; upload them in parts, or use the command."
                )
                % {"most": MOST_ARTICLES},
                field="files",
            )
        told.append(_row(held, number, one))
    if not told:
        raise Invalid(_("There is nothing in these files that this format has."), field="files")
    return told


def _row(held: ImportUpload, number: int, told: Told) -> ImportArticle:
    line = orjson.dumps(told.line) if isinstance(told.line, dict) else told.line
    article = told.line.get("article") if isinstance(told.line, dict) else None
    title = article.get("title") if isinstance(article, dict) else None
    return ImportArticle(
        id=uuid7(),
        upload=held,
        number=number,
        place=_storable(told.place),
        line=line,
        local_ids=told.local_ids,
        left_out=[[_storable(place), _storable(why)] for place, why in told.refused],
        state=_State.NOTHING if line is None else _State.TOLD,
        title=_storable(title[:200]) if isinstance(title, str) else "",
    )


def _storable(words: str) -> str:
    """Return words as the database can keep them: what a file says may hold what no text has."""
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


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


# -- Looking in advance, and bringing in -----------------------------------------------------------


def _look(project: Project, held: ImportUpload, by: Actor) -> None:
    """Find out in advance what would become of the articles, as far as the time for it goes."""
    articles = ImportArticle.objects.filter(upload=held)
    numbers = _numbers(articles, _State.TOLD)
    rows: dict[int, ImportArticle] = {}
    until = time.monotonic() + LOOK

    def looked_at() -> Iterator[Told]:
        for number in numbers:
            rows[number] = articles.get(number=number)
            yield _as_told(rows[number])
            rows[number].line = None  # it is long, and stays as it is
            if time.monotonic() > until:
                return

    for outcome in _imported(project, held, by, looked_at(), preview=True):
        row = rows[int(outcome.place)]
        if row.state == _State.TOLD:
            _settle(row, outcome, _State.PASSED, _State.FAILED)
            row.article = None
        elif outcome.refused is not None and len(rows) == len(numbers):
            # Otherwise the relation may be into an article that was not looked at.
            row.refused.append([row.place, _storable(str(outcome.refused))])
        _add(held.made, outcome.made)
        _add(held.known, outcome.known)
    seen = [row for row in rows.values() if row.state != _State.TOLD]
    ImportArticle.objects.bulk_update(seen, ["state", "title", "refused"], batch_size=500)
    held.save(update_fields=["made", "known"])


def step(*, project_id: UUID, by: Actor) -> None:
    """Bring in articles for about STEP seconds; the first step begins the import, the last one ends it.

    An article that was brought in and not marked as such, because the process ended, is known when it comes again.
    Raises `NotFound` when there is no upload, `Conflict` when something must be said before it can be read.
    """
    project = _managed(project_id, by)
    held = _held(project_id, by)
    if held.state == ImportUpload.State.ASKING:
        raise Conflict(_("Something must be said before this can be imported."))
    with _alone(held) as alone:
        if not alone:
            return  # another window of the same person is at it
        held.refresh_from_db()
        if held.state == ImportUpload.State.READY:
            _begin(held)
        if held.state == ImportUpload.State.RUNNING:
            _bring_in(project, held, by)


def _begin(held: ImportUpload) -> None:
    with transaction.atomic():
        looked_at = ImportArticle.objects.filter(upload=held, state__in=(_State.PASSED, _State.FAILED))
        looked_at.update(state=_State.TOLD, refused=[])
        held.state, held.made, held.known = ImportUpload.State.RUNNING, {}, {}
        held.save()


def _bring_in(project: Project, held: ImportUpload, by: Actor) -> None:
    articles = ImportArticle.objects.filter(upload=held)
    numbers = _numbers(articles, _State.TOLD)
    rows: dict[int, ImportArticle] = {}
    until = time.monotonic() + STEP

    def next_ones() -> Iterator[Told]:
        for number in numbers:
            rows[number] = articles.get(number=number)
            yield _as_told(rows[number])
            if time.monotonic() > until:
                return

    for outcome in _imported(project, held, by, next_ones()):
        row = rows[int(outcome.place)]
        if row.state == _State.TOLD:
            _settle(row, outcome, _State.DONE, _State.REFUSED)
        elif outcome.refused is not None:  # it is into a later article
            row.state = _State.WAITING
        row.save(update_fields=["state", "title", "article", "refused"])
        _add(held.made, outcome.made)
        _add(held.known, outcome.known)
    held.updated_at = timezone.now()
    held.save()
    if len(rows) == len(numbers) and time.monotonic() < until:
        _finish(project, held, by)


def _finish(project: Project, held: ImportUpload, by: Actor) -> None:
    """Bring in what waited for other articles, together with these, and end."""
    articles = ImportArticle.objects.filter(upload=held)
    waiting = {number: articles.get(number=number) for number in _numbers(articles, _State.WAITING)}
    needed = set().union(*(_ends_elsewhere(row) for row in waiting.values())) if waiting else set()
    others = [
        row
        for row in articles.filter(state=_State.DONE).iterator(chunk_size=50)
        if needed & _annotations(row)
    ]
    told = map(_as_told, [*others, *waiting.values()])
    for outcome in _imported(project, held, by, told) if waiting else ():
        _add(held.made, outcome.made)
        if outcome.refused is not None and (row := waiting.get(int(outcome.place))) is not None:
            row.refused = [[row.place, _storable(str(outcome.refused))]]
    for row in waiting.values():
        row.state = _State.DONE
        row.save(update_fields=["state", "refused"])
    with transaction.atomic():
        articles.update(line=None)
        ImportFile.objects.filter(upload=held).delete()
        held.state, held.updated_at = ImportUpload.State.DONE, timezone.now()
        held.save()


def _annotations(row: ImportArticle) -> set[str]:
    """Return what an article's line calls its annotations."""
    return {str(one.get("id")).lower() for one in _items(row, "annotations")}


def _ends_elsewhere(row: ImportArticle) -> set[str]:
    """Return what an article's line calls the annotations of others that its relations are to."""
    return {str(one.get("object")).lower() for one in _items(row, "relations")} - _annotations(row)


def _items(row: ImportArticle, name: str) -> list[dict[str, Any]]:
    line = orjson.loads(bytes(row.line or b"{}"))
    return [one for one in line.get(name) or [] if isinstance(one, dict)]


def discard(*, project_id: UUID, by: Actor) -> None:
    """Drop the upload, or dismiss the report; what was brought in stays. Raises `NotFound` when there is none."""
    _managed(project_id, by)
    _held(project_id, by).delete()


# -- What they have in common ----------------------------------------------------------------------


def _managed(project_id: UUID, by: Actor) -> Project:
    role = queries.projects.role_of(by.user_id, project_id)
    if role is None:
        raise NotFound(_("There is no such project."))
    checks.check_can_manage(role)
    return Project.objects.get(pk=project_id)


def _held(project_id: UUID, by: Actor) -> ImportUpload:
    found = ImportUpload.objects.filter(project_id=project_id, user_id=by.user_id).first()
    if found is None:
        raise NotFound(_("There is no import of yours under way here."))
    return found


@contextmanager
def _alone(held: ImportUpload) -> Iterator[bool]:
    """Hold the upload for this connection; tell whether nobody else does."""
    key = [f"upload {held.pk}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _numbers(articles: QuerySet[ImportArticle], state: str) -> list[int]:
    return list(articles.filter(state=state).order_by("number").values_list("number", flat=True))


def _as_told(row: ImportArticle) -> Told:
    """Return an article as it was told; its place is its number, by which the outcome finds back."""
    return Told(str(row.number), bytes(row.line or b""), local_ids=row.local_ids)


def _imported(
    project: Project, held: ImportUpload, by: Actor, told: Iterable[Told], *, preview: bool = False
) -> Iterator[Outcome]:
    given = Given(**held.options)
    return interchange.import_told(
        project=project,
        told=told,
        by=Actor(user_id=by.user_id, username=by.username, channel="import"),
        create_users=given.create_users,
        create_tags=given.create_tags,
        renew_ids=given.renew_ids,
        preview=preview,
    )


def _settle(row: ImportArticle, outcome: Outcome, well: str, badly: str) -> None:
    """Write into the row what became of it."""
    row.article, row.title = outcome.article_id, outcome.title or row.title
    row.state = well if outcome.refused is None else badly
    row.refused = [] if outcome.refused is None else [[row.place, _storable(str(outcome.refused))]]


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, number in more.items():
        total[name] = total.get(name, 0) + number
