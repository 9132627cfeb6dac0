"""What annotations, relations and source links have in common: reviewers judge them, and they can be withdrawn."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Status(models.TextChoices):
    """What the live decisions on the present version say together (permissions.workflow.status)."""

    PENDING = "pending"
    APPROVED = "approved"
    CHANGE_ASKED = "change_asked"
    REJECTED = "rejected"
    SPLIT = "split"


class Judged(models.Model):
    """A thing in a layer that reviewers decide on.

    `version` counts changes of what they judge, `revision` every change of the representation; both are
    counted by a trigger. `content_hash` is of the content it was first made with, for repeated requests.
    """

    id = primary_key()
    # Every key that begins with the project serves as its index.
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    article = composite("factcheck.Article")
    layer = composite("factcheck.Layer")
    note = models.TextField(default="", blank=True)
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    version = models.IntegerField(default=1)
    revision = models.IntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_with = models.UUIDField(null=True)
    content_hash = models.BinaryField(null=True)

    class Meta:
        abstract = True
