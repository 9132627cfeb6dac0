"""The events of what is made, written once a statement; the functions and triggers stand in sql/."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0008_events_of_inserts.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [("factcheck", "0007_imports")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"))]
