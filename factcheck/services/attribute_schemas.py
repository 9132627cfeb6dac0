"""What a manager does to attributes: add, change, retire and bring back. Each makes a new version of the tag's schema.

Versions are never changed: what was filled in under an earlier one stays as it is until somebody changes it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.attribute_kinds import Kind, shaped
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import AttributeSchema, Tag
from factcheck.queries.schemes import Attribute, Attributes
from factcheck.records import Actor
from factcheck.services import acts, identity, projects, schemes
from factcheck.services.texts import clean

MAX_CHOICES = 50
MAX_CHOICE = 100


def add(
    *,
    project_id: UUID,
    tag: str | None,
    title: str,
    kind: str,
    by: Actor,
    name: str = "",
    choices: Sequence[str] = (),
    expect: int | None = None,
) -> Attributes:
    """Add an attribute to a tag, or to every tag (None); `expect` is the version that the caller has seen."""
    with transaction.atomic():
        held, everywhere = _held(project_id, tag, by, expect)
        words = schemes.checked_title(title)
        taken = _titles(held.present) | _titles(everywhere)
        named = schemes.checked_name(name.replace("-", "_"), words, taken)
        if held.named(named, retired=True):
            raise Conflict(_("“%(name)s” is retired here; bring it back.") % {"name": named}, field="name")
        schema = shaped(_kind(kind), choices=_choices(kind, choices), title=words)
        return _write("add_attribute", project_id, held, {named: schema}, by)


def extend(
    *, project_id: UUID, tag: str | None, properties: dict[str, dict[str, Any]], by: Actor
) -> Attributes:
    """Put several attributes, each as JSON Schema, into a tag's schema as one new version."""
    with transaction.atomic():
        held, everywhere = _held(project_id, tag, by, None)
        for name, schema in properties.items():
            if held.named(name) is None:
                schemes.checked_name(name, str(schema.get("title", "")), _titles(everywhere))
        return _write("add_attribute", project_id, held, dict(properties), by)


def change(
    *,
    project_id: UUID,
    tag: str | None,
    name: str,
    by: Actor,
    expect: int | None = None,
    title: str | None = None,
    kind: str | None = None,
    choices: Sequence[str] | None = None,
) -> Attributes:
    """Change an attribute's title, kind or choices; what is None stays, and so does its name, which data carry.

    What is filled in already stays, though the present schema may no longer offer it.
    """
    with transaction.atomic():
        held, _everywhere = _held(project_id, tag, by, expect)
        attribute = _present(held, name)
        if attribute.kind is None:
            raise Conflict(
                _("%(name)s is defined by a JSON Schema that this form cannot show; it stays as it is.")
                % {"name": name}
            )
        wanted = attribute.kind.value if kind is None else kind
        offered = attribute.choices if choices is None else choices
        schema = shaped(
            _kind(wanted),
            choices=_choices(wanted, offered),
            title=attribute.title if title is None else schemes.checked_title(title),
            present=attribute.schema,
        )
        if schema == attribute.schema:
            return held
        return _write("change_attribute", project_id, held, {name: schema}, by)


def retire(
    *, project_id: UUID, tag: str | None, name: str, by: Actor, expect: int | None = None
) -> Attributes:
    """Offer an attribute no longer; what is filled in stays."""
    with transaction.atomic():
        held, _everywhere = _held(project_id, tag, by, expect)
        _present(held, name)
        return _write("retire_attribute", project_id, held, {name: None}, by)


def restore(
    *, project_id: UUID, tag: str | None, name: str, by: Actor, expect: int | None = None
) -> Attributes:
    """Offer a retired attribute again, as it last was."""
    with transaction.atomic():
        held, everywhere = _held(project_id, tag, by, expect)
        attribute = held.named(name, retired=True)
        if attribute is None:
            raise NotFound(_("There is no retired attribute %(name)s here.") % {"name": name})
        if name in (beside := _titles(everywhere)):
            raise Conflict(
                _("There is “%(name)s” already: %(title)s.") % {"name": name, "title": beside[name]},
                field="name",
            )
        return _write("restore_attribute", project_id, held, {name: attribute.schema}, by)


def _held(
    project_id: UUID, tag: str | None, by: Actor, expect: int | None
) -> tuple[Attributes, tuple[Attribute, ...]]:
    """Return a tag's attributes under the project's lock, and those of other tags that must not share a name.

    A tag's own stand beside those of every tag, so between these two a name is used once.
    """
    projects.managed(project_id, by)
    known = queries.schemes.attributes(project_id)
    if tag not in known:
        raise NotFound(_("The project has no tag %(tag)s.") % {"tag": tag})
    held = known[tag]
    identity.check_unchanged(expect, held.version, held)
    beside = [found for name, found in known.items() if (name is None) != (tag is None)]
    return held, tuple(attribute for found in beside for attribute in found.present)


def _present(held: Attributes, name: str) -> Attribute:
    attribute = held.named(name)
    if attribute is None:
        raise NotFound(_("There is no attribute %(name)s here.") % {"name": name})
    return attribute


def _titles(attributes: Sequence[Attribute]) -> dict[str, str]:
    return {attribute.name: attribute.title or attribute.name for attribute in attributes}


def _kind(value: str) -> Kind:
    if value not in set(Kind):
        raise Invalid(
            _("There is no kind of attribute %(kind)s; known are: %(known)s.")
            % {"kind": value, "known": ", ".join(Kind)},
            field="kind",
        )
    return Kind(value)


def _choices(kind: str, choices: Sequence[str]) -> list[str]:
    """Return the choices in their order, each once; raise `Invalid` for none or too many."""
    if kind != Kind.CHOICE:
        return []
    cleaned = (clean(choice, "choices", max_length=MAX_CHOICE).strip() for choice in choices)
    offered = list(dict.fromkeys(choice for choice in cleaned if choice))
    if not offered:
        raise Invalid(_("Give at least one choice, one a line."), field="choices")
    if len(offered) > MAX_CHOICES:
        raise Invalid(_("At most %(most)s choices.") % {"most": MAX_CHOICES}, field="choices")
    return offered


def _write(
    act: str, project_id: UUID, held: Attributes, changed: dict[str, dict[str, Any] | None], by: Actor
) -> Attributes:
    """Write the next version: the present schema with these properties put in, or taken out where None."""
    tag_id = Tag.objects.get(project_id=project_id, name=held.tag).pk if held.tag else None
    newest = AttributeSchema.objects.filter(project_id=project_id, tag=tag_id).order_by("-version").first()
    schema: dict[str, Any] = (
        dict(newest.schema) if newest else {"type": "object", "additionalProperties": False}
    )
    order = [*(attribute.name for attribute in held.present), *changed]
    properties = dict(schema.get("properties", {})) | changed
    names = [name for name in dict.fromkeys(order) if properties[name] is not None]
    with acts.act(act, project_id=project_id, by=by):
        AttributeSchema.objects.create(
            project_id=project_id,
            tag_id=tag_id,
            version=held.version + 1,
            schema=schema | {"properties": {name: properties[name] for name in names}},
            keys=names,
        )
    return queries.schemes.attributes(project_id)[held.tag]
