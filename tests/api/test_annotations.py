"""Annotations over the API: made, read, changed, withdrawn; words are checked, spans are code points."""

import uuid
from typing import Any

import pytest

from factcheck.models import Event
from tests import factories
from tests.api.client import Api, problem, span


@pytest.fixture
def claim(desk: factories.Desk) -> dict[str, Any]:
    """What a program sends to tag the mayor's words."""
    return {
        "article": str(desk.article.id),
        "tag": "claim",
        "spans": [span(factories.TEXT, "the bridge was checked in May")],
    }


def test_an_annotation_is_made_and_read(ana: Api, desk: factories.Desk, claim: dict[str, Any]) -> None:
    made = ana.post("annotations/", claim | {"note": "Twice?", "attributes": {"checkability": "checkable"}})
    assert made.status_code == 201, made.content
    assert made["ETag"] == '"1"'
    data = made.json()
    assert made["Location"] == f"http://testserver/api/v1/annotations/{data['id']}/"
    start = factories.TEXT.index("the bridge was")
    assert data["spans"] == [{"start": start, "end": start + 29, "exact": "the bridge was checked in May"}]
    assert data["exact"] == "the bridge was checked in May"
    assert data["prefix"].endswith("The mayor said ")
    assert data["suffix"].startswith(", “twice a week”")
    assert (data["project"], data["article"]) == ("demo", str(desk.article.id))
    assert (data["layer_kind"], data["created_by"], data["status"]) == ("person", "ana", "pending")
    assert (data["version"], data["revision"]) == (1, 1)
    assert (data["note"], data["attributes"]) == ("Twice?", {"checkability": "checkable"})
    assert data["created_at"].endswith("Z")
    assert data["source_links"] == []
    assert ana.get(f"annotations/{data['id']}/").json() == data


def test_links_stand_on_the_annotation(ana: Api, desk: factories.Desk) -> None:
    data = ana.get(f"annotations/{desk.claim.id}/").json()
    assert [link["source"] for link in data["source_links"]] == [str(desk.mayor.id)]
    assert data["source_links"][0] == ana.get(f"source-links/{desk.said.id}/").json()
    assert data in ana.all("annotations/")


def test_wrong_words_are_refused_with_both_texts(ana: Api, claim: dict[str, Any]) -> None:
    refused = problem(
        ana.post("annotations/", claim | {"exact": "the bridge was closed"}), 422, "exact_mismatch"
    )
    assert refused["given"] == "the bridge was closed"
    assert refused["found"] == "the bridge was checked in May"


def test_each_span_may_bring_its_own_words(ana: Api, claim: dict[str, Any]) -> None:
    right = span(factories.TEXT, "the bridge was") | {"exact": "the bridge was"}
    left = span(factories.TEXT, "twice a week") | {"exact": "twice a week"}
    made = ana.post("annotations/", claim | {"spans": [left, right]})
    assert made.status_code == 201
    assert made.json()["exact"] == "the bridge was twice a week"
    wrong = right | {"exact": "the bridge is"}
    problem(ana.post("annotations/", claim | {"spans": [left, wrong]}), 422, "exact_mismatch")
    problem(
        ana.post("annotations/", claim | {"spans": [left, span(factories.TEXT, "the bridge")]}),
        422,
        "invalid",
    )


def test_touching_pieces_are_merged_and_overlapping_ones_refused(ana: Api, claim: dict[str, Any]) -> None:
    start = factories.TEXT.index("the bridge was")
    touching = [{"start": start + 4, "end": start + 10}, {"start": start, "end": start + 4}]
    made = ana.post("annotations/", claim | {"spans": touching})
    assert made.json()["spans"] == [{"start": start, "end": start + 10, "exact": "the bridge"}]
    overlapping = [{"start": start, "end": start + 5}, {"start": start + 4, "end": start + 10}]
    refused = problem(ana.post("annotations/", claim | {"spans": overlapping}), 422, "invalid", "spans")
    assert "overlap" in refused["detail"]


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [{"start": 5, "end": 5}],
        [{"start": 6, "end": 5}],
        [{"start": -1, "end": 5}],
        [{"start": 0, "end": 10_000}],
        [{"start": "0", "end": 5}],
        [{"start": 0.0, "end": 5}],
        [{"start": True, "end": 5}],
        [{"start": 0, "end": 2**31}],
        [{"start": 0, "end": 10**30}],
        [{"start": 0}],
        [[0, 5]],
        "0-5",
        None,
        {"start": 0, "end": 5},
    ],
)
def test_bad_spans_are_refused(ana: Api, claim: dict[str, Any], spans: Any) -> None:
    refused = problem(ana.post("annotations/", claim | {"spans": spans}), 422, "invalid")
    assert refused["field"].startswith("spans")


def test_offsets_count_code_points_after_emoji(ana: Api, claim: dict[str, Any]) -> None:
    made = ana.post("annotations/", claim | {"spans": [span(factories.TEXT, "picture")], "exact": "picture"})
    assert made.status_code == 201
    assert made.json()["exact"] == "picture"


def test_a_text_with_crlf_is_counted_in_its_canonical_form(ana: Api) -> None:
    article = ana.post(
        "articles/", {"project": "demo", "title": "Lines", "text": "One.\r\nTwo.\rThree 👩‍👩‍👧‍👦 four."}
    ).json()
    text = ana.get(f"articles/{article['id']}/text/").content.decode()
    assert text == "One.\nTwo.\nThree 👩‍👩‍👧‍👦 four."
    made = ana.post(
        "annotations/",
        {"article": article["id"], "tag": "claim", "spans": [span(text, "four")], "exact": "four"},
    )
    assert made.json()["spans"] == [{"start": 24, "end": 28, "exact": "four"}]


def test_the_same_extent_and_tag_twice_is_legal(ana: Api, claim: dict[str, Any]) -> None:
    ids = {ana.post("annotations/", claim).json()["id"] for _again in range(2)}
    assert len(ids) == 2


def test_another_version_than_the_present_is_a_conflict(
    ana: Api, claim: dict[str, Any], desk: factories.Desk
) -> None:
    assert (
        ana.post("annotations/", claim | {"article_version": str(desk.article.version_id)}).status_code == 201
    )
    refused = problem(
        ana.post("annotations/", claim | {"article_version": str(uuid.uuid4())}), 409, "conflict"
    )
    assert refused["current_version"] == str(desk.article.version_id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"tag": "verdict"}, "tag"),
        ({"tag": 5}, "tag"),
        ({"tags": "claim"}, "tags"),
        ({"note": None}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"article": "5"}, "article"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {"colour": "red"}}, "attributes.colour"),
        ({"attributes": {"checkability": "perhaps"}}, "attributes.checkability"),
        ({"id": "5"}, "id"),
    ],
)
def test_what_is_wrong_is_named(ana: Api, claim: dict[str, Any], wrong: dict[str, Any], field: str) -> None:
    refused = problem(ana.post("annotations/", claim | wrong), 422, "invalid", field)
    assert (
        refused["detail"].startswith(field) or field in refused["detail"] or "attribute" in refused["detail"]
    )


def test_all_that_is_wrong_is_listed(ana: Api) -> None:
    refused = problem(
        ana.post("annotations/", {"spans": [{"start": "a", "end": 2}], "note": 3}), 422, "invalid"
    )
    assert {error["field"] for error in refused["errors"]} == {"article", "tag", "spans.0.start", "note"}


def test_what_was_read_can_be_sent_back(ana: Api, desk: factories.Desk) -> None:
    data = ana.get(f"annotations/{desk.claim.id}/").json()
    answer = ana.put(
        f"annotations/{desk.claim.id}/", data | {"note": "Seen."}, If_Match=f'"{data["revision"]}"'
    )
    assert answer.status_code == 200, answer.content
    assert answer.json() == data | {
        "note": "Seen.",
        "revision": data["revision"] + 1,
        "updated_at": answer.json()["updated_at"],
    }


def test_a_change_of_what_is_judged_counts_a_version(ana: Api, desk: factories.Desk) -> None:
    before = ana.get(f"annotations/{desk.claim.id}/").json()
    noted = ana.patch(f"annotations/{desk.claim.id}/", {"note": "Hm."}).json()
    assert (noted["version"], noted["revision"]) == (before["version"], before["revision"] + 1)
    moved = ana.patch(
        f"annotations/{desk.claim.id}/", {"spans": [span(factories.TEXT, "the bridge was checked")]}
    )
    assert moved.json()["version"] == before["version"] + 1
    assert moved.json()["exact"] == "the bridge was checked"
    assert moved["ETag"] == f'"{moved.json()["revision"]}"'


def test_a_change_keeps_what_is_not_said_and_a_replacement_does_not(ana: Api, desk: factories.Desk) -> None:
    address = f"annotations/{desk.claim.id}/"
    ana.patch(address, {"note": "Hm.", "attributes": {"checkability": "vague"}})
    assert ana.patch(address, {"note": "So."}).json()["attributes"] == {"checkability": "vague"}
    whole = {name: ana.get(address).json()[name] for name in ("article", "tag", "spans")}
    replaced = ana.put(address, whole, If_Match="*").json()
    assert (replaced["note"], replaced["attributes"]) == ("", {})


def test_an_annotation_stays_in_its_article(ana: Api, desk: factories.Desk) -> None:
    problem(
        ana.patch(f"annotations/{desk.claim.id}/", {"article": str(uuid.uuid4())}), 409, "conflict", "article"
    )
    problem(ana.patch(f"annotations/{desk.claim.id}/", {"id": str(uuid.uuid4())}), 409, "conflict", "id")
    same = {"article": str(desk.article.id), "id": desk.claim.id.upper()}
    assert ana.patch(f"annotations/{desk.claim.id.upper()}/", {"article": same["article"]}).status_code == 200


def test_each_write_is_one_event_that_names_its_door(ana: Api, claim: dict[str, Any]) -> None:
    made = ana.post("annotations/", claim).json()
    ana.patch(f"annotations/{made['id']}/", {"note": "Hm."})
    ana.patch(f"annotations/{made['id']}/", {"note": "Hm."})  # changes nothing
    events = Event.objects.filter(thing=made["id"]).select_related("act").order_by("revision")
    assert [(event.op, event.act.kind, event.act.channel) for event in events] == [
        ("create", "create_annotation", "api"),
        ("update", "update_annotation", "api"),
    ]
    assert all(event.act.token is not None for event in events)
