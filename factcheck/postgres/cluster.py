"""One data folder and the server that works in it: made, started, asked, stopped."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from factcheck.postgres import programs
from factcheck.postgres.programs import (
    PostgresError,
    ServerUser,
    packaged_bin,
    reaches,
    run,
    server_user,
    usable_bin,
)

PORT = "5432"  # part of the socket's name only

# A small machine's settings. Statements are kept out of the log because they carry people's text.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "port": PORT,
    "shared_buffers": "256MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}

SOCKET_PATH_LIMIT = 90  # a socket's path has 107 bytes at most, its name takes 15 of them
START_LIMIT = 180.0  # seconds; recovery after a crash may be long
STUCK_LIMIT = 30.0  # seconds without any live server in the folder
LOG_LIMIT = 10_000_000  # bytes of server.log kept from one start to the next


def socket_dir(data: Path) -> Path:
    """Say where the server for this data folder listens. Works it out only: nothing is touched or started."""
    data = data.absolute()
    if len(os.fsencode(data)) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w./-]+", str(data), re.ASCII):
        return data
    # Not tempfile's choice: a process with another TMPDIR must find the same place.
    return Path("/tmp") / f"factcheck-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108


def is_running(data: Path) -> bool:
    """Does a server answer for this data folder?"""
    return readiness(packaged_bin(), data) == 0


def stop(data: Path) -> None:
    """Stop the server of this data folder now, whoever else uses it; does nothing when none runs."""
    if not (data / "PG_VERSION").exists():
        return
    user = server_user(data)
    run(usable_bin(user) / "pg_ctl", real_place(data), user, "-m", "fast", "-w", "-t", "60", "stop")


def real_place(data: Path) -> Path:
    """Follow our own link, whose place the server's user may not be able to enter."""
    return data.resolve() if data.is_symlink() else data


def beside(data: Path, suffix: str) -> Path:
    return data.with_name(data.name + suffix)


def ensure_running(data: Path, options: dict[str, str]) -> None:
    """Make the data folder if need be and have a server answer for it."""
    _check_link(data)
    user = server_user(data)
    sockets = socket_dir(data)
    if sockets != data:
        _make_socket_dir(sockets, user)
    if readiness(packaged_bin(), data) == 0:
        return
    folder = usable_bin(user)
    if not (data / "PG_VERSION").exists():
        _make_cluster(folder, data, user)
    elif not reaches(user, data.resolve()):
        raise PostgresError(f"PostgreSQL runs as {user.name} here, who cannot enter the data folder {data}.")
    _check_version(folder, data)
    _start(folder, data, user, options)


def _check_link(data: Path) -> None:
    if data.is_symlink() and not data.exists():
        raise PostgresError(f"{data} is a link to {data.readlink()}, and nothing is there any more.")


def _make_socket_dir(sockets: Path, user: ServerUser) -> None:
    if not sockets.exists():
        sockets.mkdir(mode=0o700)
        if user.arguments:
            os.chown(sockets, user.uid, user.gid)
    elif sockets.is_symlink() or sockets.stat().st_uid != user.uid:
        raise PostgresError(
            f"The socket's folder {sockets} belongs to somebody else; remove it, or move DATA_DIR."
        )


def _make_cluster(folder: Path, data: Path, user: ServerUser) -> None:
    """Make a new cluster beside its place and then move it there, so that half a one is never taken for one.

    Parents are never opened up. Below a folder that is private to root the data goes to the system's home for
    it, and a link stands where it would have been.
    """
    if data.exists():
        try:
            data.rmdir()
        except OSError as error:
            raise PostgresError(
                f"{data} is not empty, and is no PostgreSQL data folder; move it away, or set DATA_DIR."
            ) from error
    elsewhere = os.geteuid() == 0 and not reaches(user, data.parent)
    if elsewhere:
        programs.make_system_home()
        fresh = Path(tempfile.mkdtemp(prefix="data-", dir=programs.SYSTEM_HOME))
    else:
        fresh = beside(data, ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
    if user.arguments:
        os.chown(fresh, user.uid, user.gid)
    arguments = ("-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-k")
    done = run(folder / "initdb", fresh, user, *arguments)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PostgresError(f"The database could not be made in {data}: {done.stderr.strip()[-500:]}")
    if elsewhere:
        data.symlink_to(fresh)
    else:
        fresh.rename(data)


def _check_version(folder: Path, data: Path) -> None:
    kept = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    said = subprocess.run([folder / "pg_config", "--version"], capture_output=True, text=True, cwd="/").stdout
    found = re.search(r"\d+", said)
    ours = found.group() if found else "unknown"
    if kept != ours:
        raise PostgresError(
            f"The data folder {data} was written by PostgreSQL {kept}, and this is PostgreSQL {ours}. "
            "Nothing was changed. Dump it with the old version and load the dump into a new data folder "
            "(docs/operations.md)."
        )


def _start(folder: Path, data: Path, user: ServerUser, options: dict[str, str]) -> None:
    home = real_place(data)
    sockets = home if socket_dir(data) == data else socket_dir(data)
    settings = SERVER_OPTIONS | options | {"unix_socket_directories": str(sockets)}
    given = " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = home / "server.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        os.truncate(log, 0)
    began = alive_at = time.monotonic()
    while True:
        # Ask the server, not postmaster.pid: after a crash that may name a zombie or a stranger.
        answer = readiness(folder, data)
        if answer == 0:
            return
        if answer == 1 or _someone_works_in(home):
            alive_at = time.monotonic()  # it recovers, or the orphans of a killed server are still leaving
        else:
            (home / "postmaster.pid").unlink(missing_ok=True)
            waits = ("-w", "-t", str(int(START_LIMIT)))
            if run(folder / "pg_ctl", home, user, *waits, "-l", log, "-o", given, "start").returncode == 0:
                return
        now = time.monotonic()
        if now - began > START_LIMIT or now - alive_at > STUCK_LIMIT:
            words = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
            raise PostgresError(f"PostgreSQL does not start in {data}. Its log ends:\n{words}")
        time.sleep(0.2)


def readiness(folder: Path, data: Path) -> int:
    """Ask the server: 0 it answers, 1 it is starting or stopping, 2 nobody is there."""
    return subprocess.run(
        [folder / "pg_isready", "-q", "-h", socket_dir(data), "-p", PORT], cwd="/"
    ).returncode


def _someone_works_in(home: Path) -> bool:
    """Is a live server process in the folder? Zombies are not alive: some containers never reap them."""
    resolved = str(home.resolve())
    return any(
        process.info["cwd"] == resolved and process.info["status"] != psutil.STATUS_ZOMBIE
        for process in psutil.process_iter(["cwd", "status", "name"])
        if process.info["name"] == "postgres"
    )
