"""`articles/{id}/reviewers/`: who was asked to review an article; where nobody was, it waits for all reviewers."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import paging, present, schema
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Input, Text
from factcheck.api.things import key_of


class Reviewer(Input):
    """A reviewer who was asked to look at an article."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    reviewer = Text(help_text="A username.")
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


@extend_schema_view(
    get=schema.listing("reviewers", Reviewer, {}, "List who was asked to review an article"),
    post=extend_schema(
        operation_id="reviewers_assign",
        summary="Ask a reviewer to look at an article",
        description="A manager. Asked already: 200.",
        request=Reviewer,
        responses={201: Reviewer, 200: Reviewer},
    ),
)
class Reviewers(ApiView):
    """The reviewers of an article."""

    def get(self, request: Request, id: str) -> HttpResponse:
        article = found(queries.articles.visible(self.viewer, key_of(id)), _("There is no such article."))
        return paging.answer(
            request,
            {},
            partial(queries.reviewers.page, self.viewer, article=article.id),
            lambda rows: [present.reviewer(row) for row in rows],
        )

    def post(self, request: Request, id: str) -> HttpResponse:
        data = Reviewer.check(request.data)
        made = services.reviewers.assign(article_id=key_of(id), reviewer=data["reviewer"], by=self.actor)
        address = f"/api/v1/articles/{made.row.article}/reviewers/{made.row.reviewer}/"
        location = request.build_absolute_uri(address) if made.fresh else None
        return thing(present.reviewer(made.row), status=201 if made.fresh else 200, location=location)


@extend_schema_view(
    get=extend_schema(
        operation_id="reviewers_read", summary="Read that a reviewer was asked", responses={200: Reviewer}
    ),
    delete=extend_schema(
        operation_id="reviewers_unassign",
        summary="Ask a reviewer no longer",
        description="What was decided stays.",
        responses={204: OpenApiResponse(description="Asked no longer.")},
    ),
)
class OneReviewer(ApiView):
    """One reviewer of an article."""

    def get(self, request: Request, id: str, user: str) -> HttpResponse:
        row = queries.reviewers.of_article(self.viewer, key_of(id), user)
        return thing(present.reviewer(found(row, _("There is no such reviewer."))))

    def delete(self, request: Request, id: str, user: str) -> HttpResponse:
        services.reviewers.unassign(article_id=key_of(id), reviewer=user, by=self.actor)
        return HttpResponse(status=204)
