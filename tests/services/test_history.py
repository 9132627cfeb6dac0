"""Undo puts back what one's own last act changed, and refuses when something moved on."""

from uuid import UUID

import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, NotFound
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def claim(desk: factories.Desk) -> queries.annotations.Row:
    row = queries.annotations.visible(factories.actor("ana").user_id, desk.claim.id)
    assert row is not None
    return row


def undo(desk: factories.Desk, by: str = "ana") -> str:
    return services.history.undo(article_id=desk.article.id, by=factories.actor(by))


def test_acts_are_undone_one_by_one_backwards(desk: factories.Desk) -> None:
    assert [undo(desk) for _ in range(4)] == [
        "create_source_link",
        "create_relation",
        "create_annotation",
        "create_annotation",
    ]
    assert claim(desk).withdrawn_at is not None
    with pytest.raises(NotFound, match="nothing of yours"):
        undo(desk)


def test_change_is_put_back_as_it_was(desk: factories.Desk) -> None:
    before = claim(desk)
    services.annotations.update(
        annotation_id=UUID(desk.claim.id), by=factories.actor("ana"), spans=[(0, 3), (5, 9)], note="x"
    )
    assert undo(desk) == "update_annotation"
    after = claim(desk)
    assert (after.extent, after.pieces, after.prefix, after.note) == (
        before.extent,
        before.pieces,
        before.prefix,
        before.note,
    )
    assert after.revision == before.revision + 2


def test_withdrawal_is_undone_with_all_that_went_along(desk: factories.Desk) -> None:
    ana = factories.actor("ana")
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=ana)
    assert undo(desk) == "withdraw_annotation"
    assert claim(desk).withdrawn_at is None
    assert queries.relations.visible(ana.user_id, desk.denies.id).withdrawn_at is None  # type: ignore[union-attr]
    assert len(queries.source_links.of_annotations(ana.user_id, [desk.claim.id])[desk.claim.id]) == 1


def test_undo_is_refused_when_something_moved_on(desk: factories.Desk) -> None:
    services.annotations.update(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"), note="mine")
    services.reviews.create(
        thing="annotation", thing_id=UUID(desk.claim.id), decision="approve", by=factories.actor("rita")
    )
    with pytest.raises(Conflict, match="changed since"):
        undo(desk)
    assert claim(desk).note == "mine"


def test_nobody_undoes_a_colleagues_act(desk: factories.Desk) -> None:
    with pytest.raises(NotFound):
        undo(desk, by="ben")
    assert claim(desk).withdrawn_at is None


def test_what_undo_did_is_an_act_of_its_own_and_not_undone_again(desk: factories.Desk) -> None:
    undo(desk)
    assert undo(desk) == "create_relation"
