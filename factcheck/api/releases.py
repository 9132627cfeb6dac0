"""`projects/{slug}/releases/`: frozen exports of a project, with their manifests and files."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import frozen, paging, present, schema
from factcheck.api.base import found, thing
from factcheck.api.fields import Input, Text
from factcheck.api.projects import ProjectView
from factcheck.exports import archive
from factcheck.queries.releases import FileRow, Row


class Release(Input):
    """A project as it was at one moment, under a name."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.CharField(read_only=True)
    name = Text(help_text="Small letters, digits, single hyphens and dots; once in a project.")
    note = Text(required=False)
    manifest = serializers.DictField(
        read_only=True, help_text="Counts, and the size and SHA-256 of every file (docs/formats.md)."
    )
    sha256 = serializers.CharField(read_only=True, help_text="Of the file manifest.json.")
    size = serializers.IntegerField(read_only=True, help_text="Bytes of all files together.")
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


RANGE = OpenApiParameter(
    "Range", str, OpenApiParameter.HEADER, description="One range of bytes, such as `bytes=0-1023`."
)


def download(name: str, summary: str, description: str, media_types: str) -> Any:
    """Tell of a download of bytes that never change."""
    binary = {"type": "string", "format": "binary"}
    return extend_schema_view(
        get=extend_schema(
            operation_id=name,
            summary=summary,
            description=description,
            parameters=[schema.IF_NONE_MATCH, RANGE],
            responses={
                (200, "application/octet-stream"): OpenApiResponse(binary, description=media_types),
                (206, "application/octet-stream"): OpenApiResponse(binary, description="The part asked for."),
                304: OpenApiResponse(description="You have it."),
                416: OpenApiResponse(description="There is no such range; `Content-Range` tells the size."),
            },
        )
    )


class ReleaseView(ProjectView):
    """Knows how a release is found by its project and name."""

    def release(self, slug: str, name: str) -> Row:
        """Return the release of a project of who asks."""
        project = self.project(slug)
        row = queries.releases.visible(self.viewer, project.slug, name)
        return found(row, _("There is no such release."))


@extend_schema_view(
    get=schema.listing("releases", Release, {}, "List a project's releases"),
    post=extend_schema(
        operation_id="releases_create",
        summary="Freeze a project",
        description=(
            "Every export format, the scheme and the guidelines as of one moment, kept byte for byte. For managers. A"
            " release holds what any manager may see: of a blind project what is open. It is never changed or removed."
        ),
        request=Release,
        responses={201: Release},
    ),
)
class Releases(ReleaseView):
    """The releases of a project."""

    def get(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        return paging.answer(
            request,
            {},
            partial(queries.releases.page, self.viewer, project.id),
            lambda rows: [present.release(row) for row in rows],
        )

    def post(self, request: Request, slug: str) -> HttpResponse:
        project = self.project(slug)
        services.releases.check_may_release(project.id, self.actor)
        data = Release.check(request.data)
        row = services.releases.make(project_id=project.id, by=self.actor, **data)
        location = request.build_absolute_uri(f"/api/v1/projects/{slug}/releases/{row.name}/")
        return thing(present.release(row), status=201, location=location)


@extend_schema_view(
    get=extend_schema(
        operation_id="releases_read", summary="Read a release's manifest", responses={200: Release}
    )
)
class OneRelease(ReleaseView):
    """One release with its manifest."""

    def get(self, request: Request, slug: str, name: str) -> HttpResponse:
        return thing(present.release(self.release(slug, name)))


@download(
    "releases_file",
    "Download a file of a release",
    "The same bytes each time. `ETag` is their SHA-256, which `Repr-Digest` (RFC 9530) has too.",
    "The file, in its own media type.",
)
class ReleaseFile(ReleaseView):
    """One file of a release."""

    def get(self, request: Request, slug: str, name: str, file: str) -> HttpResponseBase:
        release = self.release(slug, name)
        kept = queries.releases.file(release.id, file)
        return answer_file(request, release, found(kept, _("The release has no file of this name.")))


@download(
    "releases_archive",
    "Download a whole release as one zip",
    "All files in one folder, stored without compression; the same bytes each time.",
    archive.MEDIA_TYPE,
)
class ReleaseArchive(ReleaseView):
    """All files of a release together."""

    def get(self, request: Request, slug: str, name: str) -> HttpResponseBase:
        release = self.release(slug, name)
        kept = queries.releases.files(release.id)
        return frozen.answer(
            request,
            frozen.Frozen(
                name=f"{release.project}-{release.name}.zip",
                media_type=archive.MEDIA_TYPE,
                size=archive.length(queries.releases.members(release, kept)),
                tag=queries.releases.archive_tag(kept),
                read=partial(_zipped, release, kept),
            ),
        )


def answer_file(request: Request, release: Row, kept: FileRow) -> HttpResponseBase:
    """Answer with a file of a release that may be seen; its name on disk says which release it is of."""
    return frozen.answer(
        request,
        frozen.Frozen(
            name=f"{release.project}-{release.name}{_suffix(release, kept)}",
            media_type=kept.media_type,
            size=kept.size,
            tag=kept.sha256,
            read=partial(queries.releases.content, kept),
            sha256=kept.sha256,
        ),
    )


def _suffix(release: Row, kept: FileRow) -> str:
    """Return what follows the release's name: `.jsonl` of an export, `-manifest.json` of another file."""
    start = f"{release.project}."
    return f".{kept.name.removeprefix(start)}" if kept.name.startswith(start) else f"-{kept.name}"


def _zipped(release: Row, kept: list[FileRow], start: int, end: int) -> Iterator[bytes]:
    """Yield the zip's bytes from one place up to another; what stands before is read and dropped."""
    members = queries.releases.members(release, kept)
    by_path = {member.path: one for member, one in zip(members, kept, strict=True)}

    def read(member: archive.Member) -> Iterable[bytes]:
        return queries.releases.content(by_path[member.path])

    at = 0
    for data in archive.write(members, read, at=release.created_at):
        if at + len(data) > start:
            yield data[max(0, start - at) : end - at]
        at += len(data)
        if at >= end:
            return
