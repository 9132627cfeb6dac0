"""Releases and limited tokens in a real browser: accessible, on a phone, and what is downloaded is what was frozen."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser.accessible import LOOKS, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]
PAGES = {
    "releases": "/projects/demo/releases/",
    "release": "/projects/demo/releases/v1.0/",
    "profile-projects": "/profile/",
}


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    desk = factories.desk("demo")
    services.releases.make(
        project_id=desk.project.pk, name="v1.0", note="For the report.", by=factories.actor("mona")
    )
    services.tokens.create(user=factories.user("mona"), name="pandas", scope="read", projects=["demo"])
    return desk


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_are_accessible_and_fit(
    page: Page, desk: factories.Desk, sign_in: SignIn, shot: Shot, scheme: Any, width: int
) -> None:
    sign_in(page, "mona")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for name, path in PAGES.items():
        page.goto(path)
        assert faults(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the window"
        shot(page, f"{name}-{scheme}-{width}")


def test_a_manager_freezes_the_project_and_downloads_a_file(
    page: Page, desk: factories.Desk, sign_in: SignIn, tmp_path: Path
) -> None:
    sign_in(page, "mona")
    page.goto("/projects/demo/")
    page.get_by_role("link", name="Releases").click()
    page.get_by_role("link", name="Make a release").click()
    page.get_by_label("Name").fill("v1.0")
    page.get_by_role("button", name="Freeze it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a release v1.0 already")
    page.get_by_label("Name").fill("v1.1")
    page.get_by_role("button", name="Freeze it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("v1.1")
    release = queries.releases.named("demo", "v1.1")
    assert release is not None
    for file in queries.releases.files(release.id):
        with page.expect_download() as caught:
            page.get_by_role("link", name=file.name, exact=True).click()
        caught.value.save_as(tmp_path / file.name)
        assert hashlib.sha256((tmp_path / file.name).read_bytes()).hexdigest() == file.sha256
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download all").click()
    assert caught.value.suggested_filename == "demo-v1.1.zip"


def test_a_token_is_limited_by_keyboard(page: Page, desk: factories.Desk, sign_in: SignIn) -> None:
    sign_in(page, "ana")
    page.goto("/profile/")
    page.get_by_label("Name").fill("cms")
    page.get_by_role("group", name="Limited to these projects").get_by_label("A desk").press("Space")
    page.get_by_role("button", name="Make the token").press("Enter")
    expect(page.get_by_role("row", name="cms")).to_contain_text("A desk")
