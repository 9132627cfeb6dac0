"""Draws the claim map as a picture (SVG): claims in the middle, denials on one side, evidence on the other.

It is for reading beside the table, which has all of it in words. Nothing in it comes from outside: colours are the
project's, in one stylesheet whose hash the answer's policy names.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _

from factcheck.claims.records import ClaimRow, Link, Statement
from factcheck.models import Tag
from factcheck.queries.claim_maps import ClaimMap
from factcheck.views import claim_words, scheme

MOST = 60  # groups; more cannot be read as a picture
_WIDTH, _BOX, _MARGIN = 1080, 300, 10
_LEFT, _MIDDLE, _RIGHT = _MARGIN, (_WIDTH - _BOX) // 2, _WIDTH - _BOX - _MARGIN
_TOP, _BETWEEN = 56, 14
_LINE, _PADDING, _PER_LINE, _LINES = 17, 9, 42, 3

_STYLE = """
svg { color-scheme: light dark; }
.paper { fill: %(paper)s; } .box { fill: %(raised)s; stroke: %(edge)s; }
text { fill: %(ink)s; font: 13px Charter, Georgia, "Noto Naskh Arabic", "Noto Serif", serif; }
.who { font: 600 11.5px system-ui, "Noto Sans", sans-serif; }
.how, .head { fill: %(soft)s; font: 11.5px system-ui, "Noto Sans", sans-serif; }
.head { font-weight: 600; }
.edge { fill: none; stroke: %(ink)s; stroke-width: 1.4; } .implied { stroke-dasharray: 5 4; }
"""
# A picture is shown without the page's stylesheets: tokens of tokens.css, light and dark; a test keeps them alike.
TOKENS = {
    "paper": ("#fdfcfa", "#16181c"),
    "raised": ("#ffffff", "#1e2126"),
    "ink": ("#1c1e21", "#e8e6e1"),
    "soft": ("#5c6168", "#a2a7af"),
    "edge": ("#85827c", "#767b84"),
}


@dataclass(frozen=True)
class Picture:
    """The picture and the hash of the one stylesheet in it."""

    svg: str
    style_hash: str


@dataclass
class _Box:
    """Some words in a box: where it stands, how high it is, and to which claims lines lead."""

    x: int
    who: str
    words: str
    how: str
    tag: str
    rtl: bool
    lines: list[str] = field(default_factory=list)
    y: float = 0
    ends: list[tuple["_Box", bool]] = field(default_factory=list)  # the claim, and whether it is only implied

    def __post_init__(self) -> None:
        self.lines = _wrapped(self.words)

    @property
    def height(self) -> int:
        return _PADDING * 2 + _LINE * (len(self.lines) + bool(self.who) + bool(self.how))

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw(shown: ClaimMap, rows: Sequence[ClaimRow], tags: Iterable[Tag]) -> Picture:
    """Draw at most MOST of the rows."""
    claims, denials, evidence = _boxes(shown, rows[:MOST])
    height = max([_stacked(claims), _settled(denials), _settled(evidence), 120]) + _MARGIN
    words = [_("Denied by"), _("Claims"), _("Evidence")]
    heads = "".join(
        f'<text class="head" x="{x}" y="36">{escape(word)}</text>'
        for x, word in zip((_LEFT, _MIDDLE, _RIGHT), words, strict=True)
    )
    legend = (
        f'<path class="edge implied" d="M{_LEFT} 14h36"/>'
        f'<text class="how" x="{_LEFT + 44}" y="18">{escape(_("implied"))}</text>'
    )
    title = _("Claim map: %s") % shown.article.title
    style = _styled(tags)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}"'
        f' height="{height:.0f}"><title>{escape(_clean(title))}</title><style>{style}</style>'
        f'<rect class="paper" width="100%" height="100%"/>{legend}{heads}'
        f"{''.join(_edges(box) for box in (*denials, *evidence))}"
        f"{''.join(_drawn(box) for box in (*denials, *claims, *evidence))}</svg>"
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Picture(svg, f"sha256-{digest}")


# -- What is drawn ---------------------------------------------------------------------------------


def _boxes(shown: ClaimMap, rows: Iterable[ClaimRow]) -> tuple[list[_Box], list[_Box], list[_Box]]:
    values, phrases = claim_words.values(), claim_words.phrases()
    sides: tuple[dict[str, _Box], dict[str, _Box]] = ({}, {})
    claims = []

    def box(x: int, one: Statement, how: str) -> _Box:
        direction = one.direction or shown.article.direction
        return _Box(
            x, _speakers(shown.links.get(one.id, ()), phrases), one.words, how, one.tag, direction == "rtl"
        )

    for row in rows:
        claim = box(_MIDDLE, row.claim, claim_words.said(len(row.members), len(row.voices)))
        claim.words = f"{row.number}. {claim.words}"
        claim.lines = _wrapped(claim.words)
        claims.append(claim)
        for one in row.denials:
            denial = sides[0].setdefault(one.statement.id, box(_LEFT, one.statement, ""))
            denial.ends.append((claim, one.manner == "implied"))
        for heading, related in (
            ("evidence_for", row.evidence_for),
            ("evidence_against", row.evidence_against),
        ):
            for one in related:
                presence = str(one.statement.attribute("presence"))
                how = f"{phrases[heading]} · {values.get(presence, presence) or phrases['presence']}"
                shown_by = sides[1].setdefault(one.statement.id + heading, box(_RIGHT, one.statement, how))
                shown_by.ends.append((claim, one.manner == "implied"))
        for link in row.documents:
            if link.stance in ("supports", "refutes"):
                heading = "evidence_for" if link.stance == "supports" else "evidence_against"
                how = f"{phrases[heading]} · {phrases['desk']}"
                document = _Box(_RIGHT, "", link.name, how, "", False)
                document.ends.append((claim, False))
                sides[1][link.id] = document
    return claims, list(sides[0].values()), list(sides[1].values())


def _speakers(links: Iterable[Link], phrases: dict[str, str]) -> str:
    said = [link for link in links if link.role == "speaker"]
    names = [phrases["own_voice"] if link.kind == "own_voice" else link.name for link in said]
    return phrases["and"].join(dict.fromkeys(names)) or claim_words.gaps()["speaker_missing"]


def _wrapped(words: str) -> list[str]:
    """Break words into a few lines; wide characters count twice, since nothing here can measure them."""
    lines, line, width = [], "", 0
    for word in words.split():
        for part in _parts(word):
            size = _width(part)
            if line and width + 1 + size > _PER_LINE:
                lines.append(line)
                line, width = part, size
            else:
                line, width = f"{line} {part}".strip(), width + size + bool(line)
    lines.append(line)
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]
    return lines


def _parts(word: str) -> list[str]:
    if _width(word) <= _PER_LINE:
        return [word]
    half = _PER_LINE // 2
    return [word[at : at + half] for at in range(0, len(word), half)]


def _width(text: str) -> int:
    return (
        len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)
    )


# -- Where it stands -------------------------------------------------------------------------------


def _stacked(boxes: Iterable[_Box]) -> float:
    y: float = _TOP
    for box in boxes:
        box.y = y
        y += box.height + _BETWEEN
    return y


def _settled(boxes: list[_Box]) -> float:
    """Put each box level with its claims, or below the one before it where there is no room; return the end."""

    def wanted(box: _Box) -> float:
        return sum(end.middle for end, _implied in box.ends) / len(box.ends) - box.height / 2

    boxes.sort(key=wanted)
    y: float = _TOP
    for box in boxes:
        box.y = max(y, wanted(box))
        y = box.y + box.height + _BETWEEN
    return y


# -- How it is drawn -------------------------------------------------------------------------------


def _edges(box: _Box) -> str:
    paths = []
    for claim, implied in box.ends:
        left = box.x < claim.x
        start, end = (box.x + _BOX, claim.x) if left else (box.x, claim.x + _BOX)
        bend = (start + end) / 2
        paths.append(
            f'<path class="edge{" implied" if implied else ""}" d="M{start} {box.middle:.1f}C{bend} {box.middle:.1f}'
            f' {bend} {claim.middle:.1f} {end} {claim.middle:.1f}"/>'
        )
    return "".join(paths)


def _drawn(box: _Box) -> str:
    at = f'x="{box.x + _BOX - 12}" direction="rtl"' if box.rtl else f'x="{box.x + 12}"'
    bar = box.x + _BOX - 4 if box.rtl else box.x
    y = box.y + _PADDING - 4
    parts = [
        f'<rect class="box" x="{box.x}" y="{box.y:.1f}" width="{_BOX}" height="{box.height}" rx="5"/>'
        f'<rect class="t-{box.tag or "none"}" x="{bar}" y="{box.y:.1f}" width="4" height="{box.height}"/>'
    ]
    lines = [("who", box.who[: _PER_LINE + 4])] if box.who else []
    lines += [("", line) for line in box.lines]
    lines += [("how", box.how)] if box.how else []
    for kind, line in lines:
        y += _LINE
        named = f' class="{kind}"' if kind else ""
        parts.append(f'<text{named} {at} y="{y:.1f}">{escape(_clean(line))}</text>')
    return "".join(parts)


def _clean(text: str) -> str:
    """Leave out what XML has no room for: control characters (XML 1.0, production 2)."""
    return "".join(one for one in text if one >= " " and one not in "\ufffe\uffff")


def _styled(tags: Iterable[Tag]) -> str:
    light = [_STYLE % {name: pair[0] for name, pair in TOKENS.items()}]
    dark = [_STYLE % {name: pair[1] for name, pair in TOKENS.items()}]
    for tag in tags:
        shades = scheme.shades(tag)
        for mode, rules in enumerate((light, dark)):
            rules.append(f".t-{tag.name} {{ fill: {shades[mode][0]}; }}\n")
    for mode, rules in enumerate((light, dark)):
        rules.append(f".t-none {{ fill: {TOKENS['ink'][mode]}; }}\n")
    return f"{''.join(light)}@media (prefers-color-scheme: dark) {{{''.join(dark)}}}"
