"""What a person does to sources: make, describe, withdraw. They are the project's, not a layer's."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Project, Source
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.sources import Row
from factcheck.records import Actor
from factcheck.services import acts, identity
from factcheck.services.texts import MAX_NAME, clean, web_address

MAX_ALIASES = 100


def create(
    *,
    project: Project,
    kind: str,
    name: str,
    by: Actor,
    id: UUID | None = None,
    aliases: Sequence[str] = (),
    description: str = "",
    url: str = "",
) -> identity.Made:
    """Make a source. The article's own voice is one record that each project is born with."""
    role = queries.projects.role_of(by.user_id, project.pk)
    if role is None:
        raise NotFound(_("There is no such project."), field="project")
    checks.check_can_edit_sources(role)
    given = {
        "kind": kind,
        "name": name,
        "aliases": aliases if isinstance(aliases, str) else list(aliases),
        "description": description,
        "url": url,
    }
    fields = checked_facts(given)
    hashed = identity.content_hash({**given, "project": project.slug})
    if id is not None and (existing := Source.objects.filter(pk=id).first()):
        return _again(existing, by, hashed)
    if kind == Source.Kind.OWN_VOICE:
        raise Conflict(_("The project has its source for the article's own voice already."), field="kind")
    source = Source(
        id=id or uuid7(), project=project, created_by_id=by.user_id, content_hash=hashed, **fields
    )
    with acts.act("create_source", project_id=project.pk, by=by):
        source.save(force_insert=True)
    return identity.Made(_row(by, source.pk), True)


def checked_facts(given: dict[str, Any]) -> dict[str, Any]:
    """Check the facts about a source that are given; others are left out."""
    checked: dict[str, Any] = {}
    if "kind" in given:
        if given["kind"] not in Source.Kind.values:
            raise Invalid(
                _("kind must be one of %(kinds)s.") % {"kinds": ", ".join(Source.Kind.values)}, field="kind"
            )
        checked["kind"] = given["kind"]
    if "name" in given:
        checked["name"] = clean(given["name"], "name", max_length=MAX_NAME, required=True)
    if "aliases" in given:
        aliases = given["aliases"]
        if not isinstance(aliases, list | tuple) or len(aliases) > MAX_ALIASES:
            raise Invalid(
                _("aliases must be a list of at most %(most)s names.") % {"most": MAX_ALIASES},
                field="aliases",
            )
        named = [
            clean(alias, f"aliases.{n}", max_length=MAX_NAME, required=True)
            for n, alias in enumerate(aliases)
        ]
        checked["aliases"] = list(dict.fromkeys(named))
    if "description" in given:
        checked["description"] = clean(given["description"], "description")
    if "url" in given:
        checked["url"] = web_address(given["url"], "url")
    return checked


def _row(by: Actor, source_id: UUID) -> Row:
    row = queries.sources.visible(by.user_id, source_id)
    if row is None:
        raise NotFound(_("There is no such source."))
    return row


def _again(existing: Source, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.sources.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    withdrawn = present.withdrawn_at is not None
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=withdrawn)


def lock_annotations(source_ids: Sequence[UUID]) -> None:
    """Lock the annotations whose links name these sources, before the sources: in the order in which links are made."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT FROM annotation WHERE id IN (
                   SELECT annotation_id FROM source_link WHERE source_id = ANY(%(ids)s::uuid[])
                   UNION ALL
                   SELECT annotation_id FROM source_link WHERE on_behalf_of_id = ANY(%(ids)s::uuid[]))
               ORDER BY id FOR UPDATE""",
            {"ids": list(source_ids)},
        )


def locked(source_id: UUID, by: Actor) -> Row:
    """Lock a source and return its present row; raise `NotFound`, or `NotAllowed` with the reason."""
    _row(by, source_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM source WHERE id = %s FOR UPDATE", [source_id])
    row = _row(by, source_id)
    role = queries.projects.role_of(by.user_id, row.project_id)
    if role is None:
        raise NotFound(_("There is no such source."))
    checks.check_can_edit_sources(role)
    return row


def update(*, source_id: UUID, by: Actor, expect: int | None = None, **given: Any) -> Row:
    """Change a source's kind, name, aliases, description or url; what is not given stays."""
    changes = checked_facts(given)
    with transaction.atomic():
        present = locked(source_id, by)
        if present.withdrawn_at is not None:
            identity.refuse_withdrawn()
        identity.check_unchanged(expect, present.revision, present)
        changes = {name: value for name, value in changes.items() if getattr(present, name) != value}
        if "kind" in changes and (present.standing or changes["kind"] == Source.Kind.OWN_VOICE):
            raise Conflict(
                _("The kind of the article's own voice and of nobody named is settled."), field="kind"
            )
        if not changes:
            return present
        with acts.act("update_source", project_id=present.project_id, by=by):
            Source.objects.filter(pk=source_id).update(**changes)
        return _row(by, source_id)


def withdraw(*, source_id: UUID, by: Actor, expect: int | None = None) -> None:
    """Withdraw a source that nothing is linked to; withdrawn already is no act."""
    with transaction.atomic():
        present = locked(source_id, by)
        if present.withdrawn_at is not None:
            return
        identity.check_unchanged(expect, present.revision, present)
        if present.standing:
            raise Conflict(_("The article's own voice and nobody named stay with the project."))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM source_link WHERE (source_id = %s OR on_behalf_of_id = %s)"
                " AND withdrawn_at IS NULL",
                [source_id, source_id],
            )
            links = cursor.fetchone()[0]
            if links:
                raise Conflict(
                    _("%(links)s links use this source; withdraw or change them first.") % {"links": links},
                    extra={"links": links},
                )
            with acts.act("withdraw_source", project_id=present.project_id, by=by):
                cursor.execute("UPDATE source SET withdrawn_at = now() WHERE id = %s", [source_id])


def restore(*, source_id: UUID, by: Actor) -> Row:
    """Bring a withdrawn source back; alive already is no act."""
    with transaction.atomic():
        present = locked(source_id, by)
        if present.withdrawn_at is None:
            return present
        if present.merged_into is not None:
            raise Conflict(_("It was merged into another source; undo that to have it back."))
        with acts.act("restore_source", project_id=present.project_id, by=by), connection.cursor() as cursor:
            cursor.execute("UPDATE source SET withdrawn_at = NULL WHERE id = %s", [source_id])
        return _row(by, source_id)
