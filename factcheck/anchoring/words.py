"""Words: how many a text has, for people (an estimate of size, never a basis of offsets), and which they are."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from factcheck.anchoring.spans import Span

_HAN_AND_KANA = (
    r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003ffff"
)
_BETWEEN = r"\s\u200b\u3000-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_WORD = re.compile(f"[{_HAN_AND_KANA}]|[^{_BETWEEN}{_HAN_AND_KANA}]+")


def word_count(text: str) -> int:
    """Count words as word processors do: what stands between white space (a dash on its own too), each Han or
    kana character for itself. Zero-width spaces part words, as Thai and Khmer use them; unparted Thai counts
    as one.
    """
    return sum(1 for _ in _WORD.finditer(text))


# What a token is made of: letters and digits join, the rest stands alone but for what is said in `_joins`.
_SPACE, _EXTEND, _WORD_PART, _NUMBER, _KATAKANA, _FLAG, _ALONE = range(7)
_BETWEEN_LETTERS = frozenset(
    "'.:\u00b7\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a\u05f4\u0387"
)
_BETWEEN_DIGITS = frozenset("'.,;\u2018\u2019\u2024\u066c\ufe50\ufe54\uff07\uff0c\uff0e\uff1b")
_ONE_BY_ONE = re.compile(
    "[\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ZERO_WIDTH_JOINER = "\u200d"


def tokens(text: str, cuts: Collection[int] = ()) -> list[Span]:
    """Return the words, numbers and signs of a text as spans in code points; white space is in none.

    By the rules of the Unicode word boundaries (UAX 29, "Default Word Boundary Specification") as far as the
    categories of characters tell them: letters and digits join, also over an apostrophe or a full stop between two of
    them; Han and hiragana stand one by one; marks and invisible characters belong to what they follow; a sequence of
    pictures, or a flag, is one; every other sign is one. Scripts without spaces, such as Thai, are not parted further.
    A token never reaches over a place in `cuts`.
    """
    places = cuts if isinstance(cuts, set | frozenset) else set(cuts)
    found: list[Span] = []
    start, before = 0, _SPACE
    for at, character in enumerate(text):
        kind = _kind(character)
        if before != _SPACE and (kind == _SPACE or at in places or not _joins(text, start, at, before, kind)):
            found.append(Span(start, at))
            before = _SPACE
        if kind == _SPACE:
            continue
        if before == _SPACE:
            start, before = at, kind
        elif kind not in (_EXTEND, _ALONE):
            before = kind
    if before != _SPACE:
        found.append(Span(start, len(text)))
    return found


@lru_cache(maxsize=20_000)
def _kind(character: str) -> int:
    category = unicodedata.category(character)
    if character.isspace() or character == "\u200b":
        kind = _SPACE
    elif category in ("Mn", "Mc", "Me", "Cf") or "\U0001f3fb" <= character <= "\U0001f3ff":
        kind = _EXTEND
    elif _ONE_BY_ONE.match(character):
        kind = _ALONE
    elif "\u30a1" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f":
        kind = _KATAKANA
    elif "\U0001f1e6" <= character <= "\U0001f1ff":
        kind = _FLAG
    elif category == "Nd":
        kind = _NUMBER
    elif category[0] == "L" or category in ("Nl", "No", "Pc"):
        kind = _WORD_PART
    else:
        kind = _ALONE
    return kind


def _joins(text: str, start: int, at: int, before: int, kind: int) -> bool:
    """Say whether the character at `at` goes on with the token that began at `start`; `before` is what it is of."""
    if kind == _EXTEND:
        return True
    if before == _FLAG and kind == _FLAG:
        return sum(_kind(one) == _FLAG for one in text[start:at]) == 1
    if kind == _ALONE:
        if text[at - 1] == _ZERO_WIDTH_JOINER:  # a sequence of pictures
            return unicodedata.category(text[at]) == "So"
        return _is_between(text, at, before)
    if before == _KATAKANA or kind == _KATAKANA:
        return before == kind
    return before in (_WORD_PART, _NUMBER) and kind in (_WORD_PART, _NUMBER)


def _is_between(text: str, at: int, before: int) -> bool:
    """Say whether a sign stands between two letters, or two digits, that it keeps together."""
    among = {_WORD_PART: _BETWEEN_LETTERS, _NUMBER: _BETWEEN_DIGITS}.get(before, frozenset())
    following = at + 1
    while following < len(text) and _kind(text[following]) == _EXTEND:
        following += 1
    return text[at] in among and following < len(text) and _kind(text[following]) == before
