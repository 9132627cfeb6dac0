"""Freeze a project under a name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.management.people import person
from factcheck.models import Project, User
from factcheck.records import Actor


class Command(BaseCommand):
    help = (
        "Freeze a project: every export format, the scheme and the guidelines as of one moment, kept byte for byte and"
        " never changed. It holds what any manager may see. Prints the SHA-256 of each file, as sha256sum does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="such as 2026-10 or v1.0; once in a project")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--note", default="", metavar="TEXT", help="what it is for")
        parser.add_argument(
            "--by", metavar="USER", help="the manager who makes it (by default whoever made the project)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).select_related("created_by").first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        by: User = person(options["by"]) if options["by"] else project.created_by
        try:
            made = services.releases.make(
                project_id=project.pk,
                name=options["name"],
                note=options["note"],
                by=Actor(user_id=by.pk, username=by.username, channel="system"),
            )
        except FactcheckError as error:
            raise CommandError(str(error)) from error
        for file in (*made.told["files"], {"sha256": made.sha256, "name": "manifest.json"}):
            self.stdout.write(f"{file['sha256']}  {file['name']}")
