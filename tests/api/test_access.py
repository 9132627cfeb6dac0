"""Who may ask what: every address and method as each of the cast, signed out, and with tokens that do not serve."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from factcheck import services
from factcheck.api.urls import urlpatterns
from factcheck.models import Token
from tests import factories
from tests.api.client import Api, span

ASKERS = ("ana", "ben", "rita", "mona", "vic", "eve", "signed out", "reading")


NEW = {"spans": [{"start": 0, "end": 3}], "tag": "claim"}
LINK = {"annotation": "{denial}", "source": "{mayor}", "role": "speaker"}
ABOUT = {"kind": "about", "subject": "{claim}", "object": "{denial}"}
ARTICLE = {"project": "demo", "title": "A", "text": "B."}
# What is sent where something is; names in braces are parts of the desk, here and in the paths.
BODIES: dict[tuple[str, str], Any] = {
    ("api-projects", "POST"): {"slug": "new", "name": "N"},
    ("api-project", "PATCH"): {"name": "Other"},
    ("api-members", "POST"): {"user": "eve", "role": "viewer"},
    ("api-member", "PUT"): {"role": "reviewer"},
    ("api-articles", "POST"): ARTICLE,
    ("api-article", "PUT"): ARTICLE,
    ("api-article", "PATCH"): {"publisher": "P"},
    ("api-annotations", "POST"): NEW | {"article": "{article}"},
    ("api-annotations-bulk", "POST"): {"items": [NEW | {"op": "create", "article": "{article}"}]},
    ("api-annotation", "PUT"): NEW | {"article": "{article}"},
    ("api-annotation", "PATCH"): {"note": "Mine"},
    ("api-relations", "POST"): ABOUT,
    ("api-relation", "PUT"): ABOUT,
    ("api-relation", "PATCH"): {"note": "Mine"},
    ("api-sources", "POST"): {"project": "demo", "kind": "person", "name": "X"},
    ("api-source", "PUT"): {"project": "demo", "kind": "person", "name": "X"},
    ("api-source", "PATCH"): {"name": "Other"},
    ("api-source-merge", "POST"): {"into": "{idle}"},
    ("api-source-texts", "POST"): {"text": "Its words, edited."},
    ("api-source-links", "POST"): LINK,
    ("api-source-link", "PUT"): LINK,
    ("api-source-link", "PATCH"): {"as_named": "He"},
    ("api-layers", "POST"): {"article": "{article}", "owner": "ben"},
}


def row(name: str, method: str, path: str, statuses: str) -> Any:
    """Make a row: the statuses in the order of ASKERS."""
    wanted = [int(status) for status in statuses.split()]
    assert len(wanted) == len(ASKERS), (name, method)
    return name, method, path, dict(zip(ASKERS, wanted, strict=True)), BODIES.get((name, method))


# `reading` is ana with a token that may only read.
# fmt: off
TABLE = [
    #                                                             ana ben rit mon vic eve out reading
    row("api-root", "GET", "", "                                 200 200 200 200 200 200 401 200"),
    row("api-projects", "GET", "projects/", "                    200 200 200 200 200 200 401 200"),
    row("api-projects", "POST", "projects/", "                   201 201 201 201 201 201 401 403"),
    row("api-project", "GET", "projects/demo/", "                200 200 200 200 200 404 401 200"),
    row("api-project", "PATCH", "projects/demo/", "              403 403 403 200 403 404 401 403"),
    row("api-members", "GET", "projects/demo/members/", "        200 200 200 200 200 404 401 200"),
    row("api-members", "POST", "projects/demo/members/", "       403 403 403 201 403 404 401 403"),
    row("api-member", "GET", "projects/demo/members/ben/", "     200 200 200 200 200 404 401 200"),
    row("api-member", "PUT", "projects/demo/members/ben/", "     403 403 403 200 403 404 401 403"),
    row("api-member", "DELETE", "projects/demo/members/ben/", "  403 403 403 204 403 404 401 403"),
    row("api-articles", "GET", "articles/", "                    200 200 200 200 200 200 401 200"),
    row("api-articles", "POST", "articles/", "                   201 201 201 201 403 404 401 403"),
    row("api-article", "GET", "articles/{article}/", "           200 200 200 200 200 404 401 200"),
    row("api-article", "PUT", "articles/{new}/", "               201 201 201 201 403 404 401 403"),
    row("api-article", "PATCH", "articles/{article}/", "         200 200 200 200 403 404 401 403"),
    row("api-article-text", "GET", "articles/{article}/text/", " 200 200 200 200 200 404 401 200"),
    row("api-article-map", "GET", "articles/{article}/map/", "   200 200 200 200 200 404 401 200"),
    row("api-article-map-csv", "GET", "articles/{article}/map.csv/", "200 200 200 200 200 404 401 200"),
    row("api-article-w3c", "GET", "articles/{article}/w3c/", "   200 200 200 200 200 404 401 200"),
    row("api-annotations", "GET", "annotations/", "              200 200 200 200 200 200 401 200"),
    row("api-annotations", "POST", "annotations/", "             201 201 201 201 403 404 401 403"),
    row("api-annotations-bulk", "POST", "annotations/bulk/", "   200 200 200 200 403 404 401 403"),
    row("api-annotation", "GET", "annotations/{claim}/", "       200 200 200 200 200 404 401 200"),
    row("api-annotation", "PUT", "annotations/{new}/", "         201 201 201 201 403 404 401 403"),
    row("api-annotation", "PATCH", "annotations/{claim}/", "     200 403 403 403 403 404 401 403"),
    row("api-annotation", "DELETE", "annotations/{claim}/", "    204 403 403 403 403 404 401 403"),
    row("api-annotation-restore", "POST", "annotations/{claim}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-relations", "GET", "relations/", "                  200 200 200 200 200 200 401 200"),
    row("api-relations", "POST", "relations/", "                 201 201 201 201 403 422 401 403"),
    row("api-relation", "GET", "relations/{denies}/", "          200 200 200 200 200 404 401 200"),
    row("api-relation", "PUT", "relations/{new}/", "             201 201 201 201 403 422 401 403"),
    row("api-relation", "PATCH", "relations/{denies}/", "        200 403 403 403 403 404 401 403"),
    row("api-relation", "DELETE", "relations/{denies}/", "       204 403 403 403 403 404 401 403"),
    row("api-relation-restore", "POST", "relations/{denies}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-sources", "GET", "sources/", "                      200 200 200 200 200 200 401 200"),
    row("api-sources", "POST", "sources/", "                     201 201 201 201 403 404 401 403"),
    row("api-source", "GET", "sources/{mayor}/", "               200 200 200 200 200 404 401 200"),
    row("api-source", "PUT", "sources/{new}/", "                 201 201 201 201 403 404 401 403"),
    row("api-source", "PATCH", "sources/{mayor}/", "             200 200 200 200 403 404 401 403"),
    row("api-source", "DELETE", "sources/{idle}/", "             204 204 204 204 403 404 401 403"),
    row("api-source-restore", "POST", "sources/{idle}/restore/", "200 200 200 200 403 404 401 403"),
    row("api-source-merge", "POST", "sources/{mayor}/merge/", "  200 200 200 200 403 404 401 403"),
    row("api-source-unmerge", "POST", "sources/{merged}/unmerge/", "200 200 200 200 403 404 401 403"),
    row("api-source-texts", "GET", "sources/{minutes}/texts/", " 200 200 200 200 200 404 401 200"),
    row("api-source-texts", "POST", "sources/{minutes}/texts/", "201 201 201 201 403 404 401 403"),
    row("api-source-text", "GET", "sources/{minutes}/texts/{text}/text/", "200 200 200 200 200 404 401 200"),
    row("api-source-links", "GET", "source-links/", "            200 200 200 200 200 200 401 200"),
    row("api-source-links", "POST", "source-links/", "           201 403 403 403 403 404 401 403"),
    row("api-source-link", "GET", "source-links/{said}/", "      200 200 200 200 200 404 401 200"),
    row("api-source-link", "PUT", "source-links/{new}/", "       201 403 403 403 403 404 401 403"),
    row("api-source-link", "PATCH", "source-links/{said}/", "    200 403 403 403 403 404 401 403"),
    row("api-source-link", "DELETE", "source-links/{said}/", "   204 403 403 403 403 404 401 403"),
    row("api-source-link-restore", "POST", "source-links/{said}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-layers", "GET", "layers/", "                        200 200 200 200 200 200 401 200"),
    row("api-layers", "POST", "layers/", "                       403 403 403 201 403 404 401 403"),
    row("api-layer", "GET", "layers/{layer}/", "                 200 200 200 200 200 404 401 200"),
    row("api-reviews", "GET", "reviews/", "                      200 200 200 200 200 200 401 200"),
    row("api-review", "GET", "reviews/{review}/", "              200 200 200 200 200 404 401 200"),
    row("api-changes", "GET", "changes/", "                      200 200 200 200 200 200 401 200"),
    row("api-export", "GET", "exports/jsonl/?project=demo", "    200 200 200 200 200 404 401 200"),
    row("api-problems", "GET", "problems/", "                    200 200 200 200 200 200 200 200"),
    row("api-problem", "GET", "problems/stale/", "               200 200 200 200 200 200 200 200"),
    row("api-schema", "GET", "schema/", "                        200 200 200 200 200 200 200 200"),
    row("api-docs", "GET", "docs/", "                            200 200 200 200 200 200 200 200"),
    row("api-nothing-here", "GET", "nothing/", "                 404 404 404 404 404 404 404 404"),
]
# fmt: on


def _filled(value: Any, names: dict[str, str]) -> Any:
    """Put the desk's ids where a row names them."""
    if isinstance(value, str):
        for name, found in names.items():
            value = value.replace(f"{{{name}}}", found)
        return value
    if isinstance(value, dict):
        return {key: _filled(inner, names) for key, inner in value.items()}
    return [_filled(inner, names) for inner in value] if isinstance(value, list) else value


def _names(desk: factories.Desk) -> dict[str, str]:
    review = services.reviews.create(
        thing="annotation", thing_id=uuid.UUID(desk.denial.id), decision="approve", by=factories.actor("rita")
    )
    minutes = factories.source(desk.project, "Minutes", kind="document")
    captured = services.source_texts.create(
        source_id=minutes.id, text="Its words.", by=factories.actor("ana")
    ).row
    merged = factories.source(desk.project, "Merged")
    kept = factories.source(desk.project, "Kept")
    services.merges.merge(source_id=merged.id, into=kept.id, by=factories.actor("ana"))
    return {
        "minutes": str(minutes.id),
        "text": str(captured.id),
        "merged": str(merged.id),
        "new": str(uuid.uuid4()),
        "article": str(desk.article.id),
        "claim": desk.claim.id,
        "denial": desk.denial.id,
        "denies": desk.denies.id,
        "mayor": str(desk.mayor.id),
        "said": desk.said.id,
        "layer": desk.claim.layer,
        "idle": str(factories.source(desk.project, "Nobody's").id),
        "review": str(review.pk),
    }


def _asker(name: str) -> Api:
    if name == "signed out":
        return Api(None)
    return Api("ana", scope="read") if name == "reading" else Api(name)


def _said(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize("asker", ASKERS)
def test_each_of_the_cast_gets_what_the_table_says(desk: factories.Desk, asker: str) -> None:
    names = _names(desk)
    wrong = []
    for name, method, path, statuses, body in TABLE:
        # Each row is asked of the same desk: a write that succeeds is undone before the next.
        got = _asked_and_undone(_asker(asker), method, _filled(path, names), _filled(body, names))
        if got != statuses[asker]:
            wrong.append(f"{name}: {method} {path} is {got}, not {statuses[asker]}")
    assert wrong == []


def _asked_and_undone(api: Api, method: str, path: str, body: Any) -> int:
    with transaction.atomic():
        answer = api.ask(method, path, body)
        if method == "GET":
            _said(answer)
        transaction.set_rollback(True)
    status: int = answer.status_code
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json", (path, answer.content)
        if status == 401:
            assert answer["WWW-Authenticate"].startswith("Bearer")
        if status == 404:
            assert "demo" not in answer.json()["detail"]
    return status


def test_every_address_and_method_is_in_the_table() -> None:
    asked = {(name, method) for name, method, *_rest in TABLE}
    missing = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "view_class", None)
        methods = {
            method.upper() for method in ("get", "post", "put", "patch", "delete") if hasattr(view, method)
        }
        allowed = {method.upper() for method in getattr(view, "http_method_names", ["get"])}
        missing += [
            (pattern.name, method)
            for method in (methods or {"GET"}) & allowed
            if (pattern.name, method) not in asked
        ]
    assert missing == []


@pytest.mark.parametrize("name", ["expired", "revoked", "closed", "unknown", "empty", "long"])
def test_a_token_that_does_not_serve_is_401(desk: factories.Desk, name: str) -> None:
    user = factories.user("ana")
    token, secret = services.tokens.create(user=user, name="t", scope="write")
    if name == "expired":
        Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    elif name == "revoked":
        services.tokens.revoke(user=user, token_id=token.pk)
    elif name == "closed":
        user.is_active = False
        user.save()
    else:
        secret = {"unknown": "fc_unknown", "empty": "", "long": "fc_" + "x" * 5000}[name]
    answer = Api(None).ask("GET", "projects/", Authorization=f"Bearer {secret}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not_authenticated"


def test_the_session_serves_with_its_csrf_token(desk: factories.Desk) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(factories.user("ana"))
    assert browser.get("/api/v1/projects/").json()["results"][0]["slug"] == "demo"
    body = {"article": str(desk.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    refused = browser.post("/api/v1/annotations/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    browser.get("/api/v1/docs/")
    secret = browser.cookies[settings.CSRF_COOKIE_NAME].value
    made = browser.post(
        "/api/v1/annotations/", body, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert made.status_code == 201


def test_the_use_of_a_token_is_noted_once_a_minute(desk: factories.Desk) -> None:
    api = Api("ana")
    tokens = Token.objects.filter(user__username="ana")
    api.get("projects/")
    first = tokens.get().last_used_at
    assert first is not None
    tokens.update(last_used_at=first - timedelta(seconds=30))
    api.get("projects/")
    assert tokens.get().last_used_at == first - timedelta(seconds=30)
    tokens.update(last_used_at=first - timedelta(seconds=90))
    api.get("projects/")
    assert tokens.get().last_used_at >= first
