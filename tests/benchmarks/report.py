"""Figures, the conditions they were taken under, and how both are shown."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.benchmarks.world import ROOT, World

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by `make bench ARGS={}` -->", "<!-- end of the figures -->"
PACKAGES = ("Django", "djangorestframework", "gunicorn", "psycopg", "orjson")


@dataclass(frozen=True)
class Figure:
    """One measure: what came out, what stands beside it in the same run, and the target where there is one."""

    name: str
    value: str
    beside: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: ""}[self.met]

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.name, self.value, self.beside, self.ratio, self.target, self.verdict)


HEAD = ("measure", "figure", "beside it, in the same run", "ratio", "target", "")


@dataclass(frozen=True)
class Conditions:
    """The machine and the versions."""

    at: datetime
    load: tuple[float, float, float]
    facts: dict[str, str]

    @classmethod
    def now(cls, here: World) -> "Conditions":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), current_setting('fsync'),"
                " current_setting('synchronous_commit'), current_setting('shared_buffers')"
            )
            server, fsync, commit, buffers = cursor.fetchone()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        facts = {
            "machine": f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()} "
            f"{platform.release().split('-')[0]}; client, server and database share the cores",
            "PostgreSQL": f"{server}, the embedded one: fsync {fsync}, synchronous_commit {commit}, "
            f"shared_buffers {buffers}, socket",
            "Python": f"{platform.python_version()}; "
            + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
            "server": f"as `make run` starts it: gunicorn, {len(here.workers())} workers of 8 threads",
        }
        return cls(datetime.now(UTC), os.getloadavg(), facts)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _conditions(began: Conditions, ended: Conditions) -> list[tuple[str, str]]:
    def load(at: Conditions) -> str:
        return " ".join(f"{value:.1f}" for value in at.load)

    return [
        ("date", f"{began.at:%Y-%m-%d %H:%M} to {ended.at:%H:%M} UTC"),
        *ended.facts.items(),
        ("load average", f"{load(began)} before, {load(ended)} after (1, 5, 15 minutes)"),
    ]


def text(figures: list[Figure], began: Conditions, ended: Conditions) -> str:
    """Return the table for a terminal."""
    rows = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines.insert(1, "-" * len(lines[0]))
    missed = sum(figure.met is False for figure in figures)
    asked = sum(figure.met is not None for figure in figures)
    told = [f"{name}: {words}" for name, words in _conditions(began, ended)]
    return "\n".join(["", *lines, "", f"{asked - missed} of {asked} targets met.", "", *told])


def write(figures: list[Figure], began: Conditions, ended: Conditions, *, arguments: str) -> None:
    """Put the figures between the marks of a run with these arguments; the words around them stay."""
    page = PAGE.read_text(encoding="utf-8")
    begin = BEGIN.format(arguments)
    before, mark, rest = page.partition(begin)
    if not mark:
        raise ValueError(f"{PAGE.name} has no {begin}")
    _old, _mark, after = rest.partition(END)
    table = [" | ".join(("", *row, "")).strip() for row in (HEAD, ("---",) * len(HEAD))]
    table += [" | ".join(("", *figure.cells, "")).strip() for figure in figures]
    told = [f"- **{name}**: {words}" for name, words in _conditions(began, ended)]
    body = "\n".join([begin, "", *table, "", "Conditions:", "", *told, "", END])
    PAGE.write_text(before + body + after, encoding="utf-8")


def middle(values: list[float]) -> float:
    """Return the median."""
    return median(values)


def spread(values: list[float], digits: int = 0) -> str:
    """Return the lowest and the highest."""
    return f"{min(values):,.{digits}f}–{max(values):,.{digits}f}"


def percentile(values: list[float], part: float) -> float:
    """Return the value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
