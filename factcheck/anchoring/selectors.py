"""Selectors of the W3C Web Annotation Data Model: a span described so that it can be found again in another
text.

Describing keeps the words with 32 code points of context on either side (as Hypothesis does); resolving looks
for the words exactly, lets the context decide among repeats, and says so when it cannot: a place is never
guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypedDict

from factcheck import exceptions
from factcheck.anchoring.spans import Extent, Span, exact, hull

CONTEXT = 32
"""Code points of prefix and suffix that are kept."""

CLEARLY = 8
"""By how many code points of context one place must beat the next when neither has the whole context."""

MOST_PLACES = 1000
"""Exact matches looked at; words that repeat more often need their whole context."""


class Quote(NamedTuple):
    """The words of an extent and what stands before and after it."""

    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(TypedDict):
    """W3C 4.2.5, in code points."""

    type: Literal["TextPositionSelector"]
    start: int
    end: int


class TextQuoteSelector(TypedDict):
    """W3C 4.2.4."""

    type: Literal["TextQuoteSelector"]
    exact: str
    prefix: str
    suffix: str


Selector = Quote | Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""What can be resolved; it comes from outside, so it is checked and not believed."""


class BadSelector(exceptions.Invalid, ValueError):
    """The selector is not one that we read, or lacks something."""

    title = "Not a selector"


class Ambiguous(exceptions.Invalid):
    """The words stand at several places that fit equally well; `candidates` has up to ten of them, in text
    order.
    """

    title = "More than one place fits"

    def __init__(self, detail: str, candidates: Sequence[Span]) -> None:
        self.candidates = tuple(candidates[:10])
        super().__init__(
            detail, field="selector", extra={"candidates": [list(span) for span in self.candidates]}
        )


class Place(NamedTuple):
    """Where a quote's words stand, and how many code points of its context agree there."""

    span: Span
    agreed: int
    complete: bool


def describe(text: str, extent: Extent) -> Quote:
    """Return the words of the extent (pieces joined by one space) with CONTEXT code points before and after
    its hull.

    The context ends early at the ends of the text. Only the quote of a single span can be resolved again:
    describe the pieces one by one for that.
    """
    start, end = hull(extent)
    return Quote(exact(text, extent), text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def position_selector(span: Span) -> TextPositionSelector:
    """Return the span as a W3C TextPositionSelector."""
    return {"type": "TextPositionSelector", "start": span.start, "end": span.end}


def quote_selector(text: str, span: Span) -> TextQuoteSelector:
    """Return the span of `text` as a W3C TextQuoteSelector."""
    quote = describe(text, (span,))
    return {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}


def resolve(text: str, selector: Selector) -> Span | None:
    """Find the span that the selector describes in `text`; None when its words are not there.

    Takes a Quote, a W3C TextPositionSelector or TextQuoteSelector, or a list of them that describe the same
    span: then a position holds only if the quotes hold there, and the quotes are searched otherwise. Raises
    Ambiguous when several places fit equally well, BadSelector when the selector cannot be read.
    """
    positions, quotes = _read(selector)
    for span in positions:
        if span.end <= len(text) and all(text[span.start : span.end] == quote.exact for quote in quotes):
            return span
    for quote in quotes:
        found = _decide(places_of(text, quote))
        if found is not None:
            return found
    return None


def find_again(text: str, quote: Quote) -> Span | None:
    """Find words that stood in an earlier form of the text, or None: a place that is only likely is none.

    Stricter than `resolve`: words shorter than CONTEXT code points must have CLEARLY code points of their context
    around them (all of it, if there was less), or a word that stands elsewhere too would be taken for one that went.
    """
    places = places_of(text, quote)
    try:
        found = _decide(places)
    except Ambiguous:
        return None
    enough = min(CLEARLY, len(quote.prefix) + len(quote.suffix))
    if found is None or len(quote.exact) >= CONTEXT:
        return found
    agreed = next(place.agreed for place in places if place.span == found)
    return found if agreed >= enough else None


def places_of(text: str, quote: Quote) -> list[Place]:
    """Return where the exact words stand, in text order: only places with the whole context, if there are
    any.

    Looks at MOST_PLACES + 1 matches at most. A search that forgives differences would add its places here,
    with what they differ in, and `_decide` would have to demand more of them.
    """
    around = quote.prefix + quote.exact + quote.suffix
    length = len(quote.exact)
    complete = [
        Place(Span(at + len(quote.prefix), at + len(quote.prefix) + length), len(around) - length, True)
        for at in _occurrences(text, around)
    ]
    if complete:
        return complete
    return [
        Place(Span(at, at + length), _agreement(text, at, at + length, quote), False)
        for at in _occurrences(text, quote.exact)
    ]


def _occurrences(text: str, words: str) -> Iterator[int]:
    """Yield where `words` begin, overlapping ones too, up to MOST_PLACES + 1 of them."""
    at = text.find(words)
    for _ in range(MOST_PLACES + 1):
        if at < 0:
            return
        yield at
        at = text.find(words, at + 1)


def _agreement(text: str, start: int, end: int, quote: Quote) -> int:
    """Count the code points of context that agree, outwards from the words on both sides."""
    before = text[max(0, start - len(quote.prefix)) : start]
    after = text[end : end + len(quote.suffix)]
    return _shared(before[::-1], quote.prefix[::-1]) + _shared(after, quote.suffix)


def _shared(a: str, b: str) -> int:
    """Return how many code points both strings begin with alike."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _decide(places: list[Place]) -> Span | None:
    """Return the one place that is clearly the best, None if there is none, or raise Ambiguous."""
    if not places:
        return None
    if len(places) == 1:
        return places[0].span
    if places[0].complete or len(places) > MOST_PLACES:
        rivals = places
    else:
        first, second, *_ = sorted(places, key=lambda place: -place.agreed)
        if first.agreed - second.agreed >= CLEARLY:
            return first.span
        rivals = [place for place in places if first.agreed - place.agreed < CLEARLY]
    number = f"more than {MOST_PLACES}" if len(rivals) > MOST_PLACES else str(len(rivals))
    raise Ambiguous(
        f"The words stand at {number} places that fit equally well, the first at code point"
        f" {rivals[0].span.start}: give more of what stands before and after them.",
        [place.span for place in rivals],
    )


def _read(selector: object) -> tuple[list[Span], list[Quote]]:
    """Sort what is given into positions and quotes, checked."""
    if isinstance(selector, Quote):
        return [], [_quote_of(selector._asdict())]
    several = [selector] if isinstance(selector, Mapping) else selector
    if not isinstance(several, Sequence) or isinstance(several, str) or not several:
        raise BadSelector("A selector is an object, or a list of them, with at least one.", field="selector")
    positions: list[Span] = []
    quotes: list[Quote] = []
    for one in several:
        kind = one.get("type") if isinstance(one, Mapping) else None
        if kind == "TextPositionSelector":
            positions.append(_position_of(one))
        elif kind == "TextQuoteSelector":
            quotes.append(_quote_of(one))
        else:
            raise BadSelector(
                "A selector must have the type TextPositionSelector or TextQuoteSelector.", field="selector"
            )
    return positions, quotes


def _position_of(selector: Mapping[str, Any]) -> Span:
    start, end = selector.get("start"), selector.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise BadSelector(
            "A TextPositionSelector needs a start and a greater end, whole numbers of code points from 0.",
            field="selector",
        )
    return Span(start, end)


def _quote_of(selector: Mapping[str, Any]) -> Quote:
    quote = Quote(selector.get("exact", ""), selector.get("prefix", ""), selector.get("suffix", ""))
    if not all(isinstance(part, str) for part in quote) or not quote.exact:
        raise BadSelector(
            "A TextQuoteSelector needs the exact words; its prefix and suffix are text as well.",
            field="selector",
        )
    return quote
