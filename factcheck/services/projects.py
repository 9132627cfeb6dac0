"""What managers do to projects: make one with a scheme, settle its settings and its members."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import (
    AttributeSchema,
    Membership,
    Project,
    RelationKind,
    RelationPair,
    Source,
    Tag,
    User,
)
from factcheck.models.fields import uuid7
from factcheck.models.reasons import REASONS, default_reasons
from factcheck.permissions import checks
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, default_scheme, identity, reviews
from factcheck.services.texts import MAX_NAME, clean

_REASON = re.compile(r"[a-z][a-z0-9_]{0,59}")
_MOST_REASONS = 50
STANDING = {"own_voice": "The article itself", "unnamed": "Nobody named"}


def default() -> dict[str, Any]:
    """Return the default scheme in the form in which `queries.projects.scheme` tells one."""
    kinds = default_scheme.RELATION_KINDS
    return {
        "tags": default_scheme.TAGS,
        "relation_kinds": [{"symmetric": False, "attributes": kind["schema"], **kind} for kind in kinds],
        "attributes": [
            {
                "tag": tag,
                "schema": {"type": "object", "properties": properties, "additionalProperties": False},
            }
            for tag, properties in default_scheme.ATTRIBUTES.items()
        ],
    }


def create(
    *,
    slug: str,
    name: str,
    by: Actor,
    blind: bool = False,
    approvals_needed: int = 1,
    review_reasons: object = None,
    guidelines: str | None = None,
    scheme: dict[str, Any] | None = None,
    standing: Mapping[str, dict[str, Any]] | None = None,
) -> Project:
    """Make a project with its scheme and its two standing sources; whoever makes it is its manager.

    Without a scheme and guidelines it gets the default ones. A scheme from outside goes through `given_schemes` first.
    `standing` has by kind what these sources are, where they are not as in any other project.
    """
    checks.check_can_make_projects(limited=by.limited)
    clean(slug, "slug", max_length=60, required=True)
    clean(name, "name", max_length=MAX_NAME, required=True)
    if not all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in slug) or not any(
        c.isalpha() for c in slug
    ):
        raise Invalid(
            _("slug may have small letters a to z, digits and hyphens, and needs a letter."), field="slug"
        )
    _check_approvals(approvals_needed)
    if Project.objects.filter(slug=slug).exists():
        raise Conflict(_("There is a project %(slug)s already.") % {"slug": slug}, field="slug")
    project = Project(
        id=uuid7(),
        slug=slug,
        name=name,
        blind=blind,
        approvals_needed=approvals_needed,
        review_reasons=_checked_reasons(review_reasons, default_reasons()),
        guidelines=default_scheme.GUIDELINES if guidelines is None else clean(guidelines, "guidelines"),
        created_by_id=by.user_id,
    )
    with acts.act("create_project", project_id=project.pk, by=by):
        project.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO project_counter (project_id, position) VALUES (%s, 0)", [project.pk])
        Membership.objects.create(project=project, user_id=by.user_id, role=Role.MANAGER)
        _write_scheme(project, scheme or default())
        for kind, title in STANDING.items():
            facts = {"name": title, "created_by_id": by.user_id} | (standing or {}).get(kind, {})
            Source.objects.create(project=project, kind=kind, standing=True, **facts)
    return project


def _write_scheme(project: Project, scheme: dict[str, Any]) -> None:
    tags: dict[str | None, Tag] = {}
    for position, given in enumerate(scheme["tags"], 1):
        fields = {
            key: given[key]
            for key in ("name", "title", "key", "colour", "colour_dark", "line", "description")
        }
        retired = timezone.now() if given.get("retired") else None
        tags[given["name"]] = Tag.objects.create(
            project=project, position=position, retired_at=retired, **fields
        )
    for position, given in enumerate(scheme["relation_kinds"], 1):
        kind = RelationKind.objects.create(
            project=project,
            position=position,
            schema=given["attributes"],
            retired_at=timezone.now() if given.get("retired") else None,
            **{key: given[key] for key in ("name", "title", "inverse_title", "key", "symmetric")},
        )
        RelationPair.objects.bulk_create(
            RelationPair(project=project, kind=kind, subject_tag=tags[subject], object_tag=tags[object_])
            for subject, object_ in given["pairs"]
        )
    for given in scheme["attributes"]:
        for one in (given, *given.get("earlier", ())):
            AttributeSchema.objects.create(
                project=project,
                tag=tags[given["tag"]] if given["tag"] else None,
                version=one.get("version", 1),
                schema=one["schema"],
                keys=list(one["schema"].get("properties", {})),  # their order, which jsonb does not keep
            )


def _check_approvals(number: int) -> None:
    if not 1 <= number <= 9:
        raise Invalid(_("approvals_needed must be from 1 to 9."), field="settings.approvals_needed")


def _checked_reasons(given: object, present: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the reasons of a project for each kind of thing; kinds that are not given stay as they are."""
    if given is None:
        return present
    field = "settings.review_reasons"
    if not isinstance(given, dict) or not set(given) <= set(REASONS):
        raise Invalid(
            _("Reasons are given by kind of thing: %(kinds)s.") % {"kinds": ", ".join(REASONS)}, field=field
        )
    for thing, codes in given.items():
        whole = isinstance(codes, list) and 1 <= len(codes) <= _MOST_REASONS
        if not whole or not all(isinstance(code, str) and _REASON.fullmatch(code) for code in codes):
            raise Invalid(
                _(
                    "The reasons for %(thing)s are 1 to %(most)s codes of small letters, digits and underscores."
                )
                % {"thing": thing, "most": _MOST_REASONS},
                field=f"{field}.{thing}",
            )
        if len(set(codes)) < len(codes):
            raise Invalid(_("A reason stands there twice."), field=f"{field}.{thing}")
    return present | given


def managed(project_id: UUID, by: Actor) -> Project:
    """Lock the project for one of its managers; raise `NotFound` for who is no member, `NotAllowed` for the others."""
    role = queries.projects.role_of(by.user_id, project_id)
    if role is None:
        raise NotFound(_("There is no such project."))
    checks.check_can_manage(role)
    return Project.objects.select_for_update(no_key=True).get(pk=project_id)


def update(
    *,
    project_id: UUID,
    by: Actor,
    expect: int | None = None,
    name: str | None = None,
    approvals_needed: int | None = None,
    review_reasons: object = None,
    guidelines: str | None = None,
    blind: bool | None = None,
) -> Project:
    """Change a project's settings. Whether it is blind is settled before the first layer exists."""
    with transaction.atomic():
        project = managed(project_id, by)
        identity.check_unchanged(expect, project.revision, project)
        changes: dict[str, Any] = {}
        if name is not None:
            changes["name"] = clean(name, "name", max_length=MAX_NAME, required=True)
        if guidelines is not None:
            changes["guidelines"] = clean(guidelines, "guidelines")
        if approvals_needed is not None:
            _check_approvals(approvals_needed)
            changes["approvals_needed"] = approvals_needed
        if review_reasons is not None:
            changes["review_reasons"] = _checked_reasons(review_reasons, project.review_reasons)
        if blind is not None and blind != project.blind:
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM layer WHERE project_id = %s)", [project_id])
                if cursor.fetchone()[0]:
                    raise Conflict(
                        _("Work has begun; whether a project is blind is settled before that."),
                        field="settings.blind",
                    )
            changes["blind"] = blind
        changes = {key: value for key, value in changes.items() if getattr(project, key) != value}
        if changes:
            with acts.act("update_project", project_id=project_id, by=by):
                Project.objects.filter(pk=project_id).update(**changes)
                if "approvals_needed" in changes:
                    reviews.settle_all(project_id, changes["approvals_needed"])
            project.refresh_from_db()
        return project


def set_member(*, project_id: UUID, username: str, role: str, by: Actor) -> Membership:
    """Add a member or change the role; the last manager stays one. Raises `Invalid` for an unknown person."""
    if role not in {known.value for known in Role}:
        raise Invalid(_("There is no role %(role)s.") % {"role": role}, field="role")
    with transaction.atomic():
        managed(project_id, by)
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Invalid(_("There is no account %(user)s.") % {"user": username}, field="user")
        member = Membership.objects.filter(project_id=project_id, user=user).first()
        if member is not None and member.role == role:
            return member
        if member is not None and member.role == Role.MANAGER:
            _check_not_last_manager(project_id)
        with acts.act("set_member", project_id=project_id, by=by):
            if member is None:
                return Membership.objects.create(project_id=project_id, user=user, role=role)
            Membership.objects.filter(pk=member.pk).update(role=role)
        member.refresh_from_db()
        return member


def add_member(*, project: Project, username: str, role: str, by: Actor) -> Membership:
    """Add a member to the project, or change the role of one."""
    return set_member(project_id=project.pk, username=username, role=role, by=by)


def remove_member(*, project_id: UUID, username: str, by: Actor) -> None:
    """Take a member out; what the person has made stays."""
    with transaction.atomic():
        managed(project_id, by)
        member = Membership.objects.filter(project_id=project_id, user__username=username).first()
        if member is None:
            raise NotFound(_("%(user)s is no member of this project.") % {"user": username})
        if member.role == Role.MANAGER:
            _check_not_last_manager(project_id)
        with acts.act("remove_member", project_id=project_id, by=by):
            member.delete()


def _check_not_last_manager(project_id: UUID) -> None:
    if Membership.objects.filter(project_id=project_id, role=Role.MANAGER).count() == 1:
        raise Conflict(
            _("A project keeps at least one manager; make somebody else manager first."), field="role"
        )
