"""What the parts of a scheme have in common over HTTP: lists in the scheme's order, retiring, ordering."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from factcheck.api import conditional, filters, paging, rendering, schema
from factcheck.api.fields import Input
from factcheck.api.projects import ProjectView
from factcheck.api.schemes import Order
from factcheck.exceptions import NotFound, Stale
from factcheck.queries.projects import ProjectRow


def whole_list(request: Request, shown: list[dict[str, Any]]) -> HttpResponse:
    """Answer with all of it in the scheme's order, in the shape of every list."""
    return paging.tagged(request, rendering.dumps({"next": None, "previous": None, "results": shown}))


def listing(name: str, serializer: type[Input], summary: str, known: dict[str, filters.Filter]) -> Any:
    """Tell of a list that is whole."""
    page = inline_serializer(
        f"{serializer.__name__}List",
        {
            "next": serializers.URLField(allow_null=True, help_text="Always null: the list is whole."),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )
    return extend_schema(
        operation_id=f"{name}_list",
        summary=summary,
        parameters=[*schema.query(known), schema.IF_NONE_MATCH],
        responses={200: page, 304: schema.NOT_CHANGED},
    )


class PartView(ProjectView):
    """Knows one part of the scheme whose items are found by name: the tags, or the relation kinds."""

    def all(self, project: ProjectRow) -> Sequence[Any]:
        """Return the rows of the project in their order."""
        raise NotImplementedError

    def present(self, row: Any) -> dict[str, Any]:
        """Present one of them."""
        raise NotImplementedError

    def named(self, project: ProjectRow, name: str) -> Any:
        """Return the one of this name, retired or not."""
        for row in self.all(project):
            if row.name == name:
                return row
        raise NotFound(_("The project has none of this name."))

    def expected(self, project: ProjectRow, name: str) -> int | None:
        """Return the revision that the request demands."""
        return conditional.expected(self.request, lambda: int(self.named(project, name).revision))


class StateView(PartView):
    """Retiring one, or offering it again."""

    act: ClassVar[Callable[..., Any]]

    def post(self, request: Request, slug: str, name: str) -> HttpResponse:
        project = self.project(slug)
        row = type(self).act(
            project_id=project.id, name=name, by=self.actor, expect=self.expected(project, name)
        )
        return self.one(row)

    def one(self, row: Any) -> HttpResponse:
        """Answer with one and its entity tag."""
        response = rendering.answer(self.present(row))
        response["ETag"] = conditional.etag(row.revision)
        return response


class OrderView(PartView):
    """The order in which the page offers the live ones."""

    act: ClassVar[Callable[..., list[str]]]

    def names(self, project: ProjectRow) -> list[str]:
        """Return the live ones' names in their order."""
        raise NotImplementedError

    def get(self, request: Request, slug: str) -> HttpResponse:
        return paging.tagged(request, _body(self.names(self.project(slug))))

    def put(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        names = Order.check(request.data)["names"]
        present = self.names(project)
        if conditional.is_stale(request, conditional.body_etag(_body(present))):
            raise _moved_on(present)
        seen = present if conditional.has_if_match(request) else None
        try:
            ordered = type(self).act(project_id=project.id, names=names, by=self.actor, expect=seen)
        except Stale as stale:
            raise _moved_on(stale.extra["present"]) from stale
        body = _body(ordered)
        response = HttpResponse(body, content_type=rendering.JSON)
        response["ETag"] = conditional.body_etag(body)
        return response


def _body(names: Sequence[str]) -> bytes:
    return rendering.dumps({"names": list(names)})


def _moved_on(present: Sequence[str]) -> Stale:
    return Stale(
        _("Somebody changed the order since you read it; this is how it is now."),
        extra={"present": {"names": list(present)}},
    )


def telling(name: str, many: str, one: str, serializer: type[Input]) -> dict[str, Any]:
    """Tell of the views of one part: its list, one of it, its states and its order, by the view's name."""
    return {
        "list": extend_schema_view(
            get=listing(name, serializer, f"List a project's {many}", {}),
            post=extend_schema(
                operation_id=f"{name}_create",
                summary=f"Add {one}",
                description="It comes last in the order. Only managers do so.",
                request=serializer,
                responses={201: serializer},
            ),
        ),
        "one": extend_schema_view(
            get=extend_schema(
                operation_id=f"{name}_read",
                summary=f"Read {one}",
                parameters=[schema.IF_NONE_MATCH],
                responses={200: serializer, 304: schema.NOT_CHANGED},
            ),
            patch=extend_schema(
                operation_id=f"{name}_change",
                summary=f"Change {one}",
                description="What is left out stays, and so does its name, which data carry.",
                parameters=[schema.IF_MATCH],
                request=serializer(partial=True),
                responses={200: serializer},
            ),
        ),
        "retire": _state(f"{name}_retire", f"Offer {one} no longer", serializer),
        "restore": _state(f"{name}_restore", f"Offer a retired {one.split(' ', 1)[1]} again", serializer),
        "order": extend_schema_view(
            get=extend_schema(
                operation_id=f"{name}_order_read",
                summary=f"Read the order of the {many}",
                parameters=[schema.IF_NONE_MATCH],
                responses={200: Order, 304: schema.NOT_CHANGED},
            ),
            put=extend_schema(
                operation_id=f"{name}_order",
                summary=f"Put the {many} into another order",
                parameters=[schema.IF_MATCH],
                request=Order,
                responses={200: Order},
            ),
        ),
    }


def _state(operation: str, summary: str, serializer: type[Input]) -> Any:
    return extend_schema_view(
        post=extend_schema(
            operation_id=operation,
            summary=summary,
            description="What it was used for stays. Done already is as good.",
            parameters=[schema.IF_MATCH],
            request=None,
            responses={200: serializer},
        )
    )
