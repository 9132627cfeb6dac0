"""What a person does to relations: relate two annotations, change it, withdraw it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Relation, RelationKind
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries import reading
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.relations import Row
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, annotating, attributes, identity
from factcheck.services.texts import clean

MOST_ENDS = 100


class Pair(NamedTuple):
    """Two annotations to relate, under the id that the client brings."""

    id: UUID
    subject: UUID
    object: UUID


class _Place(NamedTuple):
    """Where a relation would lie: its maker's layer in the subject's article."""

    project_id: UUID
    article_id: UUID
    closed: bool  # blind, and its layers not open yet
    role: str
    layer_id: UUID | None
    layer_state: str | None


def create(
    *,
    subject: UUID,
    object: UUID,
    kind: str,
    by: Actor,
    id: UUID | None = None,
    attributes: dict[str, Any] | None = None,
    note: str = "",
) -> identity.Made:
    """Relate two annotations that one may see; the relation lies in one's own layer of the subject's article.

    In a project that is not blind the ends may be colleagues'. Raises `Conflict` for a pair of tags that the
    project does not allow, for the same relation twice alive, and for a withdrawn end.
    """
    hashed = identity.content_hash(
        {"subject": subject, "object": object, "kind": kind, "attributes": attributes or {}, "note": note}
    )
    clean(note, "note")
    with transaction.atomic():
        if id is not None and (existing := Relation.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        ends = _ends(subject, object, by)
        place = _place(subject, by)
        checks.check_can_annotate(Role(place.role))
        found = _kind(place.project_id, kind, needed_live=True)
        _check_pair(found, *ends)
        values = _attributes(found, attributes)
        annotating.check_layer_open(place.closed, place.layer_state)
        layer_id = place.layer_id
        if layer_id is None or place.layer_state == "not_started":
            layer_id = annotating.start_layer(place.project_id, place.article_id, by)
        relation = Relation(
            id=id or uuid7(),
            project_id=place.project_id,
            article_id=place.article_id,
            object_article_id=UUID(ends[1].article),
            layer_id=layer_id,
            kind=found,
            symmetric=found.symmetric,
            subject_id=subject,
            object_id=object,
            attributes=values,
            note=note,
            created_by_id=by.user_id,
            content_hash=hashed,
        )
        with acts.act("create_relation", project_id=place.project_id, by=by, article_id=place.article_id):
            _written(lambda: relation.save(force_insert=True))
        return identity.Made(_row(by, relation.pk), True)


def relate(
    *,
    at: UUID,
    pairs: Sequence[Pair],
    kind: str,
    by: Actor,
    attributes: dict[str, Any] | None = None,
    note: str = "",
) -> list[identity.Made]:
    """Relate several pairs in the same way, as one act, all or nothing; sent again it is done once.

    `at` is the annotation from which they are related: in its article undo finds the act again. Raises what
    `create` raises.
    """
    if not 1 <= len(pairs) <= MOST_ENDS:
        raise Invalid(_("Relate from 1 to %(most)s annotations at once.") % {"most": MOST_ENDS}, field="end")
    if len({pair.id for pair in pairs}) < len(pairs):
        raise Invalid(_("Each relation needs an id of its own."), field="id")
    place = _place(at, by)
    with acts.together("create_relation", project_id=place.project_id, by=by, article_id=place.article_id):
        return [
            create(
                id=pair.id,
                subject=pair.subject,
                object=pair.object,
                kind=kind,
                by=by,
                attributes=attributes,
                note=note,
            )
            for pair in pairs
        ]


def _written(write: Any) -> None:
    try:
        write()
    except Exception as error:
        if "relation_once_alive" in str(error) or "relation_symmetric_once_alive" in str(error):
            raise Conflict(_("You have related these two in this way already.")) from error
        raise


def _ends(subject: UUID, object_: UUID, by: Actor) -> tuple[AnnotationRow, AnnotationRow]:
    if subject == object_:
        raise Invalid(_("An annotation cannot be related to itself."), field="object")
    found = []
    for end, field in ((subject, "subject"), (object_, "object")):
        row = queries.annotations.visible(by.user_id, end)
        if row is None:
            raise Invalid(_("There is no such annotation."), field=field)
        if row.withdrawn_at is not None:
            raise Conflict(_("This annotation is withdrawn; restore it first."), field=field)
        found.append(row)
    if found[0].project != found[1].project:
        raise Invalid(_("Both ends of a relation lie in one project."), field="object")
    return found[0], found[1]


def _place(subject: UUID, by: Actor) -> _Place:
    place = reading.one(
        _Place,
        """SELECT a.project_id, a.article_id, p.blind AND l.opened_at IS NULL, m.role, l.id, l.state
           FROM annotation a
           JOIN project p ON p.id = a.project_id
           JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %(user)s
           LEFT JOIN layer l ON l.article_id = a.article_id AND l.owner_id = %(user)s AND l.kind = 'person'
           WHERE a.id = %(subject)s""",
        {"user": by.user_id, "subject": subject},
    )
    if place is None:
        raise NotFound(_("There is no such annotation."), field="subject")
    return place


def _kind(project_id: UUID, name: str, *, needed_live: bool) -> RelationKind:
    kind = RelationKind.objects.filter(project_id=project_id, name=name).first()
    if kind is None:
        raise Invalid(_("The project has no relation kind %(kind)s.") % {"kind": name}, field="kind")
    if needed_live and kind.retired_at is not None:
        raise Invalid(_("The relation kind %(kind)s is retired.") % {"kind": name}, field="kind")
    return kind


def _check_pair(kind: RelationKind, subject: AnnotationRow, object_: AnnotationRow) -> None:
    if not kind.pairs.filter(subject_tag__name=subject.tag, object_tag__name=object_.tag).exists():
        raise Conflict(
            _("The project does not allow “%(kind)s” from %(subject)s to %(object)s.")
            % {"kind": kind.name, "subject": subject.tag, "object": object_.tag},
            field="kind",
        )


def _attributes(kind: RelationKind, values: object) -> dict[str, Any]:
    return attributes.check_relation(kind.schema, values)


def _row(by: Actor, relation_id: UUID) -> Row:
    row = queries.relations.visible(by.user_id, relation_id)
    if row is None:
        raise NotFound(_("There is no such relation."))
    return row


def _again(existing: Relation, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.relations.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)


def lock_ends(relation_id: UUID) -> None:
    """Keep both ends as they are; before the relation itself, as whoever changes an annotation has it first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT FROM annotation a JOIN relation r ON a.id IN (r.subject_id, r.object_id) WHERE r.id = %s
               ORDER BY a.id FOR SHARE OF a""",
            [relation_id],
        )


def _locked(relation_id: UUID, by: Actor) -> tuple[Relation, Row]:
    _row(by, relation_id)
    lock_ends(relation_id)
    relation = Relation.objects.select_for_update(no_key=True).get(pk=relation_id)
    row = _row(by, relation_id)
    place = _place(relation.subject_id, by)
    checks.check_can_annotate(Role(place.role))
    checks.check_owns_layer(person=by.user_id, owner=row.owner_id)
    annotating.check_layer_open(place.closed, place.layer_state)
    return relation, row


def update(
    *,
    relation_id: UUID,
    by: Actor,
    expect: int | None = None,
    kind: str | None = None,
    subject: UUID | None = None,
    object: UUID | None = None,
    attributes: dict[str, Any] | None = None,
    note: str | None = None,
) -> Row:
    """Change one's own relation: its kind, ends, attributes or note; the subject stays in its article."""
    with transaction.atomic():
        relation, present = _locked(relation_id, by)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        identity.check_unchanged(expect, present.revision, present)
        ends = _ends(subject or relation.subject_id, object or relation.object_id, by)
        if UUID(ends[0].article) != relation.article_id:
            raise Conflict(
                _("A relation stays in the article of its subject; make a new one."), field="subject"
            )
        found = _kind(relation.project_id, kind or present.kind, needed_live=kind not in (None, present.kind))
        _check_pair(found, *ends)
        values = _attributes(found, _wanted(found, present, attributes))
        wanted = {
            "kind_id": found.pk,
            "symmetric": found.symmetric,
            "subject_id": UUID(ends[0].id),
            "object_id": UUID(ends[1].id),
            "object_article_id": UUID(ends[1].article),
            "attributes": values,
            "note": present.note if note is None else clean(note, "note"),
        }
        changes = {name: value for name, value in wanted.items() if getattr(relation, name) != value}
        if not changes:
            return present
        with acts.act(
            "update_relation", project_id=relation.project_id, by=by, article_id=relation.article_id
        ):
            _written(lambda: Relation.objects.filter(pk=relation_id).update(**changes))
        return _row(by, relation_id)


def _wanted(kind: RelationKind, present: Row, values: dict[str, Any] | None) -> dict[str, Any]:
    """Return the attributes given, or those of the present ones that the kind has too."""
    if values is not None:
        return values
    known = kind.schema.get("properties", {})
    return {name: value for name, value in orjson.loads(present.attributes).items() if name in known}


def withdraw(*, relation_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Withdraw one's own relation; withdrawn already is no act."""
    with transaction.atomic():
        relation, present = _locked(relation_id, by)
        if present.withdrawn_at is not None:
            return
        identity.check_unchanged(expect, present.revision, present)
        with acts.act(
            "withdraw_relation", project_id=relation.project_id, by=by, article_id=relation.article_id
        ):
            Relation.objects.filter(pk=relation_id).update(withdrawn_at=Now())


def restore(*, relation_id: UUID, by: Actor) -> Row:
    """Bring one's withdrawn relation back; both ends must be alive."""
    with transaction.atomic():
        relation, present = _locked(relation_id, by)
        if present.withdrawn_at is None:
            return present
        _ends(relation.subject_id, relation.object_id, by)
        with (
            acts.act(
                "restore_relation", project_id=relation.project_id, by=by, article_id=relation.article_id
            ),
            connection.cursor() as cursor,
        ):
            _written(
                lambda: cursor.execute(
                    "UPDATE relation SET withdrawn_at = NULL, withdrawn_with = NULL WHERE id = %s",
                    [relation_id],
                )
            )
        return _row(by, relation_id)
