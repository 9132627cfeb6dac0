"""Everything between the installed program and a person in front of it; `make run` ends here."""

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from factcheck import postgres, services
from factcheck.management.addresses import Address
from factcheck.models import User

DEMO_PEOPLE = {"ana": "annotates", "rita": "reviews", "mona": "manages"}
# Files of other packages that no page of ours asks for: compressing them would take most of the first start.
UNUSED = [
    "django_htmx",
    "redoc",
    "rest_framework",
    "*.js.map",
    "*-es-bundle*",
    "swagger-ui.js",
    "*.gz",
    "*.br",
]
PATIENCE = 60  # seconds until the server has to answer
PORT_PATIENCE = 12  # a server that was just killed may still be leaving


class Command(BaseCommand):
    help = "Migrate, collect static files, load the demo project the first time, and serve."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.address = Address.of_this_start()
        self._wait_for_port()
        self._check_database()
        with _one_at_a_time():
            self._migrate()
            self._collect_static()
            if self._is_demo():
                self._seed()
        self._serve()

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _is_demo(self) -> bool:
        """Strangers may reach a server that is bound beyond this machine, or a database that others use."""
        asked = os.environ.get("DEMO", "")
        if asked:
            return asked not in ("0", "no", "false")
        return not settings.DATABASE_URL and self.address.is_loopback

    # -- before serving ----------------------------------------------------------------------------

    def _wait_for_port(self) -> None:
        """Fail early, and clearly, where another program has the port."""
        family = socket.AF_INET6 if ":" in self.address.host else socket.AF_INET
        deadline = time.monotonic() + (PORT_PATIENCE if self._left_by_a_killed_start() else 0)
        while True:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.address.host, self.address.port))
                except OSError as error:
                    if time.monotonic() > deadline:
                        raise CommandError(
                            f"Cannot listen on {self.address.host}, port {self.address.port}: {error.strerror}. "
                            "Stop what listens there, or choose another port: make run PORT=8001"
                        ) from error
                else:
                    return
            time.sleep(0.2)

    def _left_by_a_killed_start(self) -> bool:
        """Was the last start of this data folder killed, so that its server is only just going?"""
        last = self.address.read_starter()
        return last is not None and not psutil.pid_exists(last)

    def _check_database(self) -> None:
        connection.ensure_connection()
        if words := postgres.unfitness(connection.connection):
            raise CommandError(words)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=1)

    def _collect_static(self) -> None:
        """Hash and compress the static files, unless they are what they were the last time."""
        mark = Path(settings.STATIC_ROOT) / ".collected"
        seen = _fingerprint_of_static_files()
        if mark.exists() and mark.read_text(encoding="ascii") == seen:
            return
        self._say("Compressing static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
        mark.write_text(seen, encoding="ascii")

    def _seed(self) -> None:
        """Load the demo project once for each database; a start that was interrupted loads the rest."""
        mark = Path(settings.DATA_DIR) / f"demo-{settings.SESSION_COOKIE_NAME.rpartition('_')[2]}"
        if mark.exists() or "seed_demo" not in get_commands():
            return
        self._say("Loading the demo project ...")
        call_command("seed_demo")
        mark.touch()

    # -- serving -----------------------------------------------------------------------------------

    def _serve(self) -> None:
        connection.close()
        _leave_with_make()
        self._say(f"Starting the server on {self.address.url()} ...")
        environment = {**os.environ, "FACTCHECK_STARTED_BY": str(os.getpid())}
        environment.pop("FACTCHECK_COMMAND", None)
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", str(settings.BASE_DIR / "gunicorn.conf.py")],
            cwd=settings.BASE_DIR,
            env={**environment, "HOST": self.address.host, "PORT": str(self.address.port)},
            stdin=subprocess.DEVNULL,
        )
        self.stopped = False

        def stop(number: int, frame: FrameType | None) -> None:
            self.stopped = True
            server.terminate()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        self.address.write()
        try:
            if self._wait_until_it_answers(server):
                self._welcome()
            code = server.wait()
        finally:
            if server.poll() is None:
                server.terminate()
                server.wait()
            self.address.forget()
        if code and not self.stopped:
            raise CommandError("The server stopped by itself; its last words stand above.")
        self._say("Stopped.")

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while server.poll() is None and not self.stopped:
            if self.address.answers():
                return True
            if time.monotonic() > deadline:
                raise CommandError(f"The server does not answer on {self.address.url('/healthz')}.")
            time.sleep(0.1)
        return False

    def _welcome(self) -> None:
        lines = ["", f"Factcheck is ready: {self.address.url()}", ""]
        if self._is_demo():
            people = User.objects.filter(username__in=DEMO_PEOPLE, is_active=True)
            links = {user.username: services.tokens.sign_in_link(user) for user in people}
            if links:
                lines.append("Sign in with one of these; each works once, within ten minutes:")
                for name, does in DEMO_PEOPLE.items():
                    if name in links:
                        lines.append(f"  {name:<5} {does:<10} {self.address.url(f'/enter/{links[name]}/')}")
                lines.append("Another one: .venv/bin/python manage.py login_link ana")
        else:
            lines.append("Accounts are made with: .venv/bin/python manage.py create_user NAME")
        if not self.address.is_loopback and not settings.HOSTS:
            lines.append(
                "Name the hosts it is reached by in FACTCHECK_HOSTS, else only this machine is answered."
            )
        self._say("\n".join([*lines, "Ctrl-C stops it.", ""]))
        connection.close()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep two starts on one database from migrating or loading at once."""
    key = int.from_bytes(hashlib.sha256(b"factcheck start").digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        connection.close()  # gives the lock back, whatever happened


def _fingerprint_of_static_files() -> str:
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            seen.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _leave_with_make() -> None:
    """Stop in good order when `make` is killed, instead of staying behind with the port."""
    if sys.platform == "linux" and psutil.Process(os.getppid()).name() in ("make", "gmake"):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
