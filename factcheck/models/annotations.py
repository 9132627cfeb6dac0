"""One person's tagged extent of an article's text."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import ExtentField, composite, primary_key
from factcheck.models.judged import Judged
from factcheck.models.projects import Project


class Annotation(Judged):
    """A tagged extent; `pieces`, `prefix` and `suffix` repeat the immutable text that it covers."""

    article_version = composite("ArticleVersion")
    text_length = models.IntegerField()
    tag = composite("Tag")
    extent = ExtentField()
    pieces = ArrayField(models.TextField())
    prefix = models.TextField(default="", blank=True)
    suffix = models.TextField(default="", blank=True)
    attributes = models.JSONField(default=dict)
    schema_version = models.IntegerField(default=1)

    class Meta:
        db_table = "annotation"


class Placement(models.Model):
    """Where an annotation of an earlier version stands in a later one, or that its place is lost."""

    class Outcome(models.TextChoices):
        SAME = "same"
        MOVED = "moved"
        DOUBTFUL = "doubtful"
        LOST = "lost"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    annotation = composite("Annotation", related_name="placements")
    article = composite("Article")
    article_version = composite("ArticleVersion")
    text_length = models.IntegerField()
    extent = ExtentField(null=True)
    outcome = models.TextField(choices=Outcome.choices)
    score = models.FloatField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "placement"
        constraints = [
            models.UniqueConstraint(fields=["annotation", "article_version"], name="placement_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="lost", extent__isnull=True)
                | (~models.Q(outcome="lost") & models.Q(extent__isnull=False)),
                name="placement_lost_has_no_extent",
            ),
        ]
