"""Runs the parts that are asked for, prints the figures, and with --write puts them into docs/benchmarks.md."""

import argparse
import importlib
import os
import signal
import sys
from types import ModuleType
from typing import NoReturn

from tests.benchmarks import report, world

PARTS = (
    *(
        "create",
        "list",
        "export",
        "import",
        "feed",
        "bulk",
        "page",
        "map",
        "review",
        "sources",
        "release",
        "lists",
    ),
)
ONLY_WHEN_NAMED = ("export_million",)


def main() -> int:
    """Measure and tell; 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"{', '.join(PARTS)}; all when none is named; besides {', '.join(ONLY_WHEN_NAMED)}",
    )
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    given = parser.parse_args()
    if unknown := set(given.parts) - {*PARTS, *ONLY_WHEN_NAMED}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    named = " ".join(given.parts)
    if given.write and named not in ("", *ONLY_WHEN_NAMED):
        parser.error(
            "--write takes the figures of all parts of one run, or of one that is run only when named"
        )
    signal.signal(signal.SIGTERM, _leave)  # so that what was started is stopped
    figures: list[report.Figure] = []
    with world.running() as here:
        began = report.Conditions.now(here)
        for name in given.parts or PARTS:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            figures += _part(name).measure(here)
        ended = report.Conditions.now(here)
    print(report.text(figures, began, ended))
    if given.write:
        report.write(figures, began, ended, arguments=f'"--write {named}"' if named else "--write")
    return 1 if any(figure.met is False for figure in figures) else 0


def _part(name: str) -> ModuleType:
    return importlib.import_module(f"tests.benchmarks.{name}_part")


def _leave(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the pool's threads have nothing left to do
