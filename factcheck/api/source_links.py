"""`source-links/`: who said it, who passed it on, whom it concerns, where it is shown."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries, services
from factcheck.api import filters, schema, things
from factcheck.api.base import thing
from factcheck.api.fields import Choice, Id, Input, Text, Whole, parse_uuid
from factcheck.exceptions import Invalid
from factcheck.models import SourceLink as Model
from factcheck.models.judged import Status
from factcheck.services.identity import Made
from factcheck.services.source_texts import Passage as Place

FILTERS = {
    "project": filters.PROJECT,
    "article": filters.ARTICLE,
    "layer": filters.LAYER,
    "annotation": filters.uuid("The id of an annotation."),
    "source": filters.uuid("The id of a source."),
    "on_behalf_of": filters.uuid("The id of a source on whose behalf somebody speaks."),
    "role": filters.LINK_ROLE,
    "stance": filters.STANCE,
    "created_by": filters.CREATED_BY,
    "status": filters.STATUS,
    "updated_after": filters.UPDATED_AFTER,
    "withdrawn": filters.WITHDRAWN,
}


class Cue(Input):
    """A range of the words that attribute it, in code points."""

    start = Whole(min_value=0)
    end = Whole(min_value=0)


class PassageText(serializers.Serializer[Any]):
    """Which captured text it is in."""

    id = serializers.UUIDField()
    number = serializers.IntegerField(read_only=True)
    sha256 = serializers.CharField(read_only=True)


@extend_schema_field(PassageText)
class TextVersion(serializers.Field):
    """A captured text by its id, alone or as it is told."""

    default_error_messages = {"invalid": gettext_lazy("must be a captured text, told by its id.")}

    def to_internal_value(self, data: Any) -> UUID:
        found = parse_uuid(data.get("id") if isinstance(data, dict) else data)
        if found is None:
            self.fail("invalid")
        return found

    def to_representation(self, value: Any) -> Any:
        return value


class Passage(Input):
    """A place in a captured text of the source, in code points; it goes in by text, start, end and `exact`."""

    text_version = TextVersion()
    start = Whole(min_value=0)
    end = Whole(min_value=0)
    exact = Text(required=False)
    prefix = serializers.CharField(read_only=True)
    suffix = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=Model.PassageState.choices, read_only=True)


class SourceLink(Input):
    """An annotation's link to a source; only the role `document` has a stance and what follows it."""

    id = Id(required=False)
    project = serializers.CharField(read_only=True)
    article = serializers.UUIDField(read_only=True)
    layer = serializers.UUIDField(read_only=True)
    annotation = Id()
    source = Id()  # type: ignore[assignment]  # a field of this name, as in the contract
    role = Choice(choices=Model.Role.choices)
    position = Whole(required=False, help_text="The order of the hops of the role `via`.")
    on_behalf_of = Id(required=False, allow_null=True)
    as_named = Text(required=False)
    cue = serializers.ListField(child=Cue(), required=False, max_length=1000)
    stance = Choice(choices=Model.Stance.choices, required=False, allow_null=True)
    url = Text(required=False)
    quote = Text(required=False)
    locator = Text(required=False)
    accessed_at = Text(
        required=False, help_text="A date as exact as it is known: 2026, 2026-10, 2026-10-21, …"
    )
    archive_url = Text(required=False)
    passage = Passage(required=False, allow_null=True)
    note = Text(required=False)
    created_by = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    void = serializers.BooleanField(read_only=True, help_text="An annotation that it stands on was rejected.")
    version = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class _SourceLinks(things.ThingView):
    path = "source-links"
    reads = queries.source_links
    serializer = SourceLink
    defaults: ClassVar[dict[str, Any]] = {
        "position": None,
        "on_behalf_of": None,
        "as_named": "",
        "cue": (),
        "stance": None,
        "url": "",
        "quote": "",
        "locator": "",
        "accessed_at": "",
        "archive_url": "",
        "passage": None,
        "note": "",
    }
    fixed: ClassVar[tuple[str, ...]] = ("annotation",)

    def create(self, data: dict[str, Any]) -> Made:
        return services.source_links.create(
            annotation_id=data.pop("annotation"),
            source_id=data.pop("source"),
            by=self.actor,
            **_with_places(data),
        )

    def change(self, key: UUID, data: dict[str, Any], expect: int | None) -> Any:
        data.pop("annotation", None)
        return services.source_links.update(link_id=key, by=self.actor, expect=expect, **_with_places(data))


def _with_places(data: dict[str, Any]) -> dict[str, Any]:
    if "cue" in data:
        data["cue"] = [(span["start"], span["end"]) for span in data["cue"]]
    given = data.get("passage")
    if given is not None:
        for name in (
            "text_version",
            "start",
            "end",
        ):  # a change in part leaves out fields, not what makes a place
            if name not in given:
                raise Invalid(
                    _("%(field)s is needed.") % {"field": f"passage.{name}"}, field=f"passage.{name}"
                )
        data["passage"] = Place(given["text_version"], given["start"], given["end"], given.get("exact"))
    return data


@schema.things("source_links", "a source link", SourceLink, FILTERS)
class SourceLinks(_SourceLinks, things.Things):
    """Links that who asks may see."""

    filters = FILTERS


@schema.thing("source_links", "a source link", SourceLink)
class OneSourceLink(_SourceLinks, things.Thing):
    """One link. Only the owner of its layer changes it."""

    def withdraw(self, key: UUID, expect: int | None) -> None:
        services.source_links.withdraw(link_id=key, by=self.actor, expect=expect)


@schema.restoring("source_links", "a source link", SourceLink)
class RestoredSourceLink(_SourceLinks, things.Restoring):
    """A withdrawn link comes back when its annotation is there."""

    def restore(self, key: UUID) -> Any:
        return services.source_links.restore(link_id=key, by=self.actor)


class Move(Input):
    """How far along the chain."""

    step = Whole(min_value=-1000, max_value=1000, help_text="-1 is one place towards the article.")


@extend_schema_view(
    post=extend_schema(
        operation_id="source_links_move",
        summary="Move one who passed it on along the chain",
        description="Of the role `via` only. At an end of the chain it stays there. The hops are numbered anew from 1.",
        request=Move,
        responses={200: SourceLink},
    )
)
class MovedSourceLink(_SourceLinks):
    """A hop at another place of its chain."""

    def post(self, request: Request, id: str) -> HttpResponse:
        step = Move.check(request.data)["step"]
        row = services.source_links.move(link_id=things.key_of(id), by=self.actor, step=step)
        return thing(self.present(row))
