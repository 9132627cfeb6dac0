"""`changes/`: the feed, for programs that keep a copy and must miss nothing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from orjson import Fragment
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, present, rendering, schema
from factcheck.api.base import ApiView
from factcheck.exceptions import Invalid
from factcheck.queries import annotation_json, feed, feed_cursor, feed_objects

OPS = ("create", "update", "delete")


def _types(value: str) -> list[str]:
    types = value.split(",")
    if not set(types) <= set(feed.TYPES):
        raise filters.BadValue(_("some of %(types)s, with commas between") % {"types": ", ".join(feed.TYPES)})
    return types


FILTERS = {
    "after": filters.Filter(
        str, "The `cursor` of the page before; without it the feed is read from its start."
    ),
    "from": filters.one_of(["now"], "`now` answers with the present cursor and no lines."),
    "limit": filters.PAGING["limit"],
    "project": filters.PROJECT,
    "type": filters.Filter(_types, f"Only these types, with commas between: {', '.join(feed.TYPES)}."),
    "include": filters.one_of(
        ["object"], "`object` adds each thing's present state, null when it is withdrawn."
    ),
}


class Change(serializers.Serializer[Any]):
    """One thing that an act changed."""

    type = serializers.ChoiceField(choices=feed.TYPES)
    id = serializers.UUIDField()
    project = serializers.CharField()
    article = serializers.UUIDField(allow_null=True)
    op = serializers.ChoiceField(choices=OPS)
    version = serializers.IntegerField(allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    object = serializers.DictField(
        allow_null=True, required=False, help_text="The thing's present state, as its own address shows it."
    )


@extend_schema_view(
    get=extend_schema(
        operation_id="changes_list",
        summary="Follow what changes",
        description=(
            "Complete and, within a project, in the order of commits, also while others write. Begin with the"
            " cursor that an export says in `X-Feed-Cursor`, or without one from the start. Withdrawing is a"
            " `delete`, restoring a `create`. A line without `revision` is about a thing to which nothing was"
            " done, but which changed or came along with what was: the project with its scheme, sources that a"
            " link names, decisions on what leaves. A project that one joins comes whole, from its start; of one"
            " that one leaves a line `{type: project, op: delete}` is told whatever `type` asks for. In a blind"
            " project a layer that is opened is a `create`, and all that is in it follows. A page may end in the"
            " middle of an act. A cursor of another history (a restored backup) is 410 `cursor_expired`: read"
            " from the start."
        ),
        parameters=schema.query(FILTERS),
        responses={
            200: inline_serializer(
                "Changes",
                {
                    "results": Change(many=True),
                    "cursor": serializers.CharField(),
                    "more": serializers.BooleanField(),
                },
            )
        },
    )
)
class Changes(ApiView):
    """The feed of all projects of who asks."""

    def get(self, request: Request) -> HttpResponse:
        found = filters.read(request.query_params, FILTERS)
        whole = found.pop("include", None) is not None
        try:
            page = self.page(dict(found))
        except feed.NoEpoch:
            services.feed.start_epoch()
            page = self.page(dict(found))
        lines = [line._asdict() for line in page.lines]
        if whole:
            for line, thing in zip(lines, self.objects(page.lines), strict=True):
                line["object"] = thing
        return rendering.answer({"results": lines, "cursor": page.cursor, "more": page.more})

    def page(self, asked: dict[str, Any]) -> feed.Page:
        """Read a page, or the present cursor."""
        after = asked.pop("after", None)
        if asked.pop("from", None) is not None:
            if after is not None:
                raise Invalid(_("from=now and after exclude each other."), field="from")
            return queries.feed.now(self.viewer, project=asked.get("project"))
        if "type" in asked:
            asked["types"] = asked.pop("type")
        return queries.feed.read(
            self.viewer, feed_cursor.decode(after) if after is not None else None, **asked
        )

    def objects(self, lines: list[feed.Line]) -> list[Any]:
        """Present what the lines are about, as it is now; of a `delete` there is nothing."""
        ids: dict[str, set[UUID]] = {}
        for line in lines:
            if line.op != "delete":
                ids.setdefault(line.type, set()).add(line.id)
        shown = {
            (type, key): thing
            for type, wanted in ids.items()
            for key, thing in self.present(feed_objects.of(type, self.viewer, wanted)).items()
        }
        return [shown.get((line.type, line.id)) if line.op != "delete" else None for line in lines]

    def present(self, rows: dict[UUID, Any]) -> dict[UUID, Any]:
        """Present rows of one type; where a list can be presented at once, it is."""
        keys, values = list(rows), list(rows.values())
        if not values:
            return {}
        if isinstance(values[0], feed_objects.SchemeItem):
            return {key: value.data for key, value in rows.items()}
        if isinstance(values[0], annotation_json.Ready):
            return {key: Fragment(value.json) for key, value in rows.items()}
        if isinstance(values[0], queries.articles.ArticleRow):
            return dict(zip(keys, present.articles(values, self.viewer), strict=True))
        return {key: present.anything(value, self.viewer) for key, value in rows.items()}
