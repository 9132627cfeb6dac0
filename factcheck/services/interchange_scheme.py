"""What told articles need of a scheme that lacks it: read from all of them first, then made, each thing once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from factcheck import attribute_kinds, colours, queries
from factcheck.intake.readers import Refusal, Told
from factcheck.models import Tag
from factcheck.records import Actor
from factcheck.services import attribute_schemas, interchange_rows, projects, relation_kinds, schemes, tags
from factcheck.services.interchange_line import as_uuid

_IN_MEMORY = 8 * 2**20
_KEYS = "abcdefghijklmnopqrstuvwxyz0+-*=,;:!%&<>αβγδεζηθικλμνξοπρστυφχψωбгджзийлмнптфцчшщъыьэюя"


@dataclass
class Values:
    """The values of one attribute that were met: some of them, and what they have in common."""

    some: dict[Any, None] = field(default_factory=dict)
    types: set[type] = field(default_factory=set)
    longest: int = 0

    def add(self, value: object) -> None:
        """Take one more into account."""
        self.types.add(type(value))
        if isinstance(value, str):
            self.longest = max(self.longest, len(value))
            if len(self.some) <= attribute_schemas.MAX_CHOICES:
                self.some[value] = None

    def schema(self, title: str) -> dict[str, Any] | None:
        """Return a schema that allows them all, or None where no attribute holds such values."""
        if self.types == {bool}:
            return attribute_kinds.shaped(attribute_kinds.Kind.YES, title=title)
        if self.types and self.types <= {int, float}:
            return {"type": "number", "title": title}
        if self.types != {str}:
            return None
        if self.are_choices(len(self.some)):
            return attribute_kinds.shaped(attribute_kinds.Kind.CHOICE, choices=list(self.some), title=title)
        most = max(self.longest, attribute_kinds.LONGEST_TEXT)
        present = {"type": "string", "maxLength": most}
        return attribute_kinds.shaped(attribute_kinds.Kind.TEXT, title=title, present=present)

    def are_choices(self, number: int) -> bool:
        """Say whether so many choices, these among them, can be chosen from in a form."""
        fit = number <= attribute_schemas.MAX_CHOICES and self.longest <= attribute_schemas.MAX_CHOICE
        return fit and all(value.strip() == value != "" for value in self.some)


@dataclass
class Needs:
    """Tags, attributes and relations as the articles call them."""

    tags: dict[str, dict[str, Values]] = field(default_factory=dict)
    kinds: dict[str, dict[tuple[str, str], None]] = field(default_factory=dict)
    values: dict[str, dict[str, Values]] = field(default_factory=dict)  # of relations, by kind
    defined: dict[str, dict[str, Any]] = field(default_factory=dict)  # as an export's scheme tells them
    symmetric: set[str] = field(default_factory=set)  # kinds that a reader says are so
    # Relations with an end in another article, and the tags of those ends once they are found.
    open: list[tuple[str, str, str]] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)

    def read(self, line: Any, *, local_ids: bool) -> None:
        """Take in what one line needs; what is not as it should be is passed over, and refused when it is imported."""
        if not self.defined:
            self._define(line)
        own: dict[str, str] = {}
        for item in _objects(line, "annotations"):
            if tag := _named(item.get("tag")):
                _add(self.tags.setdefault(tag, {}), item.get("attributes"))
                own[str(item.get("id")).lower()] = tag
        for item in _objects(line, "relations"):
            if kind := _named(item.get("kind")):
                if item.get("symmetric") is True:
                    self.symmetric.add(kind)
                _add(self.values.setdefault(kind, {}), item.get("attributes"))
                pairs = self.kinds.setdefault(kind, {})
                subject, object_ = (str(item.get(end)).lower() for end in ("subject", "object"))
                if subject in own and object_ in own:
                    pairs[own[subject], own[object_]] = None
                elif not local_ids:
                    self.open.append((kind, subject, object_))
                    self.ends |= {end: own.get(end, "") for end in (subject, object_)}

    def read_ends(self, line: Any) -> None:
        """Look for the ends that relations of other articles have in this one."""
        for item in _objects(line, "annotations"):
            key = str(item.get("id")).lower()
            if self.ends.get(key) == "" and (tag := _named(item.get("tag"))):
                self.ends[key] = tag

    def close(self, project_id: UUID) -> None:
        """Make pairs of the relations whose ends are found, in other articles or in the project."""
        for key in [key for key, tag in self.ends.items() if not tag]:
            known = as_uuid(key)
            end = interchange_rows.end(project_id, known) if known else None
            self.ends[key] = end.tag if end else ""
        for kind, subject, object_ in self.open:
            pair = self.ends[subject], self.ends[object_]
            if all(pair):
                self.kinds[kind][pair] = None

    def _define(self, line: Any) -> None:
        told = line.get("project") if isinstance(line, dict) else None
        scheme = told.get("scheme") if isinstance(told, dict) else None
        for part in ("tags", "relation_kinds"):
            named = {str(item.get("name")): item for item in _objects(scheme, part)}
            self.defined[part] = named


def _objects(told: Any, key: str) -> Iterator[dict[str, Any]]:
    found = told.get(key) if isinstance(told, dict) else None
    return (item for item in (found if isinstance(found, list) else ()) if isinstance(item, dict))


def _named(value: object) -> str:
    """Return a name that a person can read, or nothing."""
    return value if isinstance(value, str) and value.strip() and value.isprintable() else ""


def _add(values: dict[str, Values], told: object) -> None:
    for name, value in told.items() if isinstance(told, dict) else ():
        if _named(name):
            values.setdefault(name, Values()).add(value)


def made_first(project_id: UUID, told: Iterable[Told], by: Actor) -> Iterator[Told]:
    """Read all that is told, make what the scheme lacks for it, and yield it again.

    Meanwhile it lies in a temporary file, so that it may be more than memory holds and come from a pipe.
    """
    needs = Needs()
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        for one in told:
            raw, line = _as_bytes(one.line)
            if line is not None:
                needs.read(line, local_ids=one.local_ids)
            said = [[list(refusal) for refusal in part] for part in (one.refused, one.changed)]
            head = [one.place, one.local_ids, said, raw is not None]
            kept.write(orjson.dumps([*head, len(raw or b"")]) + b"\n" + (raw or b""))
        if needs.open:
            kept.seek(0)
            for one in _again(kept):
                needs.read_ends(_as_bytes(one.line)[1])
        make(project_id, needs, by)
        kept.seek(0)
        yield from _again(kept)


def _as_bytes(line: bytes | dict[str, Any] | None) -> tuple[bytes | None, Any]:
    """Return a line as bytes and as what it says, which is None where it is no JSON."""
    if line is None:
        return None, None
    if isinstance(line, dict):
        try:
            return orjson.dumps(line), line
        except TypeError:  # half a character, a number beyond 64 bits: refused in words when it is read again
            return json.dumps(line, default=str).encode(), line
    try:
        return line, orjson.loads(line)
    except orjson.JSONDecodeError:
        return line, None


def _again(kept: Any) -> Iterator[Told]:
    while head := kept.readline():
        place, local_ids, said, has_line, length = orjson.loads(head)
        refused, changed = (tuple(Refusal(*one) for one in part) for part in said)
        raw = kept.read(length)
        yield Told(place, raw if has_line else None, refused, local_ids, changed)


def make(project_id: UUID, needs: Needs, by: Actor) -> None:
    """Make what is needed and not there, by the same acts as a manager does it; raise `NotAllowed` for the others."""
    with transaction.atomic():
        projects.managed(project_id, by)
        needs.close(project_id)
        names = {told: _tag(project_id, told, needs, by) for told in needs.tags}
        for told, values in needs.tags.items():
            _attributes(project_id, names[told], values, by)
        names |= {told: told for told in (*needs.ends.values(),) if told not in names}
        for told, pairs in needs.kinds.items():
            wanted = {(names[subject], names[object_]) for subject, object_ in pairs}
            if wanted:
                _kind(project_id, told, wanted, needs, by)


def found(told: str, titles: dict[str, str]) -> str | None:
    """Return the name of what a file calls so: its name, or else its title, whatever the case. `titles` has both."""
    if told in titles:
        return told
    wanted = _title(told).casefold()
    return next((name for name, title in titles.items() if title.casefold() == wanted), None)


def _title(told: str) -> str:
    stripped = told.strip()
    return stripped if len(stripped) <= schemes.MAX_TITLE else stripped[: schemes.MAX_TITLE - 1] + "…"


def _name(told: str, stem: str, taken: Iterable[str]) -> str:
    """Return a name for data that is not taken: the told one where it can be one, else one like it."""
    if schemes.is_name(told) and told not in taken:
        return told
    base = slugify(told).replace("-", "_")[:36]
    base = base if base[:1].isalpha() else f"{stem}_{base}".rstrip("_")
    numbered = (base if nth == 1 else f"{base}_{nth}" for nth in range(1, 10_000))
    return next(name for name in numbered if name not in taken)


def _key(told: str, taken: Iterable[str]) -> str:
    """Return a free key, of the letters of the name if there is one; none is left after some eighty."""
    wanted = [letter for letter in told.lower() if letter in _KEYS]
    return next((key for key in (*wanted, *_KEYS) if key not in taken), "")


def _tag(project_id: UUID, told: str, needs: Needs, by: Actor) -> str:
    present = list(Tag.objects.filter(project_id=project_id))
    here = found(told, {tag.name: tag.title for tag in present})
    if here is not None:
        return here
    given = needs.defined.get("tags", {}).get(told, {})
    live = [tag for tag in present if tag.retired_at is None]
    taken = {*(tag.key for tag in live), *tags.fixed_keys()}
    light, dark = colours.distinct([(tag.colour, tag.colour_dark) for tag in live])
    lines = [tag.line for tag in live]
    line = min(Tag.Line.values, key=lambda one: (lines.count(one), Tag.Line.values.index(one)))
    wanted = {"colour": light, "colour_dark": dark, "line": line}
    for mode, colour in enumerate(("colour", "colour_dark")):
        told_colour = str(given.get(colour, ""))
        if colours.is_colour(told_colour) and not tags.colour_fault(told_colour, mode):
            wanted[colour] = told_colour
    if given.get("line") in Tag.Line.values:
        wanted["line"] = given["line"]
    tag = tags.add(
        project_id=project_id,
        name=_name(told, "tag", [tag.name for tag in present]),
        title=_title(_named(given.get("title")) or told),
        key=_key(str(given.get("key", "")) + told, taken),
        description=str(given.get("description", ""))[: tags.MAX_DESCRIPTION],
        by=by,
        **wanted,
    )
    return tag.name


def _attributes(project_id: UUID, tag: str, told: dict[str, Values], by: Actor) -> None:
    """Add the attributes that a tag lacks, and the choices that they lack, as one new version of its schema."""
    known = queries.schemes.attributes(project_id)
    changed: dict[str | None, dict[str, dict[str, Any]]] = {}
    for name, values in told.items():
        titles = {one.name: one.title for of in (known[tag], known[None]) for one in of.present}
        here = found(name, titles)
        if here is None:
            taken = {*titles, *changed.get(tag, {})}
            if schema := values.schema(_title(name)):
                changed.setdefault(tag, {})[_name(name.replace("-", "_"), "attribute", taken)] = schema
            continue
        of = tag if known[tag].named(here) else None
        attribute = known[of].named(here)
        if attribute is None or attribute.kind != attribute_kinds.Kind.CHOICE or values.types != {str}:
            continue
        more = [value for value in values.some if value not in attribute.choices]
        if more and values.are_choices(len(attribute.choices) + len(more)):
            choices = {"enum": [*attribute.choices, *more]}
            changed.setdefault(of, {})[here] = attribute.schema | choices
    for of, properties in changed.items():
        attribute_schemas.extend(project_id=project_id, tag=of, properties=properties, by=by)


def _kind(project_id: UUID, told: str, wanted: set[tuple[str, str]], needs: Needs, by: Actor) -> None:
    present = queries.schemes.kinds(project_id)
    here = found(told, {kind.name: kind.title for kind in present})
    if here is not None:
        kind = next(kind for kind in present if kind.name == here)
        if not wanted <= set(kind.pairs):
            relation_kinds.change(project_id=project_id, name=here, pairs={*kind.pairs, *wanted}, by=by)
        return
    given = needs.defined.get("relation_kinds", {}).get(told, {})
    title = _title(_named(given.get("title")) or told)
    properties = {name: values.schema(name) for name, values in needs.values.get(told, {}).items()}
    attributes = given.get("attributes")
    if not isinstance(attributes, dict):
        attributes = {
            "type": "object",
            "properties": {name: schema for name, schema in properties.items() if schema},
            "additionalProperties": False,
        }
    taken = {*(kind.key for kind in present if not kind.retired), *relation_kinds.fixed_keys()}
    relation_kinds.add(
        project_id=project_id,
        name=_name(told, "relation", [kind.name for kind in present]),
        title=title,
        inverse_title=_title(
            _named(given.get("inverse_title")) or _("inverse of %(kind)s") % {"kind": title}
        ),
        symmetric=given.get("symmetric") is True or told in needs.symmetric,
        key=_key(str(given.get("key", "")) + told, taken),
        pairs=wanted,
        attributes=attributes,
        by=by,
    )
