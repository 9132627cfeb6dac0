"""The shapes of a project's scheme: its tags, relation kinds and attributes, as a project tells them and takes them."""

from typing import Any

from rest_framework import serializers

from factcheck.api.fields import Choice, Flag, Input, Object, Text, Whole
from factcheck.attribute_kinds import Kind
from factcheck.models import Tag as TagModel

MOST = 1000  # of anything in one list


class Pair(serializers.ListField):
    """A subject's tag and an object's tag, by name."""

    child = Text()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_length": 2, "max_length": 2, **kwargs})


class Tag(Input):
    """A kind of statement."""

    name = Text(required=False, help_text="What data carry; made from the title when left out. It stays.")
    title = Text()
    key = Text(help_text="One character; `c` is typed to tag a claim.")
    colour = Text(help_text="#rrggbb, for light pages; what cannot be read is refused with the nearest.")
    colour_dark = Text(help_text="#rrggbb, for dark pages.")
    line = Choice(choices=TagModel.Line.choices, required=False)
    description = Text(required=False)
    retired = Flag(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class RelationKind(Input):
    """A kind of relation, with the pairs of tags (subject, object) that it may join."""

    name = Text(required=False, help_text="What data carry; made from the title when left out. It stays.")
    title = Text()
    inverse_title = Text(
        required=False, help_text="How it reads from its object; of a symmetric one its title."
    )
    key = Text(help_text="One character.")
    symmetric = Flag(required=False, help_text="Settled when it is made.")
    pairs = serializers.ListField(child=Pair(), max_length=MOST)
    attributes = Object(read_only=True, help_text="JSON Schema.")
    retired = Flag(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class Attribute(Input):
    """An attribute of one tag, or of every tag (`tag` null)."""

    tag = Text(required=False, allow_null=True)
    name = Text(required=False, help_text="What data carry; made from the title when left out. It stays.")
    title = Text()
    kind = Choice(
        choices=[kind.value for kind in Kind],
        allow_null=True,
        help_text="null for one that only its JSON Schema says; such a one is read, not changed.",
    )
    choices = serializers.ListField(child=Text(), required=False, max_length=MOST)
    schema = Object(read_only=True, help_text="JSON Schema.")
    retired = Flag(read_only=True)
    version = serializers.IntegerField(
        read_only=True, help_text="The version of the tag's attributes as a whole, and its `ETag`."
    )


class SchemeTag(Tag):
    """A tag as a scheme tells it; in a new project it may be born retired."""

    name = Text()
    retired = Flag(required=False)
    revision = None  # type: ignore[assignment]


class SchemeRelationKind(RelationKind):
    """A relation kind as a scheme tells it."""

    name = Text()
    attributes = Object(required=False, help_text="JSON Schema.")
    retired = Flag(required=False)
    revision = None  # type: ignore[assignment]


class AttributeVersion(Input):
    """An earlier version of a tag's attributes."""

    version = Whole(min_value=1)
    schema = Object()


class AttributeSchema(Input):
    """The JSON Schema of a tag's attributes, or of every tag's."""

    tag = Text(allow_null=True)
    version = Whole(required=False, min_value=1)
    schema = Object()
    earlier = AttributeVersion(many=True, required=False, help_text="Versions that values may still be of.")


class Scheme(Input):
    """What the project's members tag by."""

    tags = SchemeTag(many=True)
    relation_kinds = SchemeRelationKind(many=True)
    attributes = AttributeSchema(many=True)


class Order(Input):
    """The live ones in their order, each once, by name."""

    names = serializers.ListField(child=Text(), max_length=MOST)
