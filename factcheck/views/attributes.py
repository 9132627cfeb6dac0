"""Attributes as form fields, made from the project's JSON Schemas, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.models import Tag

PREFIX = "a."


@dataclass(frozen=True)
class Field:
    """One attribute as a card's form shows it."""

    name: str
    title: str
    kind: str
    value: Any
    options: tuple[tuple[Any, str], ...] = ()


def _titles() -> dict[str, str]:
    """Words for the attributes that every new project has; a project's own are shown by their names."""
    return {
        "unsure": _("Unsure"),
        "wording": _("Wording"),
        "checkability": _("Checkability"),
        "distance": _("Distance of the article"),
        "finding": _("Finding"),
        "said_on": _("Said on"),
        "said_where": _("Said where"),
        "denial_type": _("Kind of denial"),
        "evidence_type": _("Kind of evidence"),
        "presence": _("Presence"),
        "directness": _("Directness"),
    }


def title_of(name: str, title: str = "") -> str:
    """Return what an attribute is called on the screen: as the project says, else as we do, else by its name."""
    return title or _titles().get(name, name.replace("_", " ").capitalize())


def properties(project_id: UUID, tag: Tag) -> dict[str, dict[str, Any]]:
    """Return the attributes that a tag has, its own before those of every tag."""
    rows = {row.tag_id: row for row in queries.projects.newest_schemas(project_id)}
    found: dict[str, dict[str, Any]] = {}
    for row in (rows.get(tag.pk), rows.get(None)):
        if row is not None:
            known = row.schema.get("properties", {})
            found |= {
                name: known[name] for name in (*row.keys, *known) if name in known
            }  # JSON keeps no order
    return found


def fields_of(project_id: UUID, tag: Tag, values: dict[str, Any]) -> list[Field]:
    """Return the form fields of an annotation's attributes."""
    fields = []
    for name, schema in properties(project_id, tag).items():
        kind = "choice" if "enum" in schema else "yes" if schema.get("type") == "boolean" else "text"
        options = _options(schema.get("enum", ()), values.get(name))
        title = title_of(name, schema.get("title", ""))
        fields.append(Field(name, title, kind, values.get(name, ""), options))
    return fields


def _options(offered: Sequence[Any], value: Any) -> tuple[tuple[Any, str], ...]:
    """Return the choices with their words; a value that is offered no more stays one until it is changed."""
    kept = [] if not offered or value in (None, "", *offered) else [value]
    return tuple((choice, str(choice).replace("_", " ")) for choice in (*offered, *kept))


def from_form(project_id: UUID, tag: Tag, form: QueryDict, present: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes as the form left them; what the form does not show stays."""
    values = dict(present)
    for name, schema in properties(project_id, tag).items():
        given = form.get(PREFIX + name, "").strip()
        if schema.get("type") == "boolean":
            values[name] = given == "on"
            if not values[name]:
                del values[name]
        elif given:
            values[name] = int(given) if schema.get("type") == "integer" and given.isdecimal() else given
        else:
            values.pop(name, None)
    return values
