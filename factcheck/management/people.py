"""Accounts as commands name them."""

from django.core.management.base import CommandError

from factcheck.models import User


def person(username: str) -> User:
    """Find an active account by its name, or stop with a sentence."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active account named {username}.")
    return found
