"""Bring in files of the interchange format; what is here already is left alone."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.management.people import person
from factcheck.models import Project, User
from factcheck.records import Actor
from factcheck.services.interchange import Outcome


class Command(BaseCommand):
    help = (
        "Bring in articles with what is marked in them, one act an article and all of it or nothing. Every line that"
        " is refused is told with its number and the reason; then the command ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", metavar="FORMAT", choices=["jsonl"], help="jsonl")
        parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file; - is standard input")
        parser.add_argument("--project", required=True, metavar="SLUG", help="where to")
        parser.add_argument(
            "--create-project",
            action="store_true",
            help="make the project, with the settings and the scheme that the first line tells",
        )
        parser.add_argument("--manager", metavar="USER", help="whose the new project is")
        parser.add_argument(
            "--by", metavar="USER", help="who brings it in (by default whoever made the project)"
        )
        parser.add_argument(
            "--create-users",
            action="store_true",
            help="make accounts for unknown people (without a password), and members of those who are none",
        )
        parser.add_argument("--renew-ids", action="store_true", help="give everything an id of its own here")

    def handle(self, *args: Any, **options: Any) -> None:
        seen: list[tuple[str, int]] = []
        lines = _lines(options["paths"], seen)
        try:
            first = next(lines)
            project = self._project(options, first)
            by = _actor(person(options["by"]) if options["by"] else project.created_by)
            outcomes = services.interchange.import_lines(
                project=project,
                lines=chain([first], lines),
                by=by,
                create_users=options["create_users"],
                renew_ids=options["renew_ids"],
            )
            told = [self._tell(outcome, *seen[outcome.line - 1]) for outcome in outcomes]
        except StopIteration:
            raise CommandError("There is no line in these files.") from None
        except (FactcheckError, OSError) as error:
            raise CommandError(str(error)) from error
        total = services.interchange.summed(told)
        self.stdout.write(f"Made: {_numbers(total['made'])}. Known already: {_numbers(total['known'])}.")
        if total["refused"]:
            raise CommandError(
                f"{total['refused']} of {len(told)} lines were refused, and nothing of them was written."
            )

    def _project(self, options: dict[str, Any], first: bytes) -> Project:
        slug = options["project"]
        project = Project.objects.filter(slug=slug).select_related("created_by").first()
        if project is not None:
            return project
        if not options["create_project"]:
            raise CommandError(f"There is no project {slug}; name another, or make it with --create-project.")
        if not options["manager"]:
            raise CommandError("Say whose the new project is: --manager USER.")
        manager = person(options["manager"])
        project = services.interchange.create_project(slug=slug, first_line=first, by=_actor(manager))
        self.stdout.write(f"The project {slug} is made; {manager.username} is its manager.")
        return project

    def _tell(self, outcome: Outcome, path: str, number: int) -> Outcome:
        if outcome.refused is not None:
            self.stderr.write(f"{path}, line {number}: refused. {outcome.refused}")
        return outcome


def _actor(user: User) -> Actor:
    return Actor(user_id=user.pk, username=user.username, channel="import")


def _lines(paths: list[Path], seen: list[tuple[str, int]]) -> Iterator[bytes]:
    """Yield the lines of all files, and remember of each where it stands."""
    for path in paths:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                seen.append((str(path), number))
                yield line


def _numbers(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counted.items()) or "nothing"
