"""The claim map's page, picture and CSV: escaped, bounded, filtered, and closed where a layer is."""

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck.claims.gaps import GAPS
from factcheck.views import claim_pictures
from tests import factories
from tests.benchmarks import rows as bulk

pytestmark = pytest.mark.django_db

ODD = "=cmd() & <b>“bold”</b> ]]> \x07 was said\nThe builders denied it.\n"
SVG = "{http://www.w3.org/2000/svg}"


def signed_in(username: str = "ana") -> Client:
    client = Client()
    client.force_login(factories.user(username))
    return client


@pytest.fixture
def odd() -> Any:
    """An article whose words mean something to HTML, to XML and to a spreadsheet; its denial answers its claim."""
    project = factories.project()
    article = factories.article(project, title="Odd <i>", text=ODD)
    claim = factories.annotation(article, ODD.partition("\n")[0])
    denial = factories.annotation(article, "denied it", tag="denial")
    factories.relation(denial, claim, attributes={"manner": "implied"})
    factories.link(claim, factories.source(project, '<script>"Ann"'), role="speaker")
    return article


def test_what_stands_in_the_article_stays_words(odd: Any) -> None:
    page = signed_in().get(f"/articles/{odd.id}/map/").content.decode()
    assert "&lt;b&gt;“bold”&lt;/b&gt;" in page
    assert "<b>“bold”" not in page
    assert "<bdi>&lt;script&gt;&quot;Ann&quot;</bdi>" in page
    assert "style=" not in page


def test_the_picture_is_sound_and_can_do_nothing(odd: Any) -> None:
    answer = signed_in().get(f"/articles/{odd.id}/map.svg")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    root = ET.fromstring(answer.content)
    drawn = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "<b>“bold”</b>" in drawn
    assert "denied it" in drawn
    edges = [
        path.get("class")
        for path in root.iter(f"{SVG}path")
        if " C" in f" {path.get('d')}".replace("C", " C")
    ]
    assert edges == ["edge implied"]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "style", "rect", "path", "text",
    }  # fmt: skip
    assert not [element for element in root.iter() if element.get("style")]


def test_the_pictures_colours_are_the_pages() -> None:
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    for name, (light, dark) in claim_pictures.TOKENS.items():
        assert f"--{name}: light-dark({light}, {dark});" in css


def test_the_picture_of_many_claims_is_cut() -> None:
    project = factories.project()
    words = " ".join(f"claim{number:03d}" for number in range(70))
    article = factories.article(project, text=words)
    for number in range(70):
        factories.annotation(article, f"claim{number:03d}")
    root = ET.fromstring(signed_in().get(f"/articles/{article.id}/map.svg").content)
    assert len([rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "box"]) == 60
    assert "The first 60 rows" in signed_in().get(f"/articles/{article.id}/map/").content.decode()


def test_no_cell_of_the_csv_starts_a_formula(odd: Any) -> None:
    for address, asked in (
        (f"/articles/{odd.id}/map.csv", signed_in()),
        (f"/api/v1/articles/{odd.id}/map.csv/", signed_in("vic")),
    ):
        answer = asked.get(address)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        [row] = csv.DictReader(io.StringIO(answer.content.decode(), newline=""))
        assert row["exact"] == "'" + ODD.partition("\n")[0]
        assert (row["speakers"], row["times"], row["voices"]) == ('<script>"Ann"', "1", "1")
        assert (row["denials_exact"], row["denials_manner"]) == ("denied it", "implied")
        assert row["gaps"] == "one_source"


def test_a_gap_is_a_link_and_an_unknown_one_is_none(odd: Any) -> None:
    client, page = signed_in(), f"/articles/{odd.id}/map/"
    everything = client.get(page).content.decode()
    for gap in GAPS:
        assert f"gap={gap}" in everything
    assert "No claim has this gap" in client.get(f"{page}?gap=no_answer").content.decode()
    assert 'id="row-1"' in client.get(f"{page}?gap=one_source").content.decode()
    assert 'id="row-1"' in client.get(f"{page}?gap=never_was").content.decode()


def test_an_article_without_claims_says_what_to_do() -> None:
    article = factories.article(factories.project())
    for username in ("ana", "vic"):
        assert (
            "No claims here yet" in signed_in(username).get(f"/articles/{article.id}/map/").content.decode()
        )
    ET.fromstring(signed_in().get(f"/articles/{article.id}/map.svg").content)


@pytest.mark.parametrize("username", ["ben", "rita", "mona", "vic"])
def test_in_a_blind_project_a_colleagues_layer_is_404(username: str) -> None:
    desk, client = factories.desk(blind=True), signed_in(username)
    never = "00000000-0000-7000-8000-000000000000"
    for name in ("map/", "map.csv", "map.svg"):
        address = f"/articles/{desk.article.id}/{name}"
        hidden = client.get(f"{address}?layer={desk.claim.layer}")
        assert hidden.status_code == client.get(f"{address}?layer={never}").status_code == 404
        assert "checked in May" not in client.get(address).content.decode()
    hidden = client.get(f"/api/v1/articles/{desk.article.id}/map/?layer={desk.claim.layer}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_number_of_statements_does_not_grow() -> None:
    bulk.person.cache_clear()  # it kept accounts of a database that is gone
    text, counts = bulk.long_text(3000), []
    for number in (10, 2400):
        project = bulk.project(f"size-{number}")
        places = bulk.places(text, number, width=1, every=1)
        written = bulk.annotate(project, bulk.article(project, text), places)
        bulk.deny(project, written, 1)
        client, address = signed_in(), f"/articles/{written.article.id}/map"
        client.get(f"{address}/")  # the text is kept in memory from here on
        asked = [
            f"{address}/",
            f"{address}.csv",
            f"{address}.svg",
            f"/api/v1/articles/{written.article.id}/map/",
        ]
        counts.append([statements(client, at) for at in asked])
    assert counts[0] == counts[1]
