"""A release: what is frozen stays as it is, byte for byte, whatever becomes of the project."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.exports import archive
from factcheck.exports.registry import FORMATS
from factcheck.models import Act, Event, Release, ReleaseChunk, ReleaseFile
from factcheck.queries import feed, feed_cursor, interchange
from factcheck.queries.releases import CHUNK, FileRow, Row
from tests import factories


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk("demo")


def make(desk: factories.Desk, name: str = "v1", by: str = "mona", **kwargs: Any) -> Row:
    return services.releases.make(project_id=desk.project.pk, name=name, by=factories.actor(by), **kwargs)


def content(release: Row) -> dict[str, bytes]:
    """Return all files of the release."""
    return {
        file.name: b"".join(queries.releases.content(file)) for file in queries.releases.files(release.id)
    }


def exported(format: str) -> bytes:
    return b"".join(interchange.export(format, interchange.select(None, project="demo")))


def test_it_has_every_format_the_scheme_and_the_guidelines(desk: factories.Desk) -> None:
    files = content(make(desk))
    assert list(files)[:3] == ["manifest.json", "guidelines.md", "scheme.json"]
    assert len(files) == 3 + len(FORMATS)
    assert files["demo.jsonl"] == exported("jsonl")
    assert files["demo.csv"] == exported("csv")
    assert json.loads(files["scheme.json"]) == queries.projects.scheme(desk.project.pk)
    assert "### Claim (`claim`)" in files["guidelines.md"].decode()
    assert desk.project.guidelines.strip() in files["guidelines.md"].decode()


def test_the_manifest_has_the_hash_of_every_other_file(desk: factories.Desk) -> None:
    release = make(desk, note="For the paper.")
    files = content(release)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest == release.told
    assert {one["name"]: (one["size"], one["sha256"]) for one in manifest["files"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()
    }
    about = manifest["release"]
    assert (about["name"], about["note"], about["created_by"]) == ("v1", "For the paper.", "mona")
    assert manifest["project"]["slug"] == "demo"
    assert manifest["formats"]["jsonl"] == 1


def test_the_counts_are_those_of_the_export(desk: factories.Desk) -> None:
    gone = factories.annotation(desk.article, "shows a crack", tag="evidence")
    services.annotations.withdraw(annotation_id=gone.id, by=factories.actor("ana"))
    services.reviews.create(
        thing="annotation", thing_id=UUID(desk.claim.id), decision="approve", by=factories.actor("rita")
    )
    release = make(desk)
    lines = [json.loads(line) for line in content(release)["demo.jsonl"].splitlines()]

    def number(section: str) -> int:
        return sum(len(line[section]) for line in lines)

    told = release.told["counts"]
    for section in ("layers", "annotations", "relations", "source_links", "reviews", "sources"):
        assert told[section] == number(section), section
    assert told["articles"] == len(lines)
    assert told["by_tag"] == {"claim": {"approved": 1}, "denial": {"pending": 1}}
    assert told["people"] == 2


def test_it_stays_byte_for_byte_whatever_becomes_of_the_project(desk: factories.Desk) -> None:
    before = content(make(desk))
    factories.annotation(desk.article, "shows a crack", tag="evidence")
    services.annotations.withdraw(annotation_id=desk.denial.id, by=factories.actor("ana"))
    services.projects.update(
        project_id=desk.project.pk, by=factories.actor("mona"), name="Another", guidelines="Other."
    )
    services.projects.remove_member(project_id=desk.project.pk, username="rita", by=factories.actor("mona"))
    release = queries.releases.named("demo", "v1")
    assert release is not None
    assert content(release) == before
    assert exported("jsonl") != before["demo.jsonl"]
    assert content(make(desk, "v2"))["demo.jsonl"] == exported("jsonl")


@pytest.mark.django_db(transaction=True)
def test_who_follows_the_feed_from_it_misses_nothing() -> None:
    desk = factories.desk("demo")
    release = make(desk)
    later = factories.annotation(desk.article, "shows a crack", tag="evidence")
    cursor = feed_cursor.decode(release.told["as_of"]["cursor"])
    page = feed.read(factories.user("vic").pk, cursor, types=["annotation", "release", "article"])
    assert [(line.type, str(line.id), line.op) for line in page.lines] == [
        ("release", str(release.id), "create"),
        ("annotation", later.id, "create"),
    ]


def test_it_is_one_act_of_the_manager(desk: factories.Desk) -> None:
    release = make(desk)
    act = Act.objects.get(kind="release")
    assert (act.actor_id, act.channel) == (factories.user("mona").pk, "page")
    assert [(event.type, event.thing, event.op) for event in Event.objects.filter(act=act)] == [
        ("release", release.id, "create")
    ]


@pytest.mark.parametrize(
    "name", ["", " ", "V1", "a b", "a/b", "-a", "a-", "a--b", "é", "a" * 61, "a\0", ".."]
)
def test_a_name_is_plain(desk: factories.Desk, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(desk, name)
    assert refused.value.field == "name"


def test_a_name_is_used_once_in_a_project(desk: factories.Desk) -> None:
    make(desk)
    with pytest.raises(Conflict, match="choose another name"):
        make(desk)
    other = factories.desk("other")
    assert make(other).project == "other"


def test_only_a_manager_makes_one(desk: factories.Desk) -> None:
    for person in ("ana", "rita", "vic"):
        with pytest.raises(NotAllowed):
            make(desk, by=person)
    with pytest.raises(NotFound):
        make(desk, by="eve")
    assert not Release.objects.exists()


def test_of_a_blind_project_it_has_what_is_open(db: None) -> None:
    desk = factories.desk("demo", blind=True)
    hidden = make(desk)
    assert hidden.told["contents"]["layers"] == "open"
    assert hidden.told["counts"]["annotations"] == hidden.told["counts"]["people"] == 0
    assert all(b"checked in May" not in data for name, data in content(hidden).items() if name == "demo.csv")
    line = json.loads(content(hidden)["demo.jsonl"])
    assert line["annotations"] == line["layers"] == line["sources"] == []


# -- nobody changes it -----------------------------------------------------------------------------


CHANGES = (
    "UPDATE release SET note = 'x'",
    "UPDATE release SET manifest = '{}'",
    "DELETE FROM release",
    "UPDATE release_file SET sha256 = repeat('0', 64)",
    "DELETE FROM release_file",
    "UPDATE release_chunk SET data = 'x'",
    "DELETE FROM release_chunk",
    """INSERT INTO release_chunk (file_id, project_id, ordinal, data)
       SELECT id, project_id, 9, 'x' FROM release_file""",
    """INSERT INTO release_file (id, project_id, release_id, ordinal, name, format, media_type, size, sha256, crc32)
       SELECT gen_random_uuid(), project_id, id, 99, 'more', '', 'text/plain', 0, '', 0 FROM release""",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inside_an_act", [False, True])
def test_the_database_refuses_any_change(inside_an_act: bool) -> None:
    desk = factories.desk("demo")
    before = content(make(desk))
    for statement in CHANGES:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            if inside_an_act:
                with services.acts.act("release", project_id=desk.project.pk, by=factories.actor("mona")):
                    cursor.execute(statement)
            cursor.execute(statement)
        assert getattr(refused.value.__cause__, "sqlstate", None) == "FC002", statement
    release = queries.releases.named("demo", "v1")
    assert release is not None
    assert content(release) == before


def test_a_file_must_be_as_long_as_it_says(desk: factories.Desk) -> None:
    with pytest.raises(DatabaseError, match="chunks"), transaction.atomic():  # noqa: SIM117
        with connection.cursor() as cursor:
            with services.acts.act("release", project_id=desk.project.pk, by=factories.actor("mona")):
                release = Release.objects.create(
                    project=desk.project,
                    name="v0",
                    manifest={},
                    sha256="0" * 64,
                    position=1,
                    created_by=factories.user("mona"),
                )
                ReleaseFile.objects.create(
                    project=desk.project,
                    release=release,
                    ordinal=0,
                    name="a",
                    media_type="text/plain",
                    size=5,
                    sha256="0" * 64,
                    crc32=0,
                )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_verify_hashes_the_files_again() -> None:
    make(factories.desk("demo"))
    assert list(services.verification.findings()) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE release_chunk DISABLE TRIGGER guard_release_chunk")
        cursor.execute(
            """UPDATE release_chunk SET data = set_byte(data, 0, 7)
               WHERE file_id = (SELECT id FROM release_file WHERE name = 'demo.jsonl')"""
        )
        cursor.execute("ALTER TABLE release_chunk ENABLE TRIGGER guard_release_chunk")
    assert [finding.what for finding in services.verification.findings()] == [
        "the bytes of demo.jsonl are not those that the hash is of"
    ]


# -- reading it ------------------------------------------------------------------------------------


def large(desk: factories.Desk) -> tuple[FileRow, bytes]:
    """Make a release whose articles take several chunks."""
    factories.article(desk.project, title="Long", text="Many words — 👩‍👩‍👧‍👦 and more.\n" * 40_000)
    release = make(desk)
    file = queries.releases.file(release.id, "demo.jsonl")
    assert file is not None
    return file, exported("jsonl")


def test_any_part_of_a_file_can_be_read(desk: factories.Desk) -> None:
    file, whole = large(desk)
    assert file.size == len(whole) > 5 * CHUNK
    assert ReleaseChunk.objects.filter(file_id=file.id).count() == -(-len(whole) // CHUNK)
    for start, end in [
        (0, 1),
        (0, CHUNK),
        (CHUNK - 1, CHUNK + 1),
        (3, 5 * CHUNK),
        (len(whole) - 1, len(whole)),
    ]:
        assert b"".join(queries.releases.content(file, start, end)) == whole[start:end]
    assert b"".join(queries.releases.content(file, 7, 7)) == b""


def zipped(release: Row) -> bytes:
    kept = queries.releases.files(release.id)
    members = queries.releases.members(release, kept)
    by_path = dict(zip(members, kept, strict=True))

    def read(member: archive.Member) -> Iterable[bytes]:
        return queries.releases.content(by_path[member])

    data = b"".join(archive.write(members, read, at=release.created_at))
    assert len(data) == archive.length(members)
    return data


def test_the_zip_holds_the_files_and_is_the_same_each_time(desk: factories.Desk) -> None:
    large(desk)
    release = queries.releases.named("demo", "v1")
    assert release is not None
    data = zipped(release)
    assert zipped(release) == data
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {name.removeprefix("demo-v1/"): opened.read(name) for name in opened.namelist()} == content(
            release
        )


# -- and if it is not finished ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_whose_making_is_killed_leaves_nothing() -> None:
    desk = factories.desk("demo")
    facts = connection.settings_dict
    program = """
import os, signal, django
django.setup()
from factcheck import services
from factcheck.models import Project, User
from factcheck.records import Actor
from factcheck.services import releases
keep, kept = releases._keep, []
def killing(*args):
    keep(*args)
    kept.append(args)
    if len(kept) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
releases._keep = killing
mona = User.objects.get(username="mona")
project = Project.objects.get(slug="demo")
releases.make(project_id=project.pk, name="v1", by=Actor(user_id=mona.pk, username="mona"))
"""
    address = f"postgres://{facts['USER']}@/{facts['HOST']}/{facts['NAME']}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", address),
        "DATA_DIR": str(settings.DATA_DIR),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not Release.objects.exists()
    assert not ReleaseFile.objects.exists()
    assert not ReleaseChunk.objects.exists()
    assert not Act.objects.filter(kind="release").exists()
    make(desk)


def test_crc_is_that_of_the_bytes(desk: factories.Desk) -> None:
    release = make(desk)
    files = content(release)
    for file in queries.releases.files(release.id):
        assert file.crc32 == zlib.crc32(files[file.name])


def test_the_commands_make_one_and_write_its_files(desk: factories.Desk, capfdbinary: Any) -> None:
    call_command("release", "v1", project="demo", note="Frozen by night.")
    told = dict(reversed(line.split("  ")) for line in capfdbinary.readouterr().out.decode().splitlines())
    before = exported("jsonl")
    factories.annotation(desk.article, "shows a crack", tag="evidence")
    call_command("export", "jsonl", project="demo", release="v1")
    assert capfdbinary.readouterr().out == before
    assert told["demo.jsonl"] == hashlib.sha256(before).hexdigest()
    for wrong, words in (
        (("release", "v1", "--project", "demo"), "choose another name"),
        (("release", "v2", "--project", "nowhere"), "no project nowhere"),
        (("release", "v2", "--project", "demo", "--by", "ana"), "manager"),
        (("export", "csv", "--project", "demo", "--release", "v9"), "no release v9"),
        (("export", "csv", "--project", "demo", "--release", "v1", "--layer", "reference"), "leave out"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command(*wrong)
