"""`review-queue/`: what waits for who asks to decide on it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import filters, paging, present, schema
from factcheck.api.base import ApiView
from factcheck.api.fields import Input
from factcheck.models.judged import Status
from factcheck.queries import reading
from factcheck.queries.review_queue import THINGS, WHY, Filter, Item

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "thing": filters.one_of(list(THINGS), "What kind of thing."),
    "why": filters.one_of(
        list(WHY), "`new`: nothing said yet; `split`: reviewers differ; `answered`: by its author."
    ),
    "tag": filters.text("A tag: of the annotation, of a relation's subject, or of the annotation of a link."),
    "owner": filters.text("Whose work it is; a username."),
}


class Waiting(Input):
    """Something that waits, with where it stands. What it is in full is at its own address."""

    id = serializers.UUIDField(read_only=True)
    thing = serializers.ChoiceField(choices=THINGS, read_only=True)
    why = serializers.ChoiceField(choices=WHY, read_only=True)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    article_title = serializers.CharField(read_only=True)
    language = serializers.CharField(read_only=True)
    direction = serializers.CharField(read_only=True)
    layer = serializers.UUIDField(read_only=True)
    owner = serializers.CharField(read_only=True, allow_null=True)
    kind = serializers.CharField(read_only=True, help_text="A tag, a relation kind, or the role of a link.")
    words = serializers.CharField(read_only=True)
    other = serializers.CharField(read_only=True, help_text="The object's words, or the source's name.")
    annotation = serializers.UUIDField(read_only=True, help_text="Where in the text it is shown.")
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    version = serializers.IntegerField(read_only=True)
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


@extend_schema_view(
    get=schema.listing("review_queue", Waiting, FILTERS, _("List what waits for my decision, oldest first"))
)
class ReviewQueue(ApiView):
    """What waits for who asks, over all articles of all projects in which they review."""

    def get(self, request: Request) -> HttpResponse:
        def read(cut: reading.Cut, **asked: object) -> reading.Page[Item]:
            keys = queries.review_queue.page(self.viewer, cut, Filter(**asked))  # type: ignore[arg-type]
            told: reading.Page[Item] = reading.Page(queries.review_queue.items(self.viewer, keys))
            told.has_next, told.has_previous = keys.has_next, keys.has_previous
            return told

        return paging.answer(request, FILTERS, read, lambda rows: [present.queued(row) for row in rows])
