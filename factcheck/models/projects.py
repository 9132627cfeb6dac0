"""A team's container and the scheme that its members tag by: rows, not code."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from factcheck.models.fields import composite, primary_key
from factcheck.models.reasons import default_reasons
from factcheck.roles import Role


class Project(models.Model):
    """What a team works in; every other row belongs to one."""

    id = primary_key()
    slug = models.SlugField(max_length=60, unique=True)
    name = models.TextField()
    blind = models.BooleanField(default=False)
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    guidelines = models.TextField(default="", blank=True)
    review_reasons = models.JSONField(default=default_reasons)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "project"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9-]*[a-z][a-z0-9-]*$"),
                name="project_slug_has_a_letter",
            ),
            models.CheckConstraint(
                condition=models.Q(approvals_needed__range=(1, 9)), name="project_approvals_needed_1_to_9"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ProjectCounter(models.Model):
    """The position of the project's last act: a row of its own, so that counting locks nothing else."""

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        db_table = "project_counter"


class Membership(models.Model):
    """One person's role in one project."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.TextField(choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="membership_role_known"
            ),
        ]


class Tag(models.Model):
    """A kind of statement that the project's annotators mark."""

    class Line(models.TextChoices):
        SOLID = "solid"
        DASHED = "dashed"
        DOUBLE = "double"
        DOTTED = "dotted"

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="tags")
    name = models.SlugField(max_length=40)
    title = models.TextField()
    key = models.CharField(max_length=1)
    colour = models.CharField(max_length=7)
    colour_dark = models.CharField(max_length=7)
    line = models.TextField(choices=Line.choices, default=Line.SOLID)
    description = models.TextField(default="", blank=True)
    position = models.SmallIntegerField()
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "tag"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="tag_name_once"),
            models.UniqueConstraint(
                fields=["project", "key"], condition=models.Q(retired_at=None), name="tag_key_once"
            ),
            models.CheckConstraint(
                condition=models.Q(colour__regex=r"^#[0-9a-f]{6}$", colour_dark__regex=r"^#[0-9a-f]{6}$"),
                name="tag_colours_are_hex",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RelationKind(models.Model):
    """A kind of relation; which tags it may join is said by its pairs."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="relation_kinds")
    name = models.SlugField(max_length=40)
    title = models.TextField()
    inverse_title = models.TextField()
    key = models.CharField(max_length=1)
    symmetric = models.BooleanField(default=False, db_column="is_symmetric")
    schema = models.JSONField(default=dict)
    position = models.SmallIntegerField()
    retired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "relation_kind"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="relation_kind_name_once"),
            models.UniqueConstraint(
                fields=["project", "key"], condition=models.Q(retired_at=None), name="relation_kind_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RelationPair(models.Model):
    """One legal pair of tags for a relation kind, subject to object."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    kind = composite("RelationKind", related_name="pairs")
    subject_tag = composite("Tag")
    object_tag = composite("Tag")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "relation_pair"
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_tag", "object_tag"], name="relation_pair_once")
        ]


class AttributeSchema(models.Model):
    """The JSON Schema of a tag's attributes, one row a version; without a tag it holds for every tag."""

    id = primary_key()
    project = models.ForeignKey(Project, models.PROTECT, related_name="attribute_schemas")
    tag = composite("Tag", null=True, related_name="attribute_schemas")
    version = models.IntegerField(default=1)
    schema = models.JSONField()
    keys = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    revision = models.IntegerField(default=1)

    class Meta:
        db_table = "attribute_schema"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "tag", "version"], name="attribute_schema_once", nulls_distinct=False
            )
        ]
