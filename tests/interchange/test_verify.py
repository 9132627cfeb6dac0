"""`verify` is quiet over what was done by the product, and finds what was done around it."""

import pytest
from django.core.management import call_command
from django.db import connection

from factcheck import services
from tests import factories
from tests.interchange.desk import full_desk

pytestmark = pytest.mark.django_db(transaction=True)


def around_the_guards(table, statement, *values):
    """Write as nobody may: with the table's triggers off, which its owner alone can do."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            cursor.execute(statement, values)
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found():
    return [str(finding) for finding in services.verification.findings()]


def test_verify_is_quiet_when_all_agrees(capsys):
    desk = full_desk()
    services.annotations.withdraw(annotation_id=desk.denial.id, by=factories.actor("ana"))
    services.projects.remove_member(project_id=desk.project.pk, username="vic", by=factories.actor("mona"))
    call_command("verify")
    assert "agrees" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "statement", "words"),
    [
        (
            "annotation",
            "UPDATE annotation SET status = 'approved' WHERE id = %s",
            "the decisions say change_asked",
        ),
        ("annotation", "UPDATE annotation SET pieces = ARRAY['other words'] WHERE id = %s", "other words"),
        ("annotation", "UPDATE annotation SET prefix = 'x' WHERE id = %s", "around its place"),
        ("annotation", "UPDATE annotation SET revision = 9 WHERE id = %s", "revision 9, and the history at"),
        ("annotation", "UPDATE annotation SET note = 'x' WHERE id = %s", "not as the history last told it"),
    ],
)
def test_verify_finds_what_was_done_to_an_annotation(capsys, table, statement, words):
    desk = full_desk()
    around_the_guards(table, statement, desk.claim.id)
    assert any(line.startswith(f"annotation {desk.claim.id}") and words in line for line in found())
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "statement", "words"),
    [
        ("event", "DELETE FROM event WHERE thing = %s AND revision > 1", "the history at 1"),
        ("event", "DELETE FROM event WHERE thing = %s", "the history has nothing of it"),
        ("event", "DELETE FROM event WHERE type = 'tag' AND thing <> %s", "are missing"),
        (
            "act",
            "UPDATE act SET position = 10000 WHERE id = (SELECT act_id FROM event WHERE thing = %s LIMIT 1)",
            "go up",
        ),
    ],
)
def test_verify_finds_holes_in_the_history(table, statement, words):
    desk = full_desk()
    around_the_guards(table, statement, desk.claim.id)
    assert any(words in line for line in found())


def test_verify_finds_a_row_that_is_gone():
    desk = factories.desk("water")
    around_the_guards("relation", "DELETE FROM relation WHERE id = %s", desk.denies.id)
    assert f"relation {desk.denies.id}: the history has it, and it is not here" in found()
