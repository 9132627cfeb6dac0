"""W3C web annotations (https://www.w3.org/TR/annotation-model/): alone, as a list, as pages or a collection.

An annotation names its text and need not bring it. The words come from our own export's pages, from a text file that
is given beside, or from the article that is here already; where they are not known, the annotation is refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from factcheck.anchoring import canonical
from factcheck.exceptions import FactcheckError, Invalid, Undecodable
from factcheck.intake import decode, json_files, jsonld_own, jsonld_parts
from factcheck.intake.readers import File, Options, Refusal, Told, Undecided
from factcheck.intake.registry import title_of

_TEXT_ENDS = (".txt", ".text", ".md")
_DEEPEST = 20  # of lists in lists


class Found(NamedTuple):
    """Something that must be an annotation, and where it stands."""

    place: str
    data: dict[str, Any]


class Documents:
    """What the files have, sorted: own pages, other annotations, and what is nothing of both."""

    def __init__(self) -> None:
        self.own: list[tuple[str, dict[str, Any], Mapping[str, Any] | None]] = []
        self.annotations: list[Found] = []
        self.refused: list[Refusal] = []
        self.pages: set[str] = set()
        self.following: list[tuple[str, str]] = []

    def add(
        self, place: str, data: object, *, context: bool = False, project: Any = None, depth: int = 0
    ) -> None:
        """Sort a value; what stands in a document has its context, and is of its project."""
        if isinstance(data, list) and depth < _DEEPEST:
            for number, one in enumerate(data, 1):
                self.add(f"{place}, item {number}", one, context=context, project=project, depth=depth + 1)
            return
        if not isinstance(data, dict):
            self._refuse(place, "This is no annotation: it must be an object.")
            return
        kinds = jsonld_parts.types(data)
        context = context or jsonld_parts.has_context(data)
        if "@graph" in data:
            self.add(
                place, jsonld_parts.several(data["@graph"]), context=context, project=project, depth=depth + 1
            )
        elif not context:
            self._refuse(place, f"This is no web annotation: its @context must have {jsonld_parts.CONTEXT}.")
        elif {"AnnotationCollection", "AnnotationPage"} & set(kinds):
            self._list(place, data, project, depth + 1)
        elif "Annotation" in kinds:
            self.annotations.append(Found(place, data))
        else:
            self._refuse(place, "This is no annotation: its type must be Annotation.")

    def _list(self, place: str, data: dict[str, Any], project: Any, depth: int) -> None:
        if "AnnotationCollection" in jsonld_parts.types(data):
            pages = data.get("pages", data.get("first"))
            project = data.get("project", project)
            for number, page in enumerate(jsonld_parts.several(pages), 1):
                if isinstance(page, str):
                    self.following.append((place, page))
                else:
                    self.add(f"{place}, page {number}", page, context=True, project=project, depth=depth)
            return
        self.pages.add(str(data.get("id")))
        if isinstance(data.get("next"), str):
            self.following.append((place, data["next"]))
        if jsonld_own.is_own(data):
            self.own.append((place, data, project if isinstance(project, dict) else None))
        else:
            self.add(place, jsonld_parts.several(data.get("items")), context=True, depth=depth)

    def missing_pages(self) -> Iterator[Refusal]:
        """Say which pages are named and not there."""
        for place, page in self.following:
            if page not in self.pages:
                yield Refusal(
                    place, f"The page {page[:200]} is not in the file; only what is there is taken."
                )

    def _refuse(self, place: str, why: str) -> None:
        self.refused.append(Refusal(place, why))


class Mark(NamedTuple):
    """An annotation of somebody else's, checked."""

    place: str
    key: str
    extent: tuple[tuple[int, int], ...]
    said: jsonld_parts.Said
    who: str
    at: dict[str, str]


class Text:
    """A text that annotations name, and what is taken of them."""

    def __init__(self, place: str, title: str, raw: str) -> None:
        self.place = place
        self.raw = raw
        self.text = canonical.canonical(raw)
        self.title = title or title_of(self.text)
        self.marks: list[Mark] = []
        self.relations: list[dict[str, Any]] = []
        self.refused: list[Refusal] = []


def read(files: Iterable[File], options: Options) -> Iterator[Told]:
    """Yield each article with its annotations; see `factcheck.intake.readers`.

    Raises `Undecided` for `annotator` where an annotation names no creator and the options do not say whose it is.
    """
    documents, beside = Documents(), _Beside()
    for file in files:
        if file.name.lower().endswith(_TEXT_ENDS):
            beside.add(file)
            continue
        for value in json_files.values(file):
            if value.refused:
                documents.refused.append(Refusal(value.place, value.refused))
            else:
                documents.add(value.place, value.data)
    refused = [*documents.refused, *beside.refused, *documents.missing_pages()]
    texts = _marked(documents.annotations, beside, options, refused)
    if refused:
        yield Told(refused[0].place, None, tuple(refused))
    for place, page, project in documents.own:
        try:
            yield jsonld_own.told(place, page, project)
        except FactcheckError as error:
            yield json_files.nothing_taken(place, str(error))
    for text in texts:
        yield _told(text, options.language)


class _Beside:
    """Text files that are given beside the annotations, by the names that addresses may end with."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        self.refused: list[Refusal] = []

    def add(self, file: File) -> None:
        with file.open() as opened:
            raw = opened.read()
        try:
            text = decode.decode(raw).text
        except Undecodable as error:
            self.refused.append(Refusal(file.name, str(error)))
            return
        path = PurePosixPath(file.name)
        for name in {file.name, path.name, path.stem}:
            self._by_name.setdefault(name, []).append((file.name, text))

    def text(self, source: str) -> str | None:
        """Return the text that an address names, by its whole or by how it ends."""
        found = self._by_name.get(source) or self._by_name.get(jsonld_parts.last_part(source)) or []
        if len(found) > 1:
            files = ", ".join(name for name, _text in found)
            raise Invalid(f"Several files may be the text {source[:200]}: {files}.")
        return found[0][1] if found else None


# -- Annotations of others -------------------------------------------------------------------------


def _marked(found: list[Found], beside: _Beside, options: Options, refused: list[Refusal]) -> list[Text]:
    """Return the texts with their annotations; what has no text goes to `refused`."""
    texts: dict[str, Text] = {}
    homes: dict[str, list[tuple[Text, str]]] = {}
    joining: list[Found] = []
    for one in found:
        if jsonld_own.is_relation(one.data):
            joining.append(one)
            continue
        try:
            targets = jsonld_parts.targets(one.data)
            said = _said(one.data)
            text = _text(targets[0].source, one.place, texts, beside, options)
            extent = jsonld_parts.extent(text.raw, text.text, targets)
            own = jsonld_parts.identifier(one.data)
            who = jsonld_parts.creator(one.data) or options.annotator
        except FactcheckError as error:
            refused.append(Refusal(one.place, str(error)))
            continue
        _check_told(one.place, who)
        text.refused += [Refusal(one.place, why) for why in said.left]
        key = own if own and own not in homes else one.place
        homes.setdefault(own or key, []).append((text, key))
        text.marks.append(Mark(one.place, key, extent, said, who, jsonld_parts.times(one.data)))
    for one in joining:
        try:
            text, relation = _relation(one.data, homes, options.annotator)
        except FactcheckError as error:
            refused.append(Refusal(one.place, str(error)))
            continue
        _check_told(one.place, relation["created_by"])
        text.relations.append(relation | {"id": one.place})
    return list(texts.values())


def _check_told(place: str, who: str) -> None:
    if not who:
        raise Undecided(
            f"{place} does not say who made this annotation: name the annotator whose work it is.",
            field="annotator",
        )


def _said(data: Mapping[str, Any]) -> jsonld_parts.Said:
    said = jsonld_parts.said(data)
    if not said.tags:
        raise Invalid("No body says a tag: a TextualBody with the purpose tagging or classifying is needed.")
    return said


def _text(source: str, place: str, texts: dict[str, Text], beside: _Beside, options: Options) -> Text:
    if source not in texts:
        raw, title = beside.text(source), ""
        if raw is None and (here := options.known_article(source)) is not None:
            raw, title = here["text"], here["title"]
        if raw is None:
            raise Invalid(
                f"The text {source[:200]} is not known here: load it as an article with this address first, or give"
                " its words as a text file of that name beside."
            )
        texts[source] = Text(place, title, raw)
    return texts[source]


def _relation(
    data: Mapping[str, Any], homes: Mapping[str, list[tuple[Text, str]]], annotator: str
) -> tuple[Text, dict[str, Any]]:
    """Return a relation and the text that its subject is in: from a body to the target, or between two targets."""
    bodies = jsonld_parts.several(data.get("body"))
    linked = [body for body in bodies if _end(body) in homes]
    targets = [_end(one) for one in jsonld_parts.several(data.get("target"))]
    ends = [*(_end(body) for body in linked), *targets]
    if len(ends) != 2 or any(end not in homes for end in ends):
        raise Invalid(
            "It is made to link, and does not join two annotations that are in the file and were taken."
        )
    said = jsonld_parts.said(
        {**data, "body": [one for one in bodies if one not in linked], "motivation": "tagging"}
    )
    if len(said.tags) != 1:
        raise Invalid("A relation needs one body that is a text and says its kind.")
    (text, subject), *others = homes[str(ends[0])]
    (there, object_), *more = homes[str(ends[1])]
    if others or more or subject == object_:
        raise Invalid(
            "A relation joins two annotations; here one is joined with itself, or stands twice in the file."
        )
    several = [
        mark.place
        for mark in text.marks + there.marks
        if mark.key in (subject, object_) and len(mark.said.tags) > 1
    ]
    if several:
        raise Invalid(
            f"It joins {several[0]}, which has several tags: it is not told which of them is meant."
        )
    relation = {
        "kind": said.tags[0],
        "subject": subject,
        "object": object_,
        "note": said.note,
        "created_by": jsonld_parts.creator(data) or annotator,
    }
    return text, relation | jsonld_parts.times(data)


def _end(one: object) -> str | None:
    if isinstance(one, dict) and "source" in one:
        return jsonld_parts.address(one["source"])
    return jsonld_parts.address(one)


def _told(text: Text, language: str) -> Told:
    annotations = [
        {
            "id": mark.key if nth == 0 else f"{mark.key} {nth}",
            "tag": tag,
            "spans": [
                {"start": start, "end": end, "exact": text.text[start:end]} for start, end in mark.extent
            ],
            "note": mark.said.note,
            "created_by": mark.who,
        }
        | mark.at
        for mark in text.marks
        for nth, tag in enumerate(mark.said.tags)
    ]
    article = {"title": text.title, "text": text.text, "language": language}
    line = {"article": article, "annotations": annotations, "relations": text.relations}
    return Told(text.place, line, tuple(text.refused), local_ids=True)
