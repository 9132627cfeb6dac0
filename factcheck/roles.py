"""What a member may be in a project: four roles, each with all that those before it may."""

from enum import StrEnum


class Role(StrEnum):
    """A role in a project, from the least to the most; the order of definition is the order of rights."""

    VIEWER = "viewer"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"
    MANAGER = "manager"


_RANK = {role: rank for rank, role in enumerate(Role)}


def includes(role: Role | str, other: Role | str) -> bool:
    """Say whether `role` may do all that `other` may: `includes("reviewer", "annotator")` is true.

    Values from the database (plain strings) will do; a word that is no role raises `ValueError`.
    """
    return _RANK[Role(role)] >= _RANK[Role(other)]
