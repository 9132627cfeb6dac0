"""Write a project to standard output in one of the formats."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck.exceptions import FactcheckError
from factcheck.exports.registry import FORMATS
from factcheck.queries import interchange


class Command(BaseCommand):
    help = (
        "Write a project to standard output. It holds what any manager of the project may see: of a blind project the"
        " layers that are open, and nothing of the others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "format", metavar="FORMAT", choices=sorted(FORMATS), help=", ".join(sorted(FORMATS))
        )
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--layer", metavar="LAYER", help="reference, or the id of a layer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = interchange.select(None, project=options["project"], layer=options["layer"])
        except FactcheckError as error:
            raise CommandError(str(error)) from error
        try:
            for chunk in interchange.export(options["format"], chosen):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Whoever read has enough, as `head` does; the interpreter must not try again to flush.
            sys.stderr.close()
            raise SystemExit(0) from None
