"""Importing in a real browser: a question, a preview, progress that goes on by itself, and a report; all accessible."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from factcheck import services
from factcheck.models import Annotation, Article
from tests import factories
from tests.browser.accessible import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
IMPORT = "/projects/demo/import/"
EMOJI = "😀 The bridge 😀 is safe, he says."


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk("demo")


def check(page: Page) -> None:
    """The page is accessible and fits, wide and narrow, light and dark."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(page) == [], page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the window"


def upload(page: Page, path: Path) -> None:
    page.goto(IMPORT)
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Upload and preview").click()


def desk_file(folder: Path, number: int) -> Path:
    path = folder / "desk.jsonl"
    lines: list[dict[str, Any]] = [
        {
            "article": {"title": f"Bridge {one}", "text": f"Bridge {one}\nThe mayor says it is safe."},
            "annotations": [
                {
                    "tag": "claim" if one else "promise",
                    "spans": [{"start": 10, "end": 18}],
                    "created_by": "ana",
                }
            ],
        }
        for one in range(number)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def test_a_question_is_answered_and_what_would_be_made_is_imported(
    page: Page, desk: factories.Desk, sign_in: SignIn, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps({"text": EMOJI, "label": [[7, 13, "claim"]]}), encoding="utf-8")
    sign_in(page, "mona")
    page.goto("/projects/demo/settings/")
    page.get_by_role("link", name="Import").click()
    check(page)
    upload(page, path)
    expect(page.get_by_role("alert")).to_contain_text("“bridge” in UTF-16 units")
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    page.get_by_label("Offsets count").select_option("utf16")
    page.get_by_role("button", name="Go on to the preview").click()
    expect(page.get_by_role("alert")).to_contain_text("name the annotator")
    expect(page.get_by_label("Offsets count")).to_have_value("utf16")
    page.get_by_label("Whose work it is").fill("ben")
    page.get_by_role("button", name="Go on to the preview").click()
    expect(page.get_by_role("heading", name="What would be imported")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="What was imported")).to_be_visible()
    assert Annotation.objects.get(created_by__username="ben").extent == ((6, 12),)


def test_progress_goes_on_by_itself_and_the_report_stays_until_dismissed(
    page: Page, desk: factories.Desk, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.imports, "STEP", 0.0)
    sign_in(page, "mona")
    upload(page, desk_file(tmp_path, 4))
    expect(page.get_by_text("The project has no tag promise")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    monkeypatch.setattr(services.imports, "STEP", 0.05)
    expect(page.get_by_role("heading", name="What was imported")).to_be_visible()
    expect(page.get_by_text("The project has no tag promise")).to_be_visible()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="All of it as CSV").click()
    assert "no tag promise" in Path(download.value.path()).read_text(encoding="utf-8")
    assert Article.objects.filter(title__startswith="Bridge").count() == 3
    page.get_by_role("button", name="Dismiss this report").click()
    expect(page.get_by_role("button", name="Upload and preview")).to_be_visible()


def test_without_script_each_step_is_a_button(
    browser: Browser,
    live_server: Any,
    desk: factories.Desk,
    sign_in: SignIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services.imports, "STEP", 0.0)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in(page, "mona")
    upload(page, desk_file(tmp_path, 3))
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 of 3 articles")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("2 of 3 articles")).to_be_visible()
    monkeypatch.setattr(services.imports, "STEP", 30.0)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What was imported")).to_be_visible()
    context.close()


def test_the_place_to_get_the_data(page: Page, desk: factories.Desk, sign_in: SignIn) -> None:
    sign_in(page, "vic")
    page.goto("/projects/demo/")
    page.get_by_role("link", name="Get the data").click()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download: JSONL, everything").click()
    (line,) = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["article"]["title"] == desk.article.title
    page.goto(f"/articles/{desk.article.id}/")
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_text("Of the article")).to_be_visible()
    check(page)
