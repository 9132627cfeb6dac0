"""Annotated articles on the way in: a reader for each format turns files into lines of the interchange format.

A reader knows no database and decides nothing: it says what the files say, article by article, and what in them it
could not take. `services.interchange` brings the lines in, with the same checks as for an export's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Literal, NamedTuple

from factcheck.exceptions import Invalid

Unit = Literal["code_points", "utf16"]


class File(NamedTuple):
    """A file to read: its name relative to what was named or uploaded, parts joined by `/`, and how to open it."""

    name: str
    open: Callable[[], BinaryIO]


def no_article(_source: str) -> Mapping[str, str] | None:
    """Know of no article."""
    return None


class Options(NamedTuple):
    """What some formats do not say and a person must.

    `annotator` is the username whose work it is where a file names nobody; `unit` what offsets count where it cannot
    be told from the words; `language` a BCP 47 tag for every article, empty to guess; `text_key` which of a task's
    data is its text (Label Studio); `known_article` gives for an address or id the article that is here already, as
    `{"title", "text"}`, or None (JSON-LD, which names articles and need not bring their words).
    """

    annotator: str = ""
    unit: Unit | None = None
    language: str = ""
    text_key: str = ""
    known_article: Callable[[str], Mapping[str, str] | None] = no_article


class Refusal(NamedTuple):
    """Something in a file that was not taken: where it stands (`Lisa/12.ann, line 3`), and why in one sentence."""

    place: str
    why: str


class Told(NamedTuple):
    """One article as a line of the interchange format (docs/formats.md), and what of it was not taken.

    `line` is ready JSON, or the object; None when nothing of the article could be taken. Where a format has ids of
    its own that mean nothing outside the file, the line uses them as keys: `local_ids` says so, and the importer
    then finds what is here already by its content. `changed` is what was taken, but not quite as the file has it.
    """

    place: str
    line: bytes | dict[str, Any] | None
    refused: tuple[Refusal, ...] = ()
    local_ids: bool = False
    changed: tuple[Refusal, ...] = ()


class Undecided(Invalid):
    """The files can be read in more than one way, and a person must say which; `field` names the option."""

    title = "More must be said to read this"


Reader = Callable[[Iterable[File], Options], Iterator[Told]]
