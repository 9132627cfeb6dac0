"""Lists: cut by id, filtered, tagged; a filter that is not right is named; as many queries for many as for few."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck import services
from tests import factories
from tests.api.client import Api, problem

LISTS = (
    "projects",
    "projects/demo/members",
    "articles",
    "annotations",
    "relations",
    "sources",
    "source-links",
)
LISTS += ("layers", "reviews", "threads", "comments", "notices")


def _many(desk: factories.Desk, number: int) -> list[str]:
    """Make many annotations, each linked to the mayor, and return their ids."""
    made = []
    for start in range(number):
        row = services.annotations.create(
            article_id=desk.article.id,
            tag="claim",
            spans=[(start % 60, start % 60 + 5)],
            by=factories.actor("ana"),
        ).row
        factories.link(row, desk.mayor)
        made.append(row.id)
    return made


def test_a_list_is_walked_by_next_and_previous(ana: Api, desk: factories.Desk) -> None:
    ids = [desk.claim.id, desk.denial.id, *_many(desk, 5)]
    first = ana.get("annotations/?limit=3&article=" + str(desk.article.id)).json()
    assert [row["id"] for row in first["results"]] == ids[:3]
    assert first["previous"] is None
    assert first["next"].startswith("http://testserver/api/v1/annotations/?")
    second = ana.get(first["next"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in second["results"]] == ids[3:6]
    third = ana.get(second["next"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in third["results"]] == ids[6:]
    assert third["next"] is None
    back = ana.get(third["previous"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in back["results"]] == ids[3:6]
    assert back["next"] is not None
    assert [row["id"] for row in ana.all("annotations/?limit=2")] == ids


def test_past_either_end_the_way_back_is_shown(ana: Api, desk: factories.Desk) -> None:
    past = ana.get("annotations/?after=ffffffff-ffff-ffff-ffff-ffffffffffff").json()
    assert (past["results"], past["next"]) == ([], None)
    assert len(ana.get(past["previous"].removeprefix("http://testserver")).json()["results"]) == 2
    before = ana.get("annotations/?before=00000000-0000-0000-0000-000000000000").json()
    assert (before["results"], before["previous"]) == ([], None)
    assert len(ana.get(before["next"].removeprefix("http://testserver")).json()["results"]) == 2


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_one_shape_and_an_entity_tag(ana: Api, path: str) -> None:
    answer = ana.get(f"{path}/")
    assert set(answer.json()) == {"next", "previous", "results"}
    assert answer["Cache-Control"] == "private, no-cache"
    again = ana.get(f"{path}/", If_None_Match=answer["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert ana.get(f"{path}/", If_None_Match='"other"').status_code == 200


def test_the_entity_tag_follows_the_body(ana: Api, desk: factories.Desk) -> None:
    held = ana.get("annotations/")["ETag"]
    ana.patch(f"annotations/{desk.claim.id}/", {"note": "Hm."})
    assert ana.get("annotations/", If_None_Match=held).status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "after=5", "colour=red", "limit=1&limit=2"]
)
def test_a_filter_that_is_not_right_is_named(ana: Api, path: str, query: str) -> None:
    problem(ana.get(f"{path}/?{query}"), 422, "invalid", query.split("=")[0])


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("annotations", "article=5"),
        ("annotations", "layer=mine"),
        ("annotations", "status=good"),
        ("annotations", "source=%7B0190b8b2-0000-7000-8000-000000000000%7D"),
        ("annotations", "updated_after=yesterday"),
        ("annotations", "updated_after=2026-10-21"),
        ("annotations", "updated_after=2026-10-21T10:00:00"),
        ("annotations", "updated_after=2026-13-21T10:00:00Z"),
        ("annotations", "withdrawn=maybe"),
        ("annotations", "q="),
        ("annotations", "q=%00"),
        ("annotations", "q=%25"),
        ("annotations", "q=" + "x" * 501),
        ("annotations", "tag=%00"),
        ("annotations", "project=%00"),
        ("relations", "subject=x"),
        ("sources", "kind=robot"),
        ("source-links", "role=friend"),
        ("layers", "state=lost"),
        ("reviews", "decision=maybe"),
    ],
)
def test_a_value_that_no_filter_takes_is_refused(ana: Api, path: str, query: str) -> None:
    problem(ana.get(f"{path}/?{query}"), 422, "invalid", query.split("=")[0])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project=demo", {"claim", "denial"}),
        ("project=other", set()),
        ("article={article}", {"claim", "denial"}),
        ("layer=own", {"claim", "denial"}),
        ("layer=reference", set()),
        ("layer={layer}", {"claim", "denial"}),
        ("tag=denial", {"denial"}),
        ("tag=none", set()),
        ("created_by=ana", {"claim", "denial"}),
        ("created_by=ben", set()),
        ("status=pending", {"claim", "denial"}),
        ("status=approved", set()),
        ("source={mayor}", {"claim"}),
        ("q=CHECKED", {"claim"}),
        ("q=check*", {"claim"}),
        ("updated_after=2000-01-01T00:00:00Z", {"claim", "denial"}),
        ("updated_after=2999-01-01T00:00:00%2B02:00", set()),
        ("updated_after=2999-01-01T00:00:00+02:00", set()),
        ("tag=claim&created_by=ana&project=demo", {"claim"}),
    ],
)
def test_annotations_are_filtered(ana: Api, desk: factories.Desk, query: str, found: set[str]) -> None:
    ids = {"article": str(desk.article.id), "layer": desk.claim.layer, "mayor": str(desk.mayor.id)}
    wanted = {getattr(desk, name).id for name in found}
    assert {row["id"] for row in ana.all(f"annotations/?{query.format(**ids)}")} == wanted


def test_own_is_the_layer_of_who_asks(ben: Api) -> None:
    assert ben.all("annotations/?layer=own") == []


def test_relations_are_found_by_the_article_of_either_end(ana: Api, desk: factories.Desk) -> None:
    elsewhere = factories.article(desk.project, title="Elsewhere")
    other = factories.annotation(elsewhere, "the bridge was checked")
    across = factories.relation(desk.claim, other, kind="about")
    for article in (desk.article, elsewhere):
        assert across.id in {row["id"] for row in ana.all(f"relations/?article={article.id}")}
    assert {row["id"] for row in ana.all("relations/?kind=denies")} == {desk.denies.id}
    assert {row["id"] for row in ana.all(f"relations/?subject={desk.denial.id}")} == {desk.denies.id}
    assert {row["id"] for row in ana.all(f"relations/?object={other.id}")} == {across.id}


@pytest.mark.parametrize("typed", ["mayor", "Mayors office", "MAYOR'S", "City Hall"])
def test_sources_are_found_by_any_of_their_names(ana: Api, desk: factories.Desk, typed: str) -> None:
    ana.patch(f"sources/{desk.mayor.id}/", {"aliases": ["City Hall"]})
    factories.source(desk.project, "Builders Ltd", kind="organisation")
    assert [row["name"] for row in ana.all(f"sources/?q={quote(typed)}")] == ["The mayor's office"]


def test_each_project_is_born_with_two_sources(ana: Api) -> None:
    standing = {row["kind"] for row in ana.all("sources/?project=demo") if row["standing"]}
    assert standing == {"own_voice", "unnamed"}


@pytest.mark.parametrize(
    "path", ["annotations/", "relations/", "sources/", "source-links/", "articles/", "layers/"]
)
def test_many_rows_take_as_many_queries_as_few(ana: Api, desk: factories.Desk, path: str) -> None:
    def count(limit: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert ana.get(f"{path}?limit={limit}").status_code == 200
        return len(caught)

    for number, start in enumerate(_many(desk, 12)):
        ana.post("relations/", {"kind": "about", "subject": start, "object": desk.claim.id})
        factories.article(desk.project, title=f"Another {number}")
        factories.source(desk.project, f"Somebody {number}")
    assert count(2) == count(1000) <= 3


def test_a_thousand_rows_come_in_one_page(ana: Api, desk: factories.Desk) -> None:
    items: list[dict[str, Any]] = [
        {
            "op": "create",
            "article": str(desk.article.id),
            "tag": "claim",
            "spans": [{"start": n % 50, "end": n % 50 + 9}],
        }
        for n in range(1000)
    ]
    assert ana.post("annotations/bulk/", {"items": items}).status_code == 200
    page = ana.get("annotations/?limit=1000").json()
    assert len(page["results"]) == 1000
    assert page["next"] is not None
