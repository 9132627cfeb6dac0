"""Importing 100,000 annotations as JSON Lines with `manage.py import`, beside COPY IN of the same rows.

COPY gets what the import made (annotations and their events) as PostgreSQL writes it, into tables with the same columns
and nothing else: no index, key, check or trigger.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import psycopg

from tests.benchmarks import rows, world
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

ARTICLES = 1000
ANNOTATIONS = 100
ROUNDS = 3
TARGET = 0.1


def measure(here: World) -> list[Figure]:
    """Import into a new project and copy what came of it, in turn."""
    path = here.folder / "import.jsonl"
    _write(path)
    total = ARTICLES * ANNOTATIONS
    ours, raw, again = [], [], []
    with psycopg.connect(world.dsn(), autocommit=True) as connection:
        for number in range(ROUNDS):
            project = rows.project(f"bench-import-{number}")
            rows.settle()
            ours.append(_import(path, project.slug))
            raw.append(_copied(connection, project.pk, total))
            if number == 0:
                again.append(_import(path, project.slug))
    ratios = [copied / mine for copied, mine in zip(raw, ours, strict=True)]
    return [
        Figure(
            f"JSONL import of {total:,} annotations ({ARTICLES:,} articles, {path.stat().st_size / 1e6:.0f} MB), the"
            " command's start left out",
            f"{middle(ours):.1f} s ({spread(ours, 1)}), {total / middle(ours):,.0f}/s",
            f"{middle(raw):.2f} s ({spread(raw, 2)}): COPY IN of the same annotations and events into plain tables",
            f"{middle(ratios):.1%}",
            f"≥ {TARGET:.0%}",
            middle(ratios) >= TARGET,
        ),
        Figure("the same file again, which changes nothing", f"{again[0]:.1f} s"),
    ]


def _write(path: Path) -> None:
    text = rows.seed_text()
    places = rows.places(text, ANNOTATIONS)
    with path.open("wb") as file:
        for number in range(ARTICLES):
            title = f"Article {number}"
            words, before = f"{title}\n{text}", len(title) + 1
            annotations = [
                {
                    "tag": rows.TAGS[nth % len(rows.TAGS)],
                    "spans": [
                        {"start": start + before, "end": end + before, "exact": text[start:end]},
                    ],
                    "created_by": "ana",
                }
                for nth, (start, end) in enumerate(places)
            ]
            article = {"title": title, "text": words, "language": "en"}
            file.write(orjson.dumps({"article": article, "annotations": annotations}) + b"\n")


def _import(path: Path, slug: str) -> float:
    """Run the command in a process of its own; return its seconds less those that it takes to do nothing."""
    empty = path.with_name("empty.jsonl")
    empty.write_bytes(b'{"article": {"title": "Nothing", "text": "Nothing"}}\n')
    return _run(path, slug) - _run(empty, slug)


def _run(path: Path, slug: str) -> float:
    command = [sys.executable, "manage.py", "import", "jsonl", str(path), "--project", slug]
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=world.ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"The import failed: {done.stdout}{done.stderr}")
    return seconds


def _copied(connection: psycopg.Connection[Any], project: Any, total: int) -> float:
    """Copy the project's annotations and their events into empty tables; return the seconds of the two COPY IN."""
    seconds = 0.0
    for table, only in (("annotation", "TRUE"), ("event", "type = 'annotation'")):
        connection.execute(f"DROP TABLE IF EXISTS plain_{table}")
        connection.execute(f"CREATE TABLE plain_{table} (LIKE {table})")
        where = f"SELECT * FROM {table} WHERE project_id = '{project}' AND {only}"
        with connection.cursor() as cursor, cursor.copy(f"COPY ({where}) TO STDOUT") as out:
            pieces = [bytes(piece) for piece in out]
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(f"COPY plain_{table} FROM STDIN") as into:
            for piece in pieces:
                into.write(piece)
        seconds += time.perf_counter() - began
        row = connection.execute(f"SELECT count(*) FROM plain_{table}").fetchone()
        if row is None or row[0] != total:
            raise RuntimeError(f"COPY has {row} rows of {table}, not {total}.")
    return seconds
