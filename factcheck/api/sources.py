"""`sources/`: people, organisations, documents, and those whom nobody named."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, schema, things
from factcheck.api.base import found, thing
from factcheck.api.fields import Choice, Flag, Id, Input, Text
from factcheck.exceptions import Gone
from factcheck.models import Source as Model
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "kind": filters.SOURCE_KIND,
    "q": filters.text("Part of a name or alias, also when it is not spelt quite like it."),
    "updated_after": filters.UPDATED_AFTER,
    "withdrawn": filters.WITHDRAWN,
}


class SourceTextVersion(serializers.Serializer[Any]):
    """The newest captured text of a document; `length` is in code points."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    length = serializers.IntegerField()


class Source(Input):
    """Who or what something is attributed to."""

    id = Id(required=False)
    project = Text()
    kind = Choice(choices=Model.Kind.choices)
    name = Text()
    aliases = serializers.ListField(child=Text(), required=False)
    description = Text(required=False)
    url = Text(required=False, help_text="An http or https address, or empty.")
    standing = Flag(read_only=True, help_text="One of the two sources that each project is born with.")
    merged_into = serializers.UUIDField(read_only=True, allow_null=True)
    text_version = SourceTextVersion(read_only=True, allow_null=True)
    created_by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _Sources(things.ThingView):
    path = "sources"
    reads = queries.sources
    serializer = Source
    defaults: ClassVar[dict[str, Any]] = {"aliases": [], "description": "", "url": ""}
    fixed: ClassVar[tuple[str, ...]] = ("project",)

    def create(self, data: dict[str, Any]) -> Made:
        project = found(
            queries.projects.visible(self.viewer, data.pop("project")), _("There is no such project.")
        )
        return services.sources.create(project=queries.projects.by_id(project.id), by=self.actor, **data)

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        data.pop("project", None)
        return services.sources.update(source_id=key, by=self.actor, expect=expect, **data)


@schema.things("sources", "a source", Source, FILTERS)
class Sources(_Sources, things.Things):
    """Sources that who asks may see."""

    filters = FILTERS


@schema.thing("sources", "a source", Source)
class OneSource(_Sources, things.Thing):
    """One source. Any annotator of its project edits it; of one that was merged, the answer says into which."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.visible(things.key_of(id))
        if row.merged_into is not None:
            raise Gone(
                _("This was merged into another source."),
                extra={"withdrawn_at": row.withdrawn_at, "merged_into": row.merged_into},
            )
        return super().get(request, id)

    def withdraw(self, key: UUID, expect: int | None) -> None:
        services.sources.withdraw(source_id=key, by=self.actor, expect=expect)


@schema.restoring("sources", "a source", Source)
class RestoredSource(_Sources, things.Restoring):
    """A withdrawn source comes back."""

    def restore(self, key: UUID) -> Any:
        return services.sources.restore(source_id=key, by=self.actor)


class Into(Input):
    """Which source stays."""

    into = Id()


class MergedSource(_Sources):
    """Two sources that are one become one."""

    @extend_schema(
        operation_id="sources_merge",
        summary="Merge a source into another one",
        description=(
            "All links then name the other one, which keeps the names as aliases; links keep version and status. Where"
            " both were linked to one annotation in one role, one link is withdrawn. The answer is the source that"
            " stays; the merged one is 410 with `merged_into`."
        ),
        request=Into,
        responses={200: Source},
    )
    def post(self, request: Request, id: str) -> HttpResponse:
        into = Into.check(request.data)["into"]
        return thing(
            self.present(services.merges.merge(source_id=things.key_of(id), into=into, by=self.actor))
        )


class UnmergedSource(_Sources):
    """A merged source comes back with all that it had."""

    @extend_schema(
        operation_id="sources_unmerge",
        summary="Undo the merge of a source into another one",
        description="Refused with 409 when something that the merge changed has been changed since.",
        request=None,
        responses={200: Source},
    )
    def post(self, request: Request, id: str) -> HttpResponse:
        return thing(self.present(services.merges.unmerge(source_id=things.key_of(id), by=self.actor)))
