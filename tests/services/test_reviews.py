"""Deciding, proposing, answering; what is void; whose turn it is."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed
from factcheck.queries import reading
from factcheck.queries.review_queue import Filter
from factcheck.services import acts
from tests import factories
from tests.factories import Desk, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.desk()


def decide(
    thing: Any, decision: str, by: str = "rita", kind: str = "annotation", **kwargs: Any
) -> queries.reviews.Row:
    row: queries.reviews.Row = services.reviews.create(
        thing=kind, thing_id=UUID(thing.id), decision=decision, by=actor(by), **kwargs
    ).row
    return row


def status(annotation: Any) -> str:
    row = queries.annotations.visible(actor("ana").user_id, annotation.id)
    assert row is not None
    return row.status


def waiting(by: str, **asked: Any) -> list[tuple[str, str]]:
    keys = queries.review_queue.page(actor(by).user_id, reading.Cut(50), Filter(**asked))
    return [(str(key.id), key.why) for key in keys]


class TestDeciding:
    def test_statuses_follow_the_decisions(self, desk: Desk) -> None:
        decide(desk.claim, "approve")
        assert status(desk.claim) == "approved"
        decide(desk.claim, "reject", by="ruben", reason="not_a_statement")
        assert status(desk.claim) == "split"
        later = decide(desk.claim, "reject", reason="duplicate")
        assert status(desk.claim) == "rejected"
        mine = queries.reviews.page(actor("ana").user_id, reading.Cut(10), created_by="rita")
        assert [row.superseded_by for row in mine] == [later.id, None]

    def test_own_work_is_not_decided_on_by_sql_either(self, desk: Desk) -> None:
        by_rita = factories.annotation(desk.article, "twice a week", by="rita")
        with pytest.raises(NotAllowed, match="own work"):
            decide(by_rita, "approve")

    def test_a_change_that_changes_nothing_is_refused(self, desk: Desk) -> None:
        with pytest.raises(Invalid, match="nothing would change"):
            decide(desk.claim, "change", proposal={"tag": "claim"})
        with pytest.raises(Invalid, match="Say what to change"):
            decide(desk.claim, "change")
        with pytest.raises(Invalid):
            decide(desk.claim, "ask")

    @pytest.mark.parametrize(
        ("proposal", "field"),
        [
            ({"tag": "nonsense"}, "proposal.tag"),
            ({"colour": "red"}, "proposal.colour"),
            ({"spans": [{"start": 5, "end": 5}]}, "proposal"),
            ({"spans": "here"}, "proposal.spans"),
            ({"attributes": {"nonsense": 1}}, "proposal"),
            ({"spans": [{"start": 0, "end": 10**6}]}, "proposal"),
        ],
    )
    def test_a_proposal_that_cannot_be_is_refused_by_its_part(
        self, desk: Desk, proposal: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            decide(desk.claim, "change", proposal=proposal)
        assert (refused.value.field or "").startswith(field)
        assert status(desk.claim) == "pending"

    def test_only_known_reasons_of_the_kind_of_thing(self, desk: Desk) -> None:
        with pytest.raises(Invalid, match="wrong_end"):
            decide(desk.claim, "reject", reason="wrong_end")
        decide(desk.denies, "reject", kind="relation", reason="wrong_end")

    def test_sent_again_under_its_id_it_is_one_decision(self, desk: Desk) -> None:
        key = UUID(int=7)
        first = services.reviews.create(
            id=key,
            thing="annotation",
            thing_id=UUID(desk.claim.id),
            decision="approve",
            by=actor("rita"),
        )
        again = services.reviews.create(
            id=key,
            thing="annotation",
            thing_id=UUID(desk.claim.id),
            decision="approve",
            by=actor("rita"),
        )
        assert (first.fresh, again.fresh) == (True, False)


class TestAnswers:
    def test_an_accepted_change_waits_again_and_not_for_who_proposed_it(self, desk: Desk) -> None:
        start = desk.claim.extent
        review = decide(desk.claim, "change", proposal={"spans": [{"start": 21, "end": 31}]})
        assert status(desk.claim) == "change_asked"
        made = services.reviews.respond(review_id=UUID(review.id), answer="accepted", by=actor("ana")).row
        row = queries.annotations.visible(actor("ana").user_id, desk.claim.id)
        assert row is not None
        assert (row.status, row.version, made.thing_version) == ("pending", 2, 2)
        assert row.extent == "{[21,31)}" != start
        with pytest.raises(NotAllowed, match="proposed this yourself"):
            decide(desk.claim, "approve", by="rita")
        with (
            pytest.raises(Conflict, match="proposed"),
            transaction.atomic(),
            acts.act("decide", project_id=desk.project.pk, by=actor("rita")),
        ):
            raise_in_sql(desk, "rita")
        assert (desk.claim.id, "new") not in waiting("rita")
        assert (desk.claim.id, "new") in waiting("ruben")
        decide(desk.claim, "approve", by="ruben")
        assert status(desk.claim) == "approved"

    def test_a_refused_change_comes_back_to_who_proposed_it(self, desk: Desk) -> None:
        review = decide(desk.claim, "change", proposal={"tag": "evidence"}, reason="wrong_tag")
        assert desk.claim.id not in dict(waiting("rita"))
        with pytest.raises(Invalid):
            services.reviews.respond(review_id=UUID(review.id), answer="refused", by=actor("ana"))
        services.reviews.respond(
            review_id=UUID(review.id), answer="refused", note="It is put forward.", by=actor("ana")
        )
        assert dict(waiting("rita"))[desk.claim.id] == "answered"
        decide(desk.claim, "approve")
        assert desk.claim.id not in dict(waiting("rita"))
        assert status(desk.claim) == "approved"

    def test_an_answered_question_comes_back_to_who_asked(self, desk: Desk) -> None:
        review = decide(desk.claim, "ask", note="Who said so?")
        assert status(desk.claim) == "pending"
        assert desk.claim.id not in dict(waiting("rita"))
        services.reviews.respond(
            review_id=UUID(review.id), answer="answered", note="The mayor.", by=actor("ana")
        )
        assert dict(waiting("rita"))[desk.claim.id] in ("answered", "new")
        with pytest.raises(Conflict, match="already"):
            services.reviews.respond(
                review_id=UUID(review.id), answer="answered", note="Again.", by=actor("ana")
            )

    def test_only_whose_work_it_is_answers_and_only_what_is_live(self, desk: Desk) -> None:
        review = decide(desk.claim, "change", proposal={"tag": "evidence"})
        with pytest.raises(NotAllowed):
            services.reviews.respond(review_id=UUID(review.id), answer="accepted", by=actor("ben"))
        services.annotations.update(annotation_id=UUID(desk.claim.id), by=actor("ana"), spans=[(21, 31)])
        with pytest.raises(Conflict, match="moved on"):
            services.reviews.respond(review_id=UUID(review.id), answer="accepted", by=actor("ana"))

    def test_a_relation_is_turned_round_and_a_link_gets_another_source(self, desk: Desk) -> None:
        other = factories.annotation(desk.article, "twice a week")
        repeats = factories.relation(other, desk.claim, kind="repeats")
        review = decide(
            repeats, "change", kind="relation", proposal={"reverse": True}, reason="wrong_direction"
        )
        services.reviews.respond(review_id=UUID(review.id), answer="accepted", by=actor("ana"))
        turned = queries.relations.visible(actor("ana").user_id, repeats.id)
        assert turned is not None
        assert (turned.subject, turned.object) == (desk.claim.id, other.id)
        builders = factories.source(desk.project, "The builders", kind="organisation")
        link = decide(desk.said, "change", kind="source_link", proposal={"source": str(builders.id)})
        services.reviews.respond(review_id=UUID(link.id), answer="accepted", by=actor("ana"))
        linked = queries.source_links.visible(actor("ana").user_id, desk.said.id)
        assert linked is not None
        assert str(linked.source) == str(builders.id)


class TestVoid:
    def test_a_rejected_end_is_told_of_its_relations(self, desk: Desk) -> None:
        before = queries.relations.visible(actor("ana").user_id, desk.denies.id)
        decide(desk.claim, "reject", reason="not_a_statement")
        after = queries.relations.visible(actor("ana").user_id, desk.denies.id)
        assert before is not None
        assert after is not None
        assert after.revision == before.revision + 1
        assert (after.version, after.status) == (before.version, before.status)


class TestWholeApproval:
    def test_a_tag_is_approved_with_its_links_and_relations_one_by_one(self, desk: Desk) -> None:
        factories.link(desk.denial, desk.mayor)
        made = services.reviews.approve_whole(annotation_id=UUID(desk.denial.id), by=actor("rita"))
        assert len(made) == 3
        relation = queries.relations.visible(actor("ana").user_id, desk.denies.id)
        assert relation is not None
        assert relation.status == "approved"
        assert status(desk.claim) == "pending"


class TestMissed:
    def test_a_missed_annotation_is_taken_as_own_work(self, desk: Desk) -> None:
        proposed = services.proposed_annotations.create(
            layer_id=UUID(desk.claim.layer), tag="claim", spans=[(0, 20)], by=actor("rita"), note="Too"
        ).row
        assert proposed.pieces == ["The bridge is closed"]
        with pytest.raises(NotAllowed):
            services.proposed_annotations.take(proposed_id=UUID(proposed.id), by=actor("ben"))
        taken = services.proposed_annotations.take(proposed_id=UUID(proposed.id), by=actor("ana"))
        assert taken.state == "taken"
        assert taken.annotation is not None
        made = queries.annotations.visible(actor("ana").user_id, taken.annotation)
        assert made is not None
        assert (made.created_by, made.status) == ("ana", "pending")
        with pytest.raises(NotAllowed, match="proposed this yourself"):
            decide(made, "approve", by="rita")
        decide(made, "approve", by="ruben")

    def test_it_is_refused_with_a_word_and_taken_back_by_who_proposed_it(self, desk: Desk) -> None:
        layer = UUID(desk.claim.layer)
        one, two = (
            services.proposed_annotations.create(
                layer_id=layer, tag="claim", spans=[(start, 20)], by=actor("rita")
            ).row
            for start in (0, 4)
        )
        with pytest.raises(Invalid):
            services.proposed_annotations.refuse(proposed_id=UUID(one.id), by=actor("ana"), note="")
        refused = services.proposed_annotations.refuse(
            proposed_id=UUID(one.id), by=actor("ana"), note="A headline."
        )
        assert (refused.state, refused.answer_note) == ("refused", "A headline.")
        services.proposed_annotations.withdraw(proposed_id=UUID(two.id), by=actor("rita"))
        with pytest.raises(Conflict):
            services.proposed_annotations.take(proposed_id=UUID(two.id), by=actor("ana"))
        with pytest.raises(NotAllowed):
            services.proposed_annotations.create(layer_id=layer, tag="claim", spans=[(0, 3)], by=actor("ben"))


class TestQueue:
    def test_what_waits_is_what_one_may_decide_and_has_not(self, desk: Desk) -> None:
        everything = {desk.claim.id, desk.denial.id, desk.denies.id, desk.said.id}
        assert set(dict(waiting("rita"))) == everything
        assert waiting("ana") == waiting("ben") == waiting("vic") == waiting("eve") == []
        assert set(dict(waiting("mona"))) == everything
        decide(desk.claim, "approve")
        assert set(dict(waiting("rita"))) == set(dict(waiting("ruben"))) == everything - {desk.claim.id}
        decide(desk.claim, "reject", by="ruben")
        assert dict(waiting("rita"))[desk.claim.id] == "split"
        assert desk.claim.id not in dict(waiting("ruben"))
        assert dict(waiting("mona"))[desk.claim.id] == "split"

    def test_it_is_filtered_and_turned_round(self, desk: Desk) -> None:
        assert dict(waiting("rita", thing="relation")) == {desk.denies.id: "new"}
        assert set(dict(waiting("rita", tag="denial"))) == {desk.denial.id, desk.denies.id}
        assert waiting("rita", owner="ben") == []
        oldest = queries.review_queue.page(actor("rita").user_id, reading.Cut(2))
        newest = queries.review_queue.page(actor("rita").user_id, reading.Cut(2), newest=True)
        assert oldest.has_next
        assert oldest[0].id < oldest[1].id < newest[1].id < newest[0].id

    def test_assigned_work_waits_once_it_is_submitted(self) -> None:
        article = factories.article(factories.project())
        layer = services.layers.assign(article_id=article.id, owner="ana", by=actor("mona")).row
        mine = factories.annotation(article, "denied any fault")
        assert waiting("rita") == []
        services.layers.submit(layer_id=layer.id, by=actor("ana"))
        assert waiting("rita") == [(mine.id, "new")]

    def test_an_article_with_reviewers_waits_for_those(self, desk: Desk) -> None:
        services.reviewers.assign(article_id=desk.article.id, reviewer="ruben", by=actor("mona"))
        assert waiting("rita") == []
        assert len(waiting("ruben")) == 4
        services.reviewers.unassign(article_id=desk.article.id, reviewer="ruben", by=actor("mona"))
        assert len(waiting("rita")) == 4

    def test_it_is_told_with_its_words(self, desk: Desk) -> None:
        keys = queries.review_queue.page(actor("rita").user_id, reading.Cut(9))
        told = {item.id: item for item in queries.review_queue.items(actor("rita").user_id, keys)}
        assert told[desk.denies.id].words == "denied any fault"
        assert told[desk.denies.id].other == "the bridge was checked in May"
        assert (told[desk.said.id].kind, told[desk.said.id].other) == ("speaker", "The mayor's office")
        assert queries.review_queue.count(actor("rita").user_id) == 4


def raise_in_sql(desk: Desk, username: str) -> None:
    """Write an approval as plain SQL would."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO review (id, project_id, article_id, layer_id, annotation_id, thing_version, thing_author_id,
                                   reviewer_id, decision, reason, note, revision)
               SELECT gen_random_uuid(), a.project_id, a.article_id, a.layer_id, a.id, a.version, a.created_by_id, %s,
                      'approve', '', '', 1
               FROM annotation a WHERE a.id = %s""",
            [actor(username).user_id, desk.claim.id],
        )


@pytest.mark.django_db(transaction=True)
def test_another_number_of_approvals_is_reckoned_at_once(desk: Desk) -> None:
    decide(desk.claim, "approve")
    decide(desk.said, "approve", kind="source_link")
    services.projects.update(project_id=desk.project.pk, by=actor("mona"), approvals_needed=2)
    assert status(desk.claim) == "pending"
    decide(desk.claim, "approve", by="ruben")
    assert status(desk.claim) == "approved"
    services.projects.update(project_id=desk.project.pk, by=actor("mona"), approvals_needed=1)
    link = queries.source_links.visible(actor("ana").user_id, desk.said.id)
    assert link is not None
    assert link.status == "approved"
    assert list(services.verification.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_who_differed_later_is_told_by_the_time_whatever_the_ids(desk: Desk) -> None:
    decide(desk.claim, "approve", id=UUID(int=2**128 - 1))
    decide(desk.claim, "reject", by="ruben")
    assert dict(waiting("rita"))[desk.claim.id] == "split"
    assert desk.claim.id not in dict(waiting("ruben"))
