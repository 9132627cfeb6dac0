"""Data folders of their own for tests that start, kill and restart database servers."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from factcheck.postgres import cluster, programs


def server_processes(data: Path) -> list[psutil.Process]:
    """List the live processes that work in the data folder."""
    home = str(data.resolve())
    return [
        process
        for process in psutil.process_iter(["name", "cwd", "status"])
        if process.info["name"] == "postgres"
        and process.info["cwd"] == home
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def kill_server(data: Path) -> None:
    """Kill -9 the postmaster and every child of it, the way a power cut would."""
    for process in server_processes(data):
        with suppress(psutil.NoSuchProcess):  # children leave by themselves once the postmaster is gone
            process.kill()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every user can enter, where root's home for private data lies too."""
    path = Path(tempfile.mkdtemp(prefix=f"factcheck-test-{os.getpid()}-start-"))
    path.chmod(0o711)
    monkeypatch.setattr(programs, "SYSTEM_HOME", path / "system")
    yield path
    for data in [*path.glob("**/pg"), *path.glob("system/data-*")]:
        kill_server(data)
        if (sockets := cluster.socket_dir(data)) != data:
            shutil.rmtree(sockets, ignore_errors=True)
    shutil.rmtree(path, ignore_errors=True)
