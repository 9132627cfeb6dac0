"""Many annotations by one request: all or nothing, or each with its own result; one act either way."""

import uuid
from typing import Any

import pytest

from factcheck.models import Act, Annotation, Event
from tests import factories
from tests.api.client import Api, problem


def create(desk: factories.Desk, start: int = 0, **more: Any) -> dict[str, Any]:
    """Write an item that makes an annotation."""
    item = {
        "op": "create",
        "article": str(desk.article.id),
        "tag": "claim",
        "spans": [{"start": start, "end": start + 5}],
    }
    return item | more


def test_all_is_done_as_one_act(ana: Api, desk: factories.Desk) -> None:
    before = set(Act.objects.values_list("pk", flat=True))
    own = str(uuid.uuid4())
    items = [
        create(desk, 0),
        create(desk, 5, id=own, note="Mine."),
        {"op": "update", "id": desk.claim.id, "version": 1, "note": "Seen."},
        {"op": "withdraw", "id": desk.denial.id},
    ]
    answer = ana.post("annotations/bulk/", {"items": items})
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 201, 200, 204]
    assert results[1]["annotation"] == ana.get(f"annotations/{own}/").json()
    assert results[2]["annotation"]["note"] == "Seen."
    assert [link["id"] for link in results[2]["annotation"]["source_links"]] == [desk.said.id]
    problem(ana.get(f"annotations/{desk.denial.id}/"), 410, "gone")
    act = Act.objects.exclude(pk__in=before).get()
    assert (act.kind, act.channel, act.article) == ("bulk_annotations", "api", desk.article.id)
    told = Event.objects.filter(act=act).order_by("ordinal").values_list("type", "op")
    assert list(told) == [
        ("annotation", "create"),
        ("annotation", "create"),
        ("annotation", "update"),
        ("relation", "delete"),
        ("annotation", "delete"),
    ]


def test_one_that_cannot_be_done_undoes_all(ana: Api, desk: factories.Desk) -> None:
    acts = Act.objects.count()
    items = [create(desk, 0), create(desk, 5, exact="Other"), create(desk, 10)]
    refused = problem(ana.post("annotations/bulk/", {"items": items}), 422, "exact_mismatch", "items.1.exact")
    assert refused["item"] == 1
    assert Annotation.objects.count() == 2
    assert Act.objects.count() == acts


def test_partial_does_what_can_be_done(ana: Api, desk: factories.Desk) -> None:
    acts = Act.objects.count()
    taken = str(uuid.uuid4())
    items = [
        create(desk, 0, id=taken),
        create(desk, 5, tag="verdict"),
        {"op": "update", "id": desk.claim.id, "version": 7, "note": "Late."},
        {"op": "update", "id": str(uuid.uuid4()), "note": "Nobody's."},
        {"op": "update", "id": desk.claim.id, "revision": 2, "note": "In time."},
        create(desk, 5, id=taken),
        create(desk, 10),
    ]
    answer = ana.post("annotations/bulk/?partial=1", {"items": items})
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 422, 412, 404, 200, 428, 201], results
    assert results[1]["problem"]["field"] == "tag"
    assert results[2]["problem"]["present"]["id"] == desk.claim.id
    assert Annotation.objects.count() == 4
    assert Act.objects.count() == acts + 1


def test_when_nothing_succeeds_there_is_no_act(ana: Api, desk: factories.Desk) -> None:
    acts = Act.objects.count()
    for items in (
        [create(desk, tag="verdict")],
        [{"op": "withdraw", "id": str(uuid.uuid4())}],
        [{"op": "update", "id": desk.claim.id}],
        [],
    ):
        answer = ana.post("annotations/bulk/?partial=1", {"items": items})
        assert answer.status_code == 200
    assert Act.objects.count() == acts


def test_a_colleagues_work_is_not_changed(ben: Api, desk: factories.Desk) -> None:
    items = [create(desk), {"op": "withdraw", "id": desk.claim.id}]
    refused = problem(ben.post("annotations/bulk/", {"items": items}), 403, "not_allowed", "items.1")
    assert "colleague" in refused["detail"]
    statuses = [
        row["status"] for row in ben.post("annotations/bulk/?partial=1", {"items": items}).json()["results"]
    ]
    assert statuses == [201, 403]


def test_the_first_bulk_of_a_person_begins_the_layer_in_the_same_act(ben: Api, desk: factories.Desk) -> None:
    acts = Act.objects.count()
    assert ben.post("annotations/bulk/", {"items": [create(desk)]}).status_code == 200
    assert Act.objects.count() == acts + 1


def test_the_items_lie_in_one_project(ana: Api, desk: factories.Desk) -> None:
    elsewhere = factories.article(factories.project("other"))
    items = [create(desk), create(desk, article=str(elsewhere.id))]
    problem(ana.post("annotations/bulk/", {"items": items}), 422, "invalid", "items")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "items"),
        ([], "items"),
        ({"items": {}}, "items"),
        ({"items": [5]}, "items.0"),
        ({"items": [{}]}, "items.0.op"),
        ({"items": [{"op": "delete"}]}, "items.0.op"),
        ({"items": [{"op": "withdraw"}]}, "items.0.id"),
        ({"items": [{"op": "withdraw", "id": str(uuid.uuid4()), "tag": "claim"}]}, "items.0.tag"),
        ({"items": [{"op": "create", "tag": "claim"}]}, "items.0.article"),
        (
            {"items": [{"op": "update", "id": str(uuid.uuid4()), "spans": [{"start": "x", "end": 1}]}]},
            "items.0.spans.0.start",
        ),
        ({"items": [], "colour": "red"}, "items"),
    ],
)
def test_a_body_that_is_not_right_is_named(ana: Api, body: Any, field: str) -> None:
    problem(ana.post("annotations/bulk/", body), 422, "invalid", field)


def test_too_many_items_are_refused(ana: Api, desk: factories.Desk) -> None:
    assert (
        problem(ana.post("annotations/bulk/", {"items": [{}] * 1001}), 413, "too_large", "items")["limit"]
        == 1000
    )
