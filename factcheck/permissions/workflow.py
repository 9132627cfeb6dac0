"""How work moves: the states of a layer, the phase of an article, and what the decisions on a thing say together.

`TRANSITIONS` is the one table of what may follow what; docs/review.md is drawn from it, and a test compares the two.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from factcheck.exceptions import Conflict


class Transition(NamedTuple):
    """A step of a layer: what is done, from which states to which one, and by whom."""

    act: str
    before: tuple[str, ...]
    after: str
    by: str


TRANSITIONS = (
    Transition("assign", (), "not_started", "manager"),
    Transition("start", ("not_started",), "in_progress", "owner, by tagging"),
    Transition("submit", ("not_started", "in_progress", "reopened"), "submitted", "owner"),
    Transition("reopen", ("submitted",), "reopened", "owner or manager"),
)
"""Every step that a layer can take, in the order in which work goes."""


class Progress(NamedTuple):
    """How much of an article is done: layers that count (nobody excused), and things by what they wait for."""

    layers: int
    submitted: int
    waiting: int  # for a reviewer: pending or split
    asked: int  # for the author: a change is asked
    proposed: int  # for the author: an annotation is proposed


def state_after(act: str, state: str) -> str:
    """Return the state in which a layer is after a step; raise `Conflict` when the table does not allow it."""
    step = next(step for step in TRANSITIONS if step.act == act)
    if state not in step.before:
        raise Conflict(
            _("This cannot be done now: the work is %(state)s.") % {"state": _STATES[state]}, field="state"
        )
    return step.after


# For sentences; the words of the screen stand in the templates.
_STATES = {
    "not_started": "not started",
    "in_progress": "in progress",
    "submitted": "submitted",
    "reopened": "reopened",
}


def phase(progress: Progress) -> str:
    """Return an article's phase: `annotating`, `in_review` or `settled`.

    It is annotated until everybody who counts has submitted (an article without layers waits for its first), in review
    until nothing waits for a reviewer or an author, then settled.
    """
    if progress.layers == 0 or progress.submitted < progress.layers:
        return "annotating"
    if progress.waiting or progress.asked or progress.proposed:
        return "in_review"
    return "settled"


def opens(progress: Progress) -> bool:
    """Tell whether the layers of a blind project's article open: all who count have submitted."""
    return progress.layers > 0 and progress.submitted == progress.layers


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
