"""What was decided on the things of a line, answered, and proposed: made into rows that keep four eyes."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck.anchoring import spans
from factcheck.exceptions import Invalid
from factcheck.models import ProposedAnnotation, Review, ReviewResponse
from factcheck.models.fields import extent_literal
from factcheck.permissions import workflow
from factcheck.roles import Role
from factcheck.services import interchange_rows
from factcheck.services.interchange_line import Item
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_sources import Sourced

_ANSWERS = {
    Review.Decision.CHANGE: (ReviewResponse.Answer.ACCEPTED, ReviewResponse.Answer.REFUSED),
    Review.Decision.REJECT: (ReviewResponse.Answer.REFUSED,),
    Review.Decision.ASK: (ReviewResponse.Answer.ANSWERED,),
}
"""What may be said to which decision."""


class _Decided(NamedTuple):
    """A decision of the line, as the answers to it and its own like need to know it."""

    place: str
    thing: UUID
    layer: UUID
    reviewer: UUID
    version: int
    decision: str


class Reviewed(Sourced):
    """A line with what was decided, answered and proposed."""

    def __init__(self, target: Target, line: Item, *, local_ids: bool = False) -> None:
        super().__init__(target, line, local_ids=local_ids)
        self.decisions: dict[tuple[str, UUID], list[str]] = {}
        self.decided: dict[UUID, _Decided] = {}
        # Relations into a later line, the decisions on those, and what was said to these.
        self.waiting: list[Item] = []
        self.waiting_reviews: list[Item] = []
        self.waiting_responses: list[Item] = []

    def _review(self, item: Item) -> None:
        key, here, given = self._own_id("review", item)
        kinds = [kind for kind in interchange_rows.JUDGED if item.data.get(kind) is not None]
        if len(kinds) != 1:
            raise Invalid(_("A decision is about one annotation, one relation or one source link."))
        kind = kinds[0]
        thing_id = self.ids[kind].get(item.needed_key(kind))
        if thing_id is None:
            if kind == "relation" and item.needed_key(kind) in {one.key("id") for one in self.waiting}:
                self.waiting_reviews.append(item)
                return
            raise item.refuse(kind, _("There is no such thing in the line."))
        thing = self.things[thing_id]
        if here is not None:
            self._decided(item, here, thing)
            self._keep("review", key, here, None)
            return
        reviewer = self._person(item, "created_by", Role.REVIEWER)
        self._layers()
        if reviewer in (thing.created_by_id, self.owners.get(thing.layer_id)):
            raise item.refuse("created_by", _("Nobody decides on their own work."))
        version, decision = item.whole("thing_version", thing.version), item.text("decision", None)
        if version > thing.version:
            raise item.refuse("thing_version", _("There is no such version yet."))
        if decision not in Review.Decision.values:
            raise item.refuse("decision", _("must be approve, change, reject or ask."))
        here = None if given else self._same("review", (reviewer, thing_id, version, decision))
        proposal = item.data.get("proposal")
        row = self._base(item, given) | {
            "layer_id": thing.layer_id,
            f"{kind}_id": thing_id,
            "thing_version": version,
            "thing_author_id": thing.created_by_id,
            "reviewer_id": reviewer,
            "decision": decision,
            "reason": item.text("reason"),
            "note": item.text("note"),
            "proposal": None if proposal is None else orjson.dumps(proposal).decode(),
            "superseded_by": item.key("superseded_by"),
        }
        self._decided(item, self._keep("review", key, here, row), thing, reviewer)
        if here is None and version == thing.version and row["superseded_by"] is None:
            self.decisions.setdefault((kind, thing_id), []).append(decision)

    def _decided(
        self, item: Item, review: UUID, thing: interchange_rows.Known, reviewer: UUID | None = None
    ) -> None:
        self.decided[review] = _Decided(
            item.place,
            thing.id,
            thing.layer_id,
            reviewer or self._person(item, "created_by", Role.REVIEWER),
            item.whole("thing_version", thing.version),
            item.text("decision", None),
        )

    def _response(self, item: Item) -> None:
        key, here, given = self._own_id("review_response", item)
        said_to = item.needed_key("review")
        review = self.ids["review"].get(said_to)
        if review is None:
            if said_to in {one.key("id") for one in self.waiting_reviews}:
                self.waiting_responses.append(item)
                return
            raise item.refuse("review", _("There is no such decision in the line."))
        decided = self.decided[review]
        answer = item.text("answer", None)
        if answer not in _ANSWERS.get(Review.Decision(decided.decision), ()):
            raise item.refuse("answer", _("is no answer to such a decision."))
        here = here or self._same("review_response", (review,))
        row = None
        if here is None:
            maker = self._person(item, "created_by")
            if maker == decided.reviewer:
                raise item.refuse("created_by", _("Nobody answers their own decision."))
            version = item.whole("thing_version", decided.version)
            if version > self.things[decided.thing].version:
                raise item.refuse("thing_version", _("There is no such version yet."))
            row = self._base(item, given) | {
                "layer_id": decided.layer,
                "review_id": review,
                "answer": answer,
                "note": item.text("note"),
                "thing_version": version,
                "created_by_id": maker,
            }
            if answer == ReviewResponse.Answer.ACCEPTED:
                self._check_not_approved(item, decided.thing, decided.reviewer, version)
        self._keep("review_response", key, here, row)

    def _check_not_approved(self, item: Item, thing: UUID, proposer: UUID, version: int) -> None:
        """Refuse a line in which somebody approves what they have proposed."""
        for one in self.decided.values():
            approves = one.decision == Review.Decision.APPROVE and one.version >= version
            if approves and (one.thing, one.reviewer) == (thing, proposer):
                raise Invalid(
                    _("%(place)s: Nobody approves a change that they have proposed.") % {"place": one.place},
                    field=f"{one.place}.decision",
                )

    def _proposed(self, item: Item) -> None:
        key, here, given = self._own_id("proposed_annotation", item)
        row = None
        if here is None:
            layer = self.ids["layer"].get(item.needed_key("layer"))
            if layer is None:
                raise item.refuse("layer", _("There is no such layer in the line."))
            maker = self._person(item, "created_by", Role.REVIEWER)
            if self.owners.get(layer) in (None, maker):
                raise item.refuse("created_by", _("Nobody proposes to themselves."))
            tag = self.target.tag(item.text("tag", None))
            extent = self._extent(item, "spans")
            literal = extent_literal(extent)
            if given is None:
                here = self._same("proposed_annotation", (layer, maker, self.target.tags[tag], literal))
            if here is None:
                row = self._base(item, given) | self._answered(item, maker)
                row |= {
                    "layer_id": layer,
                    "article_version_id": self.text.version_id,
                    "text_length": self.text.length,
                    "tag_id": self.target.tags[tag],
                    "extent": literal,
                    "pieces": list(spans.pieces(self.text.text, extent)),
                    "attributes": orjson.dumps(
                        self.target.checked_attributes(tag, item.data.get("attributes"))[0]
                    ).decode(),
                    "note": item.text("note"),
                    "created_by_id": maker,
                }
        self._keep("proposed_annotation", key, here, row)

    def _answered(self, item: Item, maker: UUID) -> dict[str, Any]:
        """Return what became of a proposed annotation: all of it, or nothing while it waits."""
        state = item.text("state", ProposedAnnotation.State.WAITING)
        if state not in ProposedAnnotation.State.values:
            raise item.refuse("state", _("is no word that we know."))
        made = None
        if state == ProposedAnnotation.State.TAKEN:
            made = self.ids["annotation"].get(item.needed_key("annotation"))
            if made is None:
                raise item.refuse("annotation", _("There is no such thing in the line."))
            self._check_not_approved(item, made, maker, 1)
        answered = state != ProposedAnnotation.State.WAITING
        return {
            "state": state,
            "annotation_id": made,
            "answer_note": item.text("answer_note"),
            "answered_by_id": self._person(item, "answered_by") if answered else None,
            "answered_at": item.instant("answered_at", self.now) if answered else None,
        }

    def _reviewer(self, item: Item) -> None:
        key, here, given = self._own_id("reviewer_assignment", item)
        row = None
        if here is None:
            reviewer = self._person(item, "reviewer", Role.REVIEWER)
            here = self._same("reviewer_assignment", (reviewer,))
            if here is None:
                maker = item.text("created_by")
                row = self._base(item, given) | {
                    "reviewer_id": reviewer,
                    "created_by_id": self._person(item, "created_by") if maker else self.target.by.user_id,
                }
        self._keep("reviewer_assignment", key, here, row)

    def settle_new(self) -> set[tuple[str, UUID]]:
        """Give the new things the status that their decisions say; return the known ones that have new decisions."""
        for row in self.rows["review"]:
            key = row.pop("superseded_by")
            row["superseded_by_id"] = None if key is None else self.ids["review"].get(key)
            if key is not None and row["superseded_by_id"] is None:
                raise Invalid(
                    _("The decision %(id)s is superseded by one that is not in the line.")
                    % {"id": row["id"]},
                    field="reviews",
                )
        needed = self.target.project.approvals_needed
        fresh = {(kind, row["id"]): row for kind in interchange_rows.JUDGED for row in self.rows[kind]}
        for thing, decisions in self.decisions.items():
            if thing in fresh:
                fresh[thing]["status"] = workflow.status(decisions, approvals_needed=needed)
        known = set(self.decisions) - set(fresh)
        self.decisions = {}
        return known
