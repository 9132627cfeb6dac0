"""`proposed-annotations/`: what a reviewer found missing, taken or refused by whose layer it is."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, schema, things
from factcheck.api.annotations import MAX_SPANS, Span, expected_words, pairs
from factcheck.api.base import thing
from factcheck.api.fields import Id, Input, Object, Text
from factcheck.api.things import key_of
from factcheck.exceptions import Gone
from factcheck.models import ProposedAnnotation as Model
from factcheck.services.identity import Made

V = TypeVar("V", bound=type)
FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "layer": filters.uuid("The id of the layer that it is proposed to."),
    "owner": filters.text("To whom; a username."),
    "created_by": filters.CREATED_BY,
    "state": filters.one_of(list(Model.State.values), "What became of it."),
    "withdrawn": filters.WITHDRAWN,
}


class ProposedAnnotation(Input):
    """An annotation that a reviewer found missing in a colleague's layer."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    article_version = serializers.UUIDField(read_only=True)
    layer = Id()
    owner = serializers.CharField(read_only=True)
    tag = Text()
    spans = serializers.ListField(child=Span(), max_length=MAX_SPANS)
    exact = Text(required=False)
    attributes = Object(required=False)
    note = Text(required=False)
    state = serializers.ChoiceField(choices=Model.State.choices, read_only=True)
    annotation = serializers.UUIDField(read_only=True, allow_null=True, help_text="What taking it made.")
    answer_note = serializers.CharField(read_only=True)
    answered_by = serializers.CharField(read_only=True, allow_null=True)
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _Proposed(things.ThingView):
    path = "proposed-annotations"
    reads = queries.proposed_annotations
    serializer = ProposedAnnotation

    def create(self, data: dict[str, Any]) -> Made:
        return services.proposed_annotations.create(
            layer_id=data["layer"],
            tag=data["tag"],
            spans=pairs(data),
            exact=expected_words(data),
            note=data.get("note", ""),
            attributes=data.get("attributes"),
            id=data.get("id"),
            by=self.actor,
        )


@schema.things("proposed_annotations", "a proposed annotation", ProposedAnnotation, FILTERS)
class ProposedAnnotations(_Proposed, things.Things):
    """Proposed annotations of the layers that who asks may see."""

    filters = FILTERS


@extend_schema_view(
    get=extend_schema(
        operation_id="proposed_annotations_read",
        summary="Read a proposed annotation",
        parameters=[schema.IF_NONE_MATCH],
        responses={200: ProposedAnnotation, 304: OpenApiResponse(description="Nothing changed.")},
    ),
    delete=extend_schema(
        operation_id="proposed_annotations_withdraw",
        summary="Take back what one has proposed",
        parameters=[schema.IF_MATCH],
        request=None,
        responses={204: OpenApiResponse(description="Taken back.")},
    ),
)
class OneProposedAnnotation(_Proposed):
    """One proposed annotation. While it waits, who proposed it may take it back."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.visible(key_of(id))
        if row.withdrawn_at is not None:
            raise Gone(_("This was withdrawn."), extra={"withdrawn_at": row.withdrawn_at})
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag) if conditional.unchanged(request, tag) else thing(self.present(row))
        )

    def delete(self, request: Request, id: str) -> HttpResponse:
        key = key_of(id)
        expect = conditional.expected(request, lambda: int(self.visible(key).revision))
        services.proposed_annotations.withdraw(proposed_id=key, by=self.actor, expect=expect)
        return HttpResponse(status=204)


class Taking(Input):
    """Under which id the annotation is made."""

    annotation = Id(required=False, help_text="An id of your own for the annotation that this makes.")


class Refusing(Input):
    """Why it is refused."""

    note = Text()


def _answering(name: str, summary: str, shape: type[Input]) -> Callable[[V], V]:
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"proposed_annotations_{name}",
            summary=summary,
            description="Whose layer it is. Done already: nothing more happens.",
            request=shape,
            responses={200: ProposedAnnotation},
        )
    )


@_answering("take", "Take a proposed annotation into one's own layer", Taking)
class TakenAnnotation(_Proposed):
    """It becomes its owner's own work."""

    def post(self, request: Request, id: str) -> HttpResponse:
        data = Taking.check(request.data or {})
        key: UUID | None = data.get("annotation")
        row = services.proposed_annotations.take(proposed_id=key_of(id), annotation_id=key, by=self.actor)
        return thing(self.present(row))


@_answering("refuse", "Refuse a proposed annotation", Refusing)
class RefusedAnnotation(_Proposed):
    """Its owner does not agree."""

    def post(self, request: Request, id: str) -> HttpResponse:
        data = Refusing.check(request.data)
        row = services.proposed_annotations.refuse(proposed_id=key_of(id), note=data["note"], by=self.actor)
        return thing(self.present(row))
