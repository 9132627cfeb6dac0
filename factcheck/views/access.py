"""The first line of every view: fetch what the address names, or answer 404; then check the right, or answer 403.

Somebody outside the project gets the same 404 as for an address that never was. What a member sees of it is
decided by the queries, in SQL.
"""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Gone, NotFound
from factcheck.models import User
from factcheck.queries.annotations import Row as AnnotationRow
from factcheck.queries.articles import ArticleRow
from factcheck.queries.projects import ProjectRow
from factcheck.queries.relations import Row as RelationRow
from factcheck.queries.source_links import Row as LinkRow
from factcheck.queries.sources import Row as SourceRow
from factcheck.records import Actor
from factcheck.roles import Role

Check = Callable[[Role], None]


def person(request: HttpRequest) -> User:
    """Return who asks; the view has made sure that somebody is signed in."""
    return cast(User, request.user)


def actor(request: HttpRequest) -> Actor:
    """Return who asks as services take it."""
    user = person(request)
    return Actor(user_id=user.pk, username=user.username, channel="page")


def project(request: HttpRequest, slug: str, to: Check | None = None) -> ProjectRow:
    """Return the project as its member sees it; `to` is the check of what the view is about to do."""
    found = queries.projects.visible(person(request).pk, slug)
    if found is None:
        raise NotFound(_("There is no such project, or you are not one of its members."))
    if to is not None:
        to(Role(found.role))
    return found


def article(request: HttpRequest, article_id: UUID, to: Check | None = None) -> tuple[ArticleRow, ProjectRow]:
    """Return the article and its project as a member sees them."""
    found = queries.articles.visible(person(request).pk, article_id)
    if found is None:
        raise NotFound(_("There is no such article, or you are not a member of its project."))
    return found, project(request, found.project, to)


def source(request: HttpRequest, source_id: UUID, to: Check | None = None) -> tuple[SourceRow, ProjectRow]:
    """Return the source and its project; one that was withdrawn is gone for those who could see it."""
    found = queries.sources.visible(person(request).pk, source_id)
    if found is None:
        raise NotFound(_("There is no such source, or you are not a member of its project."))
    if found.merged_into is not None:
        raise Gone(_("The source %(name)s was merged into another one.") % {"name": found.name})
    if found.withdrawn_at is not None:
        raise Gone(_("The source %(name)s was withdrawn.") % {"name": found.name})
    return found, project(request, found.project, to)


def annotation(request: HttpRequest, annotation_id: UUID, *, withdrawn: bool = False) -> AnnotationRow:
    """Return the annotation; one that was withdrawn is gone, unless the view may have it `withdrawn`."""
    found = queries.annotations.visible(person(request).pk, annotation_id)
    if found is None:
        raise NotFound(_("There is no such annotation, or you are not a member of its project."))
    if found.withdrawn_at is not None and not withdrawn:
        raise Gone(_("This annotation was withdrawn."))
    return found


def link(request: HttpRequest, link_id: UUID, *, withdrawn: bool = False) -> LinkRow:
    """Return the source link; one that was withdrawn is gone, unless the view may have it `withdrawn`."""
    found = queries.source_links.visible(person(request).pk, link_id)
    if found is None:
        raise NotFound(_("There is no such source link, or you are not a member of its project."))
    if found.withdrawn_at is not None and not withdrawn:
        raise Gone(_("This source link was withdrawn."))
    return found


def relation(request: HttpRequest, relation_id: UUID, *, withdrawn: bool = False) -> RelationRow:
    """Return the relation; one that was withdrawn is gone, unless the view may have it `withdrawn`."""
    found = queries.relations.visible(person(request).pk, relation_id)
    if found is None:
        raise NotFound(_("There is no such relation, or you are not a member of its project."))
    if found.withdrawn_at is not None and not withdrawn:
        raise Gone(_("This relation was withdrawn."))
    return found
