"""Importing by the page: uploaded, asked about, looked at in advance, imported in steps, and reported."""

import csv
import io
import zipfile
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factcheck import services
from factcheck.models import Act, Annotation, Article, ImportArticle, ImportFile, ImportUpload, Project, Tag
from tests import factories

pytestmark = pytest.mark.django_db

IMPORT = "/projects/demo/import/"
EMOJI = "😀 The bridge 😀 is safe, he says."


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


@pytest.fixture
def mona(client: Client, project: Project) -> Client:
    client.force_login(factories.user("mona"))
    return client


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


def article(number: int, **more: Any) -> dict[str, Any]:
    return {
        "article": {"title": f"Bridge {number}", "text": f"Bridge {number}\nThe mayor says it is safe."},
        "annotations": [{"tag": "claim", "spans": [{"start": 9, "end": 18}], "created_by": "ana"}],
        **more,
    }


def send(client: Client, *files: tuple[str, bytes], **form: str) -> Any:
    uploaded = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(IMPORT, {"file": uploaded, **form})


def body(response: Any) -> str:
    words: str = response.content.decode()
    return words


def go_on(client: Client) -> int:
    """Post “Go on” until it has ended; return how often."""
    for number in range(1, 100):
        assert client.post(f"{IMPORT}go/").status_code == 303
        if ImportUpload.objects.get().state == "done":
            return number
    raise AssertionError("It never ends.")


def test_what_would_be_made_is_shown_and_nothing_written(mona: Client) -> None:
    assert send(mona, ("a.jsonl", lines(article(1), article(2)))).status_code == 303
    page = body(mona.get(IMPORT))
    assert "What would be imported" in page
    assert "2 articles" in page
    assert "2 annotations" in page
    assert "Factcheck (JSONL)" in page
    assert not Article.objects.exists()
    assert not Act.objects.filter(kind="import").exists()


def test_each_article_is_one_act_and_the_report_stays_until_it_is_dismissed(mona: Client) -> None:
    send(mona, ("a.jsonl", lines(article(1), article(2))))
    go_on(mona)
    assert Act.objects.filter(kind="import", channel="import").count() == 2
    assert Annotation.objects.count() == 2
    page = body(mona.get(IMPORT))
    assert "What was imported" in page
    assert "2 articles" in page
    assert not ImportFile.objects.exists()
    assert mona.post(f"{IMPORT}discard/").status_code == 303
    assert "Upload and preview" in body(mona.get(IMPORT))
    assert Article.objects.count() == 2


def test_a_second_import_of_the_same_file_changes_nothing(mona: Client) -> None:
    content = lines(article(1))
    send(mona, ("a.jsonl", content))
    go_on(mona)
    before = Act.objects.count()
    assert send(mona, ("a.jsonl", content)).status_code == 303
    page = body(mona.get(IMPORT))
    assert "Nothing new" in page
    assert "Here already" in page
    go_on(mona)
    assert Act.objects.count() == before


def test_what_is_refused_is_told_with_place_and_reason_and_as_a_table(mona: Client) -> None:
    bad = article(2)
    bad["annotations"][0]["tag"] = "=promise"
    send(mona, ("a.jsonl", lines(article(1), bad)))
    page = body(mona.get(IMPORT))
    assert "Would be refused" in page
    assert "a.jsonl, line 2" in page
    assert "The project has no tag =promise" in page
    go_on(mona)
    page = body(mona.get(IMPORT))
    assert "a.jsonl, line 2" in page
    response = mona.get(f"{IMPORT}not-taken.csv")
    header, row = csv.reader(io.StringIO(b"".join(response).decode()))
    assert header == ["article", "place", "reason"]
    assert row[1] == "a.jsonl, line 2"
    assert "=promise" in row[2]
    assert Article.objects.count() == 1


def test_a_reason_never_starts_a_formula(mona: Client) -> None:
    send(mona, ("=1+1.jsonl", b"{no json}\n"), format="doccano")
    _header, row = csv.reader(io.StringIO(b"".join(mona.get(f"{IMPORT}not-taken.csv")).decode()))
    assert row[1].startswith("'=1+1.jsonl")


def test_a_question_is_asked_at_its_field_with_the_upload_kept(mona: Client) -> None:
    content = lines({"text": EMOJI, "label": [[7, 13, "claim"]]})
    send(mona, ("all.jsonl", content), annotator="ana")
    page = body(mona.get(IMPORT))
    assert "One thing must be said first" in page
    assert 'aria-describedby="id_unit' in page
    assert "“bridge” in UTF-16 units" in page
    assert mona.post(f"{IMPORT}go/").status_code == 409
    assert mona.post(f"{IMPORT}read/", {"annotator": "ana", "unit": "utf16"}).status_code == 303
    assert "1 annotation" in body(mona.get(IMPORT))
    go_on(mona)
    assert Annotation.objects.get().extent == ((6, 12),)


def test_another_tools_tags_are_made_where_that_is_asked(mona: Client, project: Project) -> None:
    content = lines({"text": "It is safe.", "label": [[0, 2, "Big claim"]]})
    send(mona, ("all.jsonl", content), annotator="ana")
    page = body(mona.get(IMPORT))
    assert "The project has no tag Big claim" in page
    mona.post(f"{IMPORT}read/", {"annotator": "ana", "create_tags": "on"})
    assert "1 annotation" in body(mona.get(IMPORT))
    assert not Tag.objects.filter(title="Big claim").exists()
    go_on(mona)
    assert Annotation.objects.get().tag.title == "Big claim"


def test_people_are_made_where_that_is_asked(mona: Client, project: Project) -> None:
    one = article(1)
    one["annotations"][0]["created_by"] = "carla"
    send(mona, ("a.jsonl", lines(one)))
    assert "choose “Make accounts and members of people who are none”" in body(mona.get(IMPORT))
    mona.post(f"{IMPORT}read/", {"create_users": "on"})
    go_on(mona)
    assert Annotation.objects.get().created_by.username == "carla"


def test_an_archive_with_a_file_for_each_annotator(mona: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("ana", "ben"):
            archive.writestr(f"{name}.jsonl", lines({"text": "It is safe.", "label": [[0, 2, "claim"]]}))
    assert send(mona, ("export.zip", packed.getvalue())).status_code == 303
    assert "doccano" in body(mona.get(IMPORT))
    go_on(mona)
    assert Article.objects.count() == 1
    assert {one.created_by.username for one in Annotation.objects.all()} == {"ana", "ben"}


@pytest.mark.parametrize(
    ("name", "content", "form", "says"),
    [
        ("a.jsonl", b"", {}, "cannot be told"),
        ("a.jsonl", b"", {"format": "doccano"}, "The file is empty."),
        ("a.txt", b"words", {}, "cannot be told"),
        ("a.txt", b"words", {"format": "doccano"}, "There is no file of this format"),
        ("a.zip", b"PK\x03\x04broken", {}, "no ZIP archive that can be read"),
        ("a.jsonl", b"\n\n", {"format": "jsonl"}, "nothing in these files"),
        ("a.json", b"\x89PNG\r\n\x1a\n", {"format": "labelstudio"}, "PNG image"),
        ("a.json", b'{"article": ', {"format": "labelstudio"}, "no JSON"),
    ],
)
def test_what_cannot_be_read_is_said(
    mona: Client, name: str, content: bytes, form: dict[str, str], says: str
) -> None:
    response = send(mona, (name, content), **form)
    page = body(response) if response.status_code == 422 else body(mona.get(IMPORT))
    assert response.status_code in (303, 422)
    assert says in page
    assert not Article.objects.exists()


def test_nothing_chosen_is_said_at_the_field(mona: Client) -> None:
    response = mona.post(IMPORT, {})
    assert response.status_code == 422
    assert "Choose at least one file." in body(response)


def test_one_import_at_a_time(mona: Client) -> None:
    send(mona, ("a.jsonl", lines(article(1))))
    response = send(mona, ("b.jsonl", lines(article(2))))
    assert response.status_code == 409
    assert "is under way" in body(response)


def test_an_upload_is_nobody_elses(mona: Client, project: Project) -> None:
    send(mona, ("a.jsonl", lines(article(1))))
    services.projects.set_member(
        project_id=project.pk, username="rita", role="manager", by=factories.actor("mona")
    )
    client = Client()
    client.force_login(factories.user("rita"))
    assert "Upload and preview" in body(client.get(IMPORT))
    assert client.post(f"{IMPORT}go/").status_code == 404
    assert client.get(f"{IMPORT}not-taken.csv").status_code == 404


def test_steps_go_on_where_the_last_one_ended(mona: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no time at all a step brings in one article, so twenty take twenty steps and the one that ends it."""
    send(mona, ("a.jsonl", lines(*(article(number) for number in range(5)))))
    monkeypatch.setattr(services.imports, "STEP", 0.0)
    mona.post(f"{IMPORT}go/")
    page = body(mona.get(IMPORT))
    assert "1 of 5 articles" in page
    assert 'hx-trigger="load, submit"' in page
    assert "hx-trigger" not in body(mona.get(f"{IMPORT}?paused=1"))
    answered = mona.post(f"{IMPORT}go/", headers={"HX-Request": "true"})
    assert "2 of 5 articles" in body(answered)
    monkeypatch.setattr(services.imports, "STEP", 10.0)
    go_on(mona)
    assert Article.objects.count() == 5
    assert Act.objects.filter(kind="import").count() == 5


def test_an_article_that_was_not_marked_before_the_process_ended_is_known(mona: Client) -> None:
    send(mona, ("a.jsonl", lines(article(1), article(2))))
    go_on(mona)
    send(mona, ("a.jsonl", lines(article(1), article(2), article(3))))
    go_on(mona)
    assert Article.objects.count() == 3
    assert Annotation.objects.count() == 3


@pytest.mark.parametrize("renew", ["", "on"])
def test_a_relation_into_a_later_article_is_made_in_whatever_step(
    mona: Client, monkeypatch: pytest.MonkeyPatch, renew: str
) -> None:
    one, two = "00000000-0000-7000-8000-0000000000a1", "00000000-0000-7000-8000-0000000000a2"
    first, second = article(1), article(2)
    first["annotations"][0]["id"], second["annotations"][0]["id"] = one, two
    first["relations"] = [{"kind": "contradicts", "subject": one, "object": two, "created_by": "ana"}]
    send(mona, ("a.jsonl", lines(first, second)), renew_ids=renew)
    assert "1 relation" in body(mona.get(IMPORT))
    monkeypatch.setattr(services.imports, "STEP", 0.0)
    for _ in range(3):
        mona.post(f"{IMPORT}go/")
    monkeypatch.setattr(services.imports, "STEP", 10.0)
    go_on(mona)
    page = body(mona.get(IMPORT))
    assert "1 relation" in page
    assert "Not taken" not in page


def test_a_web_annotation_is_put_on_the_article_that_it_names(mona: Client, project: Project) -> None:
    loaded = factories.article(project)
    annotation = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "http://example.org/1",
        "type": "Annotation",
        "motivation": "tagging",
        "creator": {"nickname": "ana"},
        "body": {"type": "TextualBody", "value": "claim"},
        "target": {
            "source": f"http://example.org/api/v1/articles/{loaded.id}/text/",
            "selector": {"type": "TextQuoteSelector", "exact": "the bridge was checked in May"},
        },
    }
    send(mona, ("a.jsonld", orjson.dumps(annotation)))
    go_on(mona)
    assert Article.objects.count() == 1
    assert Annotation.objects.get().article_id == loaded.id


def test_old_uploads_that_were_never_imported_go(mona: Client, project: Project) -> None:
    ben = factories.user("ben")
    old = ImportUpload.objects.create(project=project, user=ben, format="jsonl", state="ready")
    ImportArticle.objects.create(upload=old, number=1, place="x")
    ImportUpload.objects.filter(pk=old.pk).update(updated_at="2020-01-01T00:00Z")
    send(mona, ("a.jsonl", lines(article(1))))
    assert not ImportUpload.objects.filter(user=ben).exists()


@pytest.mark.parametrize("path", ["/projects/demo/data/", "article"])
def test_the_data_can_be_got_in_each_format(mona: Client, project: Project, path: str) -> None:
    loaded = factories.article(project)
    chosen = f"article={loaded.id}" if path == "article" else "project=demo"
    page = body(mona.get(f"/articles/{loaded.id}/data/" if path == "article" else path))
    assert f"/api/v1/exports/jsonl/?{chosen}" in page
    assert f"/api/v1/exports/csv/?{chosen}" in page
    assert mona.get(f"/api/v1/exports/jsonl/?{chosen}").status_code == 200
