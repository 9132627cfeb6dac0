"""`manage.py send_notices`: mail the notices that wait, those that were refused before among them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from factcheck import services


class Command(BaseCommand):
    """Mails each notice at most once; run again, it does no harm."""

    help = "Mail the notices that wait (mentions and answers), where EMAIL_URL is set."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MAIL:
            raise CommandError(
                "No mail server is set: say EMAIL_URL, such as smtp+tls://user:password@host:587."
            )
        done = services.notices.send()
        self.stdout.write(f"{done.sent} sent, {done.failed} refused.")
        if done.failed:
            raise SystemExit(1)
