"""What a person does to annotations: make, change, withdraw, restore.

Creating is the product's hottest write: one read of all that it depends on, and one statement that begins
the act, writes the row and (by triggers) its event; both are in `services.annotating`.
"""

import contextlib
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models.fields import extent_literal, parse_extent
from factcheck.permissions import checks
from factcheck.queries import annotations as reads
from factcheck.queries import reading, texts
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, annotating, attributes, identity
from factcheck.services.annotating import Pairs, check_layer_open, start_layer, words_at
from factcheck.services.texts import clean


def create(
    *,
    article_id: UUID,
    tag: str,
    spans: Pairs,
    by: Actor,
    id: UUID | None = None,
    article_version: UUID | None = None,
    exact: str | None = None,
    note: str = "",
    attributes: dict[str, Any] | None = None,
) -> identity.Made:
    """Tag an extent of the article's present text, in one's own layer.

    `spans` are half-open ranges in code points. Raises `NotFound`, `NotAllowed`, `Invalid`, `ExactMismatch`,
    `Conflict` (text or layer moved on), and for an id in use what `services.identity` says.
    """
    given = annotating.Given(article_id, tag, spans, id, article_version, exact, note, attributes)
    annotating.check_note(given)
    hashed = given.content_hash()
    context, taken = annotating.context(given, by)
    annotating.check_may(context)
    if taken:
        return _again(id, by, hashed)
    made = annotating.prepare(given, context, hashed=hashed)
    try:
        if context.layer_id is not None and not context.layer_to_start:
            # Within a larger transaction a refusal must leave that one fit to go on.
            savepoint = transaction.atomic() if connection.in_atomic_block else contextlib.nullcontext()
            with acts.refusals(), savepoint:
                row = annotating.insert(made, context.layer_id, by)
        else:
            with transaction.atomic():
                layer_id = start_layer(context.project_id, article_id, by)
                with acts.refusals():
                    row = annotating.insert(made, layer_id, by)
    except Conflict as conflict:
        # Two requests with one id at the same moment: the second finds what the first has made.
        if (
            id is None
            or not isinstance(conflict.__cause__, IntegrityError)
            or reads.visible(by.user_id, id) is None
        ):
            raise
        return _again(id, by, hashed)
    return identity.Made(row, True)


def _again(id: UUID | None, by: Actor, hashed: bytes) -> identity.Made:
    present = reads.visible(by.user_id, id) if id else None
    if present is None:
        identity.refuse_taken()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content_hash FROM annotation WHERE id = %s", [id])
        kept = cursor.fetchone()[0]
    return identity.same_again(present, kept=kept, given=hashed, withdrawn=present.withdrawn_at is not None)


class Locked(NamedTuple):
    """An annotation's row held for a change, with what the change is decided on."""

    project_id: UUID
    article_id: UUID
    version_id: UUID
    layer_id: UUID
    owner_id: UUID | None
    closed: bool  # blind, and its layers not open yet
    state: str
    role: str
    withdrawn: bool


def locked(annotation_id: UUID, by: Actor) -> tuple[Locked, reads.Row]:
    """Lock the annotation and return it with its present row; raise `NotFound`, or `NotAllowed` with the reason."""
    held = reading.one(
        Locked,
        """SELECT a.project_id, a.article_id, a.article_version_id, a.layer_id, l.owner_id,
                  p.blind AND l.opened_at IS NULL, l.state, m.role,
                  a.withdrawn_at IS NOT NULL
           FROM annotation a
           JOIN visible_layers(%s) l ON l.id = a.layer_id
           JOIN project p ON p.id = a.project_id
           JOIN acting_membership m ON m.project_id = a.project_id AND m.user_id = %s
           WHERE a.id = %s FOR UPDATE OF a""",
        [by.user_id, by.user_id, annotation_id],
    )
    present = reads.visible(by.user_id, annotation_id)
    if held is None or present is None:
        raise NotFound(_("There is no such annotation."))
    checks.check_can_annotate(Role(held.role))
    checks.check_owns_layer(person=by.user_id, owner=held.owner_id)
    check_layer_open(held.closed, held.state)
    return held, present


def update(
    *,
    annotation_id: UUID,
    by: Actor,
    expect: int | None = None,
    tag: str | None = None,
    spans: Pairs | None = None,
    exact: str | None = None,
    note: str | None = None,
    attributes: dict[str, Any] | None = None,
) -> reads.Row:
    """Change one's own annotation; what is None stays. A change that changes nothing is no act.

    With another tag, attributes that it does not have go (the history keeps them). Raises `Stale` when
    `expect` is not the present revision, `Gone` when it was withdrawn, `Conflict` when a live relation
    would no longer be legal.
    """
    with transaction.atomic():
        held, present = locked(annotation_id, by)
        if held.withdrawn:
            identity.refuse_withdrawn()
        identity.check_unchanged(expect, present.revision, present)
        changes = _changes(held, present, tag, spans, exact, note, attributes)
        if not changes:
            return present
        if "tag_id" in changes:
            _check_relations_allow(annotation_id, changes["tag_id"])
        with acts.act("update_annotation", project_id=held.project_id, by=by, article_id=held.article_id):
            _write(annotation_id, changes)
        return _present(by, annotation_id)


def _changes(
    held: Locked,
    present: reads.Row,
    tag: str | None,
    pairs: Pairs | None,
    exact: str | None,
    note: str | None,
    values: dict[str, Any] | None,
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if note is not None and clean(note, "note") != present.note:
        changes["note"] = note
    text = texts.of(held.version_id)
    if pairs is not None:
        words = words_at(text, pairs, exact)
        if words.extent != parse_extent(present.extent):
            changes |= {
                "extent": extent_literal(words.extent),
                "pieces": list(words.pieces),
                "prefix": words.prefix,
                "suffix": words.suffix,
            }
    elif exact is not None:
        words_at(text, parse_extent(present.extent), exact)
    present_values = orjson.loads(present.attributes)
    new_tag = tag is not None and tag != present.tag
    tag_id = tag_named(held.project_id, tag or present.tag, needed_live=new_tag)
    if new_tag:
        changes["tag_id"] = tag_id
        kept = attributes.kept_for(held.project_id, tag_id, present_values) if present_values else {}
        if values is None:
            values = kept
    if values is not None and values != present_values:
        checked, schema_version = attributes.check(
            held.project_id, tag_id, values, held=kept if new_tag else present_values
        )
        changes |= {"attributes": orjson.dumps(checked).decode(), "schema_version": schema_version}
    return changes


def tag_named(project_id: UUID, name: str, *, needed_live: bool = True) -> UUID:
    """Return the id of a project's tag; raise `Invalid` for none, or for a retired one where a live one is needed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, retired_at FROM tag WHERE project_id = %s AND name = %s", [project_id, name]
        )
        found = cursor.fetchone()
    if found is None:
        raise Invalid(_("The project has no tag %(tag)s.") % {"tag": name}, field="tag")
    if needed_live and found[1] is not None:
        raise Invalid(_("The tag %(tag)s is retired; choose another.") % {"tag": name}, field="tag")
    tag_id: UUID = found[0]
    return tag_id


class _Illegal(NamedTuple):
    relation: str
    kind: str
    subject: str
    object: str


def _check_relations_allow(annotation_id: UUID, tag_id: UUID) -> None:
    """Refuse a tag with which a live relation would be illegal, and name the relation."""
    illegal = reading.one(
        _Illegal,
        """SELECT r.id::text, k.title, array_to_string(s.pieces, ' '), array_to_string(o.pieces, ' ')
           FROM relation r
           JOIN relation_kind k ON k.id = r.kind_id
           JOIN annotation s ON s.id = r.subject_id
           JOIN annotation o ON o.id = r.object_id
           WHERE r.withdrawn_at IS NULL AND (r.subject_id = %(a)s OR r.object_id = %(a)s)
             AND NOT EXISTS (
                SELECT FROM relation_pair p WHERE p.kind_id = r.kind_id
                AND p.subject_tag_id = CASE WHEN s.id = %(a)s THEN %(t)s ELSE s.tag_id END
                AND p.object_tag_id = CASE WHEN o.id = %(a)s THEN %(t)s ELSE o.tag_id END)
           ORDER BY r.id LIMIT 1""",
        {"a": annotation_id, "t": tag_id},
    )
    if illegal is not None:
        raise Conflict(
            _(
                "With this tag the relation “%(subject)s” %(kind)s “%(object)s” would not be legal; withdraw it first."
            )
            % {"subject": illegal.subject[:80], "kind": illegal.kind, "object": illegal.object[:80]},
            field="tag",
            extra={"relation": illegal.relation},
        )


_CASTS = {"extent": "int4multirange", "pieces": "text[]", "attributes": "jsonb"}


def _write(annotation_id: UUID, changes: dict[str, Any]) -> None:
    assignments = ", ".join(
        f"{name} = %s" + (f"::{_CASTS[name]}" if name in _CASTS else "") for name in changes
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE annotation SET {assignments} WHERE id = %s", [*changes.values(), annotation_id]
        )


def _present(by: Actor, annotation_id: UUID) -> reads.Row:
    row = queries.annotations.visible(by.user_id, annotation_id)
    if row is None:
        raise NotFound(_("There is no such annotation."))
    return row


def withdraw(*, annotation_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Withdraw one's own annotation with its relations and links; withdrawn already is no act."""
    with transaction.atomic():
        held, present = locked(annotation_id, by)
        if held.withdrawn:
            return
        identity.check_unchanged(expect, present.revision, present)
        with acts.act("withdraw_annotation", project_id=held.project_id, by=by, article_id=held.article_id):
            withdraw_rows(annotation_id)


def withdraw_rows(annotation_id: UUID) -> None:
    """Mark the annotation withdrawn, its relations and links first, inside an act that has begun."""
    with connection.cursor() as cursor:
        for statement in (
            "UPDATE relation SET withdrawn_at = now(), withdrawn_with = %(a)s"
            " WHERE withdrawn_at IS NULL AND (subject_id = %(a)s OR object_id = %(a)s)",
            "UPDATE source_link SET withdrawn_at = now(), withdrawn_with = %(a)s"
            " WHERE withdrawn_at IS NULL AND annotation_id = %(a)s",
            "UPDATE annotation SET withdrawn_at = now() WHERE id = %(a)s AND withdrawn_at IS NULL",
        ):
            cursor.execute(statement, {"a": annotation_id})


def restore(*, annotation_id: UUID, by: Actor) -> reads.Row:
    """Bring a withdrawn annotation back, with what was withdrawn with it; alive already is no act."""
    with transaction.atomic():
        held, present = locked(annotation_id, by)
        if not held.withdrawn:
            return present
        with acts.act("restore_annotation", project_id=held.project_id, by=by, article_id=held.article_id):
            restore_rows(annotation_id)
        return _present(by, annotation_id)


def restore_rows(annotation_id: UUID) -> None:
    """Bring the annotation back inside an act; a relation whose other end is withdrawn waits for that one."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE annotation SET withdrawn_at = NULL WHERE id = %s", [annotation_id])
        cursor.execute(
            "UPDATE source_link k SET withdrawn_at = NULL, withdrawn_with = NULL WHERE withdrawn_with = %s"
            " AND NOT EXISTS (SELECT FROM source s WHERE s.id = k.source_id AND s.withdrawn_at IS NOT NULL)",
            [annotation_id],
        )
        cursor.execute(
            """UPDATE relation r SET withdrawn_with = o.id FROM annotation o
               WHERE r.withdrawn_with = %(a)s AND o.withdrawn_at IS NOT NULL
                 AND o.id = CASE WHEN r.subject_id = %(a)s THEN r.object_id ELSE r.subject_id END""",
            {"a": annotation_id},
        )
        cursor.execute(
            "UPDATE relation SET withdrawn_at = NULL, withdrawn_with = NULL WHERE withdrawn_with = %s",
            [annotation_id],
        )
