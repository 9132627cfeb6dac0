"""What is checked: an article, and the immutable versions of its text."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.projects import Project


class Article(models.Model):
    """An article's record; its words stand in its versions."""

    class Direction(models.TextChoices):
        LTR = "ltr"
        RTL = "rtl"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="articles")
    title = models.TextField()
    url = models.TextField(default="", blank=True)
    publisher = models.TextField(default="", blank=True)
    byline = models.TextField(default="", blank=True)
    published_at = models.TextField(default="", blank=True)
    language = models.TextField(default="", blank=True)
    direction = models.TextField(choices=Direction.choices, default=Direction.LTR)
    file_name = models.TextField(default="", blank=True)
    current_version = composite("ArticleVersion", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "article"

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """One immutable canonical text with its hash; blocks and links stand off from it."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    article = composite("Article", related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    length = models.IntegerField()
    words = models.IntegerField(default=0)
    blocks = models.JSONField(default=list)
    links = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "article_version"
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_version_once")]
        indexes = [models.Index(fields=["project", "sha256"], name="article_version_sha256")]
