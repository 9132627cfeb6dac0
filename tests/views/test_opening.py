"""What leaves a blind project before its layers open, by release, import and export; afterwards all is there."""

import json
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factcheck import queries, services
from factcheck.exports.registry import FORMATS
from factcheck.queries import interchange
from tests import factories
from tests.factories import actor
from tests.views.closed_layer import COLLEAGUES, FIELDS, MARK, World, begin, client, fill, said, traces, words

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_of_a_closed_layer_is_in_a_release_an_import_or_what_the_system_exports() -> None:
    world = fill(begin())
    mona = client("mona")
    services.releases.make(project_id=queries.projects.id_of("demo"), name="v2", by=actor("mona"))
    listed = mona.get("/api/v1/projects/demo/releases/v2/").json()
    files = [one["name"] for one in listed["manifest"]["files"]]
    assert len(files) > len(FORMATS)
    for address in (
        *(f"/api/v1/projects/demo/releases/v2/files/{name}/" for name in files),
        *("/api/v1/projects/demo/releases/v2/", "/projects/demo/releases/v2/"),
    ):
        assert traces(world, "mona", address, said(mona.get(address))) == [], address
    for name in FORMATS:
        told = b"".join(interchange.export(name, interchange.select(None, project="demo")))
        assert MARK.encode() not in told, name
    # What is hers is brought in again, as somebody would who guesses at it: the preview does not say that it is here.
    text = mona.get(f"/api/v1/articles/{world.article}/text/").content.decode()
    guessed = {"tag": "denial", "spans": [{"start": text.index("denied"), "end": text.index("denied") + 16}]}
    article = {"id": world.article, "title": factories.TITLE, "text": text}
    line = {"article": article, "annotations": [guessed | {"created_by": "ana"}]}
    sent = SimpleUploadedFile("guess.jsonl", json.dumps(line).encode())
    assert mona.post("/projects/demo/import/", {"file": [sent]}).status_code == 303
    shown = said(mona.get("/projects/demo/import/"))
    assert "not open yet" in shown
    assert traces(world, "mona", "", shown) == []


def test_once_opened_everything_is_there_for_each_of_them() -> None:
    world = fill(begin())
    services.layers.submit(layer_id=UUID(world.layer), by=actor("ana"))
    [bens] = client("mona").get("/api/v1/layers/?project=demo&owner=ben").json()["results"]
    services.layers.submit(layer_id=UUID(bens["id"]), by=actor("ben"))
    for colleague in COLLEAGUES:
        _finds_everything(client(colleague), world)


def _finds_everything(browser: Client, world: World) -> None:
    everything = (
        "exports/jsonl/?project=demo",
        "exports/jsonld/?project=demo",
        "exports/csv-zip/?project=demo",
    )
    for door in everything[:2]:
        told = said(browser.get(f"/api/v1/{door}"))
        assert [field for field in FIELDS if words(field) not in told] == [], door
    told = said(browser.get("/api/v1/exports/jsonl/?project=demo&answers=first"))
    talk = ["thread", "comment", "about"]  # is no part of an answer
    assert [field for field in FIELDS if words(field) not in told] == talk
    doors = {
        "/api/v1/changes/?project=demo&include=object": ("note", "relation", "source", "named"),
        "/api/v1/annotations/?q=secretly": ("note", "begun"),
        "/api/v1/sources/?q=secretly": ("source", "paper"),
        "/projects/demo/sources/?q=secretly": ("source",),
        "/projects/demo/sources/suggest/?role=speaker&q=zebra": ("source",),
        f"/sources/{world.hers['source']}/": ("source", "description"),
        f"/articles/{world.article}/": ("note", "source"),
        f"/api/v1/articles/{world.article}/w3c/": ("note", "relation", "named"),
        f"/api/v1/articles/{world.article}/map/?layer={world.layer}": ("source",),
        f"/api/v1/annotations/{world.hers['claim']}/": ("note", "attribute", "named", "quote"),
        "/api/v1/exports/csv/?project=demo": ("note", "source"),
        "/api/v1/source-links/?project=demo": ("link", "locator", "quote"),
        "/api/v1/relations/?project=demo": ("relation",),
        "/api/v1/comments/?project=demo": ("thread", "comment", "about"),
        f"/articles/{world.article}/talk/": ("thread", "comment", "about"),
    }
    for door, fields in doors.items():
        told = said(browser.get(door))
        assert [field for field in fields if words(field) not in told] == [], (door, told[:300])
