"""Creating annotations over the API: how many, at what cost, beside raw psycopg writing the same rows."""

import hashlib
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg

from tests.benchmarks import load, raw, rows, world
from tests.benchmarks.report import Figure, middle, percentile, spread
from tests.benchmarks.world import World

ROUNDS = 5
SECONDS = 3.0
CLIENTS = 8
PATH = "/api/v1/annotations/"
TRACED = 10


def measure(here: World) -> list[Figure]:
    """Write by API and by psycopg in turn, so that what else the machine does meets all alike."""
    desk = rows.project("bench-create")
    articles = [rows.article(desk, rows.long_text(3000), f"Article {n}") for n in range(CLIENTS)]
    token = rows.token("ana")
    written = [rows.annotate(desk, article, rows.places(rows.long_text(3000), 10)) for article in articles]
    with psycopg.connect(world.dsn(), autocommit=True) as connection:
        connection.execute(raw.COPIES)
    http = [load.Http(here.port, PATH, token, _bodies(article.id)) for article in articles]
    values = [values_of(one) for one in written]
    sql = {
        name: [load.Sql(world.dsn(), name, given) for given in values]
        for name in ("plain", "piped", "guarded")
    }
    rates: defaultdict[str, list[float]] = defaultdict(list)
    costs: defaultdict[str, list[float]] = defaultdict(list)
    latencies: list[float] = []
    alone: list[float] = []
    with load.clients() as clients:
        for work in (http, *sql.values()):
            clients.run(work, 1.0)  # everything is loaded, every plan is made
        rows.settle()
        for _round in range(ROUNDS):
            before = here.cpu_seconds()
            done = clients.run(http, SECONDS)
            after = here.cpu_seconds()
            rates["api"].append(done.rate)
            latencies += done.latencies
            for part in after:
                costs[part].append(1000 * (after[part] - before[part]) / len(done.latencies))
            for name, work in sql.items():
                rates[name].append(clients.run(work, SECONDS).rate)
        before = here.cpu_seconds()
        alone = clients.run(http[:1], SECONDS).latencies
        after = here.cpu_seconds()
    alone_cost = 1000 * sum(after[part] - before[part] for part in after) / len(alone)
    return [*_rates(rates), *_costs(costs, alone_cost, latencies, alone, here, token, articles[0].id)]


def _rates(rates: dict[str, list[float]]) -> list[Figure]:
    api = middle(rates["api"])
    told = {
        "plain": "raw psycopg, plain copies of the tables with the same indexes, no triggers, checks or foreign keys",
        "piped": "the same, its statements sent together (pipeline)",
        "guarded": "raw psycopg, the product's own tables, their triggers write event and position (pipeline)",
    }
    figures = []
    for name, beside in told.items():
        ratios = [ours / other for ours, other in zip(rates["api"], rates[name], strict=True)]
        aimed = name == "plain"
        figures.append(
            Figure(
                name=f"create over the API, {CLIENTS} clients, {CLIENTS} articles of one project",
                value=f"{api:,.0f}/s ({spread(rates['api'])})",
                beside=f"{middle(rates[name]):,.0f}/s ({spread(rates[name])}): {beside}",
                ratio=f"{middle(ratios):.1%}",
                target="≥ 10 %" if aimed else "",
                met=middle(ratios) >= 0.10 if aimed else None,
            )
        )
    return figures


def _costs(
    costs: dict[str, list[float]],
    alone_cost: float,
    latencies: list[float],
    alone: list[float],
    here: World,
    token: str,
    article: UUID,
) -> list[Figure]:
    total = [sum(parts) for parts in zip(*costs.values(), strict=True)]
    trips = round_trips(token, article)
    return [
        Figure(
            f"CPU of one create, {CLIENTS} clients",
            f"{middle(total):.2f} ms ({spread(total, 2)})",
            f"server {middle(costs['server']):.2f}, database {middle(costs['database']):.2f} ms; "
            f"with one client {alone_cost:.2f} ms",
            target="≤ 4 ms",
            met=middle(total) <= 4,
        ),
        Figure(
            "round trips to the database of one create",
            f"{trips}",
            "counted on the wire (libpq's trace) of the pooled connection, token look-up included",
            target="≤ 4",
            met=trips <= 4,
        ),
        _latency(f"latency of one create, {CLIENTS} clients", latencies),
        _latency("latency of one create, 1 client", alone),
    ]


def _latency(name: str, taken: list[float]) -> Figure:
    p50, p95, p99 = (1000 * percentile(taken, part) for part in (0.5, 0.95, 0.99))
    return Figure(name, f"{p50:.1f} / {p95:.1f} / {p99:.1f} ms", "p50 / p95 / p99")


def _bodies(article: UUID) -> tuple[bytes, ...]:
    """Make requests for all places, each saying what words it expects, as a careful client does."""
    text = rows.long_text(3000)
    return tuple(
        orjson.dumps(
            {
                "article": article,
                "tag": rows.TAGS[number % 3],
                "spans": [{"start": start, "end": end}],
                "exact": text[start:end],
            }
        )
        for number, (start, end) in enumerate(rows.places(text, 1000))
    )


def values_of(written: rows.Written) -> dict[str, Any]:
    """Return what raw psycopg writes: the values of an annotation that is there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT project_id, article_id, layer_id, created_by_id, article_version_id, text_length, tag_id,"
            " extent::text, pieces, prefix, suffix FROM annotation WHERE id = %s",
            [written.annotations[0]],
        )
        found = cursor.fetchone()
    names = (
        "project",
        "article",
        "layer",
        "user",
        "version",
        "length",
        "tag",
        "extent",
        "pieces",
        "prefix",
        "suffix",
    )
    return {**dict(zip(names, found, strict=True)), "hash": hashlib.sha256(b"content").digest()}


def round_trips(token: str, article: UUID) -> int:
    """Count how often a create waits for the database, in this process, by the server's own configuration.

    libpq writes down what it sends; each Sync or simple Query is one wait for an answer.
    """
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test import RequestFactory

    application = get_wsgi_application()

    def create(body: bytes) -> None:
        """Do what gunicorn does: the connection is taken from the pool, and given back at the end."""
        request = RequestFactory(SERVER_NAME="localhost").post(
            PATH, body, content_type="application/json", headers={"authorization": f"Bearer {token}"}
        )
        statuses: list[str] = []
        answer = application(request.environ, lambda status, headers, failure=None: statuses.append(status))
        answer.close()
        if not statuses[0].startswith("201"):
            raise RuntimeError(f"The create was answered {statuses[0]}: {answer.content[:300]!r}")

    bodies = _bodies(article)
    for body in bodies[:20]:
        create(body)
    pool = connection.pool  # type: ignore[attr-defined]
    with tempfile.NamedTemporaryFile() as trace:
        with ExitStack() as borrowed:
            pooled = [borrowed.enter_context(pool.connection()) for _ in range(pool.get_stats()["pool_size"])]
            for one in pooled:
                one.pgconn.trace(trace.fileno())
        for body in bodies[:TRACED]:
            create(body)
        for one in pooled:
            one.pgconn.untrace()
        sent = [line.split("\t") for line in Path(trace.name).read_text(errors="replace").splitlines()]
    waits = sum(len(line) > 3 and line[1] == "F" and line[3] in ("Sync", "Query") for line in sent)
    if not waits or waits % TRACED:
        raise RuntimeError(f"{TRACED} creates waited {waits} times: not all alike.")
    return waits // TRACED
