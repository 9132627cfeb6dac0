"""Releases: frozen exports with the bytes of their files; the guards stand in sql/."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import factcheck.models.fields

SQL = Path(__file__).parent / "sql" / "0004_releases.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0003_captured_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
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
                ("name", models.CharField(max_length=60)),
                ("note", models.TextField(blank=True, default="")),
                ("manifest", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("position", models.BigIntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("revision", models.IntegerField(default=1)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factcheck.project"
                    ),
                ),
            ],
            options={
                "db_table": "release",
            },
        ),
        migrations.CreateModel(
            name="ReleaseFile",
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
                ("ordinal", models.SmallIntegerField()),
                ("name", models.TextField()),
                ("format", models.TextField(blank=True, default="")),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("crc32", models.BigIntegerField()),
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
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="files",
                        to="factcheck.release",
                    ),
                ),
            ],
            options={
                "db_table": "release_file",
            },
        ),
        migrations.CreateModel(
            name="ReleaseChunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "ordinal", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ordinal", models.IntegerField()),
                ("data", models.BinaryField()),
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
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="chunks",
                        to="factcheck.releasefile",
                    ),
                ),
            ],
            options={
                "db_table": "release_chunk",
            },
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(fields=("project", "name"), name="release_name_once"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^[a-z0-9]+([.-][a-z0-9]+)*$")),
                name="release_name_is_plain",
            ),
        ),
        migrations.AddConstraint(
            model_name="releasefile",
            constraint=models.UniqueConstraint(fields=("release", "name"), name="release_file_once"),
        ),
        migrations.AddConstraint(
            model_name="releasefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("crc32__gte", 0), ("crc32__lt", 4294967296), ("size__gte", 0)),
                name="release_file_numbers",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
