"""Checks that raise with the reason. `allowed` asks the same question without raising.

They get what they decide on (a role, an owner) and never fetch it; what a person may see is decided
earlier, in SQL, by `queries.visibility`.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck.exceptions import NotAllowed
from factcheck.roles import Role, includes


def check_role(role: Role, needed: Role, doing: str) -> None:
    """Raise `NotAllowed` unless the role includes the needed one; `doing` completes the sentence."""
    if not includes(role, needed):
        raise NotAllowed(
            _("Your role in this project is %(role)s; %(doing)s needs %(needed)s.")
            % {"role": role.value, "doing": doing, "needed": needed.value}
        )


def check_can_annotate(role: Role) -> None:
    """Annotating, relating and linking sources are for annotators and up."""
    check_role(role, Role.ANNOTATOR, _("annotating"))


def check_can_load_articles(role: Role) -> None:
    """Articles are loaded and described by annotators and up."""
    check_role(role, Role.ANNOTATOR, _("loading articles"))


def check_can_edit_sources(role: Role) -> None:
    """Any annotator edits sources: they are the project's, not a layer's."""
    check_role(role, Role.ANNOTATOR, _("editing sources"))


def check_can_merge_blind(role: Role, *, sees_all: bool) -> None:
    """In a blind project a source is merged by who may see everything that is linked to it, or by a manager."""
    if not sees_all and not includes(role, Role.MANAGER):
        raise NotAllowed(
            _("While work is hidden from each other, a source that others may use is merged by a manager.")
        )


def check_can_review(role: Role, *, reviewer: UUID, author: UUID, owner: UUID | None) -> None:
    """Reviewers decide, never on their own work nor on what stands in their own layer."""
    check_role(role, Role.REVIEWER, _("deciding"))
    if reviewer in (author, owner):
        raise NotAllowed(_("You cannot decide on your own work."))


def check_did_not_propose(*, proposed: bool) -> None:
    """Who proposed a change that was taken, or an annotation that was missing, does not approve it."""
    if proposed:
        raise NotAllowed(_("You have proposed this yourself; a colleague decides on it."))


def check_can_talk(role: Role) -> None:
    """Viewers read what is talked about; annotators and up take part, and resolve and reopen any thread."""
    check_role(role, Role.ANNOTATOR, _("taking part in talk"))


def check_owns_comment(*, person: UUID, author: UUID) -> None:
    """Nobody puts words into another's mouth, nor takes them away."""
    if person != author:
        raise NotAllowed(_("Only who wrote a comment changes or withdraws it."))


def check_can_manage(role: Role) -> None:
    """Settings, members and the scheme are the manager's."""
    check_role(role, Role.MANAGER, _("managing the project"))


def check_can_make_projects(*, limited: bool) -> None:
    """Anybody makes projects, but not with a token that is limited to some: it would not reach the new one."""
    if limited:
        raise NotAllowed(_("This token is limited to some projects; make new ones with another token."))


def check_owns_layer(*, person: UUID, owner: UUID | None) -> None:
    """Only its owner changes what stands in a layer; others propose."""
    if owner is None:
        raise NotAllowed(_("The reference layer is changed by adjudication only."))
    if person != owner:
        raise NotAllowed(_("This stands in a colleague's layer, and only its owner changes it."))


def allowed(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Tell whether a check passes."""
    try:
        check(*args, **kwargs)
    except NotAllowed:
        return False
    return True


def reason(check: Callable[..., None], *args: Any, **kwargs: Any) -> str:
    """Return why a check does not pass, or an empty string when it does."""
    try:
        check(*args, **kwargs)
    except NotAllowed as refusal:
        return str(refusal)
    return ""
