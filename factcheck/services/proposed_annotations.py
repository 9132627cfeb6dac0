"""What a reviewer found missing in a colleague's layer: proposed, then taken or refused by its owner."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.models import ProposedAnnotation
from factcheck.models.fields import parse_extent, uuid7
from factcheck.permissions import checks
from factcheck.queries import reading, texts
from factcheck.queries.proposed_annotations import Row
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, annotating, annotations, attributes, identity
from factcheck.services.texts import clean


class _Layer(NamedTuple):
    """The layer to which something is proposed."""

    project_id: UUID
    article_id: UUID
    version_id: UUID
    owner_id: UUID | None
    role: str


def create(
    *,
    layer_id: UUID,
    tag: str,
    spans: Sequence[tuple[int, int]],
    by: Actor,
    id: UUID | None = None,
    exact: str | None = None,
    note: str = "",
    attributes: dict[str, Any] | None = None,
) -> identity.Made:
    """Propose an annotation to the owner of a layer that one may see; `spans` are code points of the present text.

    Raises `NotFound`, `NotAllowed` (no reviewer, or one's own layer), `Invalid`, `ExactMismatch`.
    """
    clean(note, "note")
    given = {
        **{"layer": layer_id, "tag": tag, "spans": [list(pair) for pair in spans], "note": note},
        **{"attributes": attributes or {}},
    }
    hashed = identity.content_hash(given)
    with transaction.atomic():
        if id is not None and (existing := ProposedAnnotation.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        layer = reading.one(
            _Layer,
            """SELECT l.project_id, l.article_id, ar.current_version_id, l.owner_id, m.role
               FROM visible_layers(%s) l
               JOIN article ar ON ar.id = l.article_id
               JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = %s
               WHERE l.id = %s""",
            [by.user_id, by.user_id, layer_id],
        )
        if layer is None:
            raise NotFound(_("There is no such layer."), field="layer")
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM layer WHERE id = %s FOR NO KEY UPDATE", [layer_id])
        if id is not None and (existing := ProposedAnnotation.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)  # sent twice at the same moment
        if layer.owner_id is None:
            raise Invalid(_("The reference layer is filled by adjudication only."), field="layer")
        checks.check_role(Role(layer.role), Role.REVIEWER, _("proposing"))
        if layer.owner_id == by.user_id:
            raise NotAllowed(_("This is your own layer; tag the words yourself."))
        tag_id = annotations.tag_named(layer.project_id, tag)
        text = texts.of(layer.version_id)
        words = annotating.words_at(text, spans, exact)
        values = _checked(layer.project_id, tag_id, attributes)
        made = ProposedAnnotation(
            id=id or uuid7(),
            project_id=layer.project_id,
            article_id=layer.article_id,
            layer_id=layer_id,
            article_version_id=layer.version_id,
            text_length=text.length,
            tag_id=tag_id,
            extent=words.extent,
            pieces=list(words.pieces),
            attributes=values,
            note=note,
            created_by_id=by.user_id,
            content_hash=hashed,
        )
        with acts.act("propose_annotation", project_id=layer.project_id, by=by, article_id=layer.article_id):
            made.save(force_insert=True)
        return identity.Made(_row(by, made.pk), True)


def _checked(project_id: UUID, tag_id: UUID, values: object) -> dict[str, Any]:
    return attributes.check(project_id, tag_id, values)[0]


def take(*, proposed_id: UUID, by: Actor, annotation_id: UUID | None = None) -> Row:
    """Take a proposed annotation into one's own layer; taken already is no act.

    The annotation is its owner's own work from then on, and not the proposer's to approve. Raises `Conflict` when the
    text has moved on, or it was refused or withdrawn.
    """
    with transaction.atomic():
        present = _to_answer(proposed_id, by)
        if present.state == ProposedAnnotation.State.TAKEN:
            return present
        _check_waiting(present)
        project_id = queries.projects.id_of(present.project)
        with acts.together("take_annotation", project_id=project_id, by=by, article_id=UUID(present.article)):
            made = annotations.create(
                article_id=UUID(present.article),
                article_version=UUID(present.article_version),
                tag=present.tag,
                spans=[(span.start, span.end) for span in parse_extent(present.extent)],
                attributes=orjson.loads(present.attributes),
                id=annotation_id,
                by=by,
            )
            _answer(proposed_id, by, state=ProposedAnnotation.State.TAKEN, annotation_id=UUID(made.row.id))
        return _row(by, proposed_id)


def refuse(*, proposed_id: UUID, by: Actor, note: str) -> Row:
    """Refuse a proposed annotation and say why; refused already is no act."""
    clean(note, "note", required=True)
    with transaction.atomic():
        present = _to_answer(proposed_id, by)
        if present.state == ProposedAnnotation.State.REFUSED:
            return present
        _check_waiting(present)
        project_id = queries.projects.id_of(present.project)
        with acts.act("refuse_annotation", project_id=project_id, by=by, article_id=UUID(present.article)):
            _answer(proposed_id, by, state=ProposedAnnotation.State.REFUSED, answer_note=note)
        return _row(by, proposed_id)


def withdraw(*, proposed_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Take back what one has proposed, while it waits; withdrawn already is no act."""
    with transaction.atomic():
        present = _locked(proposed_id, by)
        if present.created_by != by.username:
            raise NotAllowed(_("Only who proposed it takes it back."))
        if present.withdrawn_at is not None:
            return
        identity.check_unchanged(expect, present.revision, present)
        if present.state != ProposedAnnotation.State.WAITING:
            raise Conflict(_("It was answered already."))
        project_id = queries.projects.id_of(present.project)
        with acts.act("withdraw_proposed", project_id=project_id, by=by, article_id=UUID(present.article)):
            ProposedAnnotation.objects.filter(pk=proposed_id).update(withdrawn_at=Now())


def _locked(proposed_id: UUID, by: Actor) -> Row:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM proposed_annotation WHERE id = %s FOR NO KEY UPDATE", [proposed_id])
    return _row(by, proposed_id)


def _to_answer(proposed_id: UUID, by: Actor) -> Row:
    present = _locked(proposed_id, by)
    role = queries.projects.role_of(by.user_id, queries.projects.id_of(present.project))
    checks.check_can_annotate(role or Role.VIEWER)
    if present.owner != by.username:
        raise NotAllowed(_("This is proposed to a colleague, who takes or refuses it."))
    return present


def _check_waiting(present: Row) -> None:
    if present.withdrawn_at is not None:
        raise Conflict(_("Who proposed this has taken it back."))
    if present.state != ProposedAnnotation.State.WAITING:
        raise Conflict(_("You have answered this already."))


def _answer(proposed_id: UUID, by: Actor, **answered: Any) -> None:
    ProposedAnnotation.objects.filter(pk=proposed_id).update(
        answered_by_id=by.user_id, answered_at=Now(), **answered
    )


def _row(by: Actor, proposed_id: UUID) -> Row:
    row = queries.proposed_annotations.visible(by.user_id, proposed_id)
    if row is None:
        raise NotFound(_("There is no such proposed annotation."))
    return row


def _again(existing: ProposedAnnotation, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.proposed_annotations.visible(by.user_id, existing.pk)
    if present is None or existing.created_by_id != by.user_id:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)
