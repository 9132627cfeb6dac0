"""`articles/`: what is checked, its facts, and its words as plain text."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, ClassVar, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.anchoring.canonical import canonical
from factcheck.api import conditional, filters, present, rendering, schema, things
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Choice, Id, Input, Text
from factcheck.exceptions import Conflict, Invalid, NotFound, TooLarge
from factcheck.intake import decode
from factcheck.models import Article as Model
from factcheck.queries.articles import ArticleRow
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "language": filters.text("A language tag such as en or pt-BR."),
    "url": filters.text("The article's address, whole."),
    "q": filters.text("Words in the title."),
    "updated_after": filters.UPDATED_AFTER,
}
VERSION = {"version": filters.whole(1, 10**9 - 1, "The number of a version; without it the present one.")}


class TextVersion(serializers.Serializer[Any]):
    """Which immutable text it has; `length` is in code points."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    length = serializers.IntegerField()
    words = serializers.IntegerField()


class Counts(serializers.Serializer[Any]):
    """Live annotations that who asks may see."""

    annotations = serializers.IntegerField()
    by_tag = serializers.DictField(child=serializers.IntegerField())


class Article(Input):
    """An article's facts. Its text goes in once and is read at `text/`."""

    id = Id(required=False)
    project = Text()
    title = Text()
    text = Text(write_only=True)
    url = Text(required=False)
    publisher = Text(required=False)
    byline = Text(required=False)
    published_at = Text(
        required=False, help_text="A date as exact as it is known: 2026, 2026-10, 2026-10-21, …"
    )
    language = Text(required=False, help_text="A language tag; guessed when left out.")
    direction = Choice(choices=Model.Direction.choices, required=False)
    file_name = serializers.CharField(read_only=True)
    text_version = TextVersion(read_only=True)
    counts = Counts(read_only=True)
    created_by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ArticleFile(serializers.Serializer[Any]):
    """An article as a plain text file; its encoding is recognised."""

    file = serializers.FileField()
    project = serializers.CharField()
    id = serializers.UUIDField(required=False)
    title = serializers.CharField(required=False, help_text="The file's name when left out.")
    url = serializers.CharField(required=False)
    publisher = serializers.CharField(required=False)
    byline = serializers.CharField(required=False)
    published_at = serializers.CharField(required=False)
    language = serializers.CharField(required=False)
    direction = serializers.ChoiceField(choices=Model.Direction.choices, required=False)


class _Articles(things.ThingView):
    path = "articles"
    reads = queries.articles
    serializer = Article
    defaults: ClassVar[dict[str, Any]] = {"url": "", "publisher": "", "byline": "", "published_at": ""}
    fixed: ClassVar[tuple[str, ...]] = ("project",)

    def create(self, data: dict[str, Any]) -> Made:
        project = found(
            queries.projects.visible(self.viewer, data.pop("project")), _("There is no such project.")
        )
        return services.articles.create(project=queries.projects.by_id(project.id), by=self.actor, **data)

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> ArticleRow:
        if "text" in data:
            self._check_same_text(key, data.pop("text"))
        data.pop("project", None)
        return services.articles.update(article_id=key, by=self.actor, expect=expect, **data)

    def _check_same_text(self, key: UUID, text: str) -> None:
        """Let the text be repeated, not changed."""
        present_text = queries.texts.of(self.visible(key).version_id).text
        if canonical(text) != present_text:
            raise Conflict(_("An article's text never changes under its annotations."), field="text")


@extend_schema_view(
    get=schema.listing("articles", Article, FILTERS, "List articles"),
    post=extend_schema(
        operation_id="articles_create",
        summary="Load an article",
        description="As JSON with its `text`, or as a form with a `file` (UTF-8, UTF-16 or Windows-1252).",
        request={"application/json": Article, "multipart/form-data": ArticleFile},
        responses={201: Article, 200: Article},
    ),
)
class Articles(_Articles, things.Things):
    """Articles of the projects of who asks."""

    filters = FILTERS
    parser_classes = [rendering.JSONParser, MultiPartParser]

    def present_all(self, rows: Sequence[Any]) -> list[Any]:
        return present.articles(list(rows), self.viewer)

    def post(self, request: Request) -> HttpResponse:
        if "file" not in request.FILES:
            return super().post(request)
        return self.made(self.create(_from_file(request)))


def _from_file(request: Request) -> dict[str, Any]:
    """Read and check the form's fields, and the file as its text."""
    upload = request.FILES["file"]
    data: dict[str, Any] = {}
    for name, values in cast(QueryDict, request.data).lists():
        if name != "file":
            if len(values) != 1:
                raise Invalid(_("%(name)s is given more than once.") % {"name": name}, field=name)
            data[name] = values[0]
    if "text" in data:
        raise Invalid(_("Send a file or a text, not both."), field="text")
    limit = settings.ARTICLE_MAX_BYTES
    if upload.size > limit * 2:
        raise TooLarge(_("The file has %(size)s bytes.") % {"size": upload.size}, field="file")
    name = PurePath(upload.name or "article.txt").name
    data["text"] = decode.decode(upload.read()).text
    data.setdefault("title", PurePath(name).stem)
    return Article.check(data) | {"file_name": name}


@extend_schema_view(
    get=extend_schema(
        operation_id="articles_read", summary="Read an article's facts", responses={200: Article}
    ),
    put=extend_schema(
        operation_id="articles_put",
        summary="Load an article under an id of your own, or replace its facts",
        description="The text is settled when it is loaded: with `If-Match` it may be repeated, not changed.",
        parameters=[schema.IF_MATCH],
        request=Article,
        responses={201: Article, 200: Article},
    ),
    patch=extend_schema(
        operation_id="articles_change",
        summary="Correct an article's facts",
        parameters=[schema.IF_MATCH],
        request=Article(partial=True),
        responses={200: Article},
    ),
)
class OneArticle(_Articles, things.Thing):
    """One article's facts."""

    http_method_names = ["get", "put", "patch", "head", "options"]

    def get(self, request: Request, id: str) -> HttpResponse:
        return thing(self.present(self.visible(things.key_of(id))))


class ArticleText(ApiView):
    """An article's canonical text; what a version says never changes."""

    @extend_schema(
        operation_id="articles_text",
        summary="Read an article's words",
        parameters=[*schema.query(VERSION), schema.IF_NONE_MATCH],
        responses={(200, "text/plain"): str, 304: OpenApiResponse(description="Nothing changed.")},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        row = found(queries.articles.visible(self.viewer, things.key_of(id)), _("There is no such article."))
        number = filters.read(request.query_params, VERSION).get("version")
        version_id, sha256 = _version(row, number)
        tag = f'"{sha256}"'
        if conditional.unchanged(request, tag):
            response = conditional.not_modified(tag)
        else:
            response = HttpResponse(
                queries.texts.of(version_id).text, content_type="text/plain; charset=utf-8"
            )
            response["ETag"] = tag
        # How a reader of a text finds its annotations (W3C Web Annotation Protocol).
        container = request.build_absolute_uri(f"/api/v1/articles/{row.id}/w3c/")
        response["Link"] = f'<{container}>; rel="http://www.w3.org/ns/oa#annotationService"'
        if number is not None:
            response["Cache-Control"] = "private, max-age=31536000, immutable"
        return response


def _version(row: ArticleRow, number: int | None) -> tuple[UUID, str]:
    if number in (None, row.version_number):
        return row.version_id, row.sha256
    for version in queries.articles.versions(row.id):
        if version.number == number:
            return version.pk, version.sha256
    raise NotFound(_("The article has no version %(number)s.") % {"number": number}, field="version")
