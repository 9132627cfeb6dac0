"""What in a comment is a mention, what an address, and what only words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.services import comment_words

NAMES = {"ben", "rita", "j.doe", "Zoë", "王"}


def said(body: str) -> list[tuple[str, str]]:
    return [(part.kind, part.words) for part in comment_words.parts(body, NAMES) if part.kind != "text"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("@ben look", [("mention", "@ben")]),
        ("Ask @ben.", [("mention", "@ben")]),
        ("(@ben, @rita)", [("mention", "@ben"), ("mention", "@rita")]),
        ("@j.doe. And @j.doe", [("mention", "@j.doe"), ("mention", "@j.doe")]),
        ("@Zoë @王", [("mention", "@Zoë"), ("mention", "@王")]),
        ("@Zoe\u0308", []),  # no username is written with a combining mark
        ("ben@ben and x/@ben", []),
        ("@benny @all @", []),
        ("see https://example.org/a?b=1#c.", [("link", "https://example.org/a?b=1#c")]),
        ("<https://example.org/@ben>", [("link", "https://example.org/@ben")]),
        ("javascript://x @Ben", []),
    ],
)
def test_mentions_and_addresses(body: str, found: list[tuple[str, str]]) -> None:
    assert said(body) == found


@given(st.text(alphabet=st.sampled_from("@.ben+-rita htps:/é\n<&\u0308"), max_size=60))
def test_nothing_of_the_words_is_lost(body: str) -> None:
    assert "".join(part.words for part in comment_words.parts(body, NAMES)) == body
