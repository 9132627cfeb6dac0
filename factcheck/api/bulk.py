"""`annotations/bulk/`: up to a thousand annotations made, changed or withdrawn by one request and as one act."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import services
from factcheck.api import errors, filters, present, rendering, schema
from factcheck.api.annotations import MAX_SPANS, Annotation, Span, expected_words, pairs
from factcheck.api.base import ApiView
from factcheck.api.fields import INT_MAX, Choice, Id, Input, Object, Text, Whole, is_text
from factcheck.exceptions import FactcheckError, Invalid, TooLarge
from factcheck.services.bulk import Item, Outcome, Refused

PARTIAL = {
    "partial": filters.Filter(
        filters.yes_or_no,
        "`1`: do what can be done, each item with its own result.",
        {"type": "string", "enum": ["1", "0"]},
    )
}


class Spans(serializers.ListField):
    """A list of spans. What is as it should be, as nearly all is, is seen at once; the rest is told what is wrong."""

    child = Span()

    def to_internal_value(self, data: Any) -> list[Any]:
        if type(data) is list and len(data) <= MAX_SPANS and all(map(_is_span, data)):
            return [dict(span) for span in data]
        return list(super().to_internal_value(data))


def _is_span(span: Any) -> bool:
    if type(span) is not dict or not {"start", "end"} <= span.keys() <= {"start", "end", "exact"}:
        return False
    start, end = span["start"], span["end"]
    ranged = type(start) is int and type(end) is int and 0 <= start <= INT_MAX and 0 <= end <= INT_MAX
    return ranged and ("exact" not in span or is_text(span["exact"]))


class BulkItem(Input):
    """One thing to do. `create` takes what making an annotation takes; the others need `id`."""

    op = Choice(choices=["create", "update", "withdraw"])
    id = Id(required=False)
    version = Whole(required=False, help_text="The version seen; another one is refused as stale.")
    revision = Whole(required=False, help_text="The revision seen; another one is refused as stale.")
    article = Id(required=False)
    article_version = Id(required=False)
    tag = Text(required=False)
    spans = Spans(required=False, max_length=MAX_SPANS)
    exact = Text(required=False)
    note = Text(required=False)
    attributes = Object(required=False)


class Bulk(serializers.Serializer[Any]):
    """What is to be done, in this order."""

    items = BulkItem(many=True)


class BulkResult(serializers.Serializer[Any]):
    """What became of one item."""

    op = serializers.CharField()
    id = serializers.UUIDField(allow_null=True)
    status = serializers.IntegerField(
        help_text="201 made, 200 changed or there already, 204 withdrawn, else refused."
    )
    annotation = Annotation(required=False)
    problem = Object(required=False)


class BulkResults(serializers.Serializer[Any]):
    """One result for each item, in their order."""

    results = BulkResult(many=True)


# What each kind of item needs and takes.
_NEEDED = {"create": ("article", "tag", "spans"), "update": ("id",), "withdraw": ("id",)}
_TAKEN = {
    "create": {"id", "article", "article_version", "tag", "spans", "exact", "note", "attributes"},
    "update": {"id", "version", "revision", "tag", "spans", "exact", "note", "attributes"},
    "withdraw": {"id", "version", "revision"},
}


class BulkAnnotations(ApiView):
    """Many at once: all or nothing, unless `?partial=1`."""

    @extend_schema(
        operation_id="annotations_bulk",
        summary="Make, change and withdraw many annotations at once",
        description=(
            "All or nothing; the refusal's `item` is the index of the first that cannot be done. With `partial=1` each"
            " item has its own result. What succeeds is one act."
        ),
        parameters=schema.query(PARTIAL),
        request=Bulk,
        responses={200: BulkResults},
    )
    def post(self, request: Request) -> HttpResponse:
        partial = bool(filters.read(request.query_params, PARTIAL).get("partial", False))
        items = [_item(index, given) for index, given in enumerate(_items(request.data))]
        try:
            outcomes = services.bulk.annotate(items=items, by=self.actor, partial=partial)
        except Refused as refused:
            raise _at(refused.index, refused.error) from refused
        return rendering.answer({"results": self.results(items, outcomes)})

    def results(self, items: list[Item], outcomes: list[Outcome]) -> list[dict[str, Any]]:
        """Present the outcomes; the links of all of them are read at once."""
        rows = [outcome.row for outcome in outcomes if outcome.row is not None]
        shown = {row["id"]: row for row in present.annotations(rows, self.viewer)}
        return [self.result(item, outcome, shown) for item, outcome in zip(items, outcomes, strict=True)]

    def result(self, item: Item, outcome: Outcome, shown: dict[str, Any]) -> dict[str, Any]:
        """Present one outcome."""
        if outcome.error is not None:
            problem = errors.body(outcome.error, self.request)
            return {"op": item.op, "id": item.id, "status": outcome.error.status, "problem": problem}
        if outcome.row is None:
            return {"op": item.op, "id": item.id, "status": 204}
        status = 201 if outcome.fresh else 200
        return {"op": item.op, "id": outcome.row.id, "status": status, "annotation": shown[outcome.row.id]}


def _items(data: Any) -> list[Any]:
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or set(data) != {"items"}:
        raise Invalid(
            _('The body must be an object such as {"items": [{"op": "create", …}]}.'), field="items"
        )
    if len(items) > settings.BULK_MAX_ITEMS:
        raise TooLarge(
            _("There are %(size)s items; at most %(limit)s go into one request.")
            % {"size": len(items), "limit": settings.BULK_MAX_ITEMS},
            field="items",
            extra={"limit": settings.BULK_MAX_ITEMS},
        )
    return items


def _item(index: int, given: Any) -> Item:
    """Check one item's shape; complaints name it, as `items.3.spans`."""
    try:
        data = BulkItem.check(given)
    except serializers.ValidationError as error:
        raise errors.of_validation(error, f"items.{index}") from error
    op = data.pop("op")
    for name in _NEEDED[op]:
        if name not in data:
            raise Invalid(
                _("To %(op)s, %(name)s is needed.") % {"op": op, "name": name}, field=f"items.{index}.{name}"
            )
    for name in data.keys() - _TAKEN[op]:
        raise Invalid(
            _("%(op)s takes no %(name)s.") % {"op": op, "name": name}, field=f"items.{index}.{name}"
        )
    try:
        content = _content(op, data)
    except FactcheckError as error:
        raise _at(index, error) from error
    return Item(
        op=op, id=data.get("id"), content=content, version=data.get("version"), revision=data.get("revision")
    )


def _content(op: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return what the service of one annotation takes."""
    if op == "withdraw":
        return {}
    content: dict[str, Any] = {name: data[name] for name in ("tag", "note", "attributes") if name in data}
    if "spans" in data:
        content["spans"] = pairs(data)
    content["exact"] = expected_words(data)
    if op == "create":
        content |= {"article_id": data["article"], "article_version": data.get("article_version")}
    return content


def _at(index: int, error: FactcheckError) -> FactcheckError:
    """Say which item it was."""
    error.field = f"items.{index}.{error.field}" if error.field else f"items.{index}"
    error.extra["item"] = index
    return error
