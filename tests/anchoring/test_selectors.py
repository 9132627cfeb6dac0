"""A described span is found again; a lost place is lost, a doubtful one is reported, none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import exceptions
from factcheck.anchoring import selectors
from factcheck.anchoring.selectors import Ambiguous, BadSelector, Quote, describe, resolve
from factcheck.anchoring.spans import Span, exact
from tests.anchoring.strategies import extents, spans_of, texts

TEXT = (
    "The drones came from Iran, said the minister on Monday. Nobody could say how many.\n"
    "The drones came from Iran, said a general who was not named. The Kremlin denied it."
)


@given(texts(min_size=1), st.data())
def test_described_span_is_found_again_or_the_doubt_is_reported(text, data):
    span = data.draw(spans_of(len(text)))
    quote = describe(text, (span,))
    around = "".join([quote.prefix, quote.exact, quote.suffix])
    repeats = sum(text.startswith(around, at) for at in range(len(text)))
    if repeats == 1:
        assert resolve(text, quote) == span
    else:
        with pytest.raises(Ambiguous) as caught:
            resolve(text, quote)
        assert len(caught.value.candidates) == min(repeats, 10)
        assert repeats > 10 or span in caught.value.candidates
    both = [selectors.position_selector(span), selectors.quote_selector(text, span)]
    assert resolve(text, both) == resolve(text, both[0]) == span


@given(texts(min_size=1), st.data())
def test_description_holds_what_stands_before_in_and_after(text, data):
    extent = data.draw(extents(len(text)))
    quote = describe(text, extent)
    assert quote.exact == exact(text, extent)
    assert len(quote.prefix) == min(32, extent[0].start)
    assert text[: extent[0].start].endswith(quote.prefix)
    assert len(quote.suffix) == min(32, len(text) - extent[-1].end)
    assert text[extent[-1].end :].startswith(quote.suffix)


@given(texts(min_size=1), texts(), texts(), st.data())
def test_span_moves_with_its_surroundings(text, before, after, data):
    span = data.draw(spans_of(len(text)))
    try:
        found = resolve(before + text + after, describe(text, (span,)))
    except Ambiguous:
        return
    assert found is not None
    assert (before + text + after)[found.start : found.end] == text[span.start : span.end]


def test_selectors_have_the_shape_of_the_recommendation():
    span = Span(21, 25)
    assert selectors.position_selector(span) == {"type": "TextPositionSelector", "start": 21, "end": 25}
    assert selectors.quote_selector(TEXT, span) == {
        "type": "TextQuoteSelector",
        "exact": "Iran",
        "prefix": "The drones came from ",
        "suffix": ", said the minister on Monday. N",
    }


def test_context_decides_among_repeats():
    second = TEXT.rindex("Iran")
    assert resolve(TEXT, describe(TEXT, (Span(second, second + 4),))) == (second, second + 4)
    assert resolve(TEXT, Quote("Iran", "", ", said a")) == (second, second + 4)


def test_context_that_was_edited_further_off_still_decides():
    quote = Quote("Iran", "Many drones came from ", ", said a general who was named.")
    second = TEXT.rindex("Iran")
    assert resolve(TEXT, quote) == (second, second + 4)


@pytest.mark.parametrize(
    "quote",
    [
        Quote("Iran", "", ""),
        Quote("Iran", "drones came from ", ", said "),
        Quote("Iran", "weapons from ", ", told us"),
        Quote("Iran", "", ", said the X"),  # 11 code points agree here and 7 there: not clearly
    ],
)
def test_repeats_that_fit_alike_are_reported(quote):
    with pytest.raises(Ambiguous) as caught:
        resolve(TEXT, quote)
    first, second = TEXT.index("Iran"), TEXT.rindex("Iran")
    assert caught.value.candidates == ((first, first + 4), (second, second + 4))
    assert caught.value.extra == {"candidates": [[first, first + 4], [second, second + 4]]}
    assert str(caught.value).startswith(
        f"The words stand at 2 places that fit equally well, the first at code point {first}:"
    )
    assert isinstance(caught.value, exceptions.Invalid)


def test_of_several_repeats_only_the_rivals_are_reported():
    text = "AAAAAAAAAAAAx BBBBBBBBBBBBx BBBBBBBBBBBBx"
    with pytest.raises(Ambiguous) as caught:
        resolve(text, Quote("x", "CBBBBBBBBBBBB", ""))
    assert caught.value.candidates == ((26, 27), (40, 41))


def test_words_that_stand_once_are_found_whatever_the_context():
    assert resolve(TEXT, Quote("Kremlin", "nothing like ", " this")) == (148, 155)


def test_lost_words_are_lost():
    assert resolve(TEXT, Quote("Kremlim", "The ", " denied it.")) is None
    assert resolve("", Quote("a", "", "")) is None


def test_overlapping_repeats_are_all_seen():
    with pytest.raises(Ambiguous) as caught:
        resolve("anana", Quote("ana", "", ""))
    assert caught.value.candidates == ((0, 3), (2, 5))


def test_words_that_stand_everywhere_are_bounded_and_need_their_whole_context():
    text = "a" * 5000 + "clear context a here" + "a" * 5000
    assert resolve(text, Quote("a", "clear context ", " here")) == (5014, 5015)
    with pytest.raises(Ambiguous, match="more than 1000 places") as caught:
        resolve(text, Quote("a", "a clear context ", "there"))
    assert len(caught.value.candidates) == 10


def test_position_holds_only_where_the_quote_does():
    edited = "Yesterday. " + TEXT
    selector = [
        {"type": "TextPositionSelector", "start": 56, "end": 62},
        {"type": "TextQuoteSelector", "exact": "Nobody"},
    ]
    assert resolve(TEXT, selector) == (56, 62)
    assert resolve(edited, selector) == (67, 73)
    assert resolve("Nothing of it is left.", selector) is None


def test_position_past_the_text_is_lost():
    assert resolve("short", {"type": "TextPositionSelector", "start": 3, "end": 6}) is None
    assert resolve("short", {"type": "TextPositionSelector", "start": 3, "end": 5}) == (3, 5)


@pytest.mark.parametrize(
    "selector",
    [
        {"type": "TextPositionSelector", "start": 3, "end": 3},
        {"type": "TextPositionSelector", "start": 3, "end": 2},
        {"type": "TextPositionSelector", "start": -1, "end": 2},
        {"type": "TextPositionSelector", "start": True, "end": 2},
        {"type": "TextPositionSelector", "start": 0, "end": "2"},
        {"type": "TextPositionSelector"},
        {"type": "TextQuoteSelector"},
        {"type": "TextQuoteSelector", "exact": ""},
        {"type": "TextQuoteSelector", "exact": None},
        {"type": "TextQuoteSelector", "exact": "a", "prefix": 1},
        {"type": "CssSelector", "value": "p"},
        {},
        [],
        "Iran",
        ["Iran"],
        7,
        Quote("", "a", "b"),
    ],
)
def test_what_is_no_selector_is_refused(selector):
    with pytest.raises(BadSelector, match="elector"):
        resolve(TEXT, selector)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At last the council met in May to vote.", (24, 30)),
        ("Nobody came. In spring, council met in May to vote.", (36, 42)),
        ("Nobody met. The fair is in May.", None),
        ("Council met in May to vote. Council met in May to vote.", None),
        ("Council met in June to vote.", None),
    ],
)
def test_words_are_found_again_only_where_what_stood_around_them_stands(
    text: str, found: tuple[int, int] | None
) -> None:
    was = "The council met in May to vote."
    quote = selectors.describe(was, (Span(16, 22),))
    assert quote.exact == "in May"
    assert selectors.find_again(text, quote) == found


def test_a_whole_sentence_is_found_again_wherever_it_went() -> None:
    sentence = "The bridge was not visited between March and July."
    quote = selectors.describe(f"A. {sentence} B.", (Span(3, 3 + len(sentence)),))
    assert selectors.find_again(f"Quite another beginning.\n{sentence}\nEnd.", quote) == (
        25,
        25 + len(sentence),
    )
