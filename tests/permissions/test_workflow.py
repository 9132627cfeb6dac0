"""The status is one pure function of the decisions, tried over its whole truth table."""

import pytest

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
