"""The sources' list, finding one while typing, each one's page, and editing."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import services
from factcheck.models import Project
from factcheck.queries.sources import Row
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


@pytest.fixture
def ana(client: Client, project: Project) -> Client:
    client.force_login(factories.user("ana"))
    return client


def names(client: Client, address: str) -> list[str]:
    return re.findall(r'class="row-title"><a[^>]*>([^<]*)<', client.get(address).content.decode())


def offered(client: Client, q: str, role: str = "speaker") -> list[str]:
    page = client.get("/projects/demo/sources/suggest/", {"q": q, "role": role}).content.decode()
    return re.findall(r'data-name="([^"]*)"', page)


def test_sources_are_listed_by_name(ana: Client, project: Project) -> None:
    for name in ("zoo keeper", "Anna Ash", "Bo Birch"):
        factories.source(project, name)
    assert names(ana, "/projects/demo/sources/") == [
        "Anna Ash",
        "Bo Birch",
        "Nobody named",
        "The article itself",
        "zoo keeper",
    ]
    assert names(ana, "/projects/demo/sources/?kind=person") == ["Anna Ash", "Bo Birch", "zoo keeper"]


def test_a_source_is_found_by_any_of_its_names_and_by_nearly_its_name(ana: Client, project: Project) -> None:
    factories.source(project, "United States", aliases=["US", "Washington"])
    factories.source(project, "Володимир Зеленський")
    assert names(ana, "/projects/demo/sources/?q=washingtn") == ["United States"]
    assert names(ana, "/projects/demo/sources/?q=зеленський") == ["Володимир Зеленський"]
    assert "No source by that name" in ana.get("/projects/demo/sources/?q=zeppelin").content.decode()


def test_pages_of_the_list_lead_both_ways(
    ana: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.views.sources.PER_PAGE", 2)
    for name in ("Same", "Same", "Same", "Anna"):
        factories.source(project, name)
    seen, address, addresses = [], "/projects/demo/sources/?kind=person", []
    while address and len(addresses) < 9:
        addresses.append(address)
        seen += names(ana, address)
        link = re.search(r'rel="next" href="([^"]*)"', ana.get(address).content.decode())
        address = "/projects/demo/sources/" + link.group(1).replace("&amp;", "&") if link else ""
    assert seen == ["Anna", "Same", "Same", "Same"]
    back = re.search(r'rel="prev" href="([^"]*)"', ana.get(addresses[1]).content.decode())
    assert back
    assert names(ana, "/projects/demo/sources/" + back.group(1).replace("&amp;", "&")) == ["Anna", "Same"]


def test_a_place_in_another_projects_list_tells_nothing(ana: Client, project: Project) -> None:
    other = services.projects.create(slug="other", name="Other", by=factories.actor("eve"))
    theirs = factories.source(other, "Middle", by="eve")
    assert names(ana, f"/projects/demo/sources/?after={theirs.id}") == []


def test_exact_names_and_aliases_come_first_then_near_ones_then_making_one(
    ana: Client, project: Project
) -> None:
    factories.source(project, "John Kirby", aliases=["Kirby"])
    factories.source(project, "Kirby Smith")
    assert offered(ana, "kirby") == ["John Kirby", "Kirby Smith"]
    assert offered(ana, "Jon Kirby") == ["John Kirby", "Kirby Smith", "Jon Kirby"]
    assert offered(ana, "Somebody Else") == ["Somebody Else"]
    page = ana.get("/projects/demo/sources/suggest/?q=kirby").content.decode()
    assert "also Kirby" in page
    assert page.count('role="option"') == page.count('id="source-option-') == 2


def test_the_standing_sources_are_no_documents(ana: Client) -> None:
    assert "The article itself" in offered(ana, "")
    assert "The article itself" not in offered(ana, "", role="document")


def test_what_is_typed_is_escaped(ana: Client) -> None:
    page = ana.get("/projects/demo/sources/suggest/", {"q": '"><script>x'}).content.decode()
    assert "<script>" not in page
    assert 'data-name="&quot;&gt;&lt;script&gt;x"' in page


def test_a_viewer_is_not_offered_to_make_one(client: Client, project: Project) -> None:
    client.force_login(factories.user("vic"))
    assert offered(client, "Somebody New") == []


def test_a_sources_page_lists_what_is_attributed_to_it_by_role(ana: Client, project: Project) -> None:
    article = factories.article(project)
    claim = factories.annotation(article, "checked in May")
    denial = factories.annotation(article, "denied any fault", tag="denial", by="ben")
    council = factories.source(project, "The council", kind="organisation", url="https://council.example/")
    mayor = factories.source(project, "The mayor")
    factories.link(claim, mayor, on_behalf_of=council.id, as_named="the mayor of the town")
    factories.link(denial, council, role="concerns", by="ben")
    page = ana.get(f"/sources/{council.id}/").content.decode()
    assert re.findall(r'<h2 id="role-(\w+)"', page) == ["behalf", "concerns"]
    assert "checked in May" in page
    assert "denied any fault" in page
    assert f"/articles/{article.id}/?annotation={claim.id}" in page
    assert 'href="https://council.example/" rel="noopener noreferrer nofollow"' in page
    theirs = ana.get(f"/sources/{mayor.id}/").content.decode()
    assert "on behalf of" in theirs
    assert "named “the mayor of the town”" in theirs


def test_a_document_link_shows_what_it_shows(ana: Client) -> None:
    desk = factories.desk("other-desk")
    report = factories.source(desk.project, "Report", kind="document")
    factories.link(
        desk.claim,
        report,
        role="document",
        stance="refutes",
        url="https://records.example/14.pdf",
        quote="No inspection took place.",
        locator="page 3",
        accessed_at="2022-11",
    )
    page = ana.get(f"/sources/{report.id}/").content.decode()
    for words in ("Refutes it", "No inspection took place.", "page 3", "seen November 2022"):
        assert words in page
    fragment = "#:~:text=No%20inspection%20took%20place."
    assert f'href="https://records.example/14.pdf{fragment}" rel="noopener noreferrer nofollow"' in page


def test_what_was_withdrawn_is_no_longer_attributed(ana: Client) -> None:
    desk = factories.desk("other-desk")
    services.annotations.withdraw(annotation_id=desk.claim.id, by=factories.actor("ana"))
    page = ana.get(f"/sources/{desk.mayor.id}/").content.decode()
    assert "Nothing is attributed to it yet" in page


def test_in_a_blind_project_a_source_shows_no_other_layer(client: Client) -> None:
    blind = factories.project("blind", blind=True)
    article = factories.article(blind)
    council = factories.source(blind, "The council", by="mona")
    factories.link(factories.annotation(article, "checked in May", by="ben"), council, by="ben")
    for username, sees in {"ben": True, "ana": False, "rita": False, "mona": False}.items():
        client.force_login(factories.user(username))
        assert ("checked in May" in client.get(f"/sources/{council.id}/").content.decode()) is sees
        listed = client.get("/projects/blind/sources/").content.decode()
        assert ("linked once" in listed) is sees


def test_in_a_blind_project_a_source_of_a_colleague_is_not_there(client: Client) -> None:
    blind = factories.project("blind", blind=True)
    hidden = factories.source(blind, "Whistleblower", by="ben")
    client.force_login(factories.user("ana"))
    assert client.get(f"/sources/{hidden.id}/").status_code == 404
    assert client.get(f"/sources/{hidden.id}/edit/").status_code == 404
    assert names(client, "/projects/blind/sources/?q=whistle") == []
    page = client.get("/projects/blind/sources/suggest/?q=whistleblower").content.decode()
    assert str(hidden.id) not in page


def test_many_links_are_shown_in_pages_with_the_same_number_of_reads(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.views.sources.PER_ROLE", 2)
    monkeypatch.setattr("factcheck.views.sources.PER_PAGE", 3)
    desk = factories.desk("other-desk")
    address = f"/sources/{desk.mayor.id}/"

    def reads() -> int:
        with CaptureQueriesContext(connection) as captured:
            ana.get(address)
        return len(captured)

    few = reads()
    for words in ("twice a week", "a crack", "in May", "The builders"):
        factories.link(factories.annotation(desk.article, words), desk.mayor)
    assert reads() == few
    page = ana.get(address).content.decode()
    assert page.count('class="said"') == 2
    assert "All 5" in page
    first = ana.get(f"{address}?role=speaker").content.decode()
    assert first.count('class="said"') == 3
    following = re.search(r'rel="next" href="([^"]*)"', first)
    assert following
    rest = ana.get(address + following.group(1).replace("&amp;", "&")).content.decode()
    assert rest.count('class="said"') == 2


def record(source: Row, **changed: object) -> dict[str, object]:
    return {"name": source.name, "kind": source.kind, "revision": source.revision, **changed}


def test_a_source_is_edited(ana: Client, project: Project) -> None:
    source = factories.source(project, "US")
    changed = record(
        source, name="United States", kind="organisation", aliases="US\r\n\r\n Washington \r\nUS"
    )
    assert ana.post(f"/sources/{source.id}/edit/", changed).headers["Location"] == f"/sources/{source.id}/"
    page = ana.get(f"/sources/{source.id}/").content.decode()
    assert "United States" in page
    assert "US, Washington" in page


def test_a_stale_form_gets_both_states(ana: Client, project: Project) -> None:
    source = factories.source(project, "US")
    services.sources.update(source_id=source.id, by=factories.actor("ben"), name="USA", aliases=["U.S."])
    mine = record(source, name="United States")
    response = ana.post(f"/sources/{source.id}/edit/", mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert re.findall(r'<td dir="auto">([^<]*)</td>', page)[:2] == ["USA", "United States"]
    assert "U.S." in page
    assert 'value="United States"' in page
    assert "USA" in ana.get(f"/sources/{source.id}/").content.decode()
    knowingly = mine | {"revision": response.context["form"]["revision"].value()}
    assert ana.post(f"/sources/{source.id}/edit/", knowingly).status_code == 303


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "n" * 501}, "name"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "own_voice"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"aliases": "n" * 501}, "aliases"),
        ({"aliases": "\n".join(map(str, range(101)))}, "aliases"),
        ({"description": "d" * 20_001}, "description"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    ana: Client, project: Project, changed: dict[str, str], field: str
) -> None:
    source = factories.source(project, "US")
    response = ana.post(f"/sources/{source.id}/edit/", record(source, **changed))
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_the_kind_of_a_standing_source_is_not_asked(ana: Client, project: Project) -> None:
    page = ana.get("/projects/demo/sources/?kind=unnamed").content.decode()
    address = re.search(r'href="(/sources/[^"]*)"', page)
    assert address
    assert 'name="kind"' not in ana.get(f"{address.group(1)}edit/").content.decode()


def test_a_withdrawn_source_is_gone(ana: Client, project: Project) -> None:
    source = factories.source(project, "Mistyped")
    services.sources.withdraw(source_id=source.id, by=factories.actor("ana"))
    assert ana.get(f"/sources/{source.id}/").status_code == 410
    assert names(ana, "/projects/demo/sources/?q=mistyped") == []
