"""Reviewing: from a decision's key to the next thing on the screen, and the queue's first page with few and many."""

import time
from collections import defaultdict
from typing import Any

from playwright.sync_api import Page

from tests.benchmarks import fetching, page_part, rows
from tests.benchmarks.report import Figure, middle, percentile, spread
from tests.benchmarks.world import World

ANNOTATIONS = 2400
FEW, MANY = 100, 100_000
REPEATS, WARM_UP = 20, 6
DECISIONS = 22  # more than one of them without anything warm, and less than the queue's page shows

# From the key to the frame after the next thing is in its place.
WATCH = """
    () => {
      const at = () => document.querySelector("#review")?.dataset.at;
      const before = at();
      window.whenNext = new Promise((done, failed) => {
        setTimeout(failed, 20000, new Error("The next thing did not come in 20 seconds."));
        addEventListener("keydown", (event) => {
          const began = event.timeStamp;
          const look = () => {
            if (at() === before || !document.querySelector("#article-text mark.on")) return requestAnimationFrame(look);
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
          };
          requestAnimationFrame(look);
        }, { capture: true, once: true });
      });
    }
"""


def measure(here: World) -> list[Figure]:
    """Fetch the first page as who has few and as who has many waiting, in turn; then decide by key."""
    _waiting("few", "rita", FEW)
    _waiting("many", "ruben", MANY)
    rows.settle()
    fetched = _fetch(here)
    statements = {who: _statements(who) for who in ("rita", "ruben")}
    cookie = _cookie(here, "ruben")
    with page_part._browser() as browser, browser.new_context(base_url=here.url) as context:
        context.set_default_timeout(20_000)
        context.add_cookies([cookie])
        taken = _decide(context.new_page())
    return [
        Figure(
            f"key of a decision to the next thing on the screen, {ANNOTATIONS:,} annotations in the article",
            f"{middle(taken):.0f} ms ({spread(taken)})",
            f"{len(taken)} times, {MANY:,} waiting",
            target="≤ 150 ms",
            met=middle(taken) <= 150,
        ),
        *(_figure(name, fetched[name]) for name in fetched),
        Figure(
            f"statements to the database for the review page, {MANY:,} waiting",
            f"{statements['ruben']}",
            f"{statements['rita']} with {FEW}",
            target="the same",
            met=statements["ruben"] == statements["rita"],
        ),
    ]


def _figure(name: str, of: dict[str, list[float]]) -> Figure:
    few, many = of["rita"], of["ruben"]
    ratio = middle(many) / middle(few)
    return Figure(
        f"the queue's first page ({name}), {MANY:,} waiting",
        f"{1000 * middle(many):.1f} ms (p95 {1000 * percentile(many, 0.95):.1f})",
        f"{1000 * middle(few):.1f} ms (p95 {1000 * percentile(few, 0.95):.1f}) with {FEW}",
        f"{ratio:.2f} ×",
        "≤ 1.25 ×",
        ratio <= 1.25,
    )


def _waiting(name: str, reviewer: str, number: int) -> None:
    """Have so many annotations of ana's wait for one reviewer: projects of their own, as each sees only theirs."""
    from factcheck import services

    desk = rows.project(f"bench-review-{name}")
    rows.person(reviewer)
    services.projects.add_member(project=desk, username=reviewer, role="reviewer", by=rows.person("mona"))
    text = rows.long_text(3000)
    places = rows.places(text, ANNOTATIONS, width=1, every=1)
    article = 0
    while number > 0:
        article += 1
        rows.annotate(desk, rows.article(desk, text, f"Article {article}"), places[:number])
        number -= ANNOTATIONS


def _fetch(here: World) -> dict[str, dict[str, list[float]]]:
    from django.conf import settings

    taken: dict[str, dict[str, list[float]]] = {}
    pages = {"page": "/review/", "API": "/api/v1/review-queue/?limit=30"}
    readers: dict[str, Any] = {}
    open_readers = []
    for who in ("rita", "ruben"):
        manager = fetching.reader(here.port, rows.token(who, "read"))
        readers[who] = manager.__enter__()
        open_readers.append(manager)
        readers[who].headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={_cookie(here, who)['value']}"
    try:
        for name, address in pages.items():
            of: defaultdict[str, list[float]] = defaultdict(list)
            for number in range(WARM_UP + REPEATS):
                for who, reader in readers.items():
                    began = time.perf_counter()
                    reader.get(address)
                    if number >= WARM_UP:
                        of[who].append(time.perf_counter() - began)
            taken[name] = of
    finally:
        for manager in open_readers:
            manager.__exit__(None, None, None)
    return taken


def _client(who: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username=who))
    return client


def _cookie(here: World, who: str) -> Any:
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": _client(who).cookies[name].value, "url": here.url, "httpOnly": True}


def _statements(who: str) -> int:
    """Count the statements of the page in this process; the text, which is kept, was read before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client(who)
    client.get("/review/")
    with CaptureQueriesContext(connection) as caught:
        if client.get("/review/").status_code != 200:
            raise RuntimeError("The review page was refused.")
    return len(caught)


def _decide(page: Page) -> list[float]:
    page.goto("/review/", wait_until="load")
    page.wait_for_selector("fc-review[data-ready]", state="attached")
    taken = []
    for _number in range(DECISIONS):
        page.evaluate(WATCH)
        page.keyboard.press("a")
        taken.append(page.evaluate("window.whenNext"))
    return taken[2:]  # the first ones warm everything up
