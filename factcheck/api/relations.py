"""`relations/`: typed, directed links between two annotations."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, present, rendering, schema, things, web_annotations
from factcheck.api.base import ApiView
from factcheck.api.fields import Id, Input, Object, Text
from factcheck.models.fields import uuid7
from factcheck.models.judged import Status
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.uuid("The id of the article of either end."),
    "layer": filters.LAYER,
    "kind": filters.text("The name of a relation kind."),
    "subject": filters.uuid("The id of the annotation that it starts from."),
    "object": filters.uuid("The id of the annotation that it goes to."),
    "annotation": filters.uuid("The id of the annotation at either end."),
    "created_by": filters.CREATED_BY,
    "status": filters.STATUS,
    "updated_after": filters.UPDATED_AFTER,
    "withdrawn": filters.WITHDRAWN,
}


class Relation(Input):
    """From its subject to its object."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    object_article = serializers.UUIDField(read_only=True)
    layer = serializers.UUIDField(read_only=True)
    kind = Text()
    subject = Id()
    object = Id()
    attributes = Object(required=False)
    note = Text(required=False)
    created_by = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    void = serializers.BooleanField(read_only=True, help_text="An annotation that it stands on was rejected.")
    version = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _Relations(things.ThingView):
    path = "relations"
    reads = queries.relations
    serializer = Relation
    defaults: ClassVar[dict[str, Any]] = {"note": "", "attributes": {}}

    def create(self, data: dict[str, Any]) -> Made:
        return services.relations.create(by=self.actor, **data)

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        return services.relations.update(relation_id=key, by=self.actor, expect=expect, **data)


@schema.things("relations", "a relation", Relation, FILTERS, linked=True)
class Relations(_Relations, web_annotations.AlsoThings):
    """Relations of which who asks may see both ends."""

    filters = FILTERS


@schema.thing("relations", "a relation", Relation, linked=True)
class OneRelation(_Relations, web_annotations.AlsoThing):
    """One relation. Only who made it changes it."""

    def withdraw(self, key: UUID, expect: int | None) -> None:
        services.relations.withdraw(relation_id=key, by=self.actor, expect=expect)


@schema.restoring("relations", "a relation", Relation)
class RestoredRelation(_Relations, things.Restoring):
    """A withdrawn relation comes back when both its ends are there."""

    def restore(self, key: UUID) -> Any:
        return services.relations.restore(relation_id=key, by=self.actor)


class Ends(Input):
    """What is related to what."""

    id = Id(required=False)
    subject = Id()
    object = Id()


class SeveralRelations(Input):
    """Pairs that are related in the same way."""

    at = Id(help_text="The annotation from which they are related: undo finds the act in its article.")
    kind = Text()
    pairs = Ends(many=True)
    attributes = Object(required=False)
    note = Text(required=False)


class RelationResult(serializers.Serializer[Any]):
    """What became of one pair."""

    status = serializers.IntegerField(help_text="201 made, 200 there already.")
    relation = Relation()


class RelationResults(serializers.Serializer[Any]):
    """One result for each pair, in their order."""

    results = RelationResult(many=True)


@extend_schema_view(
    post=extend_schema(
        operation_id="relations_bulk",
        summary="Relate several pairs in the same way",
        description="As one act, all or nothing. With ids of your own it can be sent again, and is done once.",
        request=SeveralRelations,
        responses={200: RelationResults},
    )
)
class BulkRelations(ApiView):
    """Several relations of one kind, as the page makes them when several ends are chosen."""

    def post(self, request: Request) -> HttpResponse:
        data = SeveralRelations.check(request.data)
        pairs = [services.relations.Pair(**{"id": uuid7(), **pair}) for pair in data.pop("pairs")]
        made = services.relations.relate(pairs=pairs, by=self.actor, **data)
        shown = [{"status": 201 if one.fresh else 200, "relation": present.relation(one.row)} for one in made]
        return rendering.answer({"results": shown})
