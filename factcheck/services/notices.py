"""Notices: given with a comment, marked as seen by whom they are for, and mailed where mail is set up.

A notice is mailed at most once: it is claimed and marked in one statement that is committed before the mail goes
out. When the mail server refuses, the mark is taken back, and a later run tries again.
"""

import logging
import smtplib
import threading
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.models import Notice, User
from factcheck.models.fields import uuid7
from factcheck.queries.notices import Letter
from factcheck.records import Actor

MOST_TRIES = 5
MOST_AT_ONCE = 200
STALE_AFTER = "2 days"  # what is older was read in the page, or is no news any more
_LONGEST_TITLE = 150

log = logging.getLogger(__name__)


def give(
    project_id: UUID,
    comment_id: UUID,
    *,
    mentioned: Sequence[UUID],
    answered: Sequence[UUID],
    but: UUID,
) -> None:
    """Give each person one notice of a comment, whom it mentions before whom it answers; its author gets none."""
    kinds = dict.fromkeys(answered, Notice.Kind.ANSWER) | dict.fromkeys(mentioned, Notice.Kind.MENTION)
    given = [
        Notice(id=uuid7(), project_id=project_id, comment_id=comment_id, user_id=person, kind=kind)
        for person, kind in kinds.items()
        if person != but
    ]
    if not given:
        return
    Notice.objects.bulk_create(given, ignore_conflicts=True)
    if settings.MAIL:
        transaction.on_commit(_send_soon)


def mark_seen(*, by: Actor, notices: Collection[UUID] | None = None) -> int:
    """Mark notices of one's own as seen, all of them without `notices`; return how many were not yet."""
    found = Notice.objects.filter(user_id=by.user_id, seen_at=None)
    if notices is not None:
        found = found.filter(pk__in=notices)
    return found.update(seen_at=Now())


def set_mail(*, user: User, wanted: bool) -> None:
    """Say whether one wants notices by mail."""
    User.objects.filter(pk=user.pk).update(mail_notices=wanted)


# -- Mail ------------------------------------------------------------------------------------------


class Sent(NamedTuple):
    """How many mails a run has sent, and how many were refused and wait for the next."""

    sent: int
    failed: int


def send() -> Sent:
    """Mail what waits, each notice at most once; the words go along only if the reader may see them now.

    Left out are notices that were seen, that are older than two days, that were refused five times, and people
    without an address or who switched mail off.
    """
    tried: list[UUID] = []
    sent = failed = 0
    while settings.MAIL and len(tried) < MOST_AT_ONCE and (notice_id := _claim(tried)) is not None:
        tried.append(notice_id)
        letter = queries.notices.letter(notice_id)
        if letter is None:  # withdrawn, or hidden, just now
            _put_back(notice_id)
            continue
        try:
            _message(letter).send()
            sent += 1
        except (OSError, smtplib.SMTPException) as error:
            log.warning("A notice could not be mailed, it waits for the next run: %s", type(error).__name__)
            _put_back(notice_id)
            failed += 1
    return Sent(sent, failed)


def _claim(tried: list[UUID]) -> UUID | None:
    """Mark the next notice as mailed, before it is; nobody else takes it then."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE notice SET mailed_at = now(), mail_tries = mail_tries + 1 WHERE id = (
                   SELECT n.id FROM notice n
                   JOIN account u ON u.id = n.user_id
                   JOIN comment c ON c.id = n.comment_id AND c.withdrawn_at IS NULL
                   WHERE n.mailed_at IS NULL AND n.seen_at IS NULL AND n.mail_tries < %s
                     AND n.created_at > now() - interval '{STALE_AFTER}' AND n.id <> ALL(%s::uuid[])
                     AND u.is_active AND u.mail_notices AND u.email <> ''
                     AND EXISTS (SELECT FROM visible_threads(n.user_id) t WHERE t.id = c.thread_id)
                   ORDER BY n.created_at LIMIT 1 FOR UPDATE OF n SKIP LOCKED)
               RETURNING id""",
            [MOST_TRIES, tried],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _put_back(notice_id: UUID) -> None:
    Notice.objects.filter(pk=notice_id).update(mailed_at=None)


def _message(letter: Letter) -> EmailMessage:
    title = " ".join(letter.title.split())[:_LONGEST_TITLE]
    subject = (
        _("%(who)s mentioned you: %(title)s")
        if letter.kind == Notice.Kind.MENTION
        else _("%(who)s answered: %(title)s")
    ) % {"who": letter.by, "title": title}
    quoted = "\n".join(f"> {line}" for line in letter.body.splitlines())
    place = f"{settings.PUBLIC_URL}{reverse('talk:thread', args=[letter.thread])}"
    switch = f"{settings.PUBLIC_URL}{reverse('profile')}"
    body = _(
        "%(who)s wrote about “%(title)s”:\n\n%(quoted)s\n\nRead and answer it here: %(place)s\n\n"
        "You can switch these mails off in your profile: %(switch)s\n"
    ) % {"who": letter.by, "title": title, "quoted": quoted, "place": place, "switch": switch}
    return EmailMessage(subject=subject, body=body, to=[letter.email])


def _send_soon() -> None:
    """Send in a thread of its own: who wrote the comment does not wait for the mail server."""
    threading.Thread(target=_send_and_leave, name="mail", daemon=False).start()


def _send_and_leave() -> None:
    try:
        send()
    except Exception:
        log.exception("Sending notices has failed; manage.py send_notices tries again.")
    finally:
        connection.close()
