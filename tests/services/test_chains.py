"""The chain of who passed a statement on, and which sources are offered first for the next link."""

from uuid import UUID

import pytest

from factcheck import queries, services
from factcheck.exceptions import Invalid
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def hops(desk: factories.Desk) -> list[tuple[str, int]]:
    links = queries.source_links.of_annotations(factories.user("ana").pk, [desk.claim.id])[desk.claim.id]
    return [(link.source_name, link.position) for link in links if link.role == "via"]


def test_a_hop_is_moved_along_the_chain_and_undone(desk: factories.Desk) -> None:
    made = [
        factories.link(desk.claim, factories.source(desk.project, name), role="via", position=5)
        for name in ("Outlet", "Ministry", "Aide")
    ]
    ana = factories.actor("ana")
    services.source_links.move(link_id=UUID(made[2].id), step=-1, by=ana)
    assert hops(desk) == [("Outlet", 1), ("Aide", 2), ("Ministry", 3)]
    services.source_links.move(link_id=UUID(made[0].id), step=-1, by=ana)
    assert hops(desk) == [("Outlet", 1), ("Aide", 2), ("Ministry", 3)]
    services.history.undo(article_id=desk.article.id, by=ana)
    assert [name for name, _position in hops(desk)] == ["Outlet", "Ministry", "Aide"]
    with pytest.raises(Invalid):
        services.source_links.move(link_id=UUID(desk.said.id), step=1, by=ana)


def offered(desk: factories.Desk, typed: str, username: str = "ana") -> list[str]:
    article = desk.article
    found = queries.speakers.suggest(factories.user(username).pk, article.project_id, typed, article.id)
    return [one.name for one in found]


def test_those_named_in_the_article_are_offered_first(desk: factories.Desk) -> None:
    for name in ("Madrid", "Malta", "Mayhem Ltd"):
        factories.source(desk.project, name)
    reuters = factories.source(desk.project, "Reuters", aliases=["Main agency"])
    factories.link(desk.denial, reuters, role="via")
    assert offered(desk, "")[:2] == ["Reuters", "The mayor's office"]
    assert offered(desk, "ma")[:2] == ["Reuters", "The mayor's office"]
    assert offered(desk, "malta")[0] == "Malta"
    assert len(offered(desk, "m")) == len(set(offered(desk, "m")))


def test_in_a_blind_project_another_ones_links_offer_nothing(desk: factories.Desk) -> None:
    blind = factories.desk(blind=True)
    assert "The mayor's office" not in offered(blind, "", "ben")
    assert "The mayor's office" in offered(blind, "", "ana")
