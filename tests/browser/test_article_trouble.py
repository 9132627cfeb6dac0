"""What breaks between the page and the server: requests that fail, reloads, other people, a session that ends."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from factcheck import queries, services
from tests import factories
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]


@pytest.fixture
def article(transactional_db: None) -> Any:
    return factories.article(factories.project("demo"))


@pytest.fixture
def desk(page: Page, sign_in: SignIn, article: Any) -> Desk:
    sign_in(page, "ana")
    return Desk(page, article).open()


def saved(article: Any) -> list[Any]:
    return queries.annotations.of_article(factories.user("ana").pk, article.id)


def blocked(page: Page, how: Callable[[Route], None] = lambda route: route.abort()) -> None:
    page.route("**/articles/*/annotations/", how)


def test_a_failed_request_is_shown_and_tried_again(desk: Desk, page: Page, article: Any) -> None:
    blocked(page)
    desk.select("twice a week")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("Not saved yet, trying again")
    assert saved(article) == []
    page.unroute("**/articles/*/annotations/")
    expect(desk.outbox).to_have_attribute("data-state", "idle")
    assert len(saved(article)) == 1
    expect(desk.marks("twice a week")).to_have_count(1)


def test_an_answer_that_is_lost_is_not_done_twice(desk: Desk, page: Page, article: Any) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    blocked(page, lose)
    desk.select("twice a week")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("trying again")
    page.unroute("**/articles/*/annotations/")
    desk.outbox.get_by_role("button", name="Try again").click()
    desk.saved()
    assert len(saved(article)) == 1
    expect(desk.cards).to_have_count(1)


def test_what_is_not_saved_survives_a_reload(desk: Desk, page: Page, article: Any) -> None:
    blocked(page)
    desk.select("twice a week")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("trying again")
    page.unroute("**/articles/*/annotations/")
    page.reload()
    expect(desk.ready().marks("twice a week")).to_have_count(1)
    assert [" ".join(row.pieces) for row in saved(article)] == ["twice a week"]


def test_what_one_person_could_not_save_is_not_sent_by_another(
    desk: Desk, page: Page, sign_in: SignIn, article: Any
) -> None:
    blocked(page)
    desk.select("twice a week")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("trying again")
    page.unroute("**/articles/*/annotations/")
    sign_in(page, "ben")
    desk.open()
    page.wait_for_timeout(300)
    assert saved(article) == []


def test_a_session_that_ended_is_said_and_nothing_is_lost(
    desk: Desk, page: Page, sign_in: SignIn, article: Any
) -> None:
    page.context.clear_cookies()
    desk.select("twice a week")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("You are signed out")
    sign_in(page, "ana")
    desk.outbox.get_by_role("button", name="Try again").click()
    desk.saved()
    assert len(saved(article)) == 1


def test_what_the_server_refuses_says_why_and_can_be_discarded(desk: Desk, page: Page, article: Any) -> None:
    desk.select("twice a week")
    expect(desk.toolbar).to_be_visible()
    page.evaluate("document.querySelector('fc-desk').config.version = '00000000-0000-7000-8000-000000000000'")
    page.keyboard.press("c")
    expect(desk.outbox).to_contain_text("Could not be saved: Claim: twice a week")
    expect(desk.outbox).to_contain_text("not the article's present version")
    desk.outbox.get_by_role("button", name="Discard").click()
    expect(desk.outbox).to_have_attribute("data-state", "idle")
    assert saved(article) == []


def test_a_stale_tag_shows_both_states_and_overwrites_nothing(desk: Desk, page: Page, article: Any) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open().click("twice a week")
    expect(desk.chosen.locator(".more")).to_be_visible()
    services.annotations.update(annotation_id=UUID(row.id), tag="evidence", by=factories.actor("ana"))
    desk.chosen.get_by_role("button", name="Denial", exact=True).click()
    expect(desk.outbox).to_contain_text("“evidence”")
    expect(desk.outbox).to_contain_text("“denial”")
    assert [found.tag for found in saved(article)] == ["evidence"]
    desk.outbox.get_by_role("button", name="Keep mine").click()
    expect(desk.chosen).to_have_attribute("data-tag", "denial")
    assert [found.tag for found in saved(article)] == ["denial"]


def test_taking_theirs_shows_how_it_stands(desk: Desk, page: Page, article: Any) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open().click("twice a week")
    expect(desk.chosen.locator(".more")).to_be_visible()
    services.annotations.update(annotation_id=UUID(row.id), tag="evidence", by=factories.actor("ana"))
    desk.chosen.get_by_role("button", name="Denial", exact=True).click()
    desk.outbox.get_by_role("button", name="Take theirs").click()
    expect(desk.chosen).to_have_attribute("data-tag", "evidence")
    expect(desk.marks("twice a week")).to_have_class("t-evidence l0-evidence s e on")


def test_a_stale_note_shows_both_and_keeps_what_was_typed(desk: Desk, page: Page, article: Any) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open().click("twice a week")
    desk.chosen.get_by_label("Note").fill("Mine.\nTwo lines.")
    services.annotations.update(annotation_id=UUID(row.id), note="Theirs.", by=factories.actor("ana"))
    desk.chosen.get_by_role("button", name="Save note").click()
    conflict = desk.chosen.get_by_role("alert")
    expect(conflict).to_contain_text("Theirs.")
    expect(conflict).to_contain_text("Mine.")
    assert [found.note for found in saved(article)] == ["Theirs."]
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict).to_have_count(0)
    assert [found.note for found in saved(article)] == ["Mine.\nTwo lines."]


def test_a_note_that_was_not_sent_is_there_after_a_reload(desk: Desk, page: Page, article: Any) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open(f"?annotation={row.id}").chosen.get_by_label("Note").fill("Half a thought")
    page.reload()
    expect(desk.ready().chosen.get_by_label("Note")).to_have_value("Half a thought")
    page.route(f"**/annotations/{row.id}/", lambda route: route.abort())
    desk.chosen.get_by_role("button", name="Save note").click()
    expect(desk.chosen.get_by_role("alert")).to_contain_text("What you typed is kept")
    page.unroute(f"**/annotations/{row.id}/")
    desk.chosen.get_by_role("button", name="Save note").click()
    expect(desk.chosen.locator(".card-note")).to_be_visible()
    page.reload()
    assert [found.note for found in saved(article)] == ["Half a thought"]


def test_a_form_sent_after_the_session_ended_says_so_and_keeps_what_was_typed(
    desk: Desk, page: Page, sign_in: SignIn, article: Any
) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open(f"?annotation={row.id}").chosen.get_by_label("Note").fill("Half a thought")
    kept = [cookie for cookie in page.context.cookies() if "csrf" in cookie["name"]]
    page.context.clear_cookies()
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    desk.chosen.get_by_role("button", name="Save note").click()
    expect(desk.chosen.get_by_role("alert")).to_contain_text("You are signed out")
    expect(desk.chosen.get_by_label("Note")).to_have_value("Half a thought")
    assert [found.note for found in saved(article)] == [""]


def test_a_source_that_was_not_sent_is_there_after_a_reload_but_not_after_it_was_given_up(
    desk: Desk, page: Page, article: Any
) -> None:
    row = factories.annotation(article, "twice a week")
    desk.open(f"?annotation={row.id}")
    page.keyboard.press("s")
    name = page.get_by_role("combobox", name="Source", exact=True)
    name.fill("The may")
    page.reload()
    desk.ready()
    page.keyboard.press("s")
    expect(name).to_have_value("The may")
    desk.dialog.get_by_role("link", name="Close").click()
    page.keyboard.press("s")
    expect(name).to_have_value("")


def test_undo_is_refused_when_something_moved_on(desk: Desk, page: Page, article: Any) -> None:
    desk.select("twice a week")
    desk.tag()
    [row] = saved(article)
    services.annotations.update(
        annotation_id=UUID(row.id), note="by program", by=factories.actor("ana", channel="api")
    )
    page.keyboard.press("u")
    expect(desk.cards.locator(".card-note")).to_have_count(0)
    page.keyboard.press("u")
    expect(desk.cards).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#desk-note")).to_contain_text("nothing of yours to undo")


def test_without_script_the_page_reads_and_its_forms_work(
    browser: Any, live_server: Any, sign_in: SignIn, article: Any
) -> None:
    row = factories.annotation(article, "twice a week")
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    sign_in(page, "ana")
    page.goto(f"/articles/{article.id}/")
    page.get_by_role("link", name="twice a week").click()
    page.get_by_role("button", name="Evidence", exact=True).click()
    page.get_by_role("textbox", name="Note").fill("By hand")
    page.get_by_role("button", name="Save note").click()
    page.get_by_role("link", name="Source", exact=True).click()
    page.get_by_role("combobox", name="Source", exact=True).fill("The mayor")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#cards .links")).to_contain_text("The mayor")
    [found] = saved(article)
    assert (found.id, found.tag, found.note) == (row.id, "evidence", "By hand")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("#cards > li")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#cards > li")).to_have_count(1)
    context.close()
