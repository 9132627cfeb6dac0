"""The private PostgreSQL server that is used when no DATABASE_URL names another one.

Every process that needs the database joins (`join`, `running`); the first one starts the server and the last
one to leave stops it. Knows nothing of Django.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from factcheck.postgres.cluster import PORT, beside, ensure_running, is_running, socket_dir, stop
from factcheck.postgres.programs import PostgresError

__all__ = [
    "DATABASE",
    "PORT",
    "ROLE",
    "Joined",
    "PostgresError",
    "is_running",
    "join",
    "leave",
    "running",
    "socket_dir",
    "stop",
    "unfitness",
]

ROLE = "factcheck"
DATABASE = "factcheck"


@dataclass(frozen=True)
class Joined:
    """One process's use of the server, held until `leave` or the end of the process."""

    data: Path
    users: IO[str]


def join(data: Path, *, options: dict[str, str] | None = None) -> Joined:
    """Use the server of this data folder, starting it (and making its database) if it is not running."""
    data = data.absolute()
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        with alone(data):
            users = beside(data, ".users").open("a")
            try:
                fcntl.flock(users, fcntl.LOCK_SH)
                ensure_running(data, options or {})
                ensure_database(data)
            except BaseException:
                users.close()
                raise
    except PermissionError as error:
        raise PostgresError(f"The data folder {data.parent} cannot be used: {error.strerror}.") from error
    return Joined(data, users)


def leave(joined: Joined) -> None:
    """Give up one's use; the last process to leave stops the server."""
    with alone(joined.data):
        try:
            fcntl.flock(joined.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            joined.users.close()
            return
        joined.users.close()
        stop(joined.data)


@contextmanager
def running(data: Path, *, options: dict[str, str] | None = None) -> Iterator[Path]:
    """Keep the server running inside the block; yields the folder of its socket."""
    joined = join(data, options=options)
    try:
        yield socket_dir(data)
    finally:
        leave(joined)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with beside(data, ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_database(data: Path) -> None:
    """Make the product's own role (no superuser) and database, unless they are there."""
    with psycopg.connect(
        host=str(socket_dir(data)), port=PORT, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        role = sql.Identifier(ROLE)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER CREATEDB").format(role))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            name = sql.Identifier(DATABASE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))


def unfitness(connection: psycopg.Connection[Any]) -> str | None:
    """Say in a sentence why this database (ours or DATABASE_URL's) will not do; None when it will."""
    version = connection.info.server_version // 10000
    if version < 15:
        return f"The database server is PostgreSQL {version}; Factcheck needs version 15 or newer."
    # Under ctype "C" only ASCII letters are letters: trigrams of Cyrillic or Arabic names come out empty.
    row = connection.execute("SELECT lower('Ж') = 'ж', current_database()").fetchone()
    if row is not None and not row[0]:
        return (
            f'The database "{row[1]}" was made with the character type "C", which knows ASCII letters only, '
            "so names in other alphabets could not be searched. Make it again with a UTF-8 locale: "
            "CREATE DATABASE … TEMPLATE template0 LOCALE 'C.UTF-8'."
        )
    return None
