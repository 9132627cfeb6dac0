"""The files of a release beside its exports: how the project tags, as text, and the manifest that lists them all."""

import json
from typing import Any, NamedTuple

VERSION = 1
"""Of the manifest's own form."""


class File(NamedTuple):
    """A file of a release: `format` is the export's name, empty for scheme and guidelines; `size` is in bytes."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str


def as_json(data: Any) -> bytes:
    """Write JSON for people to read: UTF-8, keys in the order given, indented, ended by LF."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def guidelines(name: str, text: str, scheme: dict[str, Any]) -> bytes:
    """Return the guidelines as Markdown: what the project's managers wrote, then tags, relation kinds and attributes.

    `scheme` is as the interchange format tells it; what is retired stands there too, since annotations may carry it.
    """
    parts = [f"# How {_line(name)} tags", text.strip(), "## Tags"]
    for tag in scheme["tags"]:
        parts.append(f"### {_line(tag['title'])} (`{tag['name']}`){_retired(tag)}")
        parts.append(tag["description"].strip())
    parts.append("## Relations")
    for kind in scheme["relation_kinds"]:
        parts.append(f"### {_line(kind['title'])} (`{kind['name']}`){_retired(kind)}")
        parts.append("\n".join(f"- `{subject}` to `{object_}`" for subject, object_ in kind["pairs"]))
    parts.append("## Attributes")
    for item in scheme["attributes"]:
        parts.append(f"### Of `{item['tag']}`" if item["tag"] else "### Of every tag")
        parts.append("\n".join(_attribute(*one) for one in item["schema"].get("properties", {}).items()))
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _attribute(name: str, schema: dict[str, Any]) -> str:
    values = ", ".join(f"`{value}`" for value in schema.get("enum", ()))
    return f"- `{name}`: {values}" if values else f"- `{name}`"


def _line(text: str) -> str:
    return " ".join(text.split())


def _retired(item: dict[str, Any]) -> str:
    return ", retired" if item["retired"] else ""


def manifest(
    *,
    about: dict[str, Any],
    project: dict[str, Any],
    as_of: dict[str, Any],
    counts: dict[str, Any],
    files: list[File],
    formats: dict[str, int],
) -> dict[str, Any]:
    """Return the manifest as data; the values that are dicts are said in docs/formats.md."""
    return {
        "release_format": VERSION,
        "release": about,
        "project": project,
        "as_of": as_of,
        "contents": {
            # Said, because a reader cannot see it: in a blind project what is not open yet is not here.
            "layers": "open" if project["settings"]["blind"] else "all",
            "withdrawn": False,
        },
        "counts": counts,
        "formats": formats,
        "files": [file._asdict() for file in files],
    }
