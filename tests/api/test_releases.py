"""Releases over the API: frozen by a manager, the same bytes for every member each time."""

import base64
import hashlib
import io
import zipfile
from typing import Any

import pytest

from factcheck import services
from tests import factories
from tests.api.client import Api, problem

FILES = "projects/demo/releases/v1/files"


@pytest.fixture
def mona(desk: factories.Desk) -> Api:
    return Api("mona")


@pytest.fixture
def release(mona: Api) -> Any:
    answer = mona.post("projects/demo/releases/", {"name": "v1", "note": "First"})
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith("/api/v1/projects/demo/releases/v1/")
    return answer.json()


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_member_reads_what_the_manager_made(ana: Api, release: Any) -> None:
    assert ana.get("projects/demo/releases/v1/").json() == release
    assert ana.get("projects/demo/releases/").json()["results"] == [release]
    assert (release["note"], release["created_by"]) == ("First", "mona")
    assert release["manifest"]["counts"]["annotations"] == 2


def test_the_list_is_paged(mona: Api, release: Any) -> None:
    mona.post("projects/demo/releases/", {"name": "v2"})
    assert [row["name"] for row in mona.all("projects/demo/releases/?limit=1")] == ["v1", "v2"]


def test_a_name_in_use_is_a_conflict_and_a_bad_one_is_named(mona: Api, release: Any) -> None:
    problem(mona.post("projects/demo/releases/", {"name": "v1"}), 409, "conflict", "name")
    problem(mona.post("projects/demo/releases/", {"name": "V 1"}), 422, "invalid", "name")
    problem(mona.post("projects/demo/releases/", {"note": "x"}), 422, "invalid", "name")
    problem(mona.post("projects/demo/releases/", {"name": "v2", "note": "a\0"}), 422, "invalid", "note")


def test_the_manifest_can_be_checked_with_what_is_downloaded(ana: Api, release: Any) -> None:
    for one in release["manifest"]["files"]:
        answer = ana.get(f"{FILES}/{one['name']}/")
        data = sent(answer)
        digest = hashlib.sha256(data)
        assert (len(data), digest.hexdigest()) == (one["size"], one["sha256"])
        assert answer["ETag"] == f'"{one["sha256"]}"'
        assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer["Content-Length"] == str(one["size"])
        assert answer["Content-Type"] == one["media_type"]
    assert hashlib.sha256(sent(ana.get(f"{FILES}/manifest.json/"))).hexdigest() == release["sha256"]


def test_an_export_of_a_release_is_what_it_was_then(ana: Api, desk: factories.Desk, release: Any) -> None:
    before = sent(ana.get("exports/jsonl/?project=demo"))
    factories.annotation(desk.article, "shows a crack", tag="evidence")
    answer = ana.get(f"exports/jsonl/?release={release['id']}")
    assert sent(answer) == before != sent(ana.get("exports/jsonl/?project=demo"))
    assert answer["Content-Disposition"] == 'attachment; filename="demo-v1.jsonl"'
    problem(ana.get(f"exports/jsonl/?release={release['id']}&layer=own"), 422, "invalid", "release")
    problem(ana.get(f"exports/nothing/?release={release['id']}"), 404, "not_found")
    problem(ana.get("exports/jsonl/?release=0190b8b2-0000-7000-8000-00000000000a"), 404, "not_found")


def test_what_one_has_is_not_sent_again(ana: Api, release: Any) -> None:
    for path in (f"{FILES}/demo.csv/", "projects/demo/releases/v1/zip/"):
        tag = ana.get(path)["ETag"]
        again = ana.get(path, If_None_Match=tag)
        assert (again.status_code, sent(again), again["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=3-999999", 3, None)],
)
def test_a_part_can_be_asked_for(ana: Api, release: Any, asked: str, start: int, end: int | None) -> None:
    for path in (f"{FILES}/demo.jsonl/", "projects/demo/releases/v1/zip/"):
        whole = sent(ana.get(path))
        answer = ana.get(path, Range=asked)
        part = sent(answer)
        assert (answer.status_code, part) == (206, whole[start:end])
        first = start % len(whole)
        assert answer["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"
        assert answer["Content-Length"] == str(len(part))
        assert sent(ana.get(path, Range=asked, If_Range=answer["ETag"])) == part
        assert sent(ana.get(path, Range=asked, If_Range='"other"')) == whole


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=0-1", "bytes=9-3", "bytes=-", "bytes=x"])
def test_a_range_that_is_none_of_ours_is_left_alone(ana: Api, release: Any, asked: str) -> None:
    answer = ana.get(f"{FILES}/demo.csv/", Range=asked)
    assert answer.status_code == 200
    assert len(sent(answer)) == int(answer["Content-Length"])


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_past_the_end_is_416(ana: Api, release: Any, asked: str) -> None:
    answer = ana.get(f"{FILES}/demo.csv/", Range=asked)
    problem(answer, 416, "range_not_satisfiable")
    assert answer["Content-Range"].startswith("bytes */")


def test_head_tells_the_length_and_sends_nothing(ana: Api, release: Any) -> None:
    answer = ana.ask("HEAD", f"{FILES}/demo.jsonl/")
    assert (answer.status_code, sent(answer)) == (200, b"")
    assert int(answer["Content-Length"]) > 1000


def test_the_zip_is_all_of_it_and_the_same_each_time(ana: Api, release: Any) -> None:
    answer = ana.get("projects/demo/releases/v1/zip/")
    data = sent(answer)
    assert answer["Content-Length"] == str(len(data))
    assert sent(ana.get("projects/demo/releases/v1/zip/")) == data
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert sum(one.file_size for one in opened.infolist()) == release["size"]


@pytest.mark.parametrize(
    "path",
    [
        "releases/v2/",
        "releases/v%00/",
        "releases/v1/files/no/",
        "releases/v1/files/a%00b/",
        "releases/v2/zip/",
        "releases/v1/files/..%2Fx/",
    ],
)
def test_what_is_not_there_is_404(ana: Api, release: Any, path: str) -> None:
    assert ana.get(f"projects/demo/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_feed_tells_a_release() -> None:
    desk = factories.desk("demo")
    made = services.releases.make(project_id=desk.project.pk, name="v1", by=factories.actor("mona"))
    ana = Api("ana")
    (line,) = ana.get("changes/?include=object&type=release").json()["results"]
    assert (line["op"], line["id"], line["by"]) == ("create", str(made.id), "mona")
    assert line["object"] == ana.get("projects/demo/releases/v1/").json()
