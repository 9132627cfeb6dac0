"""What reviewers decide and propose, and what the authors say to it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import ExtentField, composite, primary_key
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


class ReviewResponse(models.Model):
    """What the owner of the layer says to a decision: takes the proposed change, refuses it, or answers the question.

    `thing_version` is the version that taking the change made, else the one that stood there.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted"
        REFUSED = "refused"
        ANSWERED = "answered"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    article = composite("Article")
    layer = composite("Layer")
    review = composite("Review", related_name="responses")
    answer = models.TextField(choices=Answer.choices)
    note = models.TextField(default="", blank=True)
    thing_version = models.IntegerField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "review_response"
        constraints = [
            models.UniqueConstraint(fields=["review"], name="review_response_once"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["accepted", "refused", "answered"]),
                name="review_response_answer_known",
            ),
        ]


class ProposedAnnotation(models.Model):
    """Words that a reviewer found missing in somebody's layer: its owner takes or refuses them; each is a miss."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        REFUSED = "refused"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    article = composite("Article")
    layer = composite("Layer")
    article_version = composite("ArticleVersion")
    text_length = models.IntegerField()
    tag = composite("Tag")
    extent = ExtentField()
    pieces = ArrayField(models.TextField())
    attributes = models.JSONField(default=dict)
    note = models.TextField(default="", blank=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    annotation = composite("Annotation", null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_note = models.TextField(default="", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "proposed_annotation"
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(state="waiting", annotation=None, answered_at=None))
                | models.Q(state="taken", annotation__isnull=False, answered_at__isnull=False)
                | models.Q(state="refused", annotation=None, answered_at__isnull=False),
                name="proposed_annotation_answered_whole",
            )
        ]
        indexes = [
            models.Index(fields=["layer"], condition=models.Q(state="waiting"), name="proposed_waiting"),
            models.Index(
                fields=["annotation"], condition=models.Q(annotation__isnull=False), name="proposed_taken"
            ),
        ]
