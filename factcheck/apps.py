"""The one Django application of the product."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class FactcheckConfig(AppConfig):
    name = "factcheck"
    label = "factcheck"
    verbose_name = "Factcheck"

    def ready(self) -> None:
        """Have every connection, when it is taken, reach what its request does."""
        from factcheck.queries import reach

        connection_created.connect(reach.taken, dispatch_uid="factcheck.reach")
