"""Freezing 100,000 annotations: what it takes beside exporting the same files, and what the database grows by."""

import os
import time

import psutil
from django.db import connection

from factcheck import services
from factcheck.exports.registry import FORMATS
from factcheck.queries import interchange
from tests.benchmarks import fetching, memory, rows
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "1000"))
ANNOTATIONS = 100
ROUNDS = 3


def measure(here: World) -> list[Figure]:
    """Export and freeze in turn, in this process, whose memory is watched; then download what was frozen."""
    desk = rows.project("bench-release")
    text = rows.seed_text()
    for number in range(ARTICLES):
        rows.annotate(desk, rows.article(desk, text, f"Article {number}"), rows.places(text, ANNOTATIONS))
    rows.settle()
    mine = [psutil.Process()]
    exporting, freezing, peaks = [], [], []
    before = _stored()
    held = memory.held(mine)
    for nth in range(ROUNDS):
        began = time.perf_counter()
        for format in FORMATS:
            for _chunk in interchange.export(format, interchange.select(None, project=desk.slug)):
                pass
        exporting.append(time.perf_counter() - began)
        began = time.perf_counter()
        with memory.watched(mine) as peak:
            made = services.releases.make(project_id=desk.pk, name=f"v{nth}", by=rows.person("mona"))
        freezing.append(time.perf_counter() - began)
        peaks.append(peak.megabytes)
    grown = (_stored() - before) / ROUNDS
    path = f"/api/v1/projects/{desk.slug}/releases/{made.name}/files/{desk.slug}.jsonl/"
    with fetching.reader(here.port, rows.token("ben", "read")) as reader:
        streamed = [reader.stream(path) for _round in range(ROUNDS)]
    total = ARTICLES * ANNOTATIONS
    more = max(peaks) - held
    return [
        Figure(
            f"making a release of {total:,} annotations ({made.size / 1e6:.0f} MB in {len(FORMATS)} formats)",
            f"{middle(freezing):.1f} s ({spread(freezing, 1)})",
            f"{middle(exporting):.1f} s ({spread(exporting, 1)}): exporting the same formats, kept nowhere",
            f"{middle(freezing) / middle(exporting):.1f}",
        ),
        Figure("memory while it is made, peak", f"+{more:.0f} MB", target="≤ 30 MB", met=more <= 30),
        Figure(
            "what the database grows by",
            f"{grown / 1e6:.0f} MB",
            ratio=f"{grown / made.size:.0%}",
        ),
        Figure(
            "download of its JSONL",
            f"{streamed[0].size / 1e6 / middle([one.seconds for one in streamed]):.0f} MB/s",
            f"first byte after {1000 * middle([one.first_byte for one in streamed]):.0f} ms",
        ),
    ]


def _stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('release_chunk') + pg_total_relation_size('release_file')"
        )
        stored: int = cursor.fetchone()[0]
    return stored
