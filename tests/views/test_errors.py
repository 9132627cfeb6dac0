"""Errors are said in words, in the form that the asker can use; nothing that a client sends is a 500."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client

from factcheck import queries
from factcheck.exceptions import Busy, Conflict, FactcheckError, Gone, Invalid, NotAllowed, NotFound, TooLarge
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def raising(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Have a page run into an error, and return its answer."""
    client.force_login(factories.user("ana"))
    client.raise_request_exception = False

    def ask(error: Exception, **headers: str) -> Any:
        def fail(*args: object, **kwargs: object) -> None:
            raise error

        monkeypatch.setattr(queries.projects, "page", fail)
        return client.get("/", headers=headers)

    return ask


@pytest.mark.parametrize("kind", [NotFound, NotAllowed, Invalid, Conflict, Gone, TooLarge, Busy])
def test_a_refusal_becomes_a_page_that_says_why(
    raising: Callable[..., Any], kind: type[FactcheckError]
) -> None:
    response = raising(kind("The words <b> say why."))
    page = response.content.decode()
    assert response.status_code == kind.status
    assert "The words &lt;b&gt; say why." in page
    assert kind.title in page
    assert "To the projects" in page


def test_a_refusal_of_a_fragment_goes_to_the_notices_and_replaces_nothing(
    raising: Callable[..., Any],
) -> None:
    response = raising(Conflict("Somebody else was quicker."), **{"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Retarget"]) == (409, "#notices")
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


def test_a_program_gets_a_problem(raising: Callable[..., Any]) -> None:
    response = raising(Conflict("Somebody else was quicker.", field="name"), Accept="application/json")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "conflict"
    assert response.json()["field"] == "name"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_database_without_room_is_a_503_that_says_when_to_come_back(
    raising: Callable[..., Any], headers: dict[str, str]
) -> None:
    response = raising(OperationalError("couldn't get a connection after 10.00 sec"), **headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert "connection after" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_fault_of_ours_shows_nothing_of_itself(
    raising: Callable[..., Any], headers: dict[str, str]
) -> None:
    response = raising(ZeroDivisionError("secret inner words"), **headers)
    page = response.content.decode()
    assert response.status_code == 500
    assert "secret inner words" not in page
    assert "Traceback" not in page
    assert "What you had saved is safe" in page


@pytest.mark.parametrize(("error", "status"), [(PermissionDenied(), 403), (SuspiciousOperation(), 400)])
def test_what_django_refuses_is_said_in_words_too(
    raising: Callable[..., Any], error: Exception, status: int
) -> None:
    response = raising(error)
    assert response.status_code == status
    assert "To the projects" in response.content.decode()


def test_an_address_that_leads_nowhere_is_a_404_page(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    assert "Sign in" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/articles/not-a-uuid/", "/projects/%00/", "/sources/12345678901234567890/", "/projects/a b/"]
)
def test_an_address_that_is_malformed_is_a_404(client: Client, address: str) -> None:
    client.force_login(factories.user("ana"))
    assert client.get(address).status_code == 404


def test_a_form_without_its_secret_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("ana"))
    response = client.post("/profile/", {"name": "x"})
    assert response.status_code == 403
    assert "copy what you typed" in response.content.decode()


def test_a_request_that_is_too_large_as_a_whole_is_a_413(client: Client, settings: Any) -> None:
    client.force_login(factories.user("ana"))
    settings.REQUEST_MAX_BYTES = 1000
    response = client.post("/profile/", {"name": "x" * 2000})
    assert response.status_code == 413
    assert "megabytes" in response.content.decode()


def test_a_form_that_django_finds_too_large_is_a_413(client: Client, settings: Any) -> None:
    client.force_login(factories.user("ana"))
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert client.post("/profile/", {"name": "x" * 2000}).status_code == 413


def test_a_form_with_too_many_fields_is_a_400(client: Client) -> None:
    client.force_login(factories.user("ana"))
    assert client.post("/profile/", {f"field{n}": "x" for n in range(1100)}).status_code == 400


def test_a_broken_upload_is_a_400(client: Client) -> None:
    factories.project("demo")
    client.force_login(factories.user("ana"))
    response = client.post(
        "/projects/demo/articles/new/", b"nonsense", content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code in (400, 422)


def test_health_is_told_without_signing_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").content == b"ok\n"

    def fail(*args: object) -> None:
        raise OperationalError("no route")

    monkeypatch.setattr("factcheck.views.health.connection.cursor", fail, raising=False)
    response = client.get("/healthz")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
