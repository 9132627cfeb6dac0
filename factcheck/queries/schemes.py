"""A project's scheme as its manager edits it: what is in use, which pairs are legal, and attributes of all versions."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from factcheck import attribute_kinds
from factcheck.models import AttributeSchema, RelationKind, RelationPair, Tag
from factcheck.queries import reading

Pair = tuple[str, str]
SHOWN = 3


class KindRow(NamedTuple):
    """A relation kind with its legal pairs, tags by name, subject first."""

    id: UUID
    name: str
    title: str
    inverse_title: str
    key: str
    symmetric: bool
    schema: dict[str, Any]
    retired: bool
    revision: int
    pairs: frozenset[Pair]


def kinds(project_id: UUID) -> list[KindRow]:
    """Return the project's relation kinds in their order, the retired ones last."""
    pairs: dict[UUID, set[Pair]] = {}
    of_project = RelationPair.objects.filter(project_id=project_id)
    for kind, subject, object_ in of_project.values_list("kind", "subject_tag__name", "object_tag__name"):
        pairs.setdefault(kind, set()).add((subject, object_))
    rows = RelationKind.objects.filter(project_id=project_id).order_by("position", "id")
    found = [
        KindRow(
            id=kind.pk,
            name=kind.name,
            title=kind.title,
            inverse_title=kind.inverse_title,
            key=kind.key,
            symmetric=kind.symmetric,
            schema=kind.schema,
            retired=kind.retired_at is not None,
            revision=kind.revision,
            pairs=frozenset(pairs.get(kind.pk, ())),
        )
        for kind in rows
    ]
    return sorted(found, key=lambda kind: kind.retired)


class _Use(NamedTuple):
    name: str
    number: int


def tag_uses(viewer: UUID, project_id: UUID) -> dict[str, int]:
    """Return how many live annotations that the viewer may see have each tag, by the tag's name."""
    found = reading.rows(
        _Use,
        """SELECT t.name, count(*) FROM annotation a
           JOIN visible_layers(%s) l ON l.id = a.layer_id JOIN tag t ON t.id = a.tag_id
           WHERE a.project_id = %s AND a.withdrawn_at IS NULL GROUP BY t.name""",
        [viewer, project_id],
    )
    return {use.name: use.number for use in found}


def kind_uses(viewer: UUID, project_id: UUID) -> dict[str, int]:
    """Return how many live relations that the viewer may see are of each kind, by the kind's name."""
    found = reading.rows(
        _Use,
        """SELECT k.name, count(*) FROM relation r
           JOIN visible_layers(%s) l ON l.id = r.layer_id JOIN relation_kind k ON k.id = r.kind_id
           WHERE r.project_id = %s AND r.withdrawn_at IS NULL GROUP BY k.name""",
        [viewer, project_id],
    )
    return {use.name: use.number for use in found}


class Using(NamedTuple):
    """A live relation that uses a pair of tags; `number` is how many there are in all."""

    id: UUID
    subject_tag: str
    subject: list[str]
    object_tag: str
    object: list[str]
    article: str
    number: int


def relations_using(viewer: UUID, kind_id: UUID, pairs: Collection[tuple[UUID, UUID]]) -> list[Using]:
    """Return the first few live relations of a kind between these pairs of tags that the viewer may see."""
    return reading.rows(
        Using,
        """SELECT r.id, st.title, s.pieces, ot.title, o.pieces, ar.title, count(*) OVER ()
           FROM relation r
           JOIN visible_layers(%s) l ON l.id = r.layer_id
           JOIN annotation s ON s.id = r.subject_id JOIN tag st ON st.id = s.tag_id
           JOIN annotation o ON o.id = r.object_id JOIN tag ot ON ot.id = o.tag_id
           JOIN article ar ON ar.id = r.article_id
           WHERE r.kind_id = %s AND r.withdrawn_at IS NULL
             AND (s.tag_id, o.tag_id) IN (SELECT * FROM unnest(%s::uuid[], %s::uuid[]))
           ORDER BY r.id LIMIT %s""",
        [viewer, kind_id, [subject for subject, _o in pairs], [object_ for _s, object_ in pairs], SHOWN],
    )


class _Hidden(NamedTuple):
    exists: bool


def has_hidden_layers(viewer: UUID, project_id: UUID) -> bool:
    """Say whether the project has layers that the viewer may not see: a blind one whose work goes on."""
    found = reading.one(
        _Hidden,
        """SELECT EXISTS (SELECT FROM layer l WHERE l.project_id = %s
                          AND NOT EXISTS (SELECT FROM visible_layers(%s) v WHERE v.id = l.id))""",
        [project_id, viewer],
    )
    return found is not None and found.exists


class Attribute(NamedTuple):
    """An attribute as a form shows it; `kind` is None for one that only JSON Schema can say."""

    name: str
    title: str
    kind: attribute_kinds.Kind | None
    choices: tuple[str, ...]
    schema: dict[str, Any]


class Attributes(NamedTuple):
    """The attributes of a tag, or of every tag: the present ones, and those that earlier versions had."""

    tag: str | None
    version: int
    present: tuple[Attribute, ...]
    retired: tuple[Attribute, ...]

    def named(self, name: str, *, retired: bool = False) -> Attribute | None:
        """Return the attribute of this name, or None."""
        return next((one for one in (self.retired if retired else self.present) if one.name == name), None)


def attributes(project_id: UUID) -> dict[str | None, Attributes]:
    """Return the attributes by tag name, None for those of every tag; a tag that has none is in it as well."""
    names: dict[UUID | None, str | None] = {None: None}
    names |= dict(Tag.objects.filter(project_id=project_id).order_by("position").values_list("id", "name"))
    versions: dict[UUID | None, list[AttributeSchema]] = {tag_id: [] for tag_id in names}
    for row in AttributeSchema.objects.filter(project_id=project_id).order_by("-version"):
        versions[row.tag_id].append(row)
    return {names[tag_id]: _attributes(names[tag_id], rows) for tag_id, rows in versions.items()}


def _attributes(tag: str | None, newest_first: list[AttributeSchema]) -> Attributes:
    if not newest_first:
        return Attributes(tag, 0, (), ())
    present, *earlier = (
        {attribute.name: attribute for attribute in _properties(row)} for row in newest_first
    )
    gone: dict[str, Attribute] = {}
    for of_version in earlier:
        gone |= {name: one for name, one in of_version.items() if name not in present and name not in gone}
    return Attributes(tag, newest_first[0].version, tuple(present.values()), tuple(gone.values()))


def _properties(row: AttributeSchema) -> list[Attribute]:
    known = row.schema.get("properties", {})
    names = dict.fromkeys((*row.keys, *known))  # JSON keeps no order, the keys do
    return [_attribute(name, known[name]) for name in names if name in known]


def _attribute(name: str, schema: Any) -> Attribute:
    told = schema if isinstance(schema, dict) else {}
    kind = attribute_kinds.kind_of(schema)
    choices = tuple(told["enum"]) if kind == attribute_kinds.Kind.CHOICE else ()
    return Attribute(name, str(told.get("title", "")), kind, choices, told)
