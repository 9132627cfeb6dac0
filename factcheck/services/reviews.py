"""What a reviewer does: decide on an annotation, a relation or a source link."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Review
from factcheck.models.fields import uuid7
from factcheck.permissions import checks, workflow
from factcheck.queries import reading
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, source_links
from factcheck.services.texts import clean

THINGS = ("annotation", "relation", "source_link")
REASONS = (
    "wrong_extent",
    "wrong_tag",
    "split_or_merge",
    "not_a_statement",
    "duplicate",
    "inferred",
    "wrong_speaker",
    "no_source",
    "wrong_end",
    "wrong_direction",
    "guideline_unclear",
    "other",
)


class _Thing(NamedTuple):
    project_id: UUID
    article_id: UUID
    layer_id: UUID
    owner_id: UUID | None
    author_id: UUID
    version: int
    status: str
    withdrawn: bool
    role: str
    approvals_needed: int


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
) -> Review:
    """Decide on a thing as of its present version; an earlier decision of one's own is superseded.

    Raises `NotAllowed` for own work, `Conflict` when the version seen is not the present one.
    """
    if thing not in THINGS:
        raise Invalid(_("What is decided on is an annotation, a relation or a source link."), field="thing")
    if decision not in Review.Decision.values:
        raise Invalid(_("decision must be approve, change, reject or ask."), field="decision")
    if reason and reason not in REASONS:
        raise Invalid(_("There is no reason %(reason)s.") % {"reason": reason}, field="reason")
    clean(note, "note")
    with transaction.atomic():
        held = _locked(thing, thing_id, by)
        checks.check_can_review(
            Role(held.role), reviewer=by.user_id, author=held.author_id, owner=held.owner_id
        )
        if held.withdrawn:
            raise Conflict(_("This was withdrawn; there is nothing to decide."))
        if thing_version is not None and thing_version != held.version:
            raise Conflict(
                _("It was changed since you looked at it (version %(seen)s, now %(now)s).")
                % {"seen": thing_version, "now": held.version}
            )
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
            **{f"{thing}_id": thing_id},
        )
        with acts.act("decide", project_id=held.project_id, by=by, article_id=held.article_id):
            Review.objects.filter(
                **{f"{thing}_id": thing_id}, reviewer_id=by.user_id, superseded_by=None
            ).update(superseded_by_id=review.pk)
            review.save(force_insert=True)
            settle(thing, thing_id, held.version, held.approvals_needed, held.status)
        return review


def _locked(thing: str, thing_id: UUID, by: Actor) -> _Thing:
    held = reading.one(
        _Thing,
        f"""SELECT x.project_id, x.article_id, x.layer_id, l.owner_id, x.created_by_id, x.version, x.status,
                   x.withdrawn_at IS NOT NULL, m.role, p.approvals_needed
            FROM {thing} x
            JOIN visible_layers(%s) l ON l.id = x.layer_id
            JOIN project p ON p.id = x.project_id
            JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %s
            WHERE x.id = %s FOR UPDATE OF x""",
        [by.user_id, by.user_id, thing_id],
    )
    if held is None:
        raise NotFound(_("There is nothing to decide on here."))
    return held


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
