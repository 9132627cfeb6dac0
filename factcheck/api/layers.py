"""`layers/`: all that one person marked in one article; a manager's POST assigns."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, paging, present, rendering, schema
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Flag, Id, Input, Text, Whole
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
    excused_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Since when nothing more is expected of it."
    )
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


class Piece(Input):
    """An article and who is given it."""

    article = serializers.UUIDField(read_only=True)
    owner = serializers.CharField(read_only=True)


class Spreading(Input):
    """Articles to be spread evenly over annotators."""

    project = Text(help_text="The slug of a project.")
    articles = serializers.ListField(child=Id(), min_length=1, max_length=1000)
    owners = serializers.ListField(child=Text(), min_length=1, max_length=100, help_text="Usernames.")
    each = Whole(min_value=1, max_value=100, help_text="How many annotators each article is to have.")
    preview = Flag(required=False, help_text="Tell who would get what, and assign nothing.")
    planned = serializers.ListField(child=Piece(), read_only=True)


@extend_schema_view(
    post=extend_schema(
        operation_id="layers_spread",
        summary="Spread articles evenly over annotators",
        description="One act: whoever has least in hand first; what is assigned already counts.",
        request=Spreading,
        responses={200: Spreading},
    )
)
class SpreadLayers(ApiView):
    """Several articles assigned at once."""

    def post(self, request: Request) -> HttpResponse:
        data = Spreading.check(request.data)
        project = found(
            queries.projects.visible(self.viewer, data["project"]), _("There is no such project.")
        )
        asked = {
            "project_id": project.id,
            "article_ids": data["articles"],
            "owners": data["owners"],
            "each": data["each"],
            "by": self.actor,
        }
        planned = services.layers.plan_evenly(**asked)
        if not data.get("preview", False):
            services.layers.assign_evenly(**asked, expect=planned)
        told = [{"article": one.article_id, "owner": one.owner} for one in planned]
        return rendering.answer({**data, "planned": told})


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


def _step(name: str, summary: str, description: str) -> Any:
    """Tell of a step that a layer takes."""
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"layers_{name}",
            summary=summary,
            description=description,
            parameters=[schema.IF_MATCH],
            request=None,
            responses={200: Layer},
        )
    )


class LayerStep(ApiView):
    """A step of a layer: what may follow what says `permissions.workflow`."""

    def expected(self, key: UUID) -> int | None:
        """Return the revision that the request demands."""
        return conditional.expected(
            self.request,
            lambda: found(queries.layers.visible(self.viewer, key), _("There is no such layer.")).revision,
        )


@_step("submit", "Submit one's work on an article", "In a blind project the last one opens all its layers.")
class SubmittedLayer(LayerStep):
    """The owner is done."""

    def post(self, request: Request, id: str) -> HttpResponse:
        key = key_of(id)
        row = services.layers.submit(layer_id=key, by=self.actor, expect=self.expected(key))
        return thing(present.layer(row))


@_step("reopen", "Take a submission back", "Its owner, or a manager. What was opened stays open.")
class ReopenedLayer(LayerStep):
    """There is more to do."""

    def post(self, request: Request, id: str) -> HttpResponse:
        key = key_of(id)
        row = services.layers.reopen(layer_id=key, by=self.actor, expect=self.expected(key))
        return thing(present.layer(row))


@_step(
    "excuse",
    "Expect nothing more of an annotator",
    "A manager. The article's other layers need not wait for it.",
)
class ExcusedLayer(LayerStep):
    """Nothing more is expected."""

    def post(self, request: Request, id: str) -> HttpResponse:
        return thing(present.layer(services.layers.excuse(layer_id=key_of(id), by=self.actor)))


class HandingOver(Input):
    """Who goes on with it."""

    owner = Text(help_text="A username.")


@extend_schema_view(
    post=extend_schema(
        operation_id="layers_hand_over",
        summary="Hand a layer over to another annotator",
        description="A manager, of somebody who left. Who made what is in it stays as it is.",
        request=HandingOver,
        responses={200: Layer},
    )
)
class HandedOverLayer(ApiView):
    """Somebody else goes on."""

    def post(self, request: Request, id: str) -> HttpResponse:
        data = HandingOver.check(request.data)
        row = services.layers.hand_over(layer_id=key_of(id), to=data["owner"], by=self.actor)
        return thing(present.layer(row))
