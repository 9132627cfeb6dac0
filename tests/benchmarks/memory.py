"""How much memory processes hold while something happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

INTERVAL = 0.02


def held(processes: list[psutil.Process]) -> float:
    """Return their proportional set size in MB: what would be free if they were gone."""
    return sum(_pss(process.pid) for process in processes) / 1000


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass  # it has ended meanwhile
    return 0


class Peak:
    """The most that was held so far."""

    megabytes = 0.0


@contextmanager
def watched(processes: list[psutil.Process]) -> Iterator[Peak]:
    """Look every few milliseconds until the block ends."""
    peak = Peak()
    over = threading.Event()

    def look() -> None:
        while not over.wait(INTERVAL):
            peak.megabytes = max(peak.megabytes, held(processes))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
