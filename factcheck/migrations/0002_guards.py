"""Composite keys, checks and triggers: what must never be is refused by the database."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0002_guards.sql"


class Migration(migrations.Migration):
    """One way only: the guards are never taken off again."""

    dependencies = [("factcheck", "0001_initial")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"))]
