"""How lists are read: conditions joined with their parameters, and pages cut by id (keyset), never by offset."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.types.datetime import TimestamptzLoader

R = TypeVar("R", bound=NamedTuple)


@dataclass
class Where:
    """Conditions of one read, each with its parameters, in the order in which they were added."""

    clauses: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, clause: str, *params: Any) -> "Where":
        """Add a condition that must hold too."""
        self.clauses.append(clause)
        self.params.extend(params)
        return self

    def equal(self, column: str, value: Any) -> "Where":
        """Add `column = value` unless the value is None, which stands for a filter not given."""
        return self if value is None else self.add(f"{column} = %s", value)

    def __str__(self) -> str:
        return " AND ".join(self.clauses) or "TRUE"


@contextmanager
def planned_once() -> Iterator[CursorWrapper]:
    """Open a cursor whose statements the server parses and plans once a connection, and not at every call.

    Planning our joins often takes longer than running them. The server binds the parameters, so it must be able to
    tell the type of each: write a cast where a bare one is compared with nothing. Times are read by psycopg's own
    loader, which needs a third of the time of Django's; they come out alike, in UTC.
    """
    connection.ensure_connection()
    bound = psycopg.Cursor(connection.connection)
    bound.adapters.register_loader("timestamptz", TimestamptzLoader)
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrapped(cast(Any, bound)) as cursor:
        yield cursor


def rows(row_type: type[R], sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[R]:
    """Run a statement and return its rows as the named tuple."""
    with planned_once() as cursor:
        cursor.execute(sql, params)
        return cast(list[R], list(map(row_type._make, cursor.fetchall())))


def one(row_type: type[R], sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> R | None:
    """Run a statement and return its first row, or None."""
    found = rows(row_type, sql, params)
    return found[0] if found else None


@dataclass(frozen=True)
class Cut:
    """Which page of a list: the rows after or before an id, at most `limit` of them."""

    limit: int
    after: UUID | None = None
    before: UUID | None = None


class Page(list[R]):
    """The rows of one page, in id order, and whether there are more on either side."""

    has_next: bool = False
    has_previous: bool = False


def page(
    row_type: type[R], select: str, where: Where, cut: Cut, *, first: Sequence[Any] = (), column: str
) -> Page[R]:
    """Read one page by keyset.

    `select` is the statement up to WHERE, `first` its own parameters, `column` the id to page by. One row
    more than asked for is read, to know whether there is a further page without counting.
    """
    if cut.after is not None:
        where.add(f"{column} > %s", cut.after)
    if cut.before is not None:
        where.add(f"{column} < %s", cut.before)
    backwards = cut.before is not None and cut.after is None
    order = "DESC" if backwards else "ASC"
    sql = f"{select} WHERE {where} ORDER BY {column} {order} LIMIT %s"
    found = rows(row_type, sql, [*first, *where.params, cut.limit + 1])
    more = len(found) > cut.limit
    result: Page[R] = Page(found[: cut.limit])
    if backwards:
        result.reverse()
        result.has_previous, result.has_next = more, True
    else:
        result.has_next, result.has_previous = more, cut.after is not None
    return result


def contains(text: str) -> str:
    """Make the ILIKE pattern of rows that contain the text, its wildcards taken as they stand."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
