"""Start a new epoch of the change feed, so that whoever follows it reads it anew."""

from typing import Any

from django.core.management.base import BaseCommand

from factcheck import services


class Command(BaseCommand):
    help = (
        "Refuse the cursors that the feed has given out so far. Run it once after the database's files were copied back"
        " from a backup; a dump loaded into another database needs it not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        services.feed.start_epoch(anew=True)
        self.stdout.write("A new epoch has begun; programs that follow the feed read it from the start.")
