"""What the feed tells of captured texts and of merged sources: everything that a program keeps, and nothing hidden."""

import pytest

from factcheck import services
from tests import factories
from tests.feed.test_feed import Puller

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "It was not visited. It was closed."


@pytest.fixture(autouse=True)
def epoch(transactional_db: None) -> str:
    return services.feed.start_epoch()


def told(puller: Puller) -> list[tuple[str, str, str]]:
    return [(line.type, str(line.id), line.op) for line in puller.pull()]


def test_an_edited_text_is_told_as_a_change_of_its_source_and_of_the_links_into_it() -> None:
    desk = factories.desk()
    document = factories.source(desk.project, "Minutes", kind="document")
    ana = factories.actor("ana")
    text = services.source_texts.create(source_id=document.id, text=TEXT, by=ana).row
    link = factories.link(
        desk.claim, document, role="document", passage=services.source_texts.Passage(text.id, 0, 19)
    )
    puller = Puller("vic")
    puller.pull()
    edited = services.source_texts.create(source_id=document.id, text="Cover\n" + TEXT, by=ana).row
    assert told(puller) == [
        ("source_text", str(edited.id), "create"),
        ("source", str(document.id), "update"),
        ("source_link", link.id, "update"),
        ("annotation", desk.claim.id, "update"),
    ]


def test_a_merge_is_told_as_what_it_changed_and_its_undoing_too() -> None:
    desk = factories.desk()
    council = factories.source(desk.project, "The council")
    puller, ana = Puller("vic"), factories.actor("ana")
    puller.pull()
    services.merges.merge(source_id=desk.mayor.id, into=council.id, by=ana)
    assert sorted(told(puller)) == sorted(
        [
            ("source_link", desk.said.id, "update"),
            ("source", str(council.id), "update"),
            ("source", str(desk.mayor.id), "delete"),
            ("annotation", desk.claim.id, "update"),
        ]
    )
    services.merges.unmerge(source_id=desk.mayor.id, by=ana)
    assert ("source", str(desk.mayor.id), "create") in told(puller)


def test_in_a_blind_project_a_merge_tells_nothing_of_what_is_hidden() -> None:
    desk = factories.desk(blind=True)
    hidden = factories.source(desk.project, "Ana's second find")
    factories.link(desk.denial, hidden)
    puller = Puller("ben")
    puller.pull()
    services.merges.merge(source_id=hidden.id, into=desk.mayor.id, by=factories.actor("ana"))
    services.merges.unmerge(source_id=hidden.id, by=factories.actor("ana"))
    assert told(puller) == []
