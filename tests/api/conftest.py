"""A desk with work on it, and people who ask the API about it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests import factories, processes
from tests.api.client import Api


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk("demo")


@pytest.fixture
def ana(desk: factories.Desk) -> Api:
    return Api("ana")


@pytest.fixture
def ben(desk: factories.Desk) -> Api:
    return Api("ben")


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """Serve the test database as in production, by gunicorn, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": processes.database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "FACTCHECK_POOL_SIZE": "8",
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        assert process.poll() is None, "The server has left."
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("The server does not answer.")
