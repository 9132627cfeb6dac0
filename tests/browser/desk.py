"""The article's page as tests work on it: find words, select them by mouse or keys, read what is there."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from factcheck.queries.articles import ArticleRow

# Rectangles of the first and last character of some words, as they stand on the screen.
_PLACE = """([words, nth]) => {
  const root = document.querySelector("#article-text");
  const text = root.textContent;
  let at = -1;
  for (let i = 0; i <= nth; i++) at = text.indexOf(words, at + 1);
  if (at < 0) throw new Error("not in the article: " + words);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const point = (offset, end) => {
    walker.currentNode = root;
    let node, left = offset;
    while ((node = walker.nextNode())) {
      if (left < node.data.length || (end && left === node.data.length)) return [node, left];
      left -= node.data.length;
    }
  };
  const range = document.createRange();
  range.setStart(...point(at, false));
  range.setEnd(...point(at + words.length, true));
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  const rects = [...range.getClientRects()].filter((rect) => rect.width);
  const [first, last] = [rects[0], rects.at(-1)];
  const rtl = getComputedStyle(root).direction === "rtl";
  const y = (rect) => rect.top + rect.height / 2;
  const middle = [(first.left + first.right) / 2, y(first)];
  return rtl
    ? { from: [first.right - 0.5, y(first)], to: [last.left + 0.5, y(last)], middle }
    : { from: [first.left + 0.5, y(first)], to: [last.right - 0.5, y(last)], middle };
}"""


class Desk:
    """One article's page in a browser."""

    def __init__(self, page: Page, article: ArticleRow | Any) -> None:
        self.page = page
        self.article = article
        self.toolbar = page.get_by_role("toolbar")
        self.cards = page.locator("#cards > li")
        self.chosen = page.locator("#cards > li.on")
        self.outbox = page.locator("#outbox")
        self.dialog = page.locator("#source-dialog")

    def open(self, query: str = "") -> "Desk":
        self.page.goto(f"/articles/{self.article.id}/{query}")
        return self.ready()

    def ready(self) -> "Desk":
        self.page.wait_for_selector("fc-desk[data-ready]")
        return self

    def place(self, words: str, nth: int = 0) -> dict[str, Any]:
        place: dict[str, Any] = self.page.evaluate(_PLACE, [words, nth])
        return place

    def select(self, words: str, nth: int = 0, *, modifiers: Sequence[str] = ()) -> None:
        """Drag over the words with the mouse."""
        place = self.place(words, nth)
        mouse = self.page.mouse
        for key in modifiers:
            self.page.keyboard.down(key)
        mouse.move(*place["from"])
        mouse.down()
        mouse.move(*place["middle"], steps=3)
        mouse.move(*place["to"], steps=3)
        mouse.up()
        for key in modifiers:
            self.page.keyboard.up(key)

    def click(self, words: str, nth: int = 0) -> None:
        self.page.mouse.click(*self.place(words, nth)["middle"])

    def tag(self, key: str = "c") -> None:
        """Tag the selected words and wait until that is saved."""
        expect(self.toolbar).to_be_visible()
        self.page.keyboard.press(key)
        self.saved()

    def saved(self) -> None:
        expect(self.outbox).to_have_attribute("data-state", "idle")
        expect(self.chosen.locator(".more")).to_have_count(1)

    def marks(self, words: str) -> Locator:
        return self.page.locator("#article-text mark", has_text=words)
