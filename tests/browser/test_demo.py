"""The first minutes with the demo project: the printed link, the seed article, one HTTP request; and its pictures."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from factcheck.models import Article
from tests.browser.accessible import LOOKS
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]
SEED = "Iranian troops running drone strikes from Crimea"


def said_by(command: str, *arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue().strip()


@pytest.fixture
def demo(transactional_db: None) -> None:
    said_by("seed_demo")


def article(title: str) -> Article:
    return Article.objects.get(title__startswith=title)


@pytest.fixture
def seed(demo: None) -> Article:
    return article(SEED)


def test_printed_link_signs_in_once_and_the_work_is_pulled_with_one_request(
    page: Page, seed: Article, live_server: Any
) -> None:
    secret = said_by("login_link", "ben").rpartition("/enter/")[2]
    page.goto(f"/enter/{secret}")
    page.get_by_role("link", name="Demo desk").click()
    # Assigned to ben, it stands on top of the articles too.
    page.locator(".mine-title", has_text=SEED).click()
    desk = Desk(page, seed).ready()
    desk.select("arguing")
    desk.tag("c")
    expect(desk.marks("arguing")).not_to_have_count(0)
    page.keyboard.press("s")
    page.get_by_role("combobox", name="Source").fill("Kyiv")
    page.get_by_role("option").filter(has_text="Ukraine").first.click()
    desk.dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.dialog).to_be_hidden()
    page.reload()
    expect(desk.ready().cards.filter(has_text="arguing")).to_contain_text("Ukraine")

    token = said_by("create_token", "vic", scope="read")
    answer = page.request.get(
        f"{live_server.url}/api/v1/annotations/?article={seed.pk}&limit=1000",
        headers={"Authorization": f"Bearer {token}"},
    )
    [found] = [row for row in answer.json()["results"] if row["exact"] == "arguing"]
    assert (found["tag"], found["created_by"]) == ("claim", "ben")
    assert [link["role"] for link in found["source_links"]] == ["speaker"]

    page.context.clear_cookies()
    page.goto(f"/enter/{secret}")
    expect(page.get_by_text("used already")).to_be_visible()


def test_reviewer_reads_a_colleagues_layer_and_cannot_change_it(
    page: Page, seed: Article, sign_in: SignIn
) -> None:
    sign_in(page, "rita")
    desk = Desk(page, seed).open("?person=ana")
    visible = desk.cards.locator("visible=true")
    expect(visible).to_have_count(28)
    visible.first.click()
    expect(desk.chosen).to_be_visible()
    page.keyboard.press("Delete")
    expect(desk.chosen).to_be_visible()
    page.reload()
    expect(desk.ready().cards.locator("visible=true")).to_have_count(28)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pictures_of_the_demo_are_taken_and_accessible(
    page: Page, demo: None, sign_in: SignIn, shot: Shot, scheme: Any, width: int
) -> None:
    sign_in(page, "ana")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    pages = {
        "article": f"/articles/{article(SEED).pk}/",
        "arabic": f"/articles/{article('انقطاع').pk}/",
        "emoji": f"/articles/{article('Lantern').pk}/",
        "library": "/projects/demo/",
        "sources": "/projects/demo/sources/",
        "load": "/projects/demo/articles/new/",
        "profile": "/profile/",
    }
    for name, address in pages.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        faults = Axe().run(page)
        assert not faults.response["violations"], (name, faults.generate_report())
        assert shot(page, f"{name}-{scheme}-{width}").stat().st_size > 5_000
