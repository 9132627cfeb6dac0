"""The pages around the article in a real browser: accessible, usable on a phone, and by keyboard alone."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from factcheck import queries, services
from tests import factories
from tests.browser.accessible import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]

ARABIC = "رئيس البلدية ينفي إغلاق الجسر\nقال رئيس البلدية إن الجسر مفتوح.\n"


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    """A library with some of everything: several languages, marks by two, a source with every kind of link."""
    desk = factories.desk("demo")
    services.projects.update(project_id=desk.project.pk, name="Demo desk", by=factories.actor("mona"))
    factories.annotation(desk.article, "A photograph shows a crack", tag="evidence", by="ben")
    report = factories.source(
        desk.project, "Inspection report 14/2022", kind="document", aliases=["the report"]
    )
    factories.link(
        desk.claim,
        report,
        role="document",
        stance="refutes",
        url="https://records.example.org/inspections/2022/14.pdf",
        quote="No inspection took place between March and July.",
        locator="page 3",
        accessed_at="2022-11-02",
    )
    kirby = factories.source(
        desk.project, "John Kirby", aliases=["Kirby"], description="Spokesman of the council"
    )
    factories.link(desk.claim, kirby, on_behalf_of=desk.mayor.id, as_named="a spokesman")
    factories.article(desk.project, title=ARABIC.splitlines()[0], text=ARABIC, publisher="صحيفة المدينة")
    factories.article(
        desk.project,
        title="Council puts off its vote on the bridge until the inspectors’ second report has been read",
        text="Council puts off its vote\nNobody said why.\n",
        publisher="The Evening Post",
        published_at="2022-10-21",
    )
    return desk


def pages(desk: factories.Desk) -> list[str]:
    slug = desk.project.slug
    return [
        "/",
        f"/projects/{slug}/",
        f"/projects/{slug}/?q=zeppelin",
        f"/projects/{slug}/articles/new/",
        f"/articles/{desk.article.id}/edit/",
        f"/projects/{slug}/sources/",
        f"/sources/{desk.mayor.id}/",
        f"/sources/{source_like(desk, 'Inspection')}/",
        f"/sources/{desk.mayor.id}/edit/",
        "/profile/",
        "/profile/password/",
        "/projects/never-was/",
    ]


def source_like(desk: factories.Desk, name: str) -> UUID:
    return queries.sources.suggest(factories.user("ana").pk, desk.project.pk, name)[0].id


def check_accessible(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def check_fits(page: Page) -> None:
    """Nothing is wider than the window: a phone scrolls one way only (WCAG 1.4.10)."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_and_fit(
    page: Page, sign_in: SignIn, desk: factories.Desk, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/sign-in/")
    check_accessible(page)
    page.goto("/enter/never-was-one/")
    check_accessible(page)
    sign_in(page, "ana")
    for address in pages(desk):
        page.goto(address)
        check_accessible(page)
        check_fits(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_answers_are_accessible_and_keep_what_was_typed(
    page: Page, sign_in: SignIn, desk: factories.Desk, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    sign_in(page, "ana")

    page.goto("/projects/demo/articles/new/")
    page.get_by_label("Text", exact=True).fill("The bridge is closed\nNobody said why.\n")
    page.get_by_label("Address").fill("ftp://post.example/1")
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Text", exact=True)).to_have_value("The bridge is closed\nNobody said why.\n")
    check_accessible(page)
    check_fits(page)
    page.get_by_role("alert").get_by_role("link", name="Address").click()
    expect(page.get_by_label("Address")).to_be_focused()

    page.goto(f"/sources/{desk.mayor.id}/edit/")
    services.sources.update(source_id=desk.mayor.id, by=factories.actor("ben"), aliases=["City Hall"])
    page.get_by_label("Name").fill("The mayor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed this")
    expect(page.get_by_role("alert")).to_contain_text("City Hall")
    expect(page.get_by_label("Name")).to_have_value("The mayor")
    check_accessible(page)
    check_fits(page)

    page.goto("/profile/")
    page.get_by_label("Name").fill("pandas at the desk")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("#token-secret")).to_contain_text("fc_")
    check_accessible(page)
    check_fits(page)


def test_the_shell_works_by_keyboard(page: Page, sign_in: SignIn, desk: factories.Desk) -> None:
    sign_in(page, "ana")
    page.goto("/projects/demo/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    assert skip.evaluate("link => link.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("button", name="ana: account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Profile and tokens")).to_be_visible()
    check_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Profile and tokens")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_what_has_the_focus_can_be_seen(page: Page, sign_in: SignIn, desk: factories.Desk) -> None:
    sign_in(page, "ana")
    for address in (
        "/projects/demo/",
        "/projects/demo/sources/",
        "/projects/demo/articles/new/",
        "/profile/",
    ):
        page.goto(address)
        for _step in range(14):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
            )
            assert seen, page.evaluate("document.activeElement.outerHTML")


def test_pages_print_without_controls(page: Page, sign_in: SignIn, desk: factories.Desk) -> None:
    sign_in(page, "ana")
    page.goto(f"/sources/{source_like(desk, 'Inspection')}/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_text("the bridge was checked in May")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_pages_work_without_script(browser: Browser, live_server: object, desk: factories.Desk) -> None:
    client = Client()
    client.force_login(factories.user("ana"))
    name = settings.SESSION_COOKIE_NAME
    url = live_server.url  # type: ignore[attr-defined]
    context = browser.new_context(java_script_enabled=False, base_url=url)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    page = context.new_page()
    page.goto("/projects/demo/")
    page.get_by_role("link", name="Load an article").click()
    page.get_by_label("Text", exact=True).fill("A plain form post\nNothing more is needed.\n")
    page.get_by_role("button", name="Load it").click()
    expect(page.locator("#article-text")).to_contain_text("Nothing more is needed.")
    page.get_by_role("button", name="ana: account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    context.close()
