"""The article's page in a real browser: select, tag, link, look, with the mouse and without."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
TITLE = "Troops run drones from Crimea"
TEXT = f"""{TITLE}
The spokesman John Kirby told reporters on Thursday that “a relatively small number” of people had gone there.
Witnesses 👩‍👩‍👧‍👦 saw 🇺🇦 two drones fall.

He did not say where the information had come from, and nobody asked him about it again that day.
"""
ARABIC_TITLE = "الشركة تنفي انقطاع المياه"
ARABIC = f"""{ARABIC_TITLE}
قال رئيس البلدية إن المياه انقطعت ثلاثة أيام، لكن الشركة نفت ذلك.
"""


@pytest.fixture
def project(transactional_db: None) -> Any:
    return factories.project("demo")


@pytest.fixture
def article(project: Any) -> Any:
    return factories.article(project, title=TITLE, text=TEXT)


@pytest.fixture
def desk(page: Page, sign_in: SignIn, article: Any) -> Desk:
    sign_in(page, "ana")
    return Desk(page, article).open()


def saved(article: Any, username: str = "ana") -> list[Any]:
    return queries.annotations.of_article(factories.user(username).pk, article.id)


def words_of(row: Any) -> str:
    return " ".join(row.pieces)


def test_words_are_tagged_and_their_speaker_linked_with_the_mouse(
    desk: Desk, page: Page, article: Any
) -> None:
    desk.select("a relatively small number")
    expect(desk.toolbar.get_by_role("button", name="Claim", exact=True)).to_be_visible()
    desk.tag("c")
    expect(desk.marks("a relatively small number")).to_have_count(1)
    page.keyboard.press("s")
    page.get_by_role("combobox", name="Source").fill("John Kirby")
    page.get_by_role("option", name="Make").click()
    desk.dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.dialog).to_be_hidden()
    expect(desk.chosen.locator(".links").get_by_role("link", name="John Kirby", exact=True)).to_be_visible()
    page.reload()
    desk.ready()
    expect(desk.marks("a relatively small number")).to_have_count(1)
    expect(desk.cards.filter(has_text="a relatively small number")).to_contain_text("John Kirby")
    [row] = saved(article)
    assert (row.tag, words_of(row)) == ("claim", "a relatively small number")
    listed = page.request.get(f"/api/v1/annotations/?article={article.id}").json()["results"]
    assert [found["exact"] for found in listed] == ["a relatively small number"]
    assert [link["role"] for link in listed[0]["source_links"]] == ["speaker"]


def test_the_same_without_a_mouse(desk: Desk, page: Page, article: Any) -> None:
    while page.evaluate("document.activeElement.id") != "article-text":
        page.keyboard.press("Tab")
    expect(page.locator(".caret")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Control+ArrowRight")
    for _ in range(2):
        page.keyboard.press("Control+Shift+ArrowRight")
    desk.tag("d")
    [row] = saved(article)
    assert (row.tag, words_of(row)) == ("denial", "John Kirby")
    page.keyboard.press("s")
    expect(page.get_by_role("combobox", name="Source")).to_be_focused()
    page.keyboard.type("John Kirby")
    page.keyboard.press("Enter")
    expect(desk.dialog.get_by_role("radio", name="a person")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_hidden()
    expect(desk.chosen.locator(".links").get_by_role("link", name="John Kirby", exact=True)).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "article-text"


def test_the_same_speaker_is_one_key_away(desk: Desk, page: Page, article: Any) -> None:
    kirby = factories.source(queries.projects.by_id(article.project_id), "John Kirby")
    first = factories.annotation(article, "two drones fall")
    factories.link(first, kirby)
    desk.open()
    desk.select("small number")
    expect(desk.toolbar).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.press(".")
    expect(desk.chosen.locator(".links").get_by_role("link", name="John Kirby", exact=True)).to_be_visible()
    expect(desk.chosen).to_contain_text("small number")


@pytest.mark.parametrize(
    "words",
    [
        "two drones fall",
        "👩‍👩‍👧‍👦",
        "saw 🇺🇦 two",
        "Troops run drones",
        "gone there.\nWitnesses",
        "fall.\n\nHe did not",
    ],
)
def test_what_is_saved_is_what_was_selected(desk: Desk, article: Any, words: str) -> None:
    desk.select(words)
    desk.tag()
    [row] = saved(article)
    assert words_of(row) == words


def test_arabic_words_are_selected_as_they_stand(page: Page, sign_in: SignIn, project: Any) -> None:
    article = factories.article(project, title=ARABIC_TITLE, text=ARABIC, language="ar")
    sign_in(page, "ana")
    desk = Desk(page, article).open()
    desk.select("المياه انقطعت ثلاثة أيام")
    desk.tag()
    desk.select("الشركة نفت ذلك")
    desk.tag("d")
    assert [words_of(row) for row in saved(article)] == ["المياه انقطعت ثلاثة أيام", "الشركة نفت ذلك"]
    assert page.locator("#article-text").evaluate("e => e.textContent") == ARABIC


def test_a_sloppy_selection_is_trimmed_and_grows_to_words_but_not_with_alt(desk: Desk, article: Any) -> None:
    desk.select("elatively small numb")
    desk.tag()
    desk.select("nesses 👩‍👩‍👧‍👦 sa", modifiers=["Alt"])
    desk.tag("e")
    assert [words_of(row) for row in saved(article)] == ["relatively small number", "nesses 👩‍👩‍👧‍👦 sa"]


def test_words_outside_the_article_are_never_in_a_span(desk: Desk, page: Page, article: Any) -> None:
    to = desk.place("Troops run")["to"]
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".facts").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(*desk.place("Troops run")["to"], steps=4)
    page.mouse.up()
    assert to
    desk.tag()
    [row] = saved(article)
    assert words_of(row) == "Troops run"


def test_a_drag_that_slips_into_the_panel_takes_nothing_from_beyond(
    desk: Desk, page: Page, article: Any
) -> None:
    start = desk.place("two drones fall")["from"]
    panel = page.locator(".panel").bounding_box()
    assert panel is not None
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 60, start[1], steps=3)
    page.mouse.move(panel["x"] + 80, start[1], steps=5)
    page.mouse.up()
    desk.tag()
    [row] = saved(article)
    assert words_of(row) == "two drones fall."


def test_a_further_piece_makes_the_annotation_discontinuous(desk: Desk, article: Any) -> None:
    desk.select("John Kirby")
    desk.select("small number", modifiers=["Control"])
    desk.tag("e")
    [row] = saved(article)
    assert row.pieces == ["John Kirby", "small number"]


def test_a_click_picks_the_shortest_and_offers_all_that_lie_there(
    desk: Desk, page: Page, article: Any
) -> None:
    factories.annotation(article, "a relatively small number", tag="claim")
    factories.annotation(article, "small number", tag="denial", by="ben")
    desk.open().click("small number")
    expect(desk.chosen.locator(".card-words")).to_have_text("small number")
    here = page.get_by_role("group", name="Annotations at this place").get_by_role("button")
    expect(here).to_have_count(2)
    here.nth(1).click()
    expect(desk.chosen.locator(".card-words")).to_have_text("a relatively small number")
    page.keyboard.press("Escape")
    expect(here).to_have_count(0)


def test_letting_go_over_a_highlight_after_a_drag_is_no_click(desk: Desk, page: Page, article: Any) -> None:
    factories.annotation(article, "small number")
    desk.open().select("relatively small")
    expect(desk.toolbar).to_be_visible()
    expect(desk.chosen).to_have_count(0)


def test_a_tags_key_without_a_selection_changes_nothing(desk: Desk, page: Page, article: Any) -> None:
    desk.select("small number")
    desk.tag("c")
    page.keyboard.press("d")
    expect(desk.outbox).to_have_attribute("data-state", "idle")
    assert [row.tag for row in saved(article)] == ["claim"]


def test_tag_words_and_note_are_changed_on_the_card_and_undone(desk: Desk, page: Page, article: Any) -> None:
    desk.select("small number")
    desk.tag("c")
    desk.chosen.get_by_role("button", name="Denial", exact=True).click()
    expect(desk.chosen).to_have_attribute("data-tag", "denial")
    desk.chosen.get_by_role("button", name="Change words").click()
    desk.select("a relatively small number")
    page.keyboard.press("Enter")
    expect(desk.chosen.locator(".card-words")).to_have_text("a relatively small number")
    page.keyboard.press("n")
    page.keyboard.type("Who counted? csd")
    desk.chosen.get_by_role("button", name="Save note").click()
    expect(desk.chosen.locator(".card-note")).to_be_visible()
    [row] = saved(article)
    assert (row.tag, words_of(row), row.note) == ("denial", "a relatively small number", "Who counted? csd")
    page.locator("#article-text").focus()
    page.keyboard.press("u")
    expect(desk.cards.locator(".card-note")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(desk.cards.locator(".card-words")).to_have_text("small number")
    [row] = saved(article)
    assert (row.tag, words_of(row), row.note) == ("denial", "small number", "")


def test_a_withdrawn_annotation_comes_back_with_undo(desk: Desk, page: Page, article: Any) -> None:
    factories.annotation(article, "small number")
    desk.open().click("small number")
    expect(desk.chosen.locator(".more")).to_be_visible()
    page.keyboard.press("Delete")
    expect(desk.cards).to_have_count(0)
    expect(desk.marks("small number")).to_have_count(0)
    expect(page.get_by_text("Nothing is marked yet")).to_be_visible()
    page.locator("#desk-note").get_by_role("button", name="Undo").click()
    expect(desk.marks("small number")).to_have_count(1)
    assert len(saved(article)) == 1


def test_next_and_previous_go_through_the_annotations(desk: Desk, page: Page, article: Any) -> None:
    for words in ("Troops run", "small number", "nobody asked"):
        factories.annotation(article, words)
    desk.open()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(desk.chosen.locator(".card-words")).to_have_text("small number")
    page.keyboard.press("k")
    expect(desk.chosen.locator(".card-words")).to_have_text("Troops run")
    desk.chosen.locator(".card-words").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(desk.chosen.locator(".card-words")).to_be_focused()
    expect(desk.chosen.locator(".card-words")).to_have_text("nobody asked")


def test_filters_leave_only_what_fits(desk: Desk, page: Page, article: Any) -> None:
    factories.annotation(article, "a relatively small number", tag="claim")
    factories.annotation(article, "small number", tag="denial", by="ben")
    desk.open()
    filters = page.get_by_role("navigation", name="Filter annotations")
    filters.get_by_role("link", name="ben").click()
    expect(desk.cards.locator("visible=true")).to_have_count(1)
    assert page.locator("#article-text mark:not(.off)").count() == 1
    assert "person=ben" in page.url
    page.reload()
    desk.ready()
    expect(desk.cards.locator("visible=true")).to_have_count(1)
    filters.get_by_role("link", name="All").click()
    expect(desk.cards.locator("visible=true")).to_have_count(2)


def test_a_colleagues_annotation_offers_no_change(page: Page, sign_in: SignIn, article: Any) -> None:
    row = factories.annotation(article, "small number", by="ben")
    sign_in(page, "rita")
    desk = Desk(page, article).open(f"?annotation={row.id}")
    expect(desk.chosen.locator(".locked")).to_be_visible()
    expect(desk.chosen.get_by_role("button")).to_have_count(0)
    page.keyboard.press("Delete")
    page.wait_for_timeout(200)
    assert len(saved(article)) == 1


def test_a_viewer_reads_and_has_no_toolbar(page: Page, sign_in: SignIn, article: Any) -> None:
    factories.annotation(article, "small number", by="ben")
    sign_in(page, "vic")
    desk = Desk(page, article).open()
    desk.select("relatively")
    expect(desk.toolbar).to_have_count(0)
    desk.click("small number")
    expect(desk.chosen.locator(".locked")).to_be_visible()


def test_a_colleagues_new_work_comes_with_the_paragraph(desk: Desk, article: Any) -> None:
    factories.annotation(article, "two drones fall", by="ben", tag="evidence")
    desk.select("saw 🇺🇦 two")
    desk.tag()
    expect(desk.cards).to_have_count(2)
    expect(desk.marks(" drones fall")).to_have_count(1)
    desk.click("drones fall")
    expect(desk.chosen).to_have_attribute("data-by", "ben")


def test_keys_are_remapped_and_switched_off(desk: Desk, page: Page, article: Any) -> None:
    page.get_by_role("button", name="Keys").click()
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_label("Claim").fill("q")
    dialog.get_by_role("button", name="Close").click()
    page.reload()
    desk.ready().select("small number")
    page.keyboard.press("c")
    expect(desk.toolbar).to_be_visible()
    desk.tag("q")
    assert [row.tag for row in saved(article)] == ["claim"]
    page.keyboard.press("?")
    dialog.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    desk.select("two drones")
    page.keyboard.press("q")
    page.wait_for_timeout(200)
    assert len(saved(article)) == 1
    desk.toolbar.get_by_role("button", name="Evidence").click()
    desk.saved()
    assert [row.tag for row in saved(article)] == ["claim", "evidence"]


def test_a_document_shows_with_where_it_stands(desk: Desk, page: Page, article: Any) -> None:
    factories.annotation(article, "small number")
    desk.open().click("small number")
    desk.chosen.get_by_role("link", name="Source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Where it is shown").click()
    dialog.get_by_role("combobox", name="Source").fill("Ministry report")
    dialog.get_by_text("It refutes this").click()
    dialog.get_by_label("Address", exact=True).fill("javascript:alert(1)")
    dialog.get_by_label("Quoted passage").fill("Three thousand had gone.")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert").first).to_contain_text("http")
    dialog.get_by_label("Address", exact=True).fill("https://example.org/report")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    link = desk.chosen.get_by_role("link", name="https://example.org/report")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(desk.chosen).to_contain_text("Three thousand had gone.")


def test_the_article_itself_and_nobody_named_are_choices_of_their_own(
    desk: Desk, page: Page, article: Any
) -> None:
    factories.annotation(article, "small number")
    desk.open().click("small number")
    expect(desk.cards).to_contain_text("speaker not filled in")
    desk.chosen.get_by_role("link", name="Source").click()
    page.get_by_role("dialog").get_by_role("button", name="The article itself").click()
    expect(desk.cards).not_to_contain_text("speaker not filled in")
    expect(desk.chosen.locator(".links")).to_contain_text("The article itself")


def test_a_name_like_another_asks_which_is_meant(desk: Desk, page: Page, article: Any) -> None:
    project = queries.projects.by_id(article.project_id)
    factories.source(project, "John Kirby", aliases=["Kirby"])
    factories.annotation(article, "small number")
    desk.open().click("small number")
    desk.chosen.get_by_role("link", name="Source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Source").fill("Jon Kirby")
    dialog.get_by_role("heading").click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="John Kirby").click()
    expect(desk.chosen.locator(".links").get_by_role("link", name="John Kirby", exact=True)).to_be_visible()
    assert len(queries.sources.suggest(factories.user("ana").pk, project.pk, "Kirby")) == 1


def test_words_taken_from_the_article_name_the_source_and_attribute_it(
    desk: Desk, page: Page, article: Any
) -> None:
    factories.annotation(article, "small number")
    desk.open().click("small number")
    expect(desk.chosen.locator(".more")).to_be_visible()
    desk.select("John Kirby")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Source")).to_have_value("John Kirby")
    desk.select("told reporters on Thursday")
    desk.toolbar.get_by_role("button", name="As the attributing words").click()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.chosen.locator(".links")).to_contain_text("told reporters on Thursday")


def test_withdrawn_by_its_service_the_annotation_is_gone_after_a_reload(
    desk: Desk, page: Page, article: Any
) -> None:
    row = factories.annotation(article, "small number", by="ben")
    desk.open()
    expect(desk.cards).to_have_count(1)
    services.annotations.withdraw(annotation_id=row.id, by=factories.actor("ben"))  # type: ignore[arg-type]
    page.reload()
    expect(desk.ready().cards).to_have_count(0)
