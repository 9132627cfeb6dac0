"""`GET /api/v1/changes/` as a program uses it."""

import pytest
from django.db import connection
from django.test import Client

from factcheck import services
from factcheck.queries import feed
from tests import factories
from tests.feed.test_feed import NOT_ON_THE_DESK
from tests.interchange import naughty
from tests.interchange.desk import full_desk

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/changes/"


def client(username):
    _token, secret = services.tokens.create(user=factories.user(username), name="pull", scope="read")
    return Client(headers={"authorization": f"Bearer {secret}"})


def get(asking, status=200, **query):
    response = asking.get(ADDRESS, query)
    assert response.status_code == status, response.content
    return response.json()


def test_first_poll_of_a_new_database_tells_everything_and_the_next_nothing():
    desk = factories.desk("water")
    vic = client("vic")
    told = get(vic, limit=1000)
    assert set(told) == {"results", "cursor", "more"}
    assert told["more"] is False
    first = told["results"][0]
    assert set(first) == {"type", "id", "project", "article", "op", "version", "revision", "at", "by"}
    assert (first["type"], first["op"], first["project"], first["id"]) == (
        *("project", "create", "water"),
        str(desk.project.pk),
    )
    again = get(vic, after=told["cursor"])
    assert (again["results"], again["more"], again["cursor"]) == ([], False, told["cursor"])


def test_now_is_after_everything():
    desk = factories.desk()
    vic = client("vic")
    now = get(vic, **{"from": "now"})
    assert (now["results"], now["more"]) == ([], False)
    factories.annotation(desk.article, "photograph", tag="evidence")
    assert [line["type"] for line in get(vic, after=now["cursor"])["results"]] == ["annotation"]


def with_pairs_in_order(kind):
    return kind | ({"pairs": sorted(kind["pairs"])} if "pairs" in kind else {})


def test_present_states_are_those_of_the_things_own_addresses():
    desk = factories.desk("water")
    vic = client("vic")
    things = {
        "article": "articles",
        "annotation": "annotations",
        "relation": "relations",
        "source": "sources",
    }
    things |= {"source_link": "source-links", "layer": "layers"}
    lines = get(vic, include="object", limit=1000)["results"]
    assert {line["type"] for line in lines} == set(feed.TYPES) - NOT_ON_THE_DESK
    for line in lines:
        if line["type"] in things:
            own = vic.get(f"/api/v1/{things[line['type']]}/{line['id']}/")
            assert line["object"] == own.json(), line["type"]
    whole = vic.get("/api/v1/projects/water/").json()
    objects = {}
    for line in lines:
        objects.setdefault(line["type"], []).append(line["object"])
    assert objects["project"] == [whole]
    for part, addresses in (("tag", "tags"), ("relation_kind", "relation-kinds")):
        own = [vic.get(f"/api/v1/projects/water/{addresses}/{one['name']}/").json() for one in objects[part]]
        assert list(map(with_pairs_in_order, objects[part])) == list(map(with_pairs_in_order, own))
    assert sorted(map(str, objects["attribute_schema"])) == sorted(map(str, whole["scheme"]["attributes"]))
    assert {"mona": "manager", "vic": "viewer"}.items() <= {
        m["user"]: m["role"] for m in objects["membership"]
    }.items()
    assert str(desk.article.id) in {line["article"] for line in lines}


def test_an_annotation_is_told_byte_for_byte_as_its_own_address_shows_it():
    desk = full_desk()
    ana = factories.actor("ana")
    minutes = factories.source(desk.project, "Minutes", kind="document")
    text = services.source_texts.create(source_id=minutes.id, text="Cover\nIt was closed.\n", by=ana).row
    passage = services.source_texts.Passage(text.id, 6, 19)
    factories.link(desk.claim, minutes, role="document", passage=passage, note="\n".join(naughty.STRINGS))
    factories.annotation(desk.article, "photograph", tag="evidence", note="\n".join(naughty.STRINGS))
    with connection.cursor() as cursor:  # a second without a fraction, as one in a million is
        cursor.execute("ALTER TABLE annotation DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE annotation SET created_at = '2026-11-26T08:00:00Z' WHERE id = %s", [desk.denial.id]
        )
        cursor.execute("ALTER TABLE annotation ENABLE TRIGGER USER")
    vic = client("vic")
    told = vic.get(ADDRESS, {"include": "object", "type": "annotation", "limit": 1000}).content
    ids = [annotation["id"] for annotation in vic.get("/api/v1/annotations/?limit=1000").json()["results"]]
    assert len(ids) == 4
    for key in ids:
        assert b'"object":' + vic.get(f"/api/v1/annotations/{key}/").content in told


def test_what_is_withdrawn_has_no_present_state():
    desk = factories.desk()
    vic = client("vic")
    services.relations.withdraw(relation_id=desk.denies.id, by=factories.actor("ana"))
    lines = get(vic, include="object", type="relation")["results"]
    assert [(line["op"], line["object"]) for line in lines] == [("create", None), ("delete", None)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "nonsense"}, "after"),
        ({"after": ""}, "after"),
        ({"limit": "0"}, "limit"),
        ({"type": "verdict"}, "type"),
        ({"include": "everything"}, "include"),
        ({"from": "yesterday"}, "from"),
        ({"from": "now", "after": "x"}, "from"),
        ({"since": "2026"}, "since"),
    ],
)
def test_bad_filter_is_refused_by_name(query, field):
    problem = get(client("vic"), 422, **query)
    assert (problem["code"], problem["field"]) == ("invalid", field)


def test_cursor_of_a_restored_backup_is_gone():
    factories.desk()
    vic = client("vic")
    cursor = get(vic)["cursor"]
    services.feed.start_epoch(anew=True)
    assert get(vic, 410, after=cursor)["code"] == "cursor_expired"


def test_stranger_learns_nothing_and_nobody_is_asked_to_sign_in():
    factories.desk("water")
    assert get(client("eve"))["results"] == []
    assert get(client("eve"), 404, project="water")["code"] == "not_found"
    assert Client().get(ADDRESS).status_code == 401


def test_many_projects_fit_into_one_cursor():
    factories.user("mona")
    for nth in range(60):
        services.projects.create(slug=f"p{nth}", name="P", by=factories.actor("mona"))
    cursor = get(client("mona"), **{"from": "now"})["cursor"]
    assert len(cursor) < 60 * 50
