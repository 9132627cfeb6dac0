"""`exports/{format}/`: a project or an article as one download, streamed while it is read."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, releases, schema
from factcheck.api.base import ApiView, found
from factcheck.exceptions import Invalid, NotFound
from factcheck.exports.registry import FORMATS

CURSOR = "X-Feed-Cursor"
"""The header with the cursor from which the feed goes on where an export ends."""

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "release": filters.uuid("The id of a release: its file of this format, the same bytes each time."),
    "layer": filters.LAYER,
    "answers": filters.one_of(
        list(queries.interchange.ANSWERS),
        "`first`: what stood in each layer when its owner first answered, without what was decided since; the same"
        " bytes whatever is changed later. In `jsonl` and `jsonld`.",
    ),
}


@extend_schema_view(
    get=extend_schema(
        operation_id="exports_read",
        summary="Export a project or an article",
        description=(
            "`jsonl` is the interchange format, one article a line, which `import` reads back; `csv` is one row an"
            " annotation, `csv-zip` a table for each kind of thing; `brat` is standoff in a folder for each layer's"
            " owner; `conll` is tokens in rows with a column a tag; `jsonld` is one W3C AnnotationCollection. Give"
            " `project`, `article` or `release`; with `layer`, articles without such a layer are left out. It is one"
            " snapshot of what who asks may see; what is withdrawn is not in it. The header `X-Feed-Cursor` is the"
            " feed's cursor of that snapshot: `changes/?project=…&after=` it tells what came afterwards."
        ),
        parameters=[
            *schema.query(FILTERS),
            OpenApiParameter(
                CURSOR,
                str,
                OpenApiParameter.HEADER,
                response=[200],
                description="The feed's cursor of the snapshot that the export shows.",
            ),
        ],
        responses={(200, format.media_type.partition(";")[0]): bytes for format in FORMATS.values()},
    )
)
class Export(ApiView):
    """One download."""

    def get(self, request: Request, format: str) -> HttpResponseBase:
        if format not in FORMATS:
            raise NotFound(_("There is no format %(name)s; known are: %(known)s.") % _named(format))
        asked = filters.read(request.query_params, FILTERS)
        if "release" in asked:
            return self.frozen(request, format, asked)
        chosen = queries.interchange.select(self.viewer, base=request.build_absolute_uri("/api/v1/"), **asked)
        queries.interchange.check_told_in(format, chosen)
        if not connection.in_atomic_block:
            connection.close()  # the stream reads by one of its own, and may be long
        cursors: list[str] = []
        chosen = chosen._replace(begun=cursors.append)
        chunks = _chunks(format, chosen) if request.method == "GET" else iter(())
        response = StreamingHttpResponse(chunks, content_type=FORMATS[format].media_type)
        first = ".first" if chosen.first else ""
        name = f"{chosen.article_id or chosen.project}{first}.{FORMATS[format].extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        if cursors:
            response[CURSOR] = cursors[0]
        return response

    def frozen(self, request: Request, format: str, asked: dict[str, Any]) -> HttpResponseBase:
        """Answer with what a release kept."""
        if len(asked) > 1:
            raise Invalid(
                _("A release is all that it is; leave out project, article and layer."), field="release"
            )
        release = found(queries.releases.by_id(self.viewer, asked["release"]), _("There is no such release."))
        kept = queries.releases.of_format(release.id, format)
        missing = _("The release was made before there was the format %(name)s.") % {"name": format}
        return releases.answer_file(request, release, found(kept, missing))


def _chunks(format: str, chosen: queries.interchange.Selection) -> Iterator[bytes]:
    try:
        return _begun(queries.interchange.export(format, chosen))
    except queries.feed.NoEpoch:
        services.feed.start_epoch()
        if not connection.in_atomic_block:
            connection.close()
        return _begun(queries.interchange.export(format, chosen))


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first chunk now, so that a database without room is told as such and not by a broken download."""
    first = next(chunks, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from chunks

    return all_of_them()


def _named(format: str) -> dict[str, str]:
    return {"name": format[:40], "known": ", ".join(sorted(FORMATS))}
