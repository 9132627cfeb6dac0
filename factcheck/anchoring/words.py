"""How long an article is in words, for people: an estimate of size, never a basis of offsets."""

import re

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
