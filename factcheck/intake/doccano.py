"""Exports of doccano: JSONL, or a JSON array, of texts with spans, and with relations where the project has them.

Read are the shapes of its versions (`backend/data_export` of github.com/doccano/doccano): spans as `[start, end, name]`
under `label` or `labels`, or as objects under `entities` or `annotations`. A project whose annotators work apart is
exported as one file for each, named after the annotator; no quote is exported, and the unit of offsets is not told.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from factcheck.anchoring import canonical
from factcheck.exceptions import Invalid
from factcheck.intake import json_files, offsets
from factcheck.intake.json_files import Value
from factcheck.intake.readers import File, Options, Refusal, Told, Undecided, Unit
from factcheck.intake.registry import title_of

_SPANS = ("label", "labels", "entities", "annotations")
_TAKEN = {"id", "example_id", "text", "data", "title", "relations", *_SPANS}


class Mark(NamedTuple):
    """A span as the file has it."""

    key: str
    place: str
    given: offsets.Given
    name: str
    user: str | None = None


class Record(NamedTuple):
    """One text of a file with its spans, checked for their shape only."""

    place: str
    raw: str
    data: dict[str, Any]
    marks: list[Mark]
    refused: list[Refusal]


def read(files: Iterable[File], options: Options) -> Iterator[Told]:
    """Yield each text with its annotations and relations; see `factcheck.intake.readers`.

    Raises `Undecided` for `unit` and for `annotator` where neither the files nor the options say it.
    """
    files = list(files)
    for file in files:
        records = [_record(value) for value in json_files.values(file)]
        found = [record for record in records if isinstance(record, Record)]
        unit = offsets.decide(
            ((record.raw, (mark.given for mark in record.marks)) for record in found), options.unit
        )
        annotator = _annotator(files, file, options, found)
        for record in records:
            if isinstance(record, Told):
                yield record
            else:
                yield _told(record, unit, annotator, options.language)


def _annotator(files: list[File], file: File, options: Options, found: list[Record]) -> str:
    """Return whose work a file is: as told, or as its name tells where there is one file for each."""
    if options.annotator:
        return options.annotator
    named = json_files.stem(file)
    if len(files) > 1 and named not in ("all", "unknown"):
        return named
    if any(mark.user is None for record in found for mark in record.marks):
        raise Undecided(
            f"{file.name} does not say who marked this: name the annotator whose work it is.",
            field="annotator",
        )
    return ""


# -- What the file has -----------------------------------------------------------------------------


def _record(value: Value) -> Record | Told:
    place, data = value.place, value.data
    if value.refused:
        return json_files.nothing_taken(place, value.refused)
    if not isinstance(data, dict):
        return json_files.nothing_taken(place, "This is no text of a doccano export: it must be an object.")
    raw = data.get("text", data.get("data"))
    if not isinstance(raw, str) or not raw.strip():
        return json_files.nothing_taken(place, "There is no text: “text” is missing or empty.")
    try:
        canonical.check_text(raw)
    except canonical.NotText as error:
        return json_files.nothing_taken(place, str(error))
    refused: list[Refusal] = []
    marks: list[Mark] = []
    for name in _SPANS:
        listed = data.get(name)
        if listed is None:
            continue
        if not isinstance(listed, list):
            refused.append(Refusal(place, f"“{name}” must be a list of spans."))
            continue
        for number, one in enumerate(listed, 1):
            there = f"{place}, {name} {number}"
            mark = _mark(one, there, f"{name}-{number}")
            if isinstance(mark, Mark):
                marks.append(mark)
            else:
                refused.append(Refusal(there, mark))
    refused += [Refusal(place, why) for why in _left(data)]
    return Record(place, raw, data, marks, refused)


def _mark(one: object, place: str, key: str) -> Mark | str:
    """Return a span, or why it is none."""
    if isinstance(one, str):
        return f"“{one[:200]}” is said of the whole text; only what is said of a part of it has a place here."
    if isinstance(one, list) and len(one) == 3:
        start, end, name = one
        user = quote = None
    elif isinstance(one, dict):
        start, end = one.get("start_offset", one.get("start")), one.get("end_offset", one.get("end"))
        name, user, quote = one.get("label"), one.get("user"), one.get("text")
        if isinstance(one.get("id"), str | int):
            key = str(one["id"])
    else:
        return "A span must be [start, end, name] or an object with start_offset, end_offset and label."
    if not isinstance(name, str) or not name.strip():
        return (
            f"The label must be a name, not {name!r}: this export tells labels by number only."
            if isinstance(name, int)
            else "The span has no label."
        )
    given = offsets.Given(start, end, quote if isinstance(quote, str) and quote else None)
    return Mark(key, place, given, name, user if isinstance(user, str) and user.strip() else None)


def _left(data: dict[str, Any]) -> Iterator[str]:
    """Say what of a text is not taken."""
    comments = data.get("Comments") or data.get("comments")
    if comments:
        number = len(comments) if isinstance(comments, list) else 1
        yield f"{number} comment{'s' if number > 1 else ''} on the whole text: only annotations can have notes here."
    if data.get("cats"):
        yield "What is said of the whole text (“cats”) has no place here."
    others = sorted(
        name for name, value in data.items() if name not in _TAKEN and value not in (None, "", [], {})
    )
    others = [name for name in others if name not in ("Comments", "comments", "cats")]
    if others:
        yield f"Further facts are not taken: {', '.join(others)}."


def _kind(one: dict[str, Any]) -> str:
    return json_files.text_of(one, "type", "label")


# -- What is told of it ----------------------------------------------------------------------------


def _told(record: Record, unit: Unit, annotator: str, language: str) -> Told:
    refused = list(record.refused)
    places = offsets.Places(record.raw, unit)
    annotations: dict[str, dict[str, Any]] = {}
    for mark in record.marks:
        if mark.key in annotations:
            refused.append(Refusal(mark.place, f"There is another span with the id {mark.key}."))
            continue
        try:
            span = places.span(mark.given)
        except Invalid as error:
            refused.append(Refusal(mark.place, str(error)))
            continue
        annotations[mark.key] = {
            "id": mark.key,
            "tag": mark.name,
            "spans": [{"start": span.start, "end": span.end, "exact": places.text[span.start : span.end]}],
            "created_by": mark.user or annotator,
        }
    relations = list(_relations(record, annotations, refused))
    title = json_files.text_of(record.data, "title").strip() or title_of(places.text)
    article = {"title": title, "text": places.text, "language": language}
    line = {"article": article, "annotations": list(annotations.values()), "relations": relations}
    return Told(record.place, line, tuple(refused), local_ids=True)


def _relations(
    record: Record, annotations: dict[str, dict[str, Any]], refused: list[Refusal]
) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, ...]] = set()
    for number, one in enumerate(json_files.objects_in(record.data, "relations"), 1):
        place = f"{record.place}, relations {number}"
        ends = [str(one.get(name)) for name in ("from_id", "to_id")]
        missing = [end for end in ends if end not in annotations]
        if not _kind(one):
            refused.append(Refusal(place, "The relation has no type."))
        elif missing:
            refused.append(Refusal(place, f"There is no span with the id {missing[0]}, or it was not taken."))
        elif ends[0] == ends[1]:
            refused.append(Refusal(place, "A relation joins two spans, not one with itself."))
        elif (_kind(one), *ends) in seen:
            refused.append(Refusal(place, "The same relation stands there already."))
        else:
            seen.add((_kind(one), *ends))
            yield {
                "id": str(number),
                "kind": _kind(one),
                "subject": ends[0],
                "object": ends[1],
                "created_by": annotations[ends[0]]["created_by"],
            }
