"""Text fragments: what stands in the address is what the specification's grammar reads."""

import re
from urllib.parse import unquote

import pytest

from factcheck.anchoring.fragments import text_fragment

URL = "https://example.org/minutes"
# WICG: TextDirectiveString, its characters percent-encoded save these.
GRAMMAR = re.compile(r"text=([^&,-]+-,)?[^&,-]+(,[^&,-]+)?(,-[^&,-]+)?")


def directive(url: str) -> str:
    return url.partition(":~:")[2]


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "wanted"),
    [
        ("The bridge was not visited.", "", "", "text=The%20bridge%20was%20not%20visited."),
        ("a-b, c & d", "", "", "text=a%2Db%2C%20c%20%26%20d"),
        ("was safe", "cil said the bridge ", " in May, it s", "text=said%20the%20bridge-,was%20safe,-in%20May%2C%20it"),
        ("was safe", "First line\nThe bridge ", "\nNext", "text=The%20bridge-,was%20safe"),
        ("первый мост", "", "", "text=%D0%BF%D0%B5%D1%80%D0%B2%D1%8B%D0%B9%20%D0%BC%D0%BE%D1%81%D1%82"),
        ("One line\nand another", "", "", "text=One%20line,and%20another"),
        ("👍 waves", "", "", "text=%F0%9F%91%8D%20waves"),
    ],
)  # fmt: skip
def test_words_are_told_as_the_grammar_reads_them(exact: str, prefix: str, suffix: str, wanted: str) -> None:
    made = directive(text_fragment(URL, exact, prefix, suffix))
    assert made == wanted
    assert GRAMMAR.fullmatch(made)


def test_long_words_are_told_by_their_beginning_and_end() -> None:
    words = " ".join(f"word{n}" for n in range(100))
    start, end = directive(text_fragment(URL, words)).removeprefix("text=").split(",")
    assert unquote(start) == "word0 word1 word2 word3 word4"
    assert unquote(end) == "word95 word96 word97 word98 word99"


def test_a_fragment_stays_and_a_directive_is_replaced() -> None:
    assert text_fragment(f"{URL}#p3", "safe") == f"{URL}#p3:~:text=safe"
    assert text_fragment(f"{URL}#p3:~:text=old", "safe") == f"{URL}#p3:~:text=safe"


def test_without_words_or_address_there_is_nothing_to_add() -> None:
    assert text_fragment(URL, " \n") == URL
    assert text_fragment("", "safe") == ""
