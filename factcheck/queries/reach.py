"""What a request reaches: all projects of its person, or those that its token is limited to.

The setting `factcheck.reach` of the connection says it, and the database asks it in one place, the function
`in_reach` (migration 0005). The look-up of the token sets it, so that it costs no round trip. A connection outlives
its request, so each one that was limited is marked, and is free again before anybody else reads by it: at the end of
the request, and again when it is taken from the pool, by whichever way it got back there.
"""

from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import connection

_present: ContextVar[str] = ContextVar("reach", default="")
_MARK = "factcheck_limited"
_SET = "SELECT set_config('factcheck.reach', %s, false)"


def noted(projects: str) -> None:
    """Remember that the present connection was limited to these projects, PostgreSQL's literal of an array of ids.

    An empty text stands for all. A connection that this request takes later is limited alike.
    """
    _present.set(projects)
    if projects:
        setattr(connection.connection, _MARK, True)


def lift() -> None:
    """End what holds for this request; a connection that cannot be freed is closed."""
    _present.set("")
    if connection.connection is not None:
        _apply(connection.connection, "")


def taken(sender: Any, connection: Any, **_kwargs: Any) -> None:
    """Have a connection that was just opened, or taken from the pool, reach what the present request does."""
    _apply(connection.connection, _present.get())


def _apply(taken: Any, projects: str) -> None:
    if not projects and not getattr(taken, _MARK, False):
        return
    try:
        taken.execute(_SET, [projects])
    except psycopg.Error:
        taken.close()  # the pool drops it
        return
    setattr(taken, _MARK, bool(projects))
