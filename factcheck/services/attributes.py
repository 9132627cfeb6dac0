"""Attributes are checked against the project's JSON Schemas: the tag's own and the one for every tag."""

from collections.abc import Callable, Mapping
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
    schema: dict[str, Any], values: object, *, held: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the values if the schema allows them; raise `Invalid` naming the key.

    A value that is `held` already was allowed by the version of the schema under which it was filled in, and stays
    valid as long as it is not changed, though the present version no longer offers it.
    """
    if not isinstance(values, dict):
        raise Invalid(_("attributes must be an object of names and values."), field="attributes")
    given = {name: value for name, value in values.items() if not _is_held(name, value, held or {})}
    properties = schema.get("properties", {})
    unknown = sorted(set(given) - set(properties))
    if unknown:
        known = ", ".join(sorted(properties)) or _("none")
        raise Invalid(
            _("There is no attribute %(name)s here; known are: %(known)s.")
            % {"name": unknown[0], "known": known},
            field=f"attributes.{unknown[0]}",
        )
    for name, value in given.items():
        if kind_of(properties[name]) == "date":
            _check_date(name, value)
    validator = _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    for error in validator.iter_errors(given):
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


def _is_held(name: str, value: object, held: Mapping[str, Any]) -> bool:
    """Compare as JSON: to Python, true equals 1."""
    return name in held and orjson.dumps(held[name], option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        value, option=orjson.OPT_SORT_KEYS
    )


def _check_date(name: str, value: object) -> None:
    """Refuse what looks like a date and is none (30 February); JSON Schema's pattern cannot."""
    try:
        dates.partial_date(value)
    except Invalid as error:
        raise Invalid(
            _("The attribute %(name)s is not as the project defines it: %(wanted)s")
            % {"name": name, "wanted": error.detail},
            field=f"attributes.{name}",
        ) from error


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
    project_id: UUID,
    tag_id: UUID,
    values: object,
    *,
    held: Mapping[str, Any] | None = None,
    schema_of: Callable[[UUID, UUID], tuple[dict[str, Any], int]] = schema_of,
) -> tuple[dict[str, Any], int]:
    """Return the attributes and the schema version they were checked by; raise `Invalid` naming the key.

    `held` are the annotation's values under this tag; those that do not change are not checked again. Who checks many
    gives a `schema_of` that remembers.
    """
    if values == {} or values is None:
        return {}, 1
    schema, version = schema_of(project_id, tag_id)
    return check_values(schema, values, held=held), version


def check_told(
    project_id: UUID, tag_id: UUID, schema: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Return what another export tells of an annotation; a value that any version of the schema allows is valid.

    The newest one is given and asked first, as it allows nearly all.
    """
    try:
        return check_values(schema, values)
    except Invalid:
        earlier = _all_versions(project_id, tag_id)
        return check_values(
            schema,
            values,
            held={
                name: value
                for name, value in values.items()
                if any(_allows(version, name, value) for version in earlier)
            },
        )


def _all_versions(project_id: UUID, tag_id: UUID) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT schema -> 'properties' FROM attribute_schema
               WHERE project_id = %s AND (tag_id = %s OR tag_id IS NULL)""",
            [project_id, tag_id],
        )
        found = [orjson.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
    return [{"properties": properties or {}} for properties in found]


def kept_for(project_id: UUID, tag_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Return those attributes that another tag has too, as far as it allows them; the history keeps the others.

    Those of every tag do not depend on the tag, so they stay as they are.
    """
    if not values:
        return {}
    schema, _version = schema_of(project_id, tag_id)
    everywhere = of_every_tag(project_id)
    return {
        name: value
        for name, value in values.items()
        if (name in everywhere and name in schema["properties"]) or _allows(schema, name, value)
    }


def of_every_tag(project_id: UUID) -> set[str]:
    """Return the names of the attributes that every tag has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT keys FROM attribute_schema WHERE project_id = %s AND tag_id IS NULL
               ORDER BY version DESC LIMIT 1""",
            [project_id],
        )
        found = cursor.fetchone()
    return set(found[0]) if found else set()


def _allows(schema: dict[str, Any], name: str, value: Any) -> bool:
    try:
        check_values(schema, {name: value})
    except Invalid:
        return False
    return True


def check_relation(schema: dict[str, Any], values: object) -> dict[str, Any]:
    """Check the attributes of a relation against its kind's schema."""
    return check_values(schema, {} if values is None else values)
