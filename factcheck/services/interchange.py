"""Bringing in what an export wrote, or the minimal form of it: one act an article, and all of it or nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.exceptions import FactcheckError, Invalid
from factcheck.intake.readers import Refusal, Told
from factcheck.models import Project, User
from factcheck.records import Actor
from factcheck.services import (
    acts,
    interchange_line,
    interchange_rows,
    interchange_scheme,
    projects,
    reviews,
    sources,
)
from factcheck.services.interchange_line import Item, as_uuid
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_things import Line
from factcheck.services.interchange_work import Seen

# What is looked up and committed at once, in articles and in bytes.
_MOST = 32
_SIZE = 2 * 2**20
_FEW = 8
"""Rows up to which an INSERT, sent along with others, is quicker than a COPY of its own."""


@dataclass(frozen=True)
class Outcome:
    """What became of one article as it was told: what was made of it, what was here already, what was not taken.

    `left_out` is what the reader could not take, while the rest was brought in; `refused` says why nothing of the
    article was written. `changed` is what was taken otherwise than the file has it. `place` is where it stands in the
    files.
    """

    place: str
    title: str = ""
    article_id: UUID | None = None
    made: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    left_out: tuple[Refusal, ...] = ()
    changed: tuple[Refusal, ...] = ()
    refused: FactcheckError | None = None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All that was not taken, each with its place and the reason."""
        return (
            self.left_out
            if self.refused is None
            else (Refusal(self.place, str(self.refused)), *self.left_out)
        )


def create_project(
    *, slug: str, first_line: bytes | dict[str, Any], by: Actor, renew_ids: bool = False
) -> Project:
    """Make a project with the name, settings and scheme that a line tells; what it does not tell is the default.

    The sources that each project is born with keep the ids that the line tells, unless these are taken or `renew_ids`.
    """
    told = interchange_line.read(first_line).item("project")
    settings = told.item("settings").data
    scheme = told.data.get("scheme")
    try:
        with transaction.atomic():
            project = projects.create(
                slug=slug,
                name=told.text("name") or slug,
                by=by,
                blind=settings.get("blind", False) is True,
                approvals_needed=settings.get("approvals_needed", 1),
                review_reasons=settings.get("review_reasons"),
                scheme=scheme,
                standing=_standing(told, by, renew_ids),
            )
            if told.data.get("guidelines") is not None:
                project = projects.update(project_id=project.pk, by=by, guidelines=told.text("guidelines"))
            return project
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            _("The line's project is not told as an export tells it (%(what)s).") % {"what": error},
            field="project",
        ) from error


def _standing(told: Item, by: Actor, renew_ids: bool) -> dict[str, dict[str, Any]]:
    """Return what the line tells of the sources that each project is born with, by kind."""
    found: dict[str, dict[str, Any]] = {}
    for item in told.items("standing"):
        given = as_uuid(item.needed_key("id"))
        kind = item.text("kind", None)
        if kind not in projects.STANDING:
            continue
        maker = User.objects.filter(username=item.text("created_by")).values_list("id", flat=True).first()
        made_at = item.instant("created_at", timezone.now())
        names = {name: item.text(name) for name in ("name", "description", "url")} | {"kind": kind}
        facts = sources.checked_facts(names | {"aliases": item.data.get("aliases") or []})
        del facts["kind"]
        times = {"created_at": made_at, "updated_at": item.instant("updated_at", made_at)}
        found[kind] = facts | times | {"created_by_id": maker or by.user_id}
        if given is not None and not renew_ids and not interchange_rows.places("source", [given]):
            found[kind]["id"] = given
    return found


def import_lines(
    *,
    project: Project,
    lines: Iterable[bytes],
    by: Actor,
    create_users: bool = False,
    renew_ids: bool = False,
) -> Iterator[Outcome]:
    """Bring in lines of the interchange format, numbered from 1; see `import_told`."""
    told = (Told(f"line {number}", raw) for number, raw in enumerate(lines, 1) if raw.strip())
    return import_told(project=project, told=told, by=by, create_users=create_users, renew_ids=renew_ids)


def import_told(
    *,
    project: Project,
    told: Iterable[Told],
    by: Actor,
    create_users: bool = False,
    create_tags: bool = False,
    renew_ids: bool = False,
    preview: bool = False,
    operator: bool = False,
) -> Iterator[Outcome]:
    """Bring in articles as a reader tells them and say what became of each; a refused one changes nothing.

    Ids are kept unless `renew_ids`; times, versions and decisions are kept too, and a status is what the decisions
    say. With `create_users` unknown people get an account without a password, and people who are no members become
    annotators, or reviewers if they decided on something. With `create_tags` the tags, relation kinds, pairs and
    attributes that the scheme lacks are made first, which a manager may do.

    It takes a manager, who is not told what stands in layers that are not open; an `operator`, who has the machine, may
    bring in whatever there is in anybody's name. Raises `NotAllowed` and `NotFound` with the first outcome.

    A `preview` does all of this and counts it, and undoes it in the end: nothing is written. It is one transaction from
    the first outcome to the last, so take them all, and do nothing else meanwhile.
    """
    with transaction.atomic() if preview else nullcontext():
        if not operator:
            with transaction.atomic():
                projects.managed(project.pk, by)
        articles = interchange_scheme.made_first(project.pk, told, by) if create_tags else iter(told)
        first = next(articles, None)  # by then the scheme is made
        if first is not None:
            target = Target(project, by, create_users, renew_ids, operator)
            yield from _imported(target, chain([first], articles))
        if preview:
            transaction.set_rollback(True)


def _imported(target: Target, told: Iterable[Told]) -> Iterator[Outcome]:
    waiting: list[tuple[Told, Line]] = []
    for batch in _batches(told):
        try:
            done = _together(target, batch)
        except FactcheckError:
            # One by one then, so that what is refused holds up no other.
            for one in batch:
                try:
                    done = _together(target, [one])
                except FactcheckError as refused:
                    yield Outcome(one.place, left_out=one.refused, refused=refused)
                    continue
                yield _outcome(one, done[0])
                waiting += [(one, work) for work in done if work.waiting]
            continue
        for one, work in zip(batch, done, strict=True):
            yield _outcome(one, work)
            if work.waiting:
                waiting.append((one, work))
    for one, work in waiting:
        try:
            _rest(target, work)
            yield _outcome(one._replace(refused=()), work)
        except FactcheckError as refused:
            yield Outcome(one.place, work.title, work.article_id, refused=refused)


def _batches(told: Iterable[Told]) -> Iterator[list[Told]]:
    """Put articles together so that what is here is asked, and what is written committed, for several at once."""
    batch: list[Told] = []
    size = 0
    for one in told:
        batch.append(one)
        size += len(one.line) if isinstance(one.line, bytes) else _SIZE // 8
        if len(batch) == _MOST or size >= _SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _together(target: Target, told: list[Told]) -> list[Line]:
    """Bring in articles in one transaction, each an act of its own; if one is refused, nothing is written."""
    works = [_line(target, one) for one in told]
    if len(works) > 1 and len({work.given or work.content for work in works}) < len(works):
        raise Invalid(_("The same article is there twice."))  # the second is to find the first
    try:
        with _writing(target):
            seen = Seen(target, works)
            for work in works:
                work.seen = seen
                work.prepare()
                _write(work)
                work.remember()
    except BaseException:
        target.forget()
        raise
    target.settle()
    return works


def _line(target: Target, told: Told) -> Line:
    if told.line is None:
        raise Invalid(_("Nothing of this could be taken."))
    work = Line(target, interchange_line.read(told.line), local_ids=told.local_ids)
    work.read_article()
    return work


def _rest(target: Target, work: Line) -> None:
    try:
        with _writing(target):
            work.prepare_rest()
            _write(work)
            work.remember()
    except BaseException:
        target.forget()
        raise
    target.settle()


@contextmanager
def _writing(target: Target) -> Iterator[None]:
    """Open a transaction, and wait for other imports: two at once would both find an article without an id missing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {target.project.pk}"]
        )
        yield


def _outcome(told: Told, work: Line) -> Outcome:
    return Outcome(
        told.place, work.title, work.article_id, dict(work.made), dict(work.known), told.refused, told.changed
    )


def _write(work: Line) -> None:
    """Write a line's rows as one act; where there are none, there is no act."""
    if work.is_empty:
        return
    work.rows["membership"] = list(work.people.joining.values())
    known = work.settle_new()
    begun = acts.parameters(
        "import", project_id=work.target.project.pk, by=work.target.by, article_id=work.article_id
    )
    statements, values = [f"SELECT {acts.BEGIN_ACT}"], begun
    many: list[str] = []
    for table, rows in work.rows.items():
        if len(rows) > _FEW or many:
            many.append(table)
        elif rows:
            statement, given = interchange_rows.insertion(table, rows)
            statements.append(statement)
            values += given
    with acts.refusals():
        with connection.cursor() as cursor:
            cursor.execute(";".join(statements), values)
        for table in many:
            if work.rows[table]:
                interchange_rows.copy(table, work.rows[table])
        for thing, thing_id in known:
            present = interchange_rows.known(thing, [thing_id])[thing_id]
            reviews.settle(
                thing, thing_id, present.version, work.target.project.approvals_needed, present.status
            )


def summed(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Add up what was made, what was known, how many articles were refused and how much of others was left out."""
    total: dict[str, Any] = {"made": {}, "known": {}, "refused": 0, "left_out": 0}
    for outcome in outcomes:
        total["refused"] += outcome.refused is not None
        total["left_out"] += 0 if outcome.refused is not None else len(outcome.left_out)
        for part in ("made", "known"):
            for name, number in getattr(outcome, part).items():
                total[part][name] = total[part].get(name, 0) + number
    return total
