"""Making, changing, withdrawing and restoring annotations, as the services do it."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from factcheck.exceptions import (
    Conflict,
    ExactMismatch,
    Gone,
    IdTaken,
    Invalid,
    NotAllowed,
    NotFound,
    PreconditionRequired,
    Stale,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def make(desk: factories.Desk, by: str = "ana", **kwargs: object) -> services.identity.Made:
    given = {"article_id": desk.article.id, "tag": "claim", "spans": [(0, 10)], **kwargs}
    return services.annotations.create(by=factories.actor(by), **given)  # type: ignore[arg-type]


def change(desk: factories.Desk, by: str = "ana", **kwargs: object) -> queries.annotations.Row:
    return services.annotations.update(annotation_id=UUID(desk.claim.id), by=factories.actor(by), **kwargs)  # type: ignore[arg-type]


def test_create_answers_what_a_read_would(desk: factories.Desk) -> None:
    made = make(desk, spans=[(25, 30), (0, 10)], note="n", attributes={"wording": "mixed"})
    assert made.fresh
    assert made.row == queries.annotations.visible(factories.actor("ana").user_id, made.row.id)
    assert made.row.extent == "{[0,10),[25,30)}"


@pytest.mark.django_db(transaction=True)
def test_create_takes_two_statements(desk: factories.Desk) -> None:
    ana = factories.actor("ana")
    with CaptureQueriesContext(connection) as captured:
        services.annotations.create(article_id=desk.article.id, tag="claim", spans=[(0, 5)], by=ana)
    assert len(captured) == 2


def test_first_annotation_begins_the_layer(desk: factories.Desk) -> None:
    row = make(desk, by="ben").row
    layer = queries.layers.visible(factories.actor("mona").user_id, UUID(row.layer))
    assert layer is not None
    assert (layer.owner, layer.state, layer.kind) == ("ben", "in_progress", "person")


def test_span_after_an_emoji_family_counts_code_points(desk: factories.Desk) -> None:
    text = factories.TEXT
    start = text.index("picture")
    row = make(desk, spans=[(start, start + 7)], exact="picture").row
    assert row.pieces == ["picture"]
    with pytest.raises(ExactMismatch) as wrong:
        make(desk, spans=[(start - 6, start + 1)], exact="picture")
    assert wrong.value.extra["given"] == "picture"
    assert wrong.value.extra["found"] != "picture"


@pytest.mark.parametrize(
    "pairs", [[], [(5, 5)], [(9, 5)], [(-1, 4)], [(0, 9999)], [(0, 6), (4, 9)], [(2**40, 2**41)]]
)
def test_bad_spans_are_refused_in_words(desk: factories.Desk, pairs: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid):
        make(desk, spans=pairs)


def test_touching_pieces_are_merged_and_kept_in_order(desk: factories.Desk) -> None:
    assert make(desk, spans=[(4, 8), (0, 4)]).row.extent == "{[0,8)}"


def test_same_extent_and_tag_twice_is_legal(desk: factories.Desk) -> None:
    assert make(desk).row.id != make(desk).row.id


@pytest.mark.parametrize(("who", "error"), [("vic", NotAllowed), ("eve", NotFound)])
def test_create_needs_the_role(desk: factories.Desk, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        make(desk, by=who)


def test_unknown_or_retired_tag_is_refused(desk: factories.Desk) -> None:
    with pytest.raises(Invalid, match="no tag rumour"):
        make(desk, tag="rumour")


def test_id_brought_twice_with_the_same_content_is_the_same_annotation(desk: factories.Desk) -> None:
    own = uuid4()
    first = make(desk, id=own)
    services.annotations.update(annotation_id=own, by=factories.actor("ana"), note="Later")
    again = make(desk, id=own)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.row.note == "Later"


def test_id_brought_twice_with_other_content_needs_to_have_seen_it(desk: factories.Desk) -> None:
    own = uuid4()
    make(desk, id=own)
    with pytest.raises(PreconditionRequired):
        make(desk, id=own, tag="evidence")


def test_id_of_what_one_may_not_see_is_taken(desk: factories.Desk) -> None:
    blind = factories.desk(blind=True)
    with pytest.raises(IdTaken):
        services.annotations.create(
            article_id=desk.article.id,
            tag="claim",
            spans=[(0, 4)],
            by=factories.actor("ben"),
            id=UUID(blind.claim.id),
        )


def test_id_of_a_withdrawn_annotation_is_gone(desk: factories.Desk) -> None:
    own = uuid4()
    make(desk, id=own)
    services.annotations.withdraw(annotation_id=own, by=factories.actor("ana"))
    with pytest.raises(Gone):
        make(desk, id=own)


def test_stale_change_is_refused_with_the_present_state(desk: factories.Desk) -> None:
    seen = change(desk).revision
    change(desk, note="First")
    with pytest.raises(Stale) as stale:
        change(desk, note="Second", expect=seen)
    assert stale.value.extra["present"].note == "First"


def test_change_that_changes_nothing_is_no_act(desk: factories.Desk) -> None:
    before = change(desk)
    assert change(desk, note=before.note, tag="claim").revision == before.revision


def test_only_the_owner_changes_what_stands_in_a_layer(desk: factories.Desk) -> None:
    for who in ("ben", "rita", "mona"):
        with pytest.raises(NotAllowed, match="owner"):
            change(desk, by=who, note="x")
        with pytest.raises(NotAllowed, match="owner"):
            services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor(who))
    with pytest.raises(NotFound):
        change(desk, by="eve", note="x")


def test_change_of_what_is_judged_waits_for_review_again(desk: factories.Desk) -> None:
    services.reviews.create(
        thing="annotation", thing_id=UUID(desk.claim.id), decision="approve", by=factories.actor("rita")
    )
    assert change(desk).status == "approved"
    assert change(desk, note="A note is not judged").status == "approved"
    changed = change(desk, spans=[(0, 5)])
    assert (changed.status, changed.version) == ("pending", 2)


def test_tag_that_breaks_a_relation_is_refused_naming_it(desk: factories.Desk) -> None:
    with pytest.raises(Conflict, match="denied any fault"):
        services.annotations.update(
            annotation_id=UUID(desk.denial.id), by=factories.actor("ana"), tag="evidence"
        )


def test_attributes_that_another_tag_lacks_go_with_the_tag(desk: factories.Desk) -> None:
    row = make(desk, attributes={"wording": "mixed", "unsure": True}).row
    changed = services.annotations.update(
        annotation_id=UUID(row.id), by=factories.actor("ana"), tag="evidence"
    )
    assert changed.attributes == '{"unsure": true}'


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nope": 1}, "attributes.nope"),
        ({"wording": "x"}, "attributes.wording"),
        ({"unsure": "yes"}, "attributes.unsure"),
    ],
)
def test_attributes_are_checked_by_the_projects_schema(
    desk: factories.Desk, values: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(desk, attributes=values)
    assert refusal.value.field == field


def test_withdrawing_takes_relations_and_links_along_and_restoring_brings_them_back(
    desk: factories.Desk,
) -> None:
    ana = factories.actor("ana")
    claim = UUID(desk.claim.id)

    def alive() -> tuple[bool, bool, bool]:
        return (
            queries.annotations.visible(ana.user_id, claim).withdrawn_at is None,  # type: ignore[union-attr]
            queries.relations.visible(ana.user_id, desk.denies.id).withdrawn_at is None,  # type: ignore[union-attr]
            queries.source_links.visible(ana.user_id, desk.said.id).withdrawn_at is None,  # type: ignore[union-attr]
        )

    services.annotations.withdraw(annotation_id=claim, by=ana)
    assert alive() == (False, False, False)
    with pytest.raises(Gone):
        change(desk, note="x")
    services.annotations.restore(annotation_id=claim, by=ana)
    assert alive() == (True, True, True)


def test_relation_comes_back_only_when_both_ends_are_back(desk: factories.Desk) -> None:
    ana = factories.actor("ana")
    claim, denial = UUID(desk.claim.id), UUID(desk.denial.id)
    services.annotations.withdraw(annotation_id=claim, by=ana)
    services.annotations.withdraw(annotation_id=denial, by=ana)
    services.annotations.restore(annotation_id=claim, by=ana)
    relation = queries.relations.visible(ana.user_id, desk.denies.id)
    assert relation is not None
    assert relation.withdrawn_at is not None
    services.annotations.restore(annotation_id=denial, by=ana)
    relation = queries.relations.visible(ana.user_id, desk.denies.id)
    assert relation is not None
    assert relation.withdrawn_at is None


def test_blind_project_hides_a_layer_from_everybody_but_its_owner() -> None:
    desk = factories.desk(blind=True)
    for who in ("ben", "rita", "mona", "vic", "eve"):
        viewer = factories.actor(who).user_id
        assert queries.annotations.visible(viewer, desk.claim.id) is None
        assert queries.relations.visible(viewer, desk.denies.id) is None
        assert queries.source_links.visible(viewer, desk.said.id) is None
        assert queries.sources.visible(viewer, desk.mayor.id) is None
        assert not any(queries.articles.counts(viewer, [desk.article.id])[desk.article.id].values())
        with pytest.raises(NotFound):
            services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor(who))
    assert queries.annotations.visible(factories.actor("ana").user_id, desk.claim.id) is not None
