"""One blind article from two people's tags to decisions, answers and a split, in the browser; decided by keys alone.

After each step the status of everything is compared in page, API, feed and export.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.client import span
from tests.api.story import TEXT, Story
from tests.browser.desk import Desk
from tests.browser.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]


class Told:
    """The story with a browser: who sits before it, and what an article's page says of each thing."""

    def __init__(self, page: Page, sign_in: SignIn) -> None:
        self.page = page
        self.sign_in = sign_in
        self.story = Story()
        self.keys = Keyboard(page)
        self.desk = Desk(page, type("Article", (), {"id": self.story.article}))

    def annotate(self, who: str, *tagged: tuple[str, str]) -> list[str]:
        """Tag words on the page, by mouse and key; return the ids."""
        self.sign_in(self.page, who)
        self.desk.open()
        ids = []
        for words, key in tagged:
            self.desk.select(words)
            self.desk.tag(key)
            ids.append((self.desk.chosen.get_attribute("id") or "").removeprefix("annotation-card-"))
        return ids

    def submit(self, who: str) -> None:
        self.sign_in(self.page, who)
        self.desk.open()
        self.page.get_by_role("button", name="Submit…").click()
        self.page.get_by_role("button", name="Submit and lock my layer").click()
        expect(self.page.locator(".own-work")).to_contain_text("Submitted")

    def review(self, who: str, at: str = "") -> None:
        self.sign_in(self.page, who)
        self.page.goto(f"/review/{'?at=' + at if at else ''}")
        self.page.wait_for_selector("fc-review[data-ready]")

    def shown(self, at: str) -> None:
        expect(self.page.locator("#review")).to_have_attribute("data-at", at)

    def select(self, words: str) -> None:
        """Select words of the text that is under review, by Shift and the arrows."""
        chosen = span(TEXT, words)
        place = "document.querySelector('fc-review').words.caret.place"
        self.keys.press("t")
        for _ in range(400):
            here = self.page.evaluate(place)
            if here == chosen["start"]:
                break
            self.keys.press("ArrowRight" if here < chosen["start"] else "ArrowLeft")
        while self.page.evaluate(place) < chosen["end"]:
            self.keys.press("Shift+ArrowRight")

    def states(self, wanted: dict[str, str]) -> None:
        """Compare what the cards of the article's page say of annotations, in words."""
        self.sign_in(self.page, "vic")
        self.desk.open()
        for key, words in wanted.items():
            card = self.page.locator(f"#annotation-card-{key}")
            if words:
                expect(card.locator(".card-state")).to_have_text(words)
            else:
                expect(card.locator(".card-state")).to_have_count(0)


def test_from_two_blind_layers_to_a_split(page: Page, sign_in: SignIn) -> None:
    told = Told(page, sign_in)
    story, keys = told.story, told.keys
    for who in ("ana", "ben"):
        story.post("mona", "layers/", {"article": story.article, "owner": who})

    # Two tag blind: neither sees the other's, the reviewer sees nothing, until both have submitted.
    claim, denial = told.annotate("ana", ("the bridge was checked in May", "c"), ("denied any fault", "d"))
    [bens] = told.annotate("ben", ("the bridge was checked", "c"))
    expect(page.locator("#article-text mark")).to_have_count(1)
    denies = story.post("ana", "relations/", {"kind": "denies", "subject": denial, "object": claim})["id"]
    mayor = story.post("ana", "sources/", {"project": "water", "kind": "person", "name": "The mayor"})["id"]
    link = story.post("ana", "source-links/", {"annotation": claim, "source": mayor, "role": "speaker"})["id"]
    told.submit("ana")
    told.review("rita")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    told.submit("ben")

    # Rita decides by keys: change (other words, and a word on a link), approve, ask; rejects; finds one missing.
    told.review("rita")
    told.shown(f"annotation:{claim}")
    told.select("was checked in May")
    keys.press("m")
    expect(page.locator("details.change [data-diff] del")).to_have_text("the bridge ")
    keys.press("1", "m")
    told.shown(f"annotation:{denial}")
    keys.press("a")
    told.shown(f"annotation:{bens}")
    keys.press("x", "5")
    told.shown(f"relation:{denies}")
    keys.press("q")
    page.keyboard.type("Which fault?")
    keys.press("Control+Enter")
    told.shown(f"source_link:{link}")
    keys.press("n")
    page.keyboard.type("His office said it.")
    keys.press("Escape", "m", "m")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    told.review("rita", f"annotation:{claim}")
    told.select("A photograph shows a crack")
    keys.press("e")
    expect(page.locator(".missed-list")).to_contain_text("A photograph shows a crack")
    story.told(
        {
            ("annotation", claim): ("change_asked", None),
            ("annotation", denial): ("approved", None),
            ("annotation", bens): ("rejected", None),
            ("relation", denies): ("pending", False),
            ("source_link", link): ("change_asked", False),
        }
    )
    told.states({claim: "change asked for by rita", denial: "tag checked by rita", bens: "rejected by rita"})

    # Ana takes what she missed and the change of words, refuses the other change, and answers the question.
    sign_in(page, "ana")
    page.goto("/decided/?waits=1")
    items = page.locator("[data-item]")
    expect(items).to_have_count(4)
    items.first.focus()
    expect(items.first).to_contain_text("found this missing")
    keys.press("a")
    expect(items.nth(0)).to_contain_text("You took it into your layer")
    expect(items.nth(1)).to_be_focused()
    expect(items.nth(1)).to_contain_text("His office said it.")
    keys.press("x")
    page.keyboard.type("The text names him.")
    keys.press("Control+Enter")
    expect(items.nth(1)).to_contain_text("You refused")
    expect(items.nth(2)).to_be_focused()
    keys.press("q")
    page.keyboard.type("The crack.")
    keys.press("Control+Enter")
    expect(items.nth(2)).to_contain_text("You answered")
    expect(items.nth(3)).to_be_focused()
    keys.press("a")
    expect(items.nth(3)).to_contain_text("You took the change")
    [crack] = [one["id"] for one in story.get("ana", "annotations/?tag=evidence")["results"]]
    story.told(
        {
            ("annotation", claim): ("pending", None),
            ("annotation", crack): ("pending", None),
            ("relation", denies): ("pending", False),
            ("source_link", link): ("change_asked", False),
        }
    )
    told.states({claim: "", crack: ""})

    # Ruben checks what Rita proposed, which she may not, and differs from her twice.
    told.review("ruben", f"annotation:{claim}")
    keys.press("a")
    told.review("ruben", f"annotation:{denial}")
    keys.press("x", "1")
    told.review("ruben", f"annotation:{bens}")
    keys.press("a")
    expect(page.locator(".queue-said")).to_contain_text("Tag checked.")
    story.told(
        {
            ("annotation", claim): ("approved", None),
            ("annotation", denial): ("split", None),
            ("annotation", bens): ("split", None),
            ("annotation", crack): ("pending", None),
            ("relation", denies): ("pending", False),
            ("source_link", link): ("change_asked", False),
        }
    )
    told.states(
        {
            claim: "tag checked by ruben",
            denial: "reviewers differ: rita checked the tag; ruben rejects it",
            bens: "reviewers differ: rita rejects it; ruben checked the tag",
        }
    )
    waiting: dict[str, Any] = story.waiting("rita")
    assert (waiting[denial], waiting[bens], waiting[link], waiting[denies]) == (
        *("split", "split", "answered", "answered"),
    )
    assert claim not in waiting
