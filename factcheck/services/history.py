"""Undo: a new act that puts back what an earlier one changed, refused when something moved on since."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, NotFound
from factcheck.permissions import checks
from factcheck.queries import reading
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, annotating, annotations

# What an update puts back; who made it, when, and what is counted stays as it is.
_CONTENT = {
    "annotation": ("tag_id", "extent", "pieces", "prefix", "suffix", "note", "attributes", "schema_version"),
    "relation": (
        *("kind_id", "is_symmetric", "subject_id", "object_id", "object_article_id"),
        *("attributes", "note"),
    ),
    "source_link": (
        *("source_id", "role", "position", "on_behalf_of_id", "as_named", "cue", "stance", "url", "quote"),
        *("locator", "accessed_at", "archive_url", "note", "source_text_id", "source_text_length"),
        *("passage_start", "passage_end", "passage_prefix", "passage_suffix", "passage_state"),
    ),
}


class _Last(NamedTuple):
    id: UUID
    kind: str


class _Change(NamedTuple):
    """What an act did to one thing as a whole, and whether the thing has moved on since."""

    type: str
    thing: UUID
    op: str
    before: Any
    moved_on: bool


def undo(*, article_id: UUID, by: Actor) -> str:
    """Undo this person's last act in the article that is not undone, and return its kind.

    Raises `NotFound` when there is none, `Conflict` when what it changed has been changed since or is submitted in a
    blind project, `NotAllowed` when it stands in a layer that was handed over.
    """
    article = queries.articles.visible(by.user_id, article_id)
    if article is None:
        raise NotFound(_("There is no such article."))
    checks.check_can_annotate(Role(article.role))
    with transaction.atomic():
        last = _last_act(article_id, by)
        if last is None:
            raise NotFound(_("There is nothing of yours to undo here."))
        _check_layers(last.id, by)
        changes = _changes(last.id)
        if any(change.moved_on for change in changes):
            raise Conflict(_("Something has changed since; undoing would overwrite it."))
        with acts.act("undo", project_id=article.project_id, by=by, article_id=article_id, undoes=last.id):
            _put_back(changes)
        return last.kind


def _last_act(article_id: UUID, by: Actor) -> _Last | None:
    return reading.one(
        _Last,
        """SELECT a.id, a.kind FROM act a
           WHERE a.article = %s AND a.actor_id = %s AND a.undoes IS NULL AND a.kind = ANY(%s)
             AND NOT EXISTS (SELECT FROM act u WHERE u.undoes = a.id)
           ORDER BY a.position DESC, a.id DESC LIMIT 1""",
        [article_id, by.user_id, [f"{verb}_{thing}" for verb in _VERBS for thing in _CONTENT]],
    )


class _Layer(NamedTuple):
    """A layer in which an act changed something."""

    owner_id: UUID | None
    closed: bool
    state: str


def _check_layers(act_id: UUID, by: Actor) -> None:
    """Refuse what its person could no longer do by any other way: the layer is another's now, or submitted."""
    for layer in reading.rows(
        _Layer,
        """SELECT DISTINCT l.owner_id, p.blind AND l.opened_at IS NULL, l.state
           FROM event e JOIN layer l ON l.id = e.layer JOIN project p ON p.id = l.project_id
           WHERE e.act_id = %s AND e.type = ANY(%s)""",
        [act_id, list(_CONTENT)],
    ):
        checks.check_owns_layer(person=by.user_id, owner=layer.owner_id)
        annotating.check_layer_open(layer.closed, layer.state)


_VERBS = ("create", "update", "withdraw", "restore")


def _changes(act_id: UUID) -> list[_Change]:
    """Sum up an act's events by thing: the first state before, and whether a later act still stands.

    Later acts that were undone, and what undid them, cancel out.
    """
    return reading.rows(
        _Change,
        """SELECT e.type, e.thing, (array_agg(e.op ORDER BY e.ordinal))[1],
                  (array_agg(e.before::text ORDER BY e.ordinal))[1],
                  EXISTS (SELECT FROM event later JOIN act a ON a.id = later.act_id
                          WHERE later.thing = e.thing AND later.type = e.type AND later.revision > max(e.revision)
                            AND a.undoes IS NULL AND NOT EXISTS (SELECT FROM act u WHERE u.undoes = a.id))
           FROM event e
           WHERE e.act_id = %s AND e.type = ANY(%s)
             AND NOT (e.op = 'delete' AND e.before ->> 'withdrawn_at' IS NOT NULL)
           GROUP BY e.type, e.thing""",
        [act_id, list(_CONTENT)],
    )


def _put_back(changes: list[_Change]) -> None:
    made = [change for change in changes if change.op == "create"]
    withdrawn = [change for change in changes if change.op == "delete"]
    changed = [change for change in changes if change.op == "update"]
    for change in sorted(made, key=lambda change: change.type == "annotation"):
        _withdraw(change)
    for change in sorted(withdrawn, key=lambda change: change.type != "annotation"):
        _restore(change)
    for change in changed:
        _rewrite(change)


def _withdraw(change: _Change) -> None:
    if change.type == "annotation":
        annotations.withdraw_rows(change.thing)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {change.type} SET withdrawn_at = now() WHERE id = %s AND withdrawn_at IS NULL",
            [change.thing],
        )


def _restore(change: _Change) -> None:
    if change.type == "annotation":
        annotations.restore_rows(change.thing)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {change.type} SET withdrawn_at = NULL, withdrawn_with = NULL"
            " WHERE id = %s AND withdrawn_at IS NOT NULL",
            [change.thing],
        )


def _rewrite(change: _Change) -> None:
    columns = ", ".join(_CONTENT[change.type])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {change.type} SET ({columns}) ="
            f" (SELECT {columns} FROM jsonb_populate_record(NULL::{change.type}, %s::jsonb)) WHERE id = %s",
            [change.before, change.thing],
        )
