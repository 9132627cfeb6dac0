"""The claim map of an article: who claims what, who denies it, what shows it, as one chosen layer has it.

Three statements bring it, and one the layers to choose from, whatever the size. The reckoning is in `claims`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck.claims import gaps, rows
from factcheck.claims.records import Article, ClaimRow, Link, Links, Relation, Statement
from factcheck.exceptions import NotFound
from factcheck.models.fields import parse_extent
from factcheck.queries import reading, source_links, texts
from factcheck.queries.articles import ArticleRow


class LayerChoice(NamedTuple):
    """A layer of the article that the viewer may see, and how much lies in it."""

    id: str
    kind: str
    owner: str | None
    own: bool
    annotations: int
    claims: int


@dataclass(frozen=True)
class ClaimMap:
    """All rows of the layer, and what can be chosen instead; `layer` is None where there is none to show."""

    article: ArticleRow
    layers: list[LayerChoice]
    layer: LayerChoice | None
    rows: list[ClaimRow]
    links: Links

    @property
    def counts(self) -> dict[str, int]:
        """Count the rows of each gap."""
        return gaps.counts(self.rows)

    def having(self, gap: str | None) -> list[ClaimRow]:
        """Return the rows that have the gap; without one, all."""
        return self.rows if gap is None else [row for row in self.rows if gap in row.gaps]


def of_article(viewer: UUID, article: ArticleRow, layer: str | None = None) -> ClaimMap:
    """Read the map of one layer: `own`, `reference`, an id, or None for the one that the viewer will want first.

    Raises NotFound for an id that is no layer of the article that the viewer may see.
    """
    layers = _layers(viewer, article)
    chosen = _first(layers) if layer is None else _named(layers, layer)
    if chosen is None:
        return ClaimMap(article, layers, None, [], {})
    given: dict[str, Any] = {
        "viewer": viewer,
        "article": article.id,
        "layer": UUID(chosen.id),
        "version": article.version_id,
    }
    relations = _relations(given, chosen)
    outside = {end for one in relations for end in one[4:] if end}
    given["outside"] = "{" + ",".join(outside) + "}"
    statements = reading.rows(Statement, _STATEMENTS, given)
    links = _links(given, article.version_id)
    found = rows.build(
        Article(str(article.id), article.published_at),
        statements,
        links,
        relations,
    )
    return ClaimMap(article, layers, chosen, found, links)


# -- Which layer -----------------------------------------------------------------------------------


def _layers(viewer: UUID, article: ArticleRow) -> list[LayerChoice]:
    return reading.rows(
        LayerChoice,
        """
        SELECT l.id::text, l.kind, o.username, COALESCE(l.owner_id = %(viewer)s::uuid, FALSE),
               count(a.id), count(a.id) FILTER (WHERE t.name = 'claim')
        FROM visible_layers(%(viewer)s) l
        LEFT JOIN account o ON o.id = l.owner_id
        LEFT JOIN annotation a ON a.layer_id = l.id AND a.withdrawn_at IS NULL
        LEFT JOIN tag t ON t.id = a.tag_id
        WHERE l.article_id = %(article)s
        GROUP BY l.id, l.kind, l.owner_id, o.username
        ORDER BY l.kind <> 'reference', o.username COLLATE "C"
        """,
        {"viewer": viewer, "article": article.id},
    )


def _first(layers: Sequence[LayerChoice]) -> LayerChoice | None:
    """One's own if there are claims in it, else the reference, else the fullest."""
    for one in layers:
        if one.own and one.claims:
            return one
    for one in layers:
        if one.kind == "reference":
            return one
    return max(layers, key=lambda one: one.annotations, default=None)


def _named(layers: Sequence[LayerChoice], layer: str) -> LayerChoice | None:
    if layer == "own":
        return next((one for one in layers if one.own), None)
    if layer == "reference":
        return next((one for one in layers if one.kind == "reference"), None)
    for one in layers:
        if one.id == layer.lower():
            return one
    raise NotFound(_("There is no such layer of this article, or it is not open to you."), field="layer")


# -- What is in it ---------------------------------------------------------------------------------


def _relations(given: dict[str, Any], chosen: LayerChoice) -> list[Relation]:
    """Return the relations with an end in the article that the layer's owner made, here or in another article.

    A relation lies in its maker's layer for the subject's article, so one that comes from another article lies in
    the same person's layer there. Ends outside the chosen layer are named once more, to be read as well.
    """
    return reading.rows(
        Relation,
        """
        SELECT k.name, r.subject_id::text, r.object_id::text,
               COALESCE(r.attributes ->> 'manner', r.attributes ->> 'degree', ''),
               CASE WHEN s.layer_id <> %(layer)s THEN s.id::text END,
               CASE WHEN o.layer_id <> %(layer)s THEN o.id::text END
        FROM relation r
        JOIN visible_layers(%(viewer)s) l ON l.id = r.layer_id
        JOIN relation_kind k ON k.id = r.kind_id
        JOIN annotation s ON s.id = r.subject_id
        JOIN visible_layers(%(viewer)s) sl ON sl.id = s.layer_id
        JOIN annotation o ON o.id = r.object_id
        JOIN visible_layers(%(viewer)s) ol ON ol.id = o.layer_id
        WHERE r.withdrawn_at IS NULL AND (r.article_id = %(article)s OR r.object_article_id = %(article)s)
          AND (r.layer_id = %(layer)s
               OR (l.article_id <> %(article)s AND l.kind = %(kind)s::text
                   AND l.owner_id IS NOT DISTINCT FROM (SELECT owner_id FROM layer WHERE id = %(layer)s)))
        ORDER BY r.id
        """,
        given | {"kind": chosen.kind},
    )


_STATEMENTS = """
    SELECT a.id::text, a.article_id::text, o.username, t.name, lower(a.extent), a.pieces, a.attributes::text, a.status,
           ar.title, ar.language, ar.direction, ar.published_at
    FROM annotation a
    JOIN visible_layers(%(viewer)s) l ON l.id = a.layer_id
    JOIN tag t ON t.id = a.tag_id
    LEFT JOIN account o ON o.id = l.owner_id AND l.id <> %(layer)s
    LEFT JOIN article ar ON ar.id = a.article_id AND ar.id <> %(article)s
    WHERE a.withdrawn_at IS NULL AND (a.layer_id = %(layer)s OR a.id = ANY(%(outside)s::uuid[]))
    ORDER BY a.article_id <> %(article)s, a.article_id, lower(a.extent), upper(a.extent) DESC, a.id
"""

# The present version's words are at hand; a cue in another text is cut out by the database.
_LINKS = (
    """
    SELECT k.id::text, k.annotation_id::text, k.role, k.source_id::text, s.name, s.kind, k.as_named,
           k.on_behalf_of_id::text, b.name,
           CASE WHEN k.cue IS NULL THEN ''
                WHEN k.article_version_id = %(version)s THEN k.cue::text
                ELSE (SELECT string_agg(substr(v.text, lower(c) + 1, upper(c) - lower(c)), ' … ' ORDER BY lower(c))
                      FROM article_version v, unnest(k.cue) c WHERE v.id = k.article_version_id) END,
           k.stance, k.url, k.quote, k.locator, k.accessed_at, k.archive_url, k.article_version_id = %(version)s
    FROM source_link k
    JOIN visible_layers(%(viewer)s) l ON l.id = k.layer_id
    JOIN source s ON s.id = k.source_id
    LEFT JOIN source b ON b.id = k.on_behalf_of_id
    WHERE k.withdrawn_at IS NULL AND (k.layer_id = %(layer)s OR k.annotation_id = ANY(%(outside)s::uuid[]))
    ORDER BY """
    + source_links.IN_ORDER
)


def _links(given: dict[str, Any], version_id: UUID) -> dict[str, list[Link]]:
    """Return the links by annotation, their cues as words."""
    text = texts.of(version_id).text
    found: dict[str, list[Link]] = {}
    with reading.planned_once() as cursor:
        cursor.execute(_LINKS, given)
        for row in cursor.fetchall():
            link = Link._make(row[:-1])
            if link.cue and row[-1]:
                words = " … ".join(text[start:end] for start, end in parse_extent(link.cue))
                link = link._replace(cue=words)
            found.setdefault(link.annotation, []).append(link)
    return found
