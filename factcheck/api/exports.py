"""`exports/{format}/`: a project or an article as one download, streamed while it is read."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, schema
from factcheck.api.base import ApiView
from factcheck.exceptions import NotFound
from factcheck.exports.registry import FORMATS

CURSOR = "X-Feed-Cursor"
"""The header with the cursor from which the feed goes on where an export ends."""

FILTERS = {"project": filters.PROJECT, "article": filters.ARTICLE, "layer": filters.LAYER}


@extend_schema_view(
    get=extend_schema(
        operation_id="exports_read",
        summary="Export a project or an article",
        description=(
            "`jsonl` is the interchange format, one article a line, which `import` reads back; `csv` is one row an"
            " annotation. Give `project` or `article`; with `layer`, articles without such a layer are left out. It is"
            " one snapshot of what who asks may see; what is withdrawn is not in it. The header `X-Feed-Cursor` is the"
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
        responses={
            200: OpenApiResponse(
                response={"type": "string", "format": "binary"},
                description="; ".join(format.media_type for format in FORMATS.values()),
            )
        },
    )
)
class Export(ApiView):
    """One download."""

    def get(self, request: Request, format: str) -> HttpResponseBase:
        if format not in FORMATS:
            raise NotFound(_("There is no format %(name)s; known are: %(known)s.") % _named(format))
        chosen = queries.interchange.select(self.viewer, **filters.read(request.query_params, FILTERS))
        if not connection.in_atomic_block:
            connection.close()  # the stream reads by one of its own, and may be long
        cursors: list[str] = []
        chosen = chosen._replace(begun=cursors.append)
        chunks = _chunks(format, chosen) if request.method == "GET" else iter(())
        response = StreamingHttpResponse(chunks, content_type=FORMATS[format].media_type)
        name = f"{chosen.article_id or chosen.project}.{FORMATS[format].extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        if cursors:
            response[CURSOR] = cursors[0]
        return response


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
