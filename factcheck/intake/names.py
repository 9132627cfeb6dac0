"""Names of other tools' tags and relations as they are allowed here; nothing of two becomes one by accident."""

import re
import unicodedata
from collections.abc import Iterable

from factcheck.intake.readers import Refusal

LONGEST = 40
_LEGAL = re.compile(rf"[a-z][a-z0-9_-]{{0,{LONGEST - 1}}}")


def legal_names(given: Iterable[str]) -> dict[str, str]:
    """Return for each name one that a tag or relation kind may have: itself, or else one made from it.

    `Chief Claim` becomes `chief_claim`; what no Latin letter is left of is written by its code points. Two that would
    become the same are told apart by a number, in the order of the alphabet, so that the same file gives the same.

    >>> legal_names(["claim", "Claim", "Été", "主張"])
    {'claim': 'claim', 'Claim': 'claim_2', 'Été': 'ete', '主張': 'u4e3b_u5f35'}
    """
    found = dict.fromkeys(given)
    wanted = sorted(found)
    made = {name: name for name in wanted if _LEGAL.fullmatch(name)}
    taken = set(made)
    for name in wanted:
        if name not in made:
            made[name] = _free(_made_of(name), taken)
            taken.add(made[name])
    return {name: made[name] for name in found}


def _made_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not re.search("[a-z]", words):
        written = "_".join(f"u{ord(character):04x}" for character in name if not character.isspace())
        words = f"n{words}" if words else written or "unnamed"
    return words[:LONGEST].rstrip("_") if words[0].isalpha() else f"n{words}"[:LONGEST].rstrip("_")


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name[: LONGEST - len(str(number)) - 1]}_{number}"
    return found


def renamed(place: str, names: dict[str, str]) -> tuple[Refusal, ...]:
    """Say which names are other ones here."""
    return tuple(
        Refusal(place, f"The name “{name}” is not allowed here as it is; it became “{made}”.")
        for name, made in names.items()
        if name != made
    )
