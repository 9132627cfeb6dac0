"""Who said it, whom it concerns, where it is shown: source records, and their links to annotations."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import ExtentField, composite, primary_key
from factcheck.models.judged import Judged
from factcheck.models.projects import Project


class Source(models.Model):
    """A person, organisation, document, an unnamed source, or the article's own voice."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"
        DOCUMENT = "document"
        UNNAMED = "unnamed"
        OWN_VOICE = "own_voice"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="sources")
    kind = models.TextField(choices=Kind.choices)
    name = models.TextField()
    aliases = ArrayField(models.TextField(), default=list)
    names = models.TextField(default="")
    description = models.TextField(default="", blank=True)
    url = models.TextField(default="", blank=True)
    # The two that each project is born with: the article itself, and nobody named.
    standing = models.BooleanField(default=False)
    merged_into = composite("Source", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_with = models.UUIDField(null=True)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "source"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"], condition=models.Q(standing=True), name="source_one_standing"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(kind="own_voice"), name="source_one_own_voice"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="source_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceName(models.Model):
    """A name or alias in small letters, to find sources that begin with what is typed; a trigger keeps it."""

    pk = models.CompositePrimaryKey("source_id", "name")
    project = models.ForeignKey(
        Project, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    source = composite("Source", db_index=False)
    # Compared as bytes, so that the index finds beginnings.
    name = models.TextField(db_collation="C")

    class Meta:
        db_table = "source_name"
        indexes = [models.Index(fields=["project", "name", "source"], name="source_name_begins")]


class SourceText(models.Model):
    """One immutable captured text of a document; an edited text is a new one with the next number."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    source = composite("Source", related_name="texts")
    number = models.IntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    length = models.IntegerField()
    url = models.TextField(default="", blank=True)
    archive_url = models.TextField(default="", blank=True)
    captured_at = models.TextField(default="", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)
    content_hash = models.BinaryField(null=True)

    class Meta:
        db_table = "source_text"
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="source_text_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="source_text_number_from_1"),
        ]


class SourceLink(Judged):
    """An annotation's link to a source, in a role; it lies in the annotation's layer.

    A document's link may have a passage: a place in a captured text where `quote` stands, or stood when it is lost.
    """

    class Role(models.TextChoices):
        SPEAKER = "speaker"
        VIA = "via"
        CONCERNS = "concerns"
        DOCUMENT = "document"

    class Stance(models.TextChoices):
        SAID = "said"
        SUPPORTS = "supports"
        REFUTES = "refutes"
        CONTEXT = "context"

    class PassageState(models.TextChoices):
        FOUND = "found"
        LOST = "lost"

    annotation = composite("Annotation", related_name="source_links")
    source = composite("Source", related_name="links")
    role = models.TextField(choices=Role.choices)
    position = models.SmallIntegerField(default=1)
    on_behalf_of = composite("Source", null=True)
    as_named = models.TextField(default="", blank=True)
    article_version = composite("ArticleVersion")
    text_length = models.IntegerField()
    cue = ExtentField(null=True)
    stance = models.TextField(choices=Stance.choices, null=True)
    url = models.TextField(default="", blank=True)
    quote = models.TextField(default="", blank=True)
    locator = models.TextField(default="", blank=True)
    accessed_at = models.TextField(default="", blank=True)
    archive_url = models.TextField(default="", blank=True)
    # The passage, in code points of the captured text: all of these, or none.
    source_text = composite("SourceText", null=True)
    source_text_length = models.IntegerField(null=True)
    passage_start = models.IntegerField(null=True)
    passage_end = models.IntegerField(null=True)
    passage_prefix = models.TextField(null=True)
    passage_suffix = models.TextField(null=True)
    passage_state = models.TextField(choices=PassageState.choices, null=True)

    class Meta:
        db_table = "source_link"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="document", stance__isnull=False)
                | (~models.Q(role="document") & models.Q(stance__isnull=True)),
                name="source_link_stance_is_of_documents",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["speaker", "via", "concerns", "document"]),
                name="source_link_role_known",
            ),
            models.CheckConstraint(
                condition=models.Q(stance__in=["said", "supports", "refutes", "context"]),
                name="source_link_stance_known",
            ),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="source_link_position_from_1"),
            models.UniqueConstraint(
                fields=["annotation", "source", "role"],
                condition=models.Q(withdrawn_at=None) & ~models.Q(role="document"),
                name="source_link_once_alive",
            ),
        ]
