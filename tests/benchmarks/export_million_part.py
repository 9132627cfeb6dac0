"""Exporting 1,000,000 annotations, beside a tenth of them in the same run: the time is to grow with the size alone.

Making them takes many minutes, so this part is measured only when it is named.
"""

from tests.benchmarks import export_part, fetching, rows
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

ARTICLES = 10_000
ROUNDS = 3
ALLOWED = 1.25
"""How much more time an annotation may take among ten times as many."""


def measure(here: World) -> list[Figure]:
    """Measure the large project as the other export part does, and both sizes in turn."""
    small = export_part.filled("bench-tenth", ARTICLES // 10)
    large = export_part.filled("bench-million", ARTICLES)
    figures = []
    with fetching.reader(here.port, rows.token("ben", "read")) as reader:
        for _warm in range(4):  # each worker has exported before its memory is looked at
            reader.stream(f"/api/v1/exports/jsonl/?project={small.slug}")
    for name in ("jsonl", "csv"):
        figures += export_part.of_format(here, name, large)
        times: dict[str, list[float]] = {small.slug: [], large.slug: []}
        with fetching.reader(here.port, rows.token("ben", "read")) as reader:
            for _round in range(ROUNDS):
                for slug, seconds in times.items():
                    seconds.append(reader.stream(f"/api/v1/exports/{name}/?project={slug}").seconds)
        growth = middle(times[large.slug]) / middle(times[small.slug]) * small.annotations / large.annotations
        figures.append(
            Figure(
                f"{name} export of {large.annotations:,} annotations",
                f"{middle(times[large.slug]):.1f} s ({spread(times[large.slug], 1)})",
                f"{middle(times[small.slug]):.2f} s with {small.annotations:,}",
                f"{growth:.2f} × for each",
                f"≤ {ALLOWED} ×",
                growth <= ALLOWED,
            )
        )
    return figures
