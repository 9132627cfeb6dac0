"""What must never be is refused by the database itself: each test tries it with plain SQL."""

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from factcheck import services
from factcheck.models import Review
from factcheck.models.fields import uuid7
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def run(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def begin(project_id: UUID, username: str = "ana") -> None:
    """Begin an act as the services do, so that what is refused is refused for another reason."""
    by = factories.actor(username)
    values = services.acts.parameters("test", project_id=project_id, by=by)
    run(f"SELECT {services.acts.BEGIN_ACT}", *values)


def refused(desk: factories.Desk, statement: str, *params: object, says: str, in_act: bool = True) -> None:
    """Run the statement inside an act and expect PostgreSQL to refuse it with these words."""
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        if in_act:
            begin(desk.project.pk)
        run(statement, *params)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def copied(table: str, row_id: object, **changes: str) -> str:
    """Build an INSERT that copies a row under a new id, with some columns given as SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    changes = {"id": f"'{uuid7()}'", **changes}
    values = ", ".join(changes.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE id = '{row_id}'"


@pytest.mark.parametrize(
    ("extent", "says"),
    [
        ("{}", "annotation_extent_fits"),
        ("{[5,5)}", "annotation_extent_fits"),
        ("{[9,5)}", "range lower bound must be less"),
        ("{[-1,5)}", "annotation_extent_fits"),
        ("{[5,999999)}", "annotation_extent_fits"),
        ("{[5,)}", "annotation_extent_fits"),
        ("{(,5)}", "annotation_extent_fits"),
    ],
)
def test_extent_that_is_empty_reversed_or_past_the_text_is_refused(
    desk: factories.Desk, extent: str, says: str
) -> None:
    insert = copied("annotation", desk.claim.id, extent=f"'{extent}'::int4multirange")
    refused(desk, insert, says=says)


def test_extent_cannot_overlap_itself(desk: factories.Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '{[1,5),[3,8)}'::int4multirange::text")
        assert cursor.fetchone()[0] == "{[1,8)}"


def test_text_length_is_that_of_the_version(desk: factories.Desk) -> None:
    insert = copied("annotation", desk.claim.id, text_length="9999", extent="'{[500,510)}'::int4multirange")
    refused(desk, insert, says="annotation_version_fk")


def test_text_never_changes(desk: factories.Desk) -> None:
    refused(desk, "UPDATE article_version SET text = 'other'", says="never changed")
    refused(desk, "DELETE FROM article_version", says="never removed")


def test_version_must_tell_the_truth_about_its_text(desk: factories.Desk) -> None:
    version = desk.article.version_id
    refused(desk, copied("article_version", version, number="2", length="1"), says="length_true")
    refused(
        desk, copied("article_version", version, number="2", sha256="repeat('0', 64)"), says="sha256_true"
    )
    carriage = copied(
        "article_version",
        version,
        number="2",
        text="E'a\\rb'",
        length="3",
        sha256="encode(sha256('a\\015b'), 'hex')",
    )
    refused(desk, carriage, says="is_canonical")


def test_events_and_acts_are_never_changed_nor_removed(desk: factories.Desk) -> None:
    refused(desk, "UPDATE event SET op = 'delete'", says="never changed")
    refused(desk, "DELETE FROM event", says="never removed")
    refused(desk, "UPDATE act SET kind = 'other'", says="never changed or removed")
    refused(desk, "DELETE FROM act", says="never changed or removed")


@pytest.mark.parametrize(
    "table", ["annotation", "relation", "source", "source_link", "article", "layer", "tag"]
)
def test_rows_are_withdrawn_never_removed(desk: factories.Desk, table: str) -> None:
    refused(desk, f"DELETE FROM {table}", says="never removed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE annotation SET note = 'x'",
        "UPDATE relation SET note = 'x'",
        "UPDATE source SET name = 'x'",
        "UPDATE source_link SET note = 'x'",
        "UPDATE article SET title = 'x'",
        "UPDATE project SET name = 'x'",
        "UPDATE layer SET state = 'submitted'",
        "UPDATE tag SET title = 'x'",
        "UPDATE membership SET role = 'manager'",
        "DELETE FROM membership",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_write_outside_an_act_is_refused(desk: factories.Desk, statement: str) -> None:
    refused(desk, statement, says="outside an act", in_act=False)


@pytest.mark.django_db(transaction=True)
def test_write_under_an_act_of_another_transaction_is_refused(desk: factories.Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM act LIMIT 1")
        old = cursor.fetchone()[0]
    with pytest.raises(DatabaseError, match="outside an act"), transaction.atomic():
        run("SELECT set_config('factcheck.act', %s, true)", str(old))
        run("UPDATE annotation SET note = 'x'")


def test_write_under_an_act_of_another_project_is_refused(desk: factories.Desk) -> None:
    other = factories.project()
    with pytest.raises(DatabaseError, match="outside an act"), transaction.atomic():
        begin(other.pk, "mona")
        run("UPDATE annotation SET note = 'x' WHERE id = %s", desk.claim.id)


def test_row_of_another_project_cannot_be_joined(desk: factories.Desk) -> None:
    other = factories.desk()
    refused(
        desk,
        copied(
            "annotation",
            desk.claim.id,
            tag_id=f"(SELECT id FROM tag WHERE project_id = '{other.project.pk}' LIMIT 1)",
        ),
        says="annotation_tag_fk",
    )
    refused(
        desk,
        copied("annotation", desk.claim.id, layer_id=f"'{other.claim.layer}'"),
        says="annotation_layer_fk",
    )
    refused(
        desk,
        copied("source_link", desk.said.id, source_id=f"'{other.mayor.id}'"),
        says="source_link_source_fk",
    )
    refused(
        desk,
        copied(
            "relation",
            desk.denies.id,
            object_id=f"'{other.claim.id}'",
            object_article_id=f"'{other.article.id}'",
        ),
        says="relation_object_fk|not allow",
    )


def test_relation_that_is_not_legal_is_refused(desk: factories.Desk) -> None:
    swapped = copied("relation", desk.denies.id, subject_id="object_id", object_id="subject_id")
    refused(desk, swapped, says="does not allow")
    itself = copied("relation", desk.denies.id, object_id="subject_id")
    refused(desk, itself, says="relation_not_to_itself|does not allow")
    refused(desk, copied("relation", desk.denies.id), says="relation_once_alive")


def test_symmetric_relation_stands_once_whichever_way_round(desk: factories.Desk) -> None:
    other = factories.annotation(desk.article, "A photograph")
    contradicts = factories.relation(desk.claim, other, kind="contradicts")
    reverse = copied("relation", contradicts.id, subject_id="object_id", object_id="subject_id")
    refused(desk, reverse, says="relation_symmetric_once_alive")


def test_relation_to_a_withdrawn_annotation_is_refused(desk: factories.Desk) -> None:
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"))
    alive = "UPDATE relation SET withdrawn_at = NULL WHERE id = %s"
    refused(desk, alive, desk.denies.id, says="not withdrawn")


def test_annotation_is_not_withdrawn_without_its_relations(desk: factories.Desk) -> None:
    refused(
        desk,
        "UPDATE annotation SET withdrawn_at = now() WHERE id = %s",
        desk.claim.id,
        says="withdrawn with it",
    )


def test_tag_that_makes_a_live_relation_illegal_is_refused(desk: factories.Desk) -> None:
    evidence = "(SELECT id FROM tag WHERE project_id = %s AND name = 'evidence')"
    change = f"UPDATE annotation SET tag_id = {evidence} WHERE id = %s"
    refused(desk, change, desk.project.pk, desk.denial.id, says="would not be legal")


def test_pair_of_tags_in_use_stays_legal(desk: factories.Desk) -> None:
    refused(desk, "DELETE FROM relation_pair WHERE project_id = %s", desk.project.pk, says="use this pair")


def test_relation_across_layers_is_refused_in_a_blind_project() -> None:
    desk = factories.desk(blind=True)
    factories.annotation(desk.article, "A photograph", tag="evidence", by="ben")
    across = copied(
        "relation",
        desk.denies.id,
        subject_id="(SELECT id FROM annotation WHERE layer_id <> relation.layer_id LIMIT 1)",
        kind_id=f"(SELECT id FROM relation_kind WHERE name = 'refutes' AND project_id = '{desk.project.pk}')",
    )
    refused(desk, across, says="blind project")


def decide(desk: factories.Desk, reviewer: str = "rita", **kwargs: object) -> Review:
    made = services.reviews.create(
        thing="annotation", thing_id=UUID(desk.claim.id), decision="approve", by=factories.actor(reviewer)
    )
    return Review.objects.get(pk=made.row.id)


def test_deciding_on_own_work_is_refused(desk: factories.Desk) -> None:
    review = decide(desk)
    own = copied("review", review.pk, reviewer_id="thing_author_id")
    refused(desk, own, says="own layer|review_not_of_own_work")
    lied = copied(
        "review",
        review.pk,
        reviewer_id=f"'{factories.user('ruben').pk}'",
        thing_author_id=f"'{factories.user('ben').pk}'",
    )
    refused(desk, lied, says="review_annotation_author_fk")


def test_two_live_decisions_of_one_person_on_one_version_are_refused(desk: factories.Desk) -> None:
    review = decide(desk)
    refused(desk, copied("review", review.pk), says="review_one_live_annotation")


def test_decision_is_never_rewritten(desk: factories.Desk) -> None:
    decide(desk)
    refused(desk, "UPDATE review SET decision = 'reject'", says="never rewritten")
    refused(desk, "DELETE FROM review", says="never removed")


def test_identity_and_origin_never_change(desk: factories.Desk) -> None:
    for column, value in (
        ("created_by_id", factories.user("ben").pk),
        ("id", uuid4()),
        ("layer_id", uuid4()),
    ):
        refused(
            desk,
            f"UPDATE annotation SET {column} = %s WHERE id = %s",
            value,
            desk.claim.id,
            says="never changes",
        )


def test_revision_and_version_are_counted_by_the_database(desk: factories.Desk) -> None:
    with transaction.atomic():
        begin(desk.project.pk)
        run("UPDATE annotation SET note = 'x', revision = 77, version = 77 WHERE id = %s", desk.claim.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision, version FROM annotation WHERE id = %s", [desk.claim.id])
        # One more for the speaker that was linked to it, one for the note; the note is not what is judged.
        assert cursor.fetchone() == (3, 1)


def test_address_that_is_no_web_address_is_refused(desk: factories.Desk) -> None:
    refused(desk, "UPDATE source SET url = 'javascript:alert(1)'", says="source_url_is_web")
    refused(desk, "UPDATE article SET url = 'ftp://example.org'", says="article_url_is_web")


def test_stance_is_of_documents_alone(desk: factories.Desk) -> None:
    refused(desk, "UPDATE source_link SET stance = 'said'", says="source_link_stance_is_of_documents")


def test_project_has_one_voice_of_the_article(desk: factories.Desk) -> None:
    own = f"(SELECT id FROM source WHERE kind = 'own_voice' AND project_id = '{desk.project.pk}')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {own}")
        row_id = cursor.fetchone()[0]
    refused(desk, copied("source", row_id, standing="false"), says="source_one_own_voice")
