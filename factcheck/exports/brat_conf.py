"""brat's `annotation.conf` (https://brat.nlplab.org/configuration.html) of a project's scheme."""

import re
from typing import Any

_VALUE = re.compile(r"[^\s|,\[\]]+")  # what a value may be in a list of them


def configuration(scheme: dict[str, Any]) -> str:
    """Return the file: tags, kinds of relation with their legal pairs, and attributes that are yes or one of a list.

    Retired ones are in it too, since there may be some left. Other attributes are in notes, and not told here.
    """
    tags = [tag["name"] for tag in scheme["tags"]]
    sections = {
        "entities": tags,
        "relations": _relations(scheme["relation_kinds"]),
        "events": [],
        "attributes": _attributes(scheme["attributes"], tags),
    }
    return "\n".join("\n".join([f"[{name}]", *lines, ""]) for name, lines in sections.items())


def _relations(kinds: list[dict[str, Any]]) -> list[str]:
    """Return a line for each subject of each kind: brat takes the same kind several times."""
    lines = ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    for kind in kinds:
        objects: dict[str, list[str]] = {}
        for subject, object_ in kind["pairs"]:
            objects.setdefault(subject, []).append(object_)
        how = ", <REL-TYPE>:symmetric" if kind["symmetric"] else ""
        lines += [f"{kind['name']}\tArg1:{one}, Arg2:{'|'.join(many)}{how}" for one, many in objects.items()]
    return lines


def _attributes(schemas: list[dict[str, Any]], tags: list[str]) -> list[str]:
    owners: dict[tuple[str, str], list[str]] = {}
    for item in schemas:
        for name, shape in item["schema"].get("properties", {}).items():
            if (values := _values(shape)) is not None:
                owners.setdefault((name, values), []).extend(tags if item["tag"] is None else [item["tag"]])
    return [f"{name}\tArg:{'|'.join(tags)}{values}" for (name, values), tags in owners.items()]


def _values(shape: Any) -> str | None:
    """Return how the values of an attribute are told; None when brat has no way to."""
    if not isinstance(shape, dict):
        return None
    if shape.get("type") == "boolean":
        return ""
    values = shape.get("enum")
    if (
        isinstance(values, list)
        and values
        and all(isinstance(v, str) and _VALUE.fullmatch(v) for v in values)
    ):
        return f", Value:{'|'.join(values)}"
    return None
