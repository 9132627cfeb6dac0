"""`sources/{id}/texts/`: the captured text of a document, and each earlier one; `…/text/` is its words."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, paging, present, rendering, schema, things, uploads
from factcheck.api.base import ApiView, found
from factcheck.api.fields import Id, Input, Text
from factcheck.queries.source_texts import Row


class SourceText(Input):
    """One captured text. It never changes: an edited one is the next."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    source = serializers.UUIDField(read_only=True)  # type: ignore[assignment]  # a field of this name
    number = serializers.IntegerField(read_only=True)
    text = Text(write_only=True)
    sha256 = serializers.CharField(read_only=True)
    length = serializers.IntegerField(read_only=True, help_text="In code points.")
    url = Text(required=False, help_text="Where it was captured.")
    archive_url = Text(required=False)
    captured_at = Text(
        required=False, help_text="A date as exact as it is known: 2026, 2026-10, 2026-10-21, …"
    )
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class SourceTextFile(serializers.Serializer[Any]):
    """A document's text as a plain text file; its encoding is recognised."""

    file = serializers.FileField()
    id = serializers.UUIDField(required=False)
    url = serializers.CharField(required=False)
    archive_url = serializers.CharField(required=False)
    captured_at = serializers.CharField(required=False)


class _Texts(ApiView):
    def source(self, id: str) -> UUID:
        """Return the source's id if who asks may see it."""
        key = things.key_of(id)
        return found(queries.sources.visible(self.viewer, key), _("There is nothing of this id here.")).id


@extend_schema_view(
    get=schema.listing("source_texts", SourceText, {}, "List the captured texts of a source"),
    post=extend_schema(
        operation_id="source_texts_create",
        summary="Keep a document's text, or an edited one as its next version",
        description=(
            "The passages of all links to the source are looked for again in it, in the same act: each is then found"
            " or lost. The same text with the same facts again answers 200. As JSON with its `text`, or as a form with"
            " a `file`. The `ETag` is its `number`; `If-Match` says which one was edited."
        ),
        parameters=[schema.IF_MATCH],
        request={"application/json": SourceText, "multipart/form-data": SourceTextFile},
        responses={201: SourceText, 200: SourceText},
    ),
)
class SourceTexts(_Texts):
    """Captured texts of one source, the first one first."""

    parser_classes = [rendering.JSONParser, MultiPartParser]

    def get(self, request: Request, id: str) -> HttpResponse:
        read = partial(queries.source_texts.page, self.viewer, source=self.source(id))
        return paging.answer(request, {}, read, _present_all)

    def post(self, request: Request, id: str) -> HttpResponse:
        source = self.source(id)
        uploaded = uploads.read(request)
        data = SourceText.check(uploaded.data if uploaded else request.data)
        newest = queries.source_texts.present(self.viewer, source)
        expect = conditional.expected(request, lambda: newest.number if newest else None)
        made = services.source_texts.create(source_id=source, by=self.actor, expect=expect, **data)
        response = rendering.answer(present.source_text(made.row), 201 if made.fresh else 200)
        response["ETag"] = conditional.etag(made.row.number)
        if made.fresh:
            path = f"/api/v1/sources/{made.row.source}/texts/{made.row.id}/text/"
            response["Location"] = request.build_absolute_uri(path)
        return response


def _present_all(rows: Sequence[Row]) -> list[Any]:
    return [present.source_text(row) for row in rows]


class SourceTextWords(_Texts):
    """The words of one captured text, which never change."""

    @extend_schema(
        operation_id="source_texts_text",
        summary="Read the words of a captured text",
        parameters=[schema.IF_NONE_MATCH],
        responses={(200, "text/plain"): str, 304: OpenApiResponse(description="Nothing changed.")},
    )
    def get(self, request: Request, id: str, text_id: str) -> HttpResponse:
        row = queries.source_texts.visible(self.viewer, things.key_of(text_id))
        row = found(row if row and row.source == self.source(id) else None, _("There is no such text."))
        tag = f'"{row.sha256}"'
        if conditional.unchanged(request, tag):
            response = conditional.not_modified(tag)
        else:
            words = queries.source_texts.words(row.id)
            response = HttpResponse(words, content_type="text/plain; charset=utf-8")
            response["ETag"] = tag
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        return response
