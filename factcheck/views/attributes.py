"""Attributes as form fields, made from the project's JSON Schemas, and back; and in words for who only reads.

The form says for each field what stood there when it was drawn (`was.…`), so that only what somebody changed is
written: two quick changes, or two windows, do not undo each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Invalid
from factcheck.models import Tag
from factcheck.services.attributes import kind_of

PREFIX = "a."
WAS = "was."
_ERROR = "attributes."  # how services name the field
_KEYS = 9  # a digit each; what comes after them has none


@dataclass(frozen=True)
class Option:
    """One choice of an attribute, with the digit that takes it."""

    value: str
    label: str
    number: int | None
    checked: bool


@dataclass(frozen=True)
class Field:
    """One attribute as a card shows it: its kind is `choice`, `date`, `number` or `text`."""

    name: str
    title: str
    kind: str
    number: int | None
    value: str
    was: str
    options: tuple[Option, ...] = ()
    error: str = ""

    @property
    def shown(self) -> str:
        """The value in words."""
        return next((option.label for option in self.options if option.checked), self.value)


def _titles() -> dict[str, str]:
    """Words for the attributes that every new project has; a project's own bring theirs or are shown by name."""
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


def _labels() -> dict[str, str]:
    """Words for the values of those."""
    return {
        "wording.verbatim": _("verbatim"),
        "wording.mixed": _("mixed"),
        "wording.paraphrase": _("paraphrase"),
        "checkability.checkable": _("checkable"),
        "checkability.opinion": _("opinion"),
        "checkability.prediction": _("prediction"),
        "checkability.vague": _("vague"),
        "distance.neutral": _("neutral"),
        "distance.distances": _("distances itself"),
        "distance.endorses": _("endorses it"),
        "finding.not_checked": _("not checked"),
        "finding.true": _("true"),
        "finding.false": _("false"),
        "finding.misleading": _("misleading"),
        "finding.unproven": _("unproven"),
        "denial_type.flat": _("flat"),
        "denial_type.non_denial": _("non-denial"),
        "denial_type.no_comment": _("no comment"),
        "denial_type.of_something_else": _("of something else"),
        "evidence_type.image": _("image"),
        "evidence_type.document": _("document"),
        "evidence_type.data": _("data"),
        "evidence_type.testimony": _("testimony"),
        "evidence_type.event": _("event"),
        "evidence_type.expert": _("expert"),
        "presence.shown": _("shown"),
        "presence.described": _("described"),
        "presence.asserted": _("only asserted"),
        "directness.primary": _("primary"),
        "directness.secondary": _("secondary"),
    }


def facts() -> dict[str, dict[str, str]]:
    """Return what a short card says of attributes, by name and value; a value that is not here says nothing."""
    return {
        "finding": {
            "true": _("found true"),
            "false": _("found false"),
            "misleading": _("found misleading"),
            "unproven": _("found unproven"),
        },
        "denial_type": {
            "flat": _("flat denial"),
            "non_denial": _("non-denial"),
            "no_comment": _("no comment"),
            "of_something_else": _("denies something else"),
        },
        "presence": {
            "shown": _("shown"),
            "described": _("described"),
            "asserted": _("only asserted"),
        },
        "unsure": {"true": _("unsure")},
    }


def spaced(name: str) -> str:
    """Return a project's own name as words."""
    return name.replace("_", " ")


def written(value: Any) -> str:
    """Return a value as a form has it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


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


def fields_of(
    project_id: UUID,
    tag: Tag,
    values: dict[str, Any],
    *,
    form: QueryDict | None = None,
    error: Invalid | None = None,
) -> list[Field]:
    """Return the form fields of an annotation's attributes; with a `form` as it was filled in, and what is wrong."""
    known = properties(project_id, tag)
    schemas = known | {name: {"enum": []} for name in values if name not in known}
    labels, wrong = _labels(), (error.field or "").removeprefix(_ERROR) if error else ""
    fields = []
    for number, (name, schema) in enumerate(schemas.items(), 1):
        was = written(values.get(name))
        value = form.get(PREFIX + name, was) if form is not None else was
        kind = kind_of(schema)
        fields.append(
            Field(
                name,
                title_of(name, schema.get("title", "")),
                "choice" if kind == "yes" else kind,
                number if number <= _KEYS else None,
                value,
                was,
                _options(name, schema, value, was, labels),
                str(error) if error and name == wrong else "",
            )
        )
    return fields


def _options(
    name: str, schema: Mapping[str, Any], value: str, was: str, labels: Mapping[str, str]
) -> tuple[Option, ...]:
    kind = kind_of(dict(schema))
    if kind not in ("choice", "yes"):
        return ()
    choices = [("true", _("yes")), ("false", _("no"))] if kind == "yes" else []
    choices += [
        (given, labels.get(f"{name}.{given}") or spaced(given))
        for given in map(written, schema.get("enum", ()))
    ]
    if was and was not in dict(choices):
        choices.append((was, _("%s (earlier scheme)") % spaced(was)))
    return tuple(
        Option(given, label, number if number <= _KEYS else None, given == value)
        for number, (given, label) in enumerate(choices, 1)
    )


def from_form(project_id: UUID, tag: Tag, form: QueryDict, present: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes as the form left them; what it does not show, and nobody touched, stays."""
    values = dict(present)
    known = properties(project_id, tag)
    for field, given in touched(form).items():
        name = field.removeprefix(PREFIX)
        if not given:
            values.pop(name, None)
        elif given != written(present.get(name)):
            values[name] = _parsed(known.get(name, {}), given)
    return values


def touched(form: QueryDict) -> dict[str, str]:
    """Return the fields that somebody changed, as the form has them; without a `was.…` that is each field."""
    return {
        field: str(given).strip()
        for field, given in form.items()
        if field.startswith(PREFIX) and form.get(WAS + field.removeprefix(PREFIX), None) != str(given).strip()
    }


def says_what_was(form: QueryDict) -> bool:
    """Say whether the form knows what stood in its fields when it was drawn."""
    return any(field.startswith(WAS) for field in form)


def has_moved(form: QueryDict, present: dict[str, Any]) -> bool:
    """Say whether something that this form changes was changed meanwhile, to something else."""
    return any(
        written(present.get(field.removeprefix(PREFIX)))
        not in (form.get(WAS + field.removeprefix(PREFIX)), given)
        for field, given in touched(form).items()
    )


def _parsed(schema: dict[str, Any], given: str) -> Any:
    """Return the value that a form's text means; text that means none stays, and the check refuses it."""
    for value in schema.get("enum", ()):
        if written(value) == given:
            return value
    kind = kind_of(schema)
    if kind == "yes":
        return {"true": True, "on": True, "false": False}.get(given, given)
    if kind == "number":
        try:
            return int(given) if schema.get("type") == "integer" else float(given)
        except ValueError:
            return given
    return given


def listed(project_id: UUID, tag: Tag, values: dict[str, Any]) -> str:
    """Return attributes in one line of words, for a conflict."""
    said = [f"{field.title}: {field.shown}" for field in fields_of(project_id, tag, values) if field.value]
    return ", ".join(said) or _("none")
