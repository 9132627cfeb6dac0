"""What a reviewer proposes instead: tried when it is proposed, applied by the author when it is taken.

A proposal is a JSON object that names only what is to change: of an annotation `spans`, `tag`, `attributes`; of a
relation `kind`, `subject`, `object`, `attributes` (`reverse` swaps the ends); of a source link what its PATCH takes. It
is tried by making the change as the author would and taking it back at once, so what is kept can be taken as long as
nothing moves on.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import FactcheckError, Invalid
from factcheck.models.fields import parse_extent
from factcheck.records import Actor
from factcheck.services import annotations, relations, source_links

_IDS = ("source", "on_behalf_of", "subject", "object")
_KEYS = {
    "annotation": ("spans", "tag", "attributes"),
    "relation": ("kind", "subject", "object", "reverse", "attributes"),
    "source_link": (
        *(
            "source",
            "role",
            "position",
            "on_behalf_of",
            "as_named",
            "cue",
            "stance",
            "url",
            "quote",
            "locator",
        ),
        *("accessed_at", "archive_url"),
    ),
}


def check(thing: str, thing_id: UUID, proposal: object, *, author: Actor, by: Actor) -> dict[str, Any]:
    """Return the proposal as it is kept, with the words of its spans, after trying it as its author.

    Raises `Invalid` naming the part that cannot be (`proposal.tag`), and when nothing would change.
    """
    if not isinstance(proposal, dict) or not proposal:
        raise Invalid(_("A proposal says what is to change."), field="proposal")
    for name in proposal:
        if name not in _KEYS[thing]:
            raise Invalid(
                _("A proposal cannot change %(name)s; it can change: %(known)s.")
                % {"name": str(name)[:40], "known": ", ".join(_KEYS[thing])},
                field=f"proposal.{str(name)[:40]}",
            )
    _check_sources_seen(proposal, by)
    before = _present(thing, thing_id, author)
    try:
        with transaction.atomic():
            version = apply(thing, thing_id, proposal, author)
            after = _present(thing, thing_id, author)
            transaction.set_rollback(True)
    except FactcheckError as error:
        field = f"proposal.{error.field}" if error.field else "proposal"
        raise Invalid(str(error), field=field) from error
    if before is None or after is None or version == before.version:
        raise Invalid(_("This is how it is already; nothing would change."), field="proposal")
    kept = dict(proposal)
    if "spans" in kept:
        kept["spans"] = [
            {"start": span.start, "end": span.end, "exact": piece}
            for span, piece in zip(parse_extent(after.extent), after.pieces, strict=True)
        ]
    return kept


def apply(thing: str, thing_id: UUID, proposal: dict[str, Any], by: Actor) -> int:
    """Make the proposed change as one's own, and return the version that it made."""
    given: dict[str, Any] = {
        name: _id(name, value) if name in _IDS else value for name, value in proposal.items()
    }
    for name in ("spans", "cue"):
        if name in given:
            given[name] = _pairs(name, given[name])
    for name in ("tag", "kind", "role", "stance"):
        if given.get(name) is not None and not isinstance(given[name], str):
            raise Invalid(_("%(name)s is given by its name.") % {"name": name}, field=name)
    if thing == "annotation":
        return annotations.update(annotation_id=thing_id, by=by, **given).version
    if thing == "source_link":
        if given.get("position", 1) is not None and type(given.get("position", 1)) is not int:
            raise Invalid(_("position must be from 1 to 1000."), field="position")
        return source_links.update(link_id=thing_id, by=by, **given).version
    if given.pop("reverse", False):
        present = queries.relations.visible(by.user_id, thing_id)
        if present is not None:
            given["subject"], given["object"] = (
                given.get("object") or UUID(present.object),
                given.get("subject") or UUID(present.subject),
            )
    return relations.update(relation_id=thing_id, by=by, **given).version


def _present(thing: str, thing_id: UUID, viewer: Actor) -> Any:
    reads: dict[str, Any] = {
        "annotation": queries.annotations.visible,
        "relation": queries.relations.visible,
        "source_link": queries.source_links.visible,
    }
    return reads[thing](viewer.user_id, thing_id)


def _check_sources_seen(proposal: dict[str, Any], by: Actor) -> None:
    """Refuse a source that the proposer may not know of, whatever the author may."""
    for name in ("source", "on_behalf_of"):
        if proposal.get(name) is not None:
            source = _id(name, proposal[name])
            if source is None or queries.sources.visible(by.user_id, source) is None:
                raise Invalid(_("There is no such source in this project."), field=f"proposal.{name}")


def _pairs(name: str, value: object) -> list[tuple[int, int]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Invalid(_("%(name)s is a list of objects with start and end.") % {"name": name}, field=name)
    pairs = [(one.get("start"), one.get("end")) for one in value]
    if not all(type(number) is int for pair in pairs for number in pair):
        raise Invalid(_("start and end are whole numbers (code points)."), field=name)
    return pairs


def _id(name: str, value: object) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Invalid(_("%(name)s must be a UUID.") % {"name": name}, field=name) from error
