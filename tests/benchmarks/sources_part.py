"""Finding a source among 100,000 while somebody types, beside a plain indexed select in the same run."""

import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg

from tests.benchmarks import fetching, rows, world
from tests.benchmarks.report import Figure, middle, percentile
from tests.benchmarks.world import World

SOURCES = 100_000
REPEATS = 30
WARM_UP = 8
# One letter, two, a word, a common word, a name, a typo, an alias, the middle of a word, and nothing like it.
TYPED = (
    "",
    "m",
    "ma",
    "maria",
    "minister",
    "maria novak 123",
    "mariya novack",
    "alias 777",
    "ovak",
    "qqxxzz",
)

# Names of few words, as they are: many begin alike, and a fifth has an alias.
_FILL = """
    INSERT INTO source (id, project_id, kind, name, aliases, names, description, url, standing, created_by_id,
                        created_at, updated_at, revision)
    SELECT gen_random_uuid(), %(project)s, (ARRAY['person', 'organisation', 'document'])[1 + n %% 3],
           (ARRAY['Maria', 'Marco', 'Ministry of', 'Minister', 'John', 'Олена', 'Deputy minister', 'Anna',
                  'Council of', 'Report by'])[1 + n %% 10] || ' ' ||
           (ARRAY['Novak', 'Brown', 'Transport', 'Okafor', 'Kowalski', 'Шевченко', 'Lindqvist'])[1 + n %% 7]
           || ' ' || n,
           CASE WHEN n %% 5 = 0 THEN ARRAY['Alias ' || n] ELSE '{}'::text[] END, '', '', '', false, %(by)s,
           now(), now(), 1
    FROM generate_series(1, %(many)s) n
"""


def measure(here: World) -> list[Figure]:
    """Type each of the strings, and select by primary key in turn."""
    desk = rows.project("bench-sources")
    _fill(desk.pk)
    figures = []
    with (
        fetching.reader(here.port, rows.token("ben", "read")) as reader,
        psycopg.connect(world.dsn(), autocommit=True) as connection,
    ):
        reader.headers = {"Cookie": _cookie()}
        one = _some(connection, desk.pk)
        for typed in TYPED:
            path = f"/projects/{desk.slug}/sources/suggest/?q={quote(typed)}"
            ours, raw = _times(reader, path, connection, one)
            figures.append(
                _figure(f"source suggestions among {SOURCES:,}, typed “{typed}”", ours, raw, most=100)
            )
        for typed in ("maria", "mariya novack", "alias 777"):
            path = f"/api/v1/sources/?project={desk.slug}&q={quote(typed)}&limit=20"
            figures.append(
                _figure(f"sources of the API, q = “{typed}”", *_times(reader, path, connection, one))
            )
            path = f"/projects/{desk.slug}/sources/?q={quote(typed)}"
            figures.append(
                _figure(f"page of sources, searched for “{typed}”", *_times(reader, path, connection, one))
            )
    return figures


def _figure(name: str, ours: list[float], raw: list[float], *, most: float | None = None) -> Figure:
    slowest = 1000 * percentile(ours, 0.95)
    return Figure(
        name,
        f"{1000 * middle(ours):.1f} ms (p95 {slowest:.1f})",
        f"{1000 * middle(raw):.2f} ms: psycopg selecting one of them by its id",
        f"{middle(ours) / middle(raw):.0f} ×",
        f"p95 ≤ {most:.0f} ms" if most else "",
        slowest <= most if most else None,
    )


def _times(
    reader: Any, path: str, connection: psycopg.Connection[Any], one: UUID
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    raw: list[float] = []
    for number in range(WARM_UP + REPEATS):
        began = time.perf_counter()
        reader.get(path)
        between = time.perf_counter()
        connection.execute("SELECT id, kind, name, aliases FROM source WHERE id = %s", [one]).fetchall()
        ended = time.perf_counter()
        if number >= WARM_UP:
            ours.append(between - began)
            raw.append(ended - between)
    return ours, raw


def _some(connection: psycopg.Connection[Any], project: UUID) -> UUID:
    found = connection.execute("SELECT id FROM source WHERE project_id = %s LIMIT 1", [project]).fetchone()
    assert found is not None
    key: UUID = found[0]
    return key


def _cookie() -> str:
    """Sign ana in, as the page that suggests wants it."""
    from django.conf import settings
    from django.test import Client

    from tests import factories

    client = Client()
    client.force_login(factories.user("ana"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _fill(project: UUID) -> None:
    """Write the sources in one act, as an import does."""
    from django.db import connection

    from factcheck import services
    from tests import factories

    by = factories.actor("ana")
    with services.acts.act("import", project_id=project, by=by), connection.cursor() as cursor:
        cursor.execute(_FILL, {"project": project, "by": by.user_id, "many": SOURCES})
    rows.settle()
