"""The claim map in a browser: the seed's group is one row, gaps are links, and it is read, printed and heard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from factcheck.models import Article
from tests.browser.accessible import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


@pytest.fixture
def demo(transactional_db: None, page: Page, sign_in: SignIn) -> None:
    call_command("seed_demo", verbosity=0)
    sign_in(page, "ana")


def address(title: str) -> str:
    return f"/articles/{Article.objects.get(title__startswith=title).pk}/map/"


def test_the_seeds_claims_are_read_and_worked_through(page: Page, demo: None) -> None:
    page.goto(address("Iranian troops").removesuffix("map/"))
    page.get_by_role("link", name="Claim map").click()
    row = page.get_by_role("row").filter(has_text="Iran of selling suicide drones to Russia")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("said 4 times, by 2 · concerns Iran")
    expect(row).to_contain_text("and 3 more in other words")
    said, denied, shown, against, finding = row.get_by_role("cell").all()
    expect(said).to_contain_text("Volodymyr Zelensky for Ukraine")
    expect(denied.get_by_role("listitem")).to_have_count(2)
    expect(denied.get_by_role("listitem").nth(0)).to_contain_text("Iran explicit")
    expect(denied.get_by_role("listitem").nth(1)).to_contain_text("Dmitry Peskov for Kremlin implied")
    expect(shown.get_by_role("listitem")).to_have_count(1)
    expect(shown).to_contain_text("described · implied · Nobody named · offered in the article")
    expect(against).to_contain_text("none offered")
    expect(finding).to_contain_text("no finding yet")

    page.get_by_role("link", name="the accused has not answered").click()
    expect(row).to_have_count(0)
    embargo = page.get_by_role("row").filter(has_text="violating a 2015 UN embargo")
    expect(embargo).to_contain_text("no answer in this article")
    expect(embargo).to_contain_text("found by the desk")
    embargo.get_by_role("link", name="the country of violating").click()
    expect(page.locator("#cards > li.on")).to_contain_text("violating a 2015 UN embargo")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_map_is_pictured_and_accessible(
    page: Page, demo: None, shot: Shot, scheme: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address('Iranian troops')}?gap=date_unknown")
    page.wait_for_load_state("networkidle")
    page.locator("#row-8").scroll_into_view_if_needed()
    faults = Axe().run(page)
    assert not faults.response["violations"], faults.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate("scrollTo(0, 0)")
    assert shot(page, f"map-{scheme}-{width}").stat().st_size > 5_000
    page.get_by_text("As a picture").click()
    drawn = page.get_by_role("img", name="Claims in the middle")
    drawn.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 500", arg=drawn.element_handle())


def test_printed_the_links_are_numbered_notes(page: Page, demo: None, shot: Shot) -> None:
    page.goto(address("Iranian troops"))
    expect(page.get_by_role("heading", name="Notes")).to_be_hidden()
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Notes")).to_be_visible()
    quoted = page.locator("#row-8 .quote").first
    number = quoted.evaluate("link => getComputedStyle(link, '::after').content")
    assert number.endswith('8"')
    notes = page.locator(".map-notes li")
    expect(notes.filter(has_text="their sworn enemy")).to_contain_text("8.3")
    expect(page.get_by_text("supplying its enemy").first).to_be_visible()
    expect(page.locator("#row-1").get_by_text("one source only")).to_be_visible()
    assert shot(page, "map-print").stat().st_size > 5_000


def test_arabic_words_run_from_the_right(page: Page, demo: None, shot: Shot) -> None:
    page.goto(address("انقطاع"))
    page.wait_for_load_state("networkidle")
    quoted = page.locator("#row-1 .map-claim > .quote")
    assert quoted.evaluate("link => getComputedStyle(link).direction") == "rtl"
    assert quoted.get_attribute("lang") == "ar"
    faults = Axe().run(page)
    assert not faults.response["violations"], faults.generate_report()
    assert shot(page, "map-arabic").stat().st_size > 5_000
