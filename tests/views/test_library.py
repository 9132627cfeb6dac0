"""My projects and a project's library: what is in it, who marked it, and what nobody else may see."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import services
from factcheck.models import Project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


def signed_in(client: Client, username: str) -> Client:
    client.force_login(factories.user(username))
    return client


def titles(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'class="row-title"><a[^>]*>([^<]*)<', page)


def test_my_projects_are_listed_and_no_others(client: Client, project: Project) -> None:
    services.projects.create(slug="theirs", name="Theirs", by=factories.actor("eve"))
    assert titles(signed_in(client, "ana"), "/") == ["A desk"]


def test_who_is_in_no_project_is_told_what_to_do(client: Client) -> None:
    page = signed_in(client, "eve").get("/").content.decode()
    assert "You are not in a project yet" in page


def test_an_empty_library_says_how_to_begin_to_who_may(client: Client, project: Project) -> None:
    assert "/projects/demo/articles/new/" in signed_in(client, "ana").get("/projects/demo/").content.decode()
    page = signed_in(client, "vic").get("/projects/demo/").content.decode()
    assert "No articles yet" in page
    assert "/articles/new/" not in page


def test_articles_come_newest_first_with_what_is_known_of_them(client: Client, project: Project) -> None:
    factories.article(project, title="Older", text="Older one", publisher="The Post", published_at="2022-10")
    factories.article(project, title="رئيس", text="رئيس البلدية", language="ar")
    assert titles(signed_in(client, "vic"), "/projects/demo/") == ["رئيس", "Older"]
    page = client.get("/projects/demo/").content.decode()
    assert "The Post" in page
    assert "October 2022" in page
    assert 'lang="ar" dir="rtl"' in page


def test_counts_by_tag_and_who_marked(client: Client, project: Project) -> None:
    article = factories.article(project)
    factories.annotation(article, "checked in May")
    factories.annotation(article, "twice a week")
    gone = factories.annotation(article, "a crack", tag="evidence")
    services.annotations.withdraw(annotation_id=gone.id, by=factories.actor("ana"))
    factories.annotation(article, "denied any fault", tag="denial", by="ben")
    page = signed_in(client, "vic").get("/projects/demo/").content.decode()
    assert re.findall(r'class="tag t-\w+">(\w+ \d)<', page) == ["Claim 2", "Denial 1"]
    assert re.findall(r"</span>(ana|ben)</span>", page) == ["ana", "ben"]


def test_in_a_blind_project_only_my_own_work_is_counted(client: Client) -> None:
    blind = factories.project("blind", blind=True)
    article = factories.article(blind)
    factories.annotation(article, "checked in May", by="ana")
    factories.annotation(article, "denied any fault", tag="denial", by="ben")
    for username, expected in {
        "ana": ["Claim 1"],
        "ben": ["Denial 1"],
        "rita": [],
        "mona": [],
        "vic": [],
    }.items():
        page = signed_in(client, username).get("/projects/blind/").content.decode()
        assert re.findall(r'class="tag t-\w+">(\w+ \d)<', page) == expected
        assert re.findall(r"</span>(ana|ben)</span>", page) == ([username] if expected else [])


def test_titles_are_searched_with_wildcards_taken_as_they_stand(client: Client, project: Project) -> None:
    for title in ("100% sure", "100 times sure", "Something else"):
        factories.article(project, title=title, text=title)
    signed_in(client, "ana")
    assert titles(client, "/projects/demo/?q=100%25+SURE") == ["100% sure"]
    assert "No title has these words" in client.get("/projects/demo/?q=zeppelin").content.decode()


def test_pages_are_cut_by_id_and_lead_both_ways(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.views.projects.PER_PAGE", 2)
    for number in range(5):
        factories.article(project, title=f"Number {number}", text=f"Number {number}")
    signed_in(client, "ana")
    seen, address = [], "/projects/demo/?q=Number"
    for expected in (["Number 4", "Number 3"], ["Number 2", "Number 1"], ["Number 0"]):
        page = client.get(address).content.decode()
        assert titles(client, address) == expected
        seen.append(address)
        older = re.search(r'rel="next" href="([^"]*)"', page)
        address = "/projects/demo/" + older.group(1).replace("&amp;", "&") if older else ""
    assert address == ""
    newer = re.search(r'rel="prev" href="([^"]*)"', client.get(seen[2]).content.decode())
    assert newer
    assert titles(client, "/projects/demo/" + newer.group(1).replace("&amp;", "&")) == [
        "Number 2",
        "Number 1",
    ]
    first = client.get("/projects/demo/").content.decode()
    assert 'rel="prev"' not in first


@pytest.mark.parametrize(
    "asked", ["q=%00", "q=%ED%A0%80", "before=x", "after=99999999999999999999", "q=" + "x" * 5000]
)
@pytest.mark.parametrize(
    "place", ["/projects/demo/", "/projects/demo/sources/", "/projects/demo/sources/suggest/", "/"]
)
def test_nonsense_in_the_address_is_no_error(
    client: Client, project: Project, place: str, asked: str
) -> None:
    assert signed_in(client, "ana").get(f"{place}?{asked}").status_code == 200


def test_the_number_of_reads_does_not_grow_with_the_articles(client: Client, project: Project) -> None:
    signed_in(client, "ana")

    def reads() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/projects/demo/")
        return len(captured)

    factories.annotation(factories.article(project), "checked in May")
    few = reads()
    for number in range(12):
        article = factories.article(project, title=f"Number {number}")
        factories.annotation(article, "checked in May", by="ben")
    assert reads() == few
