"""Attributes are checked against the project's JSON Schemas: the tag's own and the one for every tag."""

from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from factcheck.exceptions import Invalid
from factcheck.intake import dates

Kind = Literal["choice", "yes", "date", "number", "text"]

# How the pattern of a date begins that may be known to the year or the month only.
_DATE = r"^\d{4}(-\d{2}"


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(orjson.loads(schema))


def kind_of(schema: dict[str, Any]) -> Kind:
    """Say how the values of one attribute are given: chosen, yes or no, a date as far as known, a number, words."""
    if "enum" in schema:
        return "choice"
    if schema.get("type") == "boolean":
        return "yes"
    if schema.get("format") == "date" or str(schema.get("pattern", "")).startswith(_DATE):
        return "date"
    return "number" if schema.get("type") in ("integer", "number") else "text"


def check_values(
    schema: dict[str, Any], values: object, *, kept: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the values if the schema allows them; raise `Invalid` naming the key.

    Those that are the same in `kept` were checked when they were given, by the schema of that time, and stay valid.
    """
    if not isinstance(values, dict):
        raise Invalid(_("attributes must be an object of names and values."), field="attributes")
    kept = kept or {}
    fresh = {name: value for name, value in values.items() if name not in kept or kept[name] != value}
    properties = schema.get("properties", {})
    unknown = sorted(set(fresh) - set(properties))
    if unknown:
        known = ", ".join(sorted(properties)) or _("none")
        raise Invalid(
            _("There is no attribute %(name)s here; known are: %(known)s.")
            % {"name": unknown[0], "known": known},
            field=f"attributes.{unknown[0]}",
        )
    for name, value in fresh.items():
        if kind_of(properties[name]) == "date":
            _check_date(name, value)
    validator = _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    for error in validator.iter_errors(fresh):
        name = str(error.path[0]) if error.path else ""
        allowed = error.schema.get("enum") if isinstance(error.schema, dict) else None
        wanted = (
            _("one of %(values)s") % {"values": ", ".join(map(str, allowed))} if allowed else error.message
        )
        raise Invalid(
            _("The attribute %(name)s is not as the project defines it: %(wanted)s.")
            % {"name": name, "wanted": wanted},
            field=f"attributes.{name}" if name else "attributes",
        )
    return values


def _check_date(name: str, value: object) -> None:
    """Refuse what looks like a date and is none (30 February); JSON Schema's pattern cannot."""
    try:
        dates.partial_date(value)
    except Invalid as error:
        error.field = f"attributes.{name}"
        raise


def schema_of(project_id: UUID, tag_id: UUID) -> tuple[dict[str, Any], int]:
    """Return the joined schema of a tag and the version of the tag's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT ON (tag_id) tag_id, version, schema::text FROM attribute_schema
               WHERE project_id = %s AND (tag_id = %s OR tag_id IS NULL) ORDER BY tag_id, version DESC""",
            [project_id, tag_id],
        )
        found = cursor.fetchall()
    properties: dict[str, Any] = {}
    version = 1
    for of_tag, number, schema in found:
        properties |= orjson.loads(schema).get("properties", {})
        if of_tag is not None:
            version = number
    return {"type": "object", "properties": properties, "additionalProperties": False}, version


def check(
    project_id: UUID, tag_id: UUID, values: object, *, kept: dict[str, Any] | None = None
) -> tuple[dict[str, Any], int]:
    """Return the attributes and the schema version they were checked by; raise `Invalid` naming the key."""
    if values == {} or values is None:
        return {}, 1
    schema, version = schema_of(project_id, tag_id)
    return check_values(schema, values, kept=kept), version


def kept_for(project_id: UUID, tag_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Return those attributes that another tag has too and allows; the history keeps the others."""
    if not values:
        return {}
    schema, _version = schema_of(project_id, tag_id)
    return {name: value for name, value in values.items() if _allows(schema, name, value)}


def _allows(schema: dict[str, Any], name: str, value: Any) -> bool:
    try:
        check_values(schema, {name: value})
    except Invalid:
        return False
    return True


def check_relation(schema: dict[str, Any], values: object) -> dict[str, Any]:
    """Check the attributes of a relation against its kind's schema."""
    return check_values(schema, {} if values is None else values)
