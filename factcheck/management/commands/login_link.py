"""Print an address that signs one person in, once, within ten minutes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from factcheck import services
from factcheck.management.addresses import Address
from factcheck.management.people import person


class Command(BaseCommand):
    help = "Print an address that signs USER in; it works once, within ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help="the username")

    def handle(self, *args: Any, **options: Any) -> None:
        secret = services.tokens.sign_in_link(person(options["user"]))
        self.stdout.write(Address.of_running_server().url(f"/enter/{secret}/"))
