"""Names of other programs as names that a project's tags, relation kinds and attributes may have."""

import re
import unicodedata
import zlib

LONGEST = 40


def name_of(given: str) -> str:
    """Return the name in small letters a to z, digits, `_` and `-`, a letter first; the same for the same name.

    >>> name_of("PER"), name_of("Said-By"), name_of("3rd person"), name_of("Größe")
    ('per', 'said-by', 'x3rd_person', 'grosse')
    """
    folded = unicodedata.normalize("NFKD", given).casefold().encode("ascii", "ignore").decode()
    name = re.sub("[^a-z0-9_-]+", "_", folded).strip("_-")
    if not name:  # nothing of it is left, as of a word in another alphabet
        name = f"x{zlib.crc32(given.encode()):08x}"
    return (name if name[0].isalpha() else f"x{name}")[:LONGEST]
