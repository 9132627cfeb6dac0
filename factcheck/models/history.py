"""What was done and what it changed: written by the database itself, read by history, undo and the feed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import primary_key
from factcheck.models.projects import Project


class Act(models.Model):
    """One thing somebody did, in one transaction; its position is given at commit, in commit order."""

    id = primary_key()
    project = models.ForeignKey(
        Project, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    position = models.BigIntegerField(null=True)
    kind = models.TextField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    token = models.UUIDField(null=True)
    channel = models.TextField()
    at = models.DateTimeField(db_default=Now())
    undoes = models.UUIDField(null=True)
    article = models.UUIDField(null=True)

    class Meta:
        db_table = "act"
        constraints = [models.UniqueConstraint(fields=["project", "position"], name="act_position_once")]
        indexes = [
            models.Index(
                fields=["article", "actor", "id"],
                condition=models.Q(article__isnull=False),
                name="act_article_actor",
            ),
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="act_undoes"),
        ]


class Event(models.Model):
    """One thing that an act changed, before and after; rows are never updated nor deleted."""

    pk = models.CompositePrimaryKey("act_id", "ordinal")
    act = models.ForeignKey(Act, models.DO_NOTHING, related_name="events", db_index=False)
    ordinal = models.IntegerField()
    project = models.ForeignKey(
        Project, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    type = models.TextField()
    thing = models.UUIDField()
    article = models.UUIDField(null=True)
    layer = models.UUIDField(null=True)
    op = models.TextField()
    version = models.IntegerField(null=True)
    revision = models.IntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "event"
        indexes = [models.Index(fields=["thing"], name="event_thing")]


class FeedEpoch(models.Model):
    """The feed's present epoch; a restored backup starts a new one, so that old cursors are refused."""

    only = models.BooleanField(primary_key=True, default=True)
    epoch = models.CharField(max_length=16)

    class Meta:
        db_table = "feed_epoch"
