"""Talk: threads, comments and who gets a notice of them."""

import threading
import uuid
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from factcheck import queries, services
from factcheck.exceptions import (
    Conflict,
    Gone,
    IdTaken,
    Invalid,
    NotAllowed,
    NotFound,
    PreconditionRequired,
    Stale,
)
from factcheck.models import Comment, Event, Thread
from factcheck.queries.reading import Cut
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk()


def notices(username: str) -> list[tuple[str, str, str]]:
    rows = queries.notices.page(factories.user(username).pk, Cut(100))
    return [(row.kind, row.created_by, row.body) for row in rows]


def open_layer(desk: factories.Desk) -> None:
    by = factories.actor("mona")
    with services.acts.act("open_layer", project_id=desk.project.pk, by=by), connection.cursor() as cursor:
        cursor.execute("UPDATE layer SET opened_at = now() WHERE id = %s", [UUID(desk.claim.layer)])


def test_a_thread_begins_with_a_comment_on_an_annotation_a_relation_or_the_article(
    desk: factories.Desk,
) -> None:
    on_claim = factories.thread(desk.claim, "Is that all he said?")
    on_relation = factories.thread(desk.denies, "Does it really deny that?")
    on_article = factories.thread(desk.article, "The headline was changed.")
    assert (on_claim.annotation, on_claim.relation, on_claim.layer) == (desk.claim.id, None, desk.claim.layer)
    assert (on_relation.annotation, on_relation.relation) == (None, desk.denies.id)
    assert (on_article.annotation, on_article.relation, on_article.layer) == (None, None, None)
    assert {row.article for row in (on_claim, on_relation, on_article)} == {str(desk.article.id)}
    (first,) = queries.comments.of_threads(factories.user("vic").pk, [on_claim.id])[on_claim.id]
    assert (first.body, first.created_by) == ("Is that all he said?", "ben")


def test_a_reply_answers_who_spoke_and_whose_work_it_is_and_mentions_whom_it_names(
    desk: factories.Desk,
) -> None:
    thread = factories.thread(desk.claim, "Is that all he said? @rita")
    assert notices("ana") == [("answer", "ben", "Is that all he said? @rita")]
    assert notices("rita") == [("mention", "ben", "Is that all he said? @rita")]
    factories.comment(thread, "Yes, @ben.", by="ana")
    assert notices("ben") == [("mention", "ana", "Yes, @ben.")]
    factories.comment(thread, "Thanks.", by="ben")
    assert [notice[2] for notice in notices("ana")] == ["Is that all he said? @rita", "Thanks."]
    assert len(notices("rita")) == 1  # she was only mentioned
    assert notices("mona") == notices("vic") == []


def test_each_comment_is_told_once_also_when_it_is_edited(desk: factories.Desk) -> None:
    thread = factories.thread(desk.article, "A word with @rita", by="ana")
    comment = factories.comment(thread, "@ana", by="ben")
    services.comments.edit(
        comment_id=UUID(comment.id), body="@ana and @rita, once more @ana", by=factories.actor("ben")
    )
    assert notices("ana") == [("mention", "ben", "@ana and @rita, once more @ana")]
    assert [kind for kind, _by, _body in notices("rita")] == ["mention", "mention"]
    services.comments.edit(comment_id=UUID(comment.id), body="@rita", by=factories.actor("ben"))
    assert len(notices("rita")) == 2


def test_who_is_no_member_is_only_a_word(desk: factories.Desk) -> None:
    thread = factories.thread(desk.article, "As @eve and @nobody wrote", by="ana")
    (comment,) = queries.comments.of_threads(factories.user("ana").pk, [thread.id])[thread.id]
    assert comment.mentions == []
    assert notices("eve") == []


def test_words_are_refused_that_cannot_be_kept(desk: factories.Desk) -> None:
    for body in ("", "  \n ", "a\x00b", "\ud800", "x" * 10_001, "@ben " * 51):
        with pytest.raises(Invalid) as refused:
            factories.thread(desk.claim, body)
        assert refused.value.field == "body"
    assert not Thread.objects.exists()


def test_a_thread_is_about_one_thing_that_is_there(desk: factories.Desk) -> None:
    start, by = services.threads.start, factories.actor("ben")
    with pytest.raises(Invalid, match="Say what it is about"):
        start(body="x", by=by)
    with pytest.raises(Invalid, match="one thing"):
        start(body="x", by=by, annotation=UUID(desk.claim.id), relation=UUID(desk.denies.id))
    with pytest.raises(NotFound):
        start(body="x", by=by, annotation=uuid.uuid4())
    other = factories.article(desk.project, title="Other", text="Other")
    with pytest.raises(Invalid, match="another article"):
        start(body="x", by=by, annotation=UUID(desk.claim.id), article=other.id)
    services.relations.withdraw(relation_id=UUID(desk.denies.id), by=factories.actor("ana"))
    with pytest.raises(Conflict, match="withdrawn"):
        start(body="x", by=by, relation=UUID(desk.denies.id))


def test_what_is_sent_twice_is_done_once(desk: factories.Desk) -> None:
    key, by = uuid.uuid4(), factories.actor("ben")
    made = [
        services.threads.start(id=key, body="Once", annotation=UUID(desk.claim.id), by=by) for _ in range(2)
    ]
    assert [one.fresh for one in made] == [True, False]
    again = uuid.uuid4()
    replies = [services.comments.reply(thread_id=key, id=again, body="Yes", by=by) for _ in range(2)]
    assert [one.fresh for one in replies] == [True, False]
    assert Comment.objects.count() == 2
    with pytest.raises(PreconditionRequired):
        services.comments.reply(thread_id=key, id=again, body="No", by=by)
    with pytest.raises(IdTaken):
        services.threads.start(body="x", article=desk.article.id, comment=again, by=by)
    assert len(notices("ana")) == 2


def test_one_edits_withdraws_and_restores_ones_own_words_only(desk: factories.Desk) -> None:
    thread = factories.thread(desk.claim, "First", by="ben")
    comment = factories.comment(thread, "Second", by="ana")
    key, ana = UUID(comment.id), factories.actor("ana")
    edited = services.comments.edit(comment_id=key, body="Second, better", by=ana, expect=1)
    assert (edited.body, edited.revision) == ("Second, better", 2)
    assert edited.edited_at is not None
    with pytest.raises(Stale):
        services.comments.edit(comment_id=key, body="Third", by=ana, expect=1)
    told = (
        Event.objects.filter(thing=key)
        .order_by("act__position", "ordinal")
        .values_list("after__body", flat=True)
    )
    assert list(told) == ["Second", "Second, better"]
    for name in ("ben", "mona"):
        with pytest.raises(NotAllowed, match="Only who wrote"):
            services.comments.edit(comment_id=key, body="Mine", by=factories.actor(name))
        with pytest.raises(NotAllowed):
            services.comments.withdraw(comment_id=key, by=factories.actor(name))
    services.comments.withdraw(comment_id=key, by=ana)
    services.comments.withdraw(comment_id=key, by=ana)
    with pytest.raises(Gone):
        services.comments.edit(comment_id=key, body="Third", by=ana)
    assert notices("ben") == []  # what was withdrawn is told no more
    services.comments.restore(comment_id=key, by=ana)
    assert notices("ben") == [("answer", "ana", "Second, better")]


def test_the_last_comment_takes_its_thread_along_and_brings_it_back(desk: factories.Desk) -> None:
    thread = factories.thread(desk.claim, "Only this", by="ben")
    (only,) = queries.comments.of_threads(factories.user("ben").pk, [thread.id])[thread.id]
    ben = factories.actor("ben")
    services.comments.withdraw(comment_id=UUID(only.id), by=ben)
    assert list(queries.threads.page(factories.user("ana").pk, Cut(10))) == []
    with pytest.raises(Gone):
        factories.comment(thread, "Too late")
    with pytest.raises(Gone):
        services.threads.resolve(thread_id=UUID(thread.id), by=ben)
    services.comments.restore(comment_id=UUID(only.id), by=ben)
    assert [row.id for row in queries.threads.page(factories.user("ana").pk, Cut(10))] == [thread.id]


def test_anybody_who_takes_part_resolves_and_reopens(desk: factories.Desk) -> None:
    thread = UUID(factories.thread(desk.claim, "Well?").id)
    resolved = services.threads.resolve(thread_id=thread, by=factories.actor("rita"))
    assert (resolved.resolved_by, resolved.revision) == ("rita", 2)
    assert services.threads.resolve(thread_id=thread, by=factories.actor("mona")).resolved_by == "rita"
    services.comments.reply(thread_id=thread, body="One more thing", by=factories.actor("ana"))
    assert queries.threads.visible(factories.user("ana").pk, thread).resolved_at is not None
    with pytest.raises(Stale):
        services.threads.reopen(thread_id=thread, by=factories.actor("ana"), expect=1)
    reopened = services.threads.reopen(thread_id=thread, by=factories.actor("ana"), expect=2)
    assert (reopened.resolved_at, reopened.resolved_by) == (None, None)


def test_viewers_read_and_outsiders_know_of_nothing(desk: factories.Desk) -> None:
    thread = factories.thread(desk.claim, "Well?", by="ana")
    key = UUID(thread.id)
    for who, refusal in (("vic", NotAllowed), ("eve", NotFound)):
        by = factories.actor(who)
        for attempt in (
            lambda by=by: services.threads.start(body="x", article=desk.article.id, by=by),
            lambda by=by: services.threads.start(body="x", annotation=UUID(desk.claim.id), by=by),
            lambda by=by: services.comments.reply(thread_id=key, body="x", by=by),
            lambda by=by: services.threads.resolve(thread_id=key, by=by),
            lambda by=by: services.threads.reopen(thread_id=key, by=by),
        ):
            with pytest.raises(refusal):
                attempt()
    assert queries.threads.visible(factories.user("vic").pk, key) is not None
    assert queries.threads.visible(factories.user("eve").pk, key) is None


def test_who_leaves_the_project_is_told_nothing_more(desk: factories.Desk) -> None:
    thread = factories.thread(desk.article, "@ben", by="ana")
    services.projects.remove_member(project_id=desk.project.pk, username="ben", by=factories.actor("mona"))
    assert notices("ben") == []
    assert queries.notices.unseen(factories.user("ben").pk) == 0
    factories.comment(thread, "@ben is gone", by="rita")
    services.projects.add_member(
        project=desk.project, username="ben", role="viewer", by=factories.actor("mona")
    )
    assert [body for _kind, _by, body in notices("ben")] == ["@ben"]


def test_a_full_thread_takes_no_more(desk: factories.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.comments, "MOST_COMMENTS", 2)
    thread = factories.thread(desk.claim, "One")
    factories.comment(thread, "Two")
    with pytest.raises(Conflict, match="start another"):
        factories.comment(thread, "Three")


# -- Blind projects --------------------------------------------------------------------------------


def test_in_a_blind_project_the_talk_of_a_layer_is_closed_with_it() -> None:
    desk = factories.desk(blind=True)
    thread = factories.thread(desk.claim, "A note to myself", by="ana")
    for name in ("ben", "rita", "mona", "vic"):
        assert queries.threads.visible(factories.user(name).pk, thread.id) is None
        with pytest.raises(NotFound):
            factories.comment(thread, "Hello", by=name)
        with pytest.raises(NotFound):
            factories.thread(desk.claim, "Hello", by=name)
    open_layer(desk)
    factories.comment(thread, "Now I see", by="rita")
    assert [body for _kind, _by, body in notices("ana")] == ["Now I see"]


def test_in_a_blind_project_nobody_is_mentioned_where_they_may_not_look() -> None:
    desk = factories.desk(blind=True)
    with pytest.raises(Invalid, match="ben cannot see this yet"):
        factories.thread(desk.claim, "What do you think, @ben?", by="ana")
    thread = factories.thread(desk.claim, "Of @eve, who is no member", by="ana")
    with pytest.raises(Invalid):
        factories.comment(thread, "@rita", by="ana")
    assert notices("ben") == notices("rita") == []
    factories.thread(desk.article, "On the article: @ben", by="ana")
    assert [body for _kind, _by, body in notices("ben")] == ["On the article: @ben"]


# -- What the database refuses ---------------------------------------------------------------------


def refused(sqlstate: str, desk: factories.Desk, sql: str, *values: object) -> None:
    by = factories.actor("ana")
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {services.acts.BEGIN_ACT}",
            services.acts.parameters("test", project_id=desk.project.pk, by=by),
        )
        cursor.execute(sql, values)
    assert error.value.__cause__.sqlstate == sqlstate


THREAD = """INSERT INTO thread
    (id, project_id, article_id, layer_id, annotation_id, relation_id, created_by_id, revision)
    VALUES (%s, %s, %s, %s, %s, %s, %s, 1)"""
COMMENT = """INSERT INTO comment
    (id, project_id, article_id, layer_id, thread_id, body, mentions, created_by_id, revision)
    VALUES (%s, %s, %s, %s, %s, %s, '{}', %s, 1)"""


def test_the_database_keeps_talk_where_it_belongs(desk: factories.Desk) -> None:
    ana = factories.user("ana").pk
    at = (desk.project.pk, desk.article.id)
    layer, claim, denies = desk.claim.layer, desk.claim.id, desk.denies.id
    own = factories.annotation(desk.article, "The bridge", by="ben")
    refused("23514", desk, THREAD, uuid.uuid4(), *at, layer, claim, denies, ana)
    refused("FC003", desk, THREAD, uuid.uuid4(), *at, own.layer, claim, None, ana)
    refused("23514", desk, THREAD, uuid.uuid4(), *at, layer, None, None, ana)
    thread = factories.thread(desk.claim, "Hm")
    refused("FC003", desk, COMMENT, uuid.uuid4(), *at, None, thread.id, "x", ana)
    refused("23514", desk, COMMENT, uuid.uuid4(), *at, layer, thread.id, " \n", ana)
    refused("FC002", desk, "UPDATE thread SET annotation_id = %s WHERE id = %s", own.id, thread.id)
    refused("FC002", desk, "UPDATE comment SET created_by_id = %s WHERE thread_id = %s", ana, thread.id)
    refused("FC002", desk, "DELETE FROM comment WHERE thread_id = %s", thread.id)
    refused("23514", desk, "UPDATE thread SET resolved_at = now() WHERE id = %s", thread.id)


# -- At the same moment ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_reply_and_the_withdrawal_of_the_last_comment_at_the_same_moment_agree() -> None:
    """Either the reply comes first and the thread stays, or it finds the thread withdrawn; never a lost comment."""
    desk = factories.desk()
    for _round in range(8):
        thread = factories.thread(desk.claim, "Only this", by="ben")
        only = Comment.objects.get(thread_id=thread.id).pk
        failures: list[BaseException] = []

        def withdraw(only: UUID = only, failures: list[BaseException] = failures) -> None:
            try:
                services.comments.withdraw(comment_id=only, by=factories.actor("ben"))
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        def reply(thread: queries.threads.Row = thread, failures: list[BaseException] = failures) -> None:
            try:
                factories.comment(thread, "Wait", by="ana")
            except Gone:
                pass
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        both = [threading.Thread(target=withdraw), threading.Thread(target=reply)]
        for one in both:
            one.start()
        for one in both:
            one.join(30)
        assert failures == []
        alive = Comment.objects.filter(thread_id=thread.id, withdrawn_at=None).count()
        assert (Thread.objects.get(pk=thread.id).withdrawn_at is None) == (alive > 0)
