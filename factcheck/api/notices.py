"""`notices/`: what mentions or answers who asks, and marking it as seen."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, paging, present, rendering, schema
from factcheck.api.base import ApiView
from factcheck.api.fields import Id, Input
from factcheck.models import Notice as Model
from factcheck.queries.notices import Row

FILTERS = {
    "project": filters.PROJECT,
    "seen": filters.Filter(
        filters.yes_or_no,
        "`0` lists what is unseen, `1` the rest.",
        {"type": "string", "enum": ["1", "0"]},
    ),
}
MOST = 1000


class Notice(Input):
    """A comment that is for who asks. It goes when the comment is withdrawn, or may no longer be seen."""

    id = serializers.UUIDField(read_only=True)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    thread = serializers.UUIDField(read_only=True)
    comment = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=Model.Kind.choices, read_only=True)
    created_by = serializers.CharField(read_only=True, help_text="Who wrote the comment.")
    created_at = serializers.DateTimeField(read_only=True)
    seen_at = serializers.DateTimeField(read_only=True, allow_null=True)


class Seen(Input):
    """Which notices were seen."""

    notices = serializers.ListField(child=Id(), max_length=MOST, help_text="Ids; others' are passed over.")


@extend_schema_view(get=schema.listing("notices", Notice, FILTERS, "List what is for you"))
class Notices(ApiView):
    """The notices of who asks, and of nobody else."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(request, FILTERS, partial(queries.notices.page, self.viewer), _present_all)


def _present_all(rows: Sequence[Row]) -> list[Any]:
    return [present.notice(row) for row in rows]


@extend_schema_view(
    post=extend_schema(
        operation_id="notices_seen",
        summary="Mark notices as seen",
        description="Again is fine. Answers how many were unseen until now.",
        request=Seen,
        responses={200: inline_serializer("SeenNotices", {"seen": serializers.IntegerField()})},
    )
)
class SeenNotices(ApiView):
    """Marking one's own notices."""

    def post(self, request: Request) -> HttpResponse:
        data = Seen.check(request.data)
        return rendering.answer({"seen": services.notices.mark_seen(by=self.actor, notices=data["notices"])})
