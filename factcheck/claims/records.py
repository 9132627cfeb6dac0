"""What the claim map is reckoned from and what comes out: statements, links and relations in, rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson


class Statement(NamedTuple):
    """An annotation. `owner` is set where it lies in a colleague's layer, the facts of the article where in another."""

    id: str
    article: str
    owner: str | None
    tag: str
    start: int  # code points
    pieces: Sequence[str]
    attributes: str  # ready JSON
    status: str
    article_title: str | None = None
    language: str | None = None
    direction: str | None = None
    published_at: str | None = None

    @property
    def words(self) -> str:
        """Return all its pieces as one text."""
        return self.pieces[0] if len(self.pieces) == 1 else " … ".join(self.pieces)

    def attribute(self, name: str) -> Any:
        """Return the value of an attribute, or an empty text."""
        return "" if self.attributes == "{}" else orjson.loads(self.attributes).get(name, "")


class Link(NamedTuple):
    """A source link of a statement; links come in the order of role, position and id."""

    id: str
    annotation: str
    role: str
    source: str
    name: str
    kind: str
    as_named: str
    behalf: str | None
    behalf_name: str | None
    cue: str
    stance: str | None
    url: str
    quote: str
    locator: str
    accessed_at: str
    archive_url: str


class Relation(NamedTuple):
    """A relation, subject to object; `manner` is its manner or degree, empty where it has none.

    An end that lies outside the layer is named again.
    """

    kind: str
    subject: str
    object: str
    manner: str
    outside_subject: str | None = None
    outside_object: str | None = None


class Related(NamedTuple):
    """A statement that answers, shows or concerns a group, and in which manner."""

    statement: Statement
    manner: str  # explicit, implied, or empty where that was not said


@dataclass(slots=True)
class ClaimRow:
    """Claims that repeat each other, and all that stands in relation to any of them.

    `voices` are the ids of those who said it, each counted once; `unattributed` is how many of the claims have no
    speaker; `later` says whether evidence is later than the claim: True, False, None where that is not known.
    """

    number: int
    claim: Statement
    members: list[Statement]
    voices: list[str]
    unattributed: int
    concerned: list[Link] = field(default_factory=list)
    denials: list[Related] = field(default_factory=list)
    evidence_for: list[Related] = field(default_factory=list)
    evidence_against: list[Related] = field(default_factory=list)
    documents: list[Link] = field(default_factory=list)
    contradictions: list[Statement] = field(default_factory=list)
    spoken_about: list[Statement] = field(default_factory=list)
    is_about: list[Statement] = field(default_factory=list)
    context: list[Statement] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    later: bool | None = False
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """What the reckoning must know of the article whose map it is."""

    id: str
    published_at: str


Links = Mapping[str, Sequence[Link]]
