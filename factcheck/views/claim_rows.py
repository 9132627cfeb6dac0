"""Draws the rows of the claim map as a table's, and the notes that stand for its links on paper.

Plain string building, because a long article has hundreds of rows. Each quotation carries the number of its note:
the row's own for the claim, 7.1 and so on for what else the seventh row quotes.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from django.urls import reverse

from factcheck.claims.records import ClaimRow, Link, Related, Statement
from factcheck.queries.claim_maps import ClaimMap
from factcheck.services.projects import STANDING
from factcheck.views import claim_words

_LONGEST = 180  # characters shown of a quotation in the table; the note has it whole
# Where documents of the desk stand that neither support nor refute.
_STANCES = {"context": "context", "shown_in": "said"}
_PLACEHOLDER = "00000000-0000-0000-0000-000000000000"


class Drawing:
    """One map being drawn: rows into `body`, notes into `notes`."""

    def __init__(self, shown: ClaimMap) -> None:
        self.links = shown.links
        self.language = escape(shown.article.language)
        self.here = str(shown.article.id)
        self.before, _id, self.after = reverse("articles:page", args=[_PLACEHOLDER]).partition(_PLACEHOLDER)
        self.words = claim_words.phrases()
        self.values = claim_words.values()
        self.gaps = claim_words.gaps()
        self.notes: list[str] = []
        # The same few sentences again and again: translated once.
        self._said_words = cache(claim_words.said)
        self._more, self._answers = cache(claim_words.more), cache(claim_words.answers)
        self._plain_names: dict[str, str] = {}
        self._source_names: dict[str, str] = {}
        self._row, self._note = 0, 0

    def body(self, rows: Iterable[ClaimRow]) -> str:
        """Return the rows; their notes are in `notes` afterwards."""
        return "".join([self._drawn(row) for row in rows])

    def _drawn(self, row: ClaimRow) -> str:
        self._row, self._note = row.number, 0
        said = self.words
        return (
            f'<tr role="row" id="row-{row.number}">'
            f'<th role="rowheader" scope="row"><span class="map-n">{row.number}</span>{self._claim(row)}</th>'
            f"{_cell(said['said_claims'], self._said(row))}"
            f"{_cell(said['denied'], self._denied(row))}"
            f"{_cell(said['evidence_for'], self._evidence(row, row.evidence_for, 'supports'))}"
            f"{_cell(said['evidence_against'], self._evidence(row, row.evidence_against, 'refutes'))}"
            f"{_cell(said['finding'], self._finding(row))}</tr>"
        )

    # -- the claim ---------------------------------------------------------------------------------

    def _claim(self, row: ClaimRow) -> str:
        facts = [self._said_words(len(row.members), len(row.voices))]
        if row.concerned:
            names = self.words["and"].join(f"<bdi>{escape(link.name)}</bdi>" for link in row.concerned)
            facts.append(self.words["concerns"] % names)
        checkability = row.claim.attribute("checkability")
        if checkability not in ("", "checkable"):
            facts.append(self._value(checkability))
        facts += self._where(row.claim)
        return (
            f'<div class="map-claim">{self._quote(row.claim)}<p class="map-facts">{_joined(facts)}</p>'
            f"{self._others(row)}{self._around(row)}</div>"
        )

    def _others(self, row: ClaimRow) -> str:
        others = [one for one in row.members if one is not row.claim]
        if not others:
            return ""
        items = "".join(
            f"<li>{self._quote(one)} <small>— {_joined([self._names(one), *self._where(one)])}</small></li>"
            for one in others
        )
        return f"<details><summary>{self._more(len(others))}</summary><ul>{items}</ul></details>"

    def _around(self, row: ClaimRow) -> str:
        """Draw what contradicts it, what is said about it, what it is about, and its context."""
        parts = []
        around = (
            ("contradicts", row.contradictions),
            ("about", row.spoken_about),
            ("is_about", row.is_about),
            ("context", row.context),
            ("shown_in", ()),
        )
        for name, statements in around:
            documents = [link for link in row.documents if link.stance == _STANCES.get(name)]
            if statements or documents:
                items = [
                    f"<dd>{self._quote(one)} <small>— {_joined([self._names(one), *self._where(one)])}</small></dd>"
                    for one in statements
                ]
                items += [f"<dd>{self._document(link)}</dd>" for link in documents]
                parts.append(f"<dt>{self.words[name]}</dt>{''.join(items)}")
        return f'<dl class="map-around">{"".join(parts)}</dl>' if parts else ""

    # -- who said it, who denies it ------------------------------------------------------------------

    def _said(self, row: ClaimRow) -> str:
        cues: dict[str, list[str]] = {}
        behalf: dict[str, dict[str, None]] = {}
        first: dict[str, Link] = {}
        chains: dict[str, None] = {}
        for one in row.members:
            given = self.links.get(one.id, ())
            for link in given:
                if link.role == "speaker":
                    first.setdefault(link.source, link)
                    bodies = behalf.setdefault(link.source, {})
                    if link.behalf_name:
                        bodies[link.behalf_name] = None
                    if link.cue and link.cue not in cues.setdefault(link.source, []):
                        cues[link.source].append(link.cue)
            if hops := [self._name(link) for link in given if link.role == "via"]:
                chains[self.words["via"] % self.words["then"].join(hops)] = None
        items = [
            f"<li>{self._speaker(link, behalf[source])}{self._cues(cues.get(source, ()))}</li>"
            for source, link in first.items()
        ]
        items += [f"<li><small>{chain}</small></li>" for chain in chains]
        listed = f"<ul>{''.join(items)}</ul>" if items else ""
        return listed + self._told(row, "one_source", "speaker_missing")

    def _cues(self, cues: Sequence[str]) -> str:
        if not cues:
            return ""
        quoted = " · ".join(f"“{escape(cue)}”" for cue in cues)
        return f' <small class="map-cue" lang="{self.language}" dir="auto">{quoted}</small>'

    def _denied(self, row: ClaimRow) -> str:
        items = "".join([f"<li>{self._denial(one)}</li>" for one in row.denials])
        count = f'<p class="map-facts">{self._answers(len(row.denials))}</p>' if len(row.denials) > 1 else ""
        return (f"{count}<ul>{items}</ul>" if items else "") + self._told(row, "no_answer", "accused_silent")

    def _denial(self, one: Related) -> str:
        kind = one.statement.attribute("denial_type")
        facts = [self._value(one.manner)] if one.manner else []
        facts += [self._value(kind)] if kind not in ("", "flat") else []
        facts += self._where(one.statement)
        who = f"<b>{self._names(one.statement)}</b>"
        return f"{who}{f' <small>{_joined(facts)}</small>' if facts else ''} {self._quote(one.statement)}"

    # -- what shows it -------------------------------------------------------------------------------

    def _evidence(self, row: ClaimRow, related: Sequence[Related], stance: str) -> str:
        items = [self._shown(one) for one in related]
        items += [self._document(link) for link in row.documents if link.stance == stance]
        listed = "".join([f"<li>{item}</li>" for item in items])
        told: list[str] = []
        if stance == "supports":
            told = ["asserted_only"]
        if bool(listed) and (stance == "supports" or not self._supported(row)):
            told += ["later_evidence", "date_unknown"]
        none = f'<p class="none">{self.words["none"]}</p>'
        return (f"<ul>{listed}</ul>" if listed else none) + self._told(row, *told)

    def _supported(self, row: ClaimRow) -> bool:
        return bool(row.evidence_for) or any(link.stance == "supports" for link in row.documents)

    def _shown(self, one: Related) -> str:
        statement = one.statement
        presence = statement.attribute("presence")
        facts = [self._value(presence) if presence else self.words["presence"]]
        facts += [self._value(one.manner)] if one.manner else []
        facts.append(self._names(statement))
        if statement.article_title:
            facts.append(self.words["elsewhere"] % f"<bdi>{escape(statement.article_title)}</bdi>")
        else:
            facts.append(self.words["offered"])
        facts += self._where(statement, title=False)
        return f"{self._quote(statement)} <small>{_joined(facts)}</small>"

    def _document(self, link: Link) -> str:
        name = f"<bdi>{escape(link.name)}</bdi>"
        shown = (
            f'<a href="{escape(link.url)}" rel="noopener noreferrer nofollow">{name}</a>'
            if link.url
            else name
        )
        facts = [self.words["desk"]]
        facts += [f"<bdi>{escape(link.locator)}</bdi>"] if link.locator else []
        facts += [self.words["read"] % escape(link.accessed_at)] if link.accessed_at else []
        number = self._noted(f"{name}{_quoted(link.quote)} <bdi>{escape(link.url)}</bdi>")
        return f'<span data-note="{number}">{shown}</span> <small>{_joined(facts)}</small>'

    def _finding(self, row: ClaimRow) -> str:
        if not row.findings:
            return f'<p class="none">{self.words["no_finding"]}</p>'
        return "".join([f"<p>{self._value(value)}</p>" for value in row.findings])

    # -- small parts -----------------------------------------------------------------------------------

    def _told(self, row: ClaimRow, *names: str) -> str:
        return "".join([f'<p class="gap">{self.gaps[name]}</p>' for name in names if name in row.gaps])

    def _value(self, value: object) -> str:
        return self.values.get(str(value)) or escape(str(value).replace("_", " "))

    def _name(self, link: Link) -> str:
        if link.kind == "unnamed" and link.as_named and link.name == STANDING["unnamed"]:
            return f"<bdi>{escape(link.as_named)}</bdi>"
        name = self._source_names.get(link.source)
        if name is None:
            stands_for = link.kind in STANDING and link.name == STANDING[link.kind]
            name = self.words[link.kind] if stands_for else f"<bdi>{escape(link.name)}</bdi>"
            self._source_names[link.source] = name
        return name

    def _speaker(self, link: Link, bodies: Iterable[str]) -> str:
        said = "".join(
            [f" <small>{self.words['for'] % f'<bdi>{escape(body)}</bdi>'}</small>" for body in bodies]
        )
        return f"<b>{self._name(link)}</b>{said}"

    def _names(self, one: Statement) -> str:
        """Name who said it, with the body they speak for."""
        names = self._plain_names.get(one.id)
        if names is None:
            said = [link for link in self.links.get(one.id, ()) if link.role == "speaker"]
            names = self.words["and"].join([self._named(link) for link in said])
            names = self._plain_names[one.id] = names or f"<i>{self.gaps['speaker_missing']}</i>"
        return names

    def _named(self, link: Link) -> str:
        if not link.behalf_name:
            return self._name(link)
        return f"{self._name(link)} {self.words['for'] % f'<bdi>{escape(link.behalf_name)}</bdi>'}"

    def _where(self, one: Statement, *, title: bool = True) -> list[str]:
        """Say where it stands when that is not this layer of this article, and that its tag was rejected."""
        facts = []
        if title and one.article_title:
            facts.append(self.words["in"] % f"<bdi>{escape(one.article_title)}</bdi>")
        if one.owner:
            facts.append(self.words["by"] % escape(one.owner))
        if one.status == "rejected":
            facts.append(self.words["rejected"])
        return facts

    def _quote(self, one: Statement) -> str:
        """Quote the words as a link to their place, and whole in a note."""
        plain = one.words
        words = escape(plain)
        language = escape(one.language) if one.language else self.language
        title = f", <bdi>{escape(one.article_title)}</bdi>" if one.article_title else ""
        quoted = f'<q lang="{language}" dir="auto">{words}</q>'
        number = self._noted(f"{quoted} {self._names(one)}{title}")
        short = words if len(plain) <= _LONGEST else f"{escape(plain[:_LONGEST].rstrip())}…"
        return (
            f'<a class="quote t-{one.tag}" href="{self.before}{one.article}{self.after}?annotation={one.id}'
            f'#annotation-card-{one.id}" lang="{language}" dir="auto" data-note="{number}">{short}</a>'
        )

    def _noted(self, text: str) -> str:
        """Keep a note, and return its number."""
        number = f"{self._row}.{self._note}" if self._note else str(self._row)
        self._note += 1
        self.notes.append(f"<li><b>{number}</b> {text}</li>")
        return number


def _cell(label: str, content: str) -> str:
    return f'<td role="cell" data-label="{label}">{content}</td>'


def _joined(facts: Iterable[str]) -> str:
    return " · ".join(facts)


def _quoted(words: str) -> str:
    return f' <q dir="auto">{escape(words)}</q>' if words else ""
