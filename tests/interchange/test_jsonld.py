"""The JSON-LD export says what the jsonl export says, for whoever asks and whatever is in the texts."""

import io
import json
import sys
from uuid import UUID

import pytest
from django.core.management import call_command

from factcheck import services
from factcheck.queries import interchange
from tests import factories
from tests.exports.lines import back_to_lines
from tests.exports.musts import broken_musts
from tests.exports.test_jsonld import NASTY
from tests.interchange.desk import full_desk

pytestmark = pytest.mark.django_db
BASE = "http://testserver/api/v1/"


def exported(name, username=None, **chosen):
    viewer = factories.user(username).pk if username else None
    return b"".join(interchange.export(name, interchange.select(viewer, **chosen)))


def assert_says_the_same(username=None, **chosen):
    told = json.loads(exported("jsonld", username, **chosen))
    lines = [json.loads(line) for line in exported("jsonl", username, **chosen).splitlines()]
    assert back_to_lines(told) == lines
    for page in told["pages"]:
        assert [broken_musts(one) for one in page["items"]] == [[]] * len(page["items"])
    return told


@pytest.mark.parametrize("base", [None, BASE])
def test_everything_of_a_desk_is_in_it(base):
    desk = full_desk()
    factories.article(desk.project, title="Another", text="Nothing is marked here.")
    told = assert_says_the_same("vic", project="water", base=base)
    assert told["total"] == 5
    assert_says_the_same("vic", article=desk.article.id, base=base)
    assert_says_the_same("ben", project="water", layer="own", base=base)


@pytest.mark.parametrize("nasty", NASTY)
def test_texts_come_through_unchanged(nasty):
    project = factories.project("nasty")
    article = factories.article(project, title="T", text=f"Before {nasty} after", publisher=nasty)
    claim = services.annotations.create(
        article_id=article.id, tag="claim", spans=[(0, 3), (5, article.length - 2)], by=factories.actor("ana"),
        note=nasty,
    ).row  # fmt: skip
    said = factories.source(project, f"X {nasty}", description=nasty)
    factories.link(claim, said, as_named=nasty, note=nasty)
    factories.relation(factories.annotation(article, "after", tag="denial"), claim, note=nasty)
    told = assert_says_the_same(project="nasty")
    assert told["pages"][0]["items"][0]["body"][1]["value"] == nasty
    assert told["pages"][0]["article"]["publisher"] == nasty


def test_a_blind_layer_is_not_in_it():
    desk = factories.desk("water", blind=True)
    assert assert_says_the_same(project="water")["total"] == 0
    assert assert_says_the_same("rita", project="water")["total"] == 0
    assert assert_says_the_same("ana", project="water")["total"] == 3
    services.annotations.withdraw(annotation_id=UUID(desk.denial.id), by=factories.actor("ana"))
    assert assert_says_the_same("ana", project="water")["total"] == 1


def test_names_are_the_same_each_time_and_differ_by_what_is_chosen():
    desk = full_desk()
    told = [json.loads(exported("jsonld", "ana", **chosen))["id"] for chosen in (
        {"project": "water"}, {"project": "water"}, {"article": desk.article.id},
        {"project": "water", "layer": "own"}, {"project": "water", "base": BASE},
        {"project": "water", "layer": "own", "base": BASE},
    )]  # fmt: skip
    assert told[0] == told[1]
    assert len(set(told)) == 5
    assert told[-1] == f"{BASE}exports/jsonld/?project=water&layer=own"


def test_the_command_writes_it(monkeypatch):
    full_desk()
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    call_command("export", "jsonld", project="water")
    assert json.loads(out.buffer.getvalue())["pages"][0]["items"][0]["id"].startswith("urn:uuid:")
