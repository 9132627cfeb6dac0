"""Which language a text is in, when that is sure, and in which direction it runs."""

import unicodedata
from functools import cache
from typing import Any, Literal, NamedTuple

Direction = Literal["ltr", "rtl"]

SURE = 0.7
"""The confidence (0 to 1) from which a guess is told."""

_SAMPLE = 4000  # code points; enough to be sure, and some 3 ms

# Varieties that the model knows and that take probability from the language that people would say it is.
_LEFT_OUT = frozenset(
    ("ary", "arz", "ext", "fuv", "gcf", "gcr", "guw", "hbo", "kik", "lij", "ltg", "pcm", "vec", "vo", "wuu")
)
# What the model calls Southern Kurdish is mostly Sorani: both are Kurdish in Arabic letters. Its Southern Uzbek
# is also where Azerbaijani in Arabic letters lands, so it is not told; zxx means that there are no words.
_TOLD_AS = {"sdh": "ku-Arab", "uzs": "", "zxx": ""}

# Primary subtags written from right to left unless a script says otherwise (CLDR's likely subtags).
_LANGUAGES = """
    acm acq aeb aii ajp apc apd ar arc ars ary arz azb bal bcc bgn bqi ckb dv fa glk haz hbo he iw ji khw ks
    lki lrc luz mvf mzn nqo pbt pes pnb prs ps rhg sam sd sdh skr syc syr trw ug ur uzs yi yid
"""
_RIGHT_TO_LEFT = frozenset(_LANGUAGES.split())
_SCRIPTS = """
    adlm arab aran armi chrs elym garp hatr hebr hung khar lydi mand mani mend merc mero narb nbat nkoo ougr
    palm phli phlp phnx prti rohg samr sarb sogd sogo syrc syre syrj syrn thaa todr yezi
"""
_RIGHT_TO_LEFT_SCRIPTS = frozenset(_SCRIPTS.split())


class Guess(NamedTuple):
    """A BCP 47 tag, empty when it is not sure, and the confidence of the best guess from 0 to 1."""

    language: str
    confidence: float


@cache
def _identifier() -> Any:
    """Load py3langid's model, once and only when a language is first asked for (about a second)."""
    from py3langid import langid  # numpy and the model are not for every command

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(set(identifier.labels) - _LEFT_OUT)
    return identifier


def guess_with_confidence(text: str) -> Guess:
    """Guess the language from the beginning of the text; no tag below SURE nor where there are no words."""
    language, confidence = _identifier().classify(text[:_SAMPLE])
    return Guess(_TOLD_AS.get(language, language) if confidence >= SURE else "", confidence)


def guess(text: str) -> str:
    """Return the BCP 47 tag of the language, or an empty string when it is not sure: a person then says."""
    return guess_with_confidence(text).language


def direction_of(language: str) -> Direction:
    """Return the direction of a BCP 47 tag: its script subtag decides, else the language; else `ltr`."""
    primary, *rest = language.lower().replace("_", "-").split("-")
    for subtag in rest:
        if len(subtag) == 1:  # extensions and private use follow
            break
        if len(subtag) == 4 and subtag.isalpha():
            return "rtl" if subtag in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"


def direction_of_text(text: str) -> Direction:
    """Return the direction of most letters at the beginning of the text, by their Unicode bidirectional
    class.
    """
    classes = [unicodedata.bidirectional(character) for character in text[:_SAMPLE]]
    return "rtl" if classes.count("R") + classes.count("AL") > classes.count("L") else "ltr"
