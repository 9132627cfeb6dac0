"""`relations/`: typed, directed links between two annotations."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from factcheck import queries, services
from factcheck.api import filters, schema, things, web_annotations
from factcheck.api.fields import Id, Input, Object, Text
from factcheck.models.judged import Status
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.uuid("The id of the article of either end."),
    "layer": filters.LAYER,
    "kind": filters.text("The name of a relation kind."),
    "subject": filters.uuid("The id of the annotation that it starts from."),
    "object": filters.uuid("The id of the annotation that it goes to."),
    "created_by": filters.CREATED_BY,
    "status": filters.STATUS,
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
