"""Role by role: who may do what, with both faces of each check."""

from uuid import uuid4

import pytest

from factcheck.exceptions import NotAllowed
from factcheck.permissions import checks
from factcheck.roles import Role

ROLES = ("viewer", "annotator", "reviewer", "manager")


@pytest.mark.parametrize(
    ("check", "least"),
    [
        (checks.check_can_annotate, "annotator"),
        (checks.check_can_load_articles, "annotator"),
        (checks.check_can_edit_sources, "annotator"),
        (checks.check_can_manage, "manager"),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_check_by_role(check: object, least: str, role: str) -> None:
    may = ROLES.index(role) >= ROLES.index(least)
    assert checks.allowed(check, Role(role)) is may  # type: ignore[arg-type]
    reason = checks.reason(check, Role(role))  # type: ignore[arg-type]
    assert (reason == "") is may
    if not may:
        assert role in reason
        assert least in reason


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", ["nothing", "author", "owner"])
def test_deciding_needs_the_role_and_other_eyes(role: str, own: str) -> None:
    me, other = uuid4(), uuid4()
    author = me if own == "author" else other
    owner = me if own == "owner" else other
    may = role in ("reviewer", "manager") and own == "nothing"
    asked = {"reviewer": me, "author": author, "owner": owner}
    assert checks.allowed(checks.check_can_review, Role(role), **asked) is may


def test_reference_layer_is_nobodys() -> None:
    with pytest.raises(NotAllowed, match="adjudication"):
        checks.check_owns_layer(person=uuid4(), owner=None)
