"""What becomes of an uploaded file: one extractor per type, found by the end of its name.

A new type (HTML, PDF, DOCX) is a function from bytes to Decoded text and a line in EXTRACTORS.
"""

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import NamedTuple

from factcheck.exceptions import Invalid
from factcheck.intake import language
from factcheck.intake.decode import Decoded, decode
from factcheck.intake.language import Direction

Extractor = Callable[[bytes], Decoded]

LONGEST_TITLE = 200
"""Code points of a guessed title; a longer first line is cut after a word."""


class Extracted(NamedTuple):
    """An article's text as the file has it (not yet canonical) and what can be guessed about it."""

    text: str
    encoding: str
    title_guess: str
    language: str
    direction: Direction


class UnknownType(Invalid):
    """Files of this type are not read (yet); `extra` has `type` and `known`."""

    title = "Type of file not read"


EXTRACTORS: dict[str, Extractor] = {
    ".txt": decode,
    ".text": decode,
    ".md": decode,
}
# What is text in these is not only the article's: loaded as plain text, their markup would be in it.
_DOCUMENTS = """
    .htm .html .xhtml .mht .mhtml .xml .svg .rtf .doc .docx .odt .epub .pdf
"""
_MORE_THAN_TEXT = frozenset(_DOCUMENTS.split())


def extract(file_name: str, data: bytes) -> Extracted:
    """Read an uploaded file: by the type that its name ends with, as plain text if the end is none that we
    know.

    Raises UnknownType for documents that hold more than text, Undecodable for what is no text.
    """
    suffix = PurePath(file_name.replace("\\", "/")).suffix.lower()
    if suffix in EXTRACTORS:
        decoded = EXTRACTORS[suffix](data)
    else:
        decoded = decode(data)  # first, because it says best what a binary file seems to be
        if suffix in _MORE_THAN_TEXT:
            known = ", ".join(EXTRACTORS)
            raise UnknownType(
                f"Files that end in {suffix} are not read yet (only {known}): save the article as plain text,"
                " or paste it.",
                field="file",
                extra={"type": suffix, "known": list(EXTRACTORS)},
            )
    guessed = language.guess(decoded.text)
    return Extracted(
        text=decoded.text,
        encoding=decoded.encoding,
        title_guess=title_of(decoded.text),
        language=guessed,
        direction=language.direction_of(guessed) if guessed else language.direction_of_text(decoded.text),
    )


def title_of(text: str) -> str:
    """Return the first line that is not empty, without white space around it; cut if long."""
    lines = (match[0].removeprefix("\ufeff").strip() for match in re.finditer(r"[^\r\n]+", text))
    title = next((line for line in lines if line), "")
    if len(title) <= LONGEST_TITLE:
        return title
    cut = title[: LONGEST_TITLE - 1]
    words, _, _ = cut.rpartition(" ")
    return f"{words if len(words) > LONGEST_TITLE // 2 else cut}…"
