"""`comments/` and `threads/{id}/comments/`: what people say in threads."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, paging, present, schema, things
from factcheck.api.base import ApiView, found
from factcheck.api.fields import Id, Input, Text
from factcheck.exceptions import Invalid
from factcheck.queries.comments import Row
from factcheck.services.identity import Made

OF_THREAD = {
    "created_by": filters.CREATED_BY,
    "mentions": filters.text("A username: comments that mention that person."),
    "withdrawn": filters.WITHDRAWN,
}
FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "thread": filters.uuid("The id of a thread."),
    **OF_THREAD,
}


class Comment(Input):
    """A comment: plain text in which `@username` mentions a member."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    thread = Id(required=False, help_text="Needed to make one under an id of your own.")
    layer = serializers.UUIDField(read_only=True, allow_null=True)
    body = Text()
    mentions = serializers.ListField(child=serializers.CharField(), read_only=True)
    created_by = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When its words were changed last."
    )
    revision = serializers.IntegerField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _Comments(things.ThingView):
    path = "comments"
    reads = queries.comments
    serializer = Comment
    fixed: ClassVar[tuple[str, ...]] = ("thread",)

    def create(self, data: dict[str, Any]) -> Made:
        if "thread" not in data:
            raise Invalid(_("Say in which thread."), field="thread")
        data = dict(data)
        return services.comments.reply(thread_id=data.pop("thread"), by=self.actor, **data)

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        return services.comments.edit(comment_id=key, by=self.actor, expect=expect, body=data.get("body"))


def _present_all(rows: Sequence[Row]) -> list[Any]:
    return [present.comment(row) for row in rows]


@extend_schema_view(get=schema.listing("comments", Comment, FILTERS, "List comments"))
class Comments(ApiView):
    """Comments of all threads that who asks may see."""

    def get(self, request: Request) -> HttpResponse:
        return paging.answer(request, FILTERS, partial(queries.comments.page, self.viewer), _present_all)


@extend_schema_view(
    get=schema.listing("thread_comments", Comment, OF_THREAD, "List the comments of a thread"),
    post=extend_schema(
        operation_id="thread_comments_create",
        summary="Reply",
        description=(
            "Who spoke in the thread, whose work it is about, and who is mentioned get a notice. With an `id` that"
            " exists and the same content: 200 with its present state."
        ),
        request=Comment,
        responses={201: Comment, 200: Comment},
    ),
)
class CommentsOfThread(_Comments):
    """Comments of one thread, the first one first."""

    def thread(self, id: str) -> UUID:
        """Return the thread's id if who asks may see it."""
        row = queries.threads.visible(self.viewer, things.key_of(id))
        return UUID(found(row, _("There is nothing of this id here.")).id)

    def get(self, request: Request, id: str) -> HttpResponse:
        read = partial(queries.comments.page, self.viewer, thread=self.thread(id))
        return paging.answer(request, OF_THREAD, read, _present_all)

    def post(self, request: Request, id: str) -> HttpResponse:
        thread = self.thread(id)
        data = Comment.check(request.data)
        if data.pop("thread", thread) != thread:
            raise Invalid(_("The thread in the body is another one than in the address."), field="thread")
        return self.made(self.create({**data, "thread": thread}))


@schema.thing("comments", "a comment", Comment)
class OneComment(_Comments, things.Thing):
    """One comment. Only who wrote it changes or withdraws it; the earlier words stay in the history."""

    def withdraw(self, key: UUID, expect: int | None) -> None:
        services.comments.withdraw(comment_id=key, by=self.actor, expect=expect)


@schema.restoring("comments", "a comment", Comment)
class RestoredComment(_Comments, things.Restoring):
    """A withdrawn comment comes back, with its thread where that went along."""

    def restore(self, key: UUID) -> Any:
        return services.comments.restore(comment_id=key, by=self.actor)
