"""Relations: every pair of tags and every kind, legal or refused, from the project's own rows."""

from itertools import product
from uuid import UUID

import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.services import default_scheme
from tests import factories

pytestmark = pytest.mark.django_db

TAGS = [tag["name"] for tag in default_scheme.TAGS]
KINDS = {kind["name"]: set(kind["pairs"]) for kind in default_scheme.RELATION_KINDS}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def test_every_pair_of_every_kind_is_legal_or_refused_as_the_scheme_says(desk: factories.Desk) -> None:
    ends = {
        tag: [factories.annotation(desk.article, words, tag=tag) for words in ("The bridge", "another")]
        for tag in TAGS
    }
    for kind, subject, object_ in product(KINDS, TAGS, TAGS):
        related = {"subject": UUID(ends[subject][0].id), "object": UUID(ends[object_][1].id), "kind": kind}
        if (subject, object_) in KINDS[kind]:
            assert services.relations.create(by=factories.actor("ana"), **related).fresh  # type: ignore[arg-type]
        else:
            with pytest.raises(Conflict, match=f"{subject} to {object_}"):
                services.relations.create(by=factories.actor("ana"), **related)  # type: ignore[arg-type]


def test_same_relation_twice_alive_is_refused(desk: factories.Desk) -> None:
    with pytest.raises(Conflict, match="already"):
        factories.relation(desk.denial, desk.claim)


def test_symmetric_relation_is_the_same_either_way(desk: factories.Desk) -> None:
    other = factories.annotation(desk.article, "A photograph")
    factories.relation(desk.claim, other, kind="contradicts")
    with pytest.raises(Conflict, match="already"):
        factories.relation(other, desk.claim, kind="contradicts")


def test_annotation_is_not_related_to_itself(desk: factories.Desk) -> None:
    with pytest.raises(Invalid, match="itself"):
        factories.relation(desk.claim, desk.claim, kind="about")


def test_relation_across_articles_is_legal_across_projects_not(desk: factories.Desk) -> None:
    second = factories.article(desk.project, title="Another", text="The bridge was opened in 1950.\n")
    opened = factories.annotation(second, "The bridge was opened")
    relation = factories.relation(opened, desk.claim, kind="repeats", attributes={"degree": "same"})
    assert (relation.article, relation.object_article) == (str(second.id), str(desk.article.id))
    other = factories.desk()
    with pytest.raises(Invalid, match="one project"):
        factories.relation(other.denial, desk.claim)


def test_colleagues_annotations_may_be_related_in_a_project_that_is_not_blind(desk: factories.Desk) -> None:
    relation = factories.relation(desk.denial, desk.claim, by="ben")
    layer = queries.layers.visible(factories.actor("vic").user_id, UUID(relation.layer))
    assert layer is not None
    assert layer.owner == "ben"


def test_relation_is_changed_by_its_maker_alone(desk: factories.Desk) -> None:
    relation = UUID(desk.denies.id)
    with pytest.raises(NotAllowed, match="owner"):
        services.relations.update(relation_id=relation, by=factories.actor("ben"), note="x")
    with pytest.raises(NotFound):
        services.relations.withdraw(relation_id=relation, by=factories.actor("eve"))
    row = services.relations.update(
        relation_id=relation, by=factories.actor("ana"), attributes={"manner": "explicit"}, note="See page 2"
    )
    assert (row.version, row.note) == (2, "See page 2")


def test_attributes_are_those_of_the_kind(desk: factories.Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        services.relations.update(
            relation_id=UUID(desk.denies.id), by=factories.actor("ana"), attributes={"manner": "loud"}
        )
    assert refusal.value.field == "attributes.manner"


def test_withdrawn_relation_comes_back(desk: factories.Desk) -> None:
    ana = factories.actor("ana")
    services.relations.withdraw(relation_id=UUID(desk.denies.id), by=ana)
    assert factories.relation(desk.denial, desk.claim).id != desk.denies.id
    with pytest.raises(Conflict, match="already"):
        services.relations.restore(relation_id=UUID(desk.denies.id), by=ana)
