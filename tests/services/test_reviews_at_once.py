"""Two at the same moment, over connections of their own: nothing is lost, each status is what the decisions say."""

import itertools
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from factcheck import queries, services
from factcheck.exceptions import Conflict, FactcheckError
from factcheck.models import Act, Annotation, Layer, Relation, Review, ReviewResponse
from factcheck.permissions import workflow
from tests import factories
from tests.factories import Desk, actor

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 100
DECISIONS = ("approve", "reject", "change", "ask")
Act_ = Callable[[], Any]


def at_once(*acts: Act_) -> list[Any]:
    """Do these at the same moment, each over a connection of its own; a refusal is what the act came to."""
    barrier = threading.Barrier(len(acts))
    told: list[Any] = [None] * len(acts)

    def do(nth: int, act: Act_) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            told[nth] = act()
        except BaseException as error:
            told[nth] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=given) for given in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # What the product refuses is an answer; a deadlock or a timeout is not.
    assert [
        one for one in told if isinstance(one, BaseException) and not isinstance(one, FactcheckError)
    ] == []
    return told


def decide(thing: str, key: str, decision: str, by: str) -> Act_:
    note = "Why?" if decision in ("ask", "change") else ""
    return lambda: services.reviews.create(
        thing=thing, thing_id=UUID(key), decision=decision, note=note, by=actor(by)
    )


def live(thing: str, key: str) -> dict[str, str]:
    """Return the live decisions on the present version, by who decided."""
    row = {
        "annotation": queries.annotations,
        "relation": queries.relations,
        "source_link": queries.source_links,
    }
    version = row[thing].visible(actor("mona").user_id, UUID(key)).version  # type: ignore[attr-defined]
    found = Review.objects.filter(**{thing: key}, superseded_by=None, thing_version=version)
    return dict(found.values_list("reviewer__username", "decision"))


def status(thing: str, key: str) -> str:
    row = {
        "annotation": queries.annotations,
        "relation": queries.relations,
        "source_link": queries.source_links,
    }
    found: str = row[thing].visible(actor("mona").user_id, UUID(key)).status  # type: ignore[attr-defined]
    return found


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return factories.desk()


def test_two_reviewers_a_hundred_times(desk: Desk) -> None:
    """On one annotation: each pair of decisions, over and over, each superseding one's own earlier one."""
    pairs = itertools.cycle(itertools.product(DECISIONS, repeat=2))
    for turn in range(TIMES):
        one, other = next(pairs)
        told = at_once(
            decide("annotation", desk.claim.id, one, "rita"),
            decide("annotation", desk.claim.id, other, "ruben"),
        )
        assert not any(isinstance(answer, FactcheckError) for answer in told), told
        assert live("annotation", desk.claim.id) == {"rita": one, "ruben": other}, turn
        assert status("annotation", desk.claim.id) == workflow.status((one, other), approvals_needed=1), turn
    assert Review.objects.filter(annotation=desk.claim.id).count() == 2 * TIMES
    assert list(services.verification.findings()) == []


def test_on_an_annotation_its_relations_and_its_links_at_once(desk: Desk) -> None:
    """Rejecting and approving both ends, two relations between them, and a link, by four people."""
    other = factories.relation(desk.denial, desk.claim, kind="about")
    told = 0
    for turn in range(TIMES // 4):
        first, second = ("approve", "reject") if turn % 2 else ("reject", "approve")
        answers = at_once(
            decide("annotation", desk.claim.id, first, "rita"),
            decide("annotation", desk.denial.id, first, "ruben"),
            decide("relation", desk.denies.id, second, "mona"),
            decide("relation", other.id, second, "rita"),
            decide("source_link", desk.said.id, second, "ruben"),
            lambda: services.reviews.approve_whole(annotation_id=UUID(desk.denial.id), by=actor("mona")),
            lambda: services.relations.update(
                relation_id=UUID(desk.denies.id), note="Seen.", by=actor("ana")
            ),
        )
        told += sum(not isinstance(answer, FactcheckError) for answer in answers)
    assert told == 7 * (TIMES // 4)
    assert list(services.verification.findings()) == []
    kept = Relation.objects.get(pk=desk.denies.id)
    shown = queries.relations.visible(actor("ana").user_id, desk.denies.id)
    assert shown is not None
    rejected = Annotation.objects.filter(pk__in=[desk.claim.id, desk.denial.id], status="rejected").exists()
    assert (shown.void, shown.revision) == (rejected, kept.revision)


def test_an_author_takes_a_change_while_the_reviewer_decides_otherwise(desk: Desk) -> None:
    """Either the change was taken, and the later decision is on what it made, or it was superseded before."""
    taken = 0
    for turn in range(TIMES // 2):
        start = turn % 15
        review = services.reviews.create(
            thing="annotation",
            thing_id=UUID(desk.claim.id),
            decision="change",
            proposal={"spans": [{"start": start, "end": start + 4 + turn % 3}]},
            by=actor("rita"),
        ).row
        answer, decided = at_once(
            lambda review=review: services.reviews.respond(
                review_id=UUID(review.id), answer="accepted", by=actor("ana")
            ),
            decide("annotation", desk.claim.id, "reject", "rita"),
        )
        assert not isinstance(decided, FactcheckError)
        if isinstance(answer, FactcheckError):
            assert isinstance(answer, Conflict)
            assert not ReviewResponse.objects.filter(review=review.id).exists()
            assert decided.row.thing_version == review.thing_version
        else:
            taken += 1
            assert Review.objects.get(pk=review.id).superseded_by_id is None or (
                decided.row.thing_version == answer.row.thing_version
            )
        assert status("annotation", desk.claim.id) == "rejected"
        assert list(live("annotation", desk.claim.id)) == ["rita"]
    assert list(services.verification.findings()) == []


def test_two_answers_at_once_are_one(desk: Desk) -> None:
    review = decide("annotation", desk.claim.id, "ask", "rita")().row
    answers = at_once(
        *[
            lambda: services.reviews.respond(
                review_id=UUID(review.id), answer="answered", note="So.", by=actor("ana")
            )
        ]
        * 3
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 2
    assert ReviewResponse.objects.count() == 1


def test_a_decision_sent_twice_at_once_under_one_id_is_one(desk: Desk) -> None:
    send = lambda: services.reviews.create(  # noqa: E731
        id=UUID(int=77),
        thing="annotation",
        thing_id=UUID(desk.claim.id),
        decision="approve",
        by=actor("rita"),
    )
    answers = at_once(*[send] * 4)
    assert sorted(answer.fresh for answer in answers) == [False, False, False, True]


def test_a_missed_annotation_sent_twice_at_once_under_one_id_is_one(desk: Desk) -> None:
    send = lambda: services.proposed_annotations.create(  # noqa: E731
        id=UUID(int=78), layer_id=UUID(desk.claim.layer), tag="claim", spans=[(0, 3)], by=actor("rita")
    )
    answers = at_once(*[send] * 4)
    assert sorted(answer.fresh for answer in answers) == [False, False, False, True]


def test_the_last_two_submissions_of_a_blind_article_open_it_once() -> None:
    project = factories.project(blind=True)
    for turn in range(TIMES // 4):
        article = factories.article(project, title=f"T{turn}", text=f"Text {turn}.")
        layers = [
            services.layers.assign(article_id=article.id, owner=owner, by=actor("mona")).row
            for owner in ("ana", "ben")
        ]
        at_once(
            *[
                lambda layer=layer: services.layers.submit(layer_id=layer.id, by=actor(layer.owner))
                for layer in layers
            ]
        )
        opened = Layer.objects.filter(article_id=article.id)
        assert {layer.state for layer in opened} == {"submitted"}
        assert len({(layer.opened_at, layer.first_answer) for layer in opened}) == 1
        assert all(layer.opened_at and layer.first_answer for layer in opened)
        assert Act.objects.filter(kind="open_layers", project=project).count() == turn + 1


def test_a_layer_is_not_handed_to_who_is_just_deciding_on_it(desk: Desk) -> None:
    layer = UUID(desk.claim.layer)
    for _turn in range(TIMES // 5):
        decided, handed = at_once(
            decide("annotation", desk.claim.id, "approve", "rita"),
            lambda: services.layers.hand_over(layer_id=layer, to="rita", by=actor("mona")),
        )
        assert isinstance(decided, FactcheckError) or isinstance(handed, FactcheckError)
        owned = Layer.objects.get(pk=layer).owner_id == actor("rita").user_id
        assert owned is not Review.objects.filter(layer=layer, reviewer__username="rita").exists()
        if not owned:
            return
        services.layers.hand_over(layer_id=layer, to="ana", by=actor("mona"))


def test_approvals_that_are_needed_change_while_people_decide(desk: Desk) -> None:
    for turn in range(TIMES // 5):
        needed = 1 + turn % 2
        at_once(
            decide("annotation", desk.claim.id, "approve", "rita"),
            decide("source_link", desk.said.id, "approve", "rita"),
            lambda needed=needed: services.projects.update(
                project_id=desk.project.pk, approvals_needed=needed, by=actor("mona")
            ),
        )
        wanted = "approved" if needed == 1 else "pending"
        assert (status("annotation", desk.claim.id), status("source_link", desk.said.id)) == (wanted, wanted)
    assert list(services.verification.findings()) == []
