"""Every refusal is problem+json with its code; nothing that a client can send is our failure."""

import json
import random
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection, transaction
from psycopg import errors as pg

from factcheck import queries
from factcheck.api.root import known
from tests import factories
from tests.api.client import Api, problem, span


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("GET", "annotations", b"", {}, 404, "not_found"),
        ("POST", "nothing/here/", b"{}", {}, 404, "not_found"),
        ("GET", "annotations/5/", b"", {}, 404, "not_found"),
        ("DELETE", "annotations/", b"", {}, 405, "method_not_allowed"),
        ("PATCH", "projects/", b"{}", {}, 405, "method_not_allowed"),
        ("POST", "annotations/", b"{", {}, 400, "bad_json"),
        ("POST", "annotations/", b"", {}, 422, "invalid"),
        ("POST", "annotations/", b"\xff\xfe", {}, 400, "bad_json"),
        ("POST", "annotations/", b"[" * 100_000, {}, 400, "bad_json"),
        ("POST", "annotations/", b'{"a":' * 100_000, {}, 400, "bad_json"),
        ("POST", "annotations/", b'{"note": NaN}', {}, 400, "bad_json"),
        ("POST", "annotations/", b'{"note": "\\ud800", "x": NaN}', {}, 400, "bad_json"),
        ("POST", "annotations/", b"[]", {}, 422, "invalid"),
        ("POST", "annotations/", b"null", {}, 422, "invalid"),
        ("POST", "annotations/", b'"claim"', {}, 422, "invalid"),
        (
            "POST",
            "annotations/",
            b"a=1",
            {"Content-Type": "application/x-www-form-urlencoded"},
            415,
            "unsupported_media_type",
        ),
        ("POST", "annotations/", b"{}", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        ("POST", "annotations/", b"{}", {"Content-Type": "application/json; charset=utf-8"}, 422, "invalid"),
        ("POST", "articles/", b"--x", {"Content-Type": "multipart/form-data; boundary=x"}, 422, "invalid"),
        ("POST", "articles/", b"x", {"Content-Type": "multipart/form-data"}, 400, "bad_request"),
    ],
)
def test_what_cannot_be_read_is_told(
    ana: Api, method: str, path: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = ana.ask(
        method, path, body=body, **{name.replace("-", "_"): value for name, value in headers.items()}
    )
    problem(answer, status, code)
    if status == 405:
        assert method not in answer["Allow"]


def test_an_address_without_its_slash_is_pointed_to(ana: Api) -> None:
    assert "/api/v1/annotations/" in problem(ana.get("annotations"), 404, "not_found")["detail"]


def test_every_code_is_explained_at_its_address(db: None) -> None:
    api = Api(None)
    listed = {row["code"]: row for row in api.get("problems/").json()}
    assert set(listed) == set(known())
    assert {"not_found", "stale", "exact_mismatch", "bad_json", "not_authenticated", "busy"} <= set(listed)
    for code, row in listed.items():
        assert api.get(f"problems/{code}/").json() == row
        assert row["description"]
    problem(api.get("problems/none/"), 404, "not_found")


def _database_error(sqlstate: type[Exception]) -> OperationalError:
    error = OperationalError("refused")
    error.__cause__ = sqlstate()
    return error


@pytest.mark.parametrize(
    "cause", [pg.DeadlockDetected, pg.QueryCanceled, pg.TooManyConnections, pg.AdminShutdown]
)
def test_what_passes_by_itself_is_503(
    ana: Api, monkeypatch: pytest.MonkeyPatch, cause: type[Exception]
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise _database_error(cause)

    monkeypatch.setattr(queries.annotations, "page", fail)
    answer = ana.get("annotations/")
    problem(answer, 503, "busy")
    assert int(answer["Retry-After"]) > 0


def test_a_statement_that_takes_too_long_is_503(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_args: Any, **_kwargs: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(1)")

    monkeypatch.setattr(queries.annotations, "page", slow)
    problem(ana.get("annotations/"), 503, "busy")


def test_what_the_database_cannot_hold_is_422(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise DataError("out of range")

    monkeypatch.setattr(queries.annotations, "page", fail)
    problem(ana.get("annotations/"), 422, "invalid")


def test_a_failure_of_ours_is_told_without_its_inside(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(queries.annotations, "page", fail)
    ana.client.raise_request_exception = False
    answer = ana.get("annotations/")
    problem(answer, 500, "failed")
    assert b"secret" not in answer.content


# Strings that break programs: each must come back as it went in.
NAUGHTY = [
    "",
    " ",
    " \t\n leading and trailing \n ",
    "null",
    "undefined",
    "NaN",
    "1e400",
    "'; DROP TABLE annotation; --",
    "%s %d %(name)s {} {0} {{}} {% now %} %%",
    "<script>alert(1)</script>&amp;",
    "\\\\ \\n \\u0000 \\ud800",
    "=HYPERLINK(1)",
    "👩‍👩‍👧‍👦 🇨🇭 é é ﷽ Z̷̛͎a̵l̶g̷o̴",
    "\u202eright to left\u202c \u200f\u200b\u2060\ufeff",
    "\x01\x02\x1f\x7f\x80\x9f",
    "\ufffe\uffff\U0010ffff",
    "line one\rline two\r\nline three\u2028four\u2029five\x85six",
    "x" * 200,
]


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_texts_come_back_as_they_went_in(ana: Api, desk: factories.Desk, text: str) -> None:
    sent: list[tuple[str, dict[str, Any]]] = [
        (f"annotations/{desk.claim.id}/", {"note": text}),
        (f"relations/{desk.denies.id}/", {"note": text}),
        (f"source-links/{desk.said.id}/", {"as_named": text, "note": text}),
        (f"sources/{desk.mayor.id}/", {"description": text}),
        (f"articles/{desk.article.id}/", {"publisher": text, "byline": text}),
    ]
    if text.strip():
        sent.append((f"sources/{desk.mayor.id}/", {"name": text, "aliases": [text]}))
        sent.append((f"articles/{desk.article.id}/", {"title": text}))
        sent.append((f"annotations/{desk.claim.id}/", {"attributes": {"said_where": text}}))
    for address, body in sent:
        answer = ana.patch(address, body)
        assert answer.status_code == 200, answer.content
        assert body.items() <= ana.get(address).json().items(), address
    document = {
        "annotation": desk.denial.id,
        "source": str(desk.mayor.id),
        "role": "document",
        "quote": text,
        "locator": text,
    }
    made = ana.post("source-links/", document)
    assert (made.json()["quote"], made.json()["locator"]) == (text, text)


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "half \ud83d", "\udc00 half"], ids=range(4))
def test_what_is_no_text_is_refused_with_its_field(ana: Api, desk: factories.Desk, text: str) -> None:
    for address, name in {
        f"annotations/{desk.claim.id}/": "note",
        f"relations/{desk.denies.id}/": "note",
        f"source-links/{desk.said.id}/": "as_named",
        f"sources/{desk.mayor.id}/": "name",
        f"articles/{desk.article.id}/": "title",
    }.items():
        refused = problem(ana.patch(address, {name: text}), 422, "invalid", name)
        assert "position" in refused["detail"]
    values = {"attributes": {"said_where": text}}
    problem(ana.patch(f"annotations/{desk.claim.id}/", values), 422, "invalid")
    problem(ana.patch(f"annotations/{desk.claim.id}/", {text: "a key"}), 422, "invalid")
    problem(ana.post("articles/", {"project": "demo", "title": "A", "text": text}), 422, "invalid", "text")


HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    2**64,
    10**400,
    "",
    "\x00",
    "\ud800",
    "x" * 100_000,
    "../../etc/passwd",
    "00000000-0000-0000-0000-000000000000",
    [],
    [[]],
    [None],
    [{}],
    ["\x00"],
    {},
    {"\x00": 1},
    {"\ud800": "\ud800"},
    {"start": 2**40, "end": -1},
    [{"start": 0, "end": 1}] * 3,
    [[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]],
]


def _bodies(desk: factories.Desk) -> dict[str, dict[str, Any]]:
    """Return a good body for each address that takes one."""
    annotation = {
        "article": str(desk.article.id),
        "tag": "claim",
        "spans": [span(factories.TEXT, "The bridge")],
    }
    annotation |= {
        "note": "",
        "exact": "The bridge",
        "attributes": {},
        "article_version": str(desk.article.version_id),
    }
    document = {"url": "", "quote": "", "locator": "", "accessed_at": "", "archive_url": ""}
    link = {
        "annotation": desk.claim.id,
        "source": str(desk.mayor.id),
        "role": "document",
        "position": 1,
        "cue": [],
    }
    link |= {"on_behalf_of": None, "as_named": "", "stance": "said", "note": "", **document}
    return {
        "projects/": {
            "slug": "p",
            "name": "P",
            "settings": {"blind": True, "approvals_needed": 1},
            "guidelines": "",
        },
        "articles/": {
            "project": "demo",
            "title": "A",
            "text": "B",
            "url": "",
            "published_at": "",
            "language": "",
        },
        "annotations/": annotation,
        "annotations/bulk/": {"items": [{"op": "create", **annotation}]},
        "annotations/bulk/?partial=1": {
            "items": [{"op": "update", "id": desk.claim.id, "version": 1, "revision": 1}]
        },
        "relations/": {
            "kind": "about",
            "subject": desk.claim.id,
            "object": desk.denial.id,
            "attributes": {},
            "note": "",
        },
        "sources/": {
            "project": "demo",
            "kind": "person",
            "name": "X",
            "aliases": [],
            "description": "",
            "url": "",
        },
        "source-links/": link,
        "layers/": {"article": str(desk.article.id), "owner": "ben"},
        "projects/demo/members/": {"user": "eve", "role": "viewer"},
        f"annotations/{desk.claim.id}/": annotation,
        f"relations/{desk.denies.id}/": {"note": ""},
        f"sources/{desk.mayor.id}/": {"name": "X", "aliases": []},
        f"source-links/{desk.said.id}/": {"cue": [], "position": 1, "stance": None},
        f"articles/{desk.article.id}/": {"title": "A", "direction": "ltr"},
        "projects/demo/": {"name": "A", "settings": {}},
    }


def _mutated(body: Any, chance: random.Random) -> Any:
    """Put something hostile somewhere in the body."""
    if isinstance(body, dict) and body and chance.random() < 0.9:
        name = chance.choice(list(body))
        return body | {name: _mutated(body[name], chance)}
    if isinstance(body, list) and body and chance.random() < 0.7:
        index = chance.randrange(len(body))
        return [*body[:index], _mutated(body[index], chance), *body[index + 1 :]]
    return chance.choice(HOSTILE)


@pytest.mark.parametrize("username", ["ana", "mona"])
def test_nothing_that_is_sent_is_our_failure(desk: factories.Desk, username: str) -> None:
    chance = random.Random(20261021)
    api = Api(username)
    bodies = _bodies(desk)
    for _round in range(400):
        path = chance.choice(list(bodies))
        body = _mutated(bodies[path], chance)
        methods = ("POST",) if path.split("?")[0] in _COLLECTIONS else ("PATCH", "PUT")
        method = chance.choice(methods)
        with transaction.atomic():
            answer = api.ask(method, path, body=json.dumps(body).encode(), If_Match='"1"')
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, path, body, answer.content)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"]


_COLLECTIONS = (
    "projects/",
    "articles/",
    "annotations/",
    "annotations/bulk/",
    "relations/",
    "sources/",
    "source-links/",
)
_COLLECTIONS += ("layers/", "projects/demo/members/")


@pytest.mark.parametrize(
    "path", ["annotations", "relations", "sources", "source-links", "articles", "layers", "reviews"]
)
def test_no_query_is_our_failure(ana: Api, path: str) -> None:
    chance = random.Random(path)
    names = [
        "project",
        "article",
        "layer",
        "tag",
        "q",
        "limit",
        "after",
        "before",
        "status",
        "updated_after",
        "x",
        "%00",
        "[]",
    ]
    values = [
        "",
        "%00",
        "%ff",
        "%ed%a0%80",
        "'",
        "%25",
        "5",
        "-1",
        "own",
        "null",
        "9" * 5000,
        str(uuid.uuid4()),
        "1e5",
        "+",
        "[]",
    ]
    for _round in range(60):
        query = "&".join(
            f"{chance.choice(names)}={chance.choice(values)}" for _name in range(chance.randint(1, 3))
        )
        answer = ana.get(f"{path}/?{query}")
        assert answer.status_code in (200, 422), (query, answer.content)


def test_too_many_parameters_are_refused(ana: Api) -> None:
    query = "&".join(f"a{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 10))
    problem(ana.get(f"annotations/?{query}"), 400, "bad_request")


@pytest.mark.parametrize(
    "path", ["annotations/%00/", "projects/%00/", "projects/%ff/", "sources/" + "x" * 3000 + "/"]
)
def test_no_address_is_our_failure(ana: Api, path: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert ana.ask(method, path, {}).status_code in (404, 405, 422)
