"""`reviews/` and `review-responses/`: what reviewers decide, and what authors say to it."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, paging, present, rendering, schema
from factcheck.api.base import ApiView, found
from factcheck.api.fields import Choice, Id, Input, Object, Text, Whole
from factcheck.api.things import key_of
from factcheck.exceptions import Invalid
from factcheck.models import Review as Model
from factcheck.models import ReviewResponse
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "annotation": filters.uuid("The id of an annotation."),
    "relation": filters.uuid("The id of a relation."),
    "source_link": filters.uuid("The id of a source link."),
    "created_by": filters.CREATED_BY,
    "decision": filters.DECISION,
    "owner": filters.text("Whose work it is about; a username."),
    "waits": filters.flag(
        "`1`: those that wait for the answer of whose work it is (a change asked or a question, live, on the present"
        " version, not answered); `0`: the others."
    ),
}


class Review(Input):
    """One reviewer's decision: that the tag is right, never that the claim is true."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    annotation = Id(required=False, allow_null=True)
    relation = Id(required=False, allow_null=True)
    source_link = Id(required=False, allow_null=True)
    thing_version = Whole(
        required=False,
        min_value=1,
        help_text="The version that was looked at; 409 when it is another one by now.",
    )
    decision = Choice(choices=list(Model.Decision.values))
    reason = Text(required=False, help_text="A code of the project, by kind of thing.")
    note = Text(required=False)
    proposal = Object(
        required=False, allow_null=True, help_text="With `change`: what of the thing is to be otherwise."
    )
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    superseded_by = serializers.UUIDField(read_only=True, allow_null=True)


@extend_schema_view(
    get=schema.listing("reviews", Review, FILTERS, "List decisions"),
    post=extend_schema(
        operation_id="reviews_create",
        summary="Decide on an annotation, a relation or a source link",
        description=(
            "Name exactly one of `annotation`, `relation`, `source_link`. An earlier decision of one's own is"
            " superseded. Nobody decides on own work, nor approves what they have proposed."
        ),
        request=Review,
        responses={201: Review, 200: Review},
    ),
)
class Reviews(ApiView):
    """Decisions on what who asks may see."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(
            request,
            FILTERS,
            partial(queries.reviews.page, self.viewer),
            lambda rows: [present.review(row) for row in rows],
        )

    def post(self, request: Request) -> HttpResponse:
        data = Review.check(request.data)
        named = {name: data.pop(name) for name in services.reviews.THINGS if name in data}
        named = {name: key for name, key in named.items() if key is not None}
        if len(named) != 1:
            raise Invalid(
                _("Name exactly one of annotation, relation and source_link to decide on."),
                field="annotation",
            )
        ((kind, key),) = named.items()
        made = services.reviews.create(thing=kind, thing_id=key, by=self.actor, **data)
        return _made(request, "reviews", made, present.review(made.row))


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


class WholeApproval(Input):
    """Which annotation is approved with all that hangs on it."""

    annotation = Id()
    thing_version = Whole(required=False, min_value=1)


class MadeReviews(Input):
    """The decisions made, the annotation's first."""

    reviews = serializers.ListField(child=serializers.UUIDField(), read_only=True)


@extend_schema_view(
    post=extend_schema(
        operation_id="reviews_approve_whole",
        summary="Approve an annotation with its links and relations",
        description="One act, a decision for each; what one may not approve, or has approved, is passed over.",
        request=WholeApproval,
        responses={200: MadeReviews},
    )
)
class ApprovedWhole(ApiView):
    """One annotation and what hangs on it."""

    def post(self, request: Request) -> HttpResponse:
        data = WholeApproval.check(request.data)
        made = services.reviews.approve_whole(
            annotation_id=data["annotation"], thing_version=data.get("thing_version"), by=self.actor
        )
        return rendering.answer({"reviews": made})


# -- what authors say to decisions -----------------------------------------------------------------

RESPONSE_FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "review": filters.uuid("The id of a decision."),
    "answer": filters.one_of(list(ReviewResponse.Answer.values), "What was said to it."),
    "created_by": filters.CREATED_BY,
}


class Response(Input):
    """What the owner of a layer says to a decision on what stands in it, once."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    review = Id()
    answer = Choice(choices=list(ReviewResponse.Answer.values))
    note = Text(required=False, help_text="Needed unless a proposed change is accepted.")
    thing_version = serializers.IntegerField(
        read_only=True, help_text="The version that accepting made, else the one that stood there."
    )
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


@extend_schema_view(
    get=schema.listing("review_responses", Response, RESPONSE_FILTERS, "List what authors said to decisions"),
    post=extend_schema(
        operation_id="review_responses_create",
        summary="Accept a proposed change, refuse, or answer a question",
        description="Only whose layer it is, and only to a live decision on the present version.",
        request=Response,
        responses={201: Response, 200: Response},
    ),
)
class Responses(ApiView):
    """What authors said to decisions that who asks may see."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(
            request,
            RESPONSE_FILTERS,
            partial(queries.reviews.responses, self.viewer),
            lambda rows: [present.review_response(row) for row in rows],
        )

    def post(self, request: Request) -> HttpResponse:
        data = Response.check(request.data)
        made = services.reviews.respond(review_id=data.pop("review"), by=self.actor, **data)
        return _made(request, "review-responses", made, present.review_response(made.row))


@extend_schema_view(
    get=extend_schema(
        operation_id="review_responses_read", summary="Read an answer", responses={200: Response}
    )
)
class OneResponse(ApiView):
    """One answer; it is never rewritten."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = found(queries.reviews.response(self.viewer, key_of(id)), _("There is no such answer."))
        return paging.tagged(request, rendering.dumps(present.review_response(row)))


def _made(request: Request, path: str, made: Made, shown: dict[str, Any]) -> HttpResponse:
    body = rendering.dumps(shown)
    response = HttpResponse(body, status=201 if made.fresh else 200, content_type=rendering.JSON)
    response["ETag"] = conditional.body_etag(body)
    if made.fresh:
        response["Location"] = request.build_absolute_uri(f"/api/v1/{path}/{made.row.id}/")
    return response
