"""Composes the long article, about 20,000 words, and what ana marked in it.

Every draw is a hash, so that it never changes.
"""

import hashlib
import re
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from seeds.lines import OWN_VOICE, Line

T = TypeVar("T")

FILE_NAME = "003_harbour_renewal.txt"
STOCK: dict[str, Any] = tomllib.loads((Path(__file__).parent / "harbour.toml").read_text(encoding="utf-8"))
PARTS_OF_A_SECTION = (
    ("promise", 5),
    ("work", 4),
    ("technical", 4),
    ("money", 4),
    ("dispute", 0),
    ("people", 4),
    ("work", 3),
    ("money", 3),
    ("technical", 3),
    ("people", 3),
    ("closing", 3),
)
MARKED = re.compile(r"⟦([a-z:]+)\|([^⟧]*)⟧")


class Dice:
    """Draws that depend on nothing but the names they are asked with."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0

    def number(self, low: int, high: int) -> int:
        """Draw a number from low to high, both included."""
        self.count += 1
        digest = hashlib.sha256(f"{self.name}/{self.count}".encode()).digest()
        return low + int.from_bytes(digest[:6], "big") % (high - low + 1)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """Give the things in a drawn order."""
        left = list(things)
        return [left.pop(self.number(0, len(left) - 1)) for _ in range(len(left))]


def _words(dice: Dice, work: dict[str, str]) -> dict[str, object]:
    """Draw what one sentence may need; numbers are new for every sentence."""
    month = dice.number(0, 11)
    return {
        **work,
        "Thing": _capital(work["thing"]),
        "Doc": _capital(work["doc"]),
        "money": f"{dice.number(11, 98) / 10} million",
        "share": f"{dice.number(12, 940)},{dice.number(0, 9)}00",
        "month": STOCK["months"][month],
        "month2": STOCK["months"][(month + dice.number(3, 7)) % 12],
        "yes": dice.number(24, 31),
        "no": dice.number(11, 22),
        "times": ("two", "three", "four", "five", "six")[dice.number(0, 4)],
        "few": ("two", "three", "four", "five", "six", "seven", "eight", "nine")[dice.number(0, 7)],
        "count": dice.number(12, 240),
        "years": ("two", "three", "four", "five")[dice.number(0, 3)],
        "years2": dice.number(15, 38),
        "life": dice.number(4, 12) * 10,
        "pages": dice.number(90, 480),
        "page": dice.number(7, 212),
        "pct": dice.number(3, 19),
        "pct2": dice.number(20, 45),
        "weeks": dice.number(3, 29),
        "days": dice.number(11, 96),
        "mm": dice.number(3, 88),
        "rate": dice.number(210, 390),
        "load": dice.number(6, 45),
        "metres": f"{dice.number(21, 58) / 10}",
        "batch": f"{dice.number(100, 999)}-{dice.number(10, 99)}",
    }


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _dispute(number: int) -> dict[str, str]:
    dispute: dict[str, str] = STOCK["disputes"][number % len(STOCK["disputes"])]
    return dispute


def _paragraph(dice: Dice, work: dict[str, str], sentences: Sequence[str]) -> str:
    return " ".join(sentence.format_map(_words(dice, work)) for sentence in sentences)


def section(number: int) -> list[str]:
    """Compose one section's paragraphs, the heading first, with the places to annotate still marked."""
    work = STOCK["works"][number]
    dice = Dice(f"section {number}")
    heading = STOCK["headings"][number % len(STOCK["headings"])]
    paragraphs = [heading.format(N=number + 1, thing=work["thing"], Thing=_capital(work["thing"]))]
    drawn_later = {
        kind: dice.shuffled(range(len(sentences))) for kind, sentences in STOCK["paragraphs"].items()
    }
    for kind, count in PARTS_OF_A_SECTION:
        if kind == "dispute":
            sentences = [_dispute(number)["text"]]
        else:
            drawn, drawn_later[kind] = drawn_later[kind][:count], drawn_later[kind][count:]
            sentences = [STOCK["paragraphs"][kind][index] for index in sorted(drawn)]
        paragraphs.append(_paragraph(dice, work, sentences))
    return paragraphs


def composed() -> tuple[str, dict[str, tuple[int, int]]]:
    """Compose the text, and the span of each marked place by its name (`12.claim`, `12.cue:claim`)."""
    blocks = [STOCK["title"], *STOCK["opening"]]
    names = [""] * len(blocks)
    for number in range(len(STOCK["works"])):
        paragraphs = section(number)
        blocks += paragraphs
        names += [str(number)] * len(paragraphs)
    text = ""
    places = {}
    for name, block in zip(names, blocks, strict=True):
        read = 0
        for mark in MARKED.finditer(block):
            text += block[read : mark.start()]
            places[f"{name}.{mark[1]}"] = (len(text), len(text) + len(mark[2]))
            text += mark[2]
            read = mark.end()
        text += block[read:] + "\n"
    return text, places


def line() -> Line:
    """Build the article's line: a claim and its denial in every section, evidence in every other."""
    text, places = composed()
    made = Line(
        file_name=FILE_NAME,
        text=text,
        at=datetime.fromisoformat("2026-01-26T08:00:00+00:00"),
        publisher="The Harrowmouth Inquirer",
        byline="The inquiry desk",
        published_at="2026-01",
        language="en",
    )
    for key, source in STOCK["sources"].items():
        made.source(key, "organisation", source["name"], *source["aliases"])
    for number in range(len(STOCK["works"])):
        _mark(made, number, places)
    return made


def _mark(made: Line, number: int, places: dict[str, tuple[int, int]]) -> None:
    dispute = _dispute(number)
    claim, denial, evidence = (f"{number}.{tag}" for tag in ("claim", "denial", "evidence"))
    made.annotate("ana", claim, "claim", [places[claim]], checkability="checkable")
    made.annotate("ana", denial, "denial", [places[denial]], denial_type=dispute["denial_type"])
    for tag, who in (("claim", dispute["claimant"]), ("denial", dispute["denier"])):
        cue = places.get(f"{number}.cue:{tag}")
        made.link(f"{number}.{tag}", "speaker", who, "", [cue] if cue else None)
    manner = "implied" if dispute["denial_type"] == "no_comment" else "explicit"
    made.relate("ana", denial, "denies", claim, manner=manner)
    if number % 2 == 0:
        made.annotate(
            "ana",
            evidence,
            "evidence",
            [places[evidence]],
            evidence_type=dispute["evidence_type"],
            presence="described",
        )
        made.link(evidence, "speaker", OWN_VOICE)
        made.relate("ana", evidence, dispute["bearing"], claim, manner="implied")
