"""The article's page as the server draws it: its words are the canonical text, its queries do not grow."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from tests import factories

pytestmark = pytest.mark.django_db


class Words(HTMLParser):
    """The text content of the element with the id article-text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.text: list[str] = []
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth or dict(attrs).get("id") == "article-text":
            if not self.depth:
                self.attributes = dict(attrs)
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text.append(data)


def words_of(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def signed_in(username: str = "ana") -> Client:
    client = Client()
    client.force_login(factories.user(username))
    return client


TEXTS = [
    factories.TEXT,
    "One line",
    "\n\nEmpty lines first,  two  spaces\tand a tab\n\n\n",
    "5 < 6 & 7 > 2 \"quoted\" 'single' &amp; <script>alert(1)</script>\nNext",
    "مرحبا بالعالم\nقال الوزير 👨‍👩‍👧‍👦 إن ذلك غير صحيح\n",
    "a\u2028b\u0085c\u000cd\ue000e\ufffef\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_on_the_page_are_the_canonical_text(text: str) -> None:
    project = factories.project()
    article = factories.article(project, title="T", text=text)
    length = len(text)
    services.annotations.create(
        article_id=article.id, tag="claim", spans=[(0, length)], by=factories.actor("ana")
    )
    services.annotations.create(
        article_id=article.id, tag="denial", spans=[(length // 3, length // 2 + 1)], by=factories.actor("ben")
    )
    words = words_of(signed_in().get(f"/articles/{article.id}/").content.decode())
    assert "".join(words.text) == text
    assert words.attributes["data-version"] == str(article.version_id)


def test_each_run_names_its_annotations_and_nothing_nests() -> None:
    desk = factories.desk()
    factories.annotation(desk.article, "bridge was checked in May, “twice", tag="evidence", by="ben")
    html = signed_in().get(f"/articles/{desk.article.id}/").content.decode()
    block = re.search(r'<p id="b-1".*?</p>', html, re.S)
    assert block is not None
    runs = re.findall(r'<mark data-ids="([\d ]+)" class="([^"]+)"[^>]*>([^<]*)</mark>', block[0])
    assert [(ids, words) for ids, _classes, words in runs] == [
        ("1", "the "),
        ("1 2", "bridge was checked in May"),
        ("2", ", “twice"),
    ]
    assert runs[1][1].split()[1:] == ["l0-claim", "l1-evidence", "e"] or "l0-claim" in runs[1][1]
    assert html.count("<mark") == html.count("</mark>")
    assert f'id="annotation-card-{desk.claim.id}" data-n="1"' in html


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def many(article: Any, count: int) -> None:
    text = queries.texts.of(article.version_id).text
    words = [match.span() for match in re.finditer(r"\w+ \w+", text)]
    for number in range(count):
        start, end = words[number % len(words)]
        services.annotations.create(
            article_id=article.id,
            tag="claim",
            spans=[(start, end)],
            by=factories.actor("ana"),
            note=str(number),
        )


def test_the_page_asks_as_much_for_ten_annotations_as_for_a_hundred() -> None:
    project = factories.project()
    few, lots = factories.article(project), factories.article(project, title="Other")
    many(few, 10)
    many(lots, 100)
    client = signed_in()
    assert queries_of(client, f"/articles/{few.id}/") == queries_of(client, f"/articles/{lots.id}/") <= 16


def test_the_chosen_annotation_comes_with_its_controls_without_script() -> None:
    desk = factories.desk()
    html = signed_in().get(f"/articles/{desk.article.id}/?annotation={desk.claim.id}").content.decode()
    assert f'action="/annotations/{desk.claim.id}/withdraw/"' in html
    assert "denied by" in html
    assert "by implication" in html


def test_a_colleague_reads_the_annotation_and_is_told_why_it_cannot_be_changed() -> None:
    desk = factories.desk()
    for username in ("ben", "rita", "vic"):
        html = (
            signed_in(username)
            .get(f"/articles/{desk.article.id}/?annotation={desk.claim.id}")
            .content.decode()
        )
        assert "the bridge was checked in May" in html
        assert f'action="/annotations/{desk.claim.id}/withdraw/"' not in html
        assert "Read only" in html


def test_a_filter_in_the_address_leaves_only_what_fits() -> None:
    desk = factories.desk()
    html = signed_in().get(f"/articles/{desk.article.id}/?tag=denial").content.decode()
    assert html.count("<mark") == 1
    assert re.search(rf'id="annotation-card-{desk.claim.id}"[^>]* hidden>', html)
    html = signed_in().get(f"/articles/{desk.article.id}/?source={desk.mayor.id}").content.decode()
    assert html.count("<mark") == 1


def test_another_ones_blind_layer_is_not_on_the_page() -> None:
    desk = factories.desk(blind=True)
    html = signed_in("ben").get(f"/articles/{desk.article.id}/").content.decode()
    assert "<mark" not in html
    assert desk.claim.id not in html
