"""The browsable page of the API: it draws itself under the strict content policy, and requests can be tried."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_shows_the_document_and_tries_a_request(
    page: Page, sign_in: SignIn, transactional_db: None
) -> None:
    factories.desk("demo")
    page.set_default_timeout(30_000)  # Swagger UI is large, and machines are busy
    sign_in(page, "ana")
    page.goto("/api/v1/docs/")
    expect(page.get_by_role("heading", name="Factcheck")).to_be_visible(timeout=30_000)
    listed = page.locator("#operations-projects-projects_list")
    listed.get_by_role("button").first.click()
    listed.get_by_role("button", name="Try it out").click()
    listed.get_by_role("button", name="Execute").click()
    expect(listed.locator(".live-responses-table .response").first).to_contain_text(
        '"slug": "demo"', timeout=30_000
    )
