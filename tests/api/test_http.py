"""Every address speaks HTTP alike: HEAD, OPTIONS, Allow, Location, content types, unknown keys and unknown filters."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from factcheck.api.urls import urlpatterns
from tests import factories
from tests.api.client import Api, problem
from tests.api.test_access import BODIES, TABLE, _filled, _names

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Not by a view of the API: the document and its page, and what is nothing.
OTHERS = {"api-schema", "api-docs", "api-nothing-here"}


@pytest.fixture
def names(desk: factories.Desk) -> dict[str, str]:
    return _names(desk)


@pytest.fixture
def mona(desk: factories.Desk) -> Api:
    return Api("mona")


def _rows(method: str) -> list[tuple[str, str]]:
    return [(name, path) for name, of, path, *_rest in TABLE if of == method and name not in OTHERS]


def _views() -> dict[str, Any]:
    return {str(pattern.name): getattr(pattern.callback, "view_class", None) for pattern in urlpatterns}


def test_head_is_get_without_its_body(ana: Api, names: dict[str, str]) -> None:
    for name, path in _rows("GET"):
        address = _filled(path, names)
        got, head = ana.get(address), ana.ask("HEAD", address)
        if got.streaming:
            assert b"".join(got.streaming_content)
        assert head.status_code == got.status_code == 200, name
        for header in ("Content-Type", "ETag", "Cache-Control", "Vary"):
            assert head.get(header) == got.get(header), (name, header)
        assert b"".join(head) == b"", name


def test_options_and_405_tell_the_same_methods(ana: Api, names: dict[str, str]) -> None:
    addresses = {name: _filled(path, names) for name, _method, path, *_rest in TABLE if name not in OTHERS}
    for name, address in addresses.items():
        view = _views()[name]
        able = {
            method
            for method in METHODS
            if method.lower() in view.http_method_names
            and hasattr(view, "get" if method == "HEAD" else method.lower())
        }
        told = ana.ask("OPTIONS", address)
        assert (told.status_code, set(told["Allow"].split(", "))) == (204, able), name
        for method in METHODS - able - {"HEAD"}:
            refused = ana.ask(method, address)
            problem(refused, 405, "method_not_allowed")
            assert set(refused["Allow"].split(", ")) == able, (name, method)


def test_what_is_made_is_found_where_it_is_said_to_be(mona: Api, names: dict[str, str]) -> None:
    made = 0
    for name, path in _rows("POST") + _rows("PUT"):
        method = "POST" if (name, path) in _rows("POST") else "PUT"
        with transaction.atomic():
            answer = mona.ask(method, _filled(path, names), _filled(BODIES.get((name, method)), names))
            if answer.status_code == 201:
                made += 1
                found = mona.get(answer["Location"].removeprefix("http://testserver"))
                assert found.status_code == 200, name
                if found["Content-Type"] == "application/json":
                    assert (found.json(), found["ETag"]) == (answer.json(), answer["ETag"]), name
            else:
                assert "Location" not in answer, name
            transaction.set_rollback(True)
    assert made >= 10


def test_a_body_in_another_form_and_an_unknown_key_are_refused(mona: Api, names: dict[str, str]) -> None:
    for (name, method), body in BODIES.items():
        address = _filled(next(path for of, how, path, *_rest in TABLE if (of, how) == (name, method)), names)
        wrong = mona.ask(method, address, body=b"<a/>", Content_Type="application/xml")
        problem(wrong, 415, "unsupported_media_type")
        unknown = mona.ask(method, address, _filled(body, names) | {"surprise": 1})
        said = problem(unknown, 422, "invalid")
        assert name == "api-annotations-bulk" or said["field"] == "surprise", (name, said)
        for nothing in (b"", b"null", b"[]", b'"x"', b"5"):
            if method != "PATCH" or nothing:  # nothing at all may be changed, if one may change it
                assert mona.ask(method, address, body=nothing).status_code == 422, (name, nothing)


def test_what_comes_with_a_file_is_checked_alike(ana: Api, names: dict[str, str]) -> None:
    address = f"sources/{names['minutes']}/texts/"

    def form(**fields: Any) -> Any:
        return ana.client.post(
            f"/api/v1/sources/{names['minutes']}/texts/",
            fields,
            headers={"Authorization": ana.headers["Authorization"]},
        )

    def file(words: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("minutes.txt", words.encode("utf-16"))

    made = form(file=file("Überprüft im Mai."), url="https://example.org/")
    assert (made.status_code, made.json()["length"], made["ETag"]) == (201, 17, '"2"')
    problem(form(file=file("x"), surprise="1"), 422, "invalid", "surprise")
    problem(form(file=file("x"), text="y"), 422, "invalid", "text")
    problem(ana.post(address, {"text": "An edited one."}, If_Match='"1"'), 412, "stale")
    assert ana.post(address, {"text": "An edited one."}, If_Match='"2"').status_code == 201
