"""`projects/{slug}/relation-kinds/`: how annotations may be related, with the legal pairs, as a manager edits them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, present, scheme_views
from factcheck.api.base import thing
from factcheck.api.schemes import RelationKind
from factcheck.api.tags import check_name
from factcheck.exceptions import Conflict
from factcheck.queries.projects import ProjectRow

_told = scheme_views.telling("relation_kinds", "relation kinds", "a relation kind", RelationKind)


class _Kinds(scheme_views.PartView):
    def all(self, project: ProjectRow) -> Sequence[Any]:
        return queries.schemes.kinds(project.id)

    def present(self, row: Any) -> dict[str, Any]:
        return present.relation_kind(row)


def _with_pairs(data: dict[str, Any]) -> dict[str, Any]:
    if "pairs" in data:
        data["pairs"] = {(subject, object_) for subject, object_ in data["pairs"]}
    return data


@_told["list"]
class RelationKinds(_Kinds):
    """All relation kinds of a project, the retired ones last."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        shown = [self.present(row) for row in self.all(self.project(slug))]
        return scheme_views.whole_list(request, shown)

    def post(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        data = _with_pairs(RelationKind.check(request.data))
        row = services.relation_kinds.add(project_id=project.id, by=self.actor, **data)
        location = request.build_absolute_uri(f"/api/v1/projects/{slug}/relation-kinds/{row.name}/")
        return thing(self.present(row), status=201, location=location)


@_told["one"]
class OneRelationKind(_Kinds):
    """One relation kind by its name."""

    def get(self, request: Request, slug: str, name: str) -> HttpResponse:
        row = self.named(self.project(slug), name)
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag) if conditional.unchanged(request, tag) else thing(self.present(row))
        )

    def patch(self, request: Request, slug: str, name: str) -> HttpResponse:
        project = self.project(slug)
        data = _with_pairs(RelationKind.check(request.data, partial=True))
        check_name(data, name)
        if "symmetric" in data and data.pop("symmetric") != self.named(project, name).symmetric:
            raise Conflict(_("Whether it is symmetric is settled when it is made."), field="symmetric")
        row = services.relation_kinds.change(
            project_id=project.id, name=name, by=self.actor, expect=self.expected(project, name), **data
        )
        return thing(self.present(row))


@_told["retire"]
class RetiredRelationKind(_Kinds, scheme_views.StateView):
    """A relation kind that is offered no longer."""

    act = services.relation_kinds.retire


@_told["restore"]
class RestoredRelationKind(_Kinds, scheme_views.StateView):
    """A relation kind that is offered again."""

    act = services.relation_kinds.restore


@_told["order"]
class RelationKindOrder(_Kinds, scheme_views.OrderView):
    """The order of the live relation kinds."""

    act = services.relation_kinds.reorder

    def names(self, project: ProjectRow) -> list[str]:
        return [kind.name for kind in self.all(project) if not kind.retired]
