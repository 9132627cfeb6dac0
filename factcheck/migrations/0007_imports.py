"""What is uploaded to be imported: kept until it is, and no part of the history."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import factcheck.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0006_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportUpload",
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
                    "state",
                    models.TextField(
                        choices=[
                            ("asking", "Asking"),
                            ("ready", "Ready"),
                            ("running", "Running"),
                            ("done", "Done"),
                        ],
                        default="asking",
                    ),
                ),
                ("format", models.TextField()),
                ("options", models.JSONField(default=dict)),
                ("question", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("known", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="factcheck.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "import_upload",
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
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
                ("name", models.TextField()),
                ("content", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="factcheck.importupload",
                    ),
                ),
            ],
            options={
                "db_table": "import_file",
            },
        ),
        migrations.CreateModel(
            name="ImportArticle",
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
                ("place", models.TextField()),
                ("line", models.BinaryField(null=True)),
                ("local_ids", models.BooleanField(default=False)),
                ("left_out", models.JSONField(default=list)),
                ("refused", models.JSONField(default=list)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("nothing", "Nothing"),
                            ("told", "Told"),
                            ("passed", "Passed"),
                            ("failed", "Failed"),
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        default="told",
                    ),
                ),
                ("title", models.TextField(default="")),
                ("article", models.UUIDField(null=True)),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="articles",
                        to="factcheck.importupload",
                    ),
                ),
            ],
            options={
                "db_table": "import_article",
            },
        ),
        migrations.AddConstraint(
            model_name="importupload",
            constraint=models.UniqueConstraint(fields=("project", "user"), name="import_upload_one"),
        ),
        migrations.AddConstraint(
            model_name="importarticle",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="import_article_once"),
        ),
    ]
