"""A token limited to projects: over it nothing else is seen or done, and nothing of the limit stays behind."""

import hashlib
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from factcheck import services
from factcheck.exceptions import Conflict, Invalid
from factcheck.models import Annotation, Token
from tests import factories
from tests.api.client import Api, problem, span
from tests.api.test_access import TABLE, _asked_and_undone, _filled, _names
from tests.processes import database_url

LISTS = (
    *("projects/", "articles/", "annotations/", "relations/", "sources/", "source-links/", "layers/"),
    "reviews/",
)


def limited(username: str, *slugs: str, scope: str = "write") -> Api:
    """Ask as a person by a token that is limited to these projects."""
    made = services.tokens.create(
        user=factories.user(username), name="limited", scope=scope, projects=slugs or None
    )
    return Api(username, secret=made[1])


@pytest.fixture
def other(desk: factories.Desk) -> factories.Desk:
    return factories.desk("other")


def said(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_it_sees_what_its_projects_have_and_no_more(desk: factories.Desk, other: factories.Desk) -> None:
    for path in LISTS:
        whole, part = Api("ana").all(path), limited("ana", "other").all(path)
        key = "slug" if path == "projects/" else "project"
        assert part == [row for row in whole if row[key] == "other"], path
        assert len(part) < len(whole) or not whole, path
        assert limited("ana", "other", "demo").all(path) == whole


def test_what_is_out_of_reach_is_answered_as_to_an_outsider(
    desk: factories.Desk, other: factories.Desk
) -> None:
    """mona manages both; by a token for one, the other is to her what it is to eve, at every address."""
    api, names, wrong = limited("mona", "other"), _names(desk), []
    for name, method, path, statuses, body in TABLE:
        got = _asked_and_undone(api, method, _filled(path, names), _filled(body, names))
        wanted = 403 if (name, method) == ("api-projects", "POST") else statuses["eve"]
        if got != wanted:
            wrong.append(f"{name}: {method} {path} is {got}, not {wanted}")
    assert wrong == []


def test_an_outsiders_words_are_the_same(desk: factories.Desk, other: factories.Desk) -> None:
    names = _names(desk)
    told = [row for row in TABLE if row[3]["eve"] == 404 and row[1] == "GET"]
    for _name, _method, path, _statuses, _body in told:
        mine = limited("mona", "other").get(_filled(path, names))
        assert mine.json() == Api("eve").get(_filled(path, names)).json(), path


def test_no_search_filter_or_id_leads_outside(desk: factories.Desk, other: factories.Desk) -> None:
    api = limited("ana", "other")
    for path in (
        *("articles/?q=bridge", "annotations/?q=checked", "sources/?q=mayor", "annotations/?source={mayor}"),
        *("annotations/?project=demo", "relations/?subject={denial}", "layers/?article={article}"),
    ):
        address = path.format(mayor=desk.mayor.id, denial=desk.denial.id, article=desk.article.id)
        assert str(desk.project.slug) not in {row["project"] for row in api.all(address)}, path
    body = {"article": str(other.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    problem(api.put(f"annotations/{desk.claim.id}/", body), 409, "id_taken")
    ends = {"kind": "about", "subject": other.claim.id, "object": desk.claim.id}
    assert api.post("relations/", ends).status_code == 422
    assert Annotation.objects.filter(project=desk.project).count() == 2


def test_it_writes_where_it_reaches(desk: factories.Desk, other: factories.Desk) -> None:
    api = limited("ana", "other")
    body = {"article": str(other.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    assert api.post("annotations/", body).status_code == 201
    items = [body | {"op": "create"}, body | {"op": "create", "article": str(desk.article.id)}]
    first, second = api.post("annotations/bulk/?partial=1", {"items": items}).json()["results"]
    assert (first["status"], second["status"]) == (201, 404)
    assert limited("ana", "other", scope="read").post("annotations/", body).status_code == 403


def test_it_makes_no_projects(desk: factories.Desk) -> None:
    refusal = problem(
        limited("ana", "demo").post("projects/", {"slug": "mine", "name": "M"}), 403, "not_allowed"
    )
    assert "limited" in refusal["detail"]


def test_the_database_begins_no_act_out_of_reach(desk: factories.Desk, other: factories.Desk) -> None:
    """What a service might forget to ask."""
    mona = factories.actor("mona")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('factcheck.reach', %s, true)", [f"{{{other.project.pk}}}"])
        with services.acts.act("update_project", project_id=other.project.pk, by=mona):
            pass
        with pytest.raises(Conflict, match="does not reach"), transaction.atomic():  # noqa: SIM117
            with services.acts.act("update_project", project_id=desk.project.pk, by=mona):
                pass
        transaction.set_rollback(True)


def test_a_project_that_the_person_leaves_is_lost_to_the_token(
    desk: factories.Desk, other: factories.Desk
) -> None:
    api = limited("ana", "other", "demo")
    services.projects.remove_member(project_id=other.project.pk, username="ana", by=factories.actor("mona"))
    assert [row["slug"] for row in api.all("projects/")] == ["demo"]
    assert api.get(f"articles/{other.article.id}/").status_code == 404
    alone = Token.objects.get(user__username="ana")
    Token.objects.filter(pk=alone.pk).update(projects=[other.project.pk])
    assert api.all("projects/") == api.all("annotations/") == []


def test_one_is_limited_to_projects_of_ones_own(desk: factories.Desk) -> None:
    for slug in ("demo", "nowhere"):
        with pytest.raises(Invalid, match="in no project"):
            services.tokens.create(user=factories.user("eve"), name="t", scope="read", projects=[slug])


def test_the_command_limits_a_token(desk: factories.Desk, other: factories.Desk, capsys: Any) -> None:
    call_command("create_token", "ana", "--scope", "read", "--project", "demo", "--project", "other")
    api = Api("ana", secret=capsys.readouterr().out.strip())
    assert [row["slug"] for row in api.all("projects/")] == ["demo", "other"]
    with pytest.raises(CommandError, match="ana is in no project x"):
        call_command("create_token", "ana", "--scope", "read", "--project", "x")


# -- the feed --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_its_feed_is_of_its_projects_and_others_are_not_left() -> None:
    desk, other = factories.desk("demo"), factories.desk("other")
    api, whole = limited("ana", "other"), Api("ana")

    def pull(asker: Api, cursor: str | None) -> tuple[list[Any], str]:
        lines: list[Any] = []
        more = True
        while more:
            page = asker.get("changes/?limit=20" + (f"&after={cursor}" if cursor else "")).json()
            lines, cursor, more = lines + page["results"], page["cursor"], page["more"]
        assert cursor is not None
        return lines, cursor

    everything, known = pull(whole, None)
    mine, cursor = pull(api, None)
    assert mine == [line for line in everything if line["project"] == "other"]
    # A cursor that knows other projects too: they are not told as left, and their places are kept for who reaches them.
    lines, kept = pull(api, known)
    assert lines == []
    factories.annotation(desk.article, "shows a crack", tag="evidence")
    late = factories.annotation(other.article, "shows a crack", tag="evidence")
    lines, kept = pull(api, kept)
    assert [(line["project"], line["id"]) for line in lines] == [("other", late.id)]
    lines, kept = pull(whole, kept)
    assert {line["project"] for line in lines} == {"demo"}
    # One that was out of reach comes whole to who reaches it by a cursor without it.
    lines, _cursor = pull(whole, cursor)
    assert next(line for line in lines if line["project"] == "demo")["type"] == "project"
    assert api.get("changes/?project=demo").status_code == 404
    now = api.get("changes/?from=now").json()["cursor"]
    assert pull(api, now)[0] == []
    # Leaving a project that it reaches is told.
    services.projects.remove_member(project_id=other.project.pk, username="ana", by=factories.actor("mona"))
    (left,), _cursor = pull(api, now)
    assert (left["type"], left["op"], left["project"]) == ("project", "delete", "other")


# -- nothing stays behind --------------------------------------------------------------------------


def reach() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('factcheck.reach', true)")
        return cursor.fetchone()[0] or ""


@pytest.mark.parametrize(
    "path", ["projects/", "articles/x/", "annotations/?bad=1", "nothing/", "exports/csv/?project=other"]
)
def test_the_next_request_is_not_limited(desk: factories.Desk, other: factories.Desk, path: str) -> None:
    said(limited("ana", "other").get(path))
    assert reach() == ""
    browser = Client()
    browser.force_login(factories.user("ana"))
    assert browser.get("/projects/demo/").status_code == 200
    assert len(browser.get("/api/v1/projects/").json()["results"]) == 2


def test_a_limited_token_that_does_not_serve_leaves_nothing(desk: factories.Desk) -> None:
    api = limited("ana", "demo")
    services.tokens.revoke(user=factories.user("ana"), token_id=Token.objects.get().pk)
    assert api.get("projects/").status_code == 401
    assert reach() == ""


@pytest.mark.django_db(transaction=True)
def test_pooled_connections_do_not_mix_up_who_reaches_what(server: str) -> None:
    """Limited, not limited and by session, many at once over few connections, with streams that give theirs back."""
    factories.desk("demo")
    factories.desk("other")
    browser = Client()
    browser.force_login(factories.user("ana"))
    # The server's own name of the cookie: it is that of an instance on this database.
    instance = hashlib.sha256(database_url().encode()).hexdigest()[:8]
    cookie = {"Cookie": f"factcheck_session_{instance}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}
    kinds: list[tuple[dict[str, str], set[str]]] = [
        (limited("ana", "other").headers, {"other"}),
        (limited("ana", "demo").headers, {"demo"}),
        (Api("ana").headers, {"demo", "other"}),
        (cookie, {"demo", "other"}),
    ]

    def fetch(path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"{server}/{path}", headers=headers), timeout=30
            ) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def ask(nth: int) -> list[str]:
        headers, reached = kinds[nth % len(kinds)]
        wrong = []
        status, body = fetch("api/v1/annotations/", headers)
        seen = {row["project"] for row in json.loads(body)["results"]}
        if (status, seen) != (200, reached):
            wrong.append(f"{nth}: {status} {seen}, not {reached}")
        status, body = fetch("api/v1/exports/jsonl/?project=demo", headers)
        if (status == 200) != ("demo" in reached):
            wrong.append(f"{nth}: an export is {status}")
        if status == 200 and len(json.loads(body)["annotations"]) != 2:
            wrong.append(f"{nth}: an export has not all")
        pages = [fetch(f"projects/{slug}/scheme.css", cookie)[0] for slug in ("demo", "other")]
        return wrong if pages == [200, 200] else [*wrong, f"{nth}: pages are {pages}"]

    with ThreadPoolExecutor(12) as threads:
        assert [word for found in threads.map(ask, range(120)) for word in found] == []


def test_whoever_asks_for_a_viewers_membership_asks_what_is_in_reach() -> None:
    """The one place stays the one: SQL that looks for the membership of who asks looks into the view."""
    asked = re.compile(r"(?:FROM|JOIN) membership \w+[^\"]*?user_id = %", re.IGNORECASE)
    root = Path(settings.BASE_DIR) / "factcheck"
    found = [
        f"{path.relative_to(root)}: {match[0][:60]}"
        for path in [*root.rglob("*.py")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if (match := asked.search(line))
    ]
    assert found == []
