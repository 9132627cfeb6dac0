"""Exporting 100,000 annotations as JSON Lines and as CSV, beside COPY of the same lines built by the database."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import psycopg

from tests.benchmarks import fetching, memory, rows, world
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

ARTICLES = 1000
ANNOTATIONS = 100
ROUNDS = 5
RATIO = 0.6

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


@dataclass(frozen=True)
class Filled:
    """A project full of annotations, and what is in it."""

    slug: str
    id: UUID
    annotations: int
    words: str


def measure(here: World) -> list[Figure]:
    """Download and copy in turn, format by format; the server's memory is watched during every download."""
    desk = filled("bench-export", ARTICLES)
    return [figure for name in ("jsonl", "csv") for figure in of_format(here, name, desk)]


def filled(slug: str, articles: int) -> Filled:
    """Make a project of so many articles."""
    desk = rows.project(slug)
    text = rows.seed_text()
    source = rows.source(desk, "John Kirby")
    links = relations = 0
    for number in range(articles):
        written = rows.annotate(
            desk, rows.article(desk, text, f"Article {number}"), rows.places(text, ANNOTATIONS)
        )
        links += rows.link(desk, written, source, 10)
        relations += rows.deny(desk, written, 5)
    rows.settle()
    total = articles * ANNOTATIONS
    words = f"{total:,} annotations ({articles:,} articles, {links:,} links, {relations:,} relations"
    return Filled(desk.slug, desk.pk, total, words)


def of_format(here: World, name: str, desk: Filled) -> list[Figure]:
    """Measure one format."""
    path = f"/api/v1/exports/{name}/?project={desk.slug}"
    token = rows.token("ben", "read")
    ours: list[fetching.Streamed] = []
    raw: list[float] = []
    peaks: list[float] = []
    with psycopg.connect(world.dsn(), autocommit=True) as connection:
        with fetching.reader(here.port, token) as reader:
            for _warm in range(
                5
            ):  # each worker has loaded what every request needs before its memory is looked at
                reader.get(f"/api/v1/annotations/?project={desk.slug}&limit=10")
        before = memory.held(here.workers())
        statement, values = _CHECKED[name](here, connection, path, token, desk)
        for _round in range(ROUNDS):
            with fetching.reader(here.port, token) as reader, memory.watched(here.workers()) as peak:
                ours.append(reader.stream(path))
            peaks.append(peak.megabytes)
            began = time.perf_counter()
            copied = _copy(connection, statement, values)
            raw.append(time.perf_counter() - began)
    ratios = [other / mine.seconds for other, mine in zip(raw, ours, strict=True)]
    seconds = [mine.seconds for mine in ours]
    grown = max(peaks) - before
    first = 1000 * middle([mine.first_byte for mine in ours])
    shown = {"jsonl": "JSONL", "csv": "CSV"}[name]
    return [
        Figure(
            f"{shown} export of {desk.words}, {ours[0].size / 1e6:.0f} MB)",
            f"{middle(seconds):.2f} s ({spread(seconds, 2)}), {desk.annotations / middle(seconds):,.0f}/s",
            f"{middle(raw):.2f} s ({spread(raw, 2)}): COPY of the same lines, built by the database "
            f"({copied / 1e6:.0f} MB)",
            f"{middle(ratios):.0%}",
            f"≥ {RATIO:.0%}",
            middle(ratios) >= RATIO,
        ),
        Figure(
            f"memory of the server while it exports {shown}, peak",
            f"+{grown:.1f} MB",
            f"{before:.0f} MB before (PSS of its workers, looked at every {1000 * memory.INTERVAL:.0f} ms)",
            target="≤ 30 MB",
            met=grown <= 30,
        ),
        Figure(f"first byte of the {shown} export", f"{first:.0f} ms", target="≤ 200 ms", met=first <= 200),
    ]


def _checked_jsonl(
    here: World, connection: psycopg.Connection[Any], path: str, token: str, desk: Filled
) -> tuple[str, dict[str, Any]]:
    return NESTED, {"project": desk.id, "about": _check_alike(here, connection, path, token, desk.id)}


def _checked_csv(
    here: World, connection: psycopg.Connection[Any], path: str, token: str, desk: Filled
) -> tuple[str, dict[str, Any]]:
    """Return the COPY of the same cells, quoted by the database; make sure that both are the same, byte for byte."""
    from factcheck.models import Article
    from factcheck.queries import interchange, interchange_csv, interchange_sql

    chosen = interchange.select(rows.person("ben").user_id, project=desk.slug)
    statement = f"COPY ({interchange_csv.rows(chosen)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    articles = list(Article.objects.filter(project=desk.id).values_list("pk", flat=True))
    values = interchange_sql.parameters(chosen) | {"batch": articles}
    mine = bytearray()
    with fetching.reader(here.port, token) as reader:
        reader.stream(path, mine.extend)
    with connection.cursor() as cursor, cursor.copy(statement, values) as copied:
        theirs = b"".join(bytes(piece) for piece in copied)
    _header, _end, cells = bytes(mine).partition(b"\r\n")
    if cells.replace(b"\r\n", b"\n") != theirs:
        raise RuntimeError("The CSV is not what COPY says.")
    return statement, values


def _check_alike(
    here: World, connection: psycopg.Connection[Any], path: str, token: str, project: UUID
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
    if number + 1 != len(lines):
        raise RuntimeError(f"The export has {len(lines)} lines, COPY {number + 1}.")
    return about


def _copy(connection: psycopg.Connection[Any], statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor, cursor.copy(statement, values) as copied:
        return sum(len(piece) for piece in copied)


_CHECKED = {"jsonl": _checked_jsonl, "csv": _checked_csv}
