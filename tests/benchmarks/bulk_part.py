"""Creating a thousand annotations by one bulk request, beside psycopg's executemany of the same rows."""

import json
import time
import uuid
from typing import Any

import orjson
import psycopg
from uuid_utils import uuid7

from tests.benchmarks import create_part, fetching, raw, rows, world
from tests.benchmarks.report import Figure, middle, percentile, spread
from tests.benchmarks.world import World

ITEMS = 1000
ROUNDS = 12
WARM_UP = 2


def measure(here: World) -> list[Figure]:
    """Write by one request and by executemany in turn."""
    text = rows.long_text(4000)
    desk = rows.project("bench-bulk")
    article = rows.article(desk, text)
    written = rows.annotate(desk, article, rows.places(text, 10))
    items = [
        {
            "op": "create",
            "article": str(article.id),
            "tag": rows.TAGS[number % 3],
            "spans": [{"start": start, "end": end}],
            "exact": text[start:end],
        }
        for number, (start, end) in enumerate(rows.places(text, ITEMS))
    ]
    body = orjson.dumps({"items": items})
    values = create_part.values_of(written)
    ours: list[float] = []
    theirs: list[float] = []
    with (
        fetching.reader(here.port, rows.token("ana")) as reader,
        psycopg.connect(world.dsn(), autocommit=True) as connection,
    ):
        connection.execute(raw.COPIES)
        rows.settle()
        for number in range(WARM_UP + ROUNDS):
            began = time.perf_counter()
            answer = reader.post("/api/v1/annotations/bulk/", body)
            between = time.perf_counter()
            _executemany(connection, values, items)
            ended = time.perf_counter()
            if number == 0 and any(one["status"] != 201 for one in orjson.loads(answer)["results"]):
                raise RuntimeError(f"Not all were made: {answer[:300]!r}")
            if number >= WARM_UP:
                ours.append(between - began)
                theirs.append(ended - between)
    ratio = middle([other / mine for mine, other in zip(ours, theirs, strict=True)])
    return [
        Figure(
            f"bulk create of {ITEMS:,} annotations by one request",
            f"{ITEMS / middle(ours):,.0f}/s ({spread([ITEMS / one for one in ours])}); "
            f"{1000 * middle(ours):.0f} ms (p95 {1000 * percentile(ours, 0.95):.0f})",
            f"{ITEMS / middle(theirs):,.0f}/s ({spread([ITEMS / one for one in theirs])}): psycopg's executemany of "
            "the same annotations and their events in one transaction, plain copies of the tables with the same "
            "indexes, no triggers, checks or foreign keys",
            f"{ratio:.0%}",
            "≥ 25 %",
            ratio >= 0.25,
        )
    ]


def _executemany(
    connection: psycopg.Connection[Any], values: dict[str, Any], items: list[dict[str, Any]]
) -> None:
    """Write the annotations with an event each, as the request does, by two calls of executemany."""
    act = uuid.UUID(int=uuid7().int)
    given = []
    for item in items:
        row = uuid.UUID(int=uuid7().int)
        span = item["spans"][0]
        one = {
            **values,
            "id": row,
            "extent": f"{{[{span['start']},{span['end']})}}",
            "pieces": [item["exact"]],
        }
        after = json.dumps({**one, "status": "pending", "revision": 1}, default=str)
        given.append({**one, "act": act, "ordinal": len(given) + 1, "after": after})
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raw_act (id, project_id, kind, actor_id, channel, article)"
            " VALUES (%(act)s, %(project)s, 'bulk_annotations', %(user)s, 'api', %(article)s)",
            {**values, "act": act},
        )
        cursor.executemany(raw.ANNOTATION, given)
        cursor.executemany(raw.EVENT, given)
