"""Ids of one's own, conditional writes, and what was withdrawn: the same for all four kinds of things."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from factcheck import services
from tests import factories
from tests.api.client import Api, problem, span

Body = dict[str, Any]


def _annotation(desk: factories.Desk) -> tuple[Body, Body]:
    body = {"article": str(desk.article.id), "tag": "claim", "spans": [span(factories.TEXT, "A photograph")]}
    return body, {"note": "Another."}


def _relation(desk: factories.Desk) -> tuple[Body, Body]:
    return {"kind": "about", "subject": desk.claim.id, "object": desk.denial.id}, {"note": "Another."}


def _source(desk: factories.Desk) -> tuple[Body, Body]:
    return {"project": "demo", "kind": "person", "name": "A. Smith"}, {"description": "Another."}


def _link(desk: factories.Desk) -> tuple[Body, Body]:
    return {"annotation": desk.denial.id, "source": str(desk.mayor.id), "role": "speaker"}, {
        "as_named": "Another"
    }


# Each kind: its address, and a body with a change of it.
KINDS: dict[str, Callable[[factories.Desk], tuple[Body, Body]]] = {
    "annotations": _annotation,
    "relations": _relation,
    "sources": _source,
    "source-links": _link,
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def body(kind: str, desk: factories.Desk) -> Body:
    return KINDS[kind](desk)[0]


@pytest.fixture
def change(kind: str, desk: factories.Desk) -> Body:
    return KINDS[kind](desk)[1]


@pytest.fixture
def address(kind: str) -> str:
    return f"{kind}/{uuid.uuid4()}/"


def test_put_of_a_new_id_makes_it(ana: Api, address: str, body: Body) -> None:
    made = ana.put(address, body)
    assert made.status_code == 201, made.content
    assert made["ETag"] == '"1"'
    assert made["Location"] == f"http://testserver/api/v1/{address}"
    assert made.json()["id"] in address
    assert ana.get(address).json() == made.json()


def test_put_of_the_same_again_answers_the_present_state(
    ana: Api, address: str, body: Body, change: Body
) -> None:
    ana.put(address, body)
    changed = ana.patch(address, change).json()
    again = ana.put(address, body)
    assert again.status_code == 200
    assert again.json() == changed
    assert again["ETag"] == '"2"'


def test_post_with_an_id_repeats_like_put(
    ana: Api, kind: str, address: str, body: Body, change: Body
) -> None:
    named = body | {"id": address.split("/")[1]}
    assert [ana.post(f"{kind}/", named).status_code for _again in range(2)] == [201, 200]
    problem(ana.post(f"{kind}/", named | change), 428, "precondition_required")


def test_put_of_other_content_needs_if_match(ana: Api, address: str, body: Body, change: Body) -> None:
    ana.put(address, body)
    refused = problem(ana.put(address, body | change), 428, "precondition_required")
    assert refused["present"] == ana.get(address).json()
    replaced = ana.put(address, body | change, If_Match='"1"')
    assert replaced.status_code == 200, replaced.content
    assert change.items() <= replaced.json().items()
    assert replaced["ETag"] == '"2"'


def test_a_stale_write_is_refused_with_the_present_state(
    ana: Api, address: str, body: Body, change: Body
) -> None:
    ana.put(address, body)
    ana.patch(address, change)
    for answer in (
        ana.patch(address, {}, If_Match='"1"'),
        ana.put(address, body, If_Match='"1"'),
        ana.delete(address, If_Match='"1"'),
    ):
        refused = problem(answer, 412, "stale")
        assert refused["present"] == ana.get(address).json()
        assert answer["ETag"] == '"2"'


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('"7","8"', 412),
        ('W/"1"', 412),
        ('W/"1", "1"', 200),
        ('"one"', 412),
        ('"01"', 412),
        ('"99999999999999999999999999"', 412),
        ("1", 400),
        ('"1', 400),
    ],
)
def test_if_match_is_read_as_the_standard_says(
    ana: Api, desk: factories.Desk, header: str, status: int
) -> None:
    address = f"annotations/{desk.denial.id}/"
    assert ana.patch(address, {"note": "Mine."}, If_Match=header).status_code == status


def test_a_state_of_what_is_not_there_cannot_be_replaced(ana: Api, address: str, body: Body) -> None:
    problem(ana.put(address, body, If_Match="*"), 412, "stale")
    assert ana.get(address).status_code == 404


def test_if_none_match_makes_only_what_is_new(ana: Api, address: str, body: Body, change: Body) -> None:
    assert ana.put(address, body, If_None_Match="*").status_code == 201
    problem(ana.put(address, body, If_None_Match="*"), 412, "stale")
    problem(ana.put(address, body | change, If_None_Match="*"), 412, "stale")


def test_what_one_holds_is_not_sent_again(ana: Api, address: str, body: Body, change: Body) -> None:
    ana.put(address, body)
    held = ana.get(address)["ETag"]
    unchanged = ana.get(address, If_None_Match=held)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    ana.patch(address, change)
    assert ana.get(address, If_None_Match=held).status_code == 200


def test_an_id_that_one_may_not_see_tells_nothing(ana: Api, kind: str, address: str, body: Body) -> None:
    ana.put(address, body)
    eve = Api("eve")
    refused = problem(eve.put(address, _in_a_project_of_eve(kind)), 409, "id_taken", "id")
    assert set(refused) == {"type", "title", "status", "detail", "code", "field"}
    problem(eve.get(address), 404, "not_found")


def _in_a_project_of_eve(kind: str) -> Body:
    """Return a body that eve may well send, in a project of her own."""
    project = services.projects.create(slug="eves", name="Hers", by=factories.actor("eve"))
    article = factories.article(project, by="eve")
    claim = factories.annotation(article, "The bridge", by="eve")
    denial = factories.annotation(article, "denied any fault", tag="denial", by="eve")
    source = factories.source(project, "Somebody", by="eve")
    return {
        "annotations": {"article": str(article.id), "tag": "claim", "spans": [{"start": 0, "end": 3}]},
        "relations": {"kind": "denies", "subject": denial.id, "object": claim.id},
        "sources": {"project": "eves", "kind": "person", "name": "A. Smith"},
        "source-links": {"annotation": claim.id, "source": str(source.id), "role": "speaker"},
    }[kind]


def test_withdrawing_and_restoring(ana: Api, kind: str, address: str, body: Body) -> None:
    made = ana.put(address, body).json()
    assert ana.delete(address).status_code == 204
    assert ana.delete(address).status_code == 204
    problem(ana.get(address), 410, "gone")
    assert problem(ana.put(address, body), 410, "gone")
    assert problem(ana.patch(address, {}), 410, "gone")
    assert made["id"] not in [thing["id"] for thing in ana.all(f"{kind}/")]
    listed = {thing["id"]: thing for thing in ana.all(f"{kind}/?withdrawn=1")}
    assert listed[made["id"]]["withdrawn_at"].endswith("Z")
    restored = ana.post(f"{address}restore/")
    assert restored.status_code == 200
    assert restored.json() == ana.get(address).json()
    assert restored.json()["withdrawn_at"] is None
    assert ana.post(f"{address}restore/").json() == restored.json()
    assert made["id"] in [thing["id"] for thing in ana.all(f"{kind}/")]


def test_what_was_withdrawn_is_404_for_who_never_could_see_it(ana: Api, address: str, body: Body) -> None:
    ana.put(address, body)
    ana.delete(address)
    problem(Api("eve").get(address), 404, "not_found")


def test_the_id_in_the_address_must_be_the_one_in_the_body(ana: Api, address: str, body: Body) -> None:
    problem(ana.put(address, body | {"id": str(uuid.uuid4())}), 422, "invalid", "id")
    assert ana.put(address, body | {"id": address.split("/")[1].upper()}).status_code == 201


def test_ids_of_any_version_are_taken(ana: Api, desk: factories.Desk) -> None:
    body = KINDS["annotations"](desk)[0]
    for made in (uuid.uuid1(), uuid.uuid3(uuid.NAMESPACE_URL, "a"), uuid.uuid5(uuid.NAMESPACE_URL, "b")):
        assert ana.put(f"annotations/{made}/", body).status_code == 201
    problem(ana.put("annotations/not-an-id/", body), 422, "invalid", "id")
    problem(ana.get("annotations/not-an-id/"), 404, "not_found")


def test_relations_and_links_leave_and_return_with_their_annotation(ana: Api, desk: factories.Desk) -> None:
    ana.delete(f"annotations/{desk.claim.id}/")
    assert ana.all("relations/") == []
    assert ana.all("source-links/") == []
    problem(ana.get(f"relations/{desk.denies.id}/"), 410, "gone")
    problem(ana.post(f"source-links/{desk.said.id}/restore/"), 409, "conflict")
    restored = ana.post(f"annotations/{desk.claim.id}/restore/").json()
    assert [link["id"] for link in restored["source_links"]] == [desk.said.id]
    assert [relation["id"] for relation in ana.all("relations/")] == [desk.denies.id]
