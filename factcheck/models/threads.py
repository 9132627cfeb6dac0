"""Talk: threads of comments on an article or on something marked in it, and notices to those whom a comment is for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Thread(models.Model):
    """Comments on one annotation, one relation, or (with neither) on the article itself.

    A thread on something marked lies in its layer, and is seen by who sees the layer.
    """

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    article = composite("Article", related_name="threads")
    layer = composite("Layer", null=True)
    annotation = composite("Annotation", null=True, related_name="threads")
    relation = composite("Relation", null=True, related_name="threads")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    revision = models.IntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "thread"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(annotation=None) | models.Q(relation=None), name="thread_on_one_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(annotation=None, relation=None, layer=None)
                | (~models.Q(annotation=None, relation=None) & models.Q(layer__isnull=False)),
                name="thread_lies_in_the_layer_of_its_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_at=None, resolved_by=None)
                | models.Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_somebody",
            ),
        ]


class Comment(models.Model):
    """What one person says in a thread; `mentions` are the members whom its words name."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    article = composite("Article")
    layer = composite("Layer", null=True)
    thread = composite("Thread", related_name="comments")
    body = models.TextField()
    mentions = ArrayField(models.UUIDField(), default=list, blank=True)
    edited_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "comment"


class Notice(models.Model):
    """A comment that is for one person. It is told once in the page and at most once by mail.

    Reading is private, so notices are no part of the project's history.
    """

    class Kind(models.TextChoices):
        MENTION = "mention"
        ANSWER = "answer"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    comment = composite("Comment", related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_tries = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "notice"
        constraints = [
            models.UniqueConstraint(fields=["user", "comment"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["mention", "answer"]), name="notice_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="notice_of_person"),
            models.Index(fields=["user"], condition=models.Q(seen_at=None), name="notice_unseen"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at=None, seen_at=None),
                name="notice_unmailed",
            ),
        ]
