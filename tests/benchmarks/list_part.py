"""Listing 1,000 annotations, beside psycopg fetching the same columns and orjson writing them."""

import time
from typing import Any
from uuid import UUID

import orjson
import psycopg

from tests.benchmarks import fetching, rows, world
from tests.benchmarks.report import Figure, middle, percentile
from tests.benchmarks.world import World

ANNOTATIONS = 1000
LINKED_EVERY = 10
REPEATS = 40
WARM_UP = 10

# The same columns by the same joins, without asking what the viewer may see.
ANNOTATION_COLUMNS = """
    SELECT a.id::text, p.slug, a.article_id::text, a.article_version_id::text, a.layer_id::text, l.kind, t.name,
           a.extent::text, a.pieces, a.prefix, a.suffix, a.note, a.attributes::text, u.username, a.status, a.version,
           a.revision, a.created_at, a.updated_at, a.withdrawn_at
    FROM annotation a
    JOIN layer l ON l.id = a.layer_id
    JOIN project p ON p.id = a.project_id
    JOIN tag t ON t.id = a.tag_id
    JOIN account u ON u.id = a.created_by_id
    WHERE a.article_id = %s AND a.withdrawn_at IS NULL ORDER BY a.id LIMIT 1000
"""
LINK_COLUMNS = """
    SELECT k.id::text, p.slug, k.article_id::text, k.layer_id::text, k.annotation_id::text, k.source_id::text, s.name,
           s.kind, k.role, k.position, k.on_behalf_of_id::text, b.name, k.as_named, k.cue::text, k.stance, k.url,
           k.quote, k.locator, k.accessed_at, k.archive_url, k.note, u.username, k.status, k.version, k.revision,
           k.created_at, k.updated_at, k.withdrawn_at
    FROM source_link k
    JOIN project p ON p.id = k.project_id
    JOIN source s ON s.id = k.source_id
    LEFT JOIN source b ON b.id = k.on_behalf_of_id
    JOIN account u ON u.id = k.created_by_id
    WHERE k.article_id = %s AND k.withdrawn_at IS NULL ORDER BY k.id
"""


def measure(here: World) -> list[Figure]:
    """List and fetch in turn."""
    text = rows.long_text(3000)
    desk = rows.project("bench-list")
    written = rows.annotate(desk, rows.article(desk, text), rows.places(text, ANNOTATIONS, width=1, every=2))
    links = rows.link(desk, written, rows.source(desk, "John Kirby"), LINKED_EVERY)
    rows.settle()
    path = f"/api/v1/annotations/?article={written.article.id}&limit={ANNOTATIONS}"
    ours: list[float] = []
    raw: list[float] = []
    with (
        fetching.reader(here.port, rows.token("ben", "read")) as reader,
        psycopg.connect(world.dsn(), autocommit=True) as connection,
    ):
        answer = orjson.loads(reader.get(path))["results"]
        linked = sum(len(row["source_links"]) for row in answer)
        if (len(answer), linked) != (ANNOTATIONS, links):
            raise RuntimeError(f"The list has {len(answer)} annotations and {linked} links.")
        for number in range(WARM_UP + REPEATS):
            began = time.perf_counter()
            size = len(reader.get(path))
            between = time.perf_counter()
            _fetch(connection, written.article.id)
            ended = time.perf_counter()
            if number >= WARM_UP:
                ours.append(between - began)
                raw.append(ended - between)
    ratio = middle(ours) / middle(raw)
    return [
        Figure(
            f"list {ANNOTATIONS:,} annotations with {links} links ({size / 1000:,.0f} KB)",
            f"{1000 * middle(ours):.1f} ms (p95 {1000 * percentile(ours, 0.95):.1f})",
            f"{1000 * middle(raw):.1f} ms (p95 {1000 * percentile(raw, 0.95):.1f}): psycopg fetching the same columns, "
            "then orjson.dumps of the rows",
            f"{ratio:.2f} ×",
            "≤ 3 ×",
            ratio <= 3,
        )
    ]


def _fetch(connection: psycopg.Connection[Any], article: UUID) -> bytes:
    with connection.cursor() as cursor:
        annotations = cursor.execute(ANNOTATION_COLUMNS, [article]).fetchall()
        links = cursor.execute(LINK_COLUMNS, [article]).fetchall()
    return orjson.dumps([annotations, links])
