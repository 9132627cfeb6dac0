"""Every format has what its asker may see: tables that join, a brat collection, rows of tokens."""

import csv
import io
import json
import zipfile
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from factcheck import services
from factcheck.exports.csv import unescape_cell
from factcheck.exports.registry import FORMATS
from factcheck.intake import brat
from factcheck.intake.readers import File, Options
from factcheck.queries import interchange
from tests import factories
from tests.interchange.desk import full_desk
from tests.interchange.test_export import exported, lines

pytestmark = pytest.mark.django_db

# What a line of the interchange format has that no table has as it is, and is looked at by itself.
APART = {
    "annotations": {"spans", "attributes"},
    "layers": set(),
    "relations": {"attributes", "void"},
    "sources": {"aliases", "standing"},
    "source_links": {"cue", "passage", "void"},
    "reviews": {"proposal"},
    "review_responses": set(),
    "proposed_annotations": {"spans", "attributes"},
    "reviewers": set(),
    "threads": {"comments"},
}


def archive(username, name, **chosen):
    return zipfile.ZipFile(io.BytesIO(exported(username, name, **chosen)))


def tables(username, **chosen):
    opened = archive(username, "csv-zip", **chosen)
    found = {}
    for name in opened.namelist():
        reader = csv.DictReader(io.StringIO(opened.read(name).decode(), newline=""))
        found[name.removesuffix(".csv")] = [
            {key: unescape_cell(cell) for key, cell in row.items()} for row in reader
        ]
    return found


def as_cell(value):
    return "" if value is None else str(value)


def told(data, username="ana"):
    """Return what the reader tells of a brat archive."""
    opened = zipfile.ZipFile(io.BytesIO(data))
    files = [File(name, lambda name=name: opened.open(name)) for name in opened.namelist()]
    return list(brat.read([file for file in files if file.name.endswith(brat.SUFFIXES)], Options()))


def test_tables_have_what_the_line_has():
    desk = full_desk()
    factories.source(desk.project, "Nobody asked")
    [line], found = lines("vic", project="water"), tables("vic", project="water")
    for name, apart in APART.items():
        assert len(found[name]) == len(line[name]) > 0
        for row, thing in zip(found[name], line[name], strict=True):
            same = [key for key in thing if key not in apart]
            assert [row[key] for key in same] == [as_cell(thing[key]) for key in same], name
    [article], [text] = found["articles"], found["texts"]
    assert {key: article[key] for key in line["article"] if key != "text"} | {"text": text["text"]} == line[
        "article"
    ]
    assert int(article["length"]) == len(text["text"])
    spans = [
        {"annotation": thing["id"], "number": str(nth)} | {key: as_cell(span[key]) for key in span}
        for thing in line["annotations"]
        for nth, span in enumerate(thing["spans"], 1)
    ]
    assert found["spans"] == spans
    assert {row["name"]: row["value"] for row in found["attributes"]} == {
        "evidence_type": "image",
        "unsure": "true",
    }
    assert [json.loads(row["attributes"]) for row in found["annotations"]] == [
        thing["attributes"] for thing in line["annotations"]
    ]
    assert [json.loads(row["aliases"]) for row in found["sources"]] == [
        source["aliases"] for source in line["sources"]
    ]
    said = {
        one["id"]: one | {"thread": thread["id"]} for thread in line["threads"] for one in thread["comments"]
    }
    assert len(found["comments"]) == len(said) == 4
    for row in found["comments"]:
        told = said[row["id"]]
        assert json.loads(row.pop("mentions")) == told.pop("mentions")
        assert row == {key: as_cell(value) for key, value in told.items()}
    [cue] = found["cues"]
    assert (cue["start"], cue["end"]) == ("21", "30")
    assert json.loads(found["reviews"][0]["proposal"]) == line["reviews"][0]["proposal"]
    [missed], [told] = found["proposed_annotations"], line["proposed_annotations"]
    assert json.loads(missed["attributes"]) == told["attributes"] == {"unsure": True}
    assert (missed["spans"], missed["exact"]) == ("0-10; 14-20", "The bridge closed")
    for name in ("relations", "source_links"):
        assert [row["void"] for row in found[name]] == [str(one["void"]).lower() for one in line[name]]


def test_tables_tell_the_scheme():
    full_desk()
    found = tables("vic", project="water")
    [line] = lines("vic", project="water")
    scheme = line["project"]["scheme"]
    assert found["project"][0]["guidelines"] == line["project"]["guidelines"]
    assert [row["name"] for row in found["tags"]] == [tag["name"] for tag in scheme["tags"]]
    pairs = [[kind["name"], *pair] for kind in scheme["relation_kinds"] for pair in kind["pairs"]]
    assert [list(row.values()) for row in found["relation_pairs"]] == pairs
    assert [(row["tag"], json.loads(row["schema"])) for row in found["attribute_schemas"]] == [
        (item["tag"] or "", item["schema"])
        for item in sorted(scheme["attributes"], key=lambda item: item["tag"] or "")
    ]


def test_captured_texts_and_passages_are_in_tables():
    desk = factories.desk("water")
    minutes = factories.source(desk.project, "The minutes", kind="document")
    captured = services.source_texts.create(
        source_id=minutes.id, text="They say: no.", by=factories.actor("ana")
    ).row
    services.source_links.create(
        annotation_id=UUID(desk.claim.id),
        source_id=minutes.id,
        role="document",
        by=factories.actor("ana"),
        stance="refutes",
        passage=services.source_texts.Passage(captured.id, 10, 12),
    )
    found = tables("vic", project="water")
    [text] = found["source_texts"]
    assert text["text"] == "They say: no."
    link = next(row for row in found["source_links"] if row["role"] == "document")
    assert link["source_text"] == text["id"]
    assert text["text"][int(link["passage_start"]) : int(link["passage_end"])] == link["quote"] == "no"


@pytest.mark.parametrize("name", ["csv-zip", "brat", "conll"])
@pytest.mark.parametrize(
    ("username", "seen"), [("ana", True), ("ben", False), ("mona", False), (None, False)]
)
def test_blind_project_leaves_with_one_s_own_layer_only(name, username, seen):
    desk = factories.desk("water", blind=True)
    found = exported(username, name, project="water")
    if name != "conll":
        opened = zipfile.ZipFile(io.BytesIO(found))
        found = b"".join(opened.read(one) for one in opened.namelist())
    assert (desk.claim.id.encode() in found or b"B-claim" in found) == seen
    assert (b"mayor's office" in found) == (seen and name != "conll")


def test_filters_narrow_tables_as_they_do_lines():
    desk = full_desk()
    other = factories.article(desk.project, title="Another", text="Another\nNothing yet.\n")
    whole = tables("ana", project="water")
    assert len(whole["articles"]) == len(whole["texts"]) == 2
    own = tables("ana", project="water", layer="own")
    assert [row["owner"] for row in own["layers"]] == ["ana"]
    assert {row["created_by"] for row in own["annotations"]} == {"ana"}
    assert len(own["articles"]) == 1
    one = tables("ana", article=other.id)
    assert [row["title"] for row in one["articles"]] == ["Another"]
    assert one["annotations"] == one["spans"] == one["layers"] == one["sources"] == []
    assert tables("ana", project="water", layer="reference")["articles"] == []


def test_withdrawn_things_are_in_no_format():
    desk = full_desk()
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"))
    found = tables("vic", project="water")
    assert found["reviews"] == found["relations"] == []
    assert desk.claim.id not in json.dumps(found)
    assert "B-claim" not in exported("vic", "conll", project="water").decode()
    opened = archive("vic", "brat", project="water")
    assert not any(desk.claim.id.encode() in opened.read(name) for name in opened.namelist())


def test_brat_archive_is_read_back_as_what_the_line_says():
    full_desk()
    [line] = lines("vic", project="water")
    [found] = told(exported("vic", "brat", project="water"))
    assert found.line["article"] == line["article"]
    assert found.line["layers"] == line["layers"]
    for thing in line["annotations"]:
        del thing["status"]
    assert sorted(found.line["annotations"], key=lambda thing: thing["id"]) == line["annotations"]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_goes_out_over_the_api(name):
    factories.desk("water")
    client = Client()
    client.force_login(factories.user("vic"))
    response = client.get(f"/api/v1/exports/{name}/", {"project": "water"})
    assert response.status_code == 200
    assert response["Content-Type"] == FORMATS[name].media_type
    assert response["Content-Disposition"] == f'attachment; filename="water.{FORMATS[name].extension}"'
    first = b"".join(response.streaming_content)
    assert first
    again = client.get(f"/api/v1/exports/{name}/", {"project": "water"})
    assert b"".join(again.streaming_content) == first


NAUGHTY = [
    "=HYPERLINK(1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1",
    "-1",
    "\ttab",
    "＝1",
    "'=x",
    'a "b", c\r\nd',
    "a\u2028b\x85c\x1cd",
    "Ω≈ç√∫˜µ≤≥÷ ⁰⁴⁵",
    "👩‍👩‍👧‍👦 🇩🇪",
    "ثم نفس سقطت",
    "\u202etest\u202c",
    "<script>alert(0)</script>",
    "../../../etc/passwd%00",
    "T1\tclaim 0 1\tx",
    "#1\tAnnotatorNotes T1\tx",
    "# title = x",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    " lead and trail ",
]


def test_naughty_texts_come_back_from_every_format_that_can_carry_them():
    project = factories.project("water")
    for nth, words in enumerate(NAUGHTY):
        text = f"{words}\nA claim: {words}.\n"
        article = factories.article(project, title=f"{words} {nth}", text=text)
        stored = text.replace("\r\n", "\n")
        start = stored.index(": ") + 2
        services.annotations.create(
            article_id=article.id,
            tag="claim",
            spans=[(start, start + len(words.replace("\r\n", "\n")))],
            by=factories.actor("ana"),
            note=words,
            attributes={"said_where": words},
        )
    told_lines = {line["article"]["id"]: line for line in lines("vic", project="water")}
    assert len(told_lines) == len(NAUGHTY)
    data = exported("vic", "brat", project="water")
    for found in told(data):
        line = told_lines[found.line["article"]["id"]]
        assert found.refused == ()
        assert found.line["article"] == line["article"]
        del line["annotations"][0]["status"]
        assert found.line["annotations"] == line["annotations"]
    opened = archive("vic", "csv-zip", project="water")
    for name in opened.namelist():
        for row in csv.reader(io.StringIO(opened.read(name).decode(), newline="")):
            assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row)
    found = tables("vic", project="water")
    notes = {row["article"]: row["note"] for row in found["annotations"]}
    for row in found["texts"]:
        line = told_lines[row["article"]]
        assert row["text"] == line["article"]["text"]
        assert notes[row["article"]] == line["annotations"][0]["note"]
    texts = {key: line["article"]["text"] for key, line in told_lines.items()}
    article = ""
    for row in exported("vic", "conll", project="water").decode().splitlines():
        if row.startswith("# article = "):
            article = row.removeprefix("# article = ")
        if row and not row.startswith("# "):
            start, end, token, *tags = row.split("\t")
            assert len(tags) == 3
            assert texts[article][int(start) : int(end)] == token


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["csv-zip", "brat", "conll"])
def test_export_that_is_dropped_halfway_leaves_nothing_behind(name):
    desk = factories.desk("water")
    factories.article(desk.project, title="Long", text="Long\n" + "Words. " * 50_000)
    stream = interchange.export(name, interchange.select(None, project="water"))
    next(stream)
    stream.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle' AND backend_type = 'client backend'"
        )
        assert cursor.fetchone()[0] == 0
