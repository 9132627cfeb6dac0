"""Attribution and attributes in a real browser, by keys: who said it, through whom, in which words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from playwright.sync_api import Locator, Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser.accessible import LOOKS, faults
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
TITLE = "Troops run drones from Crimea"
TEXT = f"""{TITLE}
The spokesman John Kirby told reporters on Thursday that “a relatively small number” of people had gone there.
The agency wrote, citing the ministry, that a senior official denied it.
"""


@pytest.fixture
def project(transactional_db: None) -> Any:
    return factories.project("demo")


@pytest.fixture
def article(project: Any) -> Any:
    return factories.article(project, title=TITLE, text=TEXT)


@pytest.fixture
def claim(article: Any) -> Any:
    return factories.annotation(article, "a relatively small number")


@pytest.fixture
def desk(page: Page, sign_in: SignIn, article: Any, claim: Any) -> Desk:
    sign_in(page, "ana")
    return Desk(page, article)


def links(annotation: Any) -> list[Any]:
    ana = factories.user("ana").pk
    return queries.source_links.of_annotations(ana, [annotation.id]).get(annotation.id, [])


def saved(page: Page, claim: Any, wanted: dict[str, str]) -> None:
    """Wait until the attributes are what they are to be; the page saves them one after the other."""
    for _turn in range(50):
        if values(claim) == wanted:
            return
        page.wait_for_timeout(100)
    assert values(claim) == wanted


def values(annotation: Any) -> Any:
    row = queries.annotations.visible(factories.user("ana").pk, UUID(annotation.id))
    assert row is not None
    return orjson.loads(row.attributes)


def choose(desk: Desk, annotation: Any) -> None:
    """Open the page with the annotation chosen and the focus in the text."""
    desk.open(f"?annotation={annotation.id}")
    desk.page.locator("#article-text").focus()
    expect(desk.chosen.locator(".more")).to_be_visible()


def checked(desk: Desk, name: str) -> Locator:
    return desk.chosen.get_by_role("group", name=name).locator("input:checked")


def test_a_speaker_named_before_takes_three_keys_however_fast(desk: Desk, page: Page, claim: Any) -> None:
    made = queries.projects.by_id(claim_project(claim))
    kirby = factories.source(made, "John Kirby")
    factories.source(made, "Jane Kiesel")
    other = factories.annotation(desk.article, "denied it", tag="denial")
    factories.link(other, kirby)
    choose(desk, claim)
    for key in ("s", "k", "Enter"):
        page.keyboard.press(key)
    expect(desk.chosen.locator(".links").get_by_role("link", name="John Kirby", exact=True)).to_be_visible()
    expect(desk.dialog).to_be_hidden()
    assert [link.source_name for link in links(claim)] == ["John Kirby"]
    assert page.evaluate("document.activeElement.id") == "article-text"
    page.keyboard.press("j")
    expect(desk.chosen.locator(".card-words")).to_have_text("denied it")
    page.keyboard.press("u")
    expect(desk.cards.filter(has_text="small number")).to_contain_text("speaker not filled in")
    assert links(claim) == []


def claim_project(claim: Any) -> UUID:
    article = queries.articles.visible(factories.user("ana").pk, UUID(claim.article))
    assert article is not None
    return article.project_id


def test_the_list_begins_with_who_was_named_last_in_this_article(
    desk: Desk, page: Page, claim: Any, project: Any
) -> None:
    elsewhere = factories.article(project, title="Other", text="Other\nSaid and said again.\n")
    busy = factories.source(project, "A busy person")
    for words in ("Said", "said again"):
        factories.link(factories.annotation(elsewhere, words), busy)
    factories.link(
        factories.annotation(desk.article, "denied it", tag="denial"), factories.source(project, "Kiev")
    )
    choose(desk, claim)
    for key in ("s", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(desk.chosen.locator(".links")).to_contain_text("Kiev")
    assert [link.source_name for link in links(claim)] == ["Kiev"]


def test_tab_takes_the_source_and_goes_on(desk: Desk, page: Page, claim: Any, project: Any) -> None:
    factories.source(project, "John Kirby")
    factories.source(project, "Security Council", kind="organisation")
    choose(desk, claim)
    page.keyboard.press("s")
    page.keyboard.type("john")
    expect(desk.dialog.get_by_role("option", name="John Kirby")).to_be_visible()
    page.keyboard.press("Tab")
    expect(desk.dialog).to_be_visible()
    expect(page.get_by_role("combobox", name="Source")).to_have_value("John Kirby")
    expect(desk.dialog.get_by_role("button", name="The article itself")).to_be_focused()
    desk.dialog.locator(".source-more summary").click()
    behalf = page.get_by_role("combobox", name="On behalf of")
    behalf.press_sequentially("sec")
    expect(desk.dialog.get_by_role("option", name="Security Council")).to_be_visible()
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_visible()
    desk.dialog.get_by_label("Name as printed").fill("The spokesman John Kirby")
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_hidden()
    [link] = links(claim)
    assert (link.source_name, link.on_behalf_of_name) == ("John Kirby", "Security Council")
    assert link.as_named == "The spokesman John Kirby"


def test_a_name_that_nobody_has_is_asked_about_first(
    desk: Desk, page: Page, claim: Any, project: Any
) -> None:
    factories.source(project, "Volodymyr Zelensky")
    choose(desk, claim)
    for key in ("s", "T", "a", "s", "s", "Enter"):
        page.keyboard.press(key)
    expect(desk.dialog.get_by_role("radio", name="a person")).to_be_focused()
    assert links(claim) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_hidden()
    [link] = links(claim)
    assert (link.source_name, link.source_kind) == ("Tass", "organisation")
    page.keyboard.press("s")
    page.get_by_role("combobox", name="Source").fill("Vladimir Zelensky")
    page.keyboard.press("Enter")
    expect(desk.dialog.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Enter")  # pressed once too often: neither is taken
    expect(desk.dialog).to_be_visible()
    page.keyboard.press("Tab")
    expect(desk.dialog.get_by_role("button", name="Volodymyr Zelensky")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_hidden()
    assert {link.source_name for link in links(claim)} == {"Tass", "Volodymyr Zelensky"}


def test_a_document_is_not_taken_for_a_speaker_of_a_like_name(
    desk: Desk, page: Page, claim: Any, project: Any
) -> None:
    factories.source(project, "White House transcript 20 Oct", kind="document")
    choose(desk, claim)
    page.keyboard.press("s")
    page.keyboard.type("White House aide")
    page.keyboard.press("Enter")
    expect(desk.dialog.get_by_role("radio", name="a person")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.dialog).to_be_hidden()
    [link] = links(claim)
    assert (link.source_name, link.source_kind) == ("White House aide", "person")


def test_words_selected_and_put_nowhere_are_the_attributing_ones(
    desk: Desk, page: Page, claim: Any, project: Any
) -> None:
    factories.source(project, "John Kirby")
    choose(desk, claim)
    page.keyboard.press("s")
    page.keyboard.type("John Kirby")
    expect(desk.dialog.get_by_role("option", name="John Kirby")).to_be_visible()
    page.keyboard.press("Tab")
    desk.select("told reporters")
    expect(desk.toolbar).to_be_visible()
    desk.dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.dialog).to_be_hidden()
    expect(desk.toolbar).to_be_hidden()
    expect(desk.chosen).to_contain_text("told reporters")
    [link] = links(claim)
    assert link.cue


def test_somebody_unnamed_but_described_is_not_nobody(desk: Desk, page: Page, claim: Any) -> None:
    choose(desk, claim)
    page.keyboard.press("s")
    desk.dialog.get_by_role("button", name="Unnamed, but described…").click()
    page.keyboard.type("a senior official")
    desk.dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.dialog).to_be_hidden()
    [link] = links(claim)
    assert (link.source_name, link.source_kind) == ("a senior official", "unnamed")
    page.keyboard.press("Escape")
    expect(desk.cards.filter(has_text="small number")).to_contain_text("a senior official")


def test_words_are_picked_in_the_text_by_keys_while_the_dialog_is_open(
    desk: Desk, page: Page, claim: Any
) -> None:
    choose(desk, claim)
    page.keyboard.press("s")
    box = page.get_by_role("combobox", name="Source")
    expect(box).to_be_focused()
    page.keyboard.press("F6")
    expect(page.locator("#article-text")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(desk.toolbar.get_by_role("button", name="As the source's name")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.press("s")
    expect(box).to_be_focused()
    expect(box).to_have_value("John Kirby")
    page.keyboard.press("F6")
    expect(page.locator("#article-text")).to_be_focused()
    desk.select("told reporters on Thursday")
    expect(desk.toolbar).to_be_visible()
    page.keyboard.press("w")
    expect(box).to_be_focused()
    expect(desk.dialog.locator(".cue-words")).to_have_text("told reporters on Thursday")
    page.keyboard.press("F6")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    desk.dialog.get_by_role("button", name="Save", exact=True).click()
    expect(desk.dialog).to_be_hidden()
    [link] = links(claim)
    text = queries.texts.of(desk.article.version_id).text
    [(start, end)] = services.source_links.cue_of(link)
    assert (link.source_name, text[start:end]) == ("John Kirby", "told reporters on Thursday")
    assert len(queries.annotations.of_article(factories.user("ana").pk, desk.article.id)) == 1


def test_hops_read_as_a_sentence_and_are_moved(desk: Desk, page: Page, claim: Any, project: Any) -> None:
    for name in ("The ministry", "The agency"):
        factories.source(project, name, kind="organisation")
    factories.link(claim, factories.source(project, "An official", kind="unnamed"))
    choose(desk, claim)
    for name in ("ministry", "agency"):
        page.keyboard.press("h")
        expect(desk.dialog.get_by_role("radio", name="Who passed it on")).to_be_checked()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(desk.dialog).to_be_hidden()
        expect(desk.chosen.locator(".links")).to_contain_text(f"The {name}")
    chain = desk.chosen.locator(".chain")
    expect(chain).to_have_text("The ministry, citing The agency, citing An official")
    up = desk.chosen.get_by_role("button", name="Move The agency towards the article")
    up.focus()
    page.keyboard.press("Enter")
    expect(chain).to_have_text("The agency, citing The ministry, citing An official")
    expect(desk.chosen.locator(".hop-move button").first).to_be_visible()
    assert [link.position for link in links(claim) if link.role == "via"] == [1, 2]
    page.locator("#article-text").focus()
    page.keyboard.press("u")
    expect(chain).to_have_text("The ministry, citing The agency, citing An official")
    page.keyboard.press("Escape")
    expect(desk.cards.first).to_contain_text("The ministry, citing The agency, citing An official")


def test_attributes_take_two_digits_and_the_same_again_clears(desk: Desk, page: Page, claim: Any) -> None:
    choose(desk, claim)
    page.keyboard.type("12")
    expect(checked(desk, "Wording")).to_have_value("mixed")
    page.keyboard.type("21")
    expect(checked(desk, "Checkability")).to_have_value("checkable")
    expect(page.locator("#article-text")).to_be_focused()
    page.keyboard.type("43")
    expect(desk.chosen.locator(".card-fact")).to_have_text("found false")
    assert values(claim) == {"wording": "mixed", "checkability": "checkable", "finding": "false"}
    page.keyboard.type("12")
    expect(checked(desk, "Wording")).to_have_value("")
    page.keyboard.press("2")
    group = desk.chosen.get_by_role("group", name="Checkability")
    expect(group.locator("input:focus")).to_have_count(1)
    expect(group.locator(".choice").nth(1)).to_have_text("1checkable")
    page.keyboard.press("Escape")
    expect(page.locator("#article-text")).to_be_focused()
    expect(desk.chosen).to_have_count(1)
    saved(page, claim, {"checkability": "checkable", "finding": "false"})


def test_two_digits_typed_faster_than_the_server_answers_are_both_kept(
    desk: Desk, page: Page, claim: Any
) -> None:
    choose(desk, claim)
    page.keyboard.type("1221")
    expect(checked(desk, "Wording")).to_have_value("mixed")
    expect(checked(desk, "Checkability")).to_have_value("checkable")
    saved(page, claim, {"wording": "mixed", "checkability": "checkable"})
    expect(desk.chosen.locator(".conflict")).to_have_count(0)


def test_a_date_is_as_exact_as_known_or_refused_at_its_field(desk: Desk, page: Page, claim: Any) -> None:
    choose(desk, claim)
    page.keyboard.press("5")
    field = desk.chosen.get_by_label("Said on")
    expect(field).to_be_focused()
    page.keyboard.type("2022-02-30")
    page.keyboard.press("Enter")
    expect(desk.chosen.get_by_role("alert").filter(has_text="calendar")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("2022-02-30")
    field.fill("2022-02")
    page.keyboard.press("Enter")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    saved(page, claim, {"said_on": "2022-02"})
    page.keyboard.press("5")
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(field).to_have_value("2022-02")


def test_attributes_work_by_pointer_too(desk: Desk, page: Page, claim: Any) -> None:
    choose(desk, claim)
    desk.chosen.get_by_role("group", name="Unsure").locator("label", has_text="yes").click()
    expect(desk.chosen.locator(".card-fact")).to_have_text("unsure")
    desk.chosen.get_by_role("group", name="Unsure").locator(".choice-none").click()
    expect(desk.chosen.locator(".card-fact")).to_have_count(0)
    page.wait_for_timeout(200)
    assert values(claim) == {}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_open_card_and_dialog(
    desk: Desk, page: Page, claim: Any, project: Any, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    factories.link(claim, factories.source(project, "An official", kind="unnamed"))
    for name in ("The agency", "The ministry"):
        factories.link(claim, factories.source(project, name, kind="organisation"), role="via")
    choose(desk, claim)
    page.keyboard.press("1")
    expect(desk.chosen.locator(".attribute input:focus")).to_have_count(1)
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.get_by_role("combobox", name="Source").press_sequentially("Somebody New")
    expect(desk.dialog.get_by_role("radio", name="a person")).to_be_visible()
    expect(desk.dialog.get_by_role("option").first).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
