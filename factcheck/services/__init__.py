"""Writes: one function is one thing a person does, in one transaction, recorded as one act."""

from factcheck.services import (
    acts,
    annotations,
    articles,
    bulk,
    feed,
    history,
    interchange,
    layers,
    projects,
    relations,
    reviews,
    source_links,
    sources,
    texts,
    tokens,
    verification,
)

__all__ = [
    "acts",
    "annotations",
    "articles",
    "bulk",
    "feed",
    "history",
    "interchange",
    "layers",
    "projects",
    "relations",
    "reviews",
    "source_links",
    "sources",
    "texts",
    "tokens",
    "verification",
]
