"""The status is one pure function of the decisions, tried over its whole truth table."""

from pathlib import Path

import pytest

from factcheck.exceptions import Conflict
from factcheck.permissions import workflow


@pytest.mark.parametrize(
    ("decisions", "needed", "status"),
    [
        ([], 1, "pending"),
        (["ask"], 1, "pending"),
        (["approve"], 1, "approved"),
        (["approve", "ask"], 1, "approved"),
        (["approve"], 2, "pending"),
        (["approve", "approve"], 2, "approved"),
        (["change"], 2, "change_asked"),
        (["reject"], 2, "rejected"),
        (["reject", "reject"], 1, "rejected"),
        (["approve", "reject"], 1, "split"),
        (["approve", "change"], 2, "split"),
        (["change", "reject", "ask"], 1, "split"),
    ],
)
def test_status_of_decisions(decisions: list[str], needed: int, status: str) -> None:
    assert workflow.status(decisions, approvals_needed=needed) == status


def test_the_documentation_draws_the_table_of_transitions() -> None:
    text = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")
    drawn = text.split("<!-- transitions -->")[1].split("<!-- end of transitions -->")[0].strip().splitlines()
    said = [[cell.strip() for cell in line.strip("|").split("|")] for line in drawn[2:]]
    assert said == [[step.act, ", ".join(step.before), step.after, step.by] for step in workflow.TRANSITIONS]


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        ((0, 0, 0, 0, 0), "annotating"),
        ((2, 1, 0, 0, 0), "annotating"),
        ((2, 2, 1, 0, 0), "in_review"),
        ((2, 2, 0, 1, 0), "in_review"),
        ((2, 2, 0, 0, 1), "in_review"),
        ((2, 2, 0, 0, 0), "settled"),
    ],
)
def test_phase_of_an_article(progress: tuple[int, int, int, int, int], said: str) -> None:
    assert workflow.phase(workflow.Progress(*progress)) == said


@pytest.mark.parametrize("act", ["start", "submit", "reopen"])
@pytest.mark.parametrize("state", ["not_started", "in_progress", "submitted", "reopened"])
def test_every_step_from_every_state(act: str, state: str) -> None:
    step = next(step for step in workflow.TRANSITIONS if step.act == act)
    if state in step.before:
        assert workflow.state_after(act, state) == step.after
    else:
        with pytest.raises(Conflict):
            workflow.state_after(act, state)
