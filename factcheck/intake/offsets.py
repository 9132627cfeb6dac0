"""Which unit a file's offsets count, decided for the whole file, and where they then lie in the canonical text.

Other tools count code points or UTF-16 units, some both in one installation, and do not say which. A place speaks
for a unit when it is one in that unit alone: the quoted words stand there, or the offset lies within the text and not
inside a character. Places that speak for neither decide nothing.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from factcheck.anchoring import canonical
from factcheck.anchoring.spans import Span, extent_of
from factcheck.exceptions import Invalid
from factcheck.intake.readers import Undecided, Unit

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_SPACE = re.compile(r"(?:\\n|\s)+")


class Given(NamedTuple):
    """A place as a file gives it: start and end in its unit, and the words there if it quotes them."""

    start: object
    end: object
    quote: str | None = None


class Places:
    """A raw text's places in one unit; the canonical text is `text`."""

    def __init__(self, raw: str, unit: Unit) -> None:
        self.text = canonical.canonical(raw)
        self._map = canonical.OffsetMap(raw, "utf16" if unit == "utf16" else "code_point")

    def span(self, given: Given) -> Span:
        """Return the place in the canonical text; raise `Invalid` where there is none, or other words stand there."""
        if type(given.start) is not int or type(given.end) is not int:
            raise Invalid("The start and the end must be whole numbers.")
        (span,) = extent_of([(self._map(given.start), self._map(given.end))], length=len(self.text))
        found = self.text[span.start : span.end]
        if given.quote is not None and _squeezed(given.quote) != _squeezed(found):
            raise Invalid(
                f"At {given.start} to {given.end} the text says “{found[:200]}”, not “{given.quote[:200]}”."
            )
        return span


def _squeezed(words: str) -> str:
    """Return the words with any white space as one space: tools write line ends in a quote in several ways."""
    return _SPACE.sub(" ", words).strip()


def decide(texts: Iterable[tuple[str, Iterable[Given]]], told: Unit | None) -> Unit:
    """Return the unit of a file: what a person told, or the one that its places speak for.

    Where no place differs between the two it is code points. Raises `Undecided` (field `unit`) when places differ and
    speak for none, or some for the one and some for the other.
    """
    if told is not None:
        return told
    differs, spoken = "", set()
    for raw, places in texts:
        if not _BEYOND.search(raw):
            continue  # one unit for each character: both say the same
        units: dict[Unit, Places] = {
            "code_points": Places(raw, "code_points"),
            "utf16": Places(raw, "utf16"),
        }
        for given in places:
            spans = {unit: _maybe(in_unit, given) for unit, in_unit in units.items()}
            if spans["code_points"] == spans["utf16"]:
                continue
            differs = differs or _example(units["code_points"].text, given, spans)
            if None in spans.values():
                spoken |= {unit for unit, span in spans.items() if span is not None}
    if len(spoken) == 1:
        return spoken.pop()
    if not differs:
        return "code_points"
    raise Undecided(
        "The file's offsets may count characters (code points, as Python does) or UTF-16 units (as browsers do), and "
        + ("some of its places fit only the one, some only the other" if spoken else "its places fit both")
        + f": {differs} Say which it is.",
        field="unit",
    )


def _maybe(places: Places, given: Given) -> Span | None:
    try:
        return places.span(given)
    except Invalid:
        return None


def _example(text: str, given: Given, spans: dict[Unit, Span | None]) -> str:
    said = [
        f"“{text[span.start : span.end][:60]}” in {'UTF-16 units' if unit == 'utf16' else 'characters'}"
        for unit, span in spans.items()
        if span is not None
    ]
    return f"{given.start} to {given.end} is {' and '.join(said)}."
