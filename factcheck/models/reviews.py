"""One reviewer's decision on one annotation, relation or source link."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Review(models.Model):
    """A decision as of one version of the thing; it says that the tag is right, never that a claim is true."""

    class Decision(models.TextChoices):
        APPROVE = "approve"
        CHANGE = "change"
        REJECT = "reject"
        ASK = "ask"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    article = composite("Article")
    layer = composite("Layer")
    annotation = composite("Annotation", null=True, related_name="reviews")
    relation = composite("Relation", null=True, related_name="reviews")
    source_link = composite("SourceLink", null=True, related_name="reviews")
    thing_version = models.IntegerField()
    thing_author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    decision = models.TextField(choices=Decision.choices)
    reason = models.TextField(default="", blank=True)
    note = models.TextField(default="", blank=True)
    proposal = models.JSONField(null=True)
    superseded_by = composite("Review", null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "review"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["approve", "change", "reject", "ask"]),
                name="review_decision_known",
            ),
            models.CheckConstraint(
                condition=models.Q(annotation__isnull=False, relation=None, source_link=None)
                | models.Q(annotation=None, relation__isnull=False, source_link=None)
                | models.Q(annotation=None, relation=None, source_link__isnull=False),
                name="review_of_exactly_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewer=models.F("thing_author")), name="review_not_of_own_work"
            ),
            *[
                models.UniqueConstraint(
                    fields=["reviewer", thing, "thing_version"],
                    condition=models.Q(superseded_by=None, **{f"{thing}__isnull": False}),
                    name=f"review_one_live_{thing}",
                )
                for thing in ("annotation", "relation", "source_link")
            ],
        ]
        indexes = [
            models.Index(fields=["annotation"], name="review_annotation"),
            models.Index(fields=["relation"], name="review_relation"),
            models.Index(fields=["source_link"], name="review_source_link"),
        ]
