"""Signing in: by password, and once by a link."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factcheck import services
from factcheck.models import SignInLink
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def secret() -> str:
    return services.tokens.sign_in_link(factories.user("ana"))


def is_signed_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_a_password_signs_in_and_leads_on(client: Client) -> None:
    factories.user("ana", password=PASSWORD)
    given = {"username": "ana", "password": PASSWORD, "next": "/profile/"}
    assert client.post("/sign-in/", given).headers["Location"] == "/profile/"
    assert is_signed_in(client)


def test_a_wrong_password_is_refused_and_the_name_kept(client: Client) -> None:
    factories.user("ana", password=PASSWORD)
    response = client.post("/sign-in/", {"username": "ana", "password": "wrong"})
    assert response.status_code == 422
    assert 'value="ana"' in response.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_off_the_site(client: Client, next_page: str) -> None:
    factories.user("ana", password=PASSWORD)
    given = {"username": "ana", "password": PASSWORD, "next": next_page}
    assert client.post("/sign-in/", given).headers["Location"] == "/"


def test_who_is_signed_out_is_brought_back_to_the_page_asked_for(client: Client) -> None:
    assert client.get("/projects/demo/").headers["Location"] == "/sign-in/?next=/projects/demo/"


def test_signing_out_is_a_post(client: Client) -> None:
    client.force_login(factories.user("ana"))
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    client.post("/sign-out/")
    assert not is_signed_in(client)


def test_a_link_signs_in_once(client: Client, secret: str) -> None:
    response = client.get(f"/enter/{secret}/")
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    assert "no-store" in response.headers["Cache-Control"]
    assert is_signed_in(client)
    again = Client()
    spent = again.get(f"/enter/{secret}/")
    assert spent.status_code == 410
    assert "manage.py login_link" in spent.content.decode()
    assert not is_signed_in(again)


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
)
def test_a_look_ahead_does_not_use_the_link_up(client: Client, secret: str, headers: dict[str, str]) -> None:
    response = client.get(f"/enter/{secret}/", headers=headers)
    assert (response.status_code, "no-store" in response.headers["Cache-Control"]) == (204, True)
    assert client.get(f"/enter/{secret}/").status_code == 303


def test_head_does_not_use_the_link_up_and_post_is_refused(client: Client, secret: str) -> None:
    assert client.head(f"/enter/{secret}/").status_code == 204
    assert client.post(f"/enter/{secret}/").status_code == 405
    assert client.get(f"/enter/{secret}/").status_code == 303


def test_a_link_ends_after_ten_minutes(client: Client, secret: str) -> None:
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/enter/{secret}/").status_code == 410
    assert not is_signed_in(client)


def test_a_link_of_a_closed_account_does_not_open_it(client: Client, secret: str) -> None:
    user = factories.user("ana")
    user.is_active = False
    user.save()
    assert client.get(f"/enter/{secret}/").status_code == 410


@pytest.mark.parametrize("secret", ["x" * 5000, "%00", "%ED%A0%80", "%F0%9F%98%80"])
def test_nonsense_is_a_spent_link(client: Client, secret: str) -> None:
    assert client.get(f"/enter/{secret}/").status_code == 410


@pytest.mark.parametrize("username", ["", "a\x00b", "x" * 5000, "<b>"])
def test_nonsense_for_a_name_is_a_refused_form(client: Client, username: str) -> None:
    response = client.post("/sign-in/", {"username": username, "password": "p\x00"})
    assert response.status_code == 422
    assert "<b>" not in response.content.decode()
