"""The pages of talk as plain forms: what is shown to whom, where a form leads, what a refusal keeps."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import services
from factcheck.models import Comment, Notice, User
from tests import factories

pytestmark = pytest.mark.django_db
MARKER = "heliotrope"


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk()


def browser(username: str) -> Client:
    client = Client()
    client.force_login(factories.user(username))
    return client


def page(client: Client, address: str, **kwargs: Any) -> str:
    answer = client.get(address, **kwargs)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_form_leads_back_to_the_place_with_the_talk_open(desk: factories.Desk) -> None:
    ben = browser("ben")
    answer = ben.post(f"/annotations/{desk.claim.id}/talk/", {"body": "Is <b>that</b> all?\r\nReally?"})
    comment = Comment.objects.get()
    assert comment.body == "Is <b>that</b> all?\nReally?"
    place = f"/articles/{desk.article.id}/?annotation={desk.claim.id}&talk=1#thread-{comment.thread_id}"
    assert (answer.status_code, answer["Location"]) == (303, place)
    shown = page(ben, place.partition("#")[0])
    assert "Is &lt;b&gt;that&lt;/b&gt; all?\nReally?" in shown
    assert 'aria-label="open comments: 1"' in shown
    assert "Is &lt;b&gt;" not in page(ben, f"/articles/{desk.article.id}/?annotation={desk.claim.id}")


def test_a_thread_on_a_relation_is_shown_in_the_cards_of_both_ends(desk: factories.Desk) -> None:
    ana = browser("ana")
    ana.post(f"/annotations/{desk.claim.id}/talk/", {"body": "Does it?", "about": desk.denies.id})
    assert str(Comment.objects.get().thread.relation_id) == desk.denies.id
    for end in (desk.claim.id, desk.denial.id):
        assert "Does it?" in page(ana, f"/articles/{desk.article.id}/?annotation={end}&talk=1")
    assert "Does it?" in page(ana, f"/relations/{desk.denies.id}/talk/")
    assert "Does it?" in page(ana, f"/articles/{desk.article.id}/talk/")


def test_the_talk_of_an_article_has_all_of_it_open_or_resolved(desk: factories.Desk) -> None:
    on_article = factories.thread(desk.article, "On the article")
    on_claim = factories.thread(desk.claim, "On the claim")
    services.threads.resolve(thread_id=UUID(on_claim.id), by=factories.actor("ana"))
    vic = browser("vic")
    shown, resolved = (
        page(vic, f"/articles/{desk.article.id}/talk/{query}") for query in ("", "?resolved=1")
    )
    assert "On the article" in shown
    assert "On the claim" not in shown
    assert "On the claim" in resolved
    assert "Resolved by ana" in resolved
    assert "<textarea" not in shown  # viewers read
    answer = browser("ana").post(f"/threads/{on_article.id}/reply/", {"body": "Yes", "from": "article"})
    assert answer["Location"] == f"/articles/{desk.article.id}/talk/#thread-{on_article.id}"


def test_older_threads_are_on_further_pages_and_cost_no_more_statements(desk: factories.Desk) -> None:
    ana = browser("ana")
    factories.thread(desk.article, "Number 0")
    page(ana, f"/articles/{desk.article.id}/talk/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(ana, f"/articles/{desk.article.id}/talk/")
    for number in range(1, 25):
        factories.thread(desk.claim, f"Number {number}")
    with CaptureQueriesContext(connection) as many:
        shown = page(ana, f"/articles/{desk.article.id}/talk/")
    assert len(many) == len(few)
    assert "Number 24" in shown
    assert "Number 4<" not in shown
    [further] = re.findall(r'href="(\?before=[^"]+)"', shown)
    assert "Number 4<" in page(ana, f"/articles/{desk.article.id}/talk/{further}")


def test_what_is_refused_is_shown_again_with_its_words(desk: factories.Desk) -> None:
    ben = browser("ben")
    thread = factories.thread(desk.claim, "Well?")
    for address in (f"/annotations/{desk.claim.id}/talk/", f"/threads/{thread.id}/reply/"):
        refused = ben.post(address, {"body": "Kept words", "to": "eve"})
        assert refused.status_code == 422
        assert "There is no other member eve" in refused.content.decode()
        assert "Kept words" in refused.content.decode()
        fragment = ben.post(address, {"body": " "}, headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Retarget"]) == (422, "#notices")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"body": "a\x00b"}, 422),
        ({"body": "x", "to": "b\x00en"}, 422),
        ({"body": "x", "to": "b" * 501}, 422),
        ({"body": "x" * 10_001}, 422),
        ({"body": "@ben " * 51}, 422),
        ({"body": "x", "id": "no uuid"}, 422),
        ({"body": "x", "at": "no uuid"}, 422),
        ({}, 422),
    ],
)
def test_nothing_that_a_form_can_send_breaks_the_page(
    desk: factories.Desk, form: dict[str, str], status: int
) -> None:
    assert browser("ana").post(f"/articles/{desk.article.id}/talk/", form).status_code == status
    assert not Comment.objects.exists()


def test_a_thread_on_what_was_withdrawn_is_read_on_the_talk_of_the_article(desk: factories.Desk) -> None:
    thread = factories.thread(desk.claim, "Why was it withdrawn?")
    services.annotations.withdraw(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"))
    ben = browser("ben")
    place = ben.get(f"/threads/{thread.id}/")["Location"]
    assert place == f"/articles/{desk.article.id}/talk/?thread={thread.id}#thread-{thread.id}"
    shown = page(ben, place.partition("#")[0])
    assert "Why was it withdrawn?" in shown
    assert "(withdrawn since)" in shown
    assert ben.post(f"/threads/{thread.id}/reply/", {"body": "I see."}).status_code == 303


def test_one_edits_ones_own_words_and_a_stale_form_overwrites_nothing(desk: factories.Desk) -> None:
    comment = factories.comment(factories.thread(desk.claim, "Well?"), "First", by="ana")
    ana = browser("ana")
    assert "First</textarea>" in page(ana, f"/comments/{comment.id}/")
    assert ana.post(f"/comments/{comment.id}/", {"body": "Second", "revision": "1"}).status_code == 303
    stale = ana.post(f"/comments/{comment.id}/", {"body": "Third", "revision": "1"})
    assert stale.status_code == 409
    assert "Third" in stale.content.decode()
    assert Comment.objects.get(pk=comment.id).body == "Second"
    assert "edited" in page(ana, f"/annotations/{desk.claim.id}/talk/")


def test_withdrawing_leaves_a_way_back(desk: factories.Desk) -> None:
    comment = factories.comment(factories.thread(desk.claim, "Well?"), "Never mind", by="ana")
    ana, ben = browser("ana"), browser("ben")
    ana.post(f"/comments/{comment.id}/withdraw/")
    talk = f"/annotations/{desk.claim.id}/talk/"
    assert "You withdrew a comment" in page(ana, talk)
    assert "You withdrew" not in page(ben, talk)
    assert "Never mind" not in page(ana, talk) + page(ben, talk)
    ana.post(f"/comments/{comment.id}/restore/")
    assert "Never mind" in page(ben, talk)


def test_what_is_for_me_is_listed_unseen_first_and_counted_in_the_bar(desk: factories.Desk) -> None:
    factories.thread(desk.article, "@ana first", by="ben")
    factories.thread(desk.claim, "second", by="rita")
    ana = browser("ana")
    assert re.search(r"For you</span>\s*<b>2</b>", page(ana, "/"))
    first = Notice.objects.get(kind="mention")
    answer = ana.post(f"/talk/{first.pk}/")
    assert answer["Location"].startswith(f"/articles/{desk.article.id}/talk/?thread=")
    shown = page(ana, "/talk/")
    assert shown.index("second") < shown.index("first")
    assert re.search(r"For you</span>\s*<b>1</b>", shown)
    ana.post("/talk/seen/", {"notice": [str(row.pk) for row in Notice.objects.all()]})
    assert not re.search(r"For you</span>\s*<b>", page(ana, "/talk/"))
    assert not Notice.objects.filter(user__username="ana", seen_at=None).exists()


def test_the_count_has_an_end(desk: factories.Desk) -> None:
    thread = factories.thread(desk.article, "@ana", by="ben")
    ana, comment = factories.user("ana"), Comment.objects.get()
    Notice.objects.all().delete()
    for number in range(101):
        reply = Comment(
            project_id=desk.project.pk, article_id=desk.article.id, thread_id=thread.id, body=str(number)
        )
        reply.created_by_id = comment.created_by_id
        with services.acts.act("reply", project_id=desk.project.pk, by=factories.actor("ben")):
            reply.save(force_insert=True)
        Notice.objects.create(project_id=desk.project.pk, comment_id=reply.pk, user=ana, kind="answer")
    assert re.search(r"For you</span>\s*<b>99\+</b>", page(browser("ana"), "/"))


def test_mail_is_switched_off_and_on_in_the_profile(desk: factories.Desk, settings: Any) -> None:
    User.objects.filter(username="ana").update(email="ana@example.org")
    ana = browser("ana")
    assert "sends no mail" in page(ana, "/profile/")
    settings.MAIL = True
    assert "Send me no mail" in page(ana, "/profile/")
    ana.post("/profile/mail/", {"wanted": "0"})
    assert not User.objects.get(username="ana").mail_notices
    assert "Mail me again" in page(ana, "/profile/")
    ana.post("/profile/mail/", {"wanted": "1"})
    assert User.objects.get(username="ana").mail_notices


@pytest.mark.parametrize("username", ["ben", "rita", "mona", "vic"])
def test_in_a_blind_project_no_page_shows_the_talk_of_a_closed_layer(db: None, username: str) -> None:
    desk = factories.desk(blind=True)
    thread = factories.thread(desk.claim, f"{MARKER} on the claim", by="ana")
    on_relation = factories.thread(desk.denies, f"{MARKER} on the relation", by="ana")
    comment = factories.comment(thread, f"{MARKER} again", by="ana")
    factories.thread(desk.article, f"For all: @{username}", by="ana")
    client = browser(username)
    for address in (
        f"/articles/{desk.article.id}/",
        f"/articles/{desk.article.id}/?annotation={desk.claim.id}&talk=1",
        f"/articles/{desk.article.id}/talk/",
        f"/articles/{desk.article.id}/talk/?resolved=1",
        "/talk/",
    ):
        shown = page(client, address)
        assert MARKER not in shown, address
        assert thread.id not in shown
    assert "For all" in page(client, f"/articles/{desk.article.id}/talk/")
    for address in (
        f"/annotations/{desk.claim.id}/talk/",
        f"/relations/{desk.denies.id}/talk/",
        f"/threads/{thread.id}/",
        f"/threads/{on_relation.id}/",
        f"/comments/{comment.id}/",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert MARKER not in answer.content.decode()
    for address in (f"/threads/{thread.id}/reply/", f"/annotations/{desk.claim.id}/talk/"):
        assert client.post(address, {"body": "x"}).status_code == 404
