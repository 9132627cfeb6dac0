"""`exports/{format}/`: a project or an article as one download, streamed while it is read."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import filters, schema
from factcheck.api.base import ApiView
from factcheck.exceptions import NotFound
from factcheck.exports.registry import FORMATS

FILTERS = {"project": filters.PROJECT, "article": filters.ARTICLE, "layer": filters.LAYER}


@extend_schema_view(
    get=extend_schema(
        operation_id="exports_read",
        summary="Export a project or an article",
        description=(
            "`jsonl` is the interchange format, one article a line, which `import` reads back; `csv` is one row an"
            " annotation, `jsonld` one W3C AnnotationCollection. Give `project` or `article`; with `layer`, articles"
            " without such a layer are left out. It is one snapshot of what who asks may see; what is withdrawn is not"
            " in it."
        ),
        parameters=schema.query(FILTERS),
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
        chosen = queries.interchange.select(
            self.viewer,
            base=request.build_absolute_uri("/api/v1/"),
            **filters.read(request.query_params, FILTERS),
        )
        if not connection.in_atomic_block:
            connection.close()  # the stream reads by one of its own, and may be long
        chunks = _begun(queries.interchange.export(format, chosen)) if request.method == "GET" else iter(())
        response = StreamingHttpResponse(chunks, content_type=FORMATS[format].media_type)
        name = f"{chosen.article_id or chosen.project}.{FORMATS[format].extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first chunk now, so that a database without room is told as such and not by a broken download."""
    first = next(chunks, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from chunks

    return all_of_them()


def _named(format: str) -> dict[str, str]:
    return {"name": format[:40], "known": ", ".join(sorted(FORMATS))}
