"""`threads/`: what is talked about an annotation, a relation or an article, and whether that is settled."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import conditional, filters, paging, present, schema, things
from factcheck.api.base import ApiView, found, thing
from factcheck.api.fields import Id, Input, Text
from factcheck.exceptions import Gone, Invalid
from factcheck.queries.threads import Row
from factcheck.services.identity import Made

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.uuid("The id of an article: threads on it and on what is marked in it."),
    "annotation": filters.uuid("The id of an annotation."),
    "relation": filters.uuid("The id of a relation."),
    "resolved": filters.Filter(
        filters.yes_or_no,
        "`1` lists the resolved ones, `0` the open ones.",
        {"type": "string", "enum": ["1", "0"]},
    ),
    "mentions": filters.text("A username: threads in which a comment mentions that person."),
    "withdrawn": filters.WITHDRAWN,
}


class Thread(Input):
    """A thread of comments. It stays with what it is about; its comments have an address of their own."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = Id(required=False, help_text="Given alone: the thread is on the article itself.")
    annotation = Id(required=False, allow_null=True)
    relation = Id(required=False, allow_null=True)
    layer = serializers.UUIDField(
        read_only=True,
        allow_null=True,
        help_text="The layer of what it is about: who sees that sees the thread.",
    )
    body = Text(write_only=True, help_text="The first comment.")
    resolved_at = serializers.DateTimeField(read_only=True, allow_null=True)
    resolved_by = serializers.CharField(read_only=True, allow_null=True)
    created_by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _Threads(ApiView):
    def start(self, data: dict[str, Any]) -> HttpResponse:
        """Start a thread; 200 where it was started before."""
        made: Made = services.threads.start(by=self.actor, **data)
        if not made.fresh:
            return thing(present.thread(made.row))
        location = self.request.build_absolute_uri(f"/api/v1/threads/{made.row.id}/")
        return thing(present.thread(made.row), status=201, location=location)

    def visible(self, id: str) -> Row:
        """Return the thread, withdrawn or not, that who asks may see."""
        row = queries.threads.visible(self.viewer, things.key_of(id))
        return found(row, _("There is nothing of this id here."))

    def expected(self, row: Row) -> int | None:
        """Return the revision that the request demands."""
        return conditional.expected(self.request, lambda: row.revision)


@extend_schema_view(
    get=schema.listing("threads", Thread, FILTERS, "List threads"),
    post=extend_schema(
        operation_id="threads_create",
        summary="Start a thread",
        description=(
            "About an `annotation`, a `relation`, or (with neither) an `article`. `body` is the first comment, plain"
            " text in which `@username` mentions a member; one who would not see the thread is refused. With an `id`"
            " that exists and the same content: 200 with its present state."
        ),
        request=Thread,
        responses={201: Thread, 200: Thread},
    ),
)
class Threads(_Threads):
    """Threads on articles, and on what who asks may see."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(request, FILTERS, partial(queries.threads.page, self.viewer), _present_all)

    def post(self, request: Request) -> HttpResponse:
        return self.start(Thread.check(request.data))


def _present_all(rows: Sequence[Row]) -> list[Any]:
    return [present.thread(row) for row in rows]


@extend_schema_view(
    get=extend_schema(
        operation_id="threads_read",
        summary="Read a thread",
        parameters=[schema.IF_NONE_MATCH],
        responses={200: Thread, 304: OpenApiResponse(description="Nothing changed.")},
    ),
    put=extend_schema(
        operation_id="threads_put",
        summary="Start a thread under an id of your own",
        description="The same content again answers its present state (200), other content 428.",
        request=Thread,
        responses={201: Thread, 200: Thread},
    ),
)
class OneThread(_Threads):
    """One thread. It leaves with its last comment, and comes back with it."""

    def get(self, request: Request, id: str) -> HttpResponse:
        row = self.visible(id)
        if row.withdrawn_at is not None:
            raise Gone(_("This was withdrawn."), extra={"withdrawn_at": row.withdrawn_at})
        tag = conditional.etag(row.revision)
        return (
            conditional.not_modified(tag)
            if conditional.unchanged(request, tag)
            else thing(present.thread(row))
        )

    def put(self, request: Request, id: str) -> HttpResponse:
        key = things.key_in_address(id)
        data = Thread.check(request.data)
        if data.pop("id", key) != key:
            raise Invalid(_("The id in the body is another one than in the address."), field="id")
        return self.start({**data, "id": key})


def _settling(name: str, summary: str) -> Any:
    return extend_schema_view(
        post=extend_schema(
            operation_id=f"threads_{name}",
            summary=summary,
            description="Again is fine. With `If-Match`, only if the thread is still as you have seen it.",
            parameters=[schema.IF_MATCH],
            request=None,
            responses={200: Thread},
        )
    )


@_settling("resolve", "Say that nothing is left to talk about")
class ResolvedThread(_Threads):
    """Anybody who may take part resolves it."""

    def post(self, request: Request, id: str) -> HttpResponse:
        row = self.visible(id)
        done = services.threads.resolve(thread_id=UUID(row.id), by=self.actor, expect=self.expected(row))
        return thing(present.thread(done))


@_settling("reopen", "Say that there is something to talk about again")
class ReopenedThread(_Threads):
    """Anybody who may take part reopens it."""

    def post(self, request: Request, id: str) -> HttpResponse:
        row = self.visible(id)
        done = services.threads.reopen(thread_id=UUID(row.id), by=self.actor, expect=self.expected(row))
        return thing(present.thread(done))
