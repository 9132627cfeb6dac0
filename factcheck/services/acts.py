"""Acts: one thing a person does is one act in one transaction, and every write needs one."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import Conflict
from factcheck.models.fields import uuid7
from factcheck.records import Actor

# In the order of `parameters`; to be joined into a larger statement where a round trip counts.
BEGIN_ACT = "begin_act(%s, %s, %s, %s, %s, %s, %s, %s)"

# What the database refuses for a reason that a person can act on (codes of the guards migration).
_REFUSALS = {
    "FC003": "What you link stands in another article or layer.",
    "FC004": "One end is withdrawn; restore it first.",
    "FC005": "The project does not allow this kind of relation between these tags.",
    "FC006": "In a blind project both ends of a relation lie in your own layer.",
    "FC007": "You cannot decide on your own work.",
    "FC008": "What is done together lies in one project.",
    "FC009": "The captured text says other words at the passage than the quote.",
    "FC010": "This token does not reach the project.",
    "FC011": "You have proposed this yourself; a colleague decides on it.",
    "23505": "The same thing exists already.",
    "23503": "What this refers to does not exist in this project.",
    "23514": "The database refused a value that must never be.",
}


def parameters(
    kind: str, *, project_id: UUID, by: Actor, article_id: UUID | None = None, undoes: UUID | None = None
) -> list[Any]:
    """Return the parameters of `BEGIN_ACT`."""
    return [uuid7(), project_id, kind, by.user_id, by.token_id, by.channel, undoes, article_id]


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn what the database refuses for a known reason into a `Conflict` that says it."""
    try:
        yield
    except DatabaseError as error:
        sqlstate = getattr(error.__cause__, "sqlstate", None)
        if sqlstate not in _REFUSALS:
            raise
        raise Conflict(_(_REFUSALS[sqlstate])) from error


@contextlib.contextmanager
def act(
    kind: str, *, project_id: UUID, by: Actor, article_id: UUID | None = None, undoes: UUID | None = None
) -> Iterator[UUID]:
    """Begin an act in a transaction; what is written inside is recorded as its events."""
    with refusals(), transaction.atomic(savepoint=False):
        values = parameters(kind, project_id=project_id, by=by, article_id=article_id, undoes=undoes)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {BEGIN_ACT}", values)
        yield values[0]


@contextlib.contextmanager
def together(kind: str, *, project_id: UUID, by: Actor, article_id: UUID | None = None) -> Iterator[None]:
    """Make one act of all that is done inside; if that changes nothing, there is no act."""
    with transaction.atomic():
        with act(kind, project_id=project_id, by=by, article_id=article_id) as act_id:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('factcheck.together', %s, true)", [str(act_id)])
            yield
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT current_setting('factcheck.ordinal') = '0', set_config('factcheck.together', '', true)"
                )
                changed_nothing = cursor.fetchone()[0]
        if changed_nothing:
            transaction.set_rollback(True)


@contextlib.contextmanager
def replacing() -> Iterator[None]:
    """Put things elsewhere within an act: what reviewers judge stays, so version and status do too.

    `updated_at` is then what the statement says, and stays unless it says so; `revision` counts as ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('factcheck.replacing', 'on', true)")
        yield
        cursor.execute("SELECT set_config('factcheck.replacing', '', true)")
