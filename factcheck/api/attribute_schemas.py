"""`projects/{slug}/attributes/`: what can be filled in on an annotation, by tag, as a project's manager edits it.

`?tag=` names the tag whose attribute it is; without it the one that every tag has is meant. Each change makes a new
version of the tag's attributes, whose number is the entity tag.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, rendering, schema, scheme_views
from factcheck.api.projects import ProjectView
from factcheck.api.schemes import Attribute
from factcheck.api.tags import check_name
from factcheck.exceptions import Conflict, NotFound
from factcheck.queries import schemes
from factcheck.queries.projects import ProjectRow

OF_TAG = {"tag": filters.text("The name of the tag whose it is; without it, the one that every tag has.")}
ONLY = {"tag": filters.text("Only those of this tag.")}


class _Attributes(ProjectView):
    def held(self, project: ProjectRow, tag: str | None) -> schemes.Attributes:
        """Return the attributes of the tag, or of every tag."""
        known = queries.schemes.attributes(project.id)
        if tag not in known:
            raise NotFound(_("The project has no such tag."), field="tag")
        return known[tag]

    def expected(self, project: ProjectRow, tag: str | None) -> int | None:
        """Return the version that the request demands."""
        return conditional.expected(self.request, lambda: self.held(project, tag).version)

    def answer(self, held: schemes.Attributes, name: str, status: int = 200) -> HttpResponse:
        """Answer with the attribute of this name, and the version as its entity tag."""
        one = held.named(name) or held.named(name, retired=True)
        if one is None:
            raise NotFound(_("There is no attribute of this name here."))
        response = rendering.answer(_present(held, one, retired=held.named(name) is None), status)
        response["ETag"] = conditional.etag(held.version)
        return response


def _present(held: schemes.Attributes, one: schemes.Attribute, *, retired: bool) -> dict[str, Any]:
    return {
        "tag": held.tag,
        "name": one.name,
        "title": one.title or one.name,
        "kind": one.kind,
        "choices": list(one.choices),
        "schema": one.schema,
        "retired": retired,
        "version": held.version,
    }


@extend_schema_view(
    get=scheme_views.listing("attributes", Attribute, "List a project's attributes", ONLY),
    post=extend_schema(
        operation_id="attributes_create",
        summary="Add an attribute",
        description="To the tag that `tag` names, or to every tag. Only managers do so.",
        parameters=[schema.IF_MATCH],
        request=Attribute,
        responses={201: Attribute},
    ),
)
class Attributes(_Attributes):
    """All attributes, those of every tag first, then by tag; the retired ones of each last."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        asked = filters.read(request.query_params, ONLY)
        known = queries.schemes.attributes(project.id)
        shown = [
            _present(held, one, retired=retired)
            for held in ([self.held(project, asked["tag"])] if asked else known.values())
            for retired, some in ((False, held.present), (True, held.retired))
            for one in some
        ]
        return scheme_views.whole_list(request, shown)

    def post(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        data = Attribute.check(request.data)
        tag = data.pop("tag", None)
        before = {one.name for one in self.held(project, tag).present}
        held = services.attribute_schemas.add(
            project_id=project.id,
            tag=tag,
            by=self.actor,
            expect=self.expected(project, tag),
            **data | {"kind": data["kind"] or ""},
        )
        name = next(one.name for one in held.present if one.name not in before)
        response = self.answer(held, name, 201)
        query = f"?tag={tag}" if tag is not None else ""
        response["Location"] = request.build_absolute_uri(
            f"/api/v1/projects/{slug}/attributes/{name}/{query}"
        )
        return response


@extend_schema_view(
    get=extend_schema(
        operation_id="attributes_read",
        summary="Read an attribute",
        parameters=[*schema.query(OF_TAG), schema.IF_NONE_MATCH],
        responses={200: Attribute, 304: schema.NOT_CHANGED},
    ),
    patch=extend_schema(
        operation_id="attributes_change",
        summary="Change an attribute's title, kind or choices",
        description="What is filled in already stays, though the attribute may no longer offer it.",
        parameters=[*schema.query(OF_TAG), schema.IF_MATCH],
        request=Attribute(partial=True),
        responses={200: Attribute},
    ),
)
class OneAttribute(_Attributes):
    """One attribute by its name."""

    def get(self, request: Request, slug: str, name: str) -> HttpResponse:
        held = self.held(self.project(slug), filters.read(request.query_params, OF_TAG).get("tag"))
        response = self.answer(held, name)
        tag = response["ETag"]
        return conditional.not_modified(tag) if conditional.unchanged(request, tag) else response

    def patch(self, request: Request, slug: str, name: str) -> HttpResponse:
        project = self.project(slug)
        tag = filters.read(request.query_params, OF_TAG).get("tag")
        data = Attribute.check(request.data, partial=True)
        check_name(data, name)
        if data.pop("tag", tag) != tag:
            raise Conflict(_("An attribute stays with its tag."), field="tag")
        expect = self.expected(project, tag)
        held = services.attribute_schemas.change(
            project_id=project.id, tag=tag, name=name, by=self.actor, expect=expect, **data
        )
        return self.answer(held, name)


class _State(_Attributes):
    act: ClassVar[Callable[..., schemes.Attributes]]

    def post(self, request: Request, slug: str, name: str) -> HttpResponse:
        project = self.project(slug)
        tag = filters.read(request.query_params, OF_TAG).get("tag")
        held = type(self).act(
            project_id=project.id, tag=tag, name=name, by=self.actor, expect=self.expected(project, tag)
        )
        return self.answer(held, name)


def _state(operation: str, summary: str) -> Any:
    return extend_schema_view(
        post=extend_schema(
            operation_id=operation,
            summary=summary,
            parameters=[*schema.query(OF_TAG), schema.IF_MATCH],
            request=None,
            responses={200: Attribute},
        )
    )


@_state("attributes_retire", "Offer an attribute no longer; what is filled in stays")
class RetiredAttribute(_State):
    """An attribute that is offered no longer."""

    act = services.attribute_schemas.retire


@_state("attributes_restore", "Offer a retired attribute again")
class RestoredAttribute(_State):
    """An attribute that is offered again."""

    act = services.attribute_schemas.restore
