"""Kinds of relation: keys, the grid of legal pairs, and pairs in use, of which a blind project tells nothing."""

from typing import Any

import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid
from factcheck.queries.schemes import KindRow
from tests import factories

pytestmark = pytest.mark.django_db

ANSWERS = {"title": "answers", "inverse_title": "answered by", "key": "w", "pairs": {("denial", "claim")}}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


@pytest.fixture
def who(desk: factories.Desk) -> dict[str, Any]:
    return {"project_id": desk.project.pk, "by": factories.actor("mona")}


def kind(desk: factories.Desk, name: str) -> KindRow:
    return next(found for found in queries.schemes.kinds(desk.project.pk) if found.name == name)


def test_a_new_kind_relates_what_its_pairs_say(desk: factories.Desk, who: dict[str, Any]) -> None:
    services.relation_kinds.add(**ANSWERS, **who)
    factories.relation(desk.denial, desk.claim, kind="answers")
    with pytest.raises(Conflict, match="claim to denial"):
        factories.relation(desk.claim, desk.denial, kind="answers")


def test_a_symmetric_kind_is_legal_both_ways_and_reads_alike(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    made = services.relation_kinds.add(**{**ANSWERS, "inverse_title": ""}, symmetric=True, **who)
    assert made.pairs == {("denial", "claim"), ("claim", "denial")}
    assert made.inverse_title == "answers"
    changed = services.relation_kinds.change(name="answers", title="meets", inverse_title="x", **who)
    assert (changed.title, changed.inverse_title) == ("meets", "meets")


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"key": "d"}, "key", "“d” is the key of denies already"),
        ({"key": "v"}, "key", "reverse"),
        ({"key": "j"}, "key", "next"),
        ({"title": ""}, "title", "empty"),
        ({"inverse_title": ""}, "inverse_title", "empty"),
        ({"name": "denies"}, "name", "denies"),
        ({"pairs": set()}, "pairs", "at least one"),
        ({"pairs": {("claim", "zebra")}}, "pairs", "zebra"),
    ],
)
def test_what_cannot_be_a_kind_is_refused_at_its_field(
    who: dict[str, Any], given: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises((Invalid, Conflict)) as refusal:
        services.relation_kinds.add(**{**ANSWERS, **given}, **who)
    assert refusal.value.field == field
    assert says in str(refusal.value)


def test_pairs_come_and_go_with_the_kinds_revision(desk: factories.Desk, who: dict[str, Any]) -> None:
    changed = services.relation_kinds.change(
        name="denies", pairs={("denial", "claim"), ("claim", "claim")}, expect=1, **who
    )
    assert changed.pairs == {("denial", "claim"), ("claim", "claim")}
    assert changed.revision == 2
    assert changed.title == "denies"


def test_a_pair_in_use_is_not_removed_and_it_is_said_which(desk: factories.Desk, who: dict[str, Any]) -> None:
    with pytest.raises(Conflict) as refusal:
        services.relation_kinds.change(name="denies", title="rejects", pairs={("denial", "denial")}, **who)
    said = str(refusal.value)
    assert said.startswith(
        "1 relation uses a pair that you remove: Denial “denied any fault” denies Claim “the bridge"
    )
    assert "“The bridge is closed”" in said
    assert refusal.value.extra["relations"] == [desk.denies.id]
    assert kind(desk, "denies").title == "denies"  # nothing of the act was done
    services.relations.withdraw(relation_id=desk.denies.id, by=factories.actor("ana"))
    services.relation_kinds.change(name="denies", pairs={("denial", "denial")}, **who)
    assert kind(desk, "denies").pairs == {("denial", "denial")}


def test_of_many_relations_the_first_are_told_and_the_others_counted(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    for words in ("The bridge", "another", "twice a week", "a crack"):
        factories.relation(desk.denial, factories.annotation(desk.article, words))
    with pytest.raises(Conflict, match=r"^5 relations use .* and 2 more"):
        services.relation_kinds.change(name="denies", pairs=set(), **who)


def test_in_a_blind_project_a_refusal_does_not_depend_on_what_one_may_not_see() -> None:
    refusals = []
    for relate in (True, False):
        blind = factories.project(blind=True)
        article = factories.article(blind)
        ends = [
            factories.annotation(article, words, tag=tag)
            for words, tag in (("denied any fault", "denial"), ("twice a week", "claim"))
        ]
        if relate:
            factories.relation(*ends)
        with pytest.raises(Conflict) as refusal:
            services.relation_kinds.change(
                project_id=blind.pk, name="denies", pairs=set(), by=factories.actor("mona")
            )
        refusals.append((str(refusal.value), refusal.value.extra))
    assert refusals[0] == refusals[1]


def test_pairs_with_a_retired_tag_stay(desk: factories.Desk, who: dict[str, Any]) -> None:
    services.tags.retire(name="evidence", **who)
    services.relation_kinds.change(name="denies", pairs={("denial", "claim")}, **who)
    assert kind(desk, "denies").pairs == {("denial", "claim"), ("denial", "evidence")}


def test_a_retired_kind_keeps_its_relations_and_its_key_is_free(
    desk: factories.Desk, who: dict[str, Any]
) -> None:
    services.relation_kinds.retire(name="denies", **who)
    assert queries.relations.visible(factories.user("ana").pk, desk.denies.id)
    services.relation_kinds.add(**{**ANSWERS, "key": "d"}, **who)
    with pytest.raises(Conflict, match="“d” is the key of answers already"):
        services.relation_kinds.restore(name="denies", **who)
    services.relation_kinds.change(name="denies", key="y", **who)
    assert not services.relation_kinds.restore(name="denies", **who).retired
