"""A passage selected inside a document's captured text: seen there, found after an edit, and then lost; and merging."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser.accessible import LOOKS
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]
REPORT = (
    "Inspection report 14/2022\n\n"
    "👷 The bridge was visited on 4 April 2022. Both bearings were in order.\n"
    "No inspection took place between May and July 2022, since the inspector was ill. "
    "The next visit is planned for August.\n"
)
WORDS = "No inspection took place between May and July 2022"


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    desk = factories.desk("demo")
    services.projects.update(project_id=desk.project.pk, name="Demo desk", by=factories.actor("mona"))
    return desk


@pytest.fixture
def report(desk: factories.Desk) -> queries.sources.Row:
    return factories.source(desk.project, "Inspection report 14/2022", kind="document")


def check_accessible(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def capture(page: Page, report: queries.sources.Row, text: str) -> None:
    page.goto(f"/sources/{report.id}/text/")
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspection report 14/2022")


# What a person does who drags over words in a text area, or holds Shift and the arrows.
_SELECT = """(area, words) => {
  const at = area.value.indexOf(words);
  area.focus();
  area.setSelectionRange(at + 1, at + words.length - 1);
}"""


def test_a_passage_is_selected_seen_found_again_and_lost(
    page: Page, sign_in: SignIn, desk: factories.Desk, report: queries.sources.Row
) -> None:
    sign_in(page, "ana")
    capture(page, report, REPORT)
    article = Desk(page, desk.article).open(f"?annotation={desk.claim.id}")
    article.chosen.get_by_role("link", name="Source", exact=False).first.click()
    dialog = article.dialog
    dialog.get_by_text("Where it is shown").click()
    name = dialog.get_by_role("combobox", name="Source")
    name.fill("Inspection")
    dialog.get_by_role("option", name="Inspection report").click()
    words = dialog.get_by_label("The captured text")
    expect(words).to_have_value(REPORT)
    words.evaluate(_SELECT, WORDS)
    expect(dialog.get_by_label("Quoted passage")).to_have_value(WORDS)
    dialog.get_by_text("It refutes this").click()
    dialog.get_by_label("Address").fill("https://records.example.org/14")
    check_accessible(page)
    dialog.get_by_role("button", name="Save", exact=True).last.click()
    link = article.chosen.get_by_role("listitem").filter(has_text=WORDS)
    expect(link).to_contain_text("in the captured text")

    page.goto(f"/sources/{report.id}/")
    mark = page.locator("#captured-text mark")
    expect(mark).to_have_text(WORDS)
    live = page.locator(".passages .where a").first
    href = live.get_attribute("href") or ""
    assert "#:~:text=" in href
    assert "No%20inspection%20took%20place" in href
    assert live.get_attribute("rel") == "noopener noreferrer nofollow"
    check_accessible(page)

    capture(page, report, "Cover sheet\n" + REPORT.replace("4 April", "5 April"))
    expect(page.get_by_text("1 passage stands in it.")).to_be_visible()
    expect(mark).to_have_text(WORDS)

    capture(page, report, REPORT.replace(WORDS, "It was inspected every week"))
    expect(page.get_by_text("1 passage is lost.", exact=False).first).to_be_visible()
    expect(mark).to_have_count(0)
    expect(page.get_by_role("note")).to_contain_text(WORDS)
    check_accessible(page)


def test_without_script_the_quote_that_is_typed_finds_its_place(
    browser: Browser, live_server: object, sign_in: SignIn, desk: factories.Desk, report: queries.sources.Row
) -> None:
    services.source_texts.create(source_id=report.id, text=REPORT, by=factories.actor("ana"))
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    sign_in(page, "ana")
    page.goto(f"/annotations/{desk.claim.id}/links/new/?role=document&name=Inspection+report+14/2022")
    page.get_by_label("Quoted passage").fill(WORDS)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto(f"/sources/{report.id}/")
    expect(page.locator("#captured-text mark")).to_have_text(WORDS)
    context.close()


def test_two_sources_are_merged_after_a_look_at_what_will_happen_and_that_is_undone(
    page: Page, sign_in: SignIn, desk: factories.Desk
) -> None:
    council = factories.source(desk.project, "The council", kind="organisation")
    sign_in(page, "ana")
    page.goto(f"/sources/{desk.mayor.id}/")
    page.get_by_role("link", name="Merge into …").click()
    box = page.get_by_role("combobox", name="The source that stays")
    box.fill("council")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_text("1 link that you can see will name the other one.")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page).to_have_url(f"{page.url.split('/sources/')[0]}/sources/{council.id}/")
    expect(page.get_by_text("the bridge was checked in May")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Undo the merge of The mayor's office").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The mayor's office")
    expect(page.get_by_text("the bridge was checked in May")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pictures(
    page: Page,
    sign_in: SignIn,
    shot: Shot,
    desk: factories.Desk,
    report: queries.sources.Row,
    scheme: str,
    width: int,
) -> None:
    ana = factories.actor("ana")
    text = services.source_texts.create(
        source_id=report.id,
        text=REPORT,
        by=ana,
        url="https://records.example.org/inspections/2022/14",
        archive_url="https://archive.example.org/20221102/14",
        captured_at="2022-11-02",
    ).row
    for annotation, words, stance in (
        (desk.claim, WORDS, "refutes"),
        (desk.denial, "between May and July 2022, since the inspector was ill", "supports"),
        (desk.claim, "Both bearings were in order.", "context"),
    ):
        at = REPORT.index(words)
        place = services.source_texts.Passage(text.id, at, at + len(words))
        factories.link(
            annotation,
            report,
            role="document",
            stance=stance,
            passage=place,
            url="https://records.example.org/inspections/2022/14",
        )
    services.source_texts.create(
        source_id=report.id,
        text=REPORT.replace("Both bearings were in order.", ""),
        by=ana,
        url="https://records.example.org/inspections/2022/14",
        archive_url="https://archive.example.org/20221105/14",
        captured_at="2022-11-05",
    )
    page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page, "ana")
    page.goto(f"/sources/{report.id}/")
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shot(page, f"document-{scheme}-{width}").exists()
