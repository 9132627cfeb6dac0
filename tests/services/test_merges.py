"""Merging two sources and undoing it leaves everything as it was; what moved on since is not overwritten."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from factcheck import queries, services
from factcheck.exceptions import Conflict, Gone, Invalid, NotAllowed, NotFound
from tests import factories

pytestmark = pytest.mark.django_db


class Two:
    """One person under two records, linked in every way there is."""

    def __init__(self, *, blind: bool = False) -> None:
        self.desk = desk = factories.desk(blind=blind)
        self.kept = factories.source(desk.project, "Volodymyr Zelensky", aliases=["Zelensky"])
        self.merged = factories.source(
            desk.project,
            "Vladimir Zelensky",
            aliases=["Zelenskyy", "Zelensky"],
            description="President",
            url="https://example.org/president",
        )
        self.speaks = factories.link(desk.denial, self.merged, as_named="Zelensky")
        self.for_him = factories.link(desk.claim, desk.mayor, role="via", on_behalf_of=self.merged.id)
        self.concerned = factories.link(desk.claim, self.kept, role="concerns")
        self.double = factories.link(desk.claim, self.merged, role="concerns", note="twice")
        self.for_himself = factories.link(desk.denial, self.kept, role="via", on_behalf_of=self.merged.id)
        self.gone = factories.link(desk.denial, self.merged, role="concerns")
        services.source_links.withdraw(link_id=UUID(self.gone.id), by=factories.actor("ana"))
        services.reviews.create(
            thing="source_link", thing_id=UUID(self.speaks.id), decision="approve", by=factories.actor("rita")
        )

    def merge(self, by: str = "ben") -> queries.sources.Row:
        return services.merges.merge(source_id=self.merged.id, into=self.kept.id, by=factories.actor(by))

    def unmerge(self, by: str = "ana") -> queries.sources.Row:
        return services.merges.unmerge(source_id=self.merged.id, by=factories.actor(by))

    def link(self, row: queries.source_links.Row) -> queries.source_links.Row:
        found = queries.source_links.visible(factories.actor("ana").user_id, row.id)
        assert found is not None
        return found


def rows(table: str) -> list[dict[str, Any]]:
    """Every row of a table, revisions left out: they count on."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (to_jsonb(t) - 'revision')::text FROM {table} t ORDER BY id")
        return [row for (row,) in cursor.fetchall()]


def events() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM event e ORDER BY act_id, ordinal")
        return [row for (row,) in cursor.fetchall()]


def exported(desk: factories.Desk, name: str) -> bytes:
    selection = queries.interchange.select(factories.actor("ana").user_id, project=desk.project.slug)
    return b"".join(queries.interchange.export(name, selection))


def test_merging_and_undoing_leave_every_link_event_and_export_as_it_was() -> None:
    two = Two()
    tables = ("source", "source_link", "annotation", "relation", "review", "source_text")
    before = {table: rows(table) for table in tables}
    told = events()
    files = {name: exported(two.desk, name) for name in ("jsonl", "csv")}
    two.merge()
    assert {name: exported(two.desk, name) for name in files} != files
    two.unmerge()
    assert {table: rows(table) for table in tables} == before
    assert {name: exported(two.desk, name) for name in files} == files
    assert set(told) < set(events())


def test_everything_names_the_other_source_and_its_names_are_kept() -> None:
    two = Two()
    was = {row.id: two.link(row) for row in (two.speaks, two.for_him, two.concerned)}
    kept = two.merge()
    assert kept.aliases == ["Zelensky", "Vladimir Zelensky", "Zelenskyy"]
    assert (kept.description, kept.url) == ("President", "https://example.org/president")
    speaks = two.link(two.speaks)
    assert speaks.source == str(two.kept.id)
    assert two.link(two.for_him).on_behalf_of == str(two.kept.id)
    assert two.link(two.for_himself).on_behalf_of is None
    assert two.link(two.gone).source == str(two.kept.id)
    for key, row in was.items():
        now = two.link(row)
        assert (now.version, now.status, now.updated_at) == (row.version, row.status, row.updated_at), key
    assert (speaks.status, speaks.revision) == ("approved", was[two.speaks.id].revision + 1)


def test_what_both_were_linked_to_in_one_role_stays_once() -> None:
    two = Two()
    two.merge()
    double = two.link(two.double)
    assert double.withdrawn_at is not None
    assert two.link(two.concerned).withdrawn_at is None
    services.annotations.withdraw(annotation_id=UUID(two.desk.claim.id), by=factories.actor("ana"))
    services.annotations.restore(annotation_id=UUID(two.desk.claim.id), by=factories.actor("ana"))
    links = queries.source_links.of_annotations(factories.actor("ana").user_id, [two.desk.claim.id])
    assert [row.role for row in links[two.desk.claim.id]].count("concerns") == 1


def test_annotation_withdrawn_with_both_comes_back_with_one() -> None:
    two = Two()
    ana = factories.actor("ana")
    services.annotations.withdraw(annotation_id=UUID(two.desk.claim.id), by=ana)
    two.merge()
    services.annotations.restore(annotation_id=UUID(two.desk.claim.id), by=ana)
    assert two.link(two.concerned).withdrawn_at is None
    assert two.link(two.double).withdrawn_at is not None
    two.unmerge()
    assert two.link(two.double).withdrawn_at is None


def test_merged_source_is_gone_and_found_under_the_other() -> None:
    two = Two()
    two.merge()
    merged = queries.sources.visible(factories.actor("ana").user_id, two.merged.id)
    assert merged is not None
    assert merged.withdrawn_at is not None
    assert merged.merged_into == two.kept.id
    found = queries.sources.suggest(factories.actor("ana").user_id, two.desk.project.pk, "Vladimir Zel")
    assert [(row.name, row.matched) for row in found] == [("Volodymyr Zelensky", "Vladimir Zelensky")]
    with pytest.raises(Conflict, match="merged"):
        services.sources.restore(source_id=two.merged.id, by=factories.actor("ana"))
    with pytest.raises(Gone):
        two.merge()


def test_undoing_leaves_what_came_since() -> None:
    two = Two()
    two.merge()
    ana = factories.actor("ana")
    new = factories.link(two.desk.denial, two.kept, role="concerns")
    services.source_links.update(link_id=UUID(two.speaks.id), by=ana, note="kept")
    services.annotations.withdraw(annotation_id=UUID(two.desk.claim.id), by=ana)
    two.unmerge()
    assert two.link(new).source == str(two.kept.id)
    assert (two.link(two.speaks).source, two.link(two.speaks).note) == (str(two.merged.id), "kept")
    assert two.link(two.double).withdrawn_at is not None
    services.annotations.restore(annotation_id=UUID(two.desk.claim.id), by=ana)
    assert two.link(two.double).withdrawn_at is None


def test_undoing_is_refused_in_words_when_something_moved_on() -> None:
    two = Two()
    two.merge()
    services.source_links.update(
        link_id=UUID(two.speaks.id), by=factories.actor("ana"), source=two.desk.mayor.id
    )
    with pytest.raises(Conflict, match="another source since"):
        two.unmerge()


def test_undoing_is_refused_when_the_names_were_changed() -> None:
    two = Two()
    two.merge()
    services.sources.update(source_id=two.kept.id, by=factories.actor("ana"), aliases=["Zelensky"])
    with pytest.raises(Conflict, match="names"):
        two.unmerge()


def test_merging_on_is_undone_from_the_end() -> None:
    two = Two()
    third = factories.source(two.desk.project, "The president")
    two.merge()
    services.merges.merge(source_id=two.kept.id, into=third.id, by=factories.actor("ana"))
    with pytest.raises(Conflict):
        two.unmerge()
    services.merges.unmerge(source_id=two.kept.id, by=factories.actor("ana"))
    two.unmerge()
    assert two.link(two.speaks).source == str(two.merged.id)


def test_standing_sources_are_not_merged_away() -> None:
    two = Two()
    nobody = queries.sources.standing(two.desk.project.pk, "unnamed")
    with pytest.raises(Conflict, match="stay with the project"):
        services.merges.merge(source_id=nobody, into=two.kept.id, by=factories.actor("mona"))


def test_into_itself_into_nothing_and_into_another_project_are_refused() -> None:
    two = Two()
    elsewhere = factories.source(factories.project(), "Elsewhere")
    for into in (two.merged.id, elsewhere.id, UUID(int=1)):
        with pytest.raises(Invalid) as refusal:
            services.merges.merge(source_id=two.merged.id, into=into, by=factories.actor("ana"))
        assert refusal.value.field == "into"
    with pytest.raises(Conflict, match="not merged"):
        two.unmerge()


@pytest.mark.parametrize(("who", "may"), [("ana", 1), ("rita", 1), ("mona", 1), ("vic", 0)])
def test_who_edits_sources_merges_them(who: str, may: int) -> None:
    two = Two()
    if may:
        assert two.merge(who).id == two.kept.id
        assert two.unmerge(who).id == two.merged.id
        return
    with pytest.raises(NotAllowed):
        two.merge(who)
    two.merge("ana")
    with pytest.raises(NotAllowed):
        two.unmerge(who)


def test_outsider_knows_of_nothing() -> None:
    two = Two()
    with pytest.raises(NotFound):
        two.merge("eve")
    two.merge()
    with pytest.raises(NotFound):
        two.unmerge("eve")


def test_in_a_blind_project_links_that_one_does_not_see_are_a_managers() -> None:
    desk = factories.desk(blind=True)
    shared = factories.source(desk.project, "The council", by="mona")
    other = factories.source(desk.project, "Town council", by="mona")
    factories.link(desk.denial, shared)
    with pytest.raises(NotAllowed, match="manager"):
        services.merges.merge(source_id=shared.id, into=other.id, by=factories.actor("ben"))
    services.merges.merge(source_id=shared.id, into=other.id, by=factories.actor("mona"))
    with pytest.raises(NotAllowed, match="manager"):
        services.merges.unmerge(source_id=shared.id, by=factories.actor("ben"))
    services.merges.unmerge(source_id=shared.id, by=factories.actor("mona"))


def test_in_a_blind_project_one_undoes_ones_own_merge_of_what_then_nobody_sees() -> None:
    desk = factories.desk(blind=True)
    theirs = factories.source(desk.project, "Ben's council", by="ana")
    kept = factories.source(desk.project, "The council", by="ana")
    factories.link(desk.denial, theirs)
    services.merges.merge(source_id=theirs.id, into=kept.id, by=factories.actor("ana"))
    assert services.merges.unmerge(source_id=theirs.id, by=factories.actor("ana")).name == "Ben's council"


def test_preview_counts_what_will_be_done() -> None:
    two = Two()
    seen = queries.merges.preview(factories.actor("ana").user_id, two.merged.id, two.kept.id)
    assert seen == (4, 1)
    two.merge()
    standing = queries.merges.into(factories.actor("vic").user_id, two.kept.id)
    assert [(row.name, row.actor) for row in standing] == [("Vladimir Zelensky", "ben")]


def test_captured_texts_go_along_where_the_other_has_none() -> None:
    desk = factories.desk()
    one, other = (
        factories.source(desk.project, name, kind="document") for name in ("Minutes", "The minutes")
    )
    ana = factories.actor("ana")
    services.source_texts.create(source_id=one.id, text="It was not visited.", by=ana)
    services.merges.merge(source_id=one.id, into=other.id, by=ana)
    there = queries.source_texts.present(ana.user_id, other.id)
    assert there is not None
    assert there.number == 1
    services.merges.unmerge(source_id=one.id, by=ana)
    assert queries.source_texts.present(ana.user_id, other.id) is None
    services.source_texts.create(source_id=other.id, text="Another text.", by=ana)
    services.merges.merge(source_id=one.id, into=other.id, by=ana)
    kept = queries.source_texts.present(ana.user_id, other.id)
    assert kept is not None
    assert queries.source_texts.words(kept.id) == "Another text."


@pytest.mark.django_db(transaction=True)
def test_verify_finds_nothing_wrong_afterwards() -> None:
    two = Two()
    two.merge()
    assert [str(found) for found in services.verification.findings()] == []
    two.unmerge()
    assert [str(found) for found in services.verification.findings()] == []
