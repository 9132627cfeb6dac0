"""Bringing in what somebody uploaded (`services.uploads`): looked at in advance, then step by step.

A step is taken by any request, also after a restart, and each article is one act. The report stays with the upload.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, NotFound
from factcheck.intake.readers import Told
from factcheck.models import ImportArticle, ImportFile, ImportUpload, Project
from factcheck.permissions import checks
from factcheck.records import Actor
from factcheck.services import interchange, interchange_scheme
from factcheck.services.interchange import Outcome

STEP = 1.0
"""Seconds, about, that one step brings articles in for."""
LOOK = 6.0
"""Seconds, about, that the preview looks at articles for; what it does not get to is counted as not looked at."""

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


# -- Looking in advance, and bringing in -----------------------------------------------------------


def look(project: Project, held: ImportUpload, by: Actor) -> None:
    """Find out in advance what would become of the articles, as far as the time for it goes."""
    rows = {row.number: row for row in _told(held).defer("line")}
    outcomes: list[Outcome] = []
    begun: set[int] = set()

    def looked_at(told: Iterator[Told]) -> Iterator[Told]:
        until = None
        for one in told:
            until = until or time.monotonic() + LOOK
            begun.add(int(one.place))
            yield one
            if time.monotonic() > until:
                return

    with transaction.atomic():
        told = _read_again(held, list(rows))
        if held.options["create_tags"]:
            told = interchange_scheme.made_first(project.pk, told, _importer(by))
        outcomes += _imported(project, held, by, looked_at(told), preview=True)
        transaction.set_rollback(True)  # of the scheme as well
    for outcome in outcomes:
        row = rows[int(outcome.place)]
        if row.state == _State.TOLD:
            _settle(row, outcome, _State.PASSED, _State.FAILED)
            row.article = None
        elif outcome.refused is not None and len(begun) == len(rows):
            # Otherwise the relation may be into an article that was not looked at.
            row.refused.append([row.place, storable(str(outcome.refused))])
        _add(held.made, outcome.made)
        _add(held.known, outcome.known)
    seen = [rows[number] for number in sorted(begun)]
    ImportArticle.objects.bulk_update(seen, ["state", "title", "refused"], batch_size=500)
    held.save(update_fields=["made", "known"])


def step(*, project_id: UUID, by: Actor) -> None:
    """Bring in articles for about STEP seconds; the first step begins the import, the last one ends it.

    An article that was brought in and not marked as such, because the process ended, is known when it comes again.
    Raises `NotFound` when there is no upload, `Conflict` when something must be said before it can be read.
    """
    project = managed(project_id, by)
    held = held_by(project_id, by)
    if held.state == ImportUpload.State.ASKING:
        raise Conflict(_("Something must be said before this can be imported."))
    with _alone(held) as alone:
        if not alone:
            return  # another window of the same person is at it
        held.refresh_from_db()
        if held.state == ImportUpload.State.READY:
            _begin(project, held, by)
        if held.state == ImportUpload.State.RUNNING:
            _bring_in(project, held, by)


def _begin(project: Project, held: ImportUpload, by: Actor) -> None:
    """Make what the scheme lacks for all of the articles; the steps then find it there."""
    with transaction.atomic():
        looked_at = ImportArticle.objects.filter(upload=held, state__in=(_State.PASSED, _State.FAILED))
        looked_at.update(state=_State.TOLD, refused=[])
        held.state, held.made, held.known = ImportUpload.State.RUNNING, {}, {}
        held.save()
        if held.options["create_tags"]:
            told = _read_again(held, [row.number for row in _told(held).only("number")])
            for _article in interchange_scheme.made_first(project.pk, told, _importer(by)):
                break  # by then it is made


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
            row.refused = [[row.place, storable(str(outcome.refused))]]
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


# -- What they have in common ----------------------------------------------------------------------


def managed(project_id: UUID, by: Actor) -> Project:
    """Return the project for one of its managers; raise `NotFound` for who is no member, `NotAllowed` for others."""
    role = queries.projects.role_of(by.user_id, project_id)
    if role is None:
        raise NotFound(_("There is no such project."))
    checks.check_can_manage(role)
    return Project.objects.get(pk=project_id)


def held_by(project_id: UUID, by: Actor) -> ImportUpload:
    """Return the person's upload into the project; raise `NotFound` when there is none."""
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


def _told(held: ImportUpload) -> QuerySet[ImportArticle]:
    return ImportArticle.objects.filter(upload=held, state=_State.TOLD).order_by("number")


def _read_again(held: ImportUpload, numbers: Iterable[int]) -> Iterator[Told]:
    """Yield these articles as they were told, one after the other, since all of them may be long."""
    for number in numbers:
        yield _as_told(ImportArticle.objects.get(upload=held, number=number))


def _importer(by: Actor) -> Actor:
    return Actor(user_id=by.user_id, username=by.username, channel="import")


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
        by=_importer(by),
        create_users=given.create_users,
        renew_ids=given.renew_ids,
        preview=preview,
    )


def _settle(row: ImportArticle, outcome: Outcome, well: str, badly: str) -> None:
    """Write into the row what became of it."""
    row.article, row.title = outcome.article_id, outcome.title or row.title
    row.state = well if outcome.refused is None else badly
    row.refused = [] if outcome.refused is None else [[row.place, storable(str(outcome.refused))]]


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, number in more.items():
        total[name] = total.get(name, 0) + number


def storable(words: str) -> str:
    """Return words as the database can keep them: what a file says may hold what no text has."""
    return words.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
