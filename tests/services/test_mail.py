"""Notices by mail: each once, to who may see it and wants it, and refused ones again later."""

import re
import smtplib
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from factcheck import services
from factcheck.models import Notice, User
from tests import factories

pytestmark = pytest.mark.django_db


class Refusing(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPServerDisconnected("no")


@pytest.fixture
def desk(db: None, settings: Any) -> factories.Desk:
    settings.MAIL = True
    settings.PUBLIC_URL = "https://desk.example.org"
    desk = factories.desk()
    for name in ("ana", "ben", "rita"):
        User.objects.filter(username=name).update(email=f"{name}@example.org")
    return desk


def sent() -> list[tuple[str, str]]:
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_each_notice_is_mailed_once_with_its_words_and_its_place(desk: factories.Desk) -> None:
    thread = factories.thread(desk.claim, "Is that all,\n@rita?", by="ben")
    assert services.notices.send() == (2, 0)
    assert services.notices.send() == (0, 0)
    assert sorted(sent()) == [
        ("ana@example.org", "ben answered: The bridge is closed"),
        ("rita@example.org", "ben mentioned you: The bridge is closed"),
    ]
    body = mail.outbox[0].body
    assert "> Is that all,\n> @rita?" in body
    assert f"https://desk.example.org/threads/{thread.id}/" in body
    assert "https://desk.example.org/profile/" in body


def test_a_title_cannot_write_headers(desk: factories.Desk) -> None:
    odd = factories.article(desk.project, title="A\nBcc: eve@example.org", text="A\nB")
    factories.thread(odd, "@ana", by="ben")
    services.notices.send()
    assert sent() == [("ana@example.org", "ben mentioned you: A Bcc: eve@example.org")]


def test_nothing_is_mailed_of_what_was_seen_withdrawn_unwanted_or_is_old(desk: factories.Desk) -> None:
    for name in ("ana", "rita"):
        factories.thread(desk.article, f"@{name}", by="ben")
    services.notices.mark_seen(by=factories.actor("ana"))
    services.notices.set_mail(user=factories.user("rita"), wanted=False)
    thread = factories.thread(desk.article, "@ben", by="rita")
    assert services.notices.send() == (1, 0)
    assert sent() == [("ben@example.org", "rita mentioned you: The bridge is closed")]
    factories.comment(thread, "@mona, who has no address", by="ana")
    reply = factories.comment(thread, "@ben again", by="ana")
    services.comments.withdraw(comment_id=UUID(reply.id), by=factories.actor("ana"))
    Notice.objects.filter(mailed_at=None).update(created_at=timezone.now() - timedelta(days=3))
    assert services.notices.send() == (0, 0)


def test_who_may_no_longer_see_a_thread_is_mailed_nothing_of_it(desk: factories.Desk) -> None:
    factories.thread(desk.claim, "The marker word is heliotrope, @rita", by="ben")
    services.projects.remove_member(project_id=desk.project.pk, username="rita", by=factories.actor("mona"))
    services.notices.send()
    assert [to for to, _subject in sent()] == ["ana@example.org"]


def test_what_was_refused_is_tried_again_by_the_command_a_few_times(
    desk: factories.Desk, settings: Any
) -> None:
    factories.thread(desk.article, "@ana", by="ben")
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.services.test_mail.Refusing"
    with pytest.raises(SystemExit):
        call_command("send_notices")
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = kept
    call_command("send_notices")
    call_command("send_notices")
    assert len(sent()) == 1
    factories.thread(desk.article, "@rita", by="ben")
    settings.EMAIL_BACKEND = "tests.services.test_mail.Refusing"
    for _attempt in range(services.notices.MOST_TRIES):
        assert services.notices.send() == (0, 1)
    assert services.notices.send() == (0, 0)


def test_without_a_mail_server_nothing_is_mailed_and_the_command_says_so(
    desk: factories.Desk, settings: Any
) -> None:
    settings.MAIL = False
    factories.thread(desk.article, "@ana", by="ben")
    assert services.notices.send() == (0, 0)
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("send_notices")


@pytest.mark.django_db(transaction=True)
def test_a_comment_is_mailed_after_its_commit_without_being_waited_for(settings: Any) -> None:
    settings.MAIL = True
    desk = factories.desk()
    User.objects.filter(username="ana").update(email="ana@example.org")
    factories.thread(desk.article, "@ana", by="ben")
    for one in threading.enumerate():
        if one.name == "mail":
            one.join(30)
    assert [to for to, _subject in sent()] == ["ana@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_the_same_moment_never_mail_twice(settings: Any) -> None:
    settings.MAIL = False  # nothing goes out by itself
    desk = factories.desk()
    User.objects.filter(username="ana").update(email="ana@example.org")
    for number in range(20):
        factories.thread(desk.article, f"@ana {number}", by="ben")
    settings.MAIL = True

    def run() -> None:
        services.notices.send()
        connection.close()

    senders = [threading.Thread(target=run) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join(60)
    numbers = [int(re.search(r"> @ana (\d+)", letter.body)[1]) for letter in mail.outbox]  # type: ignore[index]
    assert sorted(numbers) == list(range(20))
