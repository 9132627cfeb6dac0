"""Secrets that stand for a person: API tokens and one-time sign-in links, hashed at rest."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import primary_key


class Token(models.Model):
    """A personal API token; only its hash and its first characters are kept.

    `projects` are the ids of those that it is limited to; without, it reaches all of its person's.
    """

    class Scope(models.TextChoices):
        READ = "read"
        WRITE = "write"

    id = primary_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.TextField()
    scope = models.TextField(choices=Scope.choices)
    digest = models.BinaryField(unique=True)
    start = models.CharField(max_length=12)
    projects = ArrayField(models.UUIDField(), null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "token"

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"


class SignInLink(models.Model):
    """A link that signs one person in, once, within ten minutes."""

    id = primary_key()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_link"
