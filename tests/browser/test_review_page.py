"""The review page in a browser, by keys alone: decide, propose, tag what was missed; the next one comes by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from factcheck import queries, services
from factcheck.models import Annotation, Article, User
from factcheck.queries import reading
from factcheck.records import Actor
from tests import factories
from tests.browser.accessible import LOOKS, faults
from tests.browser.desk import Desk
from tests.browser.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
Shot = Callable[[Page, str], Path]


@pytest.fixture
def desk(transactional_db: None, page: Page, sign_in: SignIn) -> factories.Desk:
    made = factories.desk()
    sign_in(page, "rita")
    return made


@pytest.fixture
def demo(transactional_db: None, page: Page, sign_in: SignIn) -> None:
    call_command("seed_demo", verbosity=0)
    sign_in(page, "rita")


def opened(page: Page, query: str = "") -> Page:
    page.goto(f"/review/{query}")
    page.wait_for_selector("fc-review[data-ready]")
    return page


def shown(page: Page, at: str) -> None:
    """Wait until a thing is the one that is looked at."""
    expect(page.locator("#review")).to_have_attribute("data-at", at)


def key(thing: Any, kind: str = "annotation") -> str:
    return f"{kind}:{thing.id}"


def decided(by: str = "rita") -> list[tuple[str, str, str]]:
    """Return what somebody decided: decision, reason, note."""
    rows = queries.reviews.page(factories.actor("mona").user_id, reading.Cut(50), created_by=by)
    return [(row.decision, row.reason, row.note) for row in rows]


def test_a_queue_is_worked_off_by_keys(page: Page, desk: factories.Desk) -> None:
    """Each of the four decisions, a reason by its number, a note; the queue and the bar move along."""
    opened(page)
    keyboard = Keyboard(page)
    shown(page, key(desk.claim))
    expect(page.locator("#article-text mark.on")).to_have_text("the bridge was checked in May")
    keyboard.press("j")
    shown(page, key(desk.denial))
    keyboard.press("k")
    shown(page, key(desk.claim))

    keyboard.press("a")
    shown(page, key(desk.denial))
    expect(page.locator(".queue-said")).to_contain_text("Tag checked.")
    expect(page.locator(".queue h2")).to_have_text("Waiting for you: 3")
    expect(page.locator(".bar [data-waiting]")).to_have_text("3")
    keyboard.press("x")
    expect(page.locator(".act[value=reject]")).to_have_attribute("aria-pressed", "true")
    keyboard.press("4")
    shown(page, key(desk.denies, "relation"))
    keyboard.press("q")
    page.keyboard.type("Which fault is it that they deny?")
    keyboard.press("Control+Enter")
    shown(page, key(desk.said, "source_link"))
    keyboard.press("n")
    page.keyboard.type("The office spoke for him.")
    keyboard.press("Escape", "m", "m")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    assert decided() == [
        ("approve", "", ""),
        ("reject", "not_a_statement", ""),
        ("ask", "", "Which fault is it that they deny?"),
        ("change", "", "The office spoke for him."),
    ]


def test_a_decision_is_undone_by_deciding_anew(page: Page, desk: factories.Desk) -> None:
    opened(page)
    page.keyboard.press("a")
    shown(page, key(desk.denial))
    page.keyboard.press("u")
    shown(page, key(desk.claim))
    expect(page.locator(".decide")).to_contain_text("a new decision takes the place of the old one")
    expect(page.locator(".thing-state")).to_have_text("tag checked by rita")
    page.keyboard.press("x")
    page.keyboard.press("5")
    shown(page, key(desk.denial))
    assert decided() == [("approve", "", ""), ("reject", "duplicate", "")]


def test_the_tag_with_its_links_and_relations(page: Page, desk: factories.Desk) -> None:
    opened(page)
    page.keyboard.press("Shift+A")
    shown(page, key(desk.denial))
    assert decided() == [("approve", "", "")] * 2  # the claim and its link; the relation is its subject's
    page.keyboard.press("Shift+A")
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    assert len(decided()) == 4


def test_other_words_are_proposed_by_selecting_them(page: Page, desk: factories.Desk) -> None:
    """By arrows and Shift; the difference is shown before it is sent."""
    opened(page, f"?at={key(desk.claim)}")
    keyboard = Keyboard(page)
    text = queries.texts.of(desk.article.version_id).text
    start = text.index("was checked in May")
    keyboard.press("t")
    select(page, start, start + len("was checked in May"))
    expect(page.get_by_role("toolbar")).to_be_visible()
    keyboard.press("m")
    expect(page.locator("details.change [data-diff] del")).to_have_text("the bridge ")
    keyboard.press("1", "m")
    shown(page, key(desk.denial))
    [review] = queries.reviews.page(factories.actor("rita").user_id, reading.Cut(5))
    assert review.reason == "wrong_extent"
    assert queries.reviews.proposal(UUID(review.id))["spans"][0]["exact"] == "was checked in May"
    page.goto(f"/review/?at={key(desk.claim)}")
    expect(page.locator(".said del")).to_have_text("the bridge ")


def select(page: Page, start: int, end: int) -> None:
    """Select code points in the shown text by Shift and the arrows."""
    place = "document.querySelector('fc-review').words.caret.place"
    for _ in range(400):
        here = page.evaluate(place)
        if here == start:
            break
        page.keyboard.press("ArrowRight" if here < start else "ArrowLeft")
    for _ in range(400):
        if page.evaluate(place) >= end:
            return
        page.keyboard.press("Shift+ArrowRight")


def test_what_was_missed_is_proposed_with_a_tags_key(page: Page, desk: factories.Desk) -> None:
    opened(page)
    text = queries.texts.of(desk.article.version_id).text
    start = text.index("A photograph shows a crack")
    page.keyboard.press("t")
    select(page, start, start + len("A photograph shows a crack"))
    page.keyboard.press("e")
    expect(page.locator(".missed-list")).to_contain_text("A photograph shows a crack")
    expect(page.locator("#article-text mark.missed")).to_have_count(1)
    shown(page, key(desk.claim))
    [row] = queries.proposed_annotations.page(factories.actor("ana").user_id, reading.Cut(5))
    assert (row.tag, row.owner, row.created_by) == ("evidence", "ana", "rita")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".missed-list")).to_have_count(0)


def test_what_has_changed_meanwhile_is_said_and_the_note_stays(page: Page, desk: factories.Desk) -> None:
    opened(page, f"?at={key(desk.claim)}")
    services.annotations.update(annotation_id=UUID(desk.claim.id), by=factories.actor("ana"), tag="evidence")
    page.keyboard.press("n")
    page.keyboard.type("As it should be.")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text(
        "It was changed since you looked at it (version 1, now 2)"
    )
    expect(page.get_by_role("alert")).to_contain_text("Evidence: “the bridge was checked in May”")
    expect(page.get_by_label("Note", exact=False).first).to_have_value("As it should be.")
    assert decided() == []
    page.keyboard.press("a")
    shown(page, key(desk.denial))
    assert decided() == [("approve", "", "As it should be.")]


def test_no_decision_is_lost_with_the_connection(page: Page, desk: factories.Desk) -> None:
    opened(page)
    page.route("**/review/decide/", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("Not recorded: the server did not answer")
    page.unroute("**/review/decide/")
    page.keyboard.press("a")
    shown(page, key(desk.denial))
    assert decided() == [("approve", "", "")]


def test_keys_can_be_switched_off_and_changed(page: Page, desk: factories.Desk) -> None:
    opened(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_label("Approve").fill("y")
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    page.keyboard.press("y")
    shown(page, key(desk.denial))
    page.keyboard.press("?")
    dialog.get_by_label("Single keys act").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("y")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_label("Note", exact=False).first).to_be_focused()
    assert decided() == [("approve", "", "")]


def test_by_pointer_too(page: Page, desk: factories.Desk) -> None:
    opened(page)
    page.get_by_role("button", name="Reject").click()
    page.get_by_text("wrong tag").click()
    page.get_by_role("button", name="Reject").click()
    shown(page, key(desk.denial))
    page.locator(".queue-item", has_text="The mayor's office").click()
    shown(page, key(desk.said, "source_link"))
    page.get_by_text("What to change").click()
    page.get_by_role("radio", name="whom it concerns").check(force=True)
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".queue h2")).to_have_text("Waiting for you: 2")
    assert decided() == [("reject", "wrong_tag", ""), ("change", "", "")]


def test_own_work_has_no_keys(page: Page, desk: factories.Desk) -> None:
    mine = factories.annotation(desk.article, "twice a week", by="rita")
    opened(page, f"?at={key(mine)}")
    expect(page.locator(".decide")).to_contain_text("You cannot decide on your own work.")
    page.keyboard.press("a")
    page.keyboard.press("x")
    assert decided() == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pictures_of_reviewing_are_taken_and_accessible(
    page: Page, demo: None, shot: Shot, scheme: Any, width: int
) -> None:
    claim = split_in_the_demo()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(page, f"?at=annotation:{claim.pk}")
    page.keyboard.press("x")
    page.wait_for_load_state("networkidle")
    assert not faults(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert shot(page, f"review-{scheme}-{width}").stat().st_size > 5_000
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    assert not faults(page)


def split_in_the_demo() -> Annotation:
    """Have ruben and mona differ about a claim of the demo."""
    claim = Annotation.objects.filter(
        article__title__startswith="Iranian troops", tag__name="denial", created_by__username="ana"
    ).order_by("id")[0]
    for name, decision, reason in (("ruben", "approve", ""), ("mona", "reject", "wrong_extent")):
        person = User.objects.get(username=name)
        services.reviews.create(
            thing="annotation",
            thing_id=claim.pk,
            decision=decision,
            reason=reason,
            by=Actor(user_id=person.pk, username=name, channel="page"),
        )
    return claim


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [("arabic", "انقطاع المياه", "المياه انقطعت"), ("emoji", "Lantern", "has ever counted 👩‍👩‍👧‍👦🎉")],
)
def test_arabic_and_emoji_in_their_place_picture(
    page: Page, demo: None, shot: Shot, name: str, title: str, words: str
) -> None:
    """Words proposed in a text that runs the other way, and in one with emoji, are recorded as they were meant."""
    article = Article.objects.get(title__startswith=title)
    text = queries.texts.of(article.current_version_id).text
    annotation = annotated_beside(article, text.index(words))
    opened(page, f"?at=annotation:{annotation.pk}")
    assert not faults(page)
    expect(page.locator("#article-text")).to_have_attribute("dir", article.direction)
    Desk(page, article).select(words)
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("details.change [data-diff] > *")).not_to_have_count(0)
    assert shot(page, f"review-{name}").stat().st_size > 5_000
    page.keyboard.press("m")
    expect(page.locator(".queue-said")).to_contain_text("Change asked for.")
    [review] = queries.reviews.page(
        User.objects.get(username="rita").pk, reading.Cut(5), annotation=annotation.pk, created_by="rita"
    )
    assert queries.reviews.proposal(UUID(review.id))["spans"][0]["exact"] == words


def annotated_beside(article: Article, place: int) -> Annotation:
    """Return the annotation of a colleague that begins nearest to a place."""
    found = Annotation.objects.filter(article=article).exclude(created_by__username="rita")
    return min(found, key=lambda one: abs(one.extent[0].start - place))


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_waits(page: Page, desk: factories.Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, "?owner=ben")
    expect(page.get_by_role("heading", name="Nothing waits with these filters")).to_be_visible()
    assert not faults(page)
    for thing, kind in ((desk.claim, "annotation"), (desk.denies, "relation"), (desk.said, "source_link")):
        opened(page, f"?at={key(thing, kind)}")
        page.keyboard.press("m")
        expect(page.locator("details.change")).to_have_attribute("open", "")
        assert not faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
