"""The work on articles: assigned by managers, submitted and reopened by annotators, opened, handed over.

A layer is its owner's assignment. Every step goes through the table of `permissions.workflow`.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotAllowed, NotFound
from factcheck.models import Membership
from factcheck.models.fields import uuid7
from factcheck.permissions import checks, workflow
from factcheck.queries import reading
from factcheck.queries.articles import ArticleRow
from factcheck.queries.layers import LayerRow
from factcheck.records import Actor
from factcheck.roles import Role, includes
from factcheck.services import acts, identity
from factcheck.services.identity import Made
from factcheck.services.texts import clean


class _Held(NamedTuple):
    """A layer locked for a step, with all layers of its article locked beside it."""

    id: UUID
    project_id: UUID
    article_id: UUID
    kind: str
    owner_id: UUID | None
    owner: str | None
    state: str
    revision: int
    opened: bool
    excused: bool
    first_answer: UUID | None
    blind: bool
    role: str


def assign(*, article_id: UUID, owner: str, by: Actor) -> Made:
    """Give an annotator a layer in the article, not started; one who has a layer there keeps it.

    Who was excused is asked again. In a blind project nobody joins once the layers are open.
    """
    clean(owner, "owner", required=True)
    with transaction.atomic():
        article = _managed_article(article_id, by)
        member = _annotator(article.project_id, owner)
        present = queries.layers.of_person(by.user_id, article_id, owner)
        if present is not None:
            return Made(_asked_again(present, article.project_id, by), False)
        check_still_closed(article_id)
        with acts.act("assign", project_id=article.project_id, by=by):
            fresh = _insert(article, member.user_id, by)
    return Made(queries.layers.of_person(by.user_id, article_id, owner), fresh)


class Planned(NamedTuple):
    """An article and who is to annotate it as well."""

    article_id: UUID
    owner: str


def plan_evenly(
    *, project_id: UUID, article_ids: Sequence[UUID], owners: Sequence[str], each: int, by: Actor
) -> list[Planned]:
    """Say who would be given what so that every article has so many annotators, whoever has least in hand first.

    What is assigned already counts, and nobody who was excused from an article is asked again. Raises `Invalid` when
    there are fewer annotators than asked for, `Conflict` for an article whose layers are open.
    """
    if not 1 <= each <= len(set(owners)):
        raise Invalid(
            _("Choose at least as many annotators as each article is to have (%(each)s).") % {"each": each},
            field="each",
        )
    role = queries.projects.role_of(by.user_id, project_id)
    if role is None:
        raise NotFound(_("There is no such project."))
    checks.check_can_manage(role)
    people = {name: _annotator(project_id, name).user_id for name in dict.fromkeys(owners)}
    load = dict.fromkeys(people, 0) | _in_hand(project_id, list(people))
    planned: list[Planned] = []
    for article_id in dict.fromkeys(article_ids):
        article = _managed_article(article_id, by)
        if article.project_id != project_id:
            raise Invalid(_("An article lies in another project."), field="articles")
        beside = _layers_of(article_id)
        wanted = each - sum(not row.excused for row in beside)
        free = sorted(set(people) - {row.owner for row in beside}, key=lambda name: (load[name], name))
        for name in free[: max(wanted, 0)]:
            check_still_closed(article_id)
            planned.append(Planned(article_id, name))
            load[name] += 1
    return planned


def assign_evenly(
    *,
    project_id: UUID,
    article_ids: Sequence[UUID],
    owners: Sequence[str],
    each: int,
    by: Actor,
    expect: Sequence[Planned] | None = None,
) -> int:
    """Give every article so many of the annotators as `plan_evenly` says; return how many layers are new.

    One act for all. Raises `Conflict` when `expect`, the plan that was shown, is no longer what would be given.
    """
    with acts.together("assign", project_id=project_id, by=by):
        planned = plan_evenly(project_id=project_id, article_ids=article_ids, owners=owners, each=each, by=by)
        if expect is not None and list(expect) != planned:
            raise Conflict(
                _("Somebody assigned meanwhile; look at who would get what now."), field="articles"
            )
        for article_id, name in planned:
            assign(article_id=article_id, owner=name, by=by)
    return len(planned)


def submit(*, layer_id: UUID, by: Actor, expect: int | None = None) -> LayerRow:
    """Say that one's layer is done. In a blind project the last one to submit opens all layers of the article.

    Raises `NotAllowed` for a colleague's layer, `Conflict` when it is submitted already, `Stale` for an old revision.
    """
    with transaction.atomic():
        held, beside = _locked(layer_id, by)
        _check_owner(held, by)
        identity.check_unchanged(expect, held.revision, _row(by, layer_id))
        after = workflow.state_after("submit", held.state)
        with acts.act("submit", project_id=held.project_id, by=by) as act_id, connection.cursor() as cursor:
            cursor.execute(
                """UPDATE layer SET state = %s, submitted_at = now(), excused_at = NULL,
                       first_answer = CASE WHEN %s OR submitted_at IS NOT NULL THEN first_answer ELSE %s END
                   WHERE id = %s""",
                # One that came in submitted was first submitted elsewhere: of that nothing is known here.
                [after, held.blind, act_id, layer_id],
            )
        _open_if_all_submitted(held, [*beside, held._replace(state=after, excused=False)], by)
    return _row(by, layer_id)


def reopen(*, layer_id: UUID, by: Actor, expect: int | None = None) -> LayerRow:
    """Take a submission back: its owner, or a manager who wants more. What was opened stays open."""
    with transaction.atomic():
        held, _beside = _locked(layer_id, by)
        if held.owner_id != by.user_id:
            checks.check_can_manage(Role(held.role))
        checks.check_can_annotate(Role(held.role))
        identity.check_unchanged(expect, held.revision, _row(by, layer_id))
        after = workflow.state_after("reopen", held.state)
        with acts.act("reopen", project_id=held.project_id, by=by), connection.cursor() as cursor:
            cursor.execute("UPDATE layer SET state = %s WHERE id = %s", [after, layer_id])
    return _row(by, layer_id)


def excuse(*, layer_id: UUID, by: Actor) -> LayerRow:
    """Expect nothing more of this layer, so that the others of its article need not wait; what is in it stays."""
    with transaction.atomic():
        held, beside = _locked(layer_id, by)
        checks.check_can_manage(Role(held.role))
        if held.state == "submitted":
            raise Conflict(_("This work is submitted; there is nothing to excuse."), field="state")
        if held.excused:
            return _row(by, layer_id)
        with acts.act("excuse", project_id=held.project_id, by=by), connection.cursor() as cursor:
            cursor.execute("UPDATE layer SET excused_at = now() WHERE id = %s", [layer_id])
        _open_if_all_submitted(held, [*beside, held._replace(excused=True)], by)
    return _row(by, layer_id)


def hand_over(*, layer_id: UUID, to: str, by: Actor) -> LayerRow:
    """Give somebody else's layer to another annotator; who made what is in it stays as it is.

    Refused where the heir has a layer in the article, or has decided on something in this one: nobody owns what they
    have judged.
    """
    clean(to, "owner", required=True)
    with transaction.atomic():
        held, beside = _locked(layer_id, by)
        checks.check_can_manage(Role(held.role))
        heir = _annotator(held.project_id, to)
        if held.kind != "person" or heir.user_id == held.owner_id:
            raise Conflict(_("This work is theirs already, or is nobody's to hand over."), field="owner")
        if any(layer.owner_id == heir.user_id for layer in beside):
            raise Conflict(
                _("%(user)s has a layer of their own in this article.") % {"user": to}, field="owner"
            )
        if _has_judged(layer_id, heir.user_id):
            raise Conflict(
                _("%(user)s has decided on, or proposed for, what stands in this layer.") % {"user": to},
                field="owner",
            )
        with acts.act("hand_over", project_id=held.project_id, by=by), connection.cursor() as cursor:
            cursor.execute("UPDATE layer SET owner_id = %s WHERE id = %s", [heir.user_id, layer_id])
    return _row(by, layer_id)


# -- what the steps have in common -----------------------------------------------------------------


def _managed_article(article_id: UUID, by: Actor) -> ArticleRow:
    article = queries.articles.visible(by.user_id, article_id)
    if article is None:
        raise NotFound(_("There is no such article."), field="article")
    checks.check_can_manage(Role(article.role))
    return article


def _annotator(project_id: UUID, username: str) -> Membership:
    member = Membership.objects.filter(project_id=project_id, user__username=username).first()
    if member is None:
        raise Invalid(_("%(user)s is no member of this project.") % {"user": username}, field="owner")
    if not includes(Role(member.role), Role.ANNOTATOR):
        raise Invalid(_("A viewer does not annotate; change the role first."), field="owner")
    return member


def _insert(article: ArticleRow, owner: UUID, by: Actor) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO layer (id, project_id, article_id, kind, owner_id, state, created_by_id, revision)
               VALUES (%s, %s, %s, 'person', %s, 'not_started', %s, 1)
               ON CONFLICT (article_id, owner_id) WHERE kind = 'person' DO NOTHING""",
            [uuid7(), article.project_id, article.id, owner, by.user_id],
        )
        return bool(cursor.rowcount)


def _asked_again(present: LayerRow, project_id: UUID, by: Actor) -> LayerRow:
    """Ask somebody again who was excused."""
    if present.excused_at is None:
        return present
    check_still_closed(present.article)
    with acts.act("assign", project_id=project_id, by=by), connection.cursor() as cursor:
        cursor.execute("UPDATE layer SET excused_at = NULL WHERE id = %s", [present.id])
    return _row(by, present.id)


def check_still_closed(article_id: UUID) -> None:
    """Refuse to let somebody join whose answer could not be blind any more."""
    with connection.cursor() as cursor:
        # The lock makes this wait for a submission that is just opening the layers.
        cursor.execute("SELECT FROM article WHERE id = %s FOR NO KEY UPDATE", [article_id])
        cursor.execute(
            """SELECT EXISTS (SELECT FROM layer l JOIN project p ON p.id = l.project_id
               WHERE l.article_id = %s AND p.blind AND l.opened_at IS NOT NULL)""",
            [article_id],
        )
        if cursor.fetchone()[0]:
            raise Conflict(
                _("The layers of this article are open: whoever joins now would not answer blind."),
                field="article",
            )


_HELD = """
    SELECT l.id, l.project_id, l.article_id, l.kind, l.owner_id, u.username, l.state, l.revision,
           l.opened_at IS NOT NULL, l.excused_at IS NOT NULL, l.first_answer, p.blind, m.role
    FROM layer l
    JOIN project p ON p.id = l.project_id
    JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %s
    LEFT JOIN account u ON u.id = l.owner_id
"""


class _Beside(NamedTuple):
    """A layer of an article, as assigning looks at it."""

    owner: str | None
    excused: bool


def _layers_of(article_id: UUID) -> list[_Beside]:
    return reading.rows(
        _Beside,
        """SELECT u.username, l.excused_at IS NOT NULL FROM layer l JOIN account u ON u.id = l.owner_id
           WHERE l.article_id = %s""",
        [article_id],
    )


def _locked(layer_id: UUID, by: Actor) -> tuple[_Held, list[_Held]]:
    """Lock the article, so that its layers take steps one after the other; return the layer and those beside it."""
    known = queries.layers.visible(by.user_id, layer_id)
    if known is None:
        raise NotFound(_("There is no such layer."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM article WHERE id = %s FOR NO KEY UPDATE", [known.article])
    held = reading.rows(
        _Held, f"{_HELD} WHERE l.article_id = %s ORDER BY l.id FOR UPDATE OF l", [by.user_id, known.article]
    )
    mine = next((layer for layer in held if layer.id == layer_id), None)
    if mine is None:
        raise NotFound(_("There is no such layer."))
    return mine, [layer for layer in held if layer.id != layer_id]


def _check_owner(held: _Held, by: Actor) -> None:
    checks.check_can_annotate(Role(held.role))
    if held.owner_id != by.user_id:
        raise NotAllowed(_("Only whose work it is submits it."))


def _open_if_all_submitted(held: _Held, layers: list[_Held], by: Actor) -> None:
    """Open the layers of a blind project's article once all who count have submitted; it is one act, never undone."""
    people = [layer for layer in layers if layer.kind == "person"]
    counting = [layer for layer in people if not layer.excused]
    submitted = sum(layer.state == "submitted" for layer in counting)
    progress = workflow.Progress(len(counting), submitted, 0, 0, 0)
    if not held.blind or not workflow.opens(progress) or all(layer.opened for layer in people):
        return
    with acts.act("open_layers", project_id=held.project_id, by=by) as act_id, connection.cursor() as cursor:
        cursor.execute(
            """UPDATE layer SET opened_at = now(), first_answer = coalesce(first_answer, %s)
               WHERE article_id = %s AND kind = 'person' AND opened_at IS NULL""",
            [act_id, held.article_id],
        )


def _in_hand(project_id: UUID, owners: list[str]) -> dict[str, int]:
    """Count what each has in hand: layers of the project that are not submitted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT u.username, count(*) FROM layer l JOIN account u ON u.id = l.owner_id
               WHERE l.project_id = %s AND u.username = ANY(%s) AND l.state <> 'submitted' AND l.excused_at IS NULL
               GROUP BY u.username""",
            [project_id, owners],
        )
        return dict(cursor.fetchall())


def _has_judged(layer_id: UUID, person: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM review WHERE layer_id = %(l)s AND reviewer_id = %(p)s)
                   OR EXISTS (SELECT FROM proposed_annotation WHERE layer_id = %(l)s AND created_by_id = %(p)s)""",
            {"l": layer_id, "p": person},
        )
        judged: bool = cursor.fetchone()[0]
    return judged


def _row(by: Actor, layer_id: UUID) -> LayerRow:
    row = queries.layers.visible(by.user_id, layer_id)
    if row is None:
        raise NotFound(_("There is no such layer."))
    return row
