"""The order of roles is the order of rights."""

import pytest

from factcheck.roles import Role, includes


@pytest.mark.parametrize("rank", range(len(Role)))
def test_role_includes_itself_and_all_before_it(rank):
    roles = list(Role)
    assert [includes(roles[rank], other) for other in roles] == [index <= rank for index in range(len(roles))]


def test_roles_are_in_the_order_of_the_design():
    assert list(Role) == ["viewer", "annotator", "reviewer", "manager"]


def test_plain_strings_from_the_database_will_do():
    assert includes("manager", "reviewer")
    assert not includes("viewer", "annotator")


def test_unknown_role_is_an_error():
    with pytest.raises(ValueError, match="editor"):
        includes("editor", "viewer")
