"""What a manager does to the kinds of relation: add, change with their legal pairs, order, retire and bring back."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import RelationKind, RelationPair, Tag
from factcheck.models.fields import uuid7
from factcheck.queries.schemes import KindRow, Pair, Using
from factcheck.records import Actor
from factcheck.services import acts, identity, projects, schemes

_NO_ATTRIBUTES: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


def fixed_keys() -> dict[str, str]:
    """Return the keys that do something else while relating, with what they do."""
    return {
        "j": _("move to the next"),
        "k": _("move to the previous"),
        "v": _("reverse the direction"),
        "?": _("show all keys"),
        "/": _("find by words"),
    }


def add(
    *,
    project_id: UUID,
    title: str,
    key: str,
    pairs: Collection[Pair],
    by: Actor,
    name: str = "",
    inverse_title: str = "",
    symmetric: bool = False,
    attributes: dict[str, Any] | None = None,
) -> KindRow:
    """Add a kind of relation between these pairs of tags (names, subject first).

    One that is symmetric holds in both directions, so its pairs do too, and reads alike from either end. `attributes`
    is the JSON Schema of what such a relation can say of itself, nothing when left out.
    """
    with transaction.atomic():
        projects.managed(project_id, by)
        kinds = queries.schemes.kinds(project_id)
        if not pairs:
            raise Invalid(_("Choose at least one pair of tags, or nothing can be related so."), field="pairs")
        kind = RelationKind(id=uuid7(), project_id=project_id, symmetric=symmetric)
        kind.schema = attributes or _NO_ATTRIBUTES
        kind.title = schemes.checked_title(title)
        kind.inverse_title = (
            kind.title if symmetric else schemes.checked_title(inverse_title, "inverse_title")
        )
        kind.name = schemes.checked_name(name, title, {other.name: other.title for other in kinds})
        kind.key = _key(key, kinds)
        positions = RelationKind.objects.filter(project_id=project_id).values_list("position", flat=True)
        kind.position = 1 + max(positions, default=0)
        wanted = _both_ways(pairs) if symmetric else set(pairs)
        with acts.act("add_relation_kind", project_id=project_id, by=by):
            kind.save(force_insert=True)
            _add_pairs(project_id, kind.pk, wanted)
        return _row(project_id, kind.name)


def change(
    *,
    project_id: UUID,
    name: str,
    by: Actor,
    expect: int | None = None,
    title: str | None = None,
    inverse_title: str | None = None,
    key: str | None = None,
    pairs: Collection[Pair] | None = None,
) -> KindRow:
    """Change a kind and its legal pairs as one act; what is None stays.

    Pairs with a retired tag are not offered, so they stay as well. Raises `Conflict` naming the live relations that use
    a pair which is to go.
    """
    with transaction.atomic():
        kind = _held(project_id, name, by)
        identity.check_unchanged(expect, kind.revision, kind)
        others = [other for other in queries.schemes.kinds(project_id) if other.name != name]
        if kind.symmetric:
            inverse_title = title
        wanted = {
            "title": None if title is None else schemes.checked_title(title),
            "inverse_title": None
            if inverse_title is None
            else schemes.checked_title(inverse_title, "inverse_title"),
            "key": None if key in (None, kind.key) else _key(str(key), others),
        }
        changes = schemes.differing(kind, wanted)
        more, less = _pair_changes(project_id, kind, pairs)
        if changes or more or less:
            _check_unused(project_id, kind, less, by)
            with acts.act("change_relation_kind", project_id=project_id, by=by):
                _add_pairs(project_id, kind.id, more)
                _remove_pairs(kind.id, less)
                # Written even where only pairs change: its revision then says so, and so does the feed.
                RelationKind.objects.filter(pk=kind.id).update(**{"title": kind.title, **changes})
        return _row(project_id, name)


def reorder(
    *, project_id: UUID, names: Sequence[str], by: Actor, expect: Sequence[str] | None = None
) -> list[str]:
    """Put the live kinds into this order; `expect` is the order that the caller has seen."""
    with transaction.atomic():
        projects.managed(project_id, by)
        kinds = list(RelationKind.objects.filter(project_id=project_id).order_by("position", "id"))
        live = {kind.name: kind for kind in kinds if kind.retired_at is None}
        wanted = schemes.checked_order(list(live), names, expect)
        rows = [*(live[name] for name in wanted), *(kind for kind in kinds if kind.retired_at is not None)]
        if wanted != list(live):
            with acts.act("reorder_relation_kinds", project_id=project_id, by=by):
                for position, kind in enumerate(rows, 1):
                    if kind.position != position:
                        RelationKind.objects.filter(pk=kind.pk).update(position=position)
        return wanted


def retire(*, project_id: UUID, name: str, by: Actor, expect: int | None = None) -> KindRow:
    """Offer a kind no longer; the relations of this kind stay."""
    with transaction.atomic():
        kind = _held(project_id, name, by)
        identity.check_unchanged(expect, kind.revision, kind)
        if not kind.retired:
            with acts.act("retire_relation_kind", project_id=project_id, by=by):
                RelationKind.objects.filter(pk=kind.id).update(retired_at=timezone.now())
        return _row(project_id, name)


def restore(*, project_id: UUID, name: str, by: Actor, expect: int | None = None) -> KindRow:
    """Offer a retired kind again; raise `Conflict` when another kind has its key by now."""
    with transaction.atomic():
        kind = _held(project_id, name, by)
        identity.check_unchanged(expect, kind.revision, kind)
        if kind.retired:
            _key(kind.key, [other for other in queries.schemes.kinds(project_id) if other.name != name])
            with acts.act("restore_relation_kind", project_id=project_id, by=by):
                RelationKind.objects.filter(pk=kind.id).update(retired_at=None)
        return _row(project_id, name)


def _row(project_id: UUID, name: str) -> KindRow:
    kind = next((kind for kind in queries.schemes.kinds(project_id) if kind.name == name), None)
    if kind is None:
        raise NotFound(_("The project has no kind of relation %(kind)s.") % {"kind": name})
    return kind


def _held(project_id: UUID, name: str, by: Actor) -> KindRow:
    projects.managed(project_id, by)
    return _row(project_id, name)


def _key(value: str, others: Sequence[KindRow]) -> str:
    taken = {other.key: other.title for other in others if not other.retired}
    return schemes.checked_key(value, taken=taken, fixed=fixed_keys())


def _both_ways(pairs: Collection[Pair]) -> set[Pair]:
    return {*pairs, *((object_, subject) for subject, object_ in pairs)}


def _pair_changes(
    project_id: UUID, kind: KindRow, pairs: Collection[Pair] | None
) -> tuple[set[Pair], set[Pair]]:
    """Return which pairs come and which go."""
    if pairs is None:
        return set(), set()
    wanted = _both_ways(pairs) if kind.symmetric else set(pairs)
    live = set(Tag.objects.filter(project_id=project_id, retired_at=None).values_list("name", flat=True))
    return wanted - kind.pairs, {pair for pair in kind.pairs - wanted if live.issuperset(pair)}


def _tag_ids(project_id: UUID, pairs: Collection[Pair]) -> list[tuple[UUID, UUID]]:
    ids = dict(Tag.objects.filter(project_id=project_id).values_list("name", "id"))
    if unknown := sorted({name for pair in pairs for name in pair} - ids.keys()):
        raise Invalid(_("The project has no tag %(tag)s.") % {"tag": unknown[0]}, field="pairs")
    return [(ids[subject], ids[object_]) for subject, object_ in sorted(pairs)]


def _add_pairs(project_id: UUID, kind_id: UUID, pairs: Collection[Pair]) -> None:
    RelationPair.objects.bulk_create(
        RelationPair(project_id=project_id, kind_id=kind_id, subject_tag_id=subject, object_tag_id=object_)
        for subject, object_ in _tag_ids(project_id, pairs)
    )


def _remove_pairs(kind_id: UUID, pairs: Collection[Pair]) -> None:
    for subject, object_ in sorted(pairs):
        RelationPair.objects.filter(
            kind_id=kind_id, subject_tag__name=subject, object_tag__name=object_
        ).delete()


def _check_unused(project_id: UUID, kind: KindRow, pairs: Collection[Pair], by: Actor) -> None:
    """Refuse to remove pairs that live relations use, in words; the database would refuse it too (FC005)."""
    if not pairs:
        return
    if queries.schemes.has_hidden_layers(by.user_id, project_id):
        # Whether a layer that is not open uses the pair must not be learnt from a refusal.
        raise Conflict(
            _("This project is blind and some layers are not open yet; pairs can be removed once they are."),
            field="pairs",
        )
    using = queries.schemes.relations_using(by.user_id, kind.id, _tag_ids(project_id, pairs))
    if using:
        raise Conflict(
            _in_use(kind, using), field="pairs", extra={"relations": [str(one.id) for one in using]}
        )


def _in_use(kind: KindRow, using: Sequence[Using]) -> str:
    number = using[0].number
    told = [
        _("%(from)s “%(subject)s” %(kind)s %(to)s “%(object)s” in “%(article)s”")
        % {
            "from": one.subject_tag,
            "subject": _shortened(one.subject),
            "kind": kind.title,
            "to": one.object_tag,
            "object": _shortened(one.object),
            "article": one.article,
        }
        for one in using
    ]
    if number > len(using):
        told.append(_("and %(number)s more") % {"number": number - len(using)})
    said = ngettext(
        "%(number)s relation uses a pair that you remove: %(which)s.",
        "%(number)s relations use a pair that you remove: %(which)s.",
        number,
    )
    return said % {"number": number, "which": "; ".join(told)}


def _shortened(pieces: Sequence[str], most: int = 60) -> str:
    words = " … ".join(pieces)
    return words if len(words) <= most else f"{words[:most].rstrip()}…"
