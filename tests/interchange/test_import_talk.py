"""Talk comes in with what it is about; nobody is told of it a second time."""

import copy

import pytest

from factcheck.models import Comment, Notice, Thread
from tests import factories
from tests.interchange.test_import import bring, refusal

pytestmark = pytest.mark.django_db

AT = "2026-03-01T10:00:00Z"
LATER = "2026-03-01T11:00:00Z"


@pytest.fixture
def project():
    return factories.project("water")


def line(**thread):
    said = {"body": "Who says so, @ben?", "mentions": ["ben"], "created_by": "rita", "created_at": AT}
    one = {"annotation": "c", "created_by": "rita", "created_at": AT, "comments": [said]} | thread
    claim = {"id": "c", "tag": "claim", "spans": [{"start": 0, "end": 3}], "created_by": "ana"}
    return {"article": {"title": "A", "text": "A b c.\n"}, "annotations": [claim], "threads": [one]}


def test_threads_lie_where_their_things_lie_and_are_found_again(project):
    told = line(resolved_at=LATER, resolved_by="mona")
    on_article = {"annotation": None, "created_by": "vic", "comments": list(told["threads"][0]["comments"])}
    told["threads"].append(told["threads"][0] | on_article | {"resolved_at": None})
    [outcome] = bring(project, told, renew_ids=True)
    assert (outcome.made["threads"], outcome.made["comments"]) == (2, 2)
    threads = {thread.annotation_id is not None: thread for thread in Thread.objects.all()}
    assert threads[True].layer_id == threads[True].annotation.layer_id
    assert (threads[True].resolved_by.username, threads[True].resolved_at.hour) == ("mona", 11)
    assert (threads[False].layer_id, threads[False].resolved_at) == (None, None)
    assert {comment.layer_id for comment in Comment.objects.all()} == {threads[True].layer_id, None}
    assert not Notice.objects.exists()
    reply = {"body": "The mayor.", "created_by": "ben", "created_at": LATER}
    told["threads"][0]["comments"].append(reply)
    [again] = bring(project, told, renew_ids=True)
    assert again.made == {"comments": 1}
    assert [one.body for one in Comment.objects.filter(thread=threads[True]).order_by("created_at")] == [
        "Who says so, @ben?",
        "The mayor.",
    ]


def test_talk_about_a_relation_into_a_later_line_waits_for_it(project):
    first, second = line(annotation=None, relation="r"), line()
    second["article"] = {"title": "B", "text": "B b c.\n"}
    second["annotations"][0]["id"] = "later"
    second["threads"] = []
    first["relations"] = [
        {"id": "r", "kind": "contradicts", "subject": "c", "object": "later", "created_by": "ana"}
    ]
    for outcome in bring(project, first, second, renew_ids=True):
        assert outcome.refused is None
    [thread] = Thread.objects.all()
    assert thread.relation is not None
    assert thread.layer_id == thread.relation.layer_id


@pytest.mark.parametrize(
    ("wrong", "place", "words"),
    [
        ({"annotation": "x"}, "threads.0.annotation", "no such thing"),
        ({"relation": "c"}, "threads.0", "about one thing"),
        ({"annotation": None, "relation": "x"}, "threads.0.relation", "no such thing"),
        ({"created_at": None}, "threads.0.created_at", "missing"),
        ({"created_by": "nobody"}, "threads.0.created_by", "no account nobody"),
        ({"resolved_at": AT}, "threads.0.resolved_by", "missing"),
        ({"comments": []}, "threads.0.comments", "missing"),
        ({"body": " "}, "threads.0.comments.0.body", "empty"),
        ({"mentions": "ben"}, "threads.0.comments.0.mentions", "list"),
        ({"mentions": ["nobody"]}, "threads.0.comments.0.mentions", "no account nobody"),
        ({"mentions": ["ben"] * 51}, "threads.0.comments.0.mentions", "at most 50"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(project, wrong, place, words):
    told = copy.deepcopy(line())
    [thread] = told["threads"]
    (thread["comments"][0] if {"body", "mentions"} & set(wrong) else thread).update(wrong)
    error = refusal(project, told, renew_ids=True)
    assert error.field == place
    assert words in str(error)
