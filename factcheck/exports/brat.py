"""brat standoff (https://brat.nlplab.org/standoff.html) in a ZIP: a folder for each layer's owner, `.txt` and `.ann`.

What brat has no place for stands in notes, so that it can be read there: our ids (a note of type `Factcheck`), values
that are more than one word (`Attributes`), sources (by their role), relations that lead out of the file (`Relation`).
`articles.jsonl` says of which article and layer each file is. intake/brat.py reads all of it but the sources.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from factcheck.anchoring.lines import by_line, joined, one_line
from factcheck.exports import zips
from factcheck.exports.brat_conf import configuration

Document = dict[str, Any]
Thing = dict[str, Any]

REFERENCE = "reference"
NOBODY = "unannotated"
_LONGEST = 60  # characters of a title in a file's name
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE
)  # names that Windows keeps for itself
_MADE = ("id", "created_by", "created_at", "updated_at", "version")
_TOLD = ("id", "title", "url", "publisher", "byline", "published_at", "language", "direction", "file_name")
_ONE_WORD = re.compile(r"[^\s]+")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029]")


def write(documents: Iterable[Document]) -> Iterator[bytes]:
    """Yield the archive; takes lines of the interchange format as objects, and keeps a line about each article."""
    return zips.write(_files(documents))


def _files(documents: Iterable[Document]) -> Iterator[tuple[str, Iterable[bytes]]]:
    folders = _Folders()
    articles = []
    for nth, document in enumerate(documents):
        if nth == 0:
            yield "annotation.conf", [configuration(document["project"]["scheme"]).encode()]
        article = document["article"]
        name = f"{_slug(article['title'])}{article['id']}"
        text = article["text"].encode()
        layers = []
        left_out: list[Thing] = []
        for layer in document["layers"]:
            folder = folders.of(layer)
            written = _Layer(document, layer["id"])
            yield f"{folder}/{name}.txt", [text]
            yield f"{folder}/{name}.ann", [written.text().encode()]
            layers.append(layer | {"folder": folder})
            left_out += written.left_out
        if not layers:
            yield f"{NOBODY}/{name}.txt", [text]
        told = {key: article[key] for key in _TOLD} | {"name": name, "layers": layers, "left_out": left_out}
        articles.append(f"{_json(told)}\n".encode())
    if articles:
        yield "articles.jsonl", articles


class _Folders:
    """A folder for each owner, named as they are wherever every file system can have that name beside the others."""

    def __init__(self) -> None:
        self._by_owner: dict[str | None, str] = {None: REFERENCE}
        self._taken = {REFERENCE, NOBODY}

    def of(self, layer: Thing) -> str:
        owner = layer["owner"]
        if owner not in self._by_owner:
            name = re.sub(r"[^\w@+.-]", "_", unicodedata.normalize("NFC", owner)).strip(".") or "_"
            plain = name = f"_{name}" if _RESERVED.fullmatch(name) else name
            nth = 1
            while name.casefold() in self._taken:
                nth += 1
                name = f"{plain}~{nth}"
            self._taken.add(name.casefold())
            self._by_owner[owner] = name
        return self._by_owner[owner]


def _slug(title: str) -> str:
    """Return the title as the beginning of a file's name: a to z, digits and `-`; empty when it has none of them."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    return f"{words}-" if words else ""


class _Layer:
    """One layer as the lines of an `.ann` file; `left_out` is what could be said nowhere in it."""

    def __init__(self, document: Document, layer: str) -> None:
        self._text: str = document["article"]["text"]
        self._all = {one["id"]: one for one in document["annotations"]}
        self._sources = {one["id"]: one["name"] for one in document["sources"]}
        self._links: dict[str, list[Thing]] = {}
        for link in document["source_links"]:
            self._links.setdefault(link["annotation"], []).append(link)
        self._numbers = {"T": 0, "A": 0, "R": 0, "#": 0}
        self._named: dict[str, str] = {}
        self._lines: list[str] = []
        self.left_out: list[Thing] = []
        mine = [one for one in document["annotations"] if one["layer"] == layer]
        for annotation in sorted(mine, key=lambda one: (one["spans"][0]["start"], one["id"])):
            self._annotation(annotation)
        for relation in document["relations"]:
            if relation["layer"] == layer:
                self._relation(relation)

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def _next(self, letter: str) -> str:
        self._numbers[letter] += 1
        return f"{letter}{self._numbers[letter]}"

    def _note(self, kind: str, target: str, words: str) -> None:
        self._lines.append(f"{self._next('#')}\t{kind} {target}\t{one_line(words)}")

    def _annotation(self, annotation: Thing) -> None:
        spans = [(span["start"], span["end"]) for span in annotation["spans"]]
        parts = by_line(self._text, spans)
        if not parts:
            self._leave_out(annotation, "It covers line ends only.")
            return
        name = self._named[annotation["id"]] = self._next("T")
        places = ";".join(f"{start} {end}" for start, end in parts)
        words = " ".join(self._text[start:end] for start, end in parts)
        self._lines.append(f"{name}\t{annotation['tag']} {places}\t{words}")
        exact = {} if joined(self._text, parts) == spans else {"spans": spans}
        self._about(annotation, name, exact, flags=True)
        for link in self._links.get(annotation["id"], ()):
            self._note(link["role"], name, self._link(link))

    def _about(self, thing: Thing, name: str, more: Thing, *, flags: bool) -> None:
        """Write what annotations and relations have alike; only annotations may have lines for attributes."""
        others = {}
        for key, value in thing["attributes"].items():
            as_line = flags and _ONE_WORD.fullmatch(key)
            if as_line and value is True:
                self._lines.append(f"{self._next('A')}\t{key} {name}")
            elif as_line and isinstance(value, str) and _ONE_WORD.fullmatch(value):
                self._lines.append(f"{self._next('A')}\t{key} {name} {value}")
            else:
                others[key] = value
        if others:
            self._note("Attributes", name, _json(others))
        if thing["note"]:
            self._note("AnnotatorNotes", name, thing["note"])
            if one_line(thing["note"]).strip() != thing["note"]:
                more = more | {"note": thing["note"]}
        self._note("Factcheck", name, _json({key: thing[key] for key in _MADE} | more))

    def _link(self, link: Thing) -> str:
        parts = [
            self._sources[link["source"]],
            f"named “{link['as_named']}”" if link["as_named"] else "",
            f"on behalf of {self._sources[link['on_behalf_of']]}" if link["on_behalf_of"] else "",
            link["stance"] or "",
            f"“{link['quote']}”" if link["quote"] else "",
            link["locator"],
            link["url"],
            link["note"],
        ]
        return "; ".join(filter(None, parts))

    def _relation(self, relation: Thing) -> None:
        subject, object_ = relation["subject"], relation["object"]
        if subject in self._named and object_ in self._named:
            name = self._next("R")
            ends = f"Arg1:{self._named[subject]} Arg2:{self._named[object_]}"
            self._lines.append(f"{name}\t{relation['kind']} {ends}")
            self._about(relation, name, {}, flags=False)
        elif subject in self._named:
            self._note("Relation", self._named[subject], f"{relation['kind']} {self._elsewhere(object_)}")
        elif object_ in self._named:
            self._note(
                "Relation", self._named[object_], f"{self._elsewhere(subject)} {relation['kind']} this"
            )
        else:
            self._leave_out(relation, "Neither of its ends is in this layer.")

    def _elsewhere(self, annotation: str) -> str:
        """Name an annotation that is not in this file."""
        found = self._all.get(annotation)
        if found is None:
            return f"{annotation} (not in this article)"
        words = " ".join(span["exact"] for span in found["spans"])
        return f"{annotation} (not in this layer: “{words}”)"

    def _leave_out(self, thing: Thing, why: str) -> None:
        self.left_out.append(thing | {"why": why})


def _json(value: Any) -> str:
    """Write JSON that holds no character at which any reader ends a line."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
