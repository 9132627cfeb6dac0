"""`annotations/`: tagged extents, with the links to their sources."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers

from factcheck import queries, services
from factcheck.api import filters, present, schema, things, web_annotations
from factcheck.api.fields import Id, Input, Object, Text, Whole
from factcheck.api.source_links import SourceLink
from factcheck.exceptions import Invalid
from factcheck.models import Layer
from factcheck.models.judged import Status
from factcheck.services.identity import Made

MAX_SPANS = 1000
FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "layer": filters.LAYER,
    "tag": filters.TAG,
    "created_by": filters.CREATED_BY,
    "status": filters.STATUS,
    "source": filters.uuid("The id of a source that it is linked to."),
    "q": filters.text("Words in what it covers or in its note."),
    "updated_after": filters.UPDATED_AFTER,
    "withdrawn": filters.WITHDRAWN,
}


class Span(Input):
    """A half-open range in Unicode code points; `exact` are the words that stand there."""

    start = Whole(min_value=0)
    end = Whole(min_value=0)
    exact = Text(required=False)


class Annotation(Input):
    """One person's tagged extent."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = Id()
    article_version = Id(required=False)
    layer = serializers.UUIDField(read_only=True)
    layer_kind = serializers.ChoiceField(choices=Layer.Kind.choices, read_only=True)
    tag = Text()
    spans = serializers.ListField(child=Span(), max_length=MAX_SPANS)
    exact = Text(required=False)
    prefix = serializers.CharField(read_only=True)
    suffix = serializers.CharField(read_only=True)
    note = Text(required=False)
    attributes = Object(required=False)
    created_by = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    version = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    source_links = SourceLink(many=True, read_only=True)


def pairs(data: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the spans as services take them."""
    return [(span["start"], span["end"]) for span in data["spans"]]


def expected_words(data: dict[str, Any]) -> str | None:
    """Return the words that the caller expects at the spans: `exact`, or each span's own joined.

    Given for some spans only, or in both places and different, they cannot be checked, and are refused.
    """
    spans = sorted(data.get("spans", ()), key=lambda span: (span["start"], span["end"]))
    said = [span["exact"] for span in spans if "exact" in span]
    if not said:
        return data.get("exact")
    if len(said) < len(spans):
        raise Invalid(_("Say exact for every span or for none."), field="spans")
    words = said[0]
    for before, span in pairwise(spans):
        words += ("" if before["end"] == span["start"] else " ") + span["exact"]
    if data.get("exact", words) != words:
        raise Invalid(_("exact is not what the spans say in their own exact."), field="exact")
    return words


class _Annotations(things.ThingView):
    path = "annotations"
    reads = queries.annotations
    serializer = Annotation
    defaults: ClassVar[dict[str, Any]] = {"note": "", "attributes": {}}
    fixed: ClassVar[tuple[str, ...]] = ("article", "article_version")

    def create(self, data: dict[str, Any]) -> Made:
        return services.annotations.create(
            article_id=data["article"],
            tag=data["tag"],
            spans=pairs(data),
            by=self.actor,
            id=data.get("id"),
            article_version=data.get("article_version"),
            exact=expected_words(data),
            note=data.get("note", ""),
            attributes=data.get("attributes"),
        )

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        return services.annotations.update(
            annotation_id=key,
            by=self.actor,
            expect=expect,
            tag=data.get("tag"),
            spans=pairs(data) if "spans" in data else None,
            exact=expected_words(data),
            note=data.get("note"),
            attributes=data.get("attributes"),
        )

    def present_new(self, row: Any) -> dict[str, Any]:
        return present.annotation(row)  # nothing is linked to it yet, so nothing is read


@schema.things("annotations", "an annotation", Annotation, FILTERS, linked=True)
class Annotations(_Annotations, web_annotations.AlsoThings):
    """Annotations that who asks may see."""

    filters = FILTERS

    def present_all(self, rows: Sequence[Any]) -> list[Any]:
        return present.annotations(list(rows), self.viewer)


@schema.thing("annotations", "an annotation", Annotation, linked=True)
class OneAnnotation(_Annotations, web_annotations.AlsoThing):
    """One annotation. Only the owner of its layer changes it."""

    def withdraw(self, key: UUID, expect: int | None) -> None:
        services.annotations.withdraw(annotation_id=key, by=self.actor, expect=expect)


@schema.restoring("annotations", "an annotation", Annotation)
class RestoredAnnotation(_Annotations, things.Restoring):
    """A withdrawn annotation comes back with its relations and links."""

    def restore(self, key: UUID) -> Any:
        return services.annotations.restore(annotation_id=key, by=self.actor)
