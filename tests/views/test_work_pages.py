"""What was decided on my work, the board, the work on an article, and the settings of reviewing, as each sees them."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from factcheck.models import Act, Membership
from tests import factories
from tests.factories import Desk, actor

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(factories.user(username))
    return client


def html(response: Any) -> str:
    return " ".join(response.content.decode().split())


def decide(thing: Any, decision: str, by: str = "rita", kind: str = "annotation", **kwargs: Any) -> Any:
    return services.reviews.create(
        thing=kind, thing_id=UUID(thing.id), decision=decision, by=actor(by), **kwargs
    ).row


def present(annotation: Any) -> queries.annotations.Row:
    row = queries.annotations.visible(actor("ana").user_id, annotation.id)
    assert row is not None
    return row


def layer_of(article: Any, owner: str) -> queries.layers.LayerRow:
    row = queries.layers.of_person(actor("mona").user_id, article.id, owner)
    assert row is not None
    return row


@pytest.fixture
def desk() -> Desk:
    return factories.desk()


class TestDecided:
    def test_what_was_decided_is_told_with_reason_and_note_newest_first(self, desk: Desk) -> None:
        decide(desk.claim, "approve")
        decide(desk.denies, "reject", kind="relation", reason="wrong_direction", note="The other way round.")
        page = html(signed_in("ana").get("/decided/"))
        assert page.index("rita rejects it") < page.index("tag checked by rita")
        assert "wrong direction" in page
        assert "The other way round." in page
        assert "the bridge was checked in May" in page

    def test_nobody_else_has_it_in_their_list(self, desk: Desk) -> None:
        review = decide(desk.claim, "change", reason="wrong_extent")
        for other in ("ben", "rita", "mona", "vic", "eve"):
            assert "the bridge was checked" not in html(signed_in(other).get("/decided/"))
            refused = signed_in(other).post(
                f"/decided/decisions/{review.id}/", {"answer": "refused", "note": "x"}
            )
            assert refused.status_code == 404

    def test_a_proposed_extent_is_a_difference_and_is_taken(self, desk: Desk) -> None:
        start = factories.TEXT.index("bridge was checked")
        review = decide(
            desk.claim,
            "change",
            proposal={"spans": [{"start": start, "end": start + 18}]},
            reason="wrong_extent",
        )
        ana = signed_in("ana")
        page = html(ana.get("/decided/?waits=1"))
        assert "<del>the </del>" in page
        assert '<span class="kept">bridge was checked</span>' in page
        assert "<del> in May</del>" in page
        assert "Decided <b" in page
        answered = ana.post(f"/decided/decisions/{review.id}/", {"answer": "accepted", "waits": "1"})
        assert (answered.status_code, answered["Location"]) == (303, "/decided/?waits=1")
        assert present(desk.claim).pieces == ["bridge was checked"]
        assert "Nothing waits for you" in html(ana.get("/decided/?waits=1"))
        everything = html(ana.get("/decided/"))
        assert "You took the change" in everything
        assert "<del>the </del>" in everything, "the difference is told as it was decided"

    def test_other_changes_are_old_and_new(self, desk: Desk) -> None:
        decide(desk.claim, "change", proposal={"tag": "evidence", "attributes": {"presence": "shown"}})
        decide(desk.denies, "change", kind="relation", proposal={"attributes": {"manner": "explicit"}})
        other = factories.source(desk.project, "The builders")
        decide(
            desk.said,
            "change",
            kind="source_link",
            proposal={"source": str(other.id), "as_named": "builders"},
        )
        page = html(signed_in("ana").get("/decided/"))
        assert re.search(r"<dt>Tag</dt><dd><del[^>]*>Claim</del> .*?<ins[^>]*>Evidence</ins>", page)
        assert re.search(r"<dt>manner</dt><dd><del[^>]*>implied</del> .*?<ins[^>]*>explicit</ins>", page)
        assert re.search(
            r"<dt>Source</dt><dd><del[^>]*>The mayor&#x27;s office</del> .*?<ins[^>]*>The builders</ins>",
            page,
        )

    def test_refusing_needs_a_word_and_a_question_an_answer(self, desk: Desk) -> None:
        change = decide(desk.claim, "change", note="Shorter.")
        question = decide(desk.denial, "ask", note="Who denies?")
        ana = signed_in("ana")
        nothing = ana.post(f"/decided/decisions/{change.id}/", {"answer": "refused", "note": " "})
        assert nothing.status_code == 422
        assert "This is not done" in html(nothing)
        assert (
            ana.post(
                f"/decided/decisions/{change.id}/", {"answer": "refused", "note": "It is one claim."}
            ).status_code
            == 303
        )
        assert (
            ana.post(
                f"/decided/decisions/{question.id}/", {"answer": "answered", "note": "The builders."}
            ).status_code
            == 303
        )
        page = html(ana.get("/decided/"))
        assert "It is one claim." in page
        assert "The builders." in page
        assert queries.decided.waiting(actor("ana").user_id) == 0
        twice = ana.post(f"/decided/decisions/{question.id}/", {"answer": "answered", "note": "Again."})
        assert twice.status_code == 409
        assert "answered this already" in html(twice)

    def test_to_script_an_answer_is_the_item_and_the_count(self, desk: Desk) -> None:
        question = decide(desk.denial, "ask", note="Who denies?")
        answer = signed_in("ana").post(
            f"/decided/decisions/{question.id}/",
            {"answer": "answered", "note": "The builders."},
            headers={"HX-Request": "true"},
        )
        page = html(answer)
        assert page.startswith("{#") is False
        assert "<html" not in page
        assert "You answered" in page
        assert 'hx-swap-oob="true" hidden' in page

    def test_what_was_missed_is_taken_or_refused_in_the_same_list(self, desk: Desk) -> None:
        layer, start = layer_of(desk.article, "ana"), factories.TEXT.index("A photograph shows a crack")
        made = [
            services.proposed_annotations.create(
                layer_id=layer.id,
                tag="evidence",
                spans=[(start, end)],
                note=f"Missed {end}.",
                by=actor("rita"),
            ).row
            for end in (start + 12, start + 26)
        ]
        ana = signed_in("ana")
        page = html(ana.get("/decided/?waits=1"))
        assert "<ins>A photograph shows a crack</ins>" in page
        assert queries.decided.waiting(actor("ana").user_id) == 2
        assert ana.post(f"/decided/proposed/{made[0].id}/", {"answer": "accepted"}).status_code == 303
        assert (
            ana.post(
                f"/decided/proposed/{made[1].id}/", {"answer": "refused", "note": "Told only."}
            ).status_code
            == 303
        )
        assert queries.decided.waiting(actor("ana").user_id) == 0
        page = html(ana.get("/decided/"))
        assert "You took it into your layer" in page
        assert "Told only." in page
        assert ana.post(f"/decided/proposed/{made[0].id}/", {"answer": "maybe"}).status_code == 422

    def test_what_moved_on_is_said_to_be_about_an_earlier_version(self, desk: Desk) -> None:
        decide(desk.claim, "change", reason="wrong_tag")
        services.annotations.update(annotation_id=UUID(desk.claim.id), tag="evidence", by=actor("ana"))
        page = html(signed_in("ana").get("/decided/"))
        assert "about an earlier version" in page
        assert 'class="tag t-claim">Claim' in page, "told as it was decided on"
        assert queries.decided.waiting(actor("ana").user_id) == 0

    def test_a_rejection_can_be_refused_and_does_not_wait(self, desk: Desk) -> None:
        review = decide(desk.claim, "reject", reason="not_a_statement")
        ana = signed_in("ana")
        assert queries.decided.waiting(actor("ana").user_id) == 0
        assert 'value="refused"' in html(ana.get("/decided/"))
        assert (
            ana.post(
                f"/decided/decisions/{review.id}/", {"answer": "refused", "note": "It is one."}
            ).status_code
            == 303
        )
        assert 'value="refused"' not in html(ana.get("/decided/"))

    def test_a_handed_over_layer_is_answered_by_its_heir(self, desk: Desk) -> None:
        decide(desk.claim, "ask", note="Sure?")
        services.layers.hand_over(layer_id=layer_of(desk.article, "ana").id, to="ben", by=actor("mona"))
        assert queries.decided.waiting(actor("ana").user_id) == 0
        assert queries.decided.waiting(actor("ben").user_id) == 1

    def test_who_became_a_viewer_sees_it_and_answers_nothing(self, desk: Desk) -> None:
        decide(desk.claim, "ask", note="Sure?")
        services.projects.set_member(
            project_id=desk.project.pk, username="ana", role="viewer", by=actor("mona")
        )
        page = html(signed_in("ana").get("/decided/"))
        assert "Sure?" in page
        assert 'value="answered"' not in page
        assert queries.decided.waiting(actor("ana").user_id) == 0

    def test_filtered_by_project(self, desk: Desk) -> None:
        other = factories.desk("other-desk")
        decide(desk.claim, "ask", note="In the first?")
        decide(other.claim, "ask", note="In the other?")
        page = html(signed_in("ana").get("/decided/?project=other-desk"))
        assert "In the other?" in page
        assert "In the first?" not in page

    def test_pages_cost_the_same_however_much_was_decided(self, desk: Desk) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert signed_in("ana").get("/decided/").status_code == 200
            return len(caught)

        decide(desk.claim, "ask", note="One?")
        few = statements()
        for by in ("rita", "ruben"):
            for thing, kind in (
                (desk.claim, "annotation"),
                (desk.denies, "relation"),
                (desk.said, "source_link"),
            ):
                decide(thing, "ask", by=by, kind=kind, note="More?")
        for words in ("twice", "week", "crack", "closed"):
            decide(factories.annotation(desk.article, words), "change", note="Longer.")
        assert statements() == few

    def test_pages_go_on_and_back(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        from factcheck.views import decided

        monkeypatch.setattr(decided, "PER_PAGE", 2)
        for words in ("twice", "week", "crack", "closed", "any"):
            decide(factories.annotation(desk.article, words), "ask", note=f"Is “{words}” all?")
        ana, seen, address = signed_in("ana"), [], "/decided/"
        while address:
            page = html(ana.get(address))
            seen += re.findall(r"Is “(\w+)” all", page)
            older = re.search(r'rel="next" href="([^"]*)"', page)
            address = f"/decided/{older[1]}" if older else ""
        assert seen == ["any", "closed", "crack", "week", "twice"]
        newer = re.search(r'rel="prev" href="([^"]*)"', page)
        assert newer is not None
        assert re.findall(r"Is “(\w+)” all", html(ana.get(f"/decided/{newer[1]}"))) == ["crack", "week"]


class TestBoard:
    def test_phases_people_and_numbers(self, desk: Desk) -> None:
        rita, board = signed_in("rita"), f"/projects/{desk.project.slug}/board/"
        page = html(rita.get(board))
        assert "annotating" in page
        assert "waiting <b>4</b>" in page
        services.layers.submit(layer_id=layer_of(desk.article, "ana").id, by=actor("ana"))
        assert "in review" in html(rita.get(board))
        for thing, kind in ((desk.claim, "annotation"), (desk.denial, "annotation")):
            decide(thing, "approve", kind=kind)
        decide(desk.denies, "approve", kind="relation")
        decide(desk.said, "approve", kind="source_link")
        page = html(rita.get(board))
        assert "settled" in page
        assert "tag checked <b>4</b>" in page
        assert "approved" not in page
        decide(desk.claim, "reject", by="ruben", reason="duplicate")
        page = html(rita.get(board))
        assert "split <b>1</b>" in page
        assert "reviewers differ on 1" in page
        assert desk.article.title in html(rita.get(f"{board}?show=split"))

    def test_an_open_question_keeps_an_article_in_review(self, desk: Desk) -> None:
        services.layers.submit(layer_id=layer_of(desk.article, "ana").id, by=actor("ana"))
        for thing, kind in (
            (desk.claim, "annotation"),
            (desk.denial, "annotation"),
            (desk.denies, "relation"),
            (desk.said, "source_link"),
        ):
            decide(thing, "approve", kind=kind)
        decide(desk.claim, "ask", by="ruben", note="Sure?")
        page = html(signed_in("rita").get(f"/projects/{desk.project.slug}/board/"))
        assert "in review" in page
        assert "questions open <b>1</b>" in page

    def test_what_is_stuck_is_said_and_found(self, desk: Desk) -> None:
        board = f"/projects/{desk.project.slug}/board/"
        mona = signed_in("mona")
        for show in ("idle", "unanswered", "split", "left"):
            assert desk.article.title not in html(mona.get(f"{board}?show={show}"))
        services.projects.remove_member(project_id=desk.project.pk, username="ana", by=actor("mona"))
        page = html(mona.get(f"{board}?show=left"))
        assert "ana annotates in this project no more" in page
        factories.article(desk.project, title="Nobody has this", text="Nobody has this\n", by="ben")
        page = html(mona.get(f"{board}?show=unassigned"))
        assert "Nobody has this" in page
        assert desk.article.title not in page
        assert (
            "Nobody annotates"
            not in html(signed_in("ben").get(board)).split("board-cuts")[1].split("</nav>")[0]
        )

    def test_days_without_an_act(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        from factcheck.views import board, work

        decide(desk.claim, "change", note="Shorter.")
        monkeypatch.setattr(board, "DAYS", -1)
        monkeypatch.setattr(work, "DAYS", -1)
        mona, address = signed_in("mona"), f"/projects/{desk.project.slug}/board/"
        page = html(mona.get(f"{address}?show=idle"))
        assert "ana: nothing for 0 days" in page
        assert desk.article.title in html(mona.get(f"{address}?show=unanswered"))
        assert "an author has not answered" in page

    def test_in_a_blind_project_members_see_what_they_may(self) -> None:
        article = factories.article(factories.project("hidden", blind=True))
        for owner in ("ana", "ben"):
            services.layers.assign(article_id=article.id, owner=owner, by=actor("mona"))
        factories.annotation(article, "denied any fault", by="ben")
        board = "/projects/hidden/board/"

        ana = html(signed_in("ana").get(board)).split('class="rows board"')[1]
        assert ">ana</span>" in ana
        assert ">ben</span>" not in ana
        assert "waiting" not in ana
        rita = html(signed_in("rita").get(board)).split('class="rows board"')[1]
        assert ">ben</span>" not in rita
        mona = html(signed_in("mona").get(board)).split('class="rows board"')[1]
        assert ">ben</span>" in mona
        assert "in progress" in mona
        assert "waiting" not in mona, "of closed layers nothing is counted"
        assert html(signed_in("ben").get(board)).count("waiting <b>1</b>") == 1
        assert "Nothing of the kind" in html(signed_in("rita").get(f"{board}?person=ben"))
        assert article.title in html(signed_in("mona").get(f"{board}?person=ben"))

        services.layers.submit(layer_id=layer_of(article, "ben").id, by=actor("ben"))
        before = html(signed_in("ana").get(board)).split('class="rows board"')[1]
        assert re.sub(r"item-\S+", "", before) == re.sub(r"item-\S+", "", ana), (
            "nobody learns who has submitted"
        )
        services.layers.submit(layer_id=layer_of(article, "ana").id, by=actor("ana"))
        for person in ("ana", "rita", "vic"):
            page = html(signed_in(person).get(board))
            assert ">ben</span>" in page
            assert "waiting <b>1</b>" in page

    def test_it_costs_the_same_with_more_articles(self, desk: Desk) -> None:
        def statements() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert signed_in("mona").get(f"/projects/{desk.project.slug}/board/").status_code == 200
            return len(caught)

        few = statements()
        for number in range(8):
            more = factories.article(desk.project, title=f"More {number}", text=f"More {number} here\n")
            factories.annotation(more, "here")
            services.reviewers.assign(article_id=more.id, reviewer="rita", by=actor("mona"))
        assert statements() == few


class TestSpreading:
    def test_who_gets_what_is_shown_and_then_assigned_so(self) -> None:
        project = factories.project("many")
        articles = [
            factories.article(project, title=f"Piece {number}", text=f"Piece {number}\n")
            for number in range(3)
        ]
        mona, address = signed_in("mona"), "/projects/many/board/spread/"
        asked = {
            "article": [str(article.id) for article in articles],
            "each": "1",
            "owner": ["ana", "ben"],
        }
        acts = Act.objects.count()
        page = html(mona.post(address, asked | {"do": "preview"}))
        assert "Nothing is assigned yet" in page
        assert "ana <b>+2</b>" in page
        assert Act.objects.count() == acts
        planned = re.findall(r'name="planned" value="([^"]*)"', page)
        assert len(planned) == 3
        done = mona.post(address, asked | {"do": "assign", "planned": planned})
        assert done.status_code == 303
        assert Act.objects.count() == acts + 1, "one act for all"
        for written in planned:
            article, _colon, owner = written.partition(":")
            assert queries.layers.of_person(actor("mona").user_id, UUID(article), owner) is not None

    def test_a_plan_that_is_overtaken_is_shown_anew(self) -> None:
        project = factories.project("many")
        article = factories.article(project)
        mona, address = signed_in("mona"), "/projects/many/board/spread/"
        asked = {"article": [str(article.id)], "each": "1", "owner": ["ana", "ben"]}
        planned = re.findall(
            r'name="planned" value="([^"]*)"', html(mona.post(address, asked | {"do": "preview"}))
        )
        services.layers.assign(article_id=article.id, owner="ben", by=actor("mona"))
        refused = mona.post(address, asked | {"do": "assign", "planned": planned})
        assert refused.status_code == 409
        assert "Somebody assigned meanwhile" in html(refused)
        assert "enough annotators already" in html(refused)

    @pytest.mark.parametrize(
        "form",
        [
            {"each": "1", "owner": ["ana"]},
            {"each": "2", "owner": ["ana"], "all": "1"},
            {"each": "", "owner": ["ana"], "all": "1"},
            {"each": "1", "owner": ["nobody"], "all": "1"},
        ],
    )
    def test_what_cannot_be_spread_is_said_on_the_board(self, form: dict[str, Any]) -> None:
        article = factories.article(factories.project("many"))
        refused = signed_in("mona").post("/projects/many/board/spread/", form | {"page": [str(article.id)]})
        assert refused.status_code == 422
        assert "This is not done" in html(refused)

    def test_who_was_excused_is_not_asked_again_by_spreading(self) -> None:
        project = factories.project("many")
        article = factories.article(project)
        layer = services.layers.assign(article_id=article.id, owner="ana", by=actor("mona")).row
        services.layers.excuse(layer_id=layer.id, by=actor("mona"))
        plan = services.layers.plan_evenly(
            project_id=project.pk, article_ids=[article.id], owners=["ana", "ben"], each=1, by=actor("mona")
        )
        assert [one.owner for one in plan] == ["ben"]


class TestWorkOnAnArticle:
    def test_a_manager_assigns_asks_excuses_reopens_and_hands_over(self) -> None:
        article = factories.article(factories.project("desk"))
        mona, address = signed_in("mona"), f"/articles/{article.id}/assignments/"
        assert mona.post(f"{address}assign/", {"owner": "ana"}).status_code == 303
        assert mona.post(f"{address}reviewers/", {"reviewer": "rita"}).status_code == 303
        page = html(mona.get(address))
        assert "not started" in page
        assert "Ask rita no longer" in page
        step = f"/layers/{layer_of(article, 'ana').id}/step/"
        assert mona.post(step, {"do": "hand_over", "owner": "ben"}).status_code == 303
        step = f"/layers/{layer_of(article, 'ben').id}/step/"
        assert mona.post(step, {"do": "excuse"}).status_code == 303
        assert "excused" in html(mona.get(address))
        assert mona.post(f"{address}assign/", {"owner": "ben"}).status_code == 303
        services.layers.submit(layer_id=layer_of(article, "ben").id, by=actor("ben"))
        assert mona.post(step, {"do": "reopen"}).status_code == 303
        assert "reopened" in html(mona.get(address))
        assert mona.post(f"{address}reviewers/", {"reviewer": "rita", "do": "remove"}).status_code == 303
        assert "it waits for all reviewers" in html(mona.get(address))

    def test_what_is_refused_is_said_on_the_page(self) -> None:
        article = factories.article(factories.project("desk"))
        mona, address = signed_in("mona"), f"/articles/{article.id}/assignments/"
        for path, form, status in (
            ("assign/", {"owner": "vic"}, 422),
            ("assign/", {"owner": "nobody"}, 422),
            ("assign/", {"owner": "\x00"}, 422),
            ("reviewers/", {"reviewer": "ana"}, 422),
        ):
            refused = mona.post(f"{address}{path}", form)
            assert refused.status_code == status
            assert "This is not done" in html(refused)
        services.layers.assign(article_id=article.id, owner="ana", by=actor("mona"))
        step = f"/layers/{layer_of(article, 'ana').id}/step/"
        for form, status in (
            ({"do": "reopen"}, 409),
            ({"do": "dance"}, 422),
            ({"do": "hand_over", "owner": "ana"}, 409),
            ({"do": "submit", "revision": "x"}, 403),
        ):
            assert mona.post(step, form).status_code in (status, 422)

    def test_ones_own_work_is_submitted_where_one_is(self) -> None:
        article = factories.article(factories.project("desk"))
        services.layers.assign(article_id=article.id, owner="ana", by=actor("mona"))
        ana, layer = signed_in("ana"), layer_of(article, "ana")
        page = html(ana.get(f"/articles/{article.id}/"))
        assert "Assigned to you" in page
        assert "Nothing is locked" in page
        library = html(ana.get("/projects/desk/"))
        assert "Yours to do" in library
        assert "assigned to you" in library
        done = ana.post(
            f"/layers/{layer.id}/step/", {"do": "submit", "from": "article", "revision": str(layer.revision)}
        )
        assert (done.status_code, done["Location"]) == (303, f"/articles/{article.id}/")
        assert "Reopen…" in html(ana.get(f"/articles/{article.id}/"))
        library = html(ana.get("/projects/desk/"))
        assert "Yours to do" not in library
        assert 'state-submitted">submitted' in library
        stale = ana.post(f"/layers/{layer.id}/step/", {"do": "reopen", "revision": str(layer.revision)})
        assert stale.status_code == 409
        assert "Submit…" not in html(signed_in("ben").get(f"/articles/{article.id}/")), "nothing to submit"

    def test_in_a_blind_project_it_says_that_opening_is_not_undone(self) -> None:
        article = factories.article(factories.project("hidden", blind=True))
        for owner in ("ana", "ben"):
            services.layers.assign(article_id=article.id, owner=owner, by=actor("mona"))
        ana = signed_in("ana")
        page = html(ana.get(f"/articles/{article.id}/assignments/"))
        assert "That is not undone" in page
        assert "Submit and lock my layer" in page
        assert ">ben</span>" not in page
        assert ana.post(f"/layers/{layer_of(article, 'ana').id}/step/", {"do": "submit"}).status_code == 303
        assert "locked until all have submitted" in html(ana.get(f"/articles/{article.id}/"))
        last = signed_in("ben").post(
            f"/layers/{layer_of(article, 'ben').id}/step/", {"do": "submit"}, follow=True
        )
        assert "You were the last one" in html(last)
        assert "What is open stays open" in html(ana.get(f"/articles/{article.id}/assignments/"))

    def test_of_a_closed_layer_a_colleague_knows_nothing(self) -> None:
        article = factories.article(factories.project("hidden", blind=True))
        services.layers.assign(article_id=article.id, owner="ben", by=actor("mona"))
        step = f"/layers/{layer_of(article, 'ben').id}/step/"
        for other in ("ana", "rita", "vic", "eve"):
            assert signed_in(other).post(step, {"do": "submit"}).status_code == 404
        assert signed_in("mona").post(step, {"do": "submit"}).status_code == 403


class TestSettings:
    def test_a_project_has_reasons_of_its_own(self, desk: Desk) -> None:
        mona, address = signed_in("mona"), f"/projects/{desk.project.slug}/settings/review/"
        page = html(mona.get(address))
        assert "wrong_extent" in page
        revision = re.search(r'name="revision" value="(\d+)"', page)
        assert revision is not None
        sent = {
            "annotation": "too_long\r\nother",
            "relation": "",
            "source_link": "no_source",
            "revision": revision[1],
        }
        assert mona.post(address, sent).status_code == 303
        row = queries.projects.visible(actor("ana").user_id, desk.project.slug)
        assert row is not None
        assert row.reasons["annotation"] == ["too_long", "other"]
        assert row.reasons["relation"][0] == "wrong_end"
        assert decide(desk.claim, "reject", reason="too_long").reason == "too_long"
        assert "too long" in html(signed_in("ana").get("/decided/"))
        stale = mona.post(address, sent | {"annotation": "another"})
        assert stale.status_code == 409
        assert "Somebody changed this" in html(stale)

    @pytest.mark.parametrize(
        "codes", ["Too long", "a\na", "\n".join(f"c{n}" for n in range(51)), "x" * 61, "é"]
    )
    def test_what_is_no_code_is_refused_at_its_field(self, desk: Desk, codes: str) -> None:
        mona, address = signed_in("mona"), f"/projects/{desk.project.slug}/settings/review/"
        row = queries.projects.visible(actor("mona").user_id, desk.project.slug)
        assert row is not None
        refused = mona.post(
            address,
            {"annotation": "other", "relation": codes, "source_link": "", "revision": str(row.revision)},
        )
        assert refused.status_code == 422
        assert 'href="#id_relation"' in html(refused)

    def test_members_are_added_changed_and_taken_out(self, desk: Desk) -> None:
        mona, address = signed_in("mona"), f"/projects/{desk.project.slug}/settings/members/"
        factories.user("zoe")
        assert mona.post(address, {"user": "zoe", "role": "annotator"}).status_code == 303
        assert mona.post(f"{address}zoe/", {"role": "reviewer", "do": "change"}).status_code == 303
        assert Membership.objects.get(project=desk.project, user__username="zoe").role == "reviewer"
        assert "Role of zoe" in html(mona.get(address))
        assert mona.post(f"{address}zoe/", {"do": "remove"}).status_code == 303
        assert "Role of zoe" not in html(mona.get(address))
        for path, form, status in (
            ("", {"user": "nobody-here", "role": "annotator"}, 422),
            ("", {"user": "zoe", "role": "king"}, 422),
            ("mona/", {"do": "remove"}, 409),
            ("mona/", {"role": "viewer"}, 409),
            ("ana/", {"role": "king"}, 422),
            ("zoe/", {"do": "remove"}, 404),
        ):
            assert mona.post(f"{address}{path}", form).status_code == status
