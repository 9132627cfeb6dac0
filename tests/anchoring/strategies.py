"""Texts that break naive offsets: emoji families, flags, combining marks, right to left, CRLF, everything
mixed.
"""

from hypothesis import strategies as st

from factcheck.anchoring import spans

AWKWARD = [
    "👨‍👩‍👧‍👦",
    "🇺🇦",
    "👍🏽",
    "e\u0301",
    "ä̈̈",
    "ﷺ",
    "مرحبا",
    "שלום",
    "\u202e",
    "\u200d",
    "नमस्ते",
    "\u2028",
    "\t",
    "\ufeff",
    "\U0001d49c",
    " ",
    "a",
    "ab",
    "\n",
]
LINE_ENDS = ["\r\n", "\r", "\n", "\n\n", "\r\r\n"]


def raw_texts(*, min_size=0):
    """Texts as somebody may paste them: any line ends, any character but NUL and surrogates."""
    piece = st.sampled_from(AWKWARD + LINE_ENDS) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4
    )
    return st.lists(piece, min_size=min_size, max_size=24).map("".join)


def texts(*, min_size=0):
    """Canonical texts, of at least `min_size` code points."""
    return (
        raw_texts(min_size=min_size)
        .map(lambda raw: raw.replace("\r\n", "\n").replace("\r", "\n"))
        .filter(lambda text: len(text) >= min_size)
    )


@st.composite
def spans_of(draw, length):
    """One span of a text of that length (at least 1)."""
    start = draw(st.integers(0, length - 1))
    return spans.Span(start, draw(st.integers(start + 1, length)))


@st.composite
def extents(draw, length, max_pieces=4):
    """An extent of one or more pieces: sorted cut points, every other gap left out."""
    cuts = sorted(
        draw(st.sets(st.integers(0, length), min_size=2, max_size=max(2, min(2 * max_pieces, length + 1))))
    )
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return spans.extent_of(pairs, length=length)
