"""Relating in a real browser: armed and pinned, by keys, by pointer and by a drag; edges that can be clicked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from factcheck.models import Relation
from tests import factories
from tests.browser.accessible import faults
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


@pytest.fixture
def made(transactional_db: None) -> factories.Desk:
    return factories.desk("demo")


@pytest.fixture
def desk(page: Page, sign_in: SignIn, made: factories.Desk) -> Desk:
    sign_in(page, "ana")
    return Desk(page, made.article)


@pytest.fixture
def relating(page: Page) -> Any:
    return page.get_by_role("region", name="Relating")


def live(made: factories.Desk) -> set[tuple[str, str, str, str]]:
    rows = Relation.objects.filter(project=made.project, withdrawn_at=None)
    return {
        (row.kind.name, str(row.subject_id), str(row.object_id), row.attributes.get("manner", ""))
        for row in rows
    }


def choose(desk: Desk, words: str) -> None:
    desk.click(words)
    expect(desk.chosen.locator(".more")).to_have_count(1)


def idle(desk: Desk) -> None:
    expect(desk.outbox).to_have_attribute("data-state", "idle")


def test_several_ends_are_related_by_keys_and_undone_at_once(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    others = [factories.annotation(made.article, words) for words in ("The builders", "A photograph")]
    desk.open(f"?annotation={made.denial.id}")
    page.locator("#article-text").focus()
    page.keyboard.press("r")
    expect(relating).to_contain_text("denied any fault")
    page.keyboard.press("k")  # the builders
    expect(relating.get_by_role("button", name="denies")).to_be_visible()
    expect(relating.get_by_role("button", name="supports")).to_have_count(0)
    page.keyboard.press(" ")
    page.keyboard.press("j")  # what is armed itself: no end
    page.keyboard.press("j")  # a photograph
    expect(relating.get_by_role("list", name="Other ends").get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("d")
    page.keyboard.press("2")
    expect(relating).to_contain_text("denies by implication")
    page.keyboard.press("Enter")
    expect(relating).to_be_hidden()
    idle(desk)
    wanted = {("denies", made.denial.id, row.id, "implied") for row in others}
    assert live(made) == {("denies", made.denial.id, made.claim.id, "implied")} | wanted
    expect(desk.chosen.locator(".rel li")).to_have_count(3)
    page.keyboard.press("u")
    expect(desk.chosen.locator(".rel li")).to_have_count(1)
    assert len(live(made)) == 1


def test_what_is_legal_only_the_other_way_round_is_turned_round(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    evidence = factories.annotation(made.article, "A photograph", tag="evidence")
    desk.open(f"?annotation={made.claim.id}")
    page.locator("#article-text").focus()
    page.keyboard.press("r")
    desk.click("A photograph")
    expect(relating.get_by_role("button", name="supports")).to_have_count(0)
    page.keyboard.press("s")
    expect(relating).to_contain_text("“A photograph” supports “the bridge was checked in May”")
    page.keyboard.press("v")
    expect(relating).not_to_contain_text("“A photograph” supports")
    page.keyboard.press("v")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    idle(desk)
    assert ("supports", evidence.id, made.claim.id, "") in live(made)


def test_an_end_in_another_article_is_found_by_its_words(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    second = factories.article(made.project, title="A day later", text="The bridge was opened in 1950.\n")
    other = factories.annotation(second, "The bridge was opened")
    desk.open(f"?annotation={made.claim.id}")
    page.locator("#article-text").focus()
    page.keyboard.press("r")
    page.get_by_role("combobox", name="Find the other end").focus()
    page.keyboard.type("opened")
    page.keyboard.press("Enter")  # faster than the answer
    expect(relating.get_by_role("list", name="Other ends")).to_contain_text("A day later")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    idle(desk)
    assert ("repeats", made.claim.id, other.id, "") in live(made)
    expect(desk.chosen.locator(".rel")).to_contain_text("A day later")


def test_escape_stops_and_nothing_is_related(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    desk.open(f"?annotation={made.denial.id}")
    page.locator("#article-text").focus()
    page.keyboard.press("r")
    page.keyboard.press("k")
    page.keyboard.press("Escape")
    expect(relating).to_be_hidden()
    expect(desk.chosen).to_contain_text("denied any fault")
    assert len(live(made)) == 1


def test_a_drag_from_the_handle_arms_and_takes_the_end(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    other = factories.annotation(made.article, "twice a week")
    desk.open(f"?annotation={made.denial.id}")
    handle = page.locator(".edge-handle").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + 12, handle["y"] + 12)
    page.mouse.down()
    page.mouse.move(*desk.place("twice a week")["middle"], steps=4)
    page.mouse.up()
    expect(relating.get_by_role("list", name="Other ends")).to_contain_text("twice a week")
    relating.get_by_role("button", name="denies").click()
    relating.get_by_role("button", name="explicitly").click()
    relating.get_by_role("button", name="Relate").click()
    idle(desk)
    assert ("denies", made.denial.id, other.id, "explicit") in live(made)


def test_an_edge_is_clicked_changed_and_withdrawn(desk: Desk, page: Page, made: factories.Desk) -> None:
    desk.open(f"?annotation={made.claim.id}")
    expect(page.locator("svg.edges .edge")).to_have_count(1)
    expect(page.locator("svg.edges .edge.implied")).to_have_count(1)
    page.locator("svg.edges .edge-badge").click()
    dialog = page.get_by_role("dialog", name="Relation")
    dialog.get_by_label("How", exact=True).select_option("explicit")
    dialog.get_by_label("Note").fill("The office was asked.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(desk.chosen.locator(".rel")).to_contain_text("The office was asked.")
    expect(page.locator("svg.edges .edge.implied")).to_have_count(0)
    assert live(made) == {("denies", made.denial.id, made.claim.id, "explicit")}
    desk.chosen.get_by_role("link", name="edit the relation").click()
    dialog.get_by_role("button", name="Withdraw the relation").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("svg.edges .edge")).to_have_count(0)
    assert live(made) == set()
    page.locator("#desk-note").get_by_role("button", name="Undo").click()
    choose(desk, "the bridge was checked in May")
    expect(page.locator("svg.edges .edge")).to_have_count(1)
    assert live(made) == {("denies", made.denial.id, made.claim.id, "explicit")}


def test_undo_leaves_the_choice_where_it_was_and_says_what_it_undid(
    desk: Desk, page: Page, made: factories.Desk
) -> None:
    desk.open(f"?annotation={made.claim.id}")
    desk.chosen.get_by_role("link", name="edit the relation").click()
    page.get_by_role("dialog", name="Relation").get_by_role("button", name="Withdraw the relation").click()
    expect(desk.chosen.locator(".rel")).to_have_count(0)
    page.locator("#article-text").focus()
    page.keyboard.press("u")
    expect(page.locator("#desk-note")).to_contain_text("Undone: the withdrawal of the relation")
    expect(desk.chosen.locator(".card-words")).to_have_text("the bridge was checked in May")
    expect(desk.chosen.locator(".rel li")).to_have_count(1)


def test_edges_are_drawn_for_what_is_chosen_or_pointed_at_only(
    desk: Desk, page: Page, made: factories.Desk
) -> None:
    desk.open()
    expect(page.locator("svg.edges .edge")).to_have_count(0)
    page.mouse.move(*desk.place("denied any fault")["middle"])
    expect(page.locator("svg.edges .edge")).to_have_count(1)
    page.mouse.move(5, 300)
    expect(page.locator("svg.edges .edge")).to_have_count(0)
    desk.click("denied any fault")
    page.mouse.move(5, 300)
    expect(page.locator("svg.edges .edge")).to_have_count(1)
    page.get_by_role("link", name="The mayor's office: the bridge was checked").click()
    expect(desk.chosen).to_contain_text("the bridge was checked in May")


def test_a_reviewer_relates_what_colleagues_have_marked_and_a_viewer_does_not(
    page: Page, sign_in: SignIn, made: factories.Desk
) -> None:
    sign_in(page, "vic")
    desk = Desk(page, made.article).open(f"?annotation={made.claim.id}")
    page.keyboard.press("r")
    expect(page.locator(".relating")).to_have_count(0)
    sign_in(page, "rita")
    desk.open(f"?annotation={made.denial.id}")
    page.locator("#article-text").focus()
    page.keyboard.press("r")
    page.keyboard.press("k")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    idle(desk)
    assert ("about", made.denial.id, made.claim.id, "") in live(made)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_relating_is_accessible_and_its_pictures_are_taken(
    desk: Desk, page: Page, made: factories.Desk, relating: Any, shot: Shot, width: int, scheme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.open(f"?annotation={made.denial.id}")
    desk.chosen.get_by_role("link", name="Relate").click()
    page.get_by_role("combobox", name="Find the other end").fill("bridge")
    expect(page.get_by_role("option").first).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Enter")
    expect(relating.get_by_role("button", name="denies")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("b")
    assert shot(page, f"relating-{scheme}-{width}").stat().st_size > 5_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.goto(f"/annotations/{made.denial.id}/relations/new/")
    assert faults(page) == []
    page.goto(f"/relations/{made.denies.id}/")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_relation_that_could_not_be_sent_is_kept_and_sent_later(
    desk: Desk, page: Page, made: factories.Desk, relating: Any
) -> None:
    other = factories.annotation(made.article, "twice a week")
    desk.open(f"?annotation={made.denial.id}")
    page.locator("#article-text").focus()
    page.route("**/relations/", lambda route: route.abort())
    page.keyboard.press("r")
    desk.click("twice a week")
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    expect(desk.outbox).to_have_attribute("data-state", "waiting")
    page.unroute("**/relations/")
    page.reload()
    desk.ready()
    idle(desk)
    assert ("denies", made.denial.id, other.id, "") in live(made)
