"""Reads: the only home of joins. A query gets the viewer and returns rows that the viewer may see."""

from factcheck.queries import (
    annotations,
    articles,
    attributions,
    feed,
    interchange,
    layers,
    library,
    projects,
    relations,
    reviews,
    source_links,
    sources,
    speakers,
    texts,
    tokens,
)

__all__ = [
    "annotations",
    "articles",
    "attributions",
    "feed",
    "interchange",
    "layers",
    "library",
    "projects",
    "relations",
    "reviews",
    "source_links",
    "sources",
    "speakers",
    "texts",
    "tokens",
]
