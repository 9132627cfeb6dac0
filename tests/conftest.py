"""What every test may ask for: a database server of this run's own, and a browser."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from factcheck import postgres

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Nothing in the test database has to survive the machine.
FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise OSError(f"A test tried to reach {host}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        yield


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """Run PostgreSQL in this run's own folder, unless DATABASE_URL names a server to test on."""
    if settings.DATABASE_URL:
        yield
        return
    with postgres.running(settings.DATA_DIR / "pg", options=FAST_AND_LOOSE):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Have the server up before pytest-django makes the test database."""


# -- The browser -----------------------------------------------------------------------------------


def chromium() -> str:
    """Find the system's Chromium; none is ever downloaded."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    pytest.fail("Browser tests need Chromium: install it (Debian: apt install chromium), or set CHROMIUM.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Generous, because the machine may be busy with other work; a test that passes never waits for it.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Open a fresh window on the product; the test fails if a script or the page's policy broke."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    context.set_default_timeout(30_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    waiting: list[Any] = []
    page.on("request", lambda request: waiting.append(request))
    page.on("requestfinished", lambda request: request in waiting and waiting.remove(request))
    page.on("requestfailed", lambda request: request in waiting and waiting.remove(request))
    yield page
    # The database is emptied next, which a request that is still being answered would block.
    for _ in range(100):
        if not waiting:
            break
        page.wait_for_timeout(20)
    context.close()
    assert not faults, f"The page complained: {faults}"


@pytest.fixture
def sign_in(live_server: Any) -> SignIn:
    """Give `sign_in(page, "ana")`, which needs no password."""

    def enter(page: Page, username: str) -> None:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url, "httpOnly": True}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    return enter


@pytest.fixture
def shot(tmp_path: Path) -> Shot:
    """Give `shot(page, "article-light-1280")`; kept in docs/img when SHOTS=1 (`make shots`)."""

    def take(page: Page, name: str) -> Path:
        folder = PICTURES if os.environ.get("SHOTS") == "1" else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        return path

    return take
