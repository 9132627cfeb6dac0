"""Label Studio's JSON export: a list of tasks, each with its data and what people marked in it.

Read is what the guide describes (labelstud.io/guide/export, "Label Studio JSON format of annotated tasks"): regions of
plain text with their names, relations between regions, and what is filled in or chosen for a region, which becomes the
annotation's note. Its versions count offsets in code points or, older ones, in UTF-16 units
(github.com/HumanSignal/label-studio, issues 1008 and 1347): the words that regions quote decide. CR and LF are two.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from factcheck.anchoring import canonical
from factcheck.exceptions import Invalid
from factcheck.intake import json_files, offsets
from factcheck.intake.json_files import Value, nothing_taken
from factcheck.intake.readers import File, Options, Refusal, Told, Undecided, Unit
from factcheck.intake.registry import title_of

UNNAMED_RELATION = "related"
"""What a relation without a name becomes."""

_LABELS = ("labels", "hypertextlabels", "paragraphlabels")
_ADDRESS = re.compile(r"\s*(https?://|s3://|gs://|/data/)\S+\s*")


class Region(NamedTuple):
    """A marked place of the text and the names given to it."""

    id: str
    place: str
    given: offsets.Given
    names: tuple[str, ...]


class Work(NamedTuple):
    """What one person marked in one task, checked for its shape only."""

    place: str
    who: str | int | None
    at: dict[str, str]
    regions: list[Region]
    relations: list[tuple[str, str, str, str]]
    notes: dict[str, list[str]]
    refused: list[Refusal]


class Task(NamedTuple):
    """A text and what people marked in it."""

    place: str
    raw: str
    data: dict[str, Any]
    works: list[Work]
    refused: list[Refusal]


def read(files: Iterable[File], options: Options) -> Iterator[Told]:
    """Yield each task with everybody's annotations and relations; see `factcheck.intake.readers`.

    Raises `Undecided` for `text_key`, `unit` and `annotator` where neither the files nor the options say it.
    """
    for file in files:
        found = [_task(value, options.text_key) for value in json_files.values(file)]
        tasks = [task for task in found if isinstance(task, Task)]
        works = [work for task in tasks for work in task.works]
        unit = offsets.decide(
            ((task.raw, (region.given for work in task.works for region in work.regions)) for task in tasks),
            options.unit,
        )
        people = _people(file, works, options.annotator)
        for task in found:
            yield task if isinstance(task, Told) else _told(task, unit, people, options.language)


def _people(file: File, works: list[Work], annotator: str) -> dict[str | int | None, str]:
    """Return usernames by what the file calls people: their address, or a number that only Label Studio knows."""
    called = dict.fromkeys(work.who for work in works if work.regions)
    numbers = [who for who in called if not isinstance(who, str)]
    people: dict[str | int | None, str] = {who: who for who in called if isinstance(who, str)}
    if (len(numbers) == 1 or None in numbers) and not annotator:
        raise Undecided(
            f"{file.name} does not say by name who marked this: name the annotator whose work it is.",
            field="annotator",
        )
    for who in numbers:
        alone = len(numbers) == 1 or who is None
        people[who] = annotator if alone else f"labelstudio-{who}"
    return people


# -- What the file has -----------------------------------------------------------------------------


def _task(value: Value, text_key: str) -> Task | Told:
    place, task = value.place, value.data
    if value.refused:
        return nothing_taken(place, value.refused)
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return nothing_taken(
            place,
            "This is no task of Label Studio's JSON export, which has “data” and “annotations”; of the exports that it"
            " offers, choose JSON (not JSON_MIN).",
        )
    refused: list[Refusal] = []
    for name, what in (("predictions", "prediction"), ("drafts", "draft")):
        if number := len(json_files.objects_in(task, name)):
            what = what if number == 1 else f"{what}s"
            refused.append(Refusal(place, f"{number} {what}: only what a person submitted is taken."))
    works = [
        work
        for name in ("annotations", "completions")
        for number, one in enumerate(json_files.objects_in(task, name), 1)
        if (work := _work(one, f"{place}, annotation {number}", refused)) is not None
    ]
    key = _text_key(place, task, works, text_key)
    if key is None:
        return nothing_taken(place, "There is no text in the task's data.")
    raw = task["data"][key]
    if _ADDRESS.fullmatch(raw):
        return nothing_taken(place, f"The text is not in the file but at {raw.strip()[:200]}.")
    try:
        canonical.check_text(raw)
    except canonical.NotText as error:
        return nothing_taken(place, str(error))
    facts = sorted(
        name
        for name, fact in task["data"].items()
        if name not in (key, "title", "url") and fact not in (None, "", [], {})
    )
    if facts:
        refused.append(Refusal(place, f"Further data are not taken: {', '.join(facts)}."))
    return Task(place, raw, task["data"], works, refused)


def _text_key(place: str, task: dict[str, Any], works: list[Work], told: str) -> str | None:
    """Return which of the task's data is the text: as told, the only one, what the results name, or where all quotes
    stand.
    """
    data: dict[str, Any] = task["data"]
    texts: list[str] = [name for name, value in data.items() if isinstance(value, str) and value.strip()]
    if told:
        return told if told in texts else None
    if len(texts) < 2:
        return texts[0] if texts else None
    results = [
        one
        for name in ("annotations", "completions")
        for work in json_files.objects_in(task, name)
        for one in json_files.objects_in(work, "result")
    ]
    for pointer in ("source", "to_name"):
        pointed = {str(one.get(pointer)).removeprefix("$") for one in results if one.get(pointer)}
        if len(pointed & set(texts)) == 1 and len(pointed) == 1:
            return pointed.pop()
    givens = [region.given for work in works for region in work.regions if region.given.quote]
    fitting = [name for name in texts if givens and _all_stand(data[name], givens)]
    if len(fitting) == 1:
        return fitting[0]
    raise Undecided(
        f"{place}: several of the task's data are texts ({', '.join(texts)}): say which of them was marked.",
        field="text_key",
    )


def _all_stand(raw: str, givens: list[offsets.Given]) -> bool:
    """Say whether all places with their quotes stand in the text, in one unit or the other."""
    for unit in ("code_points", "utf16"):
        try:
            places = offsets.Places(raw, unit)
            for given in givens:
                places.span(given)
        except Invalid:
            continue
        return True
    return False


def _work(one: dict[str, Any], place: str, refused: list[Refusal]) -> Work | None:
    """Return what one person marked; what was skipped is none."""
    if one.get("was_cancelled") is True or one.get("skipped") is True:
        refused.append(Refusal(place, "It was skipped (cancelled) in Label Studio, so it is not taken."))
        return None
    at = {
        name: written
        for name in ("created_at", "updated_at")
        if (written := json_files.instant(one.get(name))) is not None
    }
    work = Work(place, _who(one), at, [], [], {}, refused)
    for number, result in enumerate(json_files.objects_in(one, "result"), 1):
        _result(result, f"{place}, result {number}", work)
    known = {region.id for region in work.regions}
    for region, notes in work.notes.items():
        if region not in known:
            refused.append(
                Refusal(
                    place,
                    f"“{' '.join(notes)[:200]}” is said of the whole text; only annotations have notes here.",
                )
            )
    return work


def _who(one: dict[str, Any]) -> str | int | None:
    who = one.get("completed_by", one.get("created_username"))
    if isinstance(who, dict):
        who = json_files.text_of(who, "email", "username") or who.get("id")
    if isinstance(who, str) and who.strip():
        return who.strip().partition(" ")[0].rstrip(",")
    return who if type(who) is int else None


def _result(result: dict[str, Any], place: str, work: Work) -> None:
    """Sort one result into the work: a region, a relation, or what is filled in for a region."""
    kind = result.get("type")
    value = json_files.object_in(result, "value")
    key = str(result.get("id", ""))
    if kind == "relation":
        _relation(result, place, work)
    elif kind in ("choices", "textarea", "rating", "number", "taxonomy", "datetime"):
        words = _words(kind, value)
        if words:
            name = result.get("from_name")
            work.notes.setdefault(key, []).append(words if kind == "textarea" else f"{name}: {words}")
    elif kind == "labels":
        why = _region(key or place, value, place, work)
        if why:
            work.refused.append(Refusal(place, why))
    elif kind in _LABELS:
        work.refused.append(
            Refusal(
                place,
                "It is marked in HTML or in a dialogue, whose words the file does not have as one text.",
            )
        )
    else:
        work.refused.append(Refusal(place, f"A result of the type “{kind}” is no place in a text."))


def _region(key: str, value: dict[str, Any], place: str, work: Work) -> str:
    """Add a region to the work, or say why it is none."""
    labels = value.get("labels")
    named = (
        tuple(dict.fromkeys(one for one in labels if isinstance(one, str) and one.strip()))
        if isinstance(labels, list)
        else ()
    )
    if not named:
        return "The region has no label."
    if isinstance(value.get("start"), str) or "startOffset" in value:
        return "The place is told as a path into a page (XPath), not in the text."
    if any(region.id == key for region in work.regions):
        return f"There is another region with the id {key}."
    quote = value.get("text")
    given = offsets.Given(
        value.get("start"), value.get("end"), quote if isinstance(quote, str) and quote.strip() else None
    )
    work.regions.append(Region(key, place, given, named))
    return ""


def _relation(result: dict[str, Any], place: str, work: Work) -> None:
    labels = result.get("labels")
    named = (
        [one for one in labels if isinstance(one, str) and one.strip()] if isinstance(labels, list) else []
    )
    subject, object_ = str(result.get("from_id")), str(result.get("to_id"))
    if result.get("direction") == "left":
        subject, object_ = object_, subject
    elif result.get("direction") == "bi":
        work.refused.append(
            Refusal(place, "The relation points both ways; it is taken once, as it was drawn.")
        )
    for kind in named or [UNNAMED_RELATION]:
        work.relations.append((place, kind, subject, object_))


def _words(kind: str, value: dict[str, Any]) -> str:
    """Return what is filled in or chosen, in words."""
    found = value.get("text" if kind == "textarea" else kind)
    parts = found if isinstance(found, list) else [found]
    said = [
        " > ".join(map(str, part)) if isinstance(part, list) else str(part)
        for part in parts
        if isinstance(part, str | int | float | list)
    ]
    return ("\n" if kind == "textarea" else ", ").join(said)


# -- What is told of it ----------------------------------------------------------------------------


def _told(
    task: Task,
    unit: Unit,
    people: dict[str | int | None, str],
    language: str,
) -> Told:
    places = offsets.Places(task.raw, unit)
    refused = list(task.refused)
    annotations: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for number, work in enumerate(task.works, 1):
        ends = _annotations(number, work, places, people, annotations, refused)
        relations += _relations(number, work, ends, people, refused)
    title = json_files.text_of(task.data, "title").strip() or title_of(places.text)
    article = {"title": title, "text": places.text, "language": language}
    if json_files.text_of(task.data, "url").startswith(("http://", "https://")):
        article["url"] = task.data["url"].strip()
    line = {"article": article, "annotations": annotations, "relations": relations}
    return Told(task.place, line, tuple(refused), local_ids=True)


def _annotations(
    number: int,
    work: Work,
    places: offsets.Places,
    people: dict[str | int | None, str],
    annotations: list[dict[str, Any]],
    refused: list[Refusal],
) -> dict[str, list[str]]:
    """Add a person's annotations, one for each name of a region; return their ids by region."""
    ends: dict[str, list[str]] = {}
    for region in work.regions:
        try:
            span = places.span(region.given)
        except Invalid as error:
            refused.append(Refusal(region.place, str(error)))
            continue
        for name in region.names:
            key = f"{number} {region.id} {len(ends.get(region.id, []))}"
            ends.setdefault(region.id, []).append(key)
            annotations.append(
                {
                    "id": key,
                    "tag": name,
                    "spans": [
                        {"start": span.start, "end": span.end, "exact": places.text[span.start : span.end]}
                    ],
                    "note": "\n".join(work.notes.get(region.id, [])),
                    "created_by": people[work.who],
                }
                | work.at
            )
    return ends


def _relations(
    number: int,
    work: Work,
    ends: dict[str, list[str]],
    people: dict[str | int | None, str],
    refused: list[Refusal],
) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str, str]] = set()
    for nth, (place, kind, subject, object_) in enumerate(work.relations, 1):
        missing = [end for end in (subject, object_) if end not in ends]
        several = [end for end in (subject, object_) if len(ends.get(end, [])) > 1]
        if missing:
            why = f"There is no region with the id {missing[0]}, or it was not taken."
        elif several:
            why = f"The region {several[0]} has several labels, and it is not told which of them is meant."
        elif subject == object_:
            why = "A relation joins two regions, not one with itself."
        elif (kind, subject, object_) in seen:
            why = "The same relation stands there already."
        else:
            seen.add((kind, subject, object_))
            yield {
                "id": f"{number} {nth}",
                "kind": kind,
                "subject": ends[subject][0],
                "object": ends[object_][0],
                "created_by": people[work.who],
            } | work.at
            continue
        refused.append(Refusal(place, why))
