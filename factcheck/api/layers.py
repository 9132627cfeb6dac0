"""`layers/`: all that one person marked in one article; a manager's POST assigns."""

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, paging, present, schema
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Id, Input, Text
from factcheck.api.things import key_of
from factcheck.models import Layer as Model

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "kind": filters.one_of(list(Model.Kind.values), "A person's, or the reference."),
    "owner": filters.text("A username."),
    "state": filters.one_of(list(Model.State.values), "How far the work is."),
}


class Layer(Input):
    """A person's work on an article; it is the assignment too."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.CharField(read_only=True)
    article = Id()
    kind = serializers.ChoiceField(choices=Model.Kind.choices, read_only=True)
    owner = Text(allow_null=True, help_text="A username.")
    state = serializers.ChoiceField(choices=Model.State.choices, read_only=True)
    submitted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    opened_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


@extend_schema_view(
    get=schema.listing("layers", Layer, FILTERS, "List layers"),
    post=extend_schema(
        operation_id="layers_assign",
        summary="Assign an article to an annotator",
        description="Assigned already: 200.",
        request=Layer,
        responses={201: Layer, 200: Layer},
    ),
)
class Layers(ApiView):
    """Layers that who asks may know of; managers know of all, in a blind project of nothing inside them."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(
            request,
            FILTERS,
            partial(queries.layers.page, self.viewer),
            lambda rows: [present.layer(row) for row in rows],
        )

    def post(self, request: Request) -> HttpResponse:
        data = Layer.check(request.data)
        made = services.layers.assign(article_id=data["article"], owner=data["owner"] or "", by=self.actor)
        location = request.build_absolute_uri(f"/api/v1/layers/{made.row.id}/")
        return thing(
            present.layer(made.row),
            status=201 if made.fresh else 200,
            location=location if made.fresh else None,
        )


@extend_schema_view(
    get=extend_schema(
        operation_id="layers_read",
        summary="Read a layer's facts",
        parameters=[schema.IF_NONE_MATCH],
        responses={200: Layer, 304: schema.NOT_CHANGED},
    )
)
class OneLayer(ApiView):
    """One layer's facts."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = found(queries.layers.visible(self.viewer, key_of(id)), _("There is no such layer."))
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag)
            if conditional.unchanged(request, tag)
            else thing(present.layer(row))
        )
