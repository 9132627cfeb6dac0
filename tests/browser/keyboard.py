"""A person who works by keys alone: goes to places in the text, selects, and finds controls with Tab."""

from playwright.sync_api import Locator, Page, expect

MOST = 600


class Keyboard:
    """Presses keys and looks where the caret and the focus are; touches no pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, control: Locator, key: str = "Tab") -> None:
        """Press Tab until the control has the focus."""
        for _ in range(MOST):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"Tab does not reach {control}")

    def to_text(self) -> None:
        self.tab_to(self.page.locator("#article-text"), "Shift+Tab" if self._below() else "Tab")

    def _below(self) -> bool:
        after: bool = self.page.evaluate(
            "Boolean(document.querySelector('#article-text')?.compareDocumentPosition(document.activeElement)"
            " & Node.DOCUMENT_POSITION_FOLLOWING)"
        )
        return after

    def caret(self) -> int:
        place: int | None = self.page.evaluate("document.querySelector('fc-desk').caret.place")
        return place or 0

    def go(self, place: int) -> None:
        """Move the caret to a code point: by words, then by characters."""
        for _ in range(MOST):
            here = self.caret()
            if here == place:
                return
            if here < place:
                self.page.keyboard.press("Control+ArrowRight" if place - here > 8 else "ArrowRight")
            else:
                self.page.keyboard.press("Control+ArrowLeft" if here - place > 24 else "ArrowLeft")
        raise AssertionError(f"The caret does not reach {place}")

    def select(self, start: int, end: int) -> None:
        """Select a span by Shift and the arrows."""
        self.go(start)
        for _ in range(MOST):
            here = self.caret()
            if here == end:
                break
            if here < end:
                self.page.keyboard.press("Control+Shift+ArrowRight" if end - here > 8 else "Shift+ArrowRight")
            else:
                self.page.keyboard.press("Shift+ArrowLeft")
        expect(self.page.get_by_role("toolbar")).to_be_visible()
