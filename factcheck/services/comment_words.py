"""The words of a comment: plain text in which `@name` mentions a member and web addresses are links."""

import re
import unicodedata
from typing import NamedTuple

# A username is what Django's UnicodeUsernameValidator takes. What follows a letter or a slash (a mail address, a
# path) is no mention. Addresses end at a space, a quotation mark or a bracket.
_FOUND = re.compile(
    r"""(?P<link>https?://[^\s<>"“”«»()\[\]{}]+) | (?<![\w.@+/-])@(?P<name>[\w.@+-]{1,150})""",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE = ".,;:!?…'’*_~"  # what ends an address usually ends a sentence
_LOOSE = ".@+-"  # may end a name, and may also only follow it


class Part(NamedTuple):
    """A piece of a comment: its words, and what they are: `text`, `mention` or `link`."""

    kind: str
    words: str


def spellings(written: str) -> list[str]:
    """Return the names that `@written` may mean, the longest first: a full stop may belong to the sentence."""
    found = [written]
    while written and written[-1] in _LOOSE:
        written = written[:-1]
        if written:
            found.append(written)
    return found


def normal(name: str) -> str:
    """Return a name as accounts have it (Django keeps usernames in NFKC)."""
    return unicodedata.normalize("NFKC", name)


def mentioned(body: str) -> list[list[str]]:
    """Return, for each place where somebody may be mentioned, the names that it may mean."""
    return [
        [normal(name) for name in spellings(match["name"])]
        for match in _FOUND.finditer(body)
        if match["name"]
    ]


def parts(body: str, names: set[str]) -> list[Part]:
    """Cut a comment into its parts; only `@name` of one of the `names` is a mention. Joined they are the body."""
    found: list[Part] = []
    at = 0
    for match in _FOUND.finditer(body):
        if match["link"]:
            words = match["link"].rstrip(_SENTENCE)
            kind = "link"
        else:
            known = next((name for name in spellings(match["name"]) if normal(name) in names), None)
            if known is None:
                continue
            words, kind = f"@{known}", "mention"
        if match.start() > at:
            found.append(Part("text", body[at : match.start()]))
        found.append(Part(kind, words))
        at = match.start() + len(words)
    if at < len(body):
        found.append(Part("text", body[at:]))
    return found
