"""Commands that make accounts, tokens and sign-in links."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from factcheck import services
from factcheck.models import Token, User
from tests import factories

pytestmark = pytest.mark.django_db


def said(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_create_token_prints_the_token_alone() -> None:
    ana = factories.user("ana")
    printed = said("create_token", "ana", "--scope", "read")
    assert re.fullmatch(r"fc_[\w-]{43}\n", printed)
    token = Token.objects.get(user=ana)
    assert (token.scope, bytes(token.digest)) == ("read", services.tokens.digest(printed.strip()))


def test_create_token_wants_a_scope() -> None:
    factories.user("ana")
    with pytest.raises(CommandError, match="--scope"):
        said("create_token", "ana")


def test_login_link_works_once_and_leads_to_the_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = factories.user("ana")
    monkeypatch.setenv("PORT", "8123")
    link = re.fullmatch(r"http://127\.0\.0\.1:8123/enter/([\w-]+)/\n", said("login_link", "ana"))
    assert link
    assert services.tokens.enter(link[1]) == ana
    with pytest.raises(services.tokens.NotFound):
        services.tokens.enter(link[1])


@pytest.mark.parametrize("command", [("login_link",), ("create_token", "--scope", "read")])
def test_unknown_person_is_said_to_be_unknown(command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="no active account named zoe"):
        said(command[0], "zoe", *command[1:])


def test_create_user_makes_an_account_that_can_sign_in() -> None:
    said("create_user", "zoe", "--password", "seven wild geese")
    zoe = User.objects.get(username="zoe")
    assert zoe.check_password("seven wild geese")
    assert not zoe.is_superuser
    assert zoe.date_joined <= timezone.now()


def test_create_user_without_password_leaves_only_sign_in_links() -> None:
    said("create_user", "zoe")
    assert not User.objects.get(username="zoe").has_usable_password()


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [("ana", None, "already exists"), ("a b", None, "valid username"), ("zoe", "zoe", "too short")],
)
def test_create_user_refuses_in_words(name: str, password: str | None, words: str) -> None:
    factories.user("ana")
    before = User.objects.count()
    with pytest.raises(CommandError, match=words):
        said("create_user", name, password=password)
    assert User.objects.count() == before
