"""The same rows (annotation, act, event) written by psycopg alone: what the machine allows."""

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import psycopg
from uuid_utils import uuid7

# Copies with the same columns, defaults and indexes, and without triggers, checks and foreign keys. Positions
# come from a sequence, which waits for nobody.
COPIES = """
    CREATE TABLE raw_annotation (LIKE annotation INCLUDING DEFAULTS INCLUDING INDEXES);
    CREATE TABLE raw_act (LIKE act INCLUDING DEFAULTS INCLUDING INDEXES);
    CREATE TABLE raw_event (LIKE event INCLUDING DEFAULTS INCLUDING INDEXES);
    CREATE SEQUENCE raw_position CACHE 32;
    ALTER TABLE raw_act ALTER position SET DEFAULT nextval('raw_position');
"""

_COLUMNS = """(id, project_id, article_id, layer_id, note, status, version, revision, created_by_id, content_hash,
    article_version_id, text_length, tag_id, extent, pieces, prefix, suffix, attributes, schema_version)"""
_VALUES = """(%(id)s, %(project)s, %(article)s, %(layer)s, '', 'pending', 1, 1, %(user)s, %(hash)s,
    %(version)s, %(length)s, %(tag)s, %(extent)s::int4multirange, %(pieces)s, %(prefix)s, %(suffix)s, '{}', 1)"""

ANNOTATION = f"INSERT INTO raw_annotation {_COLUMNS} VALUES {_VALUES}"
EVENT = """
    INSERT INTO raw_event (
        act_id, ordinal, project_id, type, thing, article, layer, op, version, revision, after)
    VALUES (
        %(act)s, %(ordinal)s, %(project)s, 'annotation', %(id)s, %(article)s, %(layer)s, 'create', 1, 1, %(after)s)
"""

Write = Callable[[], None]


def plain(connection: psycopg.Connection[Any], values: dict[str, Any]) -> Write:
    """Three inserts in one transaction into the copies: BEGIN, INSERT, INSERT, INSERT, COMMIT, each waited for."""
    return _plain(connection, values, nullcontext)


def piped(connection: psycopg.Connection[Any], values: dict[str, Any]) -> Write:
    """The same sent together (a pipeline), so that the network is waited for once."""
    return _plain(connection, values, connection.pipeline)


def _plain(
    connection: psycopg.Connection[Any],
    values: dict[str, Any],
    sending: Callable[[], AbstractContextManager[Any]],
) -> Write:
    after = json.dumps(
        {**values, "id": str(uuid.UUID(int=0)), "status": "pending", "revision": 1}, default=str
    )

    def write() -> None:
        row, act = uuid.UUID(int=uuid7().int), uuid.UUID(int=uuid7().int)
        given = {**values, "id": row, "act": act, "ordinal": 1, "after": after}
        with sending(), connection.transaction():
            connection.execute(
                "INSERT INTO raw_act (id, project_id, kind, actor_id, channel, article)"
                " VALUES (%(act)s, %(project)s, 'create_annotation', %(user)s, 'api', %(article)s)",
                given,
            )
            connection.execute(ANNOTATION, given)
            connection.execute(EVENT, given)

    return write


def guarded(connection: psycopg.Connection[Any], values: dict[str, Any]) -> Write:
    """One act and one annotation in the product's own tables: their triggers write the event and the position."""

    def write() -> None:
        given = {**values, "id": uuid.UUID(int=uuid7().int), "act": uuid.UUID(int=uuid7().int)}
        with connection.pipeline(), connection.transaction():
            connection.execute(
                "SELECT begin_act(%(act)s, %(project)s, 'create_annotation', %(user)s, NULL, 'api', NULL, %(article)s)",
                given,
            )
            connection.execute(f"INSERT INTO annotation {_COLUMNS} VALUES {_VALUES}", given)

    return write
