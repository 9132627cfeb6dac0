"""Words are counted as people expect of a word processor."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.anchoring.words import tokens, word_count

SEED = Path(__file__).parents[2] / "seeds" / "000_5caf563cd8491224.txt"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t\u3000", 0),
        ("It\u2019s a 22-year-old story", 4),
        ("one\ntwo\u00a0three", 3),
        ("Crimea \u2013 US", 3),
        ("أعلنت الحكومة اليوم", 3),
        ("e\u0301te\u0301 👨‍👩‍👧‍👦 🇺🇦", 3),
        ("日本語です。", 5),
        ("東京2020年、カナ", 6),
        ("서울은 수도이다", 2),
        ("สวัสดี\u200bครับ", 2),
    ],
)
def test_words_are_counted(text, words):
    assert word_count(text) == words


def test_seed_article_has_361_words():
    assert word_count(SEED.read_text(encoding="utf-8")) == 361


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\u2028\x85\t", []),
        ("Don’t pay 1,000.50 now…", ["Don’t", "pay", "1,000.50", "now", "…"]),
        ("(e.g. #tag)", ["(", "e.g", ".", "#", "tag", ")"]),
        ("foo_bar l'homme 'x'", ["foo_bar", "l'homme", "'", "x", "'"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("مَرْحَبًا بِكَ", ["مَرْحَبًا", "بِكَ"]),
        ("東京タワーへ", ["東", "京", "タワー", "へ"]),
        ("👨‍👩‍👧‍👦🇩🇪🇫🇷👍🏽!", ["👨‍👩‍👧‍👦", "🇩🇪", "🇫🇷", "👍🏽", "!"]),
        ("a\u2028b\x85c", ["a", "b", "c"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_tokens_are_the_words_and_signs(text, expected):
    assert [text[start:end] for start, end in tokens(text)] == expected


def test_token_ends_where_it_is_cut():
    assert tokens("unhappy", {2}) == [(0, 2), (2, 7)]
    assert tokens("don't", {4}) == [(0, 4), (4, 5)]


@given(st.text(max_size=40), st.sets(st.integers(0, 40), max_size=3))
def test_tokens_cover_everything_but_white_space(text, cuts):
    found = tokens(text, cuts)
    covered = [place for start, end in found for place in range(start, end)]
    assert covered == sorted(set(covered))
    left = {text[place] for place in set(range(len(text))) - set(covered)}
    assert all(character.isspace() or character == "\u200b" for character in left)
    assert not any(character.isspace() for start, end in found for character in text[start:end])
    assert not any(start < cut < end for start, end in found for cut in cuts)
