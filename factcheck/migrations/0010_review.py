"""Reviewing: what authors answer, what reviewers found missing, who is excused; the guards stand in sql/."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import factcheck.models.fields
import factcheck.models.reasons

SQL = Path(__file__).parent / "sql" / "0010_review.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0009_layer_estimates"),
    ]

    operations = [
        migrations.AddField(
            model_name="layer",
            name="excused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="layer",
            name="first_answer",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="project",
            name="review_reasons",
            field=models.JSONField(default=factcheck.models.reasons.default_reasons),
        ),
        migrations.CreateModel(
            name="ProposedAnnotation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=factcheck.models.fields.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("text_length", models.IntegerField()),
                ("extent", factcheck.models.fields.ExtentField()),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("attributes", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "Waiting"), ("taken", "Taken"), ("refused", "Refused")],
                        default="waiting",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_note", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("revision", models.IntegerField(default=1)),
                ("content_hash", models.BinaryField(null=True)),
                (
                    "annotation",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.annotation",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.article",
                    ),
                ),
                (
                    "article_version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.articleversion",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.layer",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factcheck.project",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.tag",
                    ),
                ),
            ],
            options={
                "db_table": "proposed_annotation",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["layer"], name="proposed_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("annotation__isnull", False)),
                        fields=["annotation"],
                        name="proposed_taken",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("annotation", None), ("answered_at", None), ("state", "waiting")),
                            models.Q(
                                ("annotation__isnull", False),
                                ("answered_at__isnull", False),
                                ("state", "taken"),
                            ),
                            models.Q(
                                ("annotation", None), ("answered_at__isnull", False), ("state", "refused")
                            ),
                            _connector="OR",
                        ),
                        name="proposed_annotation_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewResponse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=factcheck.models.fields.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "answer",
                    models.TextField(
                        choices=[("accepted", "Accepted"), ("refused", "Refused"), ("answered", "Answered")]
                    ),
                ),
                ("note", models.TextField(blank=True, default="")),
                ("thing_version", models.IntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("revision", models.IntegerField(default=1)),
                ("content_hash", models.BinaryField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.article",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.layer",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factcheck.project",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="responses",
                        to="factcheck.review",
                    ),
                ),
            ],
            options={
                "db_table": "review_response",
                "constraints": [
                    models.UniqueConstraint(fields=("review",), name="review_response_once"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["accepted", "refused", "answered"])),
                        name="review_response_answer_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
