"""What must never be of captured texts and passages is refused by the database itself: tried with plain SQL."""

import pytest

from factcheck import queries, services
from factcheck.models.fields import uuid7
from tests import factories
from tests.models.test_guards import begin, copied, refused, run

pytestmark = pytest.mark.django_db
TEXT = "It was not visited. It was closed."


class Held:
    """A desk whose claim is linked to a passage of a document's text."""

    def __init__(self) -> None:
        self.desk = factories.desk()
        document = factories.source(self.desk.project, "Minutes", kind="document")
        ana = factories.actor("ana")
        self.text = services.source_texts.create(source_id=document.id, text=TEXT, by=ana).row
        place = services.source_texts.Passage(self.text.id, 0, 19)
        self.link = factories.link(self.desk.claim, document, role="document", passage=place)


@pytest.fixture
def held() -> Held:
    return Held()


def test_captured_text_never_changes_and_never_goes(held: Held) -> None:
    refused(held.desk, "UPDATE source_text SET text = 'other', length = 5", says="never changed")
    refused(held.desk, "UPDATE source_text SET url = 'https://example.org/'", says="never changed")
    refused(held.desk, f"UPDATE source_text SET source_id = '{held.desk.mayor.id}'", says="never changed")
    refused(held.desk, "DELETE FROM source_text", says="never changed or removed")


def test_merging_moves_a_text_and_changes_nothing_else_of_it(held: Held) -> None:
    begin(held.desk.project.pk)
    with services.acts.replacing():
        run(f"UPDATE source_text SET source_id = '{held.desk.mayor.id}'")
    row = queries.source_texts.visible(factories.actor("ana").user_id, held.text.id)
    assert row is not None
    assert row.source == held.desk.mayor.id
    refused(
        held.desk,
        f"SELECT set_config('factcheck.replacing', 'on', true);"
        f"UPDATE source_text SET source_id = '{uuid7()}', number = 9",
        says="never changed",
    )


def test_captured_text_is_what_its_hash_and_length_say(held: Held) -> None:
    refused(held.desk, copied("source_text", held.text.id, number="2", length="1"), says="length_true")
    refused(
        held.desk,
        copied("source_text", held.text.id, number="2", sha256="repeat('0', 64)"),
        says="sha256_true",
    )
    refused(held.desk, copied("source_text", held.text.id), says="source_text_once")
    refused(held.desk, copied("source_text", held.text.id, number="0"), says="number_from_1")
    refused(
        held.desk, copied("source_text", held.text.id, number="2", url="'javascript:x'"), says="urls_are_web"
    )


def test_captured_text_belongs_to_a_source_of_its_project(held: Held) -> None:
    other = factories.source(factories.project(), "Elsewhere", kind="document")
    refused(
        held.desk,
        copied("source_text", held.text.id, source_id=f"'{other.id}'"),
        says="source_text_source_fk",
    )


def test_captured_text_is_written_in_an_act(held: Held) -> None:
    run("SELECT set_config('factcheck.act', '', true)")
    refused(held.desk, copied("source_text", held.text.id, number="2"), says="outside an act", in_act=False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("passage_start = 5, passage_end = 5", "passage_fits"),
        ("passage_start = 9, passage_end = 5", "passage_fits"),
        ("passage_start = -1, passage_end = 18", "passage_fits|says other words"),
        ("passage_end = 900", "passage_fits|says other words"),
        ("passage_start = 20, passage_end = 39", "passage_fits|says other words"),
        ("passage_state = 'lost', passage_start = 16, passage_end = 35", "passage_fits"),
        ("passage_start = 1, passage_end = 20", "says other words"),
        ("quote = 'It was well visited'", "says other words"),
        ("passage_state = 'lost', quote = 'short'", "passage_fits"),
        ("passage_state = 'guessed'", "passage_state_known"),
        ("passage_end = NULL", "passage_whole|says other words"),
        ("source_text_id = NULL", "passage_whole|says other words"),
        ("role = 'concerns', stance = NULL", "passage_of_documents"),
        ("source_text_length = 9000", "source_link_text_fk"),
    ],
)
def test_passage_that_cannot_be_is_refused(held: Held, change: str, says: str) -> None:
    refused(held.desk, f"UPDATE source_link SET {change} WHERE id = '{held.link.id}'", says=says)


def test_passage_is_in_a_text_of_its_project(held: Held) -> None:
    other = factories.source(factories.project(), "Elsewhere", kind="document")
    text = services.source_texts.create(source_id=other.id, text=TEXT, by=factories.actor("ana")).row
    change = f"UPDATE source_link SET source_text_id = '{text.id}' WHERE id = '{held.link.id}'"
    refused(held.desk, change, says="source_link_text_fk")


def test_putting_things_elsewhere_counts_a_revision_and_no_version(held: Held) -> None:
    begin(held.desk.project.pk)
    with services.acts.replacing():
        run(
            f"UPDATE source_link SET note = 'x', source_id = '{held.desk.mayor.id}' WHERE id = '{held.link.id}'"
        )
    row = queries.source_links.visible(factories.actor("ana").user_id, held.link.id)
    assert row is not None
    assert (row.version, row.revision) == (held.link.version, held.link.revision + 1)
    assert row.updated_at == held.link.updated_at
    begin(held.desk.project.pk)
    run(f"UPDATE source_link SET locator = 'p. 2' WHERE id = '{held.link.id}'")
    after = queries.source_links.visible(factories.actor("ana").user_id, held.link.id)
    assert after is not None
    assert (after.version, after.revision) == (row.version + 1, row.revision + 1)
