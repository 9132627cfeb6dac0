"""Bringing in what an export wrote, or the minimal form of it: one act an article, and all of it or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import FactcheckError, Invalid
from factcheck.intake.readers import Refusal, Told
from factcheck.models import Project
from factcheck.records import Actor
from factcheck.services import acts, interchange_line, interchange_rows, projects, reviews
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_things import Line


@dataclass(frozen=True)
class Outcome:
    """What became of one article as it was told: what was made of it, what was here already, what was not taken.

    `left_out` is what the reader could not take, while the rest was brought in; `refused` says why nothing of the
    article was written. `place` is where it stands in the files.
    """

    place: str
    title: str = ""
    article_id: UUID | None = None
    made: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    left_out: tuple[Refusal, ...] = ()
    refused: FactcheckError | None = None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All that was not taken, each with its place and the reason."""
        return (
            self.left_out
            if self.refused is None
            else (Refusal(self.place, str(self.refused)), *self.left_out)
        )


def create_project(*, slug: str, first_line: bytes | dict[str, Any], by: Actor) -> Project:
    """Make a project with the name, settings and scheme that a line tells; what it does not tell is the default."""
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
                scheme=scheme,
            )
            if told.text("guidelines"):
                project = projects.update(project_id=project.pk, by=by, guidelines=told.text("guidelines"))
            return project
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            _("The line's project is not told as an export tells it (%(what)s).") % {"what": error},
            field="project",
        ) from error


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
) -> Iterator[Outcome]:
    """Bring in articles as a reader tells them and say what became of each; a refused one changes nothing.

    Ids are kept unless `renew_ids`; times, versions and decisions are kept too, and a status is what the decisions
    say. With `create_users` unknown people get an account without a password, and people who are no members become
    annotators, or reviewers if they decided on something. With `create_tags` the tags, relation kinds, pairs and
    attributes that the scheme lacks are made first, which a manager may do.

    A `preview` does all of this and counts it, and undoes it in the end: nothing is written. It is one transaction from
    the first outcome to the last, so take them all, and do nothing else meanwhile.
    """
    if not preview:
        yield from _imported(Target(project, by, create_users, renew_ids), told)
        return
    with transaction.atomic():
        yield from _imported(Target(project, by, create_users, renew_ids), told)
        transaction.set_rollback(True)


def _imported(target: Target, told: Iterable[Told]) -> Iterator[Outcome]:
    waiting: list[tuple[Told, Line]] = []
    for one in told:
        if one.line is None:
            nothing = Invalid(_("Nothing of this could be taken."))
            yield Outcome(one.place, left_out=one.refused, refused=nothing)
            continue
        try:
            work = Line(target, interchange_line.read(one.line))
            yield _brought_in(one, work)
        except FactcheckError as refused:
            yield Outcome(one.place, left_out=one.refused, refused=refused)
            continue
        if work.waiting:
            waiting.append((one, work))
    for one, work in waiting:
        rest = one._replace(refused=())
        try:
            yield _brought_in(rest, work, rest=True)
        except FactcheckError as refused:
            yield Outcome(one.place, work.title, work.article_id, refused=refused)


def _brought_in(told: Told, work: Line, *, rest: bool = False) -> Outcome:
    """Do one line in one transaction: look up what is here, and write what is not."""
    target = work.target
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two imports at once would both find an article without an id missing.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {target.project.pk}"]
            )
        if rest:
            work.prepare_rest()
        else:
            work.prepare()
        anything = not work.is_empty
        if anything:
            with acts.act("import", project_id=target.project.pk, by=target.by, article_id=work.article_id):
                _write(work)
    if anything:
        work.people.keep()
    target.annotations |= work.ids["annotation"]
    target.sources |= work.ids["source"]
    target.source_texts |= work.ids["source_text"]
    return Outcome(
        told.place, work.title, work.article_id, dict(work.made), dict(work.known), left_out=told.refused
    )


def _write(work: Line) -> None:
    if work.new_article is not None:
        work.new_article.save(force_insert=True)
        work.new_version.save(force_insert=True)
        work.new_article = None
    work.rows["membership"] = list(work.people.joining.values()) if work.made else []
    known = work.settle_new()
    for table, rows in work.rows.items():
        if rows:
            interchange_rows.write(table, rows)
    for thing, thing_id in known:
        present = interchange_rows.known(thing, [thing_id])[thing_id]
        reviews.settle(thing, thing_id, present.version, work.target.project.approvals_needed, present.status)


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
