"""What programs need of the work: what waits for an author, spreading articles, a project's own reasons."""

from uuid import UUID

import pytest

from factcheck import queries, services
from tests import factories
from tests.api.client import Api, problem
from tests.factories import Desk, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.desk("demo")


def ids(api: Api, path: str) -> list[str]:
    return [row["id"] for row in api.all(path)]


def test_what_waits_for_an_author_is_a_filter(desk: Desk) -> None:
    def decide(thing: str, key: str, decision: str) -> str:
        made = services.reviews.create(
            thing=thing, thing_id=UUID(key), decision=decision, note="Why?", by=actor("rita")
        )
        return str(made.row.id)

    question = decide("annotation", desk.claim.id, "ask")
    change = decide("relation", desk.denies.id, "change")
    approved = decide("source_link", desk.said.id, "approve")
    ana = Api("ana")
    assert ids(ana, "reviews/?owner=ana&waits=1") == [question, change]
    assert ids(ana, "reviews/?owner=ana&waits=0") == [approved]
    assert ids(ana, "reviews/?owner=ana") == [question, change, approved]
    assert ids(ana, "reviews/?owner=ben") == []
    assert ids(ana, "reviews/?owner=nobody") == []
    problem(ana.get("reviews/?waits=maybe"), 422, "invalid")

    ana.post("review-responses/", {"review": question, "answer": "answered", "note": "So."})
    assert ids(ana, "reviews/?owner=ana&waits=1") == [change]
    services.relations.withdraw(relation_id=UUID(desk.denies.id), by=actor("ana"))
    assert ids(ana, "reviews/?owner=ana&waits=1") == []
    assert queries.decided.waiting(actor("ana").user_id) == 0


def test_articles_are_spread_after_a_preview(desk: Desk) -> None:
    mona = Api("mona")
    more = factories.article(desk.project, title="More", text="More of it.\n")
    sent = {
        "project": "demo",
        "articles": [str(desk.article.id), str(more.id)],
        "owners": ["ana", "ben"],
        "each": 1,
    }
    shown = mona.post("layers/spread/", sent | {"preview": True}).json()["planned"]
    assert shown == [{"article": str(more.id), "owner": "ben"}], "ana has the first one already"
    assert len(mona.all("layers/")) == 1
    assert mona.post("layers/spread/", sent).json()["planned"] == shown
    assert {row["owner"] for row in mona.all("layers/")} == {"ana", "ben"}
    assert mona.post("layers/spread/", sent).json()["planned"] == []
    problem(mona.post("layers/spread/", sent | {"each": 3}), 422, "invalid")
    problem(mona.post("layers/spread/", sent | {"owners": ["vic"]}), 422, "invalid")
    problem(mona.post("layers/spread/", sent | {"project": "never-was"}), 404, "not_found")


def test_reasons_are_settings_of_the_project(desk: Desk) -> None:
    mona = Api("mona")
    before = mona.get("projects/demo/").json()["settings"]["review_reasons"]
    assert before["relation"][0] == "wrong_end"
    answer = mona.patch(
        "projects/demo/", {"settings": {"review_reasons": {"annotation": ["too_long"]}}}
    ).json()
    assert answer["settings"]["review_reasons"] == before | {"annotation": ["too_long"]}
    sent = {"annotation": desk.claim.id, "decision": "reject", "reason": "wrong_tag"}
    problem(Api("rita").post("reviews/", sent), 422, "invalid")
    assert Api("rita").post("reviews/", sent | {"reason": "too_long"}).status_code == 201
    for wrong in (
        {"annotation": []},
        {"annotation": ["Not a code"]},
        {"claim": []},
        {"annotation": "other"},
        {"annotation": [1]},
    ):
        told = problem(mona.patch("projects/demo/", {"settings": {"review_reasons": wrong}}), 422, "invalid")
        assert told["field"].startswith("settings.review_reasons")
