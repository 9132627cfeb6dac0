"""What a reviewer decides on an annotation, a relation or a source link, and what its author says to that."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Review, ReviewResponse
from factcheck.models.fields import uuid7
from factcheck.models.reasons import REASONS
from factcheck.permissions import checks, workflow
from factcheck.queries import reading
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, identity, proposals, relations, source_links
from factcheck.services.texts import clean

THINGS = ("annotation", "relation", "source_link")


class _Thing(NamedTuple):
    """What is decided on, locked, with all that the decision depends on."""

    project_id: UUID
    article_id: UUID
    layer_id: UUID
    owner_id: UUID | None
    owner: str | None
    author_id: UUID
    version: int
    status: str
    withdrawn: bool
    role: str
    approvals_needed: int
    reasons: str  # JSON
    proposed: bool  # the present version is what who decides has proposed


def create(
    *,
    thing: str,
    thing_id: UUID,
    decision: str,
    by: Actor,
    id: UUID | None = None,
    thing_version: int | None = None,
    reason: str = "",
    note: str = "",
    proposal: dict[str, Any] | None = None,
) -> identity.Made:
    """Decide on a thing as of its present version; an earlier decision of one's own is superseded.

    `thing_version` is the version that was seen. A `change` says what to change (a proposal, a reason or a note), an
    `ask` what is asked. Raises `NotAllowed` for own work and for approving what one has proposed, `Conflict` when the
    version seen is not the present one, `Invalid` for the rest.
    """
    _check_words(thing, decision, note)
    hashed = identity.content_hash(
        {
            **{"thing": thing, "id": thing_id, "decision": decision, "reason": reason, "note": note},
            **{"proposal": proposal, "thing_version": thing_version},
        }
    )
    with transaction.atomic():
        if id is not None and (existing := Review.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        held = _locked(thing, thing_id, by, with_ends=proposal is not None)
        if id is not None and (existing := Review.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)  # sent twice at the same moment
        _check_right(held, decision, by)
        _check_seen(held, thing_version)
        if reason and reason not in _reasons(held, thing):
            raise Invalid(
                _("There is no reason %(reason)s here; known are: %(known)s.")
                % {"reason": reason[:40], "known": ", ".join(_reasons(held, thing))},
                field="reason",
            )
        if decision == Review.Decision.CHANGE and not (proposal or reason or note):
            raise Invalid(_("Say what to change: propose it, give a reason or write a note."), field="note")
        if proposal is not None:
            if decision != Review.Decision.CHANGE:
                raise Invalid(_("Only with “change” something is proposed."), field="proposal")
            proposal = proposals.check(thing, thing_id, proposal, author=_author(held, by), by=by)
        review = Review(
            id=id or uuid7(),
            project_id=held.project_id,
            article_id=held.article_id,
            layer_id=held.layer_id,
            thing_version=held.version,
            thing_author_id=held.author_id,
            reviewer_id=by.user_id,
            decision=decision,
            reason=reason,
            note=note,
            proposal=proposal,
            content_hash=hashed,
            **{f"{thing}_id": thing_id},
        )
        with acts.act("decide", project_id=held.project_id, by=by, article_id=held.article_id):
            Review.objects.filter(
                **{f"{thing}_id": thing_id}, reviewer_id=by.user_id, superseded_by=None
            ).update(superseded_by_id=review.pk)
            review.save(force_insert=True)
            settle(thing, thing_id, held.version, held.approvals_needed, held.status)
        return identity.Made(_row(by, review.pk), True)


def approve_whole(*, annotation_id: UUID, by: Actor, thing_version: int | None = None) -> list[str]:
    """Approve an annotation with its links and its relations, each by a decision of its own, in one act.

    Its relations are those of which it is the subject (of a symmetric kind, either end) in the same layer. What one may
    not approve, or has approved already, is passed over. Returns the ids of the decisions, the annotation's first.
    """
    with transaction.atomic():
        held = _locked("annotation", annotation_id, by)
        with acts.together("decide", project_id=held.project_id, by=by, article_id=held.article_id):
            made = [
                create(
                    thing="annotation",
                    thing_id=annotation_id,
                    decision="approve",
                    by=by,
                    thing_version=thing_version,
                )
            ]
            made += [
                create(thing=part.thing, thing_id=part.id, decision=Review.Decision.APPROVE, by=by)
                for part in queries.reviews.parts_to_approve(by.user_id, annotation_id)
            ]
    return [one.row.id for one in made]


def respond(
    *, review_id: UUID, answer: str, by: Actor, id: UUID | None = None, note: str = ""
) -> identity.Made:
    """Say something to a decision on what stands in one's own layer: once, and only to a live one.

    `accepted` makes the proposed change as one's own; `refused` (of a change or a rejection) and `answered` (of a
    question) need a note. Raises `Conflict` when the thing has moved on since, or it was responded to already.
    """
    if answer not in ReviewResponse.Answer.values:
        raise Invalid(_("answer must be accepted, refused or answered."), field="answer")
    clean(note, "note", required=answer != ReviewResponse.Answer.ACCEPTED)
    hashed = identity.content_hash({"review": review_id, "answer": answer, "note": note})
    with transaction.atomic():
        if id is not None and (existing := ReviewResponse.objects.filter(pk=id).first()):
            return _response_again(existing, by, hashed)
        seen = queries.reviews.visible(by.user_id, review_id)
        if seen is None:
            raise NotFound(_("There is no such decision."))
        thing, thing_id = _of(seen)
        held = _locked(thing, thing_id, by, with_ends=answer == ReviewResponse.Answer.ACCEPTED)
        if id is not None and (existing := ReviewResponse.objects.filter(pk=id).first()):
            return _response_again(existing, by, hashed)
        seen = _row(by, review_id)  # it may have been superseded while this waited
        checks.check_can_annotate(Role(held.role))
        checks.check_owns_layer(person=by.user_id, owner=held.owner_id)
        _check_answerable(seen, answer, held)
        with acts.together("respond", project_id=held.project_id, by=by, article_id=held.article_id):
            version = held.version
            if answer == ReviewResponse.Answer.ACCEPTED:
                version = _take(seen, thing, thing_id, by)
            response = ReviewResponse.objects.create(
                id=id or uuid7(),
                project_id=held.project_id,
                article_id=held.article_id,
                layer_id=held.layer_id,
                review_id=review_id,
                answer=answer,
                note=note,
                thing_version=version,
                created_by_id=by.user_id,
                content_hash=hashed,
            )
        return identity.Made(queries.reviews.response(by.user_id, response.pk), True)


def settle(thing: str, thing_id: UUID, version: int, approvals_needed: int, status: str) -> None:
    """Store what the live decisions on the present version say together, inside an act."""
    decisions = Review.objects.filter(
        **{f"{thing}_id": thing_id}, thing_version=version, superseded_by=None
    ).values_list("decision", flat=True)
    now = workflow.status(decisions, approvals_needed=approvals_needed)
    if now == status:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {thing} SET status = %s WHERE id = %s", [now, thing_id])
        if thing == "source_link":
            cursor.execute("SELECT annotation_id FROM source_link WHERE id = %s", [thing_id])
            source_links.touch(cursor.fetchone()[0])


def settle_all(project_id: UUID, approvals_needed: int) -> None:
    """Reckon anew what is approved when a project needs another number of approvals, inside an act."""
    with connection.cursor() as cursor:
        for thing in THINGS:
            cursor.execute(
                f"""WITH said AS (
                        SELECT r.{thing}_id AS id, count(*) AS approvals
                        FROM review r JOIN {thing} x ON x.id = r.{thing}_id AND x.version = r.thing_version
                        WHERE r.project_id = %(project)s AND r.superseded_by_id IS NULL AND r.decision <> 'ask'
                        GROUP BY r.{thing}_id HAVING bool_and(r.decision = 'approve'))
                    UPDATE {thing} x
                    SET status = CASE WHEN said.approvals >= %(needed)s THEN 'approved' ELSE 'pending' END
                    FROM said
                    WHERE x.id = said.id
                      AND x.status <> CASE WHEN said.approvals >= %(needed)s THEN 'approved' ELSE 'pending' END
                    RETURNING {"x.annotation_id" if thing == "source_link" else "x.id"}""",
                {"project": project_id, "needed": approvals_needed},
            )
            if thing == "source_link":
                for (annotation_id,) in set(cursor.fetchall()):
                    source_links.touch(annotation_id)


# -- what is checked -------------------------------------------------------------------------------


def _check_words(thing: str, decision: str, note: str) -> None:
    if thing not in THINGS:
        raise Invalid(_("What is decided on is an annotation, a relation or a source link."), field="thing")
    if decision not in Review.Decision.values:
        raise Invalid(_("decision must be approve, change, reject or ask."), field="decision")
    clean(note, "note", required=decision == Review.Decision.ASK)


def _check_right(held: _Thing, decision: str, by: Actor) -> None:
    checks.check_can_review(Role(held.role), reviewer=by.user_id, author=held.author_id, owner=held.owner_id)
    if held.withdrawn:
        raise Conflict(_("This was withdrawn; there is nothing to decide."))
    if decision == Review.Decision.APPROVE:
        checks.check_did_not_propose(proposed=held.proposed)


def _check_seen(held: _Thing, version: int | None) -> None:
    if version is not None and version != held.version:
        raise Conflict(
            _("It was changed since you looked at it (version %(seen)s, now %(now)s).")
            % {"seen": version, "now": held.version},
            field="thing_version",
            extra={"version": held.version},
        )


def _check_answerable(seen: queries.reviews.Row, answer: str, held: _Thing) -> None:
    fits = {
        "change": ("accepted", "refused"),
        "reject": ("refused",),
        "ask": ("answered",),
    }.get(seen.decision, ())
    if answer not in fits:
        raise Invalid(_("This is no answer to such a decision."), field="answer")
    if held.withdrawn or seen.superseded_by is not None or seen.thing_version != held.version:
        raise Conflict(_("This has moved on since: the decision is no longer about what stands there."))
    if ReviewResponse.objects.filter(review_id=seen.id).exists():
        raise Conflict(_("You have answered this already."))
    if answer == ReviewResponse.Answer.ACCEPTED and seen.proposal is None:
        raise Invalid(_("Nothing certain is proposed here; change it yourself."), field="answer")


def _reasons(held: _Thing, thing: str) -> list[str]:
    return list(orjson.loads(held.reasons).get(thing) or REASONS[thing])


# -- what it depends on ----------------------------------------------------------------------------


def _locked(thing: str, thing_id: UUID, by: Actor, *, with_ends: bool = False) -> _Thing:
    """Lock the thing, in the order that all keep: its project, its annotations by id, then itself.

    The project is shared with other decisions, not with who changes how many approvals it needs. Of a link the
    annotation is locked, whose representation has the link in it; of a relation that is to change (`with_ends`) its
    ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT FROM project WHERE id = (SELECT project_id FROM {thing} WHERE id = %s) FOR SHARE",
            [thing_id],
        )
        if thing == "source_link":
            cursor.execute(
                """SELECT FROM annotation WHERE id = (SELECT annotation_id FROM source_link WHERE id = %s)
                   FOR NO KEY UPDATE""",
                [thing_id],
            )
        if thing == "relation" and with_ends:
            relations.lock_ends(thing_id)
    at = {name: "x.id" if name == thing else "NULL::uuid" for name in THINGS}
    held = reading.one(
        _Thing,
        f"""SELECT x.project_id, x.article_id, x.layer_id, l.owner_id, u.username, x.created_by_id, x.version,
                   x.status, x.withdrawn_at IS NOT NULL, m.role, p.approvals_needed, p.review_reasons::text,
                   proposed_by(m.user_id, {at["annotation"]}, {at["relation"]}, {at["source_link"]}, x.version)
            FROM {thing} x
            JOIN visible_layers(%s) l ON l.id = x.layer_id
            JOIN project p ON p.id = x.project_id
            JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %s
            LEFT JOIN account u ON u.id = l.owner_id
            WHERE x.id = %s FOR NO KEY UPDATE OF x""",
        [by.user_id, by.user_id, thing_id],
    )
    if held is None:
        raise NotFound(_("There is nothing to decide on here."))
    return held


def _author(held: _Thing, by: Actor) -> Actor:
    """Return whose layer it is as an actor: a proposal is tried as theirs."""
    if held.owner_id is None or held.owner is None:
        raise Conflict(_("The reference layer is changed by adjudication only."), field="proposal")
    return Actor(user_id=held.owner_id, username=held.owner, channel=by.channel, token_id=None)


def _of(seen: queries.reviews.Row) -> tuple[str, UUID]:
    for thing in THINGS:
        if (key := getattr(seen, thing)) is not None:
            return thing, UUID(key)
    raise AssertionError("A decision is of exactly one thing.")


def _take(seen: queries.reviews.Row, thing: str, thing_id: UUID, by: Actor) -> int:
    proposal = queries.reviews.proposal(UUID(seen.id))
    return proposals.apply(thing, thing_id, proposal, by)


def _row(by: Actor, review_id: UUID) -> queries.reviews.Row:
    row = queries.reviews.visible(by.user_id, review_id)
    if row is None:
        raise NotFound(_("There is no such decision."))
    return row


def _again(existing: Review, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.reviews.visible(by.user_id, existing.pk)
    if present is None or existing.reviewer_id != by.user_id:
        identity.refuse_taken()
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=False)


def _response_again(existing: ReviewResponse, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.reviews.response(by.user_id, existing.pk)
    if present is None or existing.created_by_id != by.user_id:
        identity.refuse_taken()
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=False)
