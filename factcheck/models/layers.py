"""All that one person marked in one article; one more per article is the reference."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Layer(models.Model):
    """A person's work on an article, or the article's reference layer; it is also the assignment."""

    class Kind(models.TextChoices):
        PERSON = "person"
        REFERENCE = "reference"

    class State(models.TextChoices):
        NOT_STARTED = "not_started"
        IN_PROGRESS = "in_progress"
        SUBMITTED = "submitted"
        REOPENED = "reopened"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    article = composite("Article", related_name="layers")
    kind = models.TextField(choices=Kind.choices, default=Kind.PERSON)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="layers")
    state = models.TextField(choices=State.choices, default=State.NOT_STARTED)
    submitted_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    # Who is excused need not submit, so that the others' layers are not kept closed for good.
    excused_at = models.DateTimeField(null=True)
    # The act up to which the layer is its owner's first answer: what stood there when it was first submitted, in a
    # blind project when it was opened.
    first_answer = models.UUIDField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "layer"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "owner"], condition=models.Q(kind="person"), name="layer_one_per_person"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(kind="reference"), name="layer_one_reference"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="person", owner__isnull=False)
                | models.Q(kind="reference", owner__isnull=True),
                name="layer_of_a_person_has_an_owner",
            ),
        ]


class ReviewerAssignment(models.Model):
    """A reviewer who was asked to look at an article."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    article = composite("Article", related_name="reviewer_assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "reviewer_assignment"
        constraints = [
            models.UniqueConstraint(fields=["article", "reviewer"], name="reviewer_assignment_once")
        ]
