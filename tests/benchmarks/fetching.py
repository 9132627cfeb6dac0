"""One client's kept-alive connection: whole answers for lists and bulk writes, a stream for exports."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Streamed:
    """What a download came to."""

    seconds: float
    first_byte: float
    size: int


class Reader:
    """Asks with a token; anything but 200 is an error."""

    def __init__(self, connection: http.client.HTTPConnection, token: str) -> None:
        self.connection = connection
        self.headers = {"Authorization": f"Bearer {token}"}

    def _ask(self, path: str, body: bytes | None = None) -> http.client.HTTPResponse:
        kind = {} if body is None else {"Content-Type": "application/json"}
        self.connection.request("GET" if body is None else "POST", path, body, self.headers | kind)
        answer = self.connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered {answer.status}: {answer.read(600)!r}")
        return answer

    def get(self, path: str) -> bytes:
        return self._ask(path).read()

    def post(self, path: str, body: bytes) -> bytes:
        return self._ask(path, body).read()

    def stream(self, path: str, keep: Any = None) -> Streamed:
        """Read to the end, in pieces that are thrown away, or given to `keep`."""
        began = time.perf_counter()
        answer = self._ask(path)
        size, first = 0, 0.0
        while piece := answer.read1(1 << 16):
            first = first or time.perf_counter() - began
            size += len(piece)
            if keep is not None:
                keep(piece)
        answer.read()  # nothing more: where the length was told, only this lets the connection be used again
        return Streamed(time.perf_counter() - began, first, size)


@contextmanager
def reader(port: int, token: str) -> Iterator[Reader]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield Reader(connection, token)
    finally:
        connection.close()
