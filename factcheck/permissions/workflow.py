"""What the decisions on a thing say together: one pure function, whose result is stored for filters."""

from collections.abc import Iterable


def status(decisions: Iterable[str], *, approvals_needed: int) -> str:
    """Return the status that the live decisions on the present version give.

    `ask` does not count. None left: `pending`. All alike: `approved` (once there are as many as the project
    needs, until then `pending`), `change_asked` or `rejected`. Of two kinds or more: `split`.

    >>> status(["approve", "ask"], approvals_needed=1)
    'approved'
    """
    counted = [decision for decision in decisions if decision != "ask"]
    kinds = set(counted)
    if not kinds:
        return "pending"
    if len(kinds) > 1:
        return "split"
    if kinds == {"approve"}:
        return "approved" if len(counted) >= approvals_needed else "pending"
    return "change_asked" if kinds == {"change"} else "rejected"
