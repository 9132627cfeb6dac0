"""The author's side of reviewing and the board: what they list is found by indexes, which stand in sql/."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0011_work.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0010_review"),
    ]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"))]
