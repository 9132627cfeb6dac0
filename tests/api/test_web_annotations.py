"""Annotations by content negotiation, and an article's container of the W3C Web Annotation Protocol, for reading."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import services
from tests import factories
from tests.api.client import Api, problem
from tests.exports.musts import broken_musts
from tests.interchange.desk import full_desk

LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
ROOT = "http://testserver/api/v1/"


def prefer(*what: str) -> str:
    return f'return=representation; include="{" ".join(what)}"'


@pytest.fixture
def full(db: None) -> factories.Desk:
    return full_desk("demo")


@pytest.fixture
def many(db: None, monkeypatch: pytest.MonkeyPatch) -> factories.Desk:
    """Seven annotations and a relation, and pages of three."""
    desk = factories.desk("demo")
    for words in ("The bridge", "The mayor", "twice", "a week", "builders"):
        factories.annotation(desk.article, words, by="ben")
    monkeypatch.setattr("factcheck.api.containers._Container.size", 3)
    return desk


def address(desk: factories.Desk, query: str = "") -> str:
    return f"articles/{desk.article.id}/w3c/{query}"


def items(page: Any) -> list[str]:
    return [one if isinstance(one, str) else one["id"] for one in page["items"]]


# -- by Accept ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "is_ld"),
    [
        ("*/*", False),
        ("application/json", False),
        ("application/json, application/ld+json", False),
        ("text/html", False),
        (LD, True),
        ("application/ld+json", True),
        ("application/ld+json, */*", True),
        ("application/ld+json;q=0.2, application/json;q=0.1", True),
        ("application/ld+json;q=0.2, application/json;q=0.3", False),
        ("application/ld+json;q=0, */*", False),
    ],
)
def test_accept_decides_and_json_is_the_default(full: factories.Desk, accept: str, is_ld: bool) -> None:
    for path in (
        f"annotations/{full.claim.id}/",
        f"relations/{full.denies.id}/",
        "annotations/",
        "relations/",
    ):
        answer = Api("vic").get(path, Accept=accept)
        assert answer.status_code == 200
        assert answer["Content-Type"] == (LD if is_ld else "application/json")
        assert "Accept" in answer["Vary"]
        assert ("@context" in answer.json()) is is_ld


def test_an_annotation_is_told_whole(full: factories.Desk) -> None:
    answer = Api("vic").get(f"annotations/{full.claim.id}/", Accept=LD)
    told = answer.json()
    assert broken_musts(told) == []
    assert told["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert "role" in told["@context"][1]
    assert told["id"] == f"{ROOT}annotations/{full.claim.id}/"
    assert told["creator"] == {"type": "Person", "nickname": "ana"}
    [tag, link] = told["body"]
    assert (tag["purpose"], tag["value"]) == ("tagging", "claim")
    assert (link["source"], link["role"]) == (f"{ROOT}sources/{full.mayor.id}/", "speaker")
    [target] = told["target"]
    assert target["source"] == f"{ROOT}articles/{full.article.id}/text/"
    quote, position = target["selector"]
    text = Api("vic").get(target["source"].replace("http://testserver", "")).content.decode()
    assert text[position["start"] : position["end"]] == quote["exact"] == "the bridge was checked in May"
    assert answer["Link"] == '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
    assert set(answer["Allow"].split(", ")) >= {"GET", "HEAD", "OPTIONS"}


def test_every_piece_has_what_is_around_it(full: factories.Desk) -> None:
    [crack] = Api("vic").get("annotations/?tag=evidence", Accept=LD).json()["items"]
    text = factories.TEXT
    assert len(crack["target"]) == 2
    for target in crack["target"]:
        quote, position = target["selector"]
        assert quote["prefix"] == text[position["start"] - 32 : position["start"]]
        assert quote["exact"] == text[position["start"] : position["end"]]
        assert quote["suffix"] == text[position["end"] : position["end"] + 32]


def test_each_representation_has_an_entity_tag_of_its_own(full: factories.Desk) -> None:
    api, path = Api("ana"), f"annotations/{full.claim.id}/"
    plain, linked = api.get(path), api.get(path, Accept=LD)
    assert plain["ETag"] != linked["ETag"]
    assert api.get(path, Accept=LD, If_None_Match=linked["ETag"]).status_code == 304
    assert api.get(path, Accept=LD, If_None_Match=plain["ETag"]).status_code == 200
    assert api.get(path, If_None_Match=linked["ETag"]).status_code == 200
    assert api.patch(path, {"note": "Mine"}, If_Match=plain["ETag"]).status_code == 200
    assert api.get(path, Accept=LD, If_None_Match=linked["ETag"]).status_code == 200


def test_a_list_is_a_page_that_leads_on(many: factories.Desk) -> None:
    api = Api("vic")
    first = api.get(f"annotations/?article={many.article.id}&limit=4", Accept=LD)
    assert first.json()["partOf"]["id"] == f"{ROOT}annotations/?article={many.article.id}&limit=4"
    second = api.get(first.json()["next"], Accept=LD)
    assert "next" not in second.json()
    assert api.get(second.json()["prev"], Accept=LD).json()["items"] == first.json()["items"]
    listed = [row["id"] for row in api.all("annotations/")]
    assert items(first.json()) + items(second.json()) == [f"{ROOT}annotations/{id}/" for id in listed]
    assert all(broken_musts(one) == [] for one in first.json()["items"])
    assert api.get(f"annotations/?article={many.article.id}&limit=4", Accept=LD,
                   If_None_Match=first["ETag"]).status_code == 304  # fmt: skip


def test_what_was_withdrawn_is_gone_in_any_form(full: factories.Desk) -> None:
    services.annotations.withdraw(annotation_id=UUID(full.claim.id), by=factories.actor("ana"))
    problem(Api("ana").get(f"annotations/{full.claim.id}/", Accept=LD), 410, "gone")


# -- the container -----------------------------------------------------------------------------------


def test_the_container_says_what_it_is(many: factories.Desk) -> None:
    answer = Api("vic").get(address(many), Accept=LD)
    assert answer.status_code == 200
    assert answer["Content-Type"] == LD
    assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in answer["Link"]
    constrained = '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
    assert constrained in answer["Link"]
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert {"Accept", "Prefer"} <= set(answer["Vary"].split(", "))
    assert answer["ETag"]
    assert answer["Content-Location"] == answer.json()["id"] == f"{ROOT}{address(many)}?iris=0"
    told = answer.json()
    assert told["@context"][:2] == ["http://www.w3.org/ns/anno.jsonld", "http://www.w3.org/ns/ldp.jsonld"]
    assert told["type"] == ["BasicContainer", "AnnotationCollection"]
    assert (told["total"], told["label"]) == (8, factories.TITLE)
    assert told["first"]["type"] == "AnnotationPage"
    assert all(broken_musts(one) == [] for one in told["first"]["items"])


@pytest.mark.parametrize("accept", [None, "*/*", "application/ld+json", LD, "application/*"])
def test_json_ld_is_what_it_speaks(desk: factories.Desk, accept: str | None) -> None:
    answer = Api("ana").get(address(desk), **({"Accept": accept} if accept else {}))
    assert answer["Content-Type"] == LD


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json;q=0", "text/html;q=0.9"])
def test_another_form_is_406(desk: factories.Desk, accept: str) -> None:
    problem(Api("ana").get(address(desk), Accept=accept), 406, "not_acceptable")


def test_head_and_options_say_what_get_says(desk: factories.Desk) -> None:
    api = Api("ana")
    told = api.get(address(desk))
    for method, status in (("HEAD", 200), ("OPTIONS", 204)):
        answer = api.ask(method, address(desk))
        assert (answer.status_code, answer.content) == (status, b"")
        for name in ("ETag", "Link", "Allow", "Vary", "Content-Location"):
            assert answer[name] == told[name], (method, name)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_here(desk: factories.Desk, method: str) -> None:
    answer = Api("ana").ask(method, address(desk), {"type": "Annotation"})
    problem(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "constrainedBy" in answer["Link"]


@pytest.mark.parametrize(
    ("wanted", "iris", "embedded"),
    [
        ("", 0, True),
        (prefer(DESCRIPTIONS), 0, True),
        (prefer(IRIS), 1, True),
        (prefer(MINIMAL), 0, False),
        (prefer(MINIMAL, IRIS), 1, False),
        ("return=minimal", 0, True),
        ('wait=3, return=representation; include="' + IRIS + '"', 1, True),
        ('return="', 0, True),
    ],
)
def test_a_reader_says_what_it_prefers(many: factories.Desk, wanted: str, iris: int, embedded: bool) -> None:
    answer = Api("vic").get(address(many), Prefer=wanted)
    told = answer.json()
    assert told["id"] == answer["Content-Location"] == f"{ROOT}{address(many)}?iris={iris}"
    assert ("Preference-Applied" in answer) is ("include" in wanted)
    if embedded:
        assert all(isinstance(one, str) is bool(iris) for one in told["first"]["items"])
    else:
        assert told["first"] == f"{told['id']}&page=0"
    assert "contains" not in told


@pytest.mark.parametrize("iris", [0, 1])
def test_the_pages_are_one_chain_with_everything_in_it(many: factories.Desk, iris: int) -> None:
    api = Api("vic")
    told = api.get(address(many, f"?iris={iris}"), Prefer=prefer(MINIMAL))
    assert "Content-Location" not in told
    pages, at = [], told.json()["first"]
    while at:
        answer = api.get(at)
        assert answer["Content-Type"] == LD
        assert answer["ETag"]
        pages.append(answer.json())
        at = answer.json().get("next")
    assert [page["startIndex"] for page in pages] == [0, 3, 6]
    assert {page["partOf"] for page in pages} == {told.json()["id"]}
    assert told.json()["last"] == pages[-1]["id"]
    assert [page.get("prev") for page in pages] == [None, *(page["id"] for page in pages[:-1])]
    found = [one for page in pages for one in items(page)]
    wanted = [f"{ROOT}annotations/{row['id']}/" for row in api.all("annotations/")]
    wanted += [f"{ROOT}relations/{row['id']}/" for row in api.all("relations/")]
    assert found == sorted(wanted, key=lambda iri: iri.split("/")[-2])
    assert len(found) == told.json()["total"]


def test_a_page_costs_the_same_wherever_it_is(many: factories.Desk) -> None:
    api = Api("vic")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert api.get(path).status_code == 200
        return len(caught)

    last = api.get(address(many)).json()["last"]
    assert cost(last) <= cost(address(many, "?iris=0&page=0")) + 1  # and the one before it is named


@pytest.mark.parametrize("page", ["1", "0.x", "x", "", "3", "-1", "0." + "0" * 32, "9" * 30])
def test_a_page_that_is_none_is_named(desk: factories.Desk, page: str) -> None:
    problem(Api("ana").get(address(desk, f"?page={page}")), 422, "invalid", "page")


def test_an_empty_container_has_no_pages(db: None) -> None:
    article = factories.article(factories.project("demo"))
    told = Api("ana").get(f"articles/{article.id}/w3c/").json()
    assert told["total"] == 0
    assert not {"first", "last"} & set(told)
    assert Api("ana").get(f"articles/{article.id}/w3c/?page=0").json()["items"] == []


def test_its_entity_tag_changes_with_what_is_in_it(desk: factories.Desk) -> None:
    api = Api("ana")
    tag = api.get(address(desk))["ETag"]
    unchanged = api.get(address(desk), If_None_Match=tag)
    assert unchanged.status_code == 304
    assert "BasicContainer" in unchanged["Link"]
    assert api.get(address(desk), Prefer=prefer(IRIS))["ETag"] != tag
    services.annotations.withdraw(annotation_id=UUID(desk.denial.id), by=factories.actor("ana"))
    after = api.get(address(desk), If_None_Match=tag)
    assert (after.status_code, after.json()["total"]) == (200, 1)  # the relation went with it


def test_a_blind_layer_stays_its_owners(db: None) -> None:
    desk = factories.desk("demo", blind=True)
    assert Api("ana").get(address(desk)).json()["total"] == 3
    for name in ("ben", "rita", "mona"):
        assert Api(name).get(address(desk)).json()["total"] == 0
        assert Api(name).get(address(desk, "?page=0")).json()["items"] == []
        problem(Api(name).get(f"annotations/{desk.claim.id}/", Accept=LD), 404, "not_found")
    problem(Api("eve").get(address(desk)), 404, "not_found")
    assert Client().get(f"/api/v1/{address(desk)}").status_code == 401


def test_a_text_leads_to_its_container(desk: factories.Desk) -> None:
    link = Api("ana").get(f"articles/{desk.article.id}/text/")["Link"]
    assert link == f'<{ROOT}{address(desk)}>; rel="http://www.w3.org/ns/oa#annotationService"'


def _without_times(thing: Any) -> Any:
    """Leave out times: the two write their fractions of a second to another length."""
    if isinstance(thing, dict):
        return {key: _without_times(one) for key, one in thing.items() if key not in ("created", "modified")}
    return [_without_times(one) for one in thing] if isinstance(thing, list) else thing


def test_it_says_of_each_what_the_export_says(full: factories.Desk) -> None:
    api = Api("vic")
    exported = b"".join(api.get("exports/jsonld/?project=demo").streaming_content)
    [page] = json.loads(exported)["pages"]
    alike = {one["id"]: one for one in page["items"]}
    for one in api.get(address(full)).json()["first"]["items"]:
        assert _without_times(one) == _without_times(alike[one["id"]])
    assert settings.PAGE_SIZE >= len(alike) == 5
