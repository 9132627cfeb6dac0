"""Many annotations made, changed or withdrawn by one request: all or nothing, or each with its own result.

Either way what succeeds is one act, and each item goes through the service that does it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import FactcheckError, Invalid, Stale
from factcheck.queries import reading
from factcheck.records import Actor
from factcheck.services import acts, annotations


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to do. `content` is what the service takes; `version` or `revision` is the state seen."""

    op: Literal["create", "update", "withdraw"]
    id: UUID | None
    content: dict[str, Any]
    version: int | None = None
    revision: int | None = None


class Outcome(NamedTuple):
    """What became of an item: the present row (None when withdrawn), or the error."""

    row: Any
    fresh: bool = False
    error: FactcheckError | None = None


class Refused(Exception):
    """All or nothing: this item cannot be done, so none is."""

    def __init__(self, index: int, error: FactcheckError) -> None:
        super().__init__(str(error))
        self.index = index
        self.error = error


class _Place(NamedTuple):
    project_id: UUID
    article_id: UUID


def annotate(*, items: Sequence[Item], by: Actor, partial: bool) -> list[Outcome]:
    """Do all the items in their order; with `partial`, those that can be done. Raises `Refused` else."""
    places = _places(items, by)
    if len({place.project_id for place in places}) > 1:
        raise Invalid(_("The items of one request lie in one project."), field="items")
    if not places:  # nothing that this person may know of, so nothing of it can succeed
        return [_done(index, item, by, partial) for index, item in enumerate(items)]
    with acts.together(
        "bulk_annotations",
        project_id=places[0].project_id,
        by=by,
        article_id=places[0].article_id if len(places) == 1 else None,
    ):
        return [_done(index, item, by, partial) for index, item in enumerate(items)]


def _places(items: Sequence[Item], by: Actor) -> list[_Place]:
    """Return the projects and articles that the items name, as far as this person may know of them."""
    return reading.rows(
        _Place,
        """SELECT ar.project_id, ar.id FROM article ar
           JOIN acting_membership m ON m.project_id = ar.project_id AND m.user_id = %(user)s
           WHERE ar.id = ANY(%(articles)s)
           UNION
           SELECT a.project_id, a.article_id FROM annotation a
           JOIN visible_layers(%(user)s) l ON l.id = a.layer_id
           WHERE a.id = ANY(%(annotations)s)""",
        {
            "user": by.user_id,
            "articles": [item.content["article_id"] for item in items if item.op == "create"],
            "annotations": [item.id for item in items if item.op != "create"],
        },
    )


def _done(index: int, item: Item, by: Actor, partial: bool) -> Outcome:
    try:
        if not partial:
            return _do(item, by)
        with transaction.atomic():
            return _do(item, by)
    except FactcheckError as error:
        if not partial:
            raise Refused(index, error) from error
        return Outcome(None, error=error)


def _do(item: Item, by: Actor) -> Outcome:
    if item.op == "create":
        made = annotations.create(by=by, id=item.id, **item.content)
        return Outcome(made.row, made.fresh)
    if item.id is None:
        raise Invalid(_("To %(op)s, id is needed.") % {"op": item.op}, field="id")
    if item.version is not None:
        _held, present = annotations.locked(item.id, by)
        if present.version != item.version:
            raise Stale(
                _(
                    "Somebody changed this since you read it (you have seen version %(seen)s, it is at %(now)s)."
                )
                % {"seen": item.version, "now": present.version},
                extra={"present": present},
            )
    if item.op == "withdraw":
        annotations.withdraw(annotation_id=item.id, by=by, expect=item.revision)
        return Outcome(None)
    return Outcome(annotations.update(annotation_id=item.id, by=by, expect=item.revision, **item.content))
