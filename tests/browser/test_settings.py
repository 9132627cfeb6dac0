"""A project's settings in a real browser: accessible, on a phone, by keyboard, and what they change for annotators."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from factcheck import services
from tests import factories
from tests.browser.accessible import LOOKS, faults
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]
SETTINGS = "/projects/demo/settings/"
PAGES = {
    "settings-general": SETTINGS,
    "settings-tags": f"{SETTINGS}tags/",
    "settings": f"{SETTINGS}tags/claim/",
    "settings-new-tag": f"{SETTINGS}new-tag/",
    "settings-relations": f"{SETTINGS}relations/",
    "settings-relation": f"{SETTINGS}relations/denies/",
    "settings-new-relation": f"{SETTINGS}new-relation/",
    "settings-attributes": f"{SETTINGS}attributes/",
    "settings-attribute": f"{SETTINGS}attributes/wording/?tag=claim",
    "guidelines": "/projects/demo/guidelines/",
}
PICTURES = ("settings", "guidelines")


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    """A desk whose scheme has grown: a tag of its own, something retired of each sort."""
    desk = factories.desk("demo")
    who: dict[str, Any] = {"project_id": desk.project.pk, "by": factories.actor("mona")}
    services.projects.update(name="Demo desk", **who)
    services.tags.add(title="وعد", name="oath", key="و", colour="#5b3fb0", colour_dark="#b9a5ff", **who)
    services.tags.retire(name="oath", **who)
    services.relation_kinds.retire(name="context", **who)
    services.attribute_schemas.retire(tag="claim", name="said_where", **who)
    return desk


def check_fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pictures_of_the_settings_are_taken_and_accessible(
    page: Page, desk: factories.Desk, sign_in: SignIn, shot: Shot, scheme: Any, width: int
) -> None:
    sign_in(page, "mona")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name, address in PAGES.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], name
        check_fits(page)
        if name in PICTURES:
            assert shot(page, f"{name}-{scheme}-{width}").stat().st_size > 5_000
    page.goto(f"{SETTINGS}new-tag/")
    page.get_by_role("button", name="Save").click()  # nothing is filled in
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
    page.get_by_label("Colour, light").fill("#ffff00")
    expect(page.locator("#tag-preview")).to_contain_text("nearest darker")
    assert faults(page) == []
    check_fits(page)


def test_a_tag_of_the_projects_own_is_made_and_used(
    page: Page, desk: factories.Desk, sign_in: SignIn
) -> None:
    sign_in(page, "mona")
    page.goto("/projects/demo/")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Tags").click()
    page.get_by_role("link", name="Add a tag").click()
    page.get_by_label("Title").fill("Promise")
    expect(page.locator("#tag-preview .sample-light .tag")).to_have_text("Promise")
    page.get_by_label("Key").fill("c")
    page.get_by_label("Colour, light").fill("#ffee00")
    expect(page.locator("#tag-preview")).to_contain_text("Its contrast is 1.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("“c” is the key of Claim already.")
    expect(page.get_by_label("Title")).to_have_value("Promise")
    page.get_by_label("Key").fill("p")
    page.get_by_role("button", name="Take #").click()
    expect(page.locator("#tag-preview").get_by_text("can be read")).to_have_count(2)
    page.get_by_label("Description").fill("What somebody says they will do.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_role("heading", name="Promise")).to_be_visible()

    sign_in(page, "ana")
    work = Desk(page, desk.article).open()
    work.select("twice a week")
    expect(work.toolbar.get_by_role("button", name="Promise")).to_be_visible()
    work.tag("p")
    expect(work.chosen).to_have_attribute("data-tag", "promise")
    shade = work.marks("twice a week").evaluate("mark => getComputedStyle(mark).getPropertyValue('--tag-bg')")
    assert "light-dark(" in shade
    page.locator(".filters").get_by_role("link", name="Promise").click()
    expect(work.cards.locator("visible=true")).to_have_count(1)
    told = page.request.get("/api/v1/exports/jsonl/?project=demo").text()
    assert '"tag":"promise"' in told
    assert '"name":"promise","title":"Promise","key":"p"' in told


def test_guidelines_open_beside_the_article_by_keyboard(
    page: Page, desk: factories.Desk, sign_in: SignIn
) -> None:
    sign_in(page, "ana")
    Desk(page, desk.article).open()
    link = page.get_by_role("link", name="Guidelines")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Guidelines")
    expect(dialog).to_contain_text("Tag what is said")
    expect(dialog).to_contain_text("denied by")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_order_and_state_are_changed_by_keyboard(page: Page, desk: factories.Desk, sign_in: SignIn) -> None:
    sign_in(page, "mona")
    page.goto(f"{SETTINGS}tags/")
    page.get_by_role("button", name="Move Evidence up").press("Enter")
    expect(page.locator(".row-name .tag")).to_have_text(["Claim", "Evidence", "Denial", "وعد"])
    page.get_by_role("button", name="Retire Denial").press("Enter")
    expect(page.get_by_role("region", name="Retired")).to_contain_text("1 annotation keeps it")
    page.get_by_role("button", name="Bring Denial back").press("Enter")
    expect(page.get_by_role("region", name="Retired")).not_to_contain_text("Denial")


def test_settings_work_without_script(browser: Browser, live_server: Any, desk: factories.Desk) -> None:
    client = Client()
    client.force_login(factories.user("mona"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{SETTINGS}new-tag/")
    page.get_by_label("Title").fill("Promise")
    page.get_by_role("button", name="Show it as chosen").click()
    expect(page.locator(".sample-dark .tag")).to_have_text("Promise")
    page.get_by_label("Key").fill("p")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Promise")).to_be_visible()
    page.goto(f"{SETTINGS}relations/denies/")
    page.get_by_label("Denial to Claim").uncheck()
    page.get_by_label("Denial to Promise").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("1 relation uses a pair")
    expect(page.get_by_label("Denial to Promise")).to_be_checked()
    page.goto(f"/articles/{desk.article.id}/")
    page.get_by_role("link", name="Guidelines").click()
    expect(page.get_by_role("heading", name="Guidelines")).to_be_visible()
    context.close()
