"""How the product is served: two processes of eight threads behind one port (docs/decisions/0007)."""

import ctypes
import gc
import os
import signal
import sys
from typing import Any

from django.conf import settings

from factcheck import postgres

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

_HOST = os.environ.get("HOST") or "127.0.0.1"

wsgi_app = "factcheck.wsgi:application"
bind = f"{f'[{_HOST}]' if ':' in _HOST else _HOST}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
graceful_timeout = 8
timeout = 60
keepalive = 5
proc_name = "factcheck"
loglevel = "warning"
accesslog = None  # addresses may carry one-time secrets
control_socket_disable = True
if os.path.isdir("/dev/shm"):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108 the heartbeat must not wait for a disk

_database: list[postgres.Joined] = []


def on_starting(server: Any) -> None:
    """Start or join the embedded database, and leave with whoever started us (`manage.py start`), even killed."""
    if os.environ.get("FACTCHECK_STARTED_BY") == str(os.getppid()) and sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
    if not settings.DATABASE_URL:
        _database.append(postgres.join(settings.DATA_DIR / "pg"))


def post_worker_init(worker: Any) -> None:
    """Let the collector leave the code alone and look less often.

    A long answer is made of many objects, none in circles; with Python's own thresholds, looking for some took as
    long as making the claim map of a large article.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 20, 20)


def worker_exit(server: Any, worker: Any) -> None:
    """Close the pool ourselves: at the end of the interpreter its threads are waited for one by one."""
    from django.db import connection

    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()


def on_exit(server: Any) -> None:
    while _database:
        postgres.leave(_database.pop())
