"""Where this instance is reached, so that a command can print a link to the server that is running now."""

import http.client
import ipaddress
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Address:
    """A host and a port, and the file in the data folder that names them while a server runs."""

    host: str
    port: int

    @classmethod
    def of_this_start(cls) -> "Address":
        """Read HOST and PORT."""
        given = os.environ.get("PORT") or str(DEFAULT_PORT)
        if not given.isdigit() or not 0 < int(given) < 65536:
            raise CommandError(f"PORT must be a number from 1 to 65535, not {given!r}.")
        return cls(os.environ.get("HOST") or DEFAULT_HOST, int(given))

    @classmethod
    def of_running_server(cls) -> "Address":
        """Read where the server was started last, unless PORT or HOST say otherwise."""
        if os.environ.get("PORT") or os.environ.get("HOST"):
            return cls.of_this_start()
        noted = _read()
        return cls(str(noted.get("host", DEFAULT_HOST)), int(noted.get("port", DEFAULT_PORT)))

    @property
    def is_loopback(self) -> bool:
        """Can only this machine reach it?"""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def near_host(self) -> str:
        """Name the host as this machine calls it: "all addresses" is no address to go to."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    def url(self, path: str = "/") -> str:
        """Give the full address of a path."""
        host = f"[{self.near_host}]" if ":" in self.near_host else self.near_host
        return f"http://{host}:{self.port}{path}"

    def answers(self) -> bool:
        """Does /healthz say that all is well?"""
        asked = http.client.HTTPConnection(self.near_host, self.port, timeout=5)
        try:
            asked.request("GET", "/healthz", headers={"Host": "localhost"})
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def write(self) -> None:
        """Note that a server runs here, started by this process."""
        noted = {"host": self.host, "port": self.port, "pid": os.getpid()}
        _file().write_text(json.dumps(noted), encoding="utf-8")

    def forget(self) -> None:
        """Take the note away."""
        if self.read_starter() == os.getpid():
            _file().unlink(missing_ok=True)

    @staticmethod
    def read_starter() -> int | None:
        """Return the process that started the server noted last, if one is noted."""
        noted = _read().get("pid")
        return noted if isinstance(noted, int) else None


def _file() -> Path:
    return Path(settings.DATA_DIR) / "address.json"


def _read() -> dict[str, str | int]:
    try:
        noted = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
