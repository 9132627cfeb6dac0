"""The embedded server starts for anybody, anywhere, after anything, or says in words why not."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from factcheck import postgres
from factcheck.postgres import cluster, programs
from tests.start.conftest import kill_server, server_processes

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as somebody else")

JOIN_AND_WAIT = """
import sys
from pathlib import Path
from factcheck import postgres
data = Path(sys.argv[1])
with postgres.running(data):
    print((data / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()
"""

JOIN_AS_NOBODY = """
import os, sys
from pathlib import Path
import psycopg, encodings.ascii, encodings.idna  # nobody may not be able to read Python itself
from factcheck import postgres
from factcheck.postgres import cluster, programs
data, programs.SYSTEM_HOME = Path(sys.argv[1]), Path(sys.argv[2])
copied = programs._copied_bin(programs.packaged_bin())
programs.packaged_bin = cluster.packaged_bin = lambda: copied
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    with postgres.running(data) as sockets:
        with psycopg.connect(host=str(sockets), user="factcheck", dbname="factcheck") as connection:
            print(connection.execute("SELECT current_user").fetchone()[0])
except postgres.PostgresError as error:
    print(error)
"""


def connect(data: Path, **named: str) -> psycopg.Connection[tuple[object, ...]]:
    who = {"user": postgres.ROLE, "dbname": postgres.DATABASE, **named}
    return psycopg.connect(host=str(postgres.socket_dir(data)), autocommit=True, **who)


def program(code: str, *arguments: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_six_processes_at_once_share_one_server_and_the_last_one_stops_it(folder: Path) -> None:
    data = folder / "pg"
    six = [program(JOIN_AND_WAIT, data) for _ in range(6)]
    pids = {process.stdout.readline().strip() for process in six if process.stdout}
    assert len(pids) == 1
    assert next(iter(pids)).isdigit()
    for process in six[:5]:
        process.communicate(timeout=20)
    assert postgres.is_running(data)
    six[5].communicate(timeout=20)
    assert not postgres.is_running(data)
    assert not server_processes(data)


def test_committed_rows_survive_kill_9_of_the_server_and_its_children(folder: Path) -> None:
    data = folder / "pg"
    postgres.join(data).users.close()  # as if this process had been killed too
    with connect(data) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
        kill_server(data)
    with postgres.running(data), connect(data) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("still here",)]


def test_orphans_of_a_killed_postmaster_do_not_keep_it_from_starting(folder: Path) -> None:
    data = folder / "pg"
    postgres.join(data).users.close()
    with connect(data):
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, 9)
        with postgres.running(data), connect(data) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_stale_pid_file_that_names_a_live_stranger_is_seen_through(folder: Path) -> None:
    data = folder / "pg"
    with postgres.running(data):
        words = (data / "postmaster.pid").read_text().splitlines()
    stale = data / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *words[1:]]) + "\n")
    shutil.chown(stale, data.stat().st_uid, data.stat().st_gid)
    with postgres.running(data), connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("name", ["deep/" * 30, "with 'quotes', spaces & ünïcode"], ids=["long", "odd"])
def test_any_path_will_do(folder: Path, name: str) -> None:
    data = folder / name / "pg"
    with postgres.running(data), connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (data / "PG_VERSION").exists()


def test_folder_of_another_major_version_is_refused_in_words_and_left_alone(folder: Path) -> None:
    data = folder / "pg"
    with postgres.running(data):
        pass
    (data / "PG_VERSION").write_text("17\n")
    before = sorted(path.name for path in data.iterdir())
    with pytest.raises(postgres.PostgresError, match=r"written by PostgreSQL 17.*Nothing was changed"):
        postgres.join(data)
    assert sorted(path.name for path in data.iterdir()) == before


def test_folder_with_something_else_in_it_is_refused(folder: Path) -> None:
    data = folder / "pg"
    data.mkdir()
    (data / "holiday.jpg").touch()
    with pytest.raises(postgres.PostgresError, match="is not empty"):
        postgres.join(data)
    assert (data / "holiday.jpg").exists()


def test_half_made_folder_of_an_interrupted_start_is_made_anew(folder: Path) -> None:
    data = folder / "pg"
    half = folder / "pg.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with postgres.running(data), connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_role_is_no_superuser_and_may_make_test_databases_with_our_extensions(folder: Path) -> None:
    data = folder / "pg"
    with postgres.running(data):
        with connect(data, dbname="postgres") as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            assert row == (False,)
            connection.execute("CREATE DATABASE test_try")
        with connect(data, dbname="test_try") as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            connection.execute("CREATE EXTENSION btree_gist")
            row = connection.execute(
                "SELECT cardinality(show_trgm('Київ')), current_setting('fsync')"
            ).fetchone()
            assert row == (5, "on")


def test_database_that_knows_ascii_letters_only_is_refused_in_words(folder: Path) -> None:
    data = folder / "pg"
    with postgres.running(data):
        with connect(data, dbname="postgres") as connection:
            connection.execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C'")
        with connect(data, dbname="plain") as connection:
            assert re.search(r'"plain".*character type "C"', postgres.unfitness(connection) or "")
        with connect(data) as connection:
            assert postgres.unfitness(connection) is None


@as_root
def test_below_a_folder_private_to_root_the_data_goes_elsewhere_and_the_folder_stays_private(
    folder: Path,
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    data = private / "pg"
    for _ in range(2):
        with postgres.running(data), connect(data) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept ()")
        assert not postgres.is_running(data)
    assert mode(private) == 0o700
    assert data.readlink().parent == programs.SYSTEM_HOME
    assert mode(data.readlink()) == 0o700


@as_root
def test_programs_below_a_folder_private_to_root_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    installed = programs.packaged_bin().parents[1]
    shutil.copytree(installed, private / installed.name)
    libraries = installed.with_name(installed.name + ".libs")
    shutil.copytree(libraries, private / libraries.name)
    for module in (programs, cluster):
        monkeypatch.setattr(module, "packaged_bin", lambda: private / installed.name / "pginstall" / "bin")
    data = folder / "pg"
    with postgres.running(data), connect(data) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert mode(private) == 0o700


@as_root
def test_ordinary_user_starts_it_as_oneself(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    shutil.chown(home, NOBODY, NOBODY)
    said, _ = program(JOIN_AS_NOBODY, home / "var" / "pg", folder / "system").communicate(timeout=30)
    assert said.strip() == "factcheck"
    assert (home / "var" / "pg").stat().st_uid == NOBODY


@as_root
def test_folder_of_somebody_else_is_refused_in_words(folder: Path) -> None:
    with postgres.running(folder / "pg"):
        pass
    said, _ = program(JOIN_AS_NOBODY, folder / "pg", folder / "system").communicate(timeout=30)
    assert "cannot be used" in said or "belongs to another user" in said


@as_root
def test_root_runs_the_folder_of_an_ordinary_user_as_that_user(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o755)
    shutil.chown(home, NOBODY, NOBODY)
    program(JOIN_AS_NOBODY, home / "pg", folder / "system").communicate(timeout=30)
    with postgres.running(home / "pg"):
        assert {process.uids().real for process in server_processes(home / "pg")} == {NOBODY}
