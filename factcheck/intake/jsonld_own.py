"""Pages of our own JSON-LD export (docs/formats.md) back into lines of the interchange format: the export's reverse."""

from collections.abc import Mapping
from typing import Any

from factcheck.anchoring import canonical
from factcheck.exceptions import FactcheckError, Invalid
from factcheck.intake import json_files, jsonld_parts
from factcheck.intake.readers import Refusal, Told

_ARTICLE = ("title", "url", "publisher", "byline", "published_at", "language", "file_name", "text")
_SOURCE = ("name", "kind", "aliases", "description", "url", "standing")
_LINK = (
    "status", "version", "role", "position", "as_named", "cue", "stance", "url", "quote", "locator", "accessed_at",
    "archive_url", "passage", "note",
)  # fmt: skip
_VALUES = ("attributes", "status", "version")
_PLAIN = (
    "layers", "source_texts", "reviews", "review_responses", "proposed_annotations", "reviewers", "threads",
)  # fmt: skip


def is_own(page: Mapping[str, Any]) -> bool:
    """Say whether a page brings its article's words, as an export's do."""
    article = page.get("article")
    return isinstance(article, dict) and isinstance(article.get("text"), str)


def told(place: str, page: dict[str, Any], project: Mapping[str, Any] | None) -> Told:
    """Return a page as a line with the ids that it has."""
    article = page["article"]
    try:
        text = canonical.canonical(article["text"])
    except canonical.NotText as error:
        return json_files.nothing_taken(place, str(error))
    line: dict[str, Any] = {"format": 1}
    if project:
        line["project"] = dict(project)
    line["article"] = {"id": _key(article)} | _present(article, _ARTICLE)
    if "textDirection" in article:
        line["article"]["direction"] = article["textDirection"]
    line |= {name: page[name] for name in _PLAIN if name in page}
    line["sources"] = [_source(one) for one in json_files.objects_in(page, "sources")]
    annotations: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    for number, item in enumerate(jsonld_parts.several(page.get("items")), 1):
        there = f"{place}, annotation {number}"
        try:
            if not isinstance(item, dict) or "Annotation" not in jsonld_parts.types(item):
                raise Invalid("This is no annotation: its type must be Annotation.")
            if is_relation(item):
                relations.append(_relation(item))
            else:
                annotation = _annotation(item, article["text"], text)
                annotations.append(annotation)
                links += [_link(body, annotation["id"]) for body in _linking(item)]
        except FactcheckError as error:
            refused.append(Refusal(there, str(error)))
    line |= {"annotations": annotations, "relations": relations, "source_links": links}
    return Told(place, line, tuple(refused))


def is_relation(item: Mapping[str, Any]) -> bool:
    """Say whether an annotation joins two others: it was made to link, and its target is a thing, no place."""
    target = jsonld_parts.several(item.get("target"))
    return "linking" in jsonld_parts.motivations(item) and not any(
        isinstance(one, dict) and "selector" in one for one in target
    )


def _annotation(item: dict[str, Any], raw: str, text: str) -> dict[str, Any]:
    said = jsonld_parts.said({**item, "body": _textual(item)})
    if len(said.tags) != 1:
        raise Invalid("An annotation has one body with the purpose tagging.")
    extent = jsonld_parts.extent(raw, text, jsonld_parts.targets(item))
    return {
        **_common(item),
        "tag": said.tags[0],
        "note": said.note,
        "spans": [{"start": start, "end": end, "exact": text[start:end]} for start, end in extent],
        **_present(item, _VALUES),
    }


def _relation(item: dict[str, Any]) -> dict[str, Any]:
    said = jsonld_parts.said({**item, "body": _textual(item), "motivation": None})
    subjects = [jsonld_parts.address(body.get("source")) for body in _linking(item)]
    objects = [jsonld_parts.address(one) for one in jsonld_parts.several(item.get("target"))]
    if len(said.tags) != 1 or len(subjects) != 1 or len(objects) != 1:
        raise Invalid(
            "A relation has one body that says its kind, one that names its subject, and one target."
        )
    return {
        **_common(item),
        "kind": said.tags[0],
        "note": said.note,
        "subject": jsonld_parts.key(subjects[0]),
        "object": jsonld_parts.key(objects[0]),
        **_present(item, _VALUES),
    }


def _textual(item: Mapping[str, Any]) -> list[Any]:
    return [body for body in jsonld_parts.several(item.get("body")) if not _is_linking(body)]


def _linking(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [body for body in jsonld_parts.several(item.get("body")) if _is_linking(body)]


def _is_linking(body: object) -> bool:
    return isinstance(body, dict) and "linking" in jsonld_parts.several(body.get("purpose"))


def _common(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what annotations, relations and links have alike."""
    common = {"id": _key(item), "created_by": jsonld_parts.creator(item)} | jsonld_parts.times(item)
    if "layer" in item:
        common["layer"] = jsonld_parts.key(item["layer"])
    return common


def _link(body: Mapping[str, Any], annotation: str) -> dict[str, Any]:
    link = _common(body) | {"annotation": annotation} | _present(body, _LINK)
    link["source"] = jsonld_parts.key(jsonld_parts.address(body.get("source")))
    if "on_behalf_of" in body:
        link["on_behalf_of"] = jsonld_parts.key(jsonld_parts.address(body["on_behalf_of"]))
    return link


def _source(one: Mapping[str, Any]) -> dict[str, Any]:
    made = {"id": _key(one)} | _present(one, _SOURCE) | jsonld_parts.times(one)
    if maker := jsonld_parts.creator(one):
        made["created_by"] = maker
    return made


def _key(thing: Mapping[str, Any]) -> str:
    found = jsonld_parts.identifier(thing)
    if not found:
        raise Invalid("It has no id.")
    return jsonld_parts.key(found)


def _present(thing: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: thing[name] for name in names if name in thing}
