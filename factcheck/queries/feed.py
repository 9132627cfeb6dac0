"""The change feed: every event that the viewer may know of, in commit order per project, and none twice.

Positions are given at commit under the project's counter, so whoever has read up to a position has missed
nothing before it. In a blind project a thing can become visible long after it was made (its layer is opened):
the feed then tells, right after the line that made it visible, all that was kept from this reader before.

Some things change, or come into an export, by what is done to others: those are told along, as lines of the same
event without a version and a revision (see `feed_sql.ALONG`).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck.exceptions import CursorExpired, NotFound
from factcheck.queries import feed_sql, reading
from factcheck.queries.feed_cursor import Cursor, Place, Replay

TYPES = (
    *("project", "membership", "tag", "relation_kind", "attribute_schema", "article", "layer", "annotation"),
    *(
        "relation",
        "source",
        "source_text",
        "source_link",
        "review",
        "review_response",
        "proposed_annotation",
        "reviewer_assignment",
        "release",
        "thread",
        "comment",
    ),
)


class NoEpoch(Exception):
    """This database has no epoch of its own yet: `services.feed.start_epoch` makes one."""


class Line(NamedTuple):
    """One line of the feed."""

    type: str
    id: UUID
    project: str
    article: UUID | None
    op: str
    version: int | None
    revision: int | None
    at: Any
    by: str | None


class Page(NamedTuple):
    """Some lines, where to go on, and whether there is more at once."""

    lines: list[Line]
    cursor: str
    more: bool


class _Project(NamedTuple):
    """A project that the viewer follows: its last position, and whether the viewer is (still) a member.

    One that is not `reached` by the token that asks is kept in the cursor and told nothing of. Of one who follows
    none there is one row, with the epoch and without a slug.
    """

    epoch: str | None
    fingerprint: str
    id: UUID
    slug: str
    blind: bool
    last: int
    member: bool
    reached: bool


class _Event(NamedTuple):
    """An event as it is read.

    `turn` says how it changes what the viewer sees; `shown` and `hidden` are sources made by others that the viewer
    may, or may no longer, see by it. What is told along: the `project`, sources that a link `names`, and what was
    `judged` of the thing, and said about it.
    """

    position: int
    ordinal: int
    type: str
    thing: UUID
    article: UUID | None
    op: str
    version: int | None
    revision: int
    at: Any
    by: str
    turn: str | None
    shown: list[UUID] | None
    hidden: list[UUID] | None
    project: bool | None
    names: list[UUID] | None
    judged: list[str] | None  # type/id


class Told(NamedTuple):
    """A line of an event, and the key by which lines of one event are in order and told apart."""

    key: str
    line: Line


_ITSELF = "-"  # the key of the line about what the event changed: before all others


@dataclass
class _Reader:
    """What one request asks for, and the lines found so far."""

    viewer: UUID
    types: Collection[str]
    limit: int
    lines: list[Line] = field(default_factory=list)

    @property
    def room(self) -> int:
        return self.limit - len(self.lines)


def now(viewer: UUID, *, project: str | None = None) -> Page:
    """Return the cursor of one who knows everything up to now, and no lines."""
    epoch, projects = _standing(viewer, ())
    chosen = _chosen(projects, project)
    places = {found.id: Place.at(found.last) for found in chosen if found.member}
    return Page([], Cursor(epoch, places).encode(), False)


def of_snapshot(own: Any, project_id: UUID) -> str:
    """Return the cursor of one who knows what a snapshot shows of a project: what `own`, a connection in it, sees.

    Whoever applies what comes after it to what was read in that snapshot misses nothing and is told nothing twice.
    """
    with own.cursor() as cursor:
        cursor.execute(feed_sql.OF_SNAPSHOT, [project_id])
        epoch, fingerprint, position = cursor.fetchone()
    _check_epoch(epoch, fingerprint)
    return Cursor(epoch, {project_id: Place.at(position)}).encode()


def read(
    viewer: UUID,
    after: Cursor | None,
    *,
    project: str | None = None,
    types: Collection[str] = TYPES,
    limit: int = 100,
) -> Page:
    """Return the next lines after a cursor, from the start without one; an idle poll is one statement.

    With `project` only that one is read, and the cursor keeps its places in the others. A project that the
    viewer has joined comes whole; of one that the viewer has left, one line says so whatever `types` are asked
    for. Raises `CursorExpired` for a cursor of another history.
    """
    epoch, projects = _standing(viewer, after.places if after else ())
    if after is not None and after.epoch != epoch:
        _expired()
    places = dict(after.places) if after else {}
    reader = _Reader(viewer, types, limit)
    more = False
    chosen = _chosen(projects, project)
    for left in [found for found in chosen if not found.member]:
        if reader.room:
            reader.lines.extend(_leaving(viewer, left))
            places.pop(left.id, None)
        else:
            more = True
    for present in [found for found in chosen if found.member]:
        place = places.get(present.id, Place())
        if max(place.position, place.upto) > present.last:
            _expired()
        if place.position < present.last and reader.room:
            place = _walk(reader, present, place)
        places[present.id] = place
        more = more or place.position < present.last
    known = {found.id for found in projects}
    return Page(reader.lines, Cursor(epoch, {k: v for k, v in places.items() if k in known}).encode(), more)


def _expired() -> None:
    raise CursorExpired(
        _("This cursor belongs to another history of the data (a backup was restored); read from the start."),
        field="after",
    )


def _standing(viewer: UUID, known: Collection[UUID]) -> tuple[str, list[_Project]]:
    """Return the epoch, and the projects that the viewer is in or that the cursor names, in id order."""
    found = reading.rows(_Project, feed_sql.STANDING, {"viewer": viewer, "known": list(known)})
    epoch = _check_epoch(found[0].epoch, found[0].fingerprint)
    return epoch, [row for row in found if row.slug]


def _check_epoch(epoch: str | None, fingerprint: str) -> str:
    if epoch is None or not epoch.startswith(fingerprint):
        raise NoEpoch
    return epoch


def _chosen(projects: list[_Project], slug: str | None) -> list[_Project]:
    reached = [found for found in projects if found.reached]
    if slug is None:
        return reached
    chosen = [found for found in reached if found.slug == slug]
    if not chosen:
        raise NotFound(_("There is no such project."), field="project")
    return chosen


class _Left(NamedTuple):
    at: Any
    by: str


def _leaving(viewer: UUID, left: _Project) -> Iterator[Line]:
    """Tell that the viewer has left the project; nothing of one that the viewer was never in."""
    told = reading.one(
        _Left,
        """SELECT a.at, u.username FROM act a
           JOIN event e ON e.act_id = a.id
           JOIN account u ON u.id = a.actor_id
           WHERE a.project_id = %s AND a.position <= %s AND e.type = 'membership' AND e.op = 'delete'
             AND e.before ->> 'user_id' = %s
           ORDER BY a.position DESC LIMIT 1""",
        [left.id, left.last, str(viewer)],
    )
    if told is not None:
        yield Line("project", left.id, left.slug, None, "delete", None, None, told.at, told.by)


# -- one project -----------------------------------------------------------------------------------


def _walk(reader: _Reader, project: _Project, place: Place) -> Place:
    """Read lines of the project while there is room; return the place reached."""
    if not place.walking:
        place = Place(place.position, 0, place.position, project.last)
    if place.replay is not None:
        turned = _events(reader, project, place._replace(ordinal=place.ordinal - 1), limit=1)
        if turned and (turned[0].position, turned[0].ordinal) == (place.position + 1, place.ordinal):
            place = _tell_kept(reader, project, place, turned[0])
        else:  # the viewer no longer sees what turned
            place = place._replace(replay=None)
    room = reader.room
    if place.replay is not None or room == 0:
        return place
    found = _events(reader, project, place, limit=room + 1)
    texts = _texts(reader, place, found)
    themselves = {(event.position, event.thing) for event in found if event.type == "source"}
    for event in found[:room]:
        if reader.room == 0:
            return place
        here = (event.position - 1, event.ordinal - 1)
        told = place.told if (place.position, place.ordinal) == here else ""
        for key, line in _lines(reader, project, place, event, texts):
            if key <= told or (key != _ITSELF and (event.position, line.id) in themselves):
                continue
            if reader.room == 0:
                return place
            reader.lines.append(line)
            place = place._replace(position=here[0], ordinal=here[1], told=key)
        place = place._replace(position=event.position - 1, ordinal=event.ordinal, told="")
        if place.base > 0 and (event.turn in ("opened", "sources") or event.shown):
            place = _tell_kept(reader, project, place._replace(replay=Replay(0, 0)), event)
            if place.replay is not None:
                return place
    return place if len(found) > room else Place.at(place.upto)


def _parameters(reader: _Reader, project: _Project, place: Place, limit: int) -> dict[str, Any]:
    turning = feed_sql.TURNING if project.blind else ("project",)
    leading = {type for asked in reader.types for type in feed_sql.LEADING.get(asked, ())}
    return {
        "viewer": reader.viewer,
        "project": project.id,
        "position": place.position,
        "ordinal": place.ordinal,
        "upto": place.upto,
        "blind": project.blind,
        "types": [*{*reader.types, *turning, *leading}],
        "limit": limit,
    }


def _events(reader: _Reader, project: _Project, place: Place, *, limit: int) -> list[_Event]:
    """Read the next events, those too that nobody asked for but that change what the viewer sees."""
    select = feed_sql.BLIND_PAGE if project.blind else feed_sql.OPEN_PAGE
    return reading.rows(_Event, f"{select} {feed_sql.IN_ORDER}", _parameters(reader, project, place, limit))


def _tell_kept(reader: _Reader, project: _Project, place: Place, event: _Event) -> Place:
    """Tell what was kept from the viewer up to the walk's base and shows now; the place says when all is told."""
    replay = place.replay or Replay(0, 0)
    room = reader.room
    if room == 0:
        return place
    found = reading.rows(
        _Event,
        f"""SELECT {feed_sql.COLUMNS}, NULL, NULL, NULL, NULL, NULL, NULL {feed_sql.FROM}
            WHERE e.thing IN ({feed_sql.OPENED[event.turn or "named"]}) AND e.type = ANY(%(types)s)
              AND a.project_id = %(project)s AND a.position <= %(base)s
              AND (a.position, e.ordinal) > (%(told)s, %(told_ordinal)s) AND {feed_sql.SEEN} {feed_sql.IN_ORDER}""",
        _parameters(reader, project, place, room + 1)
        | {
            "thing": event.thing,
            "shown": event.shown,
            "base": place.base,
            "told": replay.position,
            "told_ordinal": replay.ordinal,
            "types": list(reader.types),
        },
    )
    reader.lines.extend(_line(project, kept) for kept in found[:room])
    if len(found) > room:
        return place._replace(replay=Replay(found[room - 1].position, found[room - 1].ordinal))
    return place._replace(replay=None)


def _lines(
    reader: _Reader, project: _Project, place: Place, event: _Event, texts: dict[UUID, list[UUID]]
) -> list[Told]:
    """Put an event into lines: usually one, none when nothing of it was asked for."""
    lines = []
    if event.type in reader.types:
        line = _line(project, event)
        if event.turn == "opened" and place.base > 0:
            line = line._replace(op="create")
        elif event.turn == "closed":
            line = line._replace(op="delete")
        lines.append(Told(_ITSELF, line))
    along = [
        Told(f"{type}/{thing}", Line(type, thing, project.slug, article, op, None, None, event.at, event.by))
        for type, thing, article, op in _along(project, place, event, texts)
        if type in reader.types
    ]
    return lines + sorted(along)


def _along(
    project: _Project, place: Place, event: _Event, texts: dict[UUID, list[UUID]]
) -> Iterator[tuple[str, UUID, UUID | None, str]]:
    """Yield what is told along with an event: type, thing, article and op.

    In the first walk nothing but decisions is: whoever reads from the start is told of the others by themselves.
    """
    for told in event.judged or ():
        type, key = told.split("/")
        yield type, UUID(key), event.article, event.op
    if place.base == 0:
        return
    if event.project:
        yield "project", project.id, None, "update"
    for op, sources in (("update", event.names), ("delete", event.hidden if event.op != "create" else None)):
        for source in sources or ():
            yield "source", source, None, op
            for text in texts.get(source, ()):
                yield "source_text", text, None, op


def _texts(reader: _Reader, place: Place, events: list[_Event]) -> dict[UUID, list[UUID]]:
    """Return the texts of the sources that are told along."""
    sources = {source for event in events for source in (*(event.names or ()), *(event.hidden or ()))}
    if not sources or place.base == 0 or "source_text" not in reader.types:
        return {}
    with reading.planned_once() as cursor:
        cursor.execute(feed_sql.TEXTS, [list(sources)])
        found: dict[UUID, list[UUID]] = {}
        for source, text in cursor.fetchall():
            found.setdefault(source, []).append(text)
    return found


def _line(project: _Project, event: _Event) -> Line:
    return Line(
        event.type,
        event.thing,
        project.slug,
        event.article,
        event.op,
        event.version,
        event.revision,
        event.at,
        event.by,
    )
