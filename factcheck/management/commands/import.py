"""Bring in annotated articles; what is here already is left alone."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from factcheck import queries, services
from factcheck.exceptions import FactcheckError
from factcheck.intake import files
from factcheck.intake.formats import READERS
from factcheck.intake.readers import Options, Told, Undecided
from factcheck.management.people import person
from factcheck.models import Membership, Project, User
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services.interchange import Outcome

_NOTHING = Told("", None)
_EVERY = 0.2  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Bring in articles with what is marked in them, one act an article and all of it or nothing. All that is"
        " refused is told with its file, line and reason; then the command ends with 1. Running it again changes"
        " nothing, and completes what was interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        told = "; ".join(f"{name}: {chosen.description}" for name, chosen in READERS.items())
        parser.add_argument("format", metavar="FORMAT", choices=sorted(READERS), help=told)
        parser.add_argument(
            "paths", metavar="PATH", nargs="+", help="a file, a folder or a .zip; - is standard input"
        )
        parser.add_argument("--project", required=True, metavar="SLUG", help="where to")
        parser.add_argument(
            "--create-project",
            action="store_true",
            help="make the project, with the settings and the scheme that the first line tells",
        )
        parser.add_argument("--manager", metavar="USER", help="whose the new project is")
        parser.add_argument(
            "--by", metavar="USER", help="who brings it in (by default a manager of the project)"
        )
        parser.add_argument(
            "--create-users",
            action="store_true",
            help="make accounts for unknown people (without a password), and members of those who are none",
        )
        parser.add_argument(
            "--create-tags",
            action="store_true",
            help="make the tags, relation kinds, pairs and attributes that the project's scheme lacks",
        )
        parser.add_argument("--renew-ids", action="store_true", help="give everything an id of its own here")
        parser.add_argument(
            "--annotator", default="", metavar="USER", help="whose work it is where no file says"
        )
        parser.add_argument(
            "--offsets",
            choices=["code_points", "utf16"],
            help="what offsets count where the format leaves it open and the words do not tell",
        )
        parser.add_argument(
            "--text-key", default="", metavar="NAME", help="which of a Label Studio task's data is its text"
        )
        parser.add_argument(
            "--language", default="", metavar="TAG", help="of all articles; guessed when left out"
        )
        parser.add_argument(
            "--preview", action="store_true", help="check and count everything, write nothing"
        )
        parser.add_argument("--progress", action="store_true", help="show it even where no terminal is")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = READERS[options["format"]]
        said = Options(
            options["annotator"],
            options["offsets"],
            options["language"],
            text_key=options["text_key"],
            known_article=partial(queries.uploads.article_of, options["project"]),
        )
        try:
            told = chosen.read(files.named(options["paths"], chosen.suffixes), said)
            with transaction.atomic() if options["preview"] else nullcontext():
                total, articles = self._import(told, options)
                if options["preview"]:
                    transaction.set_rollback(True)
        except Undecided as error:
            raise CommandError(f"{error} (--{_option(error.field)})") from error
        except (FactcheckError, OSError) as error:
            raise CommandError(str(error)) from error
        made = "Would be made" if options["preview"] else "Made"
        self.stdout.write(f"{made}: {_numbers(total['made'])}. Known already: {_numbers(total['known'])}.")
        if total["refused"] or total["left_out"]:
            raise CommandError(
                f"{total['refused']} of {articles} articles were refused, and nothing of them was written;"
                f" {total['left_out']} other things were left out."
            )

    def _import(self, told: Iterator[Told], options: dict[str, Any]) -> tuple[dict[str, Any], int]:
        first = next(told, _NOTHING)
        if first is _NOTHING:
            raise CommandError("There is nothing in these files that this format has.")
        project = self._project(options, first)
        outcomes = services.interchange.import_told(
            project=project,
            told=chain([first], told),
            by=_actor(person(options["by"]) if options["by"] else _manager(project)),
            create_users=options["create_users"],
            create_tags=options["create_tags"],
            renew_ids=options["renew_ids"],
            preview=options["preview"],
            operator=True,
        )
        shown = _Progress(self, options["progress"] or sys.stderr.isatty())
        total = services.interchange.summed(shown.all(outcomes))
        return total, shown.articles

    def _project(self, options: dict[str, Any], first: Told) -> Project:
        slug = options["project"]
        project = Project.objects.filter(slug=slug).first()
        if project is not None:
            return project
        if not options["create_project"]:
            raise CommandError(f"There is no project {slug}; name another, or make it with --create-project.")
        if not options["manager"]:
            raise CommandError("Say whose the new project is: --manager USER.")
        manager = person(options["manager"])
        project = services.interchange.create_project(
            slug=slug, first_line=first.line or {}, by=_actor(manager), renew_ids=options["renew_ids"]
        )
        self.stdout.write(f"The project {slug} is made; {manager.username} is its manager.")
        return project


class _Progress:
    """Tells each refusal as it comes, and between them how far the import is."""

    def __init__(self, command: Command, shown: bool) -> None:
        self.command = command
        self.shown = shown
        self.articles = 0
        self.annotations = 0
        self.began = self.last = time.monotonic()
        self.width = 0

    def all(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Pass the outcomes on, and tell of them."""
        for outcome in outcomes:
            self.articles += 1
            self.annotations += outcome.made.get("annotations", 0) + outcome.known.get("annotations", 0)
            for place, why in outcome.changed:
                self._clear()
                self.command.stderr.write(f"{place}: {why}")
            for place, why in outcome.refusals:
                self._clear()
                self.command.stderr.write(f"{place}: refused. {why}")
            if time.monotonic() - self.last > _EVERY:
                self._show()
            yield outcome
        self._show()
        if self.width:
            self.command.stderr.write("")

    def _show(self) -> None:
        self.last = time.monotonic()
        if not self.shown:
            return
        rate = self.annotations / max(self.last - self.began, 0.001)
        line = f"{self.articles:,} articles, {self.annotations:,} annotations, {rate:,.0f} a second"
        self.command.stderr.write(f"\r{line.ljust(self.width)}", ending="")
        self.command.stderr.flush()
        self.width = len(line)

    def _clear(self) -> None:
        if self.width:
            self.command.stderr.write("\r" + " " * self.width + "\r", ending="")
            self.width = 0


def _manager(project: Project) -> User:
    """Return who made the project, or else the first who manages it."""
    managers = Membership.objects.filter(project=project, role=Role.MANAGER).select_related("user")
    found = sorted(managers, key=lambda one: (one.user_id != project.created_by_id, one.pk))
    if not found:
        raise CommandError(f"The project {project.slug} has no manager; say who brings it in: --by USER.")
    return found[0].user


def _actor(user: User) -> Actor:
    return Actor(user_id=user.pk, username=user.username, channel="import")


def _option(field: str | None) -> str:
    known = {
        "unit": "offsets code_points|utf16",
        "annotator": "annotator USER",
        "text_key": "text-key NAME",
    }
    return known.get(field or "", field or "")


def _numbers(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counted.items()) or "nothing"
