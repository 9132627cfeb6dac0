"""What a person does to comments: reply in a thread, change one's own words, withdraw them, bring them back."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Comment, Thread
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.comments import Row
from factcheck.queries.threads import Place
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, comment_words, identity, notices
from factcheck.services.texts import clean

MAX_BODY = 10_000
MOST_MENTIONS = 50
MOST_COMMENTS = 200


def check_body(body: object) -> str:
    """Return the words of a comment, or raise `Invalid`: no text, nothing in it, or too much."""
    return clean(body, "body", max_length=MAX_BODY, required=True)


def mentions(body: str, place: Place, by: Actor) -> list[UUID]:
    """Return whom the words mention: members, by `@username`; other names are only words.

    A member who would not see the comment cannot be mentioned in it: told of it they would know what is hidden, not
    told they would seem to know. Raises `Invalid` with their names.
    """
    written = comment_words.mentioned(body)
    if len(written) > MOST_MENTIONS:
        raise Invalid(
            _("A comment mentions at most %(most)s people.") % {"most": MOST_MENTIONS}, field="body"
        )
    if not written:
        return []
    names = sorted({name for spellings in written for name in spellings})
    members = {
        member.username: member for member in queries.threads.people(place.project_id, place.layer_id, names)
    }
    found = {
        member.username: member
        for spellings in written
        for member in [next((members[name] for name in spellings if name in members), None)]
        if member is not None
    }
    blind = [name for name, member in found.items() if not member.sees]
    if blind:
        raise Invalid(
            _("%(names)s cannot see this yet and so cannot be mentioned here; leave out the @.")
            % {"names": ", ".join(blind)},
            field="body",
        )
    return [member.id for member in found.values()]


def write(
    thread_id: UUID, place: Place, *, body: str, mentions: list[UUID], by: Actor, id: UUID | None = None
) -> Comment:
    """Write a comment within an act, and the notices to those for whom it is."""
    if id is not None and Comment.objects.filter(pk=id).exists():
        identity.refuse_taken()
    answered = queries.threads.answered(thread_id, place)
    comment = Comment(
        id=id or uuid7(),
        project_id=place.project_id,
        article_id=place.article_id,
        layer_id=place.layer_id,
        thread_id=thread_id,
        body=body,
        mentions=mentions,
        created_by_id=by.user_id,
        content_hash=_hashed(thread_id, body),
    )
    comment.save(force_insert=True)
    notices.give(
        place.project_id,
        comment.pk,
        mentioned=mentions,
        answered=[person.id for person in answered],
        but=by.user_id,
    )
    return comment


def _hashed(thread_id: UUID, body: str) -> bytes:
    return identity.content_hash({"thread": thread_id, "body": body})


def reply(*, thread_id: UUID, body: str, by: Actor, id: UUID | None = None) -> identity.Made:
    """Add a comment to a thread; a resolved one stays resolved until somebody reopens it.

    Who spoke in the thread, whose work it is about and who is mentioned get a notice, once. Raises `NotFound`,
    `NotAllowed` for viewers, `Invalid` as `check_body` and `mentions` do, `Conflict` when the thread is full.
    """
    check_body(body)
    with transaction.atomic():
        if id is not None and (existing := Comment.objects.filter(pk=id).first()):
            return _again(existing, by, _hashed(thread_id, body))
        place = locked_thread(thread_id, by)
        if place.withdrawn:
            identity.refuse_withdrawn()
        if Comment.objects.filter(thread_id=thread_id).count() >= MOST_COMMENTS:
            raise Conflict(
                _("This thread has %(most)s comments; start another one.") % {"most": MOST_COMMENTS}
            )
        mentioned = mentions(body, place, by)
        with acts.act("reply", project_id=place.project_id, by=by, article_id=place.article_id):
            comment = write(thread_id, place, body=body, mentions=mentioned, by=by, id=id)
        return identity.Made(_row(by, comment.pk), True)


def _again(existing: Comment, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.comments.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)


def _row(by: Actor, comment_id: UUID) -> Row:
    row = queries.comments.visible(by.user_id, comment_id)
    if row is None:
        raise NotFound(_("There is no such comment."))
    return row


def locked_thread(thread_id: UUID, by: Actor) -> Place:
    """Lock a thread for who may take part in it, and return where it lies."""
    if queries.threads.place(by.user_id, thread_id) is None:
        raise NotFound(_("There is no such thread."))
    Thread.objects.select_for_update(no_key=True).get(pk=thread_id)
    place = queries.threads.place(by.user_id, thread_id)
    if place is None:
        raise NotFound(_("There is no such thread."))
    checks.check_can_talk(Role(place.role))
    return place


def _locked(comment_id: UUID, by: Actor) -> tuple[Comment, Row, Place]:
    """Lock one's own comment, its thread first, as whoever replies does."""
    place = locked_thread(UUID(_row(by, comment_id).thread), by)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment_id)
    checks.check_owns_comment(person=by.user_id, author=comment.created_by_id)
    return comment, _row(by, comment_id), place


def edit(*, comment_id: UUID, by: Actor, body: str | None = None, expect: int | None = None) -> Row:
    """Change the words of one's own comment, at any time; the earlier ones stay in the history.

    Without `body` nothing is changed, and all else is checked. Who is mentioned only now gets a notice; nobody gets
    a second one.
    """
    if body is not None:
        check_body(body)
    with transaction.atomic():
        comment, present, place = _locked(comment_id, by)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        identity.check_unchanged(expect, present.revision, present)
        if body is None or body == present.body:
            return present
        mentioned = mentions(body, place, by)
        with acts.act("edit_comment", project_id=place.project_id, by=by, article_id=place.article_id):
            Comment.objects.filter(pk=comment_id).update(body=body, mentions=mentioned, edited_at=Now())
            notices.give(place.project_id, comment.pk, mentioned=mentioned, answered=[], but=by.user_id)
        return _row(by, comment_id)


def withdraw(*, comment_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Withdraw one's own comment; the last one of a thread takes the thread along. Withdrawn already is no act."""
    with transaction.atomic():
        comment, present, place = _locked(comment_id, by)
        if present.withdrawn_at is not None:
            return
        identity.check_unchanged(expect, present.revision, present)
        others = Comment.objects.filter(thread_id=comment.thread_id, withdrawn_at=None).exclude(pk=comment_id)
        last = not others.exists()
        with acts.act("withdraw_comment", project_id=place.project_id, by=by, article_id=place.article_id):
            Comment.objects.filter(pk=comment_id).update(withdrawn_at=Now())
            if last:
                Thread.objects.filter(pk=comment.thread_id).update(withdrawn_at=Now())


def restore(*, comment_id: UUID, by: Actor) -> Row:
    """Bring one's withdrawn comment back, and its thread where that went along."""
    with transaction.atomic():
        comment, present, place = _locked(comment_id, by)
        if present.withdrawn_at is None:
            return present
        with acts.act("restore_comment", project_id=place.project_id, by=by, article_id=place.article_id):
            Thread.objects.filter(pk=comment.thread_id, withdrawn_at__isnull=False).update(withdrawn_at=None)
            Comment.objects.filter(pk=comment_id).update(withdrawn_at=None)
        return _row(by, comment_id)
