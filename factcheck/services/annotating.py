"""What making annotations takes, of one or of many: reading what it depends on, checking, writing the rows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from factcheck.anchoring import selectors, spans
from factcheck.exceptions import Conflict, ExactMismatch, Invalid, NotFound
from factcheck.models import Layer
from factcheck.models.fields import extent_literal, uuid7
from factcheck.permissions import checks
from factcheck.queries import annotations as reads
from factcheck.queries import reading, texts
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, attributes, identity, layers
from factcheck.services.texts import clean

Pairs = Sequence[tuple[int, int]]
SchemaOf = Callable[[UUID, UUID], tuple[dict[str, Any], int]]


class Given(NamedTuple):
    """What somebody gives to make an annotation; `spans` are half-open ranges in code points."""

    article_id: UUID
    tag: str
    spans: Pairs
    id: UUID | None = None
    article_version: UUID | None = None
    exact: str | None = None
    note: str = ""
    attributes: dict[str, Any] | None = None

    def content_hash(self) -> bytes:
        """Return the hash by which the same content is known again."""
        return identity.content_hash(
            {
                "article": self.article_id,
                "tag": self.tag,
                "spans": [list(pair) for pair in self.spans],
                "note": self.note,
                "attributes": self.attributes or {},
            }
        )


class Context(NamedTuple):
    """All that making an annotation depends on but whether its id is in use."""

    project_id: UUID
    project: str
    closed: bool  # blind, and its layers not open yet
    role: str
    version_id: UUID
    versions: int
    layer_id: UUID | None
    layer_state: str | None
    tag_id: UUID | None
    tag_retired: bool

    @property
    def layer_to_start(self) -> bool:
        """Is the person's layer yet to be made or begun?"""
        return self.layer_id is None or self.layer_state == "not_started"


_SELECT = """
    SELECT {first}p.id, p.slug, p.blind AND l.opened_at IS NULL, m.role, ar.current_version_id,
           (SELECT max(number) FROM article_version v WHERE v.article_id = ar.id),
           l.id, l.state, t.id, t.retired_at IS NOT NULL{last}
    FROM {given}
    JOIN project p ON p.id = ar.project_id
    JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %(user)s
    LEFT JOIN layer l ON l.article_id = ar.id AND l.owner_id = %(user)s AND l.kind = 'person'
    LEFT JOIN tag t ON t.project_id = p.id AND t.name = """
_ONE = (
    _SELECT.format(first="", given="article ar", last=", x.id IS NOT NULL")
    + "%(tag)s LEFT JOIN annotation x ON x.id = %(id)s WHERE ar.id = %(article)s"
)
_MANY = (
    _SELECT.format(
        first="n.article, n.tag, ",
        given="unnest(%(articles)s::uuid[], %(tags)s::text[]) AS n (article, tag) JOIN article ar ON ar.id = n.article",
        last="",
    )
    + "n.tag"
)


def context(given: Given, by: Actor) -> tuple[Context, bool]:
    """Read what making this one depends on, and whether its id is in use; raise `NotFound` without its article."""
    with reading.planned_once() as cursor:
        cursor.execute(
            _ONE, {"user": by.user_id, "tag": given.tag, "id": given.id, "article": given.article_id}
        )
        found = cursor.fetchone()
    if found is None:
        refuse_article()
    return Context._make(found[:-1]), found[-1]


def contexts(wanted: Iterable[Given], by: Actor) -> dict[tuple[UUID, str], Context]:
    """Read the same for many at once, by article and tag; what is not there has no context."""
    pairs = list({(given.article_id, given.tag) for given in wanted})
    with reading.planned_once() as cursor:
        cursor.execute(
            _MANY,
            {
                "user": by.user_id,
                "articles": [article for article, _tag in pairs],
                "tags": [tag for _article, tag in pairs],
            },
        )
        return {(row[0], row[1]): Context._make(row[2:]) for row in cursor.fetchall()}


def taken(ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the ids that annotations have, whoever may see them."""
    if not ids:
        return set()
    with reading.planned_once() as cursor:
        cursor.execute("SELECT id FROM annotation WHERE id = ANY(%s)", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def refuse_article() -> NoReturn:
    """Say that there is no such article to annotate."""
    raise NotFound(_("There is no such article."), field="article")


class Words(NamedTuple):
    """An extent with the words that stand there and around it."""

    extent: spans.Extent
    pieces: tuple[str, ...]
    prefix: str
    suffix: str


def words_at(text: texts.Text, pairs: Pairs, exact: str | None) -> Words:
    """Slice the text at the spans; raise `Invalid` for a bad extent, `ExactMismatch` for other words."""
    extent = spans.extent_of(pairs, length=text.length)
    quote = selectors.describe(text.text, extent)
    if exact is not None and exact != quote.exact:
        raise ExactMismatch(
            _(
                "At these spans the article says “%(found)s”, not “%(given)s”. Offsets count Unicode code points."
            )
            % {"found": quote.exact[:200], "given": exact[:200]},
            field="exact",
            extra={"given": exact, "found": quote.exact},
        )
    return Words(extent, spans.pieces(text.text, extent), quote.prefix, quote.suffix)


class Prepared(NamedTuple):
    """An annotation that may be written."""

    id: UUID
    given: Given
    context: Context
    hashed: bytes
    tag_id: UUID
    length: int
    words: Words
    values: dict[str, Any]
    schema_version: int


def check_may(context: Context) -> None:
    """Raise `NotAllowed` for who does not annotate here."""
    checks.check_can_annotate(Role(context.role))


def prepare(
    given: Given, context: Context, *, hashed: bytes, schema_of: SchemaOf = attributes.schema_of
) -> Prepared:
    """Check all that is given against what is there; raises what `services.annotations.create` says."""
    _check_version(context, given.article_version)
    tag_id = _tag_to_use(context, given.tag)
    text = texts.of(context.version_id)
    words = words_at(text, given.spans, given.exact)
    values, schema_version = attributes.check(
        context.project_id, tag_id, given.attributes, schema_of=schema_of
    )
    check_layer_open(context.closed, context.layer_state)
    return Prepared(
        given.id or uuid7(), given, context, hashed, tag_id, text.length, words, values, schema_version
    )


def check_note(given: Given) -> None:
    """Refuse a note that the database cannot hold."""
    clean(given.note, "note")


def _check_version(context: Context, version: UUID | None) -> None:
    if version is None and context.versions > 1:
        raise Conflict(
            _("The article has several versions; say in article_version which one you annotate."),
            field="article_version",
        )
    if version is not None and version != context.version_id:
        raise Conflict(
            _("This is not the article's present version; read it again."),
            field="article_version",
            extra={"current_version": str(context.version_id)},
        )


def _tag_to_use(context: Context, tag: str) -> UUID:
    if context.tag_id is None:
        raise Invalid(_("The project has no tag %(tag)s.") % {"tag": tag}, field="tag")
    if context.tag_retired:
        raise Invalid(_("The tag %(tag)s is retired; choose another.") % {"tag": tag}, field="tag")
    return context.tag_id


def check_layer_open(closed: bool, state: str | None) -> None:
    """Refuse to change a layer that was submitted in a blind project until all of its article are open."""
    if closed and state == "submitted":
        raise Conflict(_("You have submitted your layer of this article; reopen it to change it."))


def start_layer(project_id: UUID, article_id: UUID, by: Actor) -> UUID:
    """Return the person's layer in the article, made and set in progress where need be, as an act of its own.

    Raises `Conflict` in a blind project for who has no layer yet when those of the article are open already.
    """
    if not Layer.objects.filter(article_id=article_id, owner_id=by.user_id, kind=Layer.Kind.PERSON).exists():
        layers.check_still_closed(article_id)
    with (
        acts.act("start_layer", project_id=project_id, by=by, article_id=None),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """INSERT INTO layer (id, project_id, article_id, kind, owner_id, state, created_by_id, revision)
               VALUES (%s, %s, %s, 'person', %s, 'in_progress', %s, 1)
               ON CONFLICT (article_id, owner_id) WHERE kind = 'person' DO NOTHING""",
            [uuid7(), project_id, article_id, by.user_id, by.user_id],
        )
        cursor.execute(
            "UPDATE layer SET state = 'in_progress' WHERE article_id = %s AND owner_id = %s AND kind = 'person'"
            " AND state = 'not_started'",
            [article_id, by.user_id],
        )
        cursor.execute(
            "SELECT id FROM layer WHERE article_id = %s AND owner_id = %s AND kind = 'person'",
            [article_id, by.user_id],
        )
        layer_id: UUID = cursor.fetchone()[0]
    return layer_id


# -- writing ---------------------------------------------------------------------------------------

_COLUMNS = """id, project_id, article_id, layer_id, note, status, version, revision, created_by_id, content_hash,
        article_version_id, text_length, tag_id, extent, pieces, prefix, suffix, attributes, schema_version"""
_INSERT = f"""
    WITH started AS MATERIALIZED (SELECT {acts.BEGIN_ACT} AS act)
    INSERT INTO annotation ({_COLUMNS})
    SELECT %s::uuid, %s::uuid, %s::uuid, %s::uuid, %s::text, 'pending', 1, 1, %s::uuid, %s::bytea,
           %s::uuid, %s::int, %s::uuid, %s::int4multirange, %s::text[], %s::text, %s::text, %s::jsonb, %s::int
    FROM started
    RETURNING created_at, updated_at, attributes::text
"""
_INSERT_MANY = f"""
    INSERT INTO annotation ({_COLUMNS})
    SELECT n.id, %s::uuid, n.article, n.layer, n.note, 'pending', 1, 1, %s::uuid, n.hash, n.version, n.length, n.tag,
           n.extent, n.pieces, n.prefix, n.suffix, n.attributes, n.schema
    FROM json_to_recordset(%s::json) AS n (
        id uuid, article uuid, layer uuid, note text, hash bytea, version uuid, length int, tag uuid,
        extent int4multirange, pieces text[], prefix text, suffix text, attributes jsonb, schema int)
    RETURNING id, created_at, updated_at, attributes::text
"""


def insert(made: Prepared, layer_id: UUID, by: Actor) -> reads.Row:
    """Begin the act, write the row and return it, in one statement."""
    given, context, words = made.given, made.context, made.words
    with reading.planned_once() as cursor:
        cursor.execute(
            _INSERT,
            [
                *acts.parameters(
                    "create_annotation", project_id=context.project_id, by=by, article_id=given.article_id
                ),
                *(
                    made.id,
                    context.project_id,
                    given.article_id,
                    layer_id,
                    given.note,
                    by.user_id,
                    made.hashed,
                ),
                *(context.version_id, made.length, made.tag_id, extent_literal(words.extent)),
                *(list(words.pieces), words.prefix, words.suffix),
                *(orjson.dumps(made.values).decode(), made.schema_version),
            ],
        )
        return _row(made, layer_id, by, *cursor.fetchone())


def insert_many(prepared: Sequence[Prepared], layers: dict[UUID, UUID], by: Actor) -> list[reads.Row]:
    """Write rows of one project in one statement, inside an act; `layers` are the person's, by article."""
    told = [
        {
            "id": made.id,
            "article": made.given.article_id,
            "layer": layers[made.given.article_id],
            "note": made.given.note,
            "hash": "\\x" + made.hashed.hex(),
            "version": made.context.version_id,
            "length": made.length,
            "tag": made.tag_id,
            "extent": extent_literal(made.words.extent),
            "pieces": made.words.pieces,
            "prefix": made.words.prefix,
            "suffix": made.words.suffix,
            "attributes": made.values,
            "schema": made.schema_version,
        }
        for made in prepared
    ]
    with reading.planned_once() as cursor:
        cursor.execute(
            _INSERT_MANY, [prepared[0].context.project_id, by.user_id, orjson.dumps(told).decode()]
        )
        written = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_row(made, layers[made.given.article_id], by, *written[made.id]) for made in prepared]


def _row(
    made: Prepared, layer_id: UUID, by: Actor, created_at: datetime, updated_at: datetime, values: str
) -> reads.Row:
    return reads.Row(
        id=str(made.id),
        project=made.context.project,
        article=str(made.given.article_id),
        article_version=str(made.context.version_id),
        layer=str(layer_id),
        layer_kind="person",
        owner=by.username,
        tag=made.given.tag,
        extent=extent_literal(made.words.extent),
        pieces=list(made.words.pieces),
        prefix=made.words.prefix,
        suffix=made.words.suffix,
        note=made.given.note,
        attributes=values,
        created_by=by.username,
        status="pending",
        version=1,
        revision=1,
        created_at=created_at,
        updated_at=updated_at,
        withdrawn_at=None,
    )
