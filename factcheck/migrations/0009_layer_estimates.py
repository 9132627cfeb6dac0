"""What a viewer may see, said so that the planner expects about as much as there is, in sql/."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0009_layer_estimates.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [
        ("factcheck", "0008_events_of_inserts"),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
