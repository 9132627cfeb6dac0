"""Processes of their own on the test database."""

import os
import subprocess
import sys
import urllib.parse
from typing import Any

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """Say where the test database is, as a process of the product takes it."""
    facts = connection.settings_dict
    host, name, user = (str(facts[key] or "") for key in ("HOST", "NAME", "USER"))
    if host.startswith("/"):
        return f"postgres://{user}@/{host}/{name}"
    password = urllib.parse.quote(str(facts["PASSWORD"] or ""), safe="")
    return f"postgres://{user}:{password}@{host}:{facts['PORT'] or 5432}/{name}"


def manage(*arguments: str, **kwargs: Any) -> "subprocess.Popen[bytes]":
    """Start `manage.py` on the test database, and do not wait for it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, **kwargs)
