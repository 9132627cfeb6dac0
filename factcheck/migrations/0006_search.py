"""Finding annotations by words and by place; the functions and indexes stand in sql/."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "0006_search.sql"


class Migration(migrations.Migration):
    """One way only, as the guards are."""

    dependencies = [("factcheck", "0005_token_projects")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"))]
