"""Bringing in what an export wrote, or the minimal form of it: one act an article, and all of it or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import FactcheckError, Invalid
from factcheck.models import Project
from factcheck.records import Actor
from factcheck.services import acts, interchange_line, interchange_rows, projects, reviews
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_things import Line


@dataclass(frozen=True)
class Outcome:
    """What became of one line: how much was made of it and how much was here already, or why it was refused."""

    line: int
    title: str = ""
    article_id: UUID | None = None
    made: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    refused: FactcheckError | None = None


def create_project(*, slug: str, first_line: bytes, by: Actor) -> Project:
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
    """Bring in the lines one by one and tell what became of each; a refused line changes nothing.

    Ids are kept unless `renew_ids`; times, versions and decisions are kept too, and a status is what the decisions
    say. With `create_users` unknown people get an account without a password, and people who are no members become
    annotators, or reviewers if they decided on something.
    """
    target = Target(project, by, create_users, renew_ids)
    waiting: list[tuple[int, Line]] = []
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            work = Line(target, interchange_line.read(raw))
            yield _brought_in(number, work)
        except FactcheckError as refused:
            yield Outcome(number, refused=refused)
            continue
        if work.waiting:
            waiting.append((number, work))
    for number, work in waiting:
        try:
            yield _brought_in(number, work, rest=True)
        except FactcheckError as refused:
            yield Outcome(number, work.title, work.article_id, refused=refused)


def _brought_in(number: int, work: Line, *, rest: bool = False) -> Outcome:
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
    return Outcome(number, work.title, work.article_id, dict(work.made), dict(work.known))


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
    """Add up what was made, what was known and how many lines were refused."""
    total: dict[str, Any] = {"made": {}, "known": {}, "refused": 0}
    for outcome in outcomes:
        total["refused"] += outcome.refused is not None
        for part in ("made", "known"):
            for name, number in getattr(outcome, part).items():
                total[part][name] = total[part].get(name, 0) + number
    return total
