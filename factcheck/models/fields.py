"""Column types of our own: identifiers that sort by time, and the extent of an annotation."""

from typing import Any
from uuid import UUID

import uuid_utils
from django.db import models

from factcheck.anchoring.spans import Extent, Span


def uuid7() -> UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7) as a standard `UUID`; ids made later sort later."""
    return UUID(int=uuid_utils.uuid7().int)


def parse_extent(literal: str) -> Extent:
    """Read PostgreSQL's text form of an int4multirange, `{[0,48),[50,60)}`, as spans in code points."""
    inner = literal[1:-1]
    if not inner:
        return ()
    pairs = (piece.split(",") for piece in inner[1:-1].split("),["))
    return tuple(Span(int(start), int(end)) for start, end in pairs)


def extent_literal(extent: Extent) -> str:
    """Write spans as PostgreSQL's int4multirange literal; the inverse of `parse_extent`."""
    return "{" + ",".join(f"[{start},{end})" for start, end in extent) + "}"


class ExtentField(models.Field):
    """One or more spans in code points, stored as an int4multirange."""

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        # As text: psycopg's Multirange objects take several times as long to build as our spans.
        return f"{sql}::text", params

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Extent | None:
        return None if value is None else parse_extent(value)

    def get_prep_value(self, value: Extent | None) -> str | None:
        return None if value is None else extent_literal(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::int4multirange"


def primary_key() -> "models.UUIDField[Any, Any]":
    """Make the id column that every table has."""
    return models.UUIDField(primary_key=True, default=uuid7, editable=False)


def composite(to: str, *, null: bool = False, related_name: str = "+", **kwargs: Any) -> Any:
    """Make a foreign key whose constraint is a composite one, written in the guards migration.

    The composite key keeps both ends in one project, so the plain constraint would only check twice.
    """
    return models.ForeignKey(
        to, models.DO_NOTHING, null=null, related_name=related_name, db_constraint=False, **kwargs
    )
