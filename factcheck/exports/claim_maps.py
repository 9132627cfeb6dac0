"""The claim map as CSV: one row a group of claims, lists flattened; no cell starts a formula."""

from collections.abc import Iterable
from typing import NamedTuple

from factcheck.claims.records import ClaimRow, Link, Links, Related, Statement
from factcheck.exports.csv import BETWEEN, escape_cell


class Cells(NamedTuple):
    """The cells of one row; several values in one stand in the same order in the columns that belong together."""

    number: str
    claim: str  # id of the one that stands for the group
    exact: str
    claims: str  # ids of all of them
    times: str
    voices: str  # how many said it, an alias or a body and its spokesperson counted once
    speakers: str
    on_behalf_of: str
    speaker_missing: str  # of how many claims nobody is given
    concerns: str
    denials: str
    denied_by: str
    denials_exact: str
    denials_manner: str
    evidence_for: str
    evidence_for_exact: str
    evidence_for_presence: str
    evidence_for_manner: str
    evidence_against: str
    evidence_against_exact: str
    evidence_against_presence: str
    evidence_against_manner: str
    documents: str  # found by the desk
    documents_stance: str
    documents_url: str
    contradicts: str
    about: str
    context: str
    finding: str
    later_evidence: str  # yes, no, unknown
    gaps: str


LATER = {True: "yes", False: "no", None: "unknown"}


def write(rows: Iterable[ClaimRow], links: Links) -> bytes:
    """Return CSV in UTF-8 without a mark, header first, lines ended by CRLF, all cells but the header's quoted."""
    table = [_cells(row, links) for row in rows]
    lines = [",".join(f'"{_quoted(cell)}"' for cell in cells) for cells in table]
    return "".join(f"{line}\r\n" for line in (",".join(Cells._fields), *lines)).encode()


def _quoted(cell: str) -> str:
    return escape_cell(cell).replace('"', '""')


def _cells(row: ClaimRow, links: Links) -> Cells:
    said = _speakers(row.members, links)
    return Cells(
        str(row.number),
        row.claim.id,
        row.claim.words,
        _ids(row.members),
        str(len(row.members)),
        str(len(row.voices)),
        BETWEEN.join(dict.fromkeys(link.name for link in said)),
        BETWEEN.join(dict.fromkeys(link.behalf_name for link in said if link.behalf_name)),
        str(row.unattributed),
        BETWEEN.join(link.name for link in row.concerned),
        _ids(one.statement for one in row.denials),
        BETWEEN.join(
            ", ".join(link.name for link in _speakers([one.statement], links)) for one in row.denials
        ),
        BETWEEN.join(one.statement.words for one in row.denials),
        BETWEEN.join(one.manner for one in row.denials),
        *_evidence(row.evidence_for),
        *_evidence(row.evidence_against),
        BETWEEN.join(link.name for link in row.documents),
        BETWEEN.join(link.stance or "" for link in row.documents),
        BETWEEN.join(link.url for link in row.documents),
        _ids(row.contradictions),
        _ids(row.spoken_about),
        _ids(row.context),
        BETWEEN.join(row.findings),
        LATER[row.later],
        BETWEEN.join(row.gaps),
    )


def _evidence(related: list[Related]) -> tuple[str, str, str, str]:
    return (
        _ids(one.statement for one in related),
        BETWEEN.join(one.statement.words for one in related),
        BETWEEN.join(str(one.statement.attribute("presence")) for one in related),
        BETWEEN.join(one.manner for one in related),
    )


def _ids(statements: Iterable[Statement]) -> str:
    return BETWEEN.join(one.id for one in statements)


def _speakers(statements: Iterable[Statement], links: Links) -> list[Link]:
    return [link for one in statements for link in links.get(one.id, ()) if link.role == "speaker"]
