"""What is typed into a search for words, as PostgreSQL's full-text search takes it.

Words apart must all be there, in any order; "words in quotes" stand beside each other; `check*` is how a word begins;
`-may` must not be there. Case does not matter. Words are whole: `check` does not find `checked`, `check*` does.
"""

import re
from typing import Any

_PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
_PHRASE = "phraseto_tsquery('simple', search_form(%s))"
# The last word of the phrase may go on; NULLIF is for what has no word in it.
_BEGINS = f"coalesce((nullif({_PHRASE}::text, '') || ':*')::tsquery, ''::tsquery)"


def has_any(typed: str) -> bool:
    """Tell whether there is anything in it to look for."""
    return any(re.search(r"\w", quoted or bare) for _minus, quoted, bare in _PART.findall(typed))


def query(typed: str) -> tuple[str, list[Any]]:
    """Return a tsquery as an SQL expression with its parameters."""
    parts, params = [], []
    for minus, quoted, bare in _PART.findall(typed):
        words = quoted or bare
        if not re.search(r"\w", words):
            continue
        begins = bool(bare) and bare.endswith("*")
        if begins:
            # Word by word, since `foo-bar` is a word too and `foo-ba` would not be how it begins.
            words = " ".join(re.findall(r"\w+", bare))
        part = _BEGINS if begins else _PHRASE
        parts.append(f"!!({part})" if minus else f"({part})")
        params.append(words)
    return " && ".join(parts) or "''::tsquery", params
