"""`reviews/`: what reviewers decided, to read."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import filters, paging, present, rendering, schema
from factcheck.api.base import ApiView, found
from factcheck.api.fields import Input, Object
from factcheck.api.things import key_of
from factcheck.models import Review as Model

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "annotation": filters.uuid("The id of an annotation."),
    "relation": filters.uuid("The id of a relation."),
    "source_link": filters.uuid("The id of a source link."),
    "created_by": filters.CREATED_BY,
    "decision": filters.DECISION,
}


class Review(Input):
    """One reviewer's decision: that the tag is right, never that the claim is true."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    annotation = serializers.UUIDField(read_only=True, allow_null=True)
    relation = serializers.UUIDField(read_only=True, allow_null=True)
    source_link = serializers.UUIDField(read_only=True, allow_null=True)
    thing_version = serializers.IntegerField(read_only=True)
    decision = serializers.ChoiceField(choices=Model.Decision.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    proposal = Object(read_only=True, allow_null=True)
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    superseded_by = serializers.UUIDField(read_only=True, allow_null=True)


@extend_schema_view(get=schema.listing("reviews", Review, FILTERS, "List decisions"))
class Reviews(ApiView):
    """Decisions on what who asks may see."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(
            request,
            FILTERS,
            partial(queries.reviews.page, self.viewer),
            lambda rows: [present.review(row) for row in rows],
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="reviews_read",
        summary="Read a decision",
        parameters=[schema.IF_NONE_MATCH],
        responses={200: Review, 304: schema.NOT_CHANGED},
    )
)
class OneReview(ApiView):
    """One decision; it is never rewritten, a later one supersedes it."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = found(queries.reviews.visible(self.viewer, key_of(id)), _("There is no such decision."))
        return paging.tagged(request, rendering.dumps(present.review(row)))
