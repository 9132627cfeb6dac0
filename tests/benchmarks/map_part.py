"""The claim map of a large article, as its page and over the API, beside psycopg fetching the same rows."""

import time
from collections.abc import Callable
from typing import Any

import orjson
import psycopg

from tests.benchmarks import fetching, rows, world
from tests.benchmarks.report import Figure, middle, percentile
from tests.benchmarks.rows import Written
from tests.benchmarks.world import World

ANNOTATIONS, FEW = 2400, 10
REPEATING = 400  # with a denial and evidence for each of the 800 claims: 2,000 relations
REPEATS, WARM_UP = 20, 6

# What the map reads, without asking what the viewer may see.
FETCHED = (
    """SELECT k.name, r.subject_id::text, r.object_id::text, r.attributes ->> 'manner', r.attributes ->> 'degree'
       FROM relation r JOIN relation_kind k ON k.id = r.kind_id
       WHERE r.layer_id = %s AND r.withdrawn_at IS NULL ORDER BY r.id""",
    """SELECT a.id::text, a.article_id::text, o.username, t.name, lower(a.extent), a.pieces, a.attributes::text,
              a.status
       FROM annotation a JOIN tag t ON t.id = a.tag_id JOIN layer l ON l.id = a.layer_id
       JOIN account o ON o.id = l.owner_id
       WHERE a.layer_id = %s AND a.withdrawn_at IS NULL ORDER BY lower(a.extent), upper(a.extent) DESC, a.id""",
    """SELECT k.id::text, k.annotation_id::text, k.role, k.source_id::text, s.name, s.kind, k.as_named,
              k.on_behalf_of_id::text, b.name, k.cue::text, k.stance, k.url, k.quote, k.locator, k.accessed_at,
              k.archive_url
       FROM source_link k JOIN source s ON s.id = k.source_id LEFT JOIN source b ON b.id = k.on_behalf_of_id
       WHERE k.layer_id = %s AND k.withdrawn_at IS NULL ORDER BY k.role, k.position, k.id""",
)


def measure(here: World) -> list[Figure]:
    """Ask for the page, for the JSON, and fetch, in turn."""
    written, few = _written(ANNOTATIONS, REPEATING), _written(FEW, 1)
    rows.settle()
    taken: dict[str, list[float]] = {"page": [], "API": [], "psycopg": []}
    cookie = _cookie()
    with (
        fetching.reader(here.port, rows.token("ana", "read")) as reader,
        psycopg.connect(world.dsn(), autocommit=True) as connection,
    ):
        pages = {
            "API": f"/api/v1/articles/{written.article.id}/map/",
            "page": f"/articles/{written.article.id}/map/",
        }
        shown = orjson.loads(reader.get(pages["API"]))
        reader.headers["Cookie"] = cookie
        sizes = {name: len(reader.get(address)) for name, address in pages.items()}
        related = sum(len(row["denials"]) + len(row["evidence_for"]) for row in shown["rows"])
        if shown["total"] != ANNOTATIONS // 3 - REPEATING or related != 2 * ANNOTATIONS // 3:
            raise RuntimeError(f"The map has {shown['total']} rows and {related} answers and evidence.")
        acts: dict[str, Callable[[], Any]] = {
            "page": lambda: reader.get(pages["page"]),
            "API": lambda: reader.get(pages["API"]),
            "psycopg": lambda: _fetch(connection, written),
        }
        for number in range(WARM_UP + REPEATS):
            for name, act in acts.items():
                began = time.perf_counter()
                act()
                if number >= WARM_UP:
                    taken[name].append(time.perf_counter() - began)
    raw = taken["psycopg"]
    return [
        *(_figure(name, sizes[name], taken[name], raw) for name in pages),
        _statements(few, written),
    ]


def _figure(name: str, size: int, ours: list[float], raw: list[float]) -> Figure:
    ratio = middle(ours) / middle(raw)
    return Figure(
        f"the claim map ({name}, {size / 1000:,.0f} KB) of {ANNOTATIONS:,} annotations, 2,000 relations",
        f"{1000 * middle(ours):.1f} ms (p95 {1000 * percentile(ours, 0.95):.1f})",
        f"{1000 * middle(raw):.1f} ms (p95 {1000 * percentile(raw, 0.95):.1f}): psycopg fetching the same rows",
        f"{ratio:.2f} ×",
        "≤ 5 ×",
        ratio <= 5,
    )


def _written(number: int, repeating: int) -> Written:
    """Write annotations of the three tags in turn: each denial and evidence to the claim before, some claims repeat."""
    text = rows.long_text(3000)
    desk = rows.project(f"bench-map-{number}")
    written = rows.annotate(desk, rows.article(desk, text), rows.places(text, number, width=1, every=1))
    rows.link(desk, written, rows.source(desk, "John Kirby"), 1)
    rows.deny(desk, written, 1)
    claims, shown = written.annotations[0::3], written.annotations[2::3]
    rows.relate(desk, written, "supports", list(zip(shown, claims, strict=False)))
    rows.relate(desk, written, "repeats", list(zip(claims[1::2], claims[0::2], strict=False))[:repeating])
    return written


def _fetch(connection: psycopg.Connection[Any], written: Written) -> int:
    with connection.cursor() as cursor:
        return sum(len(cursor.execute(sql, [written.layer]).fetchall()) for sql in FETCHED)


def _cookie() -> str:
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    return f"{name}={_signed_in().cookies[name].value}"


def _signed_in() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    rows.person("ana")
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username="ana"))
    return client


def _statements(few: Written, many: Written) -> Figure:
    """Count the statements of the page in this process; the text, which is kept, was read before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _signed_in()
    counts = []
    for written in (few, many):
        address = f"/articles/{written.article.id}/map/"
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            if client.get(address).status_code != 200:
                raise RuntimeError("The page of the map was refused.")
        counts.append(len(caught))
    return Figure(
        f"statements to the database for the map of {ANNOTATIONS:,} annotations",
        f"{counts[1]}",
        f"{counts[0]} with {FEW}",
        target="the same",
        met=counts[0] == counts[1],
    )
