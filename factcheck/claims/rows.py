"""Rows of the claim map out of an article's statements, links and relations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from factcheck.claims import gaps
from factcheck.claims.dates import is_later
from factcheck.claims.groups import groups, representative
from factcheck.claims.records import Article, ClaimRow, Link, Links, Related, Relation, Statement

_MANNERS = ("explicit", "", "implied")  # the stronger first
By = defaultdict[tuple[str, str], list[tuple[str, str]]]


def build(
    article: Article, statements: Sequence[Statement], links: Links, relations: Sequence[Relation]
) -> list[ClaimRow]:
    """Return a row for each group of claims of which one stands in the article.

    `statements` come in text order, those of other articles last. Rows come in the order of their first claim.
    """
    by_id = {one.id: one for one in statements}
    known = [one for one in relations if one.subject in by_id and one.object in by_id]
    repeats = [(one.subject, one.object) for one in known if one.kind == "repeats"]
    repeating, repeated = {pair[0] for pair in repeats}, {pair[1] for pair in repeats}
    joined = _Joined(article, by_id, links, known)
    rows: list[ClaimRow] = []
    for ids in groups([one.id for one in statements if one.tag == "claim"], repeats):
        if by_id[ids[0]].article == article.id:
            root = representative(ids, repeating, repeated) if len(ids) > 1 else ids[0]
            rows.append(joined.row(len(rows) + 1, root, ids))
    return rows


class _Joined:
    """Everything by the id that it hangs on."""

    def __init__(
        self, article: Article, by_id: dict[str, Statement], links: Links, relations: Iterable[Relation]
    ) -> None:
        self.article = article
        self.by_id = by_id
        self.links = links
        self.to: By = defaultdict(list)
        self.of: By = defaultdict(list)
        self.kinds = set()
        for kind, subject, object_, manner, _subject, _object in relations:
            self.to[kind, object_].append((subject, manner))
            self.of[kind, subject].append((object_, manner))
            self.kinds.add(kind)
        # Whom somebody speaks for anywhere in the map: there and here it is one voice.
        self.bodies: defaultdict[str, set[str]] = defaultdict(set)
        for given in links.values():
            for link in given:
                if link.behalf and link.behalf != link.source and link.role == "speaker":
                    self.bodies[link.source].add(link.behalf)

    def row(self, number: int, root: str, ids: list[str]) -> ClaimRow:
        """Gather what hangs on any of the claims."""
        members = [self.by_id[one] for one in ids]
        given = [link for one in ids for link in self.links.get(one, ())]
        row = ClaimRow(
            number=number,
            claim=self.by_id[root],
            members=members,
            voices=self._voices(given),
            unattributed=sum(not self._has_speaker(one) for one in ids),
            concerned=list(
                {link.source: link for link in reversed(given) if link.role == "concerns"}.values()
            )[::-1],
            denials=self._related("denies", ids),
            evidence_for=self._related("supports", ids),
            evidence_against=self._related("refutes", ids),
            documents=[link for link in given if link.role == "document"],
            contradictions=self._others("contradicts", ids, self.to, self.of),
            spoken_about=self._others("about", ids, self.to),
            is_about=self._others("about", ids, self.of),
            context=self._others("context", ids, self.to),
            findings=list(dict.fromkeys(value for one in members if (value := one.attribute("finding")))),
        )
        row.later = self._later(row)
        here = any(one.statement.article == self.article.id for one in row.denials)
        row.gaps = gaps.of(row, here, lambda: self._answering(row))
        return row

    def _has_speaker(self, one: str) -> bool:
        given = self.links.get(one, ())
        return len(given) > 0 and given[0].role == "speaker"  # speakers come first

    def _voices(self, given: Iterable[Link]) -> list[str]:
        """Count each body once, whoever speaks for it; who speaks for a body that is counted is no further voice."""
        said = [link for link in given if link.role == "speaker"]
        found = dict.fromkeys(link.behalf or link.source for link in said)
        if len(found) > 1:
            for one in list(found):
                if not self.bodies[one].isdisjoint(found):
                    del found[one]
        return list(found)

    def _answering(self, row: ClaimRow) -> set[str]:
        said = [
            link
            for one in row.denials
            for link in self.links.get(one.statement.id, ())
            if link.role == "speaker"
        ]
        found = {link.source for link in said} | {link.behalf for link in said if link.behalf}
        return found.union(*(self.bodies[link.source] for link in said if not link.behalf))

    def _related(self, kind: str, ids: Iterable[str]) -> list[Related]:
        """Return each statement once, in its strongest manner; the strongest and then the text's order first."""
        found: dict[str, int] = {}
        for one in ids if kind in self.kinds else ():
            for other, manner in self.to.get((kind, one), ()):
                rank = _MANNERS.index(manner) if manner in _MANNERS else 1
                found[other] = min(rank, found.get(other, rank))
        ordered = list(found)
        if len(ordered) > 1:
            ordered.sort(key=lambda one: (found[one], self._place(one)))
        return [Related(self.by_id[one], _MANNERS[found[one]]) for one in ordered]

    def _others(self, kind: str, ids: Sequence[str], *sides: By) -> list[Statement]:
        if kind not in self.kinds:
            return []
        found = {other for side in sides for one in ids for other, _manner in side.get((kind, one), ())}
        return [self.by_id[one] for one in sorted(found.difference(ids), key=self._place)]

    def _place(self, one: str) -> tuple[bool, str, int]:
        statement = self.by_id[one]
        return statement.article != self.article.id, statement.article, statement.start

    def _later(self, row: ClaimRow) -> bool | None:
        """Say whether any evidence is later than the claim; False where there is none, None where a date is missing."""
        evidence = [one.statement for one in (*row.evidence_for, *row.evidence_against)]
        documents = [link for link in row.documents if link.stance in ("supports", "refutes")]
        if not (evidence or documents):
            return False
        said = row.claim.attribute("said_on") or self._published(row.claim)
        answers = [is_later(self._dated(one, row.claim), said) for one in evidence]
        # All that is known of a document's age is that it was there when it was read.
        answers += [None if is_later(link.accessed_at, said) is not False else False for link in documents]
        return True if True in answers else None if None in answers else False

    def _published(self, one: Statement) -> str:
        return self.article.published_at if one.article == self.article.id else one.published_at or ""

    def _dated(self, one: Statement, claim: Statement) -> str:
        """Return the evidence's own date; that of its article says something only if the claim stands in another."""
        return one.attribute("said_on") or ("" if one.article == claim.article else self._published(one))
