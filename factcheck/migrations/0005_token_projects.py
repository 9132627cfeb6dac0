"""Tokens limited to projects; what they reach is asked in one function, in sql/."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "0005_token_projects.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0004_releases"),
    ]

    operations = [
        migrations.AddField(
            model_name="token",
            name="projects",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), null=True, size=None
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
