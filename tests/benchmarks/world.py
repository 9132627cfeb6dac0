"""The product as `make run` starts it, in a data folder of its own that is gone afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # seconds from nothing to the first answer


@dataclass(frozen=True)
class World:
    """Where the server listens, and the processes that do its work."""

    folder: Path
    port: int
    starter: psutil.Process
    postmaster: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        """Return gunicorn's workers: the children of its master, which the starter has started."""
        return [worker for master in self.starter.children() for worker in master.children()]

    def cpu_seconds(self) -> dict[str, float]:
        """Return the user and system time spent so far by the server's processes and by PostgreSQL's."""
        return {"server": _spent(self.starter), "database": _spent(self.postmaster)}


def _spent(root: psutil.Process) -> float:
    """Add up a tree of processes, with what its children that have ended have used."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def running() -> Iterator[World]:
    """Start everything in a new folder, with the settings of `make run`, and stop it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="factcheck-bench-"))
    folder.chmod(0o711)  # as root, the database server runs as another user
    for name in (
        "DATABASE_URL",
        "FACTCHECK_DEBUG",
        "FACTCHECK_HTTPS",
        "FACTCHECK_HOSTS",
        "FACTCHECK_POOL_SIZE",
    ):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(folder)
    port = _free_port()
    try:
        with _server(folder, port) as starter:
            yield _join(folder, port, starter)
            _leave()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    log = (folder / "start.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "manage.py", "start"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "DEMO": "0"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server does not start:\n{(folder / 'start.log').read_text()[-3000:]}")
            time.sleep(0.2)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            for process in [*psutil.Process(server.pid).children(recursive=True), psutil.Process(server.pid)]:
                process.kill()
            server.wait(10)
        log.close()


def _join(folder: Path, port: int, starter: subprocess.Popen[bytes]) -> World:
    """Use the product's own code in this process too, on the same database: it makes the data."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    os.environ["FACTCHECK_STATEMENT_TIMEOUT_MS"] = "0"
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    postmaster = backend.parent()
    assert postmaster is not None
    return World(folder, port, psutil.Process(starter.pid), postmaster)


def _leave() -> None:
    from django.db import connections

    connections.close_all()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def dsn() -> str:
    """Return how raw psycopg reaches the same database, without the product's code."""
    from django.conf import settings
    from psycopg.conninfo import make_conninfo

    found = settings.DATABASES["default"]
    return make_conninfo(host=found["HOST"], port=found["PORT"], user=found["USER"], dbname=found["NAME"])
