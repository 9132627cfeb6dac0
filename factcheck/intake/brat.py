"""brat's collections: `.txt` and `.ann` pairs, in one folder or in a folder for each annotator.

A pair that several folders have with the same text is one article with a layer for each. What a line of an `.ann` file
says is brat_lines.py; an export of ours is known by its `articles.jsonl`, and brings its ids.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from factcheck.anchoring.canonical import canonical
from factcheck.exceptions import FactcheckError, Undecodable
from factcheck.intake.brat_lines import Annotation, Parsed
from factcheck.intake.decode import decode
from factcheck.intake.readers import File, Options, Refusal, Told, Undecided
from factcheck.intake.registry import title_of

INDEX = "articles.jsonl"
SUFFIXES = (".txt", ".ann", ".a1", ".a2", INDEX)
"""How the names of the files end that are looked at."""

_OURS_ONLY = ("name", "layers", "left_out")  # what an article of the index has beside the article's own
_KEPT = ("created_at", "updated_at", "version")
_MARK = b"\xef\xbb\xbf"

Index = dict[str, tuple[dict[str, Any], dict[str, Any] | None]]


class _Pair(NamedTuple):
    """A text, the lines about it if there are any, and whose they are."""

    text: File
    lines: File | None
    owner: str
    article: dict[str, Any]  # as our own export tells it; else empty
    layer: dict[str, Any]


@dataclass
class _Article:
    """One text with what each annotator says of it."""

    place: str
    text: str
    layers: list[tuple[_Pair, Parsed]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    changed: list[Refusal] = field(default_factory=list)


def read(files: Iterable[File], options: Options) -> Iterator[Told]:
    """Yield each article with its layers; raise Undecided where files lie in no folder and nobody is named.

    Where folders have different texts under one name, each is an article. Files without their other half, and
    what cannot be decoded, are refused.
    """
    by_name = {_plain(file.name): file for file in files}
    index = _index(by_name)
    pairs, alone = _paired(by_name, index, options)
    for refused in alone:
        yield Told(refused.place, None, (refused,))
    for group in pairs.values():
        articles: dict[str, _Article] = {}
        for pair in group:
            try:
                raw = _raw(pair.text)
                text = canonical(raw)
                if text not in articles:
                    articles[text] = _first(pair, text, articles.values())
                _add(articles[text], pair, raw, options)
            except FactcheckError as error:
                yield Told(pair.text.name, None, (Refusal(pair.text.name, str(error)),))
        for article in articles.values():
            if article.layers:
                yield _told(article, options)


# -- which files there are -------------------------------------------------------------------------


def _plain(name: str) -> str:
    """Return a file's name without what leads to it from elsewhere."""
    path = PurePosixPath(name)
    return path.name if path.is_absolute() or ".." in path.parts else str(path)


def _index(files: dict[str, File]) -> Index:
    """Return what our own exports tell of their files, by the name of each without its suffix."""
    told: Index = {}
    for name, file in files.items():
        if PurePosixPath(name).name != INDEX:
            continue
        base = PurePosixPath(name).parent
        with closing(file.open()) as stream:
            for raw in stream:
                try:
                    article = json.loads(raw)
                    UUID(article["id"])
                    for layer in article["layers"]:
                        UUID(layer["id"])
                        told[str(base / layer["folder"] / article["name"])] = (article, layer)
                    if not article["layers"]:
                        told[str(base / "unannotated" / article["name"])] = (article, None)
                except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                    continue  # not ours, or not any more: its files are read as any others
    return told


def _paired(
    files: dict[str, File], index: Index, options: Options
) -> tuple[dict[str, list[_Pair]], list[Refusal]]:
    """Return the pairs of each article, by what they are called in all folders, and the files that are alone."""
    stems: dict[str, dict[str, File]] = {}
    alone: list[Refusal] = []
    for name, file in files.items():
        path = PurePosixPath(name)
        if path.suffix.lower() in (".a1", ".a2"):
            alone.append(Refusal(file.name, "Files of this kind are not read; brat's own end in .ann."))
        elif path.suffix.lower() in (".txt", ".ann"):
            stems.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = file
    whose = _Folders(stems, index, options)
    pairs: dict[str, list[_Pair]] = {}
    for stem, found in stems.items():
        lines = found.get(".ann")
        if ".txt" not in found:
            alone.append(
                Refusal(lines.name if lines else stem, "The text that it is about is missing (.txt).")
            )
            continue
        article, layer = index.get(stem, ({}, None))
        owner, called = ("", f"\0{article['id']}") if article else whose.of(stem, lines)
        if article:
            owner = str((layer or {}).get("owner") or "")
        pairs.setdefault(called, []).append(_Pair(found[".txt"], lines, owner, article, layer or {}))
    return pairs, alone


class _Folders:
    """Whose folder a file lies in: the first one, or where that holds folders for the same texts, the next."""

    def __init__(self, stems: dict[str, dict[str, File]], index: Index, options: Options) -> None:
        self._annotator = options.annotator
        texts = {
            PurePosixPath(stem).parts: found[".txt"]
            for stem, found in stems.items()
            if stem not in index and ".txt" in found
        }
        levels = zip(*(path[:-1] for path in texts), strict=False)
        shared = sum(1 for _level in takewhile(lambda level: len(set(level)) == 1, levels))
        self._above = next((above for above in range(1, shared + 1) if _has_annotators(texts, above)), 0)

    def of(self, stem: str, lines: File | None) -> tuple[str, str]:
        """Return whose the file is, and what its article is called in every annotator's folder."""
        if self._annotator:
            return self._annotator, stem
        parts = PurePosixPath(stem).parts[self._above :]
        if len(parts) == 1 and lines is not None and _bytes(lines).strip():
            raise Undecided(
                f"{lines.name} lies in no annotator's folder; say whose work it is.", field="annotator"
            )
        return ("", parts[0]) if len(parts) == 1 else (parts[0], "/".join(parts[1:]))


def _has_annotators(texts: dict[tuple[str, ...], File], above: int) -> bool:
    """Say whether the folders below so many that all files lie in have a text of the same name and content."""
    by_name: dict[tuple[str, ...], File] = {}
    for path, text in texts.items():
        if len(path) <= above + 1:
            return False
        other = by_name.setdefault(path[above + 1 :], text)
        if other is not text and _bytes(other) == _bytes(text):
            return True
    return False


# -- what they say ---------------------------------------------------------------------------------


def _bytes(file: File) -> bytes:
    with closing(file.open()) as stream:
        return stream.read()


def _raw(file: File) -> str:
    """Return the text as its offsets count it, a byte order mark and each CR being characters of it."""
    data = _bytes(file)
    return ("\ufeff" if data.startswith(_MARK) else "") + decode(data).text


def _first(pair: _Pair, text: str, others: Iterable[_Article]) -> _Article:
    """Begin an article; say so where others of the same name have another text."""
    article = _Article(pair.text.name, text)
    for other in others:
        why = f"Its text is not that of {other.place}, so it is an article of its own."
        article.changed.append(Refusal(pair.text.name, why))
    return article


def _add(article: _Article, pair: _Pair, raw: str, options: Options) -> None:
    lines = ""
    try:
        lines = decode(_bytes(pair.lines)).text if pair.lines else ""
    except Undecodable as error:
        article.refused.append(Refusal(pair.lines.name if pair.lines else "", str(error)))
    parsed = Parsed(raw, lines, options.unit)
    if pair.lines is not None:
        name = pair.lines.name
        article.refused += [Refusal(f"{name}, line {number}", why) for number, why in parsed.refused]
        if parsed.counted:
            why = f"Its offsets are read {parsed.counted}: so most of its words stand where it says."
            article.changed.append(Refusal(name, why))
    article.layers.append((pair, parsed))


def _told(article: _Article, options: Options) -> Told:
    """Return an article as a line of the interchange format."""
    pair, text = article.layers[0][0], article.text
    about = {key: value for key, value in pair.article.items() if key not in _OURS_ONLY}
    if not about:
        name = PurePosixPath(pair.text.name).name
        about = {"title": title_of(text) or PurePosixPath(name).stem, "file_name": name}
        about |= {"language": options.language} if options.language else {}
    line: dict[str, Any] = {"format": 1, "article": about | {"text": text}}
    line |= {"layers": [], "annotations": [], "relations": []}
    for nth, (pair, parsed) in enumerate(article.layers, 1):
        if pair.owner or pair.layer:
            _Layer(line, nth, pair, parsed, article.refused).write()
        elif parsed.annotations and pair.lines:
            article.refused.append(Refusal(pair.lines.name, "It does not say whose work it is."))
    return Told(
        article.place,
        line,
        tuple(article.refused),
        local_ids=not pair.article,
        changed=tuple(article.changed),
    )


class _Layer:
    """One annotator's part of a line."""

    def __init__(
        self, line: dict[str, Any], nth: int, pair: _Pair, parsed: Parsed, refused: list[Refusal]
    ) -> None:
        self.line, self.pair, self.parsed, self.refused = line, pair, parsed, refused
        self.key = str(pair.layer.get("id", nth))
        self.ids: dict[str, str] = {}
        self.taken: set[str] = set()

    def write(self) -> None:
        told = {key: value for key, value in self.pair.layer.items() if key != "folder"}
        self.line["layers"].append(told or {"id": self.key, "owner": self.pair.owner})
        unread = 0
        for name, one in self.parsed.annotations.items():
            if self._maker(name, one):
                self.line["annotations"].append(
                    self._made(name, one, f"{one.tag} {one.spans}")
                    | {"tag": one.tag, "spans": self._spans(one), "attributes": one.attributes}
                )
                unread += len(one.ours)
        for name, relation in self.parsed.relations.items():
            ends = self.ids.get(relation.subject), self.ids.get(relation.object)
            if all(ends) and self._maker(name, relation):
                self.line["relations"].append(
                    self._made(name, relation, f"{relation.tag} {ends}")
                    | {"kind": relation.tag, "subject": ends[0], "object": ends[1]}
                    | {"attributes": relation.attributes}
                    | ({"symmetric": True} if relation.symmetric else {})
                )
        if unread and self.pair.article and self.pair.lines:
            why = f"{unread} notes on sources and on relations out of the file are not read back; jsonl has them."
            self.refused.append(Refusal(self.pair.lines.name, why))

    def _maker(self, name: str, one: Annotation) -> str:
        """Return who made it; empty, and told, where nobody can be found."""
        maker = str(one.own.get("created_by") or "") if self.pair.article else ""
        if not (maker := maker or self.pair.owner) and self.pair.lines:
            why = "It does not say who made it, and the reference layer is nobody's."
            self.refused.append(Refusal(f"{self.pair.lines.name}, {name}", why))
        return maker

    def _made(self, name: str, one: Annotation, content: str) -> dict[str, Any]:
        note = one.note if self.pair.article else "\n".join(filter(None, [one.note, *one.ours]))
        made = {"id": self._id(name, one, content), "layer": self.key, "note": note}
        made["created_by"] = self._maker(name, one)
        kept = {key: one.own[key] for key in _KEPT if key in one.own} if self.pair.article else {}
        return made | kept

    def _id(self, name: str, one: Annotation, content: str) -> str:
        """Return the id that our export gave it; for what was added since, one that is the same another time."""
        given = str(one.own.get("id", ""))
        if not self.pair.article:
            given = f"{self.key}/{name}"
        elif not _is_uuid(given) or given in self.taken:
            given = str(uuid5(UUID(self.key), content))
            while given in self.taken:
                given = str(uuid5(UUID(given), content))
        self.taken.add(given)
        self.ids[name] = given
        return given

    def _spans(self, one: Annotation) -> list[dict[str, Any]]:
        text = self.parsed.text
        return [{"start": start, "end": end, "exact": text[start:end]} for start, end in one.spans]


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
