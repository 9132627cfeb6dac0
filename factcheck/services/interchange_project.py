"""What an import must know of the project that it writes into, read once for all lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from factcheck.exceptions import Invalid
from factcheck.models import Membership, Project, RelationKind, RelationPair, Source, Tag, User
from factcheck.models.fields import uuid7
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import attributes, interchange_scheme


class Kind(NamedTuple):
    """A relation kind with the pairs of tags that it may join."""

    id: UUID
    symmetric: bool
    schema: dict[str, Any]
    pairs: frozenset[tuple[str, str]]


@dataclass
class Target:
    """The project, its scheme by name, its people, and how things named in earlier lines are called here."""

    project: Project
    by: Actor
    create_users: bool
    renew_ids: bool
    tags: dict[str, UUID] = field(init=False)
    kinds: dict[str, Kind] = field(init=False)
    standing: dict[str, UUID] = field(init=False)
    accounts: dict[str, UUID] = field(default_factory=dict)
    members: dict[UUID, None] = field(init=False)
    # What a line calls a source, an annotation or a captured text, and what it is here.
    sources: dict[str, UUID] = field(default_factory=dict)
    annotations: dict[str, UUID] = field(default_factory=dict)
    source_texts: dict[str, UUID] = field(default_factory=dict)
    # The sources of each kind and name, live ones first, and those that a file's ids were found to be.
    same_names: dict[tuple[str, str], dict[UUID, None]] = field(init=False)
    taken: dict[UUID, None] = field(default_factory=dict)
    _merged: dict[UUID, UUID] = field(init=False)
    _tag_titles: dict[str, str] = field(init=False)
    _kind_titles: dict[str, str] = field(init=False)
    _schemas: dict[str, tuple[dict[str, Any], int]] = field(default_factory=dict)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        key = self.project.pk
        tags = Tag.objects.filter(project_id=key)
        self.tags = dict(tags.values_list("name", "id"))
        self._tag_titles = dict(tags.values_list("name", "title"))
        names = {tag: name for name, tag in self.tags.items()}
        pairs: dict[UUID, set[tuple[str, str]]] = {}
        for pair in RelationPair.objects.filter(project_id=key):
            pairs.setdefault(pair.kind_id, set()).add((names[pair.subject_tag_id], names[pair.object_tag_id]))
        self.kinds = {
            kind.name: Kind(kind.pk, kind.symmetric, kind.schema, frozenset(pairs.get(kind.pk, ())))
            for kind in RelationKind.objects.filter(project_id=key)
        }
        kinds = RelationKind.objects.filter(project_id=key)
        self._kind_titles = dict(kinds.values_list("name", "title"))
        self.standing = dict(Source.objects.filter(project_id=key, standing=True).values_list("kind", "id"))
        members = Membership.objects.filter(project_id=key).values_list("user_id", flat=True)
        self.members = dict.fromkeys(members)
        self.same_names, self._merged = {}, {}
        present = Source.objects.filter(project_id=key, standing=False)
        for source, kind, name, into in present.order_by(
            F("withdrawn_at").asc(nulls_first=True), "id"
        ).values_list("id", "kind", "name", "merged_into_id"):
            self.same_names.setdefault((kind, name), {})[source] = None
            if into is not None:
                self._merged[source] = into

    def tag(self, told: str) -> str:
        """Return the name of the tag that a file calls so; raise `Invalid` when the project has no such tag."""
        if told in self.tags:
            return told
        found = interchange_scheme.found(told, self._tag_titles)
        if found is None:
            raise Invalid(
                _("The project has no tag %(name)s; known are: %(known)s.")
                % {"name": told, "known": ", ".join(self.tags)}
            )
        return found

    def kind(self, name: str) -> Kind:
        """Return a relation kind; raise `Invalid` when the project has no such kind."""
        found = name if name in self.kinds else interchange_scheme.found(name, self._kind_titles)
        if found is None:
            raise Invalid(
                _("The project has no relation kind %(name)s; known are: %(known)s.")
                % {"name": name, "known": ", ".join(self.kinds)}
            )
        return self.kinds[found]

    def checked_attributes(self, tag: str, values: object) -> tuple[dict[str, Any], int]:
        """Return an annotation's attributes and the version of the schema that allows them."""
        if values is None or values == {}:
            return {}, 1
        if tag not in self._schemas:
            self._schemas[tag] = attributes.schema_of(self.project.pk, self.tags[tag])
        schema, version = self._schemas[tag]
        if not isinstance(values, dict):
            return attributes.check_values(schema, values), version
        titles = {name: str(one.get("title") or name) for name, one in schema["properties"].items()}
        values = {interchange_scheme.found(name, titles) or name: value for name, value in values.items()}
        return attributes.check_told(self.project.pk, self.tags[tag], schema, values), version

    def survivor(self, source: UUID) -> UUID:
        """Return the source that this one was merged into, or the source itself."""
        while source in self._merged:
            source = self._merged[source]
        return source

    # -- what one line tells the next --------------------------------------------------------------

    def remember(self, names: dict[Any, Any], told: Mapping[Any, Any]) -> None:
        """Add to what is known for the lines to come, until `forget` takes it back or `settle` keeps it."""
        for key, value in told.items():
            if key not in names:
                names[key] = value
                self._undo.append(partial(names.pop, key))

    def settle(self) -> None:
        """Keep what was remembered: it is committed."""
        self._undo.clear()

    def forget(self) -> None:
        """Take back what was remembered since the last commit."""
        while self._undo:
            self._undo.pop()()


class People:
    """The people of one line: accounts by name, those made for it, and those who become members by it."""

    def __init__(self, target: Target, now: datetime) -> None:
        self.target = target
        self.now = now
        self.found: dict[str, UUID] = {}
        self.joining: dict[UUID, dict[str, Any]] = {}

    def person(self, username: str, role: Role = Role.ANNOTATOR) -> UUID:
        """Return the account of a member; one that is unknown, or no member, is refused or made."""
        if username not in self.found:
            self.found[username] = self.target.accounts.get(username) or self._account(username)
        key = self.found[username]
        if key not in self.target.members and key not in self.joining:
            if not self.target.create_users:
                raise Invalid(
                    _(
                        "%(user)s is no member of the project; add %(user)s, or let the import do it (--create-users)."
                    )
                    % {"user": username}
                )
            self.joining[key] = {
                "id": uuid7(),
                "project_id": self.target.project.pk,
                "user_id": key,
                "role": role.value,
                "created_at": self.now,
                "updated_at": self.now,
                "revision": 1,
            }
        elif key in self.joining and role == Role.REVIEWER:
            self.joining[key]["role"] = role.value
        return key

    def _account(self, username: str) -> UUID:
        found: UUID | None = User.objects.filter(username=username).values_list("id", flat=True).first()
        if found is not None:
            return found
        if not self.target.create_users:
            raise Invalid(
                _("There is no account %(user)s; make one, or let the import do it (--create-users).")
                % {"user": username}
            )
        try:
            UnicodeUsernameValidator()(username)
        except ValidationError as error:
            raise Invalid(
                _("%(user)s is no username: %(why)s") % {"user": username, "why": " ".join(error.messages)}
            ) from error
        made: UUID = User.objects.create_user(username).pk
        return made

    def keep(self) -> None:
        """Remember them for the lines to come, once the line is written."""
        self.target.remember(self.target.accounts, self.found)
        self.target.remember(self.target.members, dict.fromkeys(self.joining))
        self.joining.clear()
