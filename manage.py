#!/usr/bin/env python
"""Run a management command, with the embedded database server running for as long as it takes."""

import os
import sys
from contextlib import nullcontext

# These neither read nor write the database.
WITHOUT_DATABASE = {
    "collectstatic",
    "compilemessages",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
}
WITHOUT_DATABASE |= {"version", "--help", "-h", "--version"}
UNDEFINED_TABLE = "42P01"  # PostgreSQL's code


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ["FACTCHECK_COMMAND"] = "1"  # one connection is enough, and it may take its time
    try:
        from django.conf import settings
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here; run .venv/bin/python manage.py after make run."
        ) from error

    from django.db import ProgrammingError

    from factcheck import postgres

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    needs_server = not (settings.DATABASE_URL or command in WITHOUT_DATABASE)
    try:
        with postgres.running(settings.DATA_DIR / "pg") if needs_server else nullcontext():
            execute_from_command_line(sys.argv)
    except postgres.PostgresError as error:
        raise SystemExit(str(error)) from error
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) != UNDEFINED_TABLE:
            raise
        where = "DATABASE_URL" if settings.DATABASE_URL else f"the data folder {settings.DATA_DIR}"
        raise SystemExit(
            f"The database of {where} is empty. If the server runs with another DATA_DIR or DATABASE_URL, give the same"
            " here; else start it once with make run."
        ) from error


if __name__ == "__main__":
    main()
