"""Make an account; until there is a page for it, this is the only way."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck.models import User


class Command(BaseCommand):
    help = "Make an account. Without a password one signs in by login_link only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument(
            "--password",
            nargs="?",
            const="",
            help="with a value it is the password; without one it is asked for, so that no one can read it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"]
        if password == "":
            password = getpass(f"Password for {options['username']}: ")
        user = User(username=options["username"])
        try:
            if password is not None:
                validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.save(force_insert=True)
        self.stdout.write(f"The account {user.username} is made.")
