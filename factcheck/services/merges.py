"""Merging two sources that are one, and undoing it. Both are acts of their own: reviewers judge nothing anew.

Links keep version, status and updated_at; only their revision counts. Undoing puts back, from the history, exactly
what the merge changed, and is refused when one of these things has been changed since.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Source
from factcheck.permissions import checks
from factcheck.queries.merges import DOUBLES, Merge
from factcheck.queries.sources import Row
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, identity, sources


def merge(*, source_id: UUID, into: UUID, by: Actor) -> Row:
    """Merge a source into another one, which then has all its links and names; return that one.

    Where both were linked to one annotation in one role, the link to the merged source is withdrawn. Its captured
    texts go along if the other source has none, else they stay with it. Raises `Conflict` for one of the two
    sources that each project is born with, `Gone` when it is withdrawn, `NotAllowed`.
    """
    if source_id == into:
        raise Invalid(_("A source cannot be merged into itself; choose another one."), field="into")
    with transaction.atomic():
        sources.lock_annotations([source_id])
        merged, kept = _both(source_id, into, by)
        _check_mergeable(merged, kept, by)
        facts = _facts(merged, kept)
        with acts.act("merge_sources", project_id=kept.project_id, by=by), acts.replacing():
            touched = [*_withdraw_doubles(merged.id, kept.id), *_point_elsewhere(merged.id, kept.id)]
            _take_texts(merged, kept)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE source SET aliases = %s, description = %s, url = %s, updated_at = now() WHERE id = %s",
                    [*facts, kept.id],
                )
                cursor.execute(
                    "UPDATE source SET withdrawn_at = now(), merged_into_id = %s, updated_at = now() WHERE id = %s",
                    [kept.id, merged.id],
                )
            _count(touched)
        return sources.locked(into, by)


def _both(source_id: UUID, into: UUID, by: Actor) -> tuple[Row, Row]:
    """Lock both in the order of their ids, so that two merges cannot wait for each other."""
    try:
        queries_of = {key: sources.locked(key, by) for key in sorted((source_id, into))}
    except NotFound as error:
        if queries.sources.visible(by.user_id, source_id) is not None:
            raise Invalid(_("There is no such source in this project."), field="into") from error
        raise
    return queries_of[source_id], queries_of[into]


def _check_mergeable(merged: Row, kept: Row, by: Actor) -> None:
    if merged.withdrawn_at is not None:
        identity.refuse_withdrawn()
    if kept.project_id != merged.project_id:
        raise Invalid(_("There is no such source in this project."), field="into")
    if kept.withdrawn_at is not None:
        raise Conflict(
            _("The source %(name)s is withdrawn; restore it first.") % {"name": kept.name}, field="into"
        )
    if merged.standing:
        raise Conflict(_("The article's own voice and nobody named stay with the project."))
    project = queries.projects.by_id(merged.project_id)
    if project.blind:
        checks.check_can_merge_blind(
            Role(queries.projects.role_of(by.user_id, project.pk) or Role.VIEWER),
            sees_all=queries.merges.sees_all_links(by.user_id, merged.id),
        )


def _facts(merged: Row, kept: Row) -> tuple[list[str], str, str]:
    """Return aliases, description and address of the source that stays."""
    names = [name for name in (*kept.aliases, merged.name, *merged.aliases) if name != kept.name]
    aliases = list(dict.fromkeys(names))
    if len(aliases) > sources.MAX_ALIASES:
        raise Conflict(
            _("Together they have %(number)s names; a source may have at most %(most)s aliases.")
            % {"number": len(aliases), "most": sources.MAX_ALIASES}
        )
    return aliases, kept.description or merged.description, kept.url or merged.url


def _withdraw_doubles(source_id: UUID, into: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE source_link SET withdrawn_at = coalesce(withdrawn_at, now()), withdrawn_with = %(source)s
                WHERE id IN (SELECT k.id {DOUBLES}) RETURNING annotation_id""",
            {"source": source_id, "into": into},
        )
        return [key for (key,) in cursor.fetchall()]


def _point_elsewhere(source_id: UUID, into: UUID) -> list[UUID]:
    """Point every other link elsewhere, withdrawn ones too, since they may come back. Nobody speaks for himself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE source_link k SET source_id = n.source, on_behalf_of_id = nullif(n.behalf, n.source)
               FROM (
                   SELECT id, CASE source_id WHEN %(source)s THEN %(into)s::uuid ELSE source_id END AS source,
                          CASE on_behalf_of_id WHEN %(source)s THEN %(into)s::uuid ELSE on_behalf_of_id END AS behalf
                   FROM source_link WHERE source_id = %(source)s OR on_behalf_of_id = %(source)s
               ) n
               WHERE n.id = k.id AND k.withdrawn_with IS DISTINCT FROM %(source)s::uuid
               RETURNING k.annotation_id""",
            {"source": source_id, "into": into},
        )
        return [key for (key,) in cursor.fetchall()]


def _take_texts(merged: Row, kept: Row) -> None:
    """Take the captured texts along where the other source has none: two rows of versions would be mixed up."""
    if kept.kind != Source.Kind.DOCUMENT:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE source_text SET source_id = %(into)s WHERE source_id = %(source)s
               AND NOT EXISTS (SELECT FROM source_text WHERE source_id = %(into)s)""",
            {"source": merged.id, "into": kept.id},
        )


def _count(annotations: Sequence[UUID]) -> None:
    """Count a revision of the annotations, whose representations have their links in them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE annotation SET updated_at = updated_at WHERE id = ANY(%s::uuid[]) AND withdrawn_at IS NULL",
            [list(set(annotations))],
        )


# -- undoing it ------------------------------------------------------------------------------------

# What a merge changes, by table: only where it did is it compared and put back.
_CHANGED = {
    "source": ("aliases", "description", "url", "withdrawn_at", "merged_into_id"),
    "source_link": ("source_id", "on_behalf_of_id", "withdrawn_at", "withdrawn_with"),
    "source_text": ("source_id",),
}


def unmerge(*, source_id: UUID, by: Actor) -> Row:
    """Undo the merge by which this source went into another one; return it.

    What was linked to the other source since stays there. Raises `Conflict` when something that the merge
    changed has been changed since, or when the source was not merged.
    """
    with transaction.atomic():
        standing = _merge_of(source_id, by)
        _lock_changed(standing)
        standing = _merge_of(source_id, by)
        _check_as_left(standing)
        undone = acts.act("unmerge_sources", project_id=standing.project_id, by=by, undoes=standing.act)
        with undone, acts.replacing():
            _put_back_sources(standing)
            _count(_put_back_links(standing))
            with connection.cursor() as cursor:
                cursor.execute(
                    """UPDATE source_text t SET source_id = (e.before ->> 'source_id')::uuid FROM event e
                       WHERE e.act_id = %s AND e.type = 'source_text' AND e.thing = t.id""",
                    [standing.act],
                )
        return sources.locked(source_id, by)


def _merge_of(source_id: UUID, by: Actor) -> Merge:
    standing = queries.merges.of(by.user_id, source_id)
    if standing is None:
        if queries.sources.visible(by.user_id, source_id) is None:
            raise NotFound(_("There is no such source."))
        raise Conflict(_("This source was not merged into another one."))
    checks.check_can_edit_sources(Role(standing.role))
    if standing.blind:
        checks.check_can_merge_blind(Role(standing.role), sees_all=standing.actor_id == by.user_id)
    return standing


def _lock_changed(standing: Merge) -> None:
    """Lock the annotations of what the merge changed, then the two sources."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT FROM annotation WHERE id IN (
                   SELECT k.annotation_id FROM event e JOIN source_link k ON k.id = e.thing
                   WHERE e.act_id = %s AND e.type = 'source_link') ORDER BY id FOR UPDATE""",
            [standing.act],
        )
        cursor.execute(
            "SELECT FROM source WHERE id IN (%s, %s) ORDER BY id FOR UPDATE", [standing.source, standing.into]
        )


def _check_as_left(standing: Merge) -> None:
    """Refuse to overwrite what somebody changed after the merge."""
    told = {
        "source": _(
            "The names or the description of one of the two sources were changed since they were merged."
        ),
        "source_link": _("Links were given another source since the two were merged."),
        "source_text": _("The captured texts were moved since the two were merged."),
    }
    with connection.cursor() as cursor:
        for table, columns in _CHANGED.items():
            cursor.execute(
                f"""SELECT EXISTS (
                        SELECT FROM event e JOIN {table} t ON t.id = e.thing, unnest(%s::text[]) c
                        WHERE e.act_id = %s AND e.type = %s AND e.before -> c IS DISTINCT FROM e.after -> c
                          AND to_jsonb(t) -> c IS DISTINCT FROM e.after -> c)""",
                [list(columns), standing.act, table],
            )
            if cursor.fetchone()[0]:
                raise Conflict(_("%(what)s Undoing would overwrite that.") % {"what": told[table]})


def _back(column: str) -> str:
    """Write a column as it was before, if the merge changed it, and as it is otherwise."""
    changed = f"e.before -> '{column}' IS DISTINCT FROM e.after -> '{column}'"
    return f"CASE WHEN {changed} THEN b.{column} ELSE t.{column} END"


def _put_back_sources(standing: Merge) -> None:
    put = ", ".join(f"{column} = {_back(column)}" for column in _CHANGED["source"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE source t SET {put},
                       updated_at = CASE WHEN t.revision = e.revision THEN b.updated_at ELSE now() END
                FROM event e, jsonb_populate_record(NULL::source, e.before) b
                WHERE e.act_id = %s AND e.type = 'source' AND e.thing = t.id""",
            [standing.act],
        )


def _put_back_links(standing: Merge) -> list[UUID]:
    """Put links back. What comes back to an annotation follows it: withdrawn with it, or restored with it, since."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH back AS (
                    SELECT t.id, {_back("source_id")} AS source_id, {_back("on_behalf_of_id")} AS on_behalf_of_id,
                           {_back("withdrawn_at")} AS withdrawn_at, {_back("withdrawn_with")} AS withdrawn_with,
                           a.id AS annotation, a.withdrawn_at AS gone_at
                    FROM event e
                    CROSS JOIN LATERAL jsonb_populate_record(NULL::source_link, e.before) b
                    JOIN source_link t ON t.id = e.thing
                    JOIN annotation a ON a.id = t.annotation_id
                    WHERE e.act_id = %s AND e.type = 'source_link'
                )
                UPDATE source_link t SET source_id = back.source_id, on_behalf_of_id = back.on_behalf_of_id,
                       withdrawn_at = CASE WHEN back.withdrawn_at IS NULL OR back.withdrawn_with = back.annotation
                                      THEN back.gone_at ELSE back.withdrawn_at END,
                       withdrawn_with = CASE WHEN back.withdrawn_at IS NULL OR back.withdrawn_with = back.annotation
                                        THEN CASE WHEN back.gone_at IS NOT NULL THEN back.annotation END
                                        ELSE back.withdrawn_with END
                FROM back WHERE back.id = t.id RETURNING t.annotation_id""",
            [standing.act],
        )
        return [key for (key,) in cursor.fetchall()]
