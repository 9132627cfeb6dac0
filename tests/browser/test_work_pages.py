"""What was decided on my work, the board, and the work on an article, in a real browser: accessible, and by keys."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser import accessible
from tests.factories import Desk, actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


def decide(thing: Any, decision: str, by: str = "rita", kind: str = "annotation", **kwargs: Any) -> Any:
    return services.reviews.create(
        thing=kind, thing_id=UUID(thing.id), decision=decision, by=actor(by), **kwargs
    ).row


def layer_of(article: Any, owner: str) -> queries.layers.LayerRow:
    row = queries.layers.of_person(actor("mona").user_id, article.id, owner)
    assert row is not None
    return row


def words(text: str, more: str) -> list[dict[str, int]]:
    start = text.index(more)
    return [{"start": start, "end": start + len(more)}]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """Some of everything that is decided on ana's work, and a second article that is shared out."""
    desk = factories.desk("demo")
    services.projects.update(project_id=desk.project.pk, name="Demo desk", by=actor("mona"))
    text = factories.TEXT
    decide(
        desk.claim,
        "change",
        reason="wrong_extent",
        note="“In May” is when, not what was said.",
        proposal={"spans": words(text, "the bridge was checked")},
    )
    decide(desk.denial, "ask", note="Who are the builders?")
    decide(
        desk.denies,
        "change",
        kind="relation",
        reason="inferred",
        proposal={"attributes": {"manner": "explicit"}},
    )
    decide(desk.said, "approve", kind="source_link")
    decide(desk.claim, "approve", by="ruben")
    services.proposed_annotations.create(
        layer_id=layer_of(desk.article, "ana").id,
        tag="evidence",
        spans=[(one["start"], one["end"]) for one in words(text, "A photograph shows a crack")],
        note="An image that is put forward.",
        by=actor("rita"),
    )
    second = factories.article(
        desk.project,
        title="Council puts off its vote on the bridge until the inspectors’ second report has been read",
        text="Council puts off its vote\nNobody said why.\n",
    )
    for owner in ("ana", "ben"):
        services.layers.assign(article_id=second.id, owner=owner, by=actor("mona"))
    services.reviewers.assign(article_id=second.id, reviewer="rita", by=actor("mona"))
    return desk


def check(page: Page, address: str) -> None:
    page.goto(address)
    assert accessible.faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{address} is {wide} px wider than the window"


@pytest.mark.parametrize(("width", "scheme"), accessible.LOOKS)
def test_the_pages_are_accessible_and_fit_in_a_picture(
    page: Page, sign_in: SignIn, shot: Shot, desk: Desk, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page, "ana")
    for address in ("/decided/", "/projects/demo/", f"/articles/{desk.article.id}/assignments/"):
        check(page, address)
    page.goto("/decided/?waits=1")
    shot(page, f"decided-{scheme}-{width}")
    page.goto(f"/articles/{desk.article.id}/")
    page.get_by_role("button", name="Submit…").click()
    expect(page.get_by_text("Nothing is locked")).to_be_visible()
    assert accessible.faults(page) == []
    sign_in(page, "ben")
    check(page, "/decided/")
    expect(page.get_by_text("Nothing is decided yet")).to_be_visible()
    sign_in(page, "mona")
    for address in (
        "/projects/demo/board/",
        "/projects/demo/board/?show=left",
        f"/articles/{desk.article.id}/assignments/",
        "/projects/demo/settings/review/",
        "/projects/demo/settings/members/",
    ):
        check(page, address)
    page.goto("/projects/demo/board/")
    shot(page, f"board-{scheme}-{width}")
    page.get_by_label("All articles of this page").check()
    page.get_by_label("Annotators for each article").fill("3")
    for name in ("ana", "ben", "ruben"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Show who gets what").click()
    expect(page.get_by_role("heading", name="Who gets what")).to_be_visible()
    assert accessible.faults(page) == []


def test_decisions_are_answered_by_keys(page: Page, sign_in: SignIn, desk: Desk) -> None:
    sign_in(page, "ana")
    page.goto("/projects/demo/")
    waiting = page.get_by_role("link", name="Decided 4")
    waiting.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/decided/\?waits=1"))
    items = page.locator("[data-item]")
    expect(items).to_have_count(4)

    # What was missed is newest: a takes it, and the next that waits has the focus by itself.
    items.first.focus()
    expect(items.first).to_contain_text("rita found this missing")
    page.keyboard.press("a")
    expect(items.nth(0)).to_contain_text("You took it into your layer")
    expect(items.nth(1)).to_be_focused()

    # j and k go through the list; the relation's change is refused with a word.
    expect(items.nth(1)).to_contain_text("explicit")
    page.keyboard.press("j")
    expect(items.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(items.nth(1).get_by_label("Why you refuse")).to_be_focused()
    page.keyboard.type("They deny fault, and so only by implication.")
    page.keyboard.press("Control+Enter")
    expect(items.nth(1)).to_contain_text("You refused")
    expect(items.nth(2)).to_be_focused()

    # The question is answered.
    page.keyboard.press("a")
    expect(items.nth(2)).to_contain_text("waits for you")  # there is nothing to take here
    page.keyboard.press("q")
    page.keyboard.type("Those who built the bridge.")
    page.keyboard.press("Control+Enter")
    expect(items.nth(2)).to_contain_text("You answered")
    expect(items.nth(3)).to_be_focused()

    # The extent is shown as a difference and taken by one key.
    expect(items.nth(3).locator("del")).to_have_text(" in May")
    page.keyboard.press("a")
    expect(items.nth(3)).to_contain_text("You took the change")
    expect(page.get_by_role("link", name="Decided")).to_have_count(1)
    expect(page.locator("#decided-count")).to_be_hidden()
    assert accessible.faults(page) == []
    row = queries.annotations.visible(actor("ana").user_id, desk.claim.id)
    assert row is not None
    assert row.pieces == ["the bridge was checked"]
    assert queries.decided.waiting(actor("ana").user_id) == 0


def test_single_keys_can_be_switched_off(page: Page, sign_in: SignIn, desk: Desk) -> None:
    sign_in(page, "ana")
    page.goto("/decided/?waits=1")
    page.evaluate("localStorage.setItem('fc:keys', JSON.stringify({ on: false, keys: {} }))")
    first = page.locator("[data-item]").first
    first.focus()
    page.keyboard.press("a")
    page.keyboard.press("j")
    expect(first).to_be_focused()
    expect(first).to_contain_text("waits for you")
    first.get_by_role("button", name="Take it into my layer").press("Enter")
    expect(page.locator("[data-item]").first).to_contain_text("You took it into your layer")


def test_what_is_not_taken_is_said_at_the_item_and_the_words_stay(
    page: Page, sign_in: SignIn, desk: Desk
) -> None:
    sign_in(page, "ana")
    page.goto("/decided/?waits=1")
    services.annotations.update(annotation_id=UUID(desk.claim.id), tag="evidence", by=actor("ana"))
    last = page.locator("[data-item]").last
    last.get_by_label("Why you refuse").fill("It belongs to it.")
    last.get_by_role("button", name="Refuse").click()
    expect(page.locator("[data-item]").last.get_by_role("alert")).to_contain_text("has moved on since")


def test_a_manager_spreads_and_an_annotator_submits_by_keyboard(
    page: Page, sign_in: SignIn, desk: Desk
) -> None:
    sign_in(page, "mona")
    page.goto("/projects/demo/board/")
    page.get_by_role("checkbox", name=re.compile("Choose The bridge")).press(" ")
    for name in ("ana", "ben"):
        page.get_by_label(name, exact=True).press(" ")
    page.get_by_role("button", name="Show who gets what").press("Enter")
    expect(page.get_by_role("row", name=re.compile("The bridge is closed ana ben"))).to_be_visible()
    page.get_by_role("button", name="Assign it so").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 piece of work is assigned.")

    sign_in(page, "ben")
    page.goto("/projects/demo/")
    expect(page.get_by_role("heading", name="Yours to do")).to_be_visible()
    page.get_by_role("link", name="The bridge is closed").first.press("Enter")
    page.get_by_role("button", name="Submit…").press("Enter")
    page.get_by_role("button", name="Submit my layer").press("Enter")
    expect(page.get_by_text("Reopen…")).to_be_visible()
    assert layer_of(desk.article, "ben").state == "submitted"


def test_all_of_it_works_without_script(browser: Browser, live_server: Any, desk: Desk) -> None:
    client = Client()
    client.force_login(factories.user("ana"))
    name, url = settings.SESSION_COOKIE_NAME, live_server.url
    context = browser.new_context(java_script_enabled=False, base_url=url)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    page = context.new_page()
    page.goto("/decided/?waits=1")
    page.get_by_role("button", name="Take the change").last.click()
    expect(page).to_have_url(re.compile(r"/decided/\?waits=1$"))
    expect(page.locator("[data-item]")).to_have_count(3)
    page.get_by_label("Your answer").fill("Those who built it.")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("[data-item]")).to_have_count(2)
    page.goto(f"/articles/{desk.article.id}/")
    page.get_by_role("button", name="Submit…").click()
    page.get_by_role("button", name="Submit my layer").click()
    expect(page.get_by_role("button", name="Reopen…")).to_be_visible()
    context.close()
