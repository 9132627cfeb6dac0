"""A program that asks the API as one person, with a token of its own."""

import json as stdlib_json
from typing import Any

from django.test import Client

from factcheck import services
from tests import factories

ROOT = "/api/v1/"


class Api:
    """Asks as a person; `None` asks signed out. Addresses are relative to `/api/v1/`."""

    def __init__(self, username: str | None, *, scope: str = "write", secret: str | None = None) -> None:
        self.client = Client()
        if username is not None and secret is None:
            _token, secret = services.tokens.create(user=factories.user(username), name="tests", scope=scope)
        self.secret = secret
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def ask(
        self, method: str, path: str, json: Any = None, *, body: bytes | None = None, **headers: str
    ) -> Any:
        """Send a request; headers are written with underscores, as `If_Match`."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if json is not None:
            body = stdlib_json.dumps(json).encode()
        return self.client.generic(
            method,
            path if path.startswith(("/", "http")) else ROOT + path,
            body or b"",
            content_type=sent.pop("Content-Type", "application/json"),
            headers=sent,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, json: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, json, **headers)

    def put(self, path: str, json: Any, **headers: str) -> Any:
        return self.ask("PUT", path, json, **headers)

    def patch(self, path: str, json: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, json, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)

    def all(self, path: str) -> list[Any]:
        """Walk a list to its end by `next`."""
        found, address = [], ROOT + path
        for _page in range(1000):
            answer = self.get(address)
            assert answer.status_code == 200, answer.content
            found += answer.json()["results"]
            if answer.json()["next"] is None:
                return found
            address = answer.json()["next"].replace("http://testserver", "")
        raise AssertionError("The list has no end.")


def problem(answer: Any, status: int, code: str, field: str | None = None) -> Any:
    """Assert that the answer is this problem, and return it."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["type"].endswith(f"/api/v1/problems/{code}/")
    assert body["title"]
    assert body["detail"]
    if field is not None:
        assert body["field"] == field, body
    return body


def span(text: str, words: str) -> dict[str, int]:
    """Return where the words stand first, in code points."""
    start = text.index(words)
    return {"start": start, "end": start + len(words)}
