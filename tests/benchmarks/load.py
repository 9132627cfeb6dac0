"""Clients that write as fast as they are answered, in processes of their own so that their GIL slows nobody else.

Eight of them, four to a process; every connection is kept open and opened before the clock starts. Knows
nothing of Django.
"""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

PROCESSES = 2
HEAD_START = 2.0  # seconds to connect before all begin at once


@dataclass(frozen=True)
class Http:
    """One client's requests: `bodies` are posted in turn, over and over."""

    port: int
    path: str
    token: str
    bodies: tuple[bytes, ...]


@dataclass(frozen=True)
class Sql:
    """One connection's work: `run` names a function of raw.py that writes one annotation."""

    dsn: str
    run: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Round:
    """What all clients together have done in the time."""

    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


class Clients:
    """Eight clients (or fewer), ready to be sent off again and again."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self.pool = pool

    def run(self, clients: list[Http] | list[Sql], seconds: float) -> Round:
        """Let every client do its work until the time is over; an answer that is no 201 is an error."""
        start = time.monotonic() + HEAD_START
        shares = [share for share in (clients[n::PROCESSES] for n in range(PROCESSES)) if share]
        done = [self.pool.submit(_share, share, start, seconds) for share in shares]
        latencies = [taken for future in done for taken in future.result(seconds + 60)]
        return Round(seconds, latencies)


@contextmanager
def clients() -> Iterator[Clients]:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        yield Clients(pool)


def _share(share: list[Any], start: float, seconds: float) -> list[float]:
    with ThreadPoolExecutor(len(share)) as threads:
        done = [threads.submit(_client, work, start, seconds) for work in share]
        return [taken for future in done for taken in future.result()]


def _client(work: Http | Sql, start: float, seconds: float) -> list[float]:
    with _http(work) if isinstance(work, Http) else _sql(work) as once:
        if time.monotonic() > start:
            raise RuntimeError("A client was not ready in time.")
        time.sleep(start - time.monotonic())
        latencies = []
        end = start + seconds
        before = time.monotonic()
        while before < end:
            once()
            now = time.monotonic()
            if now <= end:  # what is answered later does not count
                latencies.append(now - before)
            before = now
        return latencies


@contextmanager
def _http(work: Http) -> Iterator[Callable[[], None]]:
    requests = [
        (
            f"POST {work.path} HTTP/1.1\r\nHost: 127.0.0.1:{work.port}\r\nAuthorization: Bearer {work.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        + body
        for body in work.bodies
    ]
    turn = _in_turn(requests)
    with socket.create_connection(("127.0.0.1", work.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def once() -> None:
            connection.sendall(next(turn))
            answer = _answer(connection)
            if not answer.startswith(b"HTTP/1.1 201"):
                raise RuntimeError(f"The server answered {answer[:600]!r}")

        yield once


def _in_turn(items: list[bytes]) -> Iterator[bytes]:
    while True:
        yield from items


def _answer(connection: socket.socket) -> bytes:
    """Read one answer to its end, which Content-Length tells."""
    answer = b""
    while (split := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    head = answer[:split].lower()
    at = head.find(b"content-length:")
    if at < 0:
        raise RuntimeError(f"No length in {head!r}")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0])
    while len(answer) < split + 4 + length:
        answer += _more(connection)
    return answer


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("The server hung up.")
    return data


@contextmanager
def _sql(work: Sql) -> Iterator[Callable[[], None]]:
    import psycopg

    from tests.benchmarks import raw

    with psycopg.connect(work.dsn, autocommit=True, prepare_threshold=1) as connection:
        write = getattr(raw, work.run)(connection, work.values)
        write()  # plans are made before the clock starts, as in a server that has run for a while
        yield write
