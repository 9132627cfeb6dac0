"""What is missing: each gap by its name, with the rule that finds it in a row."""

from collections.abc import Callable, Iterable

from factcheck.claims.records import ClaimRow

# The voices (ids of sources) behind the row's denials, in the row's own article or anywhere.
Answered = Callable[[], set[str]]


def _accused_silent(row: ClaimRow, here: bool, answered: Answered) -> bool:
    return bool(row.concerned) and answered().isdisjoint(link.source for link in row.concerned)


def _asserted_only(row: ClaimRow, here: bool, answered: Answered) -> bool:
    """All evidence for it is only said to exist; what is described, or found by the desk, is not a gap."""
    return (
        bool(row.evidence_for)
        and all(one.statement.attribute("presence") == "asserted" for one in row.evidence_for)
        and not any(link.stance == "supports" for link in row.documents)
    )


# In the order in which they are offered. `here` says whether a denial in the article itself answers it.
GAPS: dict[str, Callable[[ClaimRow, bool, Answered], bool]] = {
    "no_answer": lambda row, here, answered: not here,
    "accused_silent": _accused_silent,
    "one_source": lambda row, here, answered: len(row.voices) == 1 and not row.unattributed,
    "speaker_missing": lambda row, here, answered: row.unattributed > 0,
    "asserted_only": _asserted_only,
    "later_evidence": lambda row, here, answered: row.later is True,
    "date_unknown": lambda row, here, answered: row.later is None,
    "contradicted": lambda row, here, answered: bool(row.contradictions),
}


def of(row: ClaimRow, here: bool, answered: Answered) -> tuple[str, ...]:
    """Return the names of the row's gaps."""
    return tuple([name for name, holds in GAPS.items() if holds(row, here, answered)])


def counts(rows: Iterable[ClaimRow]) -> dict[str, int]:
    """Count the rows that have each gap; a gap that none has is 0."""
    found = dict.fromkeys(GAPS, 0)
    for row in rows:
        for name in row.gaps:
            found[name] += 1
    return found
