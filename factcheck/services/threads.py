"""What a person does to a thread: start one on an article, an annotation or a relation, resolve it, reopen it."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Thread
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.threads import Row
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, comments, identity


def start(
    *,
    body: str,
    by: Actor,
    id: UUID | None = None,
    article: UUID | None = None,
    annotation: UUID | None = None,
    relation: UUID | None = None,
    comment: UUID | None = None,
) -> identity.Made:
    """Start a thread with its first comment; on the `article` itself when it is given alone.

    Whose annotation or relation it is gets a notice, and so does who is mentioned. `comment` is the id of the first
    comment, where the client brings one. Raises `NotFound` for what one may not see, `Conflict` for what is
    withdrawn, `Invalid` for no thing or two, and for a mention of somebody who would not see it.
    """
    comments.check_body(body)
    thing, thing_id = _thing(article, annotation, relation)
    hashed = identity.content_hash(
        {"article": article, "annotation": annotation, "relation": relation, "body": body}
    )
    with transaction.atomic():
        if id is not None and (existing := Thread.objects.filter(pk=id).first()):
            return _again(existing, by, hashed)
        place = queries.threads.place_of(by.user_id, thing, thing_id)
        if place is None:
            raise NotFound(_("There is no such %(thing)s.") % {"thing": thing}, field=thing)
        if article is not None and article != place.article_id:
            raise Invalid(_("It stands in another article."), field="article")
        checks.check_can_talk(Role(place.role))
        if place.withdrawn:
            raise Conflict(_("This was withdrawn; a new thread needs something that is there."), field=thing)
        mentions = comments.mentions(body, place, by)
        thread = Thread(
            id=id or uuid7(),
            project_id=place.project_id,
            article_id=place.article_id,
            layer_id=place.layer_id,
            annotation_id=annotation,
            relation_id=relation,
            created_by_id=by.user_id,
            content_hash=hashed,
        )
        with acts.act("start_thread", project_id=place.project_id, by=by, article_id=place.article_id):
            thread.save(force_insert=True)
            comments.write(thread.pk, place, body=body, mentions=mentions, by=by, id=comment)
        return identity.Made(_row(by, thread.pk), True)


def _thing(article: UUID | None, annotation: UUID | None, relation: UUID | None) -> tuple[str, UUID]:
    """Return what the thread is about, by the name of its kind."""
    if annotation is not None and relation is not None:
        raise Invalid(_("A thread is about one thing: an annotation or a relation."), field="relation")
    if annotation is not None:
        return "annotation", annotation
    if relation is not None:
        return "relation", relation
    if article is not None:
        return "article", article
    raise Invalid(_("Say what it is about: an article, an annotation or a relation."), field="article")


def _again(existing: Thread, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.threads.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)


def _row(by: Actor, thread_id: UUID) -> Row:
    row = queries.threads.visible(by.user_id, thread_id)
    if row is None:
        raise NotFound(_("There is no such thread."))
    return row


def resolve(*, thread_id: UUID, by: Actor, expect: int | None = None) -> Row:
    """Say that nothing is left to talk about; resolved already is as good."""
    return _settle(thread_id, by, expect, resolved=True)


def reopen(*, thread_id: UUID, by: Actor, expect: int | None = None) -> Row:
    """Say that there is something to talk about again; open already is as good."""
    return _settle(thread_id, by, expect, resolved=False)


def _settle(thread_id: UUID, by: Actor, expect: int | None, *, resolved: bool) -> Row:
    with transaction.atomic():
        place = comments.locked_thread(thread_id, by)
        present = _row(by, thread_id)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        if (present.resolved_at is not None) == resolved:
            return present
        identity.check_unchanged(expect, present.revision, present)
        kind = "resolve_thread" if resolved else "reopen_thread"
        with acts.act(kind, project_id=place.project_id, by=by, article_id=place.article_id):
            Thread.objects.filter(pk=thread_id).update(
                resolved_at=Now() if resolved else None, resolved_by_id=by.user_id if resolved else None
            )
        return _row(by, thread_id)
