"""The whole start, as `make run` does it once the environment is there: real server, real database, real signals."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.start.conftest import kill_server, server_processes

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Factcheck is ready: http://127\.0\.0\.1:\d+/")
pytestmark = pytest.mark.slow


class Instance:
    """One installation in a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = {**kept, "DATA_DIR": str(data_dir), "PORT": str(self.port), "WEB_WORKERS": "1"}
        self.process: subprocess.Popen[str] | None = None

    def launch(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.process

    def start(self, *, within: float) -> str:
        """Start, and return all that it said until it was ready."""
        process = self.launch()
        assert process.stdout
        said, deadline = "", time.monotonic() + within
        while "Ctrl-C stops it." not in said:
            waits = deadline - time.monotonic()
            assert waits > 0, f"Not ready within {within} s:\n{said}"
            if select.select([process.stdout], [], [], waits)[0]:
                more = os.read(process.stdout.fileno(), 65536).decode()
                assert more, f"The start ended:\n{said}"
                said += more
        assert READY.search(said)
        return said

    def manage(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in self.environment.items() if name != "PORT"}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    def interrupt(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def kill(self) -> None:
        """Kill -9 the start, the web server, its workers and the database."""
        if self.process and self.process.poll() is None:
            family = [psutil.Process(self.process.pid)]
            family += family[0].children(recursive=True)
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            self.process.communicate()
        kill_server(self.data_dir / "pg")


@pytest.fixture(scope="module")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compressed once for all of these tests: it takes longer than anything else that they do."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture
def instance(folder: Path, static_files: Path) -> Iterator[Instance]:
    made = Instance(folder / "var")
    made.data_dir.mkdir()
    (made.data_dir / "static").symlink_to(static_files)
    yield made
    made.kill()


def test_start_serves_survives_kill_9_and_stops_cleanly(instance: Instance) -> None:
    said = instance.start(within=120)
    assert instance.get("/healthz").status == 200
    links = dict(re.findall(r"^  (\w+) .*(/enter/[\w-]+/)$", said, re.MULTILINE))
    assert set(links) == {"ana", "rita", "mona"}
    entered = instance.get(links["ana"])
    assert entered.status == 303
    assert "no-store" in (entered.headers["Cache-Control"] or "")
    assert instance.get(links["ana"]).status != 303  # once only

    instance.manage("create_user", "zoe")
    token = instance.manage("create_token", "zoe", "--scope", "read")
    instance.kill()

    began = time.monotonic()
    again = instance.start(within=15)
    assert time.monotonic() - began < 15
    assert "Preparing" not in again
    assert "Compressing" not in again
    assert "Loading" not in again
    answer = instance.get("/api/v1/projects/", Authorization=f"Bearer {token}")
    assert answer.status == 200

    link = instance.manage("login_link", "zoe")
    assert link.startswith(f"http://127.0.0.1:{instance.port}/enter/")

    assert instance.interrupt() == 0
    assert not server_processes(instance.data_dir / "pg")
    assert instance.manage("login_link", "zoe").startswith("http://127.0.0.1:8000/enter/")
    assert not server_processes(instance.data_dir / "pg")


def test_pages_come_as_in_production_and_a_taken_port_is_said(instance: Instance) -> None:
    instance.environment["DEMO"] = "0"
    assert "/enter/" not in instance.start(within=60)
    page = instance.get("/sign-in/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    files = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css))"', page.body.decode())  # type: ignore[attr-defined]
    assert files
    for path in files:
        file = instance.get(path, **{"Accept-Encoding": "br"})
        assert (file.status, file.headers["Content-Encoding"]) == (200, "br"), path
        assert "immutable" in file.headers["Cache-Control"], path
    assert instance.get("/sign-in/", Host="evil.example").status == 400

    second = Instance(instance.data_dir.with_name("other"))
    second.environment["PORT"] = str(instance.port)
    words, _ = second.launch().communicate(timeout=60)
    assert f"port {instance.port}: Address already in use" in words
    assert "Traceback" not in words


def test_database_url_gives_no_demo_and_no_links(instance: Instance, folder: Path) -> None:
    """Another instance's server stands for somebody's own."""
    from factcheck import postgres

    with postgres.running(folder / "own" / "pg") as sockets:
        instance.environment["DATABASE_URL"] = f"postgresql://factcheck@/factcheck?host={sockets}"
        said = instance.start(within=60)
        assert "/enter/" not in said
        assert "create_user" in said
        assert not (instance.data_dir / "pg").exists()
        assert instance.interrupt() == 0


def test_a_command_on_an_empty_data_folder_says_so_in_a_sentence(instance: Instance) -> None:
    done = instance.run("create_token", "ana", "--scope", "read")
    assert done.returncode == 1
    assert f"The database of the data folder {instance.data_dir} is empty." in done.stderr
    assert "Traceback" not in done.stderr
