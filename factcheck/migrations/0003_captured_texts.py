"""Captured texts of documents, and passages inside them; the guards stand in sql/."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import factcheck.models.fields

SQL = Path(__file__).parent / "sql" / "0003_captured_texts.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcelink",
            name="passage_end",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="passage_prefix",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="passage_start",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="passage_state",
            field=models.TextField(choices=[("found", "Found"), ("lost", "Lost")], null=True),
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="passage_suffix",
            field=models.TextField(null=True),
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="source_text_length",
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name="SourceText",
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
                ("number", models.IntegerField()),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("length", models.IntegerField()),
                ("url", models.TextField(blank=True, default="")),
                ("archive_url", models.TextField(blank=True, default="")),
                ("captured_at", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("revision", models.IntegerField(default=1)),
                ("content_hash", models.BinaryField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="texts",
                        to="factcheck.source",
                    ),
                ),
            ],
            options={
                "db_table": "source_text",
            },
        ),
        migrations.CreateModel(
            name="SourceName",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source_id", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.project",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="factcheck.source",
                    ),
                ),
                ("name", models.TextField(db_collation="C")),
            ],
            options={
                "db_table": "source_name",
                "indexes": [models.Index(fields=["project", "name", "source"], name="source_name_begins")],
            },
        ),
        migrations.AddField(
            model_name="sourcelink",
            name="source_text",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="factcheck.sourcetext",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcetext",
            constraint=models.UniqueConstraint(fields=("source", "number"), name="source_text_once"),
        ),
        migrations.AddConstraint(
            model_name="sourcetext",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="source_text_number_from_1"
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
