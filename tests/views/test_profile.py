"""One's own account: tokens that are shown once and can be ended, and the password."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factcheck import services
from factcheck.models import Token
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Client:
    client.force_login(factories.user("ana"))
    return client


def secret_on(page: str) -> str:
    found = re.search(r'id="token-secret">([^<]*)<', page)
    return found.group(1) if found else ""


def test_a_token_is_made_and_its_secret_shown_once(ana: Client) -> None:
    response = ana.post("/profile/", {"name": "pandas", "scope": "write", "expires": "30"})
    secret = secret_on(response.content.decode())
    token = Token.objects.get()
    assert response.status_code == 201
    assert "no-store" in response.headers["Cache-Control"]
    assert bytes(token.digest) == services.tokens.digest(secret)
    assert (token.name, token.scope) == ("pandas", "write")
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    page = ana.get("/profile/").content.decode()
    assert "pandas" in page
    assert secret not in page


def test_a_token_is_limited_to_the_projects_that_are_chosen(ana: Client) -> None:
    chosen, other = factories.project("chosen"), factories.project("other")
    services.projects.update(project_id=chosen.pk, by=factories.actor("mona"), name="The chosen desk")
    made = ana.post("/profile/", {"name": "cms", "scope": "read", "expires": "30", "projects": ["chosen"]})
    assert made.status_code == 201
    assert Token.objects.get().projects == [chosen.pk]
    assert "<bdi>The chosen desk</bdi></td>" in made.content.decode()
    services.projects.remove_member(project_id=chosen.pk, username="ana", by=factories.actor("mona"))
    page = ana.get("/profile/").content.decode()
    assert "none any more" in page
    assert "The chosen desk" not in page
    refused = ana.post("/profile/", {"name": "t", "scope": "read", "expires": "30", "projects": ["chosen"]})
    assert (refused.status_code, "projects" in refused.context["form"].errors) == (422, True)
    assert other.slug in dict(refused.context["form"].fields["projects"].choices)


def test_a_token_may_have_no_end(ana: Client) -> None:
    ana.post("/profile/", {"name": "cms", "scope": "read", "expires": "never"})
    assert Token.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"scope": "admin"}, "scope"),
        ({"expires": "-1"}, "expires"),
        ({"expires": "9" * 40}, "expires"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(ana: Client, changed: dict[str, str], field: str) -> None:
    response = ana.post("/profile/", {"name": "pandas", "scope": "read", "expires": "30", **changed})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Token.objects.exists()


def test_a_token_is_revoked_by_its_owner_alone(ana: Client) -> None:
    token, _secret = services.tokens.create(user=factories.user("ana"), name="pandas", scope="read")
    ben = Client()
    ben.force_login(factories.user("ben"))
    assert "pandas" not in ben.get("/profile/").content.decode()
    assert ben.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 404
    assert ana.get(f"/profile/tokens/{token.pk}/revoke/").status_code == 405
    assert Token.objects.get().revoked_at is None
    assert ana.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 303
    assert Token.objects.get().revoked_at is not None
    page = ana.get("/profile/").content.decode()
    assert "The token is revoked" in page
    assert "You have no tokens" in page


def test_a_token_that_has_ended_says_so(ana: Client) -> None:
    services.tokens.create(user=factories.user("ana"), name="pandas", scope="read")
    Token.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "has ended" in ana.get("/profile/").content.decode()


def test_the_password_is_changed_and_the_sign_in_goes_on(ana: Client) -> None:
    user = factories.user("ana")
    user.set_password("the old password 1")
    user.save()
    ana.force_login(user)
    given = {
        "old_password": "the old password 1",
        "new_password1": "a new and long one",
        "new_password2": "a new and long one",
    }
    assert ana.post("/profile/password/", {**given, "old_password": "wrong"}).status_code == 422
    assert ana.post("/profile/password/", {**given, "new_password2": "other"}).status_code == 422
    assert ana.post("/profile/password/", given).headers["Location"] == "/profile/"
    assert "Your password is changed." in ana.get("/profile/").content.decode()
    assert Client().login(username="ana", password="a new and long one")
