"""The root of the API, which lists what there is, and the list of problem codes."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from factcheck.api import rendering
from factcheck.api.base import ApiView
from factcheck.exceptions import FactcheckError, NotFound


class Root(ApiView):
    """What there is, by name and absolute address."""

    listed = (
        "projects",
        "articles",
        "annotations",
        "relations",
        "sources",
        "source-links",
        "layers",
        "reviews",
        "threads",
        "comments",
        "notices",
        "changes",
        "schema",
        "docs",
        "problems",
    )

    @extend_schema(
        operation_id="root",
        summary="List what there is",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        return rendering.answer(
            {name: request.build_absolute_uri(f"/api/v1/{name}/") for name in self.listed}
        )


class ProblemCode(serializers.Serializer[Any]):
    """A code that a refusal can have."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()


def known() -> dict[str, dict[str, Any]]:
    """Return every problem by its code."""
    found: dict[str, dict[str, Any]] = {}
    waiting: list[type[FactcheckError]] = [FactcheckError]
    while waiting:
        kind = waiting.pop(0)
        waiting.extend(kind.__subclasses__())
        # Those with an underscore are the pages' own.
        ours = kind.__module__.startswith("factcheck.") and not kind.__name__.startswith("_")
        if kind is not FactcheckError and ours and kind.code not in found:
            found[kind.code] = {
                "code": kind.code,
                "status": kind.status,
                "title": _(kind.title),
                "description": " ".join((kind.__doc__ or "").split()),
            }
    return found


class Problems(ApiView):
    """Every code that a refusal can have; each problem's `type` is its address here."""

    public = True
    authentication_classes: list[Any] = []

    @extend_schema(
        operation_id="problems_list",
        summary="List the problem codes",
        responses={200: ProblemCode(many=True)},
    )
    def get(self, request: Request) -> HttpResponse:
        return rendering.answer(
            sorted(known().values(), key=lambda problem: (problem["status"], problem["code"]))
        )


class OneProblem(ApiView):
    """What one code means."""

    public = True
    authentication_classes: list[Any] = []

    @extend_schema(
        operation_id="problems_read", summary="Read what a code means", responses={200: ProblemCode}
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        problem = known().get(code)
        if problem is None:
            raise NotFound(_("There is no such code."))
        return rendering.answer(problem)
