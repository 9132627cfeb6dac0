"""One `.ann` file of brat (https://brat.nlplab.org/standoff.html) and the text that it is about, line by line.

Every line is taken as it says or told as refused. Offsets are believed where the words that the line repeats stand
there: white space apart, since brat writes a line end as a space.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from factcheck.anchoring.canonical import OffsetMap, canonical
from factcheck.anchoring.lines import by_line, joined, one_line
from factcheck.anchoring.spans import Span, extent_of
from factcheck.anchoring.units import BadOffset
from factcheck.exceptions import Invalid
from factcheck.intake.readers import Unit

OURS = frozenset(("speaker", "via", "concerns", "document", "Relation"))
"""Types of the notes in which exports.brat tells what brat has no place for, and which are not read back."""

_BEGINS = re.compile(r"(?:[TREAMN#]\d+|\*)(?:\t|$)")
_PART = re.compile(r"\s*(\d{1,12})\s+(\d{1,12})\s*")
_TWO = 2


@dataclass
class Annotation:
    """What a T line says, with the lines that are about it."""

    tag: str
    spans: list[Span]
    notes: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    ours: list[str] = field(default_factory=list)  # notes of our export that are not read back

    @property
    def note(self) -> str:
        """The notes as one; the exact one of our export where nobody changed it since."""
        note, kept = "\n".join(self.notes), self.own.get("note")
        exact = isinstance(kept, str) and one_line(kept).strip() == note.strip()
        return "\n".join(filter(None, [str(kept) if exact else note, *self.more]))


@dataclass
class Relation(Annotation):
    """What an R, E or `*` line says; it has no words of its own."""

    subject: str = ""  # names of T lines
    object: str = ""
    symmetric: bool = False


class _Line(NamedTuple):
    number: int
    words: str
    more: list[tuple[int, str]]  # lines after it that begin like none of brat's

    @property
    def id(self) -> str:
        return self.words.partition("\t")[0]

    def fields(self) -> tuple[str, list[str], str]:
        """Return the first word of the second column, the others of it, and the rest of the line as it is."""
        columns = self.words.split("\t", 2)
        first, *others = columns[1].split() if len(columns) > 1 else [""]
        return first, others, columns[_TWO] if len(columns) > _TWO else ""


class Refused(Exception):
    """Why a line is not taken."""


class Parsed:
    """What an `.ann` file says of a text (as it stands in its file); `refused` has line numbers and reasons."""

    def __init__(self, raw: str, lines: str, unit: Unit | None = None) -> None:
        self.text = canonical(raw)
        self.annotations: dict[str, Annotation] = {}
        self.relations: dict[str, Relation] = {}
        self.refused: list[tuple[int, str]] = []
        self.counted = ""  # what offsets count, where it is not what brat counts
        self._triggers: dict[str, str] = {}
        self._related: set[tuple[str, str, str]] = set()
        by_letter: dict[str, list[_Line]] = {}
        for line in _lines(lines, self.refused):
            by_letter.setdefault(line.id[0], []).append(line)
        self._seen: set[str] = set()
        self._place = self._places(raw, by_letter.get("T", []), unit)
        takes = {"T": self._text_bound, "E": self._event, "R": self._relation, "*": self._equivalence}
        takes |= {"A": self._attribute, "M": self._attribute, "N": self._normalisation, "#": self._note}
        for line in by_letter.get("E", ()):  # an event may be named before it stands
            if (found := re.fullmatch(r"[^:]+:(T\d+)", line.fields()[0])) is not None:
                self._triggers.setdefault(line.id, found[1])
        for letter, take in takes.items():
            self._take(by_letter.get(letter, ()), take)
        self.refused.sort()

    def _take(self, lines: Iterable[_Line], take: Callable[[_Line], None]) -> None:
        for line in lines:
            try:
                if line.id in self._seen:
                    raise Refused(f"There is a line {line.id} already.")
                take(line)
                if line.id != "*":
                    self._seen.add(line.id)
            except Refused as refused:
                self.refused.append((line.number, str(refused)))
            self.refused += [(number, _UNKNOWN) for number, more in line.more if more.strip()]

    # -- T: words ----------------------------------------------------------------------------------

    def _places(self, raw: str, lines: list[_Line], unit: Unit | None) -> Callable[[int], int]:
        """Return how offsets are to be read: what brat counts, or what makes more of the words stand where they should.

        brat counts code points of the file, a CR and a byte order mark too. Other programs count a line end as one, or
        UTF-16 units.
        """
        ways: list[tuple[str, Callable[[int], int]]] = []
        texts = [(raw, ""), (self.text, "with line ends counted as one")]
        wide = any(character > "\uffff" for character in raw)
        for form, said in texts if raw != self.text else texts[:1]:
            if unit != "utf16":
                ways.append((said, OffsetMap(form)))
            if unit == "utf16" or (unit is None and wide):
                ways.append((f"in UTF-16 units {said}".strip(), OffsetMap(form, "utf16")))
        if len(ways) > 1:
            fits = [sum(self._fits(line, place) for line in lines) for _said, place in ways]
            self.counted, chosen = ways[fits.index(max(fits))]
            return chosen
        return ways[0][1]

    def _fits(self, line: _Line, place: Callable[[int], int]) -> bool:
        try:
            self._spans(line, place)
        except Refused:
            return False
        return True

    def _spans(self, line: _Line, place: Callable[[int], int]) -> tuple[list[Span], bool]:
        """Return the parts where the line says they are, and whether its words go on in the lines that follow it."""
        columns = line.words.split("\t", 2)
        if len(columns) <= _TWO:
            raise Refused(
                "It needs three columns parted by tabs: id, type with offsets, and the words there."
            )
        _tag, _, offsets = columns[1].strip().partition(" ")
        parts = []
        for part in offsets.split(";"):
            if (found := _PART.fullmatch(part)) is None:
                raise Refused(f"“{part.strip()[:100]}” is no start and end in whole numbers.")
            try:
                parts.append((place(int(found[1])), place(int(found[2]))))
            except BadOffset as error:
                raise Refused(str(error)) from error
        try:
            extent = extent_of(parts, length=len(self.text))
        except Invalid as error:
            raise Refused(str(error)) from error
        words = [self.text[start:end] for start, end in parts]
        if _says(columns[2], words):
            return list(extent), False
        if line.more and _says("\n".join([columns[2], *(more for _number, more in line.more)]), words):
            return list(extent), True
        raise Refused(
            f"At {offsets} the text says “{_short(' '.join(words))}”, the line “{_short(columns[2])}”."
        )

    def _text_bound(self, line: _Line) -> None:
        tag, _others, _words = line.fields()
        if not tag:
            raise Refused("It has no type.")
        parts, goes_on = self._spans(line, self._place)
        if goes_on:
            line.more.clear()
        self.annotations[line.id] = Annotation(tag, joined(self.text, parts))

    # -- E, R, *: from one to another ---------------------------------------------------------------

    def _end(self, name: str) -> str:
        """Return the T line that is meant: of an event, its trigger."""
        found = self._triggers.get(name, name)
        if found not in self.annotations:
            raise Refused(f"There is no {name} that was taken.")
        return found

    def _relate(self, key: str, kind: str, subject: str, object_: str, *, symmetric: bool = False) -> None:
        subject, object_ = self._end(subject), self._end(object_)
        if subject == object_:
            raise Refused(f"It relates {subject} to itself.")
        made = Relation(kind, [], subject=subject, object=object_, symmetric=symmetric)
        if (made.tag, subject, object_) in self._related:
            raise Refused(f"There is “{kind}” from {subject} to {object_} already.")
        self._related |= {(made.tag, subject, object_)} | (
            {(made.tag, object_, subject)} if symmetric else set()
        )
        self.relations[key] = made

    def _event(self, line: _Line) -> None:
        first, others, _rest = line.fields()
        kind, _, trigger = first.partition(":")
        at = self.annotations.get(trigger)
        if at is None:
            raise Refused(f"There is no trigger “{trigger}” that was taken.")
        if at.tag != kind:
            raise Refused(f"The event is “{kind}”, but its trigger {trigger} is “{at.tag}”.")
        why = []
        for nth, given in enumerate(others):
            role, _, other = given.partition(":")
            try:
                # Theme2 is brat's way to write a second Theme.
                self._relate(f"{line.id}.{nth}", role.rstrip("0123456789") or role, trigger, other)
            except Refused as refused:
                why.append(f"{given}: {refused}")
        if why:
            self.refused.append((line.number, " ".join(why)))

    def _relation(self, line: _Line) -> None:
        kind, others, _rest = line.fields()
        ends = [given.partition(":")[2] for given in others]
        if len(ends) != _TWO or not all(ends):
            raise Refused("A relation has a type and two ends, as Arg1:T1 Arg2:T2.")
        self._relate(line.id, kind, *ends)

    def _equivalence(self, line: _Line) -> None:
        kind, names, _rest = line.fields()
        if len(names) < _TWO:
            raise Refused("An equivalence has two members or more.")
        for nth, (one, other) in enumerate(pairwise(names)):
            self._relate(f"*{line.number}.{nth}", kind, one, other, symmetric=True)

    # -- A, M, N, #: about others --------------------------------------------------------------------

    def _about(self, name: str) -> Annotation:
        if name in self.relations:
            return self.relations[name]
        return self.annotations[self._end(name)]

    def _attribute(self, line: _Line) -> None:
        name, others, _rest = line.fields()
        if not others or len(others) > _TWO:
            raise Refused("An attribute has a name, what it is about, and at most one word as its value.")
        about = self._about(others[0])
        value = others[1] if len(others) == _TWO else True
        if about.attributes.setdefault(name, value) != value:
            raise Refused(f"{others[0]} has “{about.attributes[name]}” as its “{name}” already.")

    def _normalisation(self, line: _Line) -> None:
        kind, others, words = line.fields()
        if len(others) != _TWO:
            raise Refused("A normalisation has a type, what it is about, and an entry as RID:EID.")
        self._about(others[0]).more.append(" ".join(filter(None, [kind, others[1], words.strip()])))

    def _note(self, line: _Line) -> None:
        kind, others, words = line.fields()
        if len(others) != 1:
            raise Refused("A note has a type and what it is about.")
        about = self._about(others[0])
        if kind == "AnnotatorNotes":
            about.notes.append(words)
        elif kind in ("Factcheck", "Attributes") and (told := _object(words)) is not None:
            self._ours(about, kind, told)
        elif kind in OURS:
            about.ours.append(f"{kind}: {words}")
        else:
            about.more.append(f"{kind}: {words}")

    def _ours(self, about: Annotation, kind: str, told: dict[str, Any]) -> None:
        """Take what our export says in a note, as far as what brat itself has was not changed since."""
        if kind == "Attributes":
            about.attributes = {**told, **about.attributes}
            return
        about.own |= told
        spans = _pairs(told.get("spans"))
        if spans and about.spans and joined(self.text, by_line(self.text, spans)) == about.spans:
            about.spans = spans


_UNKNOWN = "It begins like no line that brat has."


def _lines(text: str, refused: list[tuple[int, str]]) -> Iterator[_Line]:
    """Yield brat's lines, each with those after it that begin like none and may be a part of its words."""
    last: _Line | None = None
    for number, ended in enumerate(text.split("\n"), 1):
        words = ended.removesuffix("\r")
        if _BEGINS.match(words):
            if last is not None:
                yield last
            last = _Line(number, words, [])
        elif last is not None and last.id[0] == "T":
            last.more.append((number, words))
        elif words.strip():
            refused.append((number, _UNKNOWN))
    if last is not None:
        yield last


def _says(given: str, words: list[str]) -> bool:
    """Say whether what a line repeats are these words; a comment may follow them after a tab."""
    wanted = {
        _plain(" ".join(words)),
        _plain("".join(words)),
    }  # brat before 1.3 wrote nothing between the parts
    if wanted == {""}:
        return given.strip("\r\n") in (" ".join(words), "".join(words))
    return _plain(given) in wanted or _plain(given.partition("\t")[0]) in wanted


def _plain(words: str) -> str:
    return " ".join(words.split())


def _short(words: str) -> str:
    plain = _plain(words)
    return plain if len(plain) <= 100 else f"{plain[:99]}…"


def _object(words: str) -> dict[str, Any] | None:
    try:
        told = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _pairs(told: Any) -> list[Span]:
    """Return the spans that a note tells, none if they are told otherwise than we write them."""
    try:
        spans = [Span(start, end) for start, end in told]
    except (TypeError, ValueError):
        return []
    return spans if all(type(place) is int for span in spans for place in span) else []
