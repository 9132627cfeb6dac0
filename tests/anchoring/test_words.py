"""Words are counted as people expect of a word processor."""

from pathlib import Path

import pytest

from factcheck.anchoring.words import word_count

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
