"""The article's page for everybody: axe finds nothing in any state, and a phone's width is enough."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.accessible import faults
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]


@pytest.fixture
def desk(page: Page, sign_in: SignIn, transactional_db: None) -> Desk:
    made = factories.desk("demo")
    factories.annotation(made.article, "bridge was checked", tag="evidence", by="ben")
    factories.link(
        made.claim,
        factories.source(made.project, "Inspection report", kind="document"),
        role="document",
        url="https://example.org/r",
        quote="No inspection took place.",
    )
    sign_in(page, "ana")
    desk = Desk(page, made.article)
    desk.made = made  # type: ignore[attr-defined]
    return desk


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(desk: Desk, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.open()
    assert faults(page) == []
    desk.select("twice a week")
    expect(desk.toolbar).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    desk.click("bridge was checked")
    expect(desk.chosen.locator(".more")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(desk.chosen.locator(".attributes")).to_be_visible()
    desk.chosen.locator(".attributes summary").click()
    assert faults(page) == []
    page.locator("#article-text").focus()
    page.keyboard.press("s")
    expect(desk.dialog).to_be_visible()
    page.get_by_role("combobox", name="Source", exact=True).fill("Inspection")
    expect(desk.dialog.locator("[role=option]").first).to_be_visible()
    assert faults(page) == []
    desk.dialog.get_by_text("Where it is shown").click()
    assert faults(page) == []
    desk.dialog.get_by_role("link", name="Close").click()
    page.keyboard.press("?")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_room_for_everything(desk: Desk, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 844})
    desk.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
    handle = page.get_by_role("button", name="Annotations")
    expect(handle).to_have_attribute("aria-expanded", "false")
    handle.click()
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(desk.cards.first).to_be_visible()
    assert faults(page) == []
    handle.click()
    desk.select("twice a week")
    box, sheet = desk.toolbar.bounding_box(), page.locator(".panel").bounding_box()
    assert box is not None
    assert sheet is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= sheet["y"]
    desk.toolbar.get_by_role("button", name="Claim").click()
    desk.saved()
    page.keyboard.press("s")
    expect(desk.dialog).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_words_are_selected_by_touch(browser: Any, live_server: Any, sign_in: SignIn, desk: Desk) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, base_url=live_server.url
    )
    page = context.new_page()
    sign_in(page, "ana")
    phone = Desk(page, desk.article).open()
    # A long press selects a word, the handles then change the selection: the page only hears of the selection.
    page.evaluate(
        """() => {
          const text = document.querySelector("#b-2").firstChild;
          const from = document.querySelector("#b-2").textContent.indexOf("photograph");
          const walker = document.createTreeWalker(document.querySelector("#b-2"), NodeFilter.SHOW_TEXT);
          let node, at = 0;
          while ((node = walker.nextNode()) && at + node.data.length <= from) at += node.data.length;
          getSelection().setBaseAndExtent(node, from - at, node, from - at + "photograph".length);
        }"""
    )
    expect(phone.toolbar).to_be_visible()
    phone.toolbar.get_by_role("button", name="Evidence").tap()
    phone.saved()
    expect(phone.marks("photograph")).to_have_count(1)
    phone.marks("photograph").tap()
    expect(phone.chosen.locator(".card-words")).to_have_text("photograph")
    context.close()


def test_the_toolbar_is_worked_by_keys_and_gives_the_focus_back(desk: Desk, page: Page) -> None:
    desk.open().select("twice a week")
    expect(desk.toolbar).to_be_visible()
    page.locator("#article-text").focus()
    page.keyboard.press("Tab")
    expect(desk.toolbar.get_by_role("button", name="Claim")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(desk.toolbar.get_by_role("button", name="Evidence")).to_be_focused()
    page.keyboard.press("Enter")
    desk.saved()
    expect(page.locator("#article-text")).to_be_focused()
    expect(desk.chosen).to_have_attribute("data-tag", "evidence")


def test_on_paper_the_annotations_are_numbered_notes(desk: Desk, page: Page) -> None:
    desk.open()
    page.emulate_media(media="print")
    expect(desk.cards.first).to_be_visible()
    expect(page.locator(".filters")).to_be_hidden()
    note = desk.cards.filter(has_text="denied any fault").first
    number = note.evaluate("e => getComputedStyle(e, '::before').content")
    shown = desk.marks("denied any fault").evaluate("e => getComputedStyle(e, '::after').content")
    assert number.strip('"') == shown.strip('"').strip()
