"""The one Django application of the product."""

from django.apps import AppConfig


class FactcheckConfig(AppConfig):
    name = "factcheck"
    label = "factcheck"
    verbose_name = "Factcheck"
