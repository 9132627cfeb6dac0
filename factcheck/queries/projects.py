"""Projects, their members and their scheme."""

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from factcheck.models import AttributeSchema, Project, RelationKind, RelationPair, Source, Tag
from factcheck.models.reasons import REASONS
from factcheck.queries import reading
from factcheck.roles import Role


class ProjectRow(NamedTuple):
    """A project that the viewer belongs to, with the viewer's role in it."""

    id: UUID
    slug: str
    name: str
    blind: bool
    approvals_needed: int
    review_reasons: str  # JSON
    guidelines: str
    role: str
    created_by: str
    revision: int
    created_at: Any
    updated_at: Any

    @property
    def reasons(self) -> dict[str, list[str]]:
        """Why a reviewer does not approve, by kind of thing, in the order in which the codes are offered."""
        kept: dict[str, list[str]] = orjson.loads(self.review_reasons)
        return {kind: kept.get(kind) or list(codes) for kind, codes in REASONS.items()}


class MemberRow(NamedTuple):
    """A member and the role."""

    id: UUID
    user: str
    role: str
    revision: int
    created_at: Any
    updated_at: Any


SELECT = """
    SELECT p.id, p.slug, p.name, p.blind, p.approvals_needed, p.review_reasons::text, p.guidelines, m.role, u.username,
           p.revision, p.created_at, p.updated_at
    FROM project p
    JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %s
    JOIN account u ON u.id = p.created_by_id
"""


def page(viewer: UUID, cut: reading.Cut) -> reading.Page[ProjectRow]:
    """Return one page of the viewer's projects."""
    return reading.page(ProjectRow, SELECT, reading.Where(), cut, first=[viewer], column="p.id")


def visible(viewer: UUID, slug: str) -> ProjectRow | None:
    """Return the project if the viewer is a member."""
    return reading.one(ProjectRow, f"{SELECT} WHERE p.slug = %s", [viewer, slug])


def id_of(slug: str) -> UUID:
    """Return the id of a project that is known to exist and to be visible."""
    found: UUID = Project.objects.values_list("pk", flat=True).get(slug=slug)
    return found


def by_id(project_id: UUID) -> Project:
    """Return the project's row; the caller has decided that it may be seen."""
    return Project.objects.get(pk=project_id)


class _Role(NamedTuple):
    role: str


def role_of(user_id: UUID, project_id: UUID) -> Role | None:
    """Return the person's role in the project, or None for who is no member."""
    found = reading.one(
        _Role,
        "SELECT role FROM acting_membership WHERE user_id = %s AND project_id = %s",
        [user_id, project_id],
    )
    return Role(found.role) if found else None


MEMBER = """
    SELECT m.id, u.username, m.role, m.revision, m.created_at, m.updated_at
    FROM membership m JOIN account u ON u.id = m.user_id
"""


def members(project_id: UUID, cut: reading.Cut) -> reading.Page[MemberRow]:
    """Return one page of the project's members."""
    where = reading.Where().add("m.project_id = %s", project_id)
    return reading.page(MemberRow, MEMBER, where, cut, column="m.id")


def member(project_id: UUID, username: str) -> MemberRow | None:
    """Return the membership of the person of this name."""
    return reading.one(
        MemberRow, f"{MEMBER} WHERE m.project_id = %s AND u.username = %s", [project_id, username]
    )


def tags(project_id: UUID, *, retired: bool = False) -> list[Tag]:
    """Return the project's tags in their order; retired ones only when asked for."""
    found = Tag.objects.filter(project_id=project_id).order_by("position", "id")
    return list(found if retired else found.filter(retired_at=None))


class KindRow(NamedTuple):
    """A relation kind with the tags that it may join, subject and object, by name; `schema` is JSON."""

    id: UUID
    name: str
    title: str
    inverse_title: str
    key: str
    symmetric: bool
    schema: str
    retired: bool
    pairs: list[list[str]]


def relation_kinds(project_id: UUID, *, retired: bool = False) -> list[KindRow]:
    """Return the project's relation kinds in their order; retired ones only when asked for."""
    return reading.rows(
        KindRow,
        f"""SELECT k.id, k.name, k.title, k.inverse_title, k.key, k.is_symmetric, k.schema::text,
                   k.retired_at IS NOT NULL,
                   ARRAY(SELECT ARRAY[s.name, o.name] FROM relation_pair p JOIN tag s ON s.id = p.subject_tag_id
                         JOIN tag o ON o.id = p.object_tag_id WHERE p.kind_id = k.id ORDER BY s.position, o.position)
            FROM relation_kind k WHERE k.project_id = %s {"" if retired else "AND k.retired_at IS NULL"}
            ORDER BY k.position, k.id""",
        [project_id],
    )


def scheme(project_id: UUID) -> dict[str, Any]:
    """Return the project's scheme as data: tags, relation kinds with their pairs, attributes by tag."""
    all_tags = tags(project_id, retired=True)
    names = {tag.pk: tag.name for tag in all_tags}
    pairs: dict[UUID, list[list[str]]] = {}
    for pair in RelationPair.objects.filter(project_id=project_id).order_by("id"):
        pairs.setdefault(pair.kind_id, []).append([names[pair.subject_tag_id], names[pair.object_tag_id]])
    kinds = RelationKind.objects.filter(project_id=project_id).order_by("position", "id")
    return {
        "tags": [
            {
                "name": tag.name,
                "title": tag.title,
                "key": tag.key,
                "colour": tag.colour,
                "colour_dark": tag.colour_dark,
                "line": tag.line,
                "description": tag.description,
                "retired": tag.retired_at is not None,
            }
            for tag in all_tags
        ],
        "relation_kinds": [
            {
                "name": kind.name,
                "title": kind.title,
                "inverse_title": kind.inverse_title,
                "key": kind.key,
                "symmetric": kind.symmetric,
                "pairs": pairs.get(kind.pk, []),
                "attributes": kind.schema,
                "retired": kind.retired_at is not None,
            }
            for kind in kinds
        ],
        "attributes": _attributes(project_id, names),
    }


def _attributes(project_id: UUID, names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Tell the newest schema of each tag, with the earlier ones where there are any: values may still be theirs."""
    versions: dict[UUID | None, list[AttributeSchema]] = {}
    for row in AttributeSchema.objects.filter(project_id=project_id).order_by("tag_id", "-version"):
        versions.setdefault(row.tag_id, []).append(row)
    told = []
    for tag_id, (newest, *earlier) in versions.items():
        item = {"tag": names[tag_id] if tag_id else None, "version": newest.version, "schema": newest.schema}
        if earlier:
            item["earlier"] = [{"version": row.version, "schema": row.schema} for row in earlier]
        told.append(item)
    return told


def standing_sources(project_id: UUID) -> list[dict[str, Any]]:
    """Return the sources that the project was born with, as an export tells a source."""
    found = Source.objects.filter(project_id=project_id, standing=True).select_related("created_by")
    return [
        {
            "id": source.pk,
            "kind": source.kind,
            "name": source.name,
            "aliases": source.aliases,
            "description": source.description,
            "url": source.url,
            "created_by": source.created_by.username,
            "created_at": source.created_at,
            "updated_at": source.updated_at,
        }
        for source in found.order_by("kind")
    ]


def newest_schemas(project_id: UUID) -> list[AttributeSchema]:
    """Return the newest attribute schema of each tag, and the one for every tag."""
    found = AttributeSchema.objects.filter(project_id=project_id)
    return list(found.order_by("tag_id", "-version").distinct("tag_id"))
