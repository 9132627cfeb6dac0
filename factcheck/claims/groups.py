"""Which claims are one: those that repeat each other, directly or through others."""

from collections.abc import Iterable, Sequence


def groups(ids: Iterable[str], repeats: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the connected groups in the order of `ids`; a pair with an end that is not in `ids` joins nothing."""
    parent = {one: one for one in ids}
    for subject, object_ in repeats:
        if subject in parent and object_ in parent:
            parent[_root(parent, subject)] = _root(parent, object_)
    found: dict[str, list[str]] = {}
    for one in parent:
        found.setdefault(_root(parent, one), []).append(one)
    return list(found.values())


def _root(parent: dict[str, str], one: str) -> str:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


def representative(members: Sequence[str], repeating: set[str], repeated: set[str]) -> str:
    """Return the first that others repeat and that repeats none; where all go in a circle, the first of all."""
    for one in members:
        if one in repeated and one not in repeating:
            return one
    return members[0]
