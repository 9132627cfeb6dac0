"""Check everything that is stored twice; tell what differs, and end with 1 if anything does."""

from typing import Any

from django.core.management.base import BaseCommand

from factcheck import services


class Command(BaseCommand):
    help = (
        "Compare what is stored twice: statuses and decisions, annotations and texts, texts and hashes, rows and their"
        " history, acts and positions. Tells what differs and changes nothing; ends with 1 if anything does."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for finding in services.verification.findings():
            self.stdout.write(str(finding))
            number += 1
        if number:
            self.stderr.write(f"{number} things are not as they should be.")
            raise SystemExit(1)
        self.stdout.write("Everything that is stored twice agrees.")
