"""Languages by name: for choosing an article's, and for saying which it is in."""

from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import override as speaking

# Languages of news that Django itself has no name for.
_MORE = {
    "am": gettext_lazy("Amharic"),
    "as": gettext_lazy("Assamese"),
    "ckb": gettext_lazy("Central Kurdish"),
    "fo": gettext_lazy("Faroese"),
    "gu": gettext_lazy("Gujarati"),
    "ha": gettext_lazy("Hausa"),
    "ht": gettext_lazy("Haitian Creole"),
    "jv": gettext_lazy("Javanese"),
    "ku": gettext_lazy("Kurdish"),
    "la": gettext_lazy("Latin"),
    "lo": gettext_lazy("Lao"),
    "mg": gettext_lazy("Malagasy"),
    "mt": gettext_lazy("Maltese"),
    "om": gettext_lazy("Oromo"),
    "or": gettext_lazy("Odia"),
    "ps": gettext_lazy("Pashto"),
    "rw": gettext_lazy("Kinyarwanda"),
    "si": gettext_lazy("Sinhala"),
    "sn": gettext_lazy("Shona"),
    "so": gettext_lazy("Somali"),
    "ti": gettext_lazy("Tigrinya"),
    "tl": gettext_lazy("Tagalog"),
    "xh": gettext_lazy("Xhosa"),
    "yi": gettext_lazy("Yiddish"),
    "yo": gettext_lazy("Yoruba"),
    "yue": gettext_lazy("Cantonese"),
    "zh": gettext_lazy("Chinese"),
    "zu": gettext_lazy("Zulu"),
}
_DJANGO = {code: info["name"] for code, info in LANG_INFO.items() if "name" in info}


def name(code: str) -> str:
    """Return the language's name in the reader's language, or the code itself where we have none."""
    if not code or code == "und":
        return ""
    for known in (code.lower(), code.lower().partition("-")[0]):
        if known in _MORE:
            return str(_MORE[known])
        if known in _DJANGO:
            # Django's own catalogues hold these names.
            return gettext(_DJANGO[known])
    return code


def choices() -> list[tuple[str, str]]:
    """Return all languages with a name, sorted by it."""
    return _sorted(get_language() or "en")


@lru_cache(maxsize=8)
def _sorted(reader: str) -> list[tuple[str, str]]:
    with speaking(reader):
        named = [(code, gettext(label)) for code, label in _DJANGO.items()]
        named += [(code, str(label)) for code, label in _MORE.items() if code not in _DJANGO]
    return sorted(named, key=lambda pair: pair[1].casefold())
