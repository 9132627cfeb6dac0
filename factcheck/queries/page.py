"""What the article's page shows: its annotations with what the cards say of them, in the order of the text.

A page is read by a fixed number of statements, whatever the number of its annotations; one paragraph is read
by what touches it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from factcheck.anchoring.spans import Extent
from factcheck.models.fields import parse_extent
from factcheck.queries import annotations, reading, source_links, talk


class Place(NamedTuple):
    """What drawing an annotation in the text needs."""

    id: str
    tag: str
    extent: Extent


class Said(NamedTuple):
    """A source link in the few words of a card."""

    annotation: str
    source: str
    name: str
    kind: str
    role: str
    stance: str | None
    behalf: str | None
    standing: bool = False


class Edge(NamedTuple):
    """A relation as one of its ends has it: `title` reads from this end, `out` says whether it is the subject."""

    annotation: str
    relation: str
    title: str
    key: str
    out: bool
    symmetric: bool
    manner: str
    other: str


class Decided(NamedTuple):
    """Who decided what on the present version of an annotation."""

    annotation: str
    by: str
    decision: str


@dataclass(frozen=True, slots=True)
class Item:
    """An annotation with what its card shows."""

    row: annotations.Row
    extent: Extent
    said: Sequence[Said]
    edges: Sequence[Edge]
    decided: Sequence[Decided] = ()
    talk: int = 0  # comments in open threads on it and its relations

    @property
    def relations(self) -> list[tuple[str, int]]:
        """How many relations read by each title, in the order of the kinds."""
        return list(Counter(edge.title for edge in self.edges).items())

    @property
    def place(self) -> Place:
        return Place(self.row.id, self.row.tag, self.extent)

    @property
    def attributes(self) -> dict[str, Any]:
        values: dict[str, Any] = orjson.loads(self.row.attributes)
        return values


def fresh(row: annotations.Row) -> Item:
    """Return an annotation that was made just now: nothing is linked to it yet."""
    return Item(row, parse_extent(row.extent), (), ())


_SAID = (
    """
    SELECT k.annotation_id::text, k.source_id::text, s.name, s.kind, k.role, k.stance, b.name, s.standing
    FROM source_link k
    JOIN visible_layers(%s) l ON l.id = k.layer_id
    JOIN source s ON s.id = k.source_id
    LEFT JOIN source b ON b.id = k.on_behalf_of_id
    WHERE k.withdrawn_at IS NULL AND {where}
    ORDER BY """
    + source_links.IN_ORDER
)

# Both ends count, each under the title that reads from it. An end in a layer that may not be seen is not counted.
_EDGES = """
    SELECT e.annotation::text, r.id::text, e.title, k.key, e.out, r.is_symmetric,
           COALESCE(r.attributes ->> 'manner', r.attributes ->> 'degree', ''), e.other::text
    FROM relation r
    JOIN visible_layers(%(viewer)s) l ON l.id = r.layer_id
    JOIN relation_kind k ON k.id = r.kind_id
    JOIN annotation s ON s.id = r.subject_id
    JOIN visible_layers(%(viewer)s) sl ON sl.id = s.layer_id
    JOIN annotation o ON o.id = r.object_id
    JOIN visible_layers(%(viewer)s) ol ON ol.id = o.layer_id
    CROSS JOIN LATERAL (
        VALUES (r.subject_id, k.title, true, r.object_id), (r.object_id, k.inverse_title, false, r.subject_id)
    ) AS e (annotation, title, out, other)
    WHERE r.withdrawn_at IS NULL AND {where}
    ORDER BY k.position, e.title, r.id
"""


# What nobody has decided on costs nothing: it is pending.
_DECIDED = """
    SELECT a.id::text, u.username, r.decision
    FROM annotation a
    JOIN visible_layers(%s) l ON l.id = a.layer_id
    JOIN review r ON r.annotation_id = a.id AND r.thing_version = a.version AND r.superseded_by_id IS NULL
    JOIN account u ON u.id = r.reviewer_id
    WHERE a.status <> 'pending' AND a.withdrawn_at IS NULL AND {where}
    ORDER BY r.id
"""


def items(viewer: UUID, article_id: UUID) -> list[Item]:
    """Return all live annotations of the article that the viewer may see, in text order."""
    rows = annotations.of_article(viewer, article_id)
    said = reading.rows(Said, _SAID.format(where="k.article_id = %s"), [viewer, article_id])
    edges = reading.rows(
        Edge,
        _EDGES.format(where="(r.article_id = %(article)s OR r.object_article_id = %(article)s)"),
        {"viewer": viewer, "article": article_id},
    )
    decided = reading.rows(Decided, _DECIDED.format(where="a.article_id = %s"), [viewer, article_id])
    return _joined(rows, said, edges, decided, talk.counts_in(viewer, article_id))


def some(viewer: UUID, annotation_ids: Sequence[str]) -> list[Item]:
    """Return those of the annotations that are live and visible, in text order."""
    if not annotation_ids:
        return []
    ids = list(annotation_ids)
    rows = reading.rows(
        annotations.Row,
        f"{annotations.SELECT} WHERE a.id = ANY(%s::uuid[]) AND a.withdrawn_at IS NULL"
        " ORDER BY lower(a.extent), upper(a.extent) DESC, a.id",
        [viewer, ids],
    )
    said = reading.rows(Said, _SAID.format(where="k.annotation_id = ANY(%s::uuid[])"), [viewer, ids])
    edges = reading.rows(
        Edge,
        _EDGES.format(where="(r.subject_id = ANY(%(ids)s::uuid[]) OR r.object_id = ANY(%(ids)s::uuid[]))"),
        {"viewer": viewer, "ids": ids},
    )
    decided = reading.rows(Decided, _DECIDED.format(where="a.id = ANY(%s::uuid[])"), [viewer, ids])
    return _joined(rows, said, edges, decided, talk.counts(viewer, ids))


def _joined(
    rows: list[annotations.Row],
    said: list[Said],
    edges: list[Edge],
    decided: list[Decided],
    talked: dict[str, int],
) -> list[Item]:
    links: defaultdict[str, list[Said]] = defaultdict(list)
    for link in said:
        links[link.annotation].append(link)
    of: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        of[edge.annotation].append(edge)
    words: defaultdict[str, list[Decided]] = defaultdict(list)
    for one in decided:
        words[one.annotation].append(one)
    return [
        Item(
            row,
            parse_extent(row.extent),
            links.get(row.id, ()),
            of.get(row.id, ()),
            words.get(row.id, ()),
            talked.get(row.id, 0),
        )
        for row in rows
    ]


def places_in(viewer: UUID, article_id: UUID, start: int, end: int) -> list[Place]:
    """Return what is to be drawn in one range of the text, in text order."""
    found = reading.rows(
        Place,
        """SELECT a.id::text, t.name, a.extent::text
           FROM annotation a
           JOIN visible_layers(%s) l ON l.id = a.layer_id
           JOIN tag t ON t.id = a.tag_id
           WHERE a.article_id = %s AND a.withdrawn_at IS NULL AND a.extent && int4range(%s, %s)
           ORDER BY lower(a.extent), upper(a.extent) DESC, a.id""",
        [viewer, article_id, start, end],
    )
    return [place._replace(extent=parse_extent(str(place.extent))) for place in found]


class Related(NamedTuple):
    """One relation as it reads from a card, with its other end; `own` says whether the viewer may change it."""

    id: str
    title: str
    manner: str
    note: str
    owner: str | None
    own: bool
    other: str
    other_article: str
    other_title: str
    tag: str
    words: list[str]
    speaker: str | None
    status: str
    void: bool  # an end of it is rejected


def related_to(viewer: UUID, annotation_id: str) -> list[Related]:
    """Return the relations of one annotation, each with the words and the speaker at the other end."""
    return reading.rows(
        Related,
        """
        SELECT r.id::text, CASE WHEN r.subject_id = %(id)s THEN k.title ELSE k.inverse_title END,
               COALESCE(r.attributes ->> 'manner', r.attributes ->> 'degree', ''), r.note, w.username,
               l.owner_id = %(viewer)s,
               x.id::text, x.article_id::text, ar.title, t.name, x.pieces,
               (SELECT n.name FROM source_link c JOIN source n ON n.id = c.source_id
                WHERE c.annotation_id = x.id AND c.role = 'speaker' AND c.withdrawn_at IS NULL
                ORDER BY c.position, c.id LIMIT 1),
               r.status, 'rejected' IN (x.status, this.status)
        FROM relation r
        JOIN annotation this ON this.id = %(id)s
        JOIN visible_layers(%(viewer)s) l ON l.id = r.layer_id
        LEFT JOIN account w ON w.id = l.owner_id
        JOIN relation_kind k ON k.id = r.kind_id
        JOIN annotation x ON x.id = CASE WHEN r.subject_id = %(id)s THEN r.object_id ELSE r.subject_id END
        JOIN visible_layers(%(viewer)s) xl ON xl.id = x.layer_id
        JOIN article ar ON ar.id = x.article_id
        JOIN tag t ON t.id = x.tag_id
        WHERE r.withdrawn_at IS NULL AND (r.subject_id = %(id)s OR r.object_id = %(id)s)
        ORDER BY k.position, r.attributes ->> 'manner' NULLS FIRST, lower(x.extent), x.id, r.id
        """,
        {"viewer": viewer, "id": annotation_id},
    )


class Touched(NamedTuple):
    """An annotation that an undo changed, with the places where it stood before and stands after."""

    annotation: str
    live: bool
    extents: list[str]


def last_undone(viewer: UUID, article_id: UUID) -> list[Touched]:
    """Return what the viewer's last undo in the article touched."""
    return reading.rows(
        Touched,
        """
        WITH last AS (
            SELECT id FROM act WHERE article = %(article)s AND actor_id = %(viewer)s AND kind = 'undo'
            ORDER BY position DESC LIMIT 1
        ), touched AS (
            SELECT t.annotation, e.before ->> 'extent' AS was, e.after ->> 'extent' AS now_is, e.type
            FROM last JOIN event e ON e.act_id = last.id
            CROSS JOIN LATERAL unnest(CASE e.type
                WHEN 'annotation' THEN ARRAY[e.thing]
                WHEN 'source_link' THEN ARRAY[(coalesce(e.after, e.before) ->> 'annotation_id')::uuid]
                WHEN 'relation' THEN ARRAY[(coalesce(e.after, e.before) ->> 'subject_id')::uuid,
                                           (coalesce(e.after, e.before) ->> 'object_id')::uuid]
                END) AS t (annotation)
        )
        SELECT a.id::text, a.withdrawn_at IS NULL,
               coalesce(array_agg(DISTINCT p.extent) FILTER (WHERE p.extent IS NOT NULL), '{}')
        FROM touched t
        JOIN annotation a ON a.id = t.annotation
        JOIN visible_layers(%(viewer)s) l ON l.id = a.layer_id
        LEFT JOIN LATERAL (VALUES (t.was), (t.now_is)) AS p (extent) ON t.type = 'annotation'
        WHERE a.article_id = %(article)s
        GROUP BY a.id, a.withdrawn_at
        """,
        {"viewer": viewer, "article": article_id},
    )
