"""The present states of what a page of the feed names: one read for each type, however many lines there are."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from factcheck.models import AttributeSchema, RelationKind, Tag
from factcheck.queries import (
    annotation_json,
    articles,
    comments,
    layers,
    projects,
    proposed_annotations,
    reading,
    relations,
    releases,
    reviewers,
    reviews,
    source_links,
    source_texts,
    sources,
    threads,
)

_READS: dict[str, tuple[type[Any], str, int, str]] = {
    # The row, the statement up to WHERE, how often it takes the viewer, and its id.
    "project": (projects.ProjectRow, projects.SELECT, 1, "p.id"),
    "article": (articles.ArticleRow, articles.SELECT, 1, "ar.id"),
    "layer": (layers.LayerRow, layers.SELECT, 1, "l.id"),
    "relation": (relations.Row, relations.SELECT, 3, "r.id"),
    "source": (sources.Row, sources.SELECT, 1, "s.id"),
    "source_text": (source_texts.Row, source_texts.SELECT, 1, "x.id"),
    "source_link": (source_links.Row, source_links.SELECT, 1, "k.id"),
    "review": (reviews.Row, reviews.SELECT, 1, "r.id"),
    "release": (releases.Row, releases.SELECT, 1, "r.id"),
    "review_response": (reviews.Response, reviews.RESPONSE, 1, "s.id"),
    "proposed_annotation": (proposed_annotations.Row, proposed_annotations.SELECT, 1, "x.id"),
    "reviewer_assignment": (reviewers.Row, reviewers.SELECT, 1, "x.id"),
    "thread": (threads.Row, threads.SELECT, 1, "t.id"),
    "comment": (comments.Row, comments.SELECT, 1, "c.id"),
    "membership": (projects.MemberRow, projects.MEMBER, 0, "m.id"),
}

# A decision leaves with what it is about, as it leaves an export, and comes back with it; so does what was said to it,
# that something taken was proposed, and talk.
_LIVE = """ AND NOT EXISTS (SELECT FROM annotation x WHERE x.id = r.annotation_id AND x.withdrawn_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM relation x WHERE x.id = r.relation_id AND x.withdrawn_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM source_link x WHERE x.id = r.source_link_id AND x.withdrawn_at IS NOT NULL)"""
_TALKED_ABOUT = """
    AND NOT EXISTS (SELECT FROM annotation x WHERE x.id = t.annotation_id AND x.withdrawn_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM relation x WHERE x.id = t.relation_id AND x.withdrawn_at IS NOT NULL)"""
_ALIVE = {
    "thread": _TALKED_ABOUT,
    "comment": _TALKED_ABOUT,
    "review": _LIVE,
    "review_response": f" AND EXISTS (SELECT FROM review r WHERE r.id = s.review_id {_LIVE})",
    "proposed_annotation": """ AND NOT EXISTS (
        SELECT FROM annotation a WHERE a.id = x.annotation_id AND a.withdrawn_at IS NOT NULL)""",
}


class SchemeItem(NamedTuple):
    """A part of a project's scheme, as its own address shows it."""

    data: dict[str, Any]


def of(type: str, viewer: UUID, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return the rows of these ids that the viewer may see and that are not withdrawn.

    Annotations, which are most of any feed, come as JSON. The ids come from the feed, so the viewer is a member of
    their projects.
    """
    if type == "annotation":
        return {ready.id: ready for ready in annotation_json.of(viewer, ids)}
    if type in _SCHEME:
        return _SCHEME[type](ids)
    row_type, select, viewers, column = _READS[type]
    found = reading.rows(
        row_type, f"{select} WHERE {column} = ANY(%s){_ALIVE.get(type, '')}", [*[viewer] * viewers, list(ids)]
    )
    return {UUID(str(row.id)): row for row in found if getattr(row, "withdrawn_at", None) is None}


def _tags(ids: Collection[UUID]) -> dict[UUID, Any]:
    found = Tag.objects.filter(pk__in=ids)
    return _named(list(found), "tags")


def _relation_kinds(ids: Collection[UUID]) -> dict[UUID, Any]:
    return _named(list(RelationKind.objects.filter(pk__in=ids)), "relation_kinds")


def _named(found: list[Any], part: str) -> dict[UUID, Any]:
    """Find the rows in their projects' schemes, where names are unique."""
    told = {
        (project_id, item["name"]): item
        for project_id in {row.project_id for row in found}
        for item in projects.scheme(project_id)[part]
    }
    return {row.pk: SchemeItem(told[row.project_id, row.name] | {"revision": row.revision}) for row in found}


def _attribute_schemas(ids: Collection[UUID]) -> dict[UUID, Any]:
    found = AttributeSchema.objects.filter(pk__in=ids).values_list("pk", "tag__name", "version", "schema")
    return {
        key: SchemeItem({"tag": tag, "version": version, "schema": schema})
        for key, tag, version, schema in found
    }


_SCHEME = {"tag": _tags, "relation_kind": _relation_kinds, "attribute_schema": _attribute_schemas}
