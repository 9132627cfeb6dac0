"""`projects/{slug}/tags/`: the kinds of statement that a project's members mark, as its manager edits them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, present, scheme_views
from factcheck.api.base import thing
from factcheck.api.schemes import Tag
from factcheck.exceptions import Conflict
from factcheck.queries.projects import ProjectRow

_told = scheme_views.telling("tags", "tags", "a tag", Tag)


class _Tags(scheme_views.PartView):
    def all(self, project: ProjectRow) -> Sequence[Any]:
        return queries.projects.tags(project.id, retired=True)

    def present(self, row: Any) -> dict[str, Any]:
        return present.tag(row)


@_told["list"]
class Tags(_Tags):
    """All tags of a project, the retired ones too."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        shown = [self.present(row) for row in self.all(self.project(slug))]
        return scheme_views.whole_list(request, shown)

    def post(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        row = services.tags.add(project_id=project.id, by=self.actor, **Tag.check(request.data))
        location = request.build_absolute_uri(f"/api/v1/projects/{slug}/tags/{row.name}/")
        return thing(self.present(row), status=201, location=location)


@_told["one"]
class OneTag(_Tags):
    """One tag by its name."""

    def get(self, request: Request, slug: str, name: str) -> HttpResponse:
        row = self.named(self.project(slug), name)
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag) if conditional.unchanged(request, tag) else thing(self.present(row))
        )

    def patch(self, request: Request, slug: str, name: str) -> HttpResponse:
        project = self.project(slug)
        data = Tag.check(request.data, partial=True)
        check_name(data, name)
        expect = self.expected(project, name)
        return thing(
            self.present(
                services.tags.change(project_id=project.id, name=name, by=self.actor, expect=expect, **data)
            )
        )


def check_name(data: dict[str, Any], name: str) -> None:
    """Take the name out; it may be repeated, not changed."""
    if data.pop("name", name) != name:
        raise Conflict(_("The name stays as it is: data carry it. Change the title."), field="name")


@_told["retire"]
class RetiredTag(_Tags, scheme_views.StateView):
    """A tag that is offered no longer."""

    act = services.tags.retire


@_told["restore"]
class RestoredTag(_Tags, scheme_views.StateView):
    """A tag that is offered again."""

    act = services.tags.restore


@_told["order"]
class TagOrder(_Tags, scheme_views.OrderView):
    """The order of the live tags."""

    act = services.tags.reorder

    def names(self, project: ProjectRow) -> list[str]:
        return [tag.name for tag in queries.projects.tags(project.id)]
