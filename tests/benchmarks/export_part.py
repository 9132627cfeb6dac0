"""Exporting 100,000 annotations as JSON Lines, beside COPY of the same nested JSON built by the database."""

import time
from typing import Any

import orjson
import psycopg

from tests.benchmarks import fetching, memory, rows, world
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

ARTICLES = 1000
ANNOTATIONS = 100
ROUNDS = 5

# The plain way to have PostgreSQL build it: rows to JSON, gathered for each article. What is the same in every
# line (the project with its scheme) comes as a parameter, so that it costs neither side anything.
NESTED = """
    COPY (
        SELECT json_build_object(
            'format', 1, 'project', %(about)s::json,
            'article', json_build_object(
                'id', ar.id, 'title', ar.title, 'url', ar.url, 'publisher', ar.publisher, 'byline', ar.byline,
                'published_at', ar.published_at, 'language', ar.language, 'direction', ar.direction,
                'file_name', ar.file_name, 'text', v.text),
            'layers', (SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT l.id, l.kind, u.username AS owner, l.state, l.submitted_at, l.opened_at
                FROM layer l LEFT JOIN account u ON u.id = l.owner_id WHERE l.article_id = ar.id ORDER BY l.id) x),
            'annotations', (SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT a.id, a.layer_id AS layer, t.name AS tag,
                       (SELECT json_agg(json_build_object('start', lower(piece), 'end', upper(piece),
                                                          'exact', a.pieces[nth]) ORDER BY nth)
                        FROM unnest(a.extent) WITH ORDINALITY AS p (piece, nth)) AS spans,
                       a.note, a.attributes, u.username AS created_by, a.created_at, a.updated_at, a.status, a.version
                FROM annotation a JOIN tag t ON t.id = a.tag_id JOIN account u ON u.id = a.created_by_id
                WHERE a.article_id = ar.id AND a.withdrawn_at IS NULL ORDER BY a.id) x),
            'relations', (SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT r.id, r.layer_id AS layer, k.name AS kind, r.subject_id AS subject, r.object_id AS object,
                       r.attributes, r.note, u.username AS created_by, r.created_at, r.updated_at, r.status, r.version
                FROM relation r JOIN relation_kind k ON k.id = r.kind_id JOIN account u ON u.id = r.created_by_id
                WHERE r.article_id = ar.id AND r.withdrawn_at IS NULL ORDER BY r.id) x),
            'sources', (SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT s.id, s.kind, s.name, s.aliases, s.description, s.url, s.standing, u.username AS created_by,
                       s.created_at, s.updated_at
                FROM source s JOIN account u ON u.id = s.created_by_id
                WHERE s.id IN (SELECT k.source_id FROM source_link k
                               WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL) ORDER BY s.id) x),
            'source_texts', '[]'::json,
            'source_links', (SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT k.id, k.layer_id AS layer, k.annotation_id AS annotation, k.source_id AS source, k.role,
                       k.position, k.on_behalf_of_id AS on_behalf_of, k.as_named, '[]'::json AS cue, k.stance, k.url,
                       k.quote, k.locator, k.accessed_at, k.archive_url, NULL::json AS passage, k.note,
                       u.username AS created_by, k.created_at, k.updated_at, k.status, k.version
                FROM source_link k JOIN account u ON u.id = k.created_by_id
                WHERE k.article_id = ar.id AND k.withdrawn_at IS NULL ORDER BY k.id) x),
            'reviews', '[]'::json)
        FROM article ar JOIN article_version v ON v.id = ar.current_version_id
        WHERE ar.project_id = %(project)s ORDER BY ar.id
    ) TO STDOUT
"""


def measure(here: World) -> list[Figure]:
    """Download and copy in turn; the server's memory is watched during every download."""
    desk = rows.project("bench-export")
    text = rows.seed_text()
    source = rows.source(desk, "John Kirby")
    links = relations = 0
    for number in range(ARTICLES):
        written = rows.annotate(
            desk, rows.article(desk, text, f"Article {number}"), rows.places(text, ANNOTATIONS)
        )
        links += rows.link(desk, written, source, 10)
        relations += rows.deny(desk, written, 5)
    rows.settle()
    path = f"/api/v1/exports/jsonl/?project={desk.slug}"
    token = rows.token("ben", "read")
    ours: list[fetching.Streamed] = []
    raw: list[float] = []
    with psycopg.connect(world.dsn(), autocommit=True) as connection:
        with fetching.reader(here.port, token) as reader:
            for _warm in range(
                5
            ):  # each worker has loaded what every request needs before its memory is looked at
                reader.get("/api/v1/annotations/?project=bench-export&limit=10")
        before = memory.held(here.workers())
        values = {"project": desk.pk, "about": _check_alike(here, connection, path, token, desk.pk)}
        peaks: list[float] = []
        for _round in range(ROUNDS):
            with fetching.reader(here.port, token) as reader, memory.watched(here.workers()) as peak:
                ours.append(reader.stream(path))
            peaks.append(peak.megabytes)
            began = time.perf_counter()
            copied = _copy(connection, values)
            raw.append(time.perf_counter() - began)
    total = ARTICLES * ANNOTATIONS
    ratios = [other / mine.seconds for other, mine in zip(raw, ours, strict=True)]
    seconds = [mine.seconds for mine in ours]
    grown = max(peaks) - before
    return [
        Figure(
            f"JSONL export of {total:,} annotations ({ARTICLES:,} articles, {links:,} links, {relations:,} relations, "
            f"{ours[0].size / 1e6:.0f} MB)",
            f"{middle(seconds):.2f} s ({spread(seconds, 2)}), {total / middle(seconds):,.0f}/s",
            f"{middle(raw):.2f} s ({spread(raw, 2)}): COPY of the same JSON, built by the database "
            f"({copied / 1e6:.0f} MB)",
            f"{middle(ratios):.0%}",
            "≥ 50 %",
            middle(ratios) >= 0.5,
        ),
        Figure(
            "memory of the server while it exports, peak",
            f"+{grown:.1f} MB",
            f"{before:.0f} MB before (PSS of its workers, looked at every {1000 * memory.INTERVAL:.0f} ms)",
            target="≤ 30 MB",
            met=grown <= 30,
        ),
        Figure("first byte of the export", f"{1000 * middle([mine.first_byte for mine in ours]):.0f} ms"),
    ]


def _check_alike(
    here: World, connection: psycopg.Connection[Any], path: str, token: str, project: Any
) -> str:
    """Make sure that both say the same, line for line; return the part that all lines share."""
    pieces = bytearray()
    with fetching.reader(here.port, token) as reader:
        reader.stream(path, pieces.extend)
    lines = pieces.splitlines()
    about = orjson.dumps(orjson.loads(lines[0])["project"]).decode()
    with connection.cursor() as cursor, cursor.copy(NESTED, {"project": project, "about": about}) as copied:
        for number, row in enumerate(copied.rows()):
            mine = orjson.loads(lines[number])
            theirs = orjson.loads(row[0].replace("+00:00", "Z"))
            if mine != theirs:
                different = [key for key in mine if mine[key] != theirs.get(key)]
                raise RuntimeError(f"Line {number + 1} of the export is not what COPY says, in {different}.")
    if number + 1 != len(lines) or len(lines) != ARTICLES:
        raise RuntimeError(f"The export has {len(lines)} lines, COPY {number + 1}.")
    return about


def _copy(connection: psycopg.Connection[Any], values: dict[str, Any]) -> int:
    with connection.cursor() as cursor, cursor.copy(NESTED, values) as copied:
        return sum(len(piece) for piece in copied)
