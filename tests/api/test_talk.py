"""Talk over HTTP: start, reply, edit, withdraw, resolve; lists, filters, notices; the feed and the export."""

import json
import uuid
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from factcheck import services
from tests import factories
from tests.api.client import Api, problem


def started(api: Api, **body: Any) -> dict[str, Any]:
    answer = api.post("threads/", {"body": "Well?", **body})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def said(answer: Any) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_a_thread_is_started_read_and_started_again(desk: factories.Desk, ben: Api) -> None:
    key = str(uuid.uuid4())
    body = {"annotation": desk.claim.id, "body": "Is that all, @rita?"}
    made = ben.put(f"threads/{key}/", body)
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert made["Location"].endswith(f"/api/v1/threads/{key}/")
    shown = made.json()
    assert (shown["annotation"], shown["relation"], shown["layer"]) == (desk.claim.id, None, desk.claim.layer)
    assert (shown["article"], shown["created_by"], shown["resolved_at"]) == (
        str(desk.article.id),
        "ben",
        None,
    )
    assert ben.put(f"threads/{key}/", body).status_code == 200
    problem(ben.put(f"threads/{key}/", body | {"body": "Other"}), 428, "precondition_required")
    assert ben.get(f"threads/{key}/", If_None_Match='"1"').status_code == 304
    [comment] = ben.all(f"threads/{key}/comments/")
    assert (comment["body"], comment["mentions"]) == ("Is that all, @rita?", ["rita"])


def test_what_a_thread_is_about_is_checked(desk: factories.Desk, ben: Api) -> None:
    problem(ben.post("threads/", {"body": "x"}), 422, "invalid", "article")
    problem(
        ben.post("threads/", {"body": "x", "annotation": desk.claim.id, "relation": desk.denies.id}),
        *(422, "invalid", "relation"),
    )
    problem(
        ben.post("threads/", {"body": "x", "annotation": str(uuid.uuid4())}), 404, "not_found", "annotation"
    )
    for wrong in ("", " ", "x" * 10_001, "\x00", 5, None):
        problem(
            ben.post("threads/", {"body": wrong, "article": str(desk.article.id)}), 422, "invalid", "body"
        )
    problem(ben.post("threads/", {"article": str(desk.article.id)}), 422, "invalid", "body")


def test_comments_are_conditional_as_all_things_are(desk: factories.Desk, ben: Api, ana: Api) -> None:
    thread = started(ben, annotation=desk.claim.id)["id"]
    made = ana.post(f"threads/{thread}/comments/", {"body": "Yes."})
    key = made.json()["id"]
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    changed = ana.patch(f"comments/{key}/", {"body": "No."}, If_Match='"1"')
    assert (changed.json()["body"], changed["ETag"]) == ("No.", '"2"')
    assert changed.json()["edited_at"]
    stale = problem(ana.patch(f"comments/{key}/", {"body": "Perhaps."}, If_Match='"1"'), 412, "stale")
    assert stale["present"]["body"] == "No."
    problem(ana.patch(f"comments/{key}/", {"thread": str(uuid.uuid4())}), 409, "conflict", "thread")
    assert ana.delete(f"comments/{key}/").status_code == 204
    problem(ana.get(f"comments/{key}/"), 410, "gone")
    assert [row["body"] for row in ana.all(f"threads/{thread}/comments/")] == ["Well?"]
    assert len(ana.all(f"threads/{thread}/comments/?withdrawn=1")) == 2
    assert ana.post(f"comments/{key}/restore/").json()["body"] == "No."
    other = str(uuid.uuid4())
    assert ana.put(f"comments/{other}/", {"thread": thread, "body": "So."}).status_code == 201
    problem(ana.put(f"comments/{uuid.uuid4()}/", {"body": "So."}), 422, "invalid", "thread")


def test_resolving_and_reopening(desk: factories.Desk, ben: Api, ana: Api) -> None:
    thread = started(ben, article=str(desk.article.id))["id"]
    resolved = ana.post(f"threads/{thread}/resolve/", If_Match='"1"')
    assert (resolved.json()["resolved_by"], resolved["ETag"]) == ("ana", '"2"')
    problem(ben.post(f"threads/{thread}/reopen/", If_Match='"1"'), 412, "stale")
    assert ben.post(f"threads/{thread}/reopen/").json()["resolved_by"] is None


def test_lists_are_filtered(desk: factories.Desk, ben: Api, ana: Api) -> None:
    on_claim = started(ben, annotation=desk.claim.id, body="@ana and @eve")["id"]
    on_relation = started(ben, relation=desk.denies.id)["id"]
    on_article = started(ana, article=str(desk.article.id), body="@ben")["id"]
    ana.post(f"threads/{on_relation}/resolve/")
    for query, wanted in {
        "project=demo": [on_claim, on_relation, on_article],
        f"article={desk.article.id}": [on_claim, on_relation, on_article],
        f"annotation={desk.claim.id}": [on_claim],
        f"relation={desk.denies.id}": [on_relation],
        "resolved=1": [on_relation],
        "resolved=0": [on_claim, on_article],
        "mentions=ana": [on_claim],
        "mentions=eve": [],
        "mentions=never-was": [],
    }.items():
        assert [row["id"] for row in ben.all(f"threads/?{query}")] == wanted, query
    assert [row["thread"] for row in ben.all("comments/?mentions=ben")] == [on_article]
    assert [row["thread"] for row in ben.all("comments/?created_by=ana")] == [on_article]
    problem(ben.get("threads/?resolved=maybe"), 422, "invalid", "resolved")


def test_notices_are_ones_own(desk: factories.Desk, ben: Api, ana: Api) -> None:
    thread = started(ben, annotation=desk.claim.id)["id"]
    [notice] = ana.all("notices/?seen=0")
    assert (notice["kind"], notice["thread"], notice["created_by"]) == ("answer", thread, "ben")
    assert ben.all("notices/") == []
    assert ben.post("notices/seen/", {"notices": [notice["id"]]}).json() == {"seen": 0}
    assert ana.post("notices/seen/", {"notices": [notice["id"]]}).json() == {"seen": 1}
    assert ana.post("notices/seen/", {"notices": [notice["id"], str(uuid.uuid4())]}).json() == {"seen": 0}
    assert ana.all("notices/?seen=0") == []
    problem(ana.post("notices/seen/", {"notices": ["x"]}), 422, "invalid")


# The feed tells only what was committed.
@pytest.mark.django_db(transaction=True)
def test_the_feed_and_the_export_tell_what_the_lists_tell(transactional_db: None) -> None:
    desk = factories.desk("demo")
    ben, ana = Api("ben"), Api("ana")
    thread = started(ben, annotation=desk.claim.id, body="Is that all, @rita?")["id"]
    reply = ana.post(f"threads/{thread}/comments/", {"body": "Yes."}).json()["id"]
    ana.post(f"threads/{thread}/resolve/")
    told = ben.get("changes/?type=thread,comment&include=object").json()["results"]
    assert [(line["type"], line["op"]) for line in told] == [
        ("thread", "create"),
        ("comment", "create"),
        ("comment", "create"),
        ("thread", "update"),
    ]
    assert told[0]["object"] == ben.get(f"threads/{thread}/").json()
    assert told[2]["object"] == ben.get(f"comments/{reply}/").json()
    [line] = said(ben.get("exports/jsonl/?project=demo")).splitlines()
    [exported] = json.loads(line)["threads"]
    shown = ben.get(f"threads/{thread}/").json()
    assert {key: exported[key] for key in exported if key != "comments"} == {
        key: shown[key] for key in exported if key != "comments"
    }
    comments = ben.all(f"threads/{thread}/comments/")
    assert exported["comments"] == [{key: row[key] for key in exported["comments"][0]} for row in comments]
    assert exported["comments"][0]["mentions"] == ["rita"]
    [own] = said(ana.get("exports/jsonl/?project=demo&layer=own")).splitlines()
    assert len(json.loads(own)["threads"]) == 1


# -- Blind projects: every text of ana's carries a word that nobody else may find ----------------------

MARKER = "heliotrope"
READ = (
    "threads/",
    "threads/?withdrawn=1",
    "threads/?article={article}",
    "threads/?annotation={claim}",
    "threads/?mentions=ana",
    "comments/",
    "comments/?withdrawn=1",
    "comments/?created_by=ana",
    "comments/?thread={thread}",
    "notices/",
    "changes/?include=object",
    "changes/?type=thread,comment",
    "exports/jsonl/?project=blind",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("username", ["ben", "rita", "mona", "vic"])
def test_in_a_blind_project_nobody_finds_a_trace_of_the_talk_of_a_closed_layer(
    transactional_db: None, username: str
) -> None:
    desk = factories.desk("blind", blind=True)
    thread = factories.thread(desk.claim, f"{MARKER} one", by="ana")
    comment = factories.comment(thread, f"{MARKER} two", by="ana")
    gone = factories.comment(thread, f"{MARKER} three", by="ana")
    services.comments.withdraw(comment_id=UUID(gone.id), by=factories.actor("ana"))
    public = factories.thread(desk.article, f"For all: @{username}", by="ana")
    api = Api(username)
    names = {"article": desk.article.id, "claim": desk.claim.id, "thread": thread.id}
    for path in READ:
        found = said(api.get(path.format(**names)))
        for secret in (MARKER, thread.id, comment.id, gone.id, desk.claim.id):
            if secret not in path.format(**names):
                assert secret not in found, path
    assert public.id in said(api.get("threads/"))
    for method, path, body in (
        ("GET", f"threads/{thread.id}/", None),
        ("GET", f"threads/{thread.id}/comments/", None),
        ("POST", f"threads/{thread.id}/comments/", {"body": "x"}),
        ("POST", f"threads/{thread.id}/resolve/", None),
        ("GET", f"comments/{comment.id}/", None),
        ("PATCH", f"comments/{comment.id}/", {"body": "x"}),
        ("DELETE", f"comments/{comment.id}/", None),
    ):
        told = problem(api.ask(method, path, body), 404, "not_found")
        never = problem(
            api.ask(
                method,
                path.replace(thread.id, str(uuid.uuid4())).replace(comment.id, str(uuid.uuid4())),
                body,
            ),
            404,
            "not_found",
        )
        assert set(told) == set(never)
    if username != "vic":
        body = {"annotation": desk.claim.id, "body": "x"}
        told = problem(api.post("threads/", body), 404, "not_found", "annotation")
        assert told == problem(
            api.post("threads/", body | {"annotation": str(uuid.uuid4())}), 404, "not_found"
        )
        taken = problem(
            api.put(f"threads/{thread.id}/", {"article": str(desk.article.id), "body": "x"}), 409, "id_taken"
        )
        assert MARKER not in str(taken)


@pytest.mark.django_db(transaction=True)
def test_a_layer_that_is_opened_brings_its_talk_into_the_feed(transactional_db: None) -> None:
    desk = factories.desk("blind", blind=True)
    thread = factories.thread(desk.claim, f"{MARKER} one", by="ana")
    api = Api("ben")
    cursor = api.get("changes/").json()["cursor"]
    by = factories.actor("mona")
    with services.acts.act("open_layer", project_id=desk.project.pk, by=by), connection.cursor() as opened:
        opened.execute("UPDATE layer SET opened_at = now() WHERE id = %s", [UUID(desk.claim.layer)])
    told = api.get(f"changes/?include=object&after={cursor}").json()["results"]
    lines = {(line["type"], line["op"]): line for line in told}
    assert lines["thread", "create"]["id"] == thread.id
    assert lines["comment", "create"]["object"]["body"] == f"{MARKER} one"
