"""Sources and the links to them: roles, stances, names, and what a blind project hides."""

from uuid import UUID, uuid4

import pytest

from factcheck import queries, services
from factcheck.exceptions import Conflict, Invalid, NotAllowed, Stale
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def names(desk: factories.Desk, typed: str) -> list[tuple[str, str]]:
    found = queries.sources.suggest(factories.actor("ana").user_id, desk.project.pk, typed)
    return [(row.name, row.matched) for row in found]


def test_source_is_found_by_alias_and_by_near_duplicate(desk: factories.Desk) -> None:
    factories.source(desk.project, "Ukraine", kind="organisation", aliases=["Kiev", "Kyiv", "Україна"])
    factories.source(desk.project, "Vladimir Zelensky", aliases=["Zelenskyy"])
    assert names(desk, "kiev")[0] == ("Ukraine", "Kiev")
    assert names(desk, "Украіна")[0] == ("Ukraine", "Україна")
    assert names(desk, "Zelenskyy")[0] == ("Vladimir Zelensky", "Zelenskyy")
    assert names(desk, "Zelenski")[0][0] == "Vladimir Zelensky"
    assert names(desk, "Volodymyr Zelensky")[0][0] == "Vladimir Zelensky"
    assert names(desk, "nothing like it") == []


def test_wildcards_typed_are_only_characters(desk: factories.Desk) -> None:
    factories.source(desk.project, "100% true_news")
    assert names(desk, "%") == [("100% true_news", "100% true_news")]
    assert names(desk, "_") == [("100% true_news", "100% true_news")]


def test_project_is_born_with_its_voice_and_with_nobody(desk: factories.Desk) -> None:
    assert queries.sources.standing(desk.project.pk, "own_voice") != queries.sources.standing(
        desk.project.pk, "unnamed"
    )
    with pytest.raises(Conflict, match="own voice"):
        factories.source(desk.project, "We", kind="own_voice")
    own = queries.sources.standing(desk.project.pk, "own_voice")
    with pytest.raises(Conflict):
        services.sources.withdraw(source_id=own, by=factories.actor("mona"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\ud800b"}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"kind": "robot"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//example.org"}, "url"),
        ({"aliases": ["ok", ""]}, "aliases.1"),
        ({"aliases": "name"}, "aliases"),
    ],
)
def test_source_that_cannot_be_is_refused_naming_the_field(
    desk: factories.Desk, given: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.sources.create(
            project=desk.project, by=factories.actor("ana"), **{"kind": "person", "name": "A name", **given}
        )
    assert refusal.value.field == field


def test_any_annotator_edits_a_source_and_a_viewer_does_not(desk: factories.Desk) -> None:
    changed = services.sources.update(
        source_id=desk.mayor.id, by=factories.actor("ben"), aliases=["Town hall"]
    )
    assert (changed.aliases, changed.revision) == (["Town hall"], 2)
    with pytest.raises(Stale):
        services.sources.update(source_id=desk.mayor.id, by=factories.actor("ana"), expect=1, name="Other")
    with pytest.raises(NotAllowed):
        services.sources.update(source_id=desk.mayor.id, by=factories.actor("vic"), name="Other")


def test_source_in_use_is_not_withdrawn(desk: factories.Desk) -> None:
    with pytest.raises(Conflict, match="1 links"):
        services.sources.withdraw(source_id=desk.mayor.id, by=factories.actor("ana"))
    services.source_links.withdraw(link_id=UUID(desk.said.id), by=factories.actor("ana"))
    services.sources.withdraw(source_id=desk.mayor.id, by=factories.actor("ana"))
    with pytest.raises(Conflict, match="withdrawn"):
        factories.link(desk.denial, desk.mayor)


def test_link_counts_as_a_change_of_the_annotation_that_shows_it(desk: factories.Desk) -> None:
    before = queries.annotations.visible(factories.actor("ana").user_id, desk.claim.id)
    services.source_links.update(link_id=UUID(desk.said.id), by=factories.actor("ana"), as_named="the mayor")
    after = queries.annotations.visible(factories.actor("ana").user_id, desk.claim.id)
    assert before is not None
    assert after is not None
    assert (after.revision, after.version) == (before.revision + 1, before.version)


def test_document_says_what_it_shows(desk: factories.Desk) -> None:
    minutes = factories.source(desk.project, "Minutes of May", kind="document")
    link = factories.link(
        desk.claim,
        minutes,
        role="document",
        stance="refutes",
        url="https://example.org/minutes.pdf",
        quote="The bridge was not visited.",
        locator="p. 3",
        accessed_at="2026-11",
    )
    assert (link.stance, link.quote, link.accessed_at) == (
        "refutes",
        "The bridge was not visited.",
        "2026-11",
    )
    again = factories.link(desk.claim, minutes, role="document")
    assert again.stance == "said"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "witness"}, "role"),
        ({"stance": "said"}, "stance"),
        ({"url": "https://example.org/"}, "url"),
        ({"role": "document", "stance": "maybe"}, "stance"),
        ({"role": "document", "url": "file:///etc/passwd"}, "url"),
        ({"role": "document", "accessed_at": "yesterday"}, "accessed_at"),
        ({"cue": [(5, 2)]}, "cue"),
        ({"cue": [(0, 99999)]}, "cue"),
        ({"position": 0}, "position"),
        ({"source_id": uuid4()}, "source"),
        ({"on_behalf_of": uuid4()}, "on_behalf_of"),
    ],
)
def test_link_that_cannot_be_is_refused_naming_the_field(
    desk: factories.Desk, given: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        services.source_links.create(
            by=factories.actor("ana"),
            **{"annotation_id": UUID(desk.denial.id), "source_id": desk.mayor.id, "role": "speaker", **given},
        )
    assert refusal.value.field == field


def test_hops_keep_their_order(desk: factories.Desk) -> None:
    agency, ministry = (
        factories.source(desk.project, name, kind="organisation") for name in ("Agency", "Ministry")
    )
    factories.link(desk.claim, agency, role="via")
    factories.link(desk.claim, ministry, role="via")
    links = queries.source_links.of_annotations(factories.actor("vic").user_id, [desk.claim.id])[
        desk.claim.id
    ]
    assert [(link.role, link.position, link.source_name) for link in links] == [
        ("speaker", 1, "The mayor's office"),
        ("via", 1, "Agency"),
        ("via", 2, "Ministry"),
    ]


def test_same_source_has_a_role_once(desk: factories.Desk) -> None:
    with pytest.raises(Conflict, match="this role"):
        factories.link(desk.claim, desk.mayor)
    assert factories.link(desk.claim, desk.mayor, role="concerns").role == "concerns"


def test_nobody_links_a_colleagues_annotation(desk: factories.Desk) -> None:
    for who in ("ben", "rita", "mona"):
        with pytest.raises(NotAllowed, match="owner"):
            factories.link(desk.denial, desk.mayor, by=who)


def test_speaker_as_before_is_ones_own_last_one(desk: factories.Desk) -> None:
    last = queries.source_links.last_speaker(factories.actor("ana").user_id, desk.article.id)
    assert last is not None
    assert last.source == str(desk.mayor.id)
    assert queries.source_links.last_speaker(factories.actor("ben").user_id, desk.article.id) is None
