"""Many annotations made, changed or withdrawn by one request: all or nothing, or each with its own result.

Either way what succeeds is one act. What is made in a row is read for and written together, by the checks that making
one has; whatever else there is, and whatever the database refuses, goes through the service that does it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck.exceptions import Conflict, FactcheckError, Invalid, Stale
from factcheck.queries import reading
from factcheck.records import Actor
from factcheck.services import acts, annotating, annotations, attributes


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
        outcomes: list[Outcome] = []
        for op, run in groupby(enumerate(items), key=lambda numbered: numbered[1].op):
            if op == "create":
                outcomes += _Making(list(run), by, partial).outcomes()
            else:
                outcomes += [_done(index, item, by, partial) for index, item in run]
        return outcomes


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
            "articles": list({item.content["article_id"] for item in items if item.op == "create"}),
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


class _Making:
    """Items in a row that make annotations: all are read for at once, and those that may be are written at once.

    Each is checked in its turn. Where one must look at what those before it have done (it brings an id that is in
    use), or is refused, they are written first; where the database refuses the rows together, each goes alone.
    """

    def __init__(self, run: list[tuple[int, Item]], by: Actor, partial: bool) -> None:
        self.run, self.by, self.partial = run, by, partial
        self.given = [annotating.Given(id=item.id, **item.content) for _index, item in run]
        self.contexts = annotating.contexts(self.given, by)
        self.taken = annotating.taken([item.id for _index, item in run if item.id is not None])
        self.layers: dict[UUID, UUID] = {}
        self.waiting: list[tuple[int, annotating.Prepared]] = []
        self.done: list[Outcome | None] = [None] * len(run)
        self.schema_of = lru_cache(attributes.schema_of)

    def outcomes(self) -> list[Outcome]:
        """Do all of them."""
        for nth, given in enumerate(self.given):
            try:
                made = self._prepared(given)
            except FactcheckError as error:
                if not self.partial:
                    self._write()  # one before it may be refused too, and is the first then
                    raise Refused(self.run[nth][0], error) from error
                self.done[nth] = Outcome(None, error=error)
                continue
            if made is None:
                self._write()
                self._alone(nth)
                continue
            self.waiting.append((nth, made))
            self.taken.add(made.id)
        self._write()
        return [outcome for outcome in self.done if outcome is not None]

    def _prepared(self, given: annotating.Given) -> annotating.Prepared | None:
        """Check one; None when its id is in use, which the service that makes one answers."""
        annotating.check_note(given)
        hashed = given.content_hash()
        context = self.contexts.get((given.article_id, given.tag))
        if context is None:
            annotating.refuse_article()
        annotating.check_may(context)
        if given.id in self.taken:
            return None
        return annotating.prepare(given, context, hashed=hashed, schema_of=self.schema_of)

    def _write(self) -> None:
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        layers = dict(self.layers)
        try:
            with acts.refusals(), transaction.atomic():
                for _nth, made in waiting:
                    article, context = made.given.article_id, made.context
                    if article not in layers:
                        layers[article] = (
                            annotating.start_layer(context.project_id, article, self.by)
                            if context.layer_id is None or context.layer_to_start
                            else context.layer_id
                        )
                rows = annotating.insert_many([made for _nth, made in waiting], layers, self.by)
        except Conflict:
            for nth, _made in waiting:
                self._alone(nth)
            return
        self.layers = layers
        for (nth, _made), row in zip(waiting, rows, strict=True):
            self.done[nth] = Outcome(row, True)

    def _alone(self, nth: int) -> None:
        index, item = self.run[nth]
        self.done[nth] = _done(index, item, self.by, self.partial)


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
