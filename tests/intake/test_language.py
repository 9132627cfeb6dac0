"""The language is told when it is sure and left open when it is not; English is never assumed."""

import subprocess
import sys
from pathlib import Path

import pytest

from factcheck.intake import language

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The minister denied on Thursday that the government had known about the drones.", "en"),
        ("Der Minister bestritt am Donnerstag, dass die Regierung von den Drohnen wusste.", "de"),
        ("Le ministre a nié jeudi que le gouvernement avait eu connaissance des drones.", "fr"),
        ("El ministro negó el jueves que el gobierno supiera de los drones.", "es"),
        ("Міністр заперечив у четвер, що уряд знав про безпілотники.", "uk"),
        ("Министр в четверг отрицал, что правительство знало о беспилотниках.", "ru"),
        ("أعلنت الحكومة اليوم أن الأسعار سترتفع في جميع أنحاء البلاد.", "ar"),
        ("وزیر روز پنجشنبه تکذیب کرد که دولت از پهپادها اطلاع داشته است.", "fa"),
        ("הממשלה הודיעה היום כי המחירים יעלו ברחבי הארץ.", "he"),
        ("وزیر نے جمعرات کو اس بات کی تردید کی کہ حکومت کو ڈرونز کا علم تھا۔", "ur"),
        ("政府今天宣布，全国物价将上涨，部长周四否认了这一消息。", "zh"),
        ("政府は今日、全国で物価が上がると発表した。", "ja"),
    ],
)
def test_language_of_a_sentence_is_told(text, tag):
    guessed = language.guess_with_confidence(text)
    assert guessed.language == language.guess(text) == tag
    assert 0.7 <= guessed.confidence <= 1.0001


@pytest.mark.parametrize(
    "text", ["", "Hi", "12345 !!", "OK", "x", "👨‍👩‍👧‍👦🇺🇦", "hello world", "asdf qwer zxcv uiop", "\n\n"]
)
def test_language_that_is_not_sure_is_left_open(text):
    guessed = language.guess_with_confidence(text)
    assert guessed.language == language.guess(text) == ""
    assert guessed.confidence < 0.7


def test_languages_of_the_seeds():
    told = {path.name: language.guess(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")}
    assert told["000_5caf563cd8491224.txt"] == "en"
    assert {name: tag for name, tag in told.items() if ".ar." in name} == {
        name: "ar" for name in told if ".ar." in name
    }


def test_kurdish_in_arabic_letters_gets_its_script_and_so_its_direction():
    tag = language.guess("حکوومەتی هەرێم ڕایگەیاند کە نرخەکان ئەمڕۆ بەرز دەبنەوە و وەزیر ئەوەی ڕەت کردەوە.")
    assert tag == "ku-Arab"
    assert language.direction_of(tag) == "rtl"
    assert language.guess("Hikûmeta Herêma Kurdistanê îro ragihand ku biha bilind dibin.") == "ku"


def test_language_that_the_model_takes_for_another_is_left_open():
    azerbaijani = (
        "آذربایجان دیلی تورک دیللری عائله‌سینه داخیل‌دیر و ایراندا میلیونلارلا اینسان بو دیلده دانیشیر"
    )
    assert language.guess(azerbaijani) == ""
    assert language.direction_of_text(azerbaijani) == "rtl"


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("", "ltr"),
        ("en", "ltr"),
        ("ar", "rtl"),
        ("AR-eg", "rtl"),
        ("fa_IR", "rtl"),
        ("he", "rtl"),
        ("iw", "rtl"),
        ("ur", "rtl"),
        ("ps", "rtl"),
        ("yi", "rtl"),
        ("dv", "rtl"),
        ("ckb", "rtl"),
        ("ar-Latn", "ltr"),
        ("ku", "ltr"),
        ("ku-Arab-IQ", "rtl"),
        ("az-IR", "ltr"),
        ("zh-yue-Hant", "ltr"),
        ("en-x-arab", "ltr"),
        ("sl-1994", "ltr"),
        ("pt-BR", "ltr"),
        ("und", "ltr"),
    ],
)
def test_direction_follows_script_then_language(tag, direction):
    assert language.direction_of(tag) == direction


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("", "ltr"),
        ("123 !?", "ltr"),
        ("plain", "ltr"),
        ("שלום עולם", "rtl"),
        ("قال بايدن (Biden) اليوم إنه", "rtl"),
        ("The word سلام means peace", "ltr"),
    ],
)
def test_direction_of_text_is_that_of_most_letters(text, direction):
    assert language.direction_of_text(text) == direction


def test_model_is_loaded_only_when_a_language_is_asked_for():
    code = "import sys, factcheck.intake.registry; print('py3langid' in sys.modules, 'django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["False", "False"]
