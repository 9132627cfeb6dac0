"""Frozen exports of a project: written once, with every byte of their files, and never changed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Release(models.Model):
    """A project as it was at one moment, under a name; `sha256` is of its manifest, which has the others."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    note = models.TextField(default="", blank=True)
    manifest = models.JSONField()
    sha256 = models.CharField(max_length=64)
    position = models.BigIntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "release"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="release_name_once"),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[a-z0-9]+([.-][a-z0-9]+)*$"), name="release_name_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseFile(models.Model):
    """One file of a release; its bytes are its chunks, in their order."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    release = composite("Release", related_name="files", db_index=False)
    ordinal = models.SmallIntegerField()
    name = models.TextField()
    format = models.TextField(default="", blank=True)
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    crc32 = models.BigIntegerField()

    class Meta:
        db_table = "release_file"
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="release_file_once"),
            models.CheckConstraint(
                condition=models.Q(size__gte=0, crc32__gte=0, crc32__lt=2**32), name="release_file_numbers"
            ),
        ]


class ReleaseChunk(models.Model):
    """A piece of a file; all but the last are of one length, so that a place in the file names its chunk."""

    pk = models.CompositePrimaryKey("file_id", "ordinal")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    file = composite("ReleaseFile", related_name="chunks", db_index=False)
    ordinal = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "release_chunk"
