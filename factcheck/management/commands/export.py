"""Write a project to standard output in one of the formats."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from factcheck.exceptions import FactcheckError
from factcheck.exports.registry import FORMATS
from factcheck.queries import interchange, releases


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
        parser.add_argument(
            "--answers",
            choices=interchange.ANSWERS,
            help="what stood in each layer when its owner first answered, not what is there now",
        )
        parser.add_argument(
            "--release", metavar="NAME", help="what a release kept, byte for byte, and not what is there now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chunks = self._frozen(options) if options["release"] else self._present(options)
        except FactcheckError as error:
            raise CommandError(str(error)) from error
        try:
            for chunk in chunks:
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Whoever read has enough, as `head` does; the interpreter must not try again to flush.
            sys.stderr.close()
            raise SystemExit(0) from None

    def _present(self, options: dict[str, Any]) -> Iterator[bytes]:
        chosen = interchange.select(
            None, project=options["project"], layer=options["layer"], answers=options["answers"]
        )
        return interchange.export(options["format"], chosen)

    def _frozen(self, options: dict[str, Any]) -> Iterator[bytes]:
        if options["layer"] or options["answers"]:
            raise CommandError("A release is all that it is; leave out --layer and --answers.")
        release = releases.named(options["project"], options["release"])
        if release is None:
            raise CommandError(f"The project {options['project']} has no release {options['release']}.")
        file = releases.of_format(release.id, options["format"])
        if file is None:
            raise CommandError(f"The release was made before there was the format {options['format']}.")
        return releases.content(file)
