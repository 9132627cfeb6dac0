"""Talk in a real browser: by keys and by pointer, in the card and in the list of what is for one; accessible."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from factcheck import services
from factcheck.models import Comment
from tests import factories
from tests.browser.accessible import LOOKS, faults
from tests.browser.desk import Desk
from tests.browser.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    desk = factories.desk("demo")
    services.projects.update(project_id=desk.project.pk, name="Demo desk", by=factories.actor("mona"))
    return desk


def test_a_thread_is_begun_answered_and_resolved_by_keys(
    page: Page, sign_in: SignIn, desk: factories.Desk
) -> None:
    sign_in(page, "ben")
    here = Desk(page, desk.article).open(f"?annotation={desk.claim.id}")
    keyboard = Keyboard(page)
    page.locator("#article-text").focus()
    keyboard.press("t")
    field = here.chosen.get_by_label("Say something about it")
    expect(field).to_be_focused()  # the talk is asked for, and the words can be typed at once
    page.keyboard.type("Is that all he said?")
    mention = here.chosen.get_by_label("Mention")
    keyboard.tab_to(mention)
    page.keyboard.type("rita")
    keyboard.tab_to(here.chosen.get_by_role("button", name="Start the thread"))
    keyboard.press("Enter")
    thread = here.chosen.get_by_role("region", name="Thread of ben")
    expect(thread.locator(".comment-body")).to_have_text("@rita Is that all he said?")
    expect(thread.locator(".mention")).to_have_text("@rita")
    expect(here.chosen.locator(".card-talk")).to_have_text("1")
    reply = thread.get_by_label("Reply in the thread of ben")
    keyboard.tab_to(reply, "Shift+Tab")
    page.keyboard.type("One more thing.")
    keyboard.tab_to(thread.get_by_role("button", name="Reply"))
    keyboard.press("Enter")
    expect(thread.locator(".comment-body")).to_have_text(["@rita Is that all he said?", "One more thing."])
    expect(reply).to_have_value("")
    assert faults(page) == []
    keyboard.tab_to(thread.get_by_role("button", name="Resolve"))
    keyboard.press("Enter")
    expect(here.chosen.get_by_text("1 resolved thread")).to_be_visible()
    expect(here.chosen.locator(".card-talk")).to_have_count(0)
    assert Comment.objects.count() == 2


def test_what_is_typed_survives_a_reload_and_a_refusal(
    page: Page, sign_in: SignIn, desk: factories.Desk
) -> None:
    factories.thread(desk.claim, "Well?", by="ben")
    sign_in(page, "ana")
    here = Desk(page, desk.article).open(f"?annotation={desk.claim.id}&talk=1")
    field = here.chosen.get_by_label("Reply in the thread of ben")
    field.fill("Half a thought")
    page.reload()
    here.ready()
    expect(field).to_have_value("Half a thought")
    here.chosen.get_by_label("Mention").first.fill("nobody")
    here.chosen.get_by_role("button", name="Reply").click()
    expect(page.locator("#notices")).to_contain_text("There is no other member nobody")
    expect(field).to_have_value("Half a thought")
    here.chosen.get_by_label("Mention").first.fill("ben")
    here.chosen.get_by_role("button", name="Reply").click()
    expect(here.chosen.locator(".comment-body").last).to_have_text("@ben Half a thought")
    expect(field).to_have_value("")


def test_one_withdraws_a_comment_and_takes_that_back(
    page: Page, sign_in: SignIn, desk: factories.Desk
) -> None:
    thread = factories.thread(desk.claim, "Well?", by="ben")
    factories.comment(thread, "Never mind", by="ana")
    sign_in(page, "ana")
    here = Desk(page, desk.article).open(f"?annotation={desk.claim.id}&talk=1")
    here.chosen.get_by_role("button", name="Withdraw your comment").click()
    expect(here.chosen.get_by_text("You withdrew a comment.")).to_be_visible()
    here.chosen.get_by_role("button", name="Bring it back").click()
    expect(here.chosen.locator(".comment-body")).to_have_text(["Well?", "Never mind"])


def test_what_is_for_me_leads_to_its_place_by_keys(page: Page, sign_in: SignIn, desk: factories.Desk) -> None:
    factories.thread(desk.denial, "Look at this, @ana", by="rita")
    sign_in(page, "ana")
    page.goto("/")
    keyboard = Keyboard(page)
    bar = page.get_by_role("link", name="For you 1 new")
    keyboard.tab_to(bar)
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="For you")).to_be_visible()
    expect(page.locator(".notice-row")).to_contain_text("rita mentions you")
    assert faults(page) == []
    keyboard.tab_to(page.get_by_role("button", name="Go there to what rita said"))
    keyboard.press("Enter")
    here = Desk(page, desk.article).ready()
    expect(here.chosen).to_have_attribute("id", f"annotation-card-{desk.denial.id}")
    expect(here.chosen.get_by_role("region", name="Thread of rita")).to_be_in_viewport()
    expect(page.get_by_role("link", name="For you", exact=True)).to_be_visible()  # nothing new is left


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_of_talk_are_accessible_and_fit_in_a_picture(
    page: Page, sign_in: SignIn, desk: factories.Desk, shot: Shot, width: int, scheme: str
) -> None:
    thread = factories.thread(
        desk.claim, "Is that all he said? The transcript has more: https://example.org/t", by="ben"
    )
    factories.comment(thread, "I left it out on purpose, @ben: it repeats the first.", by="ana")
    factories.thread(desk.denies, "Does it really deny that?", by="rita")
    factories.thread(desk.article, "The headline was changed, @ana.", by="mona")
    sign_in(page, "ana")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name, address in {
        "for-you": "/talk/",
        "talk": f"/articles/{desk.article.id}/talk/",
        "talk-of-relation": f"/relations/{desk.denies.id}/talk/",
        "talk-in-card": f"/articles/{desk.article.id}/?annotation={desk.claim.id}&talk=1",
    }.items():
        page.goto(address)
        if name == "talk-in-card":
            Desk(page, desk.article).ready()
            page.locator("section.talk").scroll_into_view_if_needed()
        assert faults(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, name
        if name in ("for-you", "talk-in-card"):
            shot(page, f"{name}-{scheme}-{width}")


def test_talk_works_without_script(
    browser: Browser, live_server: object, sign_in: SignIn, desk: factories.Desk
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    sign_in(page, "ben")
    page.goto(f"/articles/{desk.article.id}/?annotation={desk.claim.id}")
    page.locator(".card.on").get_by_role("link", name="Talk").click()
    page.get_by_label("Say something about it").fill("Well?")
    page.get_by_role("button", name="Start the thread").click()
    thread = page.get_by_role("region", name="Thread of ben")
    expect(thread).to_contain_text("Well?")
    thread.get_by_label("Reply in the thread of ben").fill(" ")
    thread.get_by_role("button", name="Reply").click()
    expect(page.get_by_role("alert")).to_contain_text("must not be empty")
    page.get_by_label("Comment").fill("And?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".card.on .comment-body")).to_have_text(["Well?", "And?"])
    context.close()
