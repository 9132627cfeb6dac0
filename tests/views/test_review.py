"""The review page without script: every form is a plain post that leads on; what cannot be is said beside the thing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from tests import factories
from tests.factories import Desk, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.desk()


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(factories.user(username))
    return client


def at(thing: Any, kind: str = "annotation") -> str:
    return f"{kind}:{thing.id}"


def page(who: str, status: int = 200, **query: str) -> str:
    response = signed_in(who).get(f"/review/?{urlencode(query)}")
    assert response.status_code == status
    return response.content.decode()


def decide(who: str, where: str, decision: str, *, version: int = 1, **form: str) -> Any:
    return signed_in(who).post(
        "/review/decide/", {"at": where, "decision": decision, "thing_version": str(version), **form}
    )


def status(thing: Any, kind: str = "annotation") -> str:
    reads: dict[str, Any] = {
        "annotation": queries.annotations.visible,
        "relation": queries.relations.visible,
        "source_link": queries.source_links.visible,
    }
    row = reads[kind](actor("mona").user_id, thing.id)
    assert row is not None
    return str(row.status)


class TestLooking:
    def test_the_first_that_waits_is_shown_in_its_place(self, desk: Desk) -> None:
        shown = page("rita")
        assert "Waiting for you: 4" in shown
        assert "the bridge was checked in May" in shown
        assert 'class="gap"' not in page("rita", at=at(desk.claim))  # three blocks: all of them are near
        assert shown.count('id="b-') == 3
        assert "by ana, version 1" in shown
        assert "The mayor&#x27;s office" in shown

    def test_only_the_blocks_around_are_drawn(self, desk: Desk) -> None:
        text = "\n".join(f"Line {number} is here." for number in range(40))
        article = factories.article(desk.project, title="Lines", text=text)
        claim = factories.annotation(article, "Line 20 is here")
        factories.annotation(article, "Line 30 is here")
        shown = page("rita", at=at(claim))
        assert [f'id="b-{n}"' in shown for n in (18, 19, 20, 21, 22, 30)] == [
            False,
            True,
            True,
            True,
            False,
            False,
        ]
        assert shown.count('class="gap"') == 2

    def test_relations_and_links_show_both_ends_and_the_source(self, desk: Desk) -> None:
        relation = page("rita", at=at(desk.denies, "relation"))
        assert "denied any fault" in relation
        assert "the bridge was checked in May" in relation
        assert "by implication" in relation
        link = page("rita", at=at(desk.said, "source_link"))
        assert "“The mayor”" in link
        assert "said by" in link

    def test_a_documents_passage_is_shown_with_the_words_around_it(self, desk: Desk) -> None:
        minutes = factories.source(desk.project, "The minutes", kind="document")
        text = "Item 4. The bridge was looked at in May. Nothing else was said."
        kept = services.source_texts.create(source_id=minutes.id, text=text, by=actor("ana")).row
        start = text.index("looked at")
        place = services.source_texts.Passage(kept.id, start, start + len("looked at in May"))
        link = factories.link(desk.claim, minutes, role="document", passage=place)
        shown = page("rita", at=at(link, "source_link"))
        assert "The bridge was <b>looked at in May</b>. Nothing else" in shown

    @pytest.mark.parametrize("who", ["ana", "ben", "vic"])
    def test_who_reviews_nowhere_is_told_so(self, desk: Desk, who: str) -> None:
        shown = page(who)
        assert "Deciding on tags is for reviewers" in shown
        assert "data-decision" not in shown
        assert "Waiting for you: 0" in shown

    def test_own_work_has_no_keys_and_says_why(self, desk: Desk) -> None:
        mine = factories.annotation(desk.article, "twice a week", by="rita")
        shown = page("rita", at=at(mine))
        assert "You cannot decide on your own work." in shown
        assert "data-decision" not in shown

    def test_filters_and_orders(self, desk: Desk) -> None:
        other = factories.annotation(desk.article, "twice a week", by="ben")
        assert "Waiting for you: 1" in page("rita", owner="ben")
        assert "Waiting for you: 1" in page("rita", thing="relation")
        assert "Waiting for you: 2" in page("rita", tag="denial")  # and the relation whose subject it is
        assert "Waiting for you: 0" in page("rita", project="nowhere")
        assert "Nothing waits with these filters" in page("rita", why="answered")
        newest = page("rita", sort="newest")
        assert newest.index(other.id) < newest.index(desk.claim.id)

    def test_the_most_split_come_first(self, desk: Desk) -> None:
        decide("ruben", at(desk.denial), "approve")
        decide("mona", at(desk.denial), "reject", reason="other")
        shown = page("rita", sort="split")
        assert shown.index(at(desk.denial)) < shown.index(at(desk.claim))
        assert "reviewers differ: ruben checked the tag; mona rejects it" in shown

    def test_nonsense_in_the_address_is_taken_as_not_given(self, desk: Desk) -> None:
        assert "Waiting for you: 4" in page("rita", thing="all", why="\x00", sort="up", after="x", before="y")
        page("rita", 404, at="annotation:nobody")
        page("rita", 404, at="thing")

    def test_an_outsider_gets_the_404_of_what_never_was(self, desk: Desk) -> None:
        page("eve", 404, at=at(desk.claim))
        assert decide("eve", at(desk.claim), "approve").status_code == 404

    def test_a_closed_layer_of_a_blind_project_is_nowhere(self) -> None:
        blind = factories.desk(blind=True)
        assert "Waiting for you: 0" in page("rita")
        page("rita", 404, at=at(blind.claim))

    def test_the_number_in_the_bar(self, desk: Desk) -> None:
        assert "<b data-waiting>4</b>" in page("rita")
        assert "Review" not in signed_in("ana").get("/").content.decode()
        assert "<b data-waiting>4</b>" in signed_in("mona").get("/").content.decode()


class TestDeciding:
    def test_a_decision_leads_to_the_next(self, desk: Desk) -> None:
        first = page("rita", at=at(desk.claim))
        assert f'name="next" value="annotation:{desk.denial.id}"' in first
        response = decide("rita", at(desk.claim), "approve", next=at(desk.denial))
        assert (response.status_code, response["Location"]) == (303, f"/review/?at={at(desk.denial)}")
        assert status(desk.claim) == "approved"
        shown = page("rita", at=at(desk.claim))
        assert "tag checked by rita" in shown
        assert "Waiting for you: 3" in shown
        assert ">approved<" not in shown

    def test_filters_stay(self, desk: Desk) -> None:
        response = decide("rita", at(desk.denies, "relation"), "approve", query="thing=relation&sort=newest")
        assert response["Location"] == "/review/?thing=relation&sort=newest"

    def test_each_of_the_four_on_each_kind(self, desk: Desk) -> None:
        where = {"annotation": desk.claim, "relation": desk.denies, "source_link": desk.said}
        for kind, thing in where.items():
            for decision, after in (
                ("ask", "pending"),
                ("change", "change_asked"),
                ("reject", "rejected"),
                ("approve", "approved"),
            ):
                form = {"note": "Why so?", "reason": "inferred"}
                assert decide("rita", at(thing, kind), decision, **form).status_code == 303
                assert status(thing, kind) == after

    def test_a_new_decision_takes_the_place_of_the_old_one(self, desk: Desk) -> None:
        decide("rita", at(desk.claim), "reject", reason="duplicate")
        shown = page("rita", at=at(desk.claim))
        assert "a new decision takes the place of the old one" in shown
        decide("rita", at(desk.claim), "approve")
        assert "decided anew since" in page("rita", at=at(desk.claim))
        assert status(desk.claim) == "approved"

    def test_the_whole_is_decided_one_by_one(self, desk: Desk) -> None:
        decide("rita", at(desk.denial), "whole")
        assert (status(desk.denial), status(desk.denies, "relation")) == ("approved", "approved")
        assert decide("rita", at(desk.said, "source_link"), "whole").status_code == 422

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, desk: Desk) -> None:
        refused = decide("rita", at(desk.claim), "ask")
        assert refused.status_code == 422
        refused = decide("rita", at(desk.claim), "reject", reason="nonsense", note="I typed this")
        shown = refused.content.decode()
        assert refused.status_code == 422
        assert "I typed this" in shown
        assert "There is no reason nonsense" in shown
        assert decide("rita", at(desk.claim), "change").status_code == 422
        assert decide("rita", at(desk.claim), "marvel").status_code == 422
        assert decide("rita", at(desk.claim), "approve", thing_version="x").status_code == 422
        assert decide("rita", at(desk.claim), "approve", id="x").status_code == 422
        assert decide("rita", at(desk.claim), "reject", note="\x00").status_code == 422
        assert decide("rita", at(desk.claim), "change", spans="9-3").status_code == 422

    def test_who_may_not_is_told_why(self, desk: Desk) -> None:
        assert decide("vic", at(desk.claim), "approve").status_code == 403
        refused = decide("ana", at(desk.claim), "approve")
        assert refused.status_code == 403
        mine = factories.annotation(desk.article, "twice a week", by="rita")
        assert "your own work" in decide("rita", at(mine), "approve").content.decode()

    def test_changed_since_it_was_looked_at(self, desk: Desk) -> None:
        services.annotations.update(annotation_id=UUID(desk.claim.id), by=actor("ana"), tag="evidence")
        refused = decide("rita", at(desk.claim), "approve", note="Fine")
        shown = refused.content.decode()
        assert refused.status_code == 409
        assert "It was changed since you looked at it (version 1, now 2)" in shown
        assert "Evidence: “the bridge was checked in May”" in shown
        assert "Fine" in shown
        assert decide("rita", at(desk.claim), "approve", version=2).status_code == 303

    def test_withdrawn_meanwhile_the_queue_goes_on(self, desk: Desk) -> None:
        services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=actor("ana"))
        refused = decide("rita", at(desk.claim), "approve")
        shown = refused.content.decode()
        assert refused.status_code == 409
        assert "This was withdrawn" in shown
        assert "denied any fault" in shown
        page("rita", 410, at=at(desk.claim))

    def test_what_one_proposed_is_not_ones_own_to_approve(self, desk: Desk) -> None:
        decide("rita", at(desk.claim), "change", tag="evidence")
        [review] = queries.reviews.page(actor("ana").user_id, queries.reading.Cut(5))
        services.reviews.respond(review_id=UUID(review.id), answer="accepted", by=actor("ana"))
        shown = page("rita", at=at(desk.claim))
        assert "You have proposed this yourself; a colleague decides on it." in shown
        assert "disabled" in shown
        assert decide("rita", at(desk.claim), "approve", version=2).status_code == 403


class TestChanging:
    def proposal(self, by: str = "rita") -> dict[str, Any]:
        newest = queries.reviews.page(actor("mona").user_id, queries.reading.Cut(50), created_by=by)[-1]
        return queries.reviews.proposal(UUID(newest.id))

    def test_other_words_are_shown_as_a_difference(self, desk: Desk) -> None:
        text = queries.texts.of(desk.article.version_id).text
        start = text.index("was checked in May")
        decide("rita", at(desk.claim), "change", spans=f"{start}-{start + 18}", reason="wrong_extent")
        assert self.proposal()["spans"][0]["exact"] == "was checked in May"
        assert "<del>the bridge </del>was checked in May" in page("ruben", at=at(desk.claim))

    def test_another_tag_and_an_attribute(self, desk: Desk) -> None:
        decide(
            "rita", at(desk.claim), "change", **{"tag": "claim", "a.wording": "verbatim", "was.wording": ""}
        )
        assert self.proposal() == {"attributes": {"wording": "verbatim"}}
        assert "<ins>verbatim</ins>" in page("ruben", at=at(desk.claim))
        decide("rita", at(desk.claim), "change", tag="evidence")
        assert self.proposal() == {"tag": "evidence"}
        assert "<del>Claim</del> <ins>Evidence</ins>" in page("ruben", at=at(desk.claim))

    def test_another_kind_direction_or_end_of_a_relation(self, desk: Desk) -> None:
        where = at(desk.denies, "relation")
        other = factories.annotation(desk.article, "The bridge is closed")
        decide("rita", where, "change", object=other.id)
        assert self.proposal() == {"object": other.id}
        assert "<ins>The bridge is closed</ins>" in page("ruben", at=where)
        decide("rita", where, "change", kind="about:reversed")
        assert self.proposal() == {"kind": "about", "reverse": True}
        decide("rita", where, "change", **{"kind": "denies", "a.manner": "explicit"})
        assert self.proposal() == {"attributes": {"manner": "explicit"}}
        assert decide("rita", where, "change", kind="denies:reversed").status_code == 422

    def test_an_end_is_found_by_its_words(self, desk: Desk) -> None:
        text = "\n".join(f"Line {number} is here." for number in range(40))
        far = factories.annotation(
            factories.article(desk.project, title="Lines", text=text), "Line 20 is here"
        )
        where = at(desk.denies, "relation")
        assert f'<option value="{far.id}">' not in page("rita", at=where)
        assert f'<option value="{far.id}">' in page("rita", at=where, find="Line 20")

    def test_another_source_or_role_of_a_link(self, desk: Desk) -> None:
        where = at(desk.said, "source_link")
        council = factories.source(desk.project, "The council", kind="organisation")
        form = {"source_name": "the council", "source": "", "role": "speaker", "as_named": "The mayor"}
        decide("rita", where, "change", **form)
        assert self.proposal() == {"source": str(council.id)}
        assert "<del>The mayor&#x27;s office</del> <ins>The council</ins>" in page("ruben", at=where)
        decide("rita", where, "change", **{**form, "source_name": "The mayor's office", "role": "concerns"})
        assert self.proposal() == {"role": "concerns"}
        refused = decide("rita", where, "change", **{**form, "source_name": "Nobody known"})
        assert refused.status_code == 422
        assert "There is no source named" in refused.content.decode()


class TestMissed:
    def propose(self, who: str, desk: Desk, **form: str) -> Any:
        given = {"at": at(desk.claim), "layer": desk.claim.layer, "tag": "claim", "spans": "0-20", **form}
        return signed_in(who).post("/review/propose/", given)

    def test_what_was_missed_is_proposed_to_the_owner(self, desk: Desk) -> None:
        assert self.propose("rita", desk, note="The headline").status_code == 303
        shown = page("rita", at=at(desk.claim))
        assert "Proposed here as missed" in shown
        assert "Take back" in shown
        assert "by rita, to ana, not answered yet" in page("ruben", at=at(desk.claim))
        [row] = queries.proposed_annotations.page(actor("ana").user_id, queries.reading.Cut(5))
        assert (row.owner, row.pieces, row.note) == ("ana", ["The bridge is closed"], "The headline")
        back = f"/review/proposed/{row.id}/take-back/"
        assert signed_in("ruben").post(back, {"at": at(desk.claim)}).status_code == 403
        assert signed_in("rita").post(back, {"at": at(desk.claim)}).status_code == 303
        assert "Proposed here as missed" not in page("rita", at=at(desk.claim))

    def test_what_cannot_be_proposed(self, desk: Desk) -> None:
        assert self.propose("ben", desk).status_code == 403
        assert self.propose("eve", desk).status_code == 404
        assert self.propose("rita", desk, spans="").status_code == 422
        assert self.propose("rita", desk, layer="").status_code == 422
        assert self.propose("rita", desk, tag="nonsense").status_code == 422
        own = factories.annotation(desk.article, "twice a week", by="rita")
        assert self.propose("rita", desk, layer=own.layer).status_code == 403


def test_the_page_takes_as_many_statements_however_much_there_is() -> None:
    """Ten times the annotations in the article, and in the queue, cost no statement more."""
    counts = []
    for number in (3, 30):
        desk = factories.desk()
        text = "\n".join(f"Line {n} is here." for n in range(40))
        article = factories.article(desk.project, title="Lines", text=text)
        claims = [factories.annotation(article, f"Line {n} is") for n in range(number)]
        client = signed_in("rita")
        for _warm in range(2):
            client.get(f"/review/?project={desk.project.slug}")
        with CaptureQueriesContext(connection) as captured:
            response = client.post(
                "/review/decide/",
                {"at": at(claims[0]), "decision": "approve", "thing_version": "1", "next": at(claims[1])},
                headers={"HX-Request": "true"},
            )
        assert response.status_code == 200
        assert claims[1].id in response.content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 50


class TestOnTheArticlesPage:
    def card(self, desk: Desk, thing: Any) -> str:
        response = signed_in("ana").get(f"/articles/{desk.article.id}/?annotation={thing.id}")
        return str(response.content.decode())

    def test_cards_say_who_checked_the_tag_and_who_differs(self, desk: Desk) -> None:
        decide("rita", at(desk.claim), "approve")
        assert '<span class="card-state">tag checked by rita</span>' in self.card(desk, desk.claim)
        decide("ruben", at(desk.claim), "reject", reason="other")
        assert "reviewers differ: rita checked the tag; ruben rejects it" in self.card(desk, desk.claim)

    def test_a_void_relation_is_struck_and_named(self, desk: Desk) -> None:
        decide("rita", at(desk.claim), "reject", reason="other")
        shown = self.card(desk, desk.denial)
        assert 'class="void"' in shown
        assert "void: an end of it is rejected" in shown
        assert "void: the tag is rejected" in self.card(desk, desk.claim)
        assert "void: it hangs on a rejected tag" in page("rita", at=at(desk.denies, "relation"))
        # An edit of what was judged waits again, and what hangs on it is void no more.
        services.annotations.update(annotation_id=UUID(desk.claim.id), by=actor("ana"), tag="evidence")
        assert "void" not in self.card(desk, desk.denial).replace("avoid", "")
