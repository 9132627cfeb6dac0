"""`projects/` and their members: settings and rights, which are the manager's."""

import re
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, paging, present, schema
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Choice, Flag, Input, Object, Text, Whole
from factcheck.api.schemes import Scheme
from factcheck.exceptions import Conflict, Invalid
from factcheck.queries.projects import ProjectRow
from factcheck.roles import Role

ROLES = [role.value for role in Role]
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


class Settings(Input):
    """What holds for the whole project."""

    blind = Flag(required=False, help_text="Settled before work begins.")
    approvals_needed = Whole(required=False, min_value=1, max_value=9)
    review_reasons = Object(
        required=False,
        help_text="The reasons that reviewers choose from: codes in order, by kind of thing; what is left out stays.",
    )


class ProjectInList(Input):
    """A project that who asks belongs to."""

    slug = Text()
    name = Text()
    settings = Settings(required=False)
    guidelines = Text(required=False)
    role = serializers.ChoiceField(choices=ROLES, read_only=True, help_text="The role of who asks.")
    created_by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class Project(ProjectInList):
    """A project with its scheme."""

    scheme = Scheme(required=False, help_text="Given with a new project, or the default one.")


class Member(Input):
    """A person's role in a project."""

    user = Text(help_text="A username.")
    role = Choice(choices=ROLES)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ProjectView(ApiView):
    """Knows how a project is found by its slug."""

    def project(self, slug: str) -> ProjectRow:
        """Return the project of who asks."""
        row = queries.projects.visible(self.viewer, slug) if _SLUG.fullmatch(slug) else None
        return found(row, _("There is no such project."))

    def whole(self, slug: str) -> dict[str, Any]:
        """Present the project with its scheme."""
        row = self.project(slug)
        return present.project(row, queries.projects.scheme(row.id))


@extend_schema_view(
    get=schema.listing("projects", ProjectInList, {}, "List one's projects"),
    post=extend_schema(
        operation_id="projects_create",
        summary="Make a project",
        description=(
            "Whoever makes it is its manager. `scheme` is one as a project tells it; without it the default one is"
            " taken."
        ),
        request=Project,
        responses={201: Project},
    ),
)
class Projects(ProjectView):
    """The projects that who asks is a member of."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(
            request,
            {},
            partial(queries.projects.page, self.viewer),
            lambda rows: [present.project(row) for row in rows],
        )

    def post(self, request: Request) -> HttpResponse:
        data = Project.check(request.data)
        services.projects.create(
            slug=data["slug"],
            name=data["name"],
            by=self.actor,
            guidelines=data.get("guidelines"),
            scheme=services.given_schemes.checked(data["scheme"]) if "scheme" in data else None,
            **data.get("settings", {}),
        )
        location = request.build_absolute_uri(f"/api/v1/projects/{data['slug']}/")
        return thing(self.whole(data["slug"]), status=201, location=location)


@extend_schema_view(
    get=extend_schema(operation_id="projects_read", summary="Read a project", responses={200: Project}),
    patch=extend_schema(
        operation_id="projects_change",
        summary="Change a project's name, guidelines or settings",
        parameters=[schema.IF_MATCH],
        request=Project(partial=True),
        responses={200: Project},
    ),
)
class OneProject(ProjectView):
    """One project with its scheme."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        return thing(self.whole(slug))

    def patch(self, request: Request, slug: str) -> HttpResponse:
        row = self.project(slug)
        data = Project.check(request.data, partial=True)
        if data.pop("slug", slug) != slug:
            raise Invalid(_("A project keeps its slug."), field="slug")
        if data.pop("scheme", None) and dict(request.data)["scheme"] != queries.projects.scheme(row.id):
            raise Conflict(
                _(
                    "A scheme is changed part by part: at tags/, relation-kinds/ and attributes/ of the project."
                ),
                field="scheme",
            )
        expect = conditional.expected(request, lambda: row.revision)
        services.projects.update(
            project_id=row.id, by=self.actor, expect=expect, **data.pop("settings", {}), **data
        )
        return thing(self.whole(slug))


class MemberView(ProjectView):
    """Knows how a member's role is set."""

    def set_role(self, project: ProjectRow, user: str, role: str) -> HttpResponse:
        """Add the person, or change the role."""
        before = queries.projects.member(project.id, user)
        services.projects.set_member(project_id=project.id, username=user, role=role, by=self.actor)
        row = found(queries.projects.member(project.id, user), _("There is no such member."))
        location = self.request.build_absolute_uri(f"/api/v1/projects/{project.slug}/members/{user}/")
        return thing(
            present.member(row), status=200 if before else 201, location=None if before else location
        )


@extend_schema_view(
    get=schema.listing("members", Member, {}, "List a project's members"),
    post=extend_schema(
        operation_id="members_set",
        summary="Add a member, or change the role of one",
        request=Member,
        responses={201: Member, 200: Member},
    ),
)
class Members(MemberView):
    """The members of a project."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        return paging.answer(
            request,
            {},
            partial(queries.projects.members, project.id),
            lambda rows: [present.member(row) for row in rows],
        )

    def post(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        return self.set_role(project, **Member.check(request.data))


@extend_schema_view(
    get=extend_schema(operation_id="members_read", summary="Read a member's role", responses={200: Member}),
    put=extend_schema(
        operation_id="members_put",
        summary="Add this member, or change the role",
        request=Member(partial=True),
        responses={201: Member, 200: Member},
    ),
    delete=extend_schema(
        operation_id="members_remove",
        summary="Take a member out",
        description="What the person has made stays.",
        responses={204: OpenApiResponse(description="Taken out.")},
    ),
)
class OneMember(MemberView):
    """One member of a project."""

    def get(self, request: Request, slug: str, user: str) -> HttpResponse:
        row = queries.projects.member(self.project(slug).id, user)
        return thing(present.member(found(row, _("There is no such member."))))

    def put(self, request: Request, slug: str, user: str) -> HttpResponse:
        project = self.project(slug)
        data = Member.check({"user": user, **_object(request.data)})
        if data["user"] != user:
            raise Invalid(_("The user in the body is another one than in the address."), field="user")
        return self.set_role(project, **data)

    def delete(self, request: Request, slug: str, user: str) -> HttpResponse:
        services.projects.remove_member(project_id=self.project(slug).id, username=user, by=self.actor)
        return HttpResponse(status=204)


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Invalid(_("The body must be a JSON object."))
    return data
