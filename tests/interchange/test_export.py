"""An export has what its asker may see, whole and in order, and holds neither memory nor the request's connection."""

import csv
import io
import json
import os
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client

from factcheck import services
from factcheck.exceptions import Invalid, NotFound
from factcheck.queries import interchange
from tests import factories
from tests.interchange.desk import full_desk, without_names_of_chance

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[1] / "golden" / "desk.jsonl"
KEYS = [
    "format",
    "project",
    "article",
    "layers",
    "annotations",
    "relations",
    "sources",
    "source_texts",
    "source_links",
    "reviews",
    "review_responses",
    "proposed_annotations",
    "reviewers",
    "threads",
]


def exported(username, name="jsonl", **chosen):
    viewer = factories.user(username).pk if username else None
    return b"".join(interchange.export(name, interchange.select(viewer, **chosen)))


def lines(username, **chosen):
    return [json.loads(line) for line in exported(username, **chosen).splitlines()]


def rows(username, **chosen):
    return list(csv.DictReader(io.StringIO(exported(username, "csv", **chosen).decode(), newline="")))


def test_line_is_that_of_the_golden_file():
    full_desk()
    made = without_names_of_chance(exported("vic", project="water").decode())
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")
    assert list(json.loads(made)) == KEYS


def test_line_says_what_the_api_says():
    desk = full_desk()
    client = Client()
    client.force_login(factories.user("vic"))
    [line] = lines("vic", project="water")

    def listed(name):
        return client.get(f"/api/v1/{name}/", {"project": "water"}).json()["results"]

    for key, name in (
        ("annotations", "annotations"),
        ("relations", "relations"),
        ("source_links", "source-links"),
    ):
        for thing, shown in zip(line[key], listed(name), strict=True):
            for field in thing:
                if not field.endswith("_at"):
                    assert thing[field] == shown[field], (key, field)
    assert line["article"]["text"] == client.get(f"/api/v1/articles/{desk.article.id}/text/").content.decode()
    assert line["project"]["scheme"] == client.get("/api/v1/projects/water/").json()["scheme"]
    for annotation in line["annotations"]:
        for span in annotation["spans"]:
            assert line["article"]["text"][span["start"] : span["end"]] == span["exact"]


def test_what_is_withdrawn_stays_and_so_does_a_source_that_nothing_is_linked_to():
    desk = full_desk()
    factories.source(desk.project, "Nobody asked")
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"))
    [line] = lines("vic", project="water")
    assert desk.claim.id not in json.dumps(line)
    assert line["reviews"] == []
    assert {source["name"] for source in line["sources"]} == {"The minutes", "The mayor's office"}


@pytest.mark.parametrize(
    ("username", "makers"),
    [("ana", {"ana"}), ("ben", {"ben"}), ("mona", set()), ("rita", set()), (None, set())],
)
def test_blind_project_leaves_with_one_s_own_layer_only(username, makers):
    desk = factories.desk("water", blind=True)
    factories.annotation(desk.article, "a crack", tag="evidence", by="ben")
    [line] = lines(username, project="water")
    assert {layer["owner"] for layer in line["layers"]} == makers
    assert {annotation["created_by"] for annotation in line["annotations"]} == makers
    assert {row["created_by"] for row in rows(username, project="water")} == makers
    if username != "ana":
        assert "mayor's office" not in json.dumps([line["sources"], line["source_links"]])
    with services.acts.act("open", project_id=desk.project.pk, by=factories.actor("mona")):
        connection.cursor().execute("UPDATE layer SET opened_at = now()")
    [line] = lines(username, project="water")
    assert {layer["owner"] for layer in line["layers"]} == {"ana", "ben"}


def test_layer_filter_leaves_out_articles_without_such_a_layer():
    desk = full_desk()
    factories.article(desk.project, title="Another", text="Another\nNothing yet.\n")
    assert len(lines("ana", project="water")) == 2
    [own] = lines("ana", project="water", layer="own")
    assert {annotation["created_by"] for annotation in own["annotations"]} == {"ana"}
    assert len(own["layers"]) == 1
    assert (
        lines("vic", project="water", layer="own") == lines("vic", project="water", layer="reference") == []
    )
    [by_id] = lines("vic", project="water", layer=own["layers"][0]["id"])
    assert by_id == own
    assert {row["owner"] for row in rows("ana", project="water", layer="own")} == {"ana"}


def test_articles_come_in_order_and_one_can_be_asked_for():
    project = factories.project("water")
    articles = [
        factories.article(project, title=f"Title {n}", text=f"Title {n}\nWords.\n") for n in range(30)
    ]
    assert [line["article"]["id"] for line in lines("vic", project="water")] == [
        str(row.id) for row in articles
    ]
    [one] = lines("vic", article=articles[7].id)
    assert one["article"]["title"] == "Title 7"


def test_article_with_more_than_one_part_comes_whole(monkeypatch):
    desk = full_desk()
    for _ in range(7):
        factories.annotation(desk.article, "a crack", tag="evidence")
    whole = exported("vic", project="water")
    monkeypatch.setattr(interchange.interchange_sql, "_TOGETHER", 2)
    assert interchange.interchange_sql._section(1, "x", "y").count("/ 2 ") == 1
    assert exported("vic", project="water") == whole
    monkeypatch.setattr(interchange.interchange_sql, "FULL", 3)  # large articles are read section by section
    assert exported("vic", project="water") == whole


def test_articles_are_looked_up_and_read_in_batches_and_none_is_left_out(monkeypatch):
    desk = full_desk()
    for number in range(5):
        factories.annotation(
            factories.article(desk.project, title=f"Title {number}"), "a crack", tag="evidence"
        )
    whole, table = exported("vic", project="water"), rows("vic", project="water")
    assert (len(lines("vic", project="water")), len(table)) == (6, 8)
    monkeypatch.setattr(interchange, "_FIRST", 1)
    monkeypatch.setattr(interchange, "_GROWTH", 1)
    for together in (1, 2, 5, 6):
        monkeypatch.setattr(interchange.interchange_sql, "LOOKED_UP", together)
        assert exported("vic", project="water") == whole
        assert rows("vic", project="water") == table


def test_csv_has_a_row_an_annotation_with_its_links_and_relations_flattened():
    desk = full_desk()
    table = {row["id"]: row for row in rows("vic", project="water")}
    assert len(table) == 3
    crack = next(row for row in table.values() if row["tag"] == "evidence")
    assert (crack["start"], crack["end"], crack["spans"]) == ("116", "140", "116-126; 133-140")
    assert (crack["document"], crack["document_stance"], crack["document_url"]) == (
        *("The minutes", "refutes"),
        "https://example.org/5",
    )
    assert (crack["refutes"], crack["owner"], crack["layer_kind"]) == (desk.claim.id, "ben", "person")
    assert json.loads(crack["attributes"]) == {"evidence_type": "image", "unsure": True}
    denial, claim = table[desk.denial.id], table[desk.claim.id]
    assert (denial["denies"], denial["speaker"], denial["on_behalf_of"]) == (
        *(desk.claim.id, "The mayor's office"),
        "The minutes",
    )
    assert (claim["status"], claim["speaker_as_named"], claim["exact"]) == (
        *("change_asked", "The mayor"),
        "the bridge was checked in May",
    )


def test_csv_of_the_api_starts_no_formula():
    desk = factories.desk("water")
    services.annotations.update(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"), note="=1+1")
    client = Client()
    client.force_login(factories.user("vic"))
    response = client.get("/api/v1/exports/csv/", {"project": "water"})
    assert response["Content-Disposition"] == 'attachment; filename="water.csv"'
    assert response["Content-Type"].startswith("text/csv")
    assert b'"\'=1+1"' in b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("username", "query", "status"),
    [
        ("vic", {"project": "water"}, 200),
        ("eve", {"project": "water"}, 404),
        ("vic", {"project": "no-such"}, 404),
        ("vic", {"article": "018f2f60-0000-7000-8000-000000000001"}, 404),
        ("vic", {}, 422),
        ("vic", {"project": "water", "layer": "all"}, 422),
        ("vic", {"project": "water", "tag": "claim"}, 422),
    ],
)
def test_export_over_the_api_answers(username, query, status):
    factories.desk("water")
    client = Client()
    client.force_login(factories.user(username))
    assert client.get("/api/v1/exports/jsonl/", query).status_code == status
    assert client.get("/api/v1/exports/xml/", query).status_code == 404
    assert Client().get("/api/v1/exports/jsonl/", query).status_code == 401


def test_outsider_is_told_the_same_of_an_article_that_is_and_one_that_is_not():
    desk = factories.desk()
    for article in (desk.article.id, UUID(int=1)):
        with pytest.raises(NotFound):
            interchange.select(factories.user("eve").pk, article=article)
    with pytest.raises(Invalid):
        interchange.select(None, project=desk.project.slug, layer="own")


@pytest.mark.django_db(transaction=True)
def test_export_is_one_snapshot_and_needs_no_connection_of_the_request():
    desk = factories.desk("water")
    for n in range(3):
        factories.article(desk.project, title=f"Title {n}", text=f"Title {n}\n" + "Words. " * 20_000)
    client = Client()
    client.force_login(factories.user("vic"))
    stream = iter(client.get("/api/v1/exports/jsonl/", {"project": "water"}).streaming_content)
    assert connection.connection is None
    first = next(stream)
    factories.article(desk.project, title="Late", text="Late\n")
    factories.annotation(desk.article, "a crack", tag="evidence")
    found = [json.loads(line) for line in (first + b"".join(stream)).splitlines()]
    assert [line["article"]["title"] for line in found] == [factories.TITLE, "Title 0", "Title 1", "Title 2"]
    assert len(found[0]["annotations"]) == 2


def test_head_reads_nothing():
    factories.desk("water")
    client = Client()
    client.force_login(factories.user("vic"))
    response = client.head("/api/v1/exports/jsonl/", {"project": "water"})
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")


@pytest.mark.django_db(transaction=True)
def test_export_without_a_connection_to_be_had_is_busy_and_no_broken_download(monkeypatch):
    factories.desk("water")
    client = Client()
    client.force_login(factories.user("vic"))

    def none_left(alias):
        raise OperationalError("couldn't get a connection after 10.00 sec")

    monkeypatch.setattr(interchange.connections, "create_connection", none_left)
    response = client.get("/api/v1/exports/jsonl/", {"project": "water"})
    assert (response.status_code, response["Retry-After"], response.json()["code"]) == (503, "2", "busy")


@pytest.mark.django_db(transaction=True)
def test_export_that_is_dropped_halfway_leaves_nothing_behind():
    desk = factories.desk("water")
    factories.article(desk.project, title="Long", text="Long\n" + "Words. " * 50_000)
    for name in ("jsonl", "csv"):
        stream = interchange.export(name, interchange.select(None, project="water"))
        next(stream)
        stream.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle' AND backend_type = 'client backend'"
        )
        assert cursor.fetchone()[0] == 0


def test_talk_is_exported_with_what_it_is_about():
    desk = factories.desk("water")
    on_claim = factories.thread(desk.claim, "Is that all, @rita?")
    factories.comment(on_claim, "All.")
    factories.thread(desk.article, "The headline was changed.")
    gone = factories.annotation(desk.article, "picture", tag="evidence")
    factories.thread(gone, "Of what was withdrawn")
    services.annotations.withdraw(annotation_id=UUID(gone.id), by=factories.actor("ana"))
    [line] = lines("vic", project="water")
    told = [
        (thread["annotation"], [said["body"] for said in thread["comments"]]) for thread in line["threads"]
    ]
    assert told == [(desk.claim.id, ["Is that all, @rita?", "All."]), (None, ["The headline was changed."])]
    [own] = lines("ana", project="water", layer="own")
    assert [thread["annotation"] for thread in own["threads"]] == [desk.claim.id]


def test_talk_of_a_closed_layer_leaves_only_with_its_owner():
    desk = factories.desk("blind", blind=True)
    factories.thread(desk.claim, "Heliotrope", by="ana")
    for name in ("ben", "mona", None):
        assert "Heliotrope" not in exported(name, project="blind").decode()
    assert "Heliotrope" in exported("ana", project="blind").decode()
