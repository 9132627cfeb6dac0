"""Make an API token and print it alone, so that a script can catch it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.management.people import person


class Command(BaseCommand):
    help = "Make an API token for USER and print it, and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help="the username")
        parser.add_argument("--scope", choices=["read", "write"], required=True, help="write includes read")
        parser.add_argument("--name", default="manage.py", help="what the profile page calls it")

        parser.add_argument(
            "--project",
            action="append",
            metavar="SLUG",
            help="limit it to this project of theirs; may be given several times (by default it reaches all)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["user"])
        try:
            _, secret = services.tokens.create(
                user=user, name=options["name"], scope=options["scope"], projects=options["project"]
            )
        except FactcheckError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(secret)
