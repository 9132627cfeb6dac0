"""Reading 100,000 changes page by page, beside the JSONL export of the same project; and what an idle poll costs."""

import re
import time
from typing import Any
from uuid import UUID

import orjson

from tests.benchmarks import fetching, rows
from tests.benchmarks.report import Figure, middle, percentile, spread
from tests.benchmarks.world import World

ARTICLES = 1000
ANNOTATIONS = 100
CHANGES = 100_000
PAGE = 1000
ROUNDS = 3
POLLS = 200
# What a line of the export holds, each thing counted once, and the article itself.
SECTIONS = ("layers", "annotations", "relations", "sources", "source_texts", "source_links", "reviews")


def measure(here: World) -> list[Figure]:
    """Download the export, then read the feed from its start, with and without the things themselves, in turn."""
    desk = rows.project("bench-feed")
    text = rows.seed_text()
    source = rows.source(desk, "John Kirby")
    for number in range(ARTICLES):
        loaded = rows.article(desk, text, f"Article {number}")
        written = rows.annotate(desk, loaded, rows.places(text, ANNOTATIONS))
        rows.link(desk, written, source, 10)
        rows.deny(desk, written, 5)
    rows.settle()
    token = rows.token("ben", "read")
    export = f"/api/v1/exports/jsonl/?project={desk.slug}"
    feed = f"/api/v1/changes/?project={desk.slug}&limit={PAGE}"
    exported: list[float] = []
    told: dict[str, list[float]] = {"": [], "&include=object": []}
    # A connection for each, since one that waits while we think is closed by the server.
    with fetching.reader(here.port, token) as reader:
        things = _things(reader, export)
    for _round in range(ROUNDS):
        with fetching.reader(here.port, token) as reader:
            exported.append(things / reader.stream(export).seconds)
        for include, rates in told.items():
            with fetching.reader(here.port, token) as reader:
                rates.append(_read(reader, feed + include))
    with fetching.reader(here.port, token) as reader:
        idle, polls = _idle(reader, feed)
    return [
        *(_rate(include, rates, exported, things) for include, rates in told.items()),
        Figure(
            "an idle poll of the feed",
            f"{1000 * middle(polls):.1f} ms (p95 {1000 * percentile(polls, 0.95):.1f})",
            f"{POLLS} times, a project with {CHANGES:,} changes and more",
        ),
        idle,
    ]


def _things(reader: fetching.Reader, export: str) -> int:
    pieces = bytearray()
    reader.stream(export, pieces.extend)
    lines = [orjson.loads(line) for line in pieces.splitlines()]
    return len(lines) + sum(len(line[section]) for line in lines for section in SECTIONS)


def _read(reader: fetching.Reader, feed: str) -> float:
    """Read so many changes from the start; return how many a second."""
    read, cursor = 0, ""
    began = time.perf_counter()
    while read < CHANGES:
        page = orjson.loads(reader.get(feed + cursor))
        read += len(page["results"])
        cursor = f"&after={page['cursor']}"
        if not page["more"]:
            raise RuntimeError(f"The feed ends after {read} changes.")
    return read / (time.perf_counter() - began)


def _rate(include: str, rates: list[float], exported: list[float], things: int) -> Figure:
    ratios = [mine / other for mine, other in zip(rates, exported, strict=True)]
    what = "with each thing's present state" if include else "the lines alone"
    return Figure(
        f"reading {CHANGES:,} changes, {what}, {PAGE} a page, one after the other, each parsed",
        f"{middle(rates):,.0f} changes/s ({spread(rates)})",
        f"{middle(exported):,.0f} things/s ({spread(exported)}): the JSONL export of the same project over HTTP, "
        f"{things:,} articles, layers, annotations, relations, sources and links, thrown away unparsed",
        f"{middle(ratios):.0%}",
        "" if include else "≥ 30 %",
        None if include else middle(ratios) >= 0.3,
    )


def _idle(reader: fetching.Reader, feed: str) -> tuple[Figure, list[float]]:
    """Poll when there is nothing new; say which statements that takes and how the database reads them."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from factcheck.queries import feed as queries_feed
    from factcheck.queries import feed_cursor, feed_sql

    cursor = orjson.loads(reader.get(feed.replace(f"limit={PAGE}", "from=now")))["cursor"]
    polls: list[float] = []
    for _poll in range(POLLS):
        began = time.perf_counter()
        answer: dict[str, Any] = orjson.loads(reader.get(f"{feed}&after={cursor}"))
        polls.append(time.perf_counter() - began)
        if answer["results"]:
            raise RuntimeError("Something was told though nothing had changed.")
    with CaptureQueriesContext(connection) as statements:
        queries_feed.read(rows.person("ben").user_id, feed_cursor.decode(cursor), project="bench-feed")
    # Of the few rows of this database the planner would read some tables whole, though there are indexes.
    with transaction.atomic(), connection.cursor() as asking:
        asking.execute("SET LOCAL enable_seqscan = off")
        asking.execute(
            f"EXPLAIN {feed_sql.STANDING}", {"viewer": rows.person("ben").user_id, "known": [UUID(int=1)]}
        )
        plan = "\n".join(row[0] for row in asking.fetchall())
    indexes = sorted(set(re.findall(r"(?:using|Bitmap Index Scan on) (\S+)", plan)))
    whole = [name for name in re.findall(r"Seq Scan on (\S+)", plan) if name != "feed_epoch"]
    return (
        Figure(
            "statements of an idle poll, once it is known who asks",
            f"{len(statements)}",
            f"by {', '.join(indexes)}; no table of acts or events is touched",
            target="1, indexed",
            met=len(statements) == 1 and bool(indexes) and not whole and "event" not in plan,
        ),
        polls,
    )
