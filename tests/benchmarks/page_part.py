"""The article's page in a real browser: how soon all highlights are painted, and how soon a chosen tag is.

Times are the page's own (performance.now, from the start of the navigation); painted means that the second frame
after the change has begun, so the first one was presented.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from tests.benchmarks import rows
from tests.benchmarks.report import Figure, middle, spread
from tests.benchmarks.world import World

WORDS = 3000
FEW, MANY = 10, 1000
ROUNDS = 7
TAGGED = 15
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The text is there when something stands after it; then the last mark is there too.
NOTE_PAINTED = """
    window.whenPainted = new Promise((done, failed) => {
      setTimeout(failed, 20000, new Error("The text was not painted in 20 seconds."));
      const look = () => {
        const text = document.querySelector("#article-text");
        if (!text?.nextElementSibling) return requestAnimationFrame(look);
        const marks = text.querySelectorAll("mark[data-ids]").length;
        requestAnimationFrame(() => requestAnimationFrame(() => {
          const paint = performance.getEntriesByName("first-contentful-paint")[0];
          done({ at: Math.max(performance.now(), paint?.startTime ?? 0), marks });
        }));
      };
      requestAnimationFrame(look);
    });
"""

# Chooses the words of the free place after a word, as a selection in the browser.
SELECT = """
    ([start, end]) => {
      const text = document.querySelector("#article-text");
      const at = (offset) => {
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          if (offset <= node.length) return [node, offset];
          offset -= node.length;
        }
      };
      const units = [...text.textContent].slice(0, end);
      const length = (count) => units.slice(0, count).join("").length;
      getSelection().setBaseAndExtent(...at(length(start)), ...at(length(end)));
      getSelection().anchorNode.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    }
"""

# From the key to the frame after the highlight is set, and to the mark of the server with nothing left to send.
WATCH = """
    () => {
      const cards = () => [...document.querySelectorAll("#cards > li")];
      const known = new Set(cards().map((card) => card.id));
      const waiting = () => Object.keys(localStorage).some((key) => key.startsWith("fc:outbox:"));
      const drawn = () => {
        const added = cards().find((card) => !known.has(card.id));
        return added && document.querySelector(`#article-text mark[data-ids~="${added.dataset.n}"]`);
      };
      const pending = () => CSS.highlights.get("fc-tag-claim")?.size;
      window.whenTagged = new Promise((done, failed) => {
        setTimeout(failed, 20000, new Error("The tag was not saved in 20 seconds."));
        addEventListener("keydown", (event) => {
          const began = event.timeStamp;
          const taken = {};
          let set = false;
          const look = () => {
            const now = performance.now() - began;
            if (set) taken.painted ??= now;
            set ||= pending() || drawn();
            if (drawn() && !waiting()) taken.saved ??= now;
            if (taken.saved && taken.painted) done(taken);
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }, { capture: true, once: true });
      });
    }
"""


@dataclass(frozen=True)
class Opened:
    """One opening of the page: milliseconds until painted, and compressed kilobytes of what was fetched."""

    painted: float
    script: float
    total: float


def measure(here: World) -> list[Figure]:
    """Open the page with few and with many annotations in turn; then tag words where there are many."""
    text = rows.long_text(WORDS)
    desk = rows.project("bench-page")
    source = rows.source(desk, "John Kirby")
    addresses = {}
    for count in (FEW, MANY):
        written = rows.annotate(desk, rows.article(desk, text), rows.places(text, count, width=1))
        rows.link(desk, written, source, 10)
        rows.deny(desk, written, 5)
        addresses[count] = f"/articles/{written.article.id}/"
    rows.settle()
    cookie = _cookie(here)
    with _browser() as browser:
        opened: dict[int, list[Opened]] = {FEW: [], MANY: []}
        again: dict[int, list[Opened]] = {FEW: [], MANY: []}
        for number in range(ROUNDS + 1):
            for count, address in addresses.items():
                with _window(browser, here, cookie) as context:
                    page = context.new_page()
                    cold, warm = _open(page, address, count), _open(page, address, count)
                    if number:  # the first round warms the server up
                        opened[count].append(cold)
                        again[count].append(warm)
        with _window(browser, here, cookie) as context:
            tagged = _tag(context.new_page(), addresses[MANY], text)
    return [*_openings(opened, again), *_taggings(tagged), _queries(addresses)]


def _openings(opened: dict[int, list[Opened]], again: dict[int, list[Opened]]) -> list[Figure]:
    figures = []
    for name, of in (("first opening, nothing cached", opened), ("opened again", again)):
        few, many = ([one.painted for one in of[count]] for count in (FEW, MANY))
        ratio = middle(many) / middle(few)
        figures.append(
            Figure(
                f"page of {WORDS:,} words with {MANY:,} annotations, navigation to all painted; {name}",
                f"{middle(many):.0f} ms ({spread(many)})",
                f"{middle(few):.0f} ms ({spread(few)}) with {FEW}",
                f"{ratio:.2f} ×",
                "≤ 3 ×, < 1,000 ms",
                ratio <= 3 and middle(many) < 1000,
            )
        )
    script, total = (max(getattr(one, what) for one in opened[MANY]) for what in ("script", "total"))
    figures.append(
        Figure(
            "script of the first opening, compressed",
            f"{script:.1f} KB",
            f"{total:.0f} KB in all, the page itself included",
            target="≤ 60 KB",
            met=script <= 60,
        )
    )
    return figures


def _taggings(tagged: list[dict[str, float]]) -> list[Figure]:
    figures = []
    for what, words, target in (
        ("painted", "the words are painted", 50),
        ("saved", "saved: the server's mark is in the text, nothing waits", 150),
    ):
        taken = [one[what] for one in tagged]
        figures.append(
            Figure(
                f"a tag chosen by its key until {words}, {MANY:,} there",
                f"{middle(taken):.0f} ms ({spread(taken)})",
                f"{len(taken)} times",
                target=f"≤ {target} ms",
                met=middle(taken) <= target,
            )
        )
    return figures


@contextmanager
def _browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _cookie(here: World) -> Any:
    """Sign ana in; to be done before the browser starts, whose loop would keep Django from its database."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="ana"))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": here.url, "httpOnly": True}


@contextmanager
def _window(browser: Browser, here: World, cookie: Any) -> Iterator[BrowserContext]:
    """Give a window of ana's in which nothing is cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=here.url)
    context.set_default_timeout(20_000)
    context.add_cookies([cookie])
    context.add_init_script(NOTE_PAINTED)
    try:
        yield context
    finally:
        context.close()


def _open(page: Page, address: str, count: int) -> Opened:
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    page.on("response", note)
    page.goto(address, wait_until="load")
    found = page.evaluate("window.whenPainted")
    page.remove_listener("response", note)
    if found["marks"] < count:
        raise RuntimeError(f"The page shows {found['marks']} marks of {count} annotations.")
    sizes: Counter[str] = Counter()
    for response in responses:
        response.finished()
        sizes[response.request.resource_type] += response.request.sizes()["responseBodySize"]
    return Opened(found["at"], sizes["script"] / 1000, sizes.total() / 1000)


def _tag(page: Page, address: str, text: str) -> list[dict[str, float]]:
    """Choose free words here and there and press the key for a claim."""
    page.goto(address, wait_until="load")
    page.wait_for_selector("fc-desk[data-ready]", state="attached")
    places = rows.places(text, MANY, width=1)
    taken = []
    for number in range(TAGGED):
        after = places[(number * 61 + 7) % MANY]
        page.evaluate(SELECT, _next_word(text, after[1]))
        page.wait_for_selector("fc-toolbar:not([hidden])")
        page.wait_for_timeout(150)
        page.evaluate(WATCH)
        page.keyboard.press("c")
        taken.append(page.evaluate("window.whenTagged"))
    return taken[2:]  # the first ones warm everything up


def _next_word(text: str, after: int) -> tuple[int, int]:
    start = after + len(text[after:]) - len(text[after:].lstrip())
    end = next((at for at in range(start, len(text)) if text[at].isspace()), len(text))
    return start, end


def _queries(addresses: dict[int, str]) -> Figure:
    """Count the statements of the page in this process; what is read once and kept was read before."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username="ana"))
    counts: dict[int, Any] = {}
    for count, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"The page was answered {answer.status_code}.")
        counts[count] = len(caught)
    return Figure(
        f"statements to the database for the page with {MANY:,} annotations",
        f"{counts[MANY]}",
        f"{counts[FEW]} with {FEW}",
        target="the same",
        met=counts[FEW] == counts[MANY],
    )
