"""A blind project: nobody but its owner sees a layer, by no address, no filter, no count and no error."""

import uuid
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from factcheck import services
from tests import factories
from tests.api.client import Api, problem, span

OTHERS = ("ben", "rita", "mona", "vic")


@pytest.fixture
def blind(db: None) -> factories.Desk:
    return factories.desk("blind", blind=True)


@pytest.fixture
def secrets(blind: factories.Desk) -> set[str]:
    """The ids that only ana may ever read."""
    return {blind.claim.id, blind.denial.id, blind.denies.id, blind.said.id, str(blind.mayor.id)}


def _said(answer: Any) -> str:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(data.decode())


READ = (
    "annotations/",
    "annotations/?withdrawn=1",
    "annotations/?article={article}",
    "annotations/?layer={layer}",
    "annotations/?created_by=ana",
    "annotations/?q=bridge",
    "annotations/?source={mayor}",
    "relations/",
    "relations/?subject={denial}",
    "source-links/",
    "source-links/?annotation={claim}",
    "sources/",
    "sources/?q=mayor",
    "reviews/",
    "changes/",
    "changes/?include=object",
    "articles/{article}/map/",
    "articles/{article}/map/?layer=reference",
    "articles/{article}/map.csv/",
    "exports/jsonl/?project=blind",
    "exports/csv/?project=blind",
)


@pytest.mark.parametrize("username", OTHERS)
def test_no_address_shows_a_colleagues_layer(blind: factories.Desk, secrets: set[str], username: str) -> None:
    api = Api(username)
    names = {"article": blind.article.id, "layer": blind.claim.layer, "mayor": blind.mayor.id}
    names |= {"claim": blind.claim.id, "denial": blind.denial.id}
    for path in READ:
        answer = api.get(path.format(**names))
        assert answer.status_code == 200, path
        said = _said(answer)
        assert [secret for secret in secrets if secret in said] == [], path
        assert '"the bridge was checked in May"' not in said, path


@pytest.mark.parametrize("username", OTHERS)
def test_a_colleagues_things_are_not_there(blind: factories.Desk, username: str) -> None:
    api = Api(username)
    things = {
        "annotations": blind.claim.id,
        "relations": blind.denies.id,
        "source-links": blind.said.id,
        "sources": str(blind.mayor.id),
    }
    for kind, key in things.items():
        asked = [api.get(f"{kind}/{key}/"), api.patch(f"{kind}/{key}/", {}), api.delete(f"{kind}/{key}/")]
        asked.append(api.post(f"{kind}/{key}/restore/"))
        for answer in asked:
            told = problem(answer, 404, "not_found")
            never = problem(api.get(f"{kind}/{uuid.uuid4()}/"), 404, "not_found")
            assert set(told) == set(never)


@pytest.mark.parametrize("username", OTHERS)
def test_counts_tell_nothing_of_others(blind: factories.Desk, username: str) -> None:
    counted = Api(username).get(f"articles/{blind.article.id}/").json()["counts"]
    assert counted == {"annotations": 0, "by_tag": {}}
    assert Api("ana").get(f"articles/{blind.article.id}/").json()["counts"]["annotations"] == 2


def test_an_id_of_a_colleague_is_taken_without_details(blind: factories.Desk) -> None:
    ben = Api("ben")
    body = {"article": str(blind.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    for answer in (
        ben.put(f"annotations/{blind.claim.id}/", body),
        ben.post("annotations/", body | {"id": blind.claim.id}),
    ):
        assert set(problem(answer, 409, "id_taken")) == {"type", "title", "status", "detail", "code", "field"}
    problem(ben.put(f"annotations/{blind.claim.id}/", body, If_Match="*"), 412, "stale")
    bulk = ben.post(
        "annotations/bulk/?partial=1", {"items": [{"op": "update", "id": blind.claim.id, "note": "?"}]}
    )
    assert bulk.json()["results"][0]["status"] == 404


def test_what_one_may_not_see_cannot_be_linked(blind: factories.Desk) -> None:
    ben = Api("ben")
    own = factories.annotation(blind.article, "denied any fault", tag="denial", by="ben")
    body = {"kind": "denies", "subject": own.id, "object": blind.claim.id}
    told = problem(ben.post("relations/", body), 422, "invalid", "object")
    assert told == problem(
        ben.post("relations/", body | {"object": str(uuid.uuid4())}), 422, "invalid", "object"
    )
    link = {"annotation": own.id, "source": str(blind.mayor.id), "role": "speaker"}
    told = problem(ben.post("source-links/", link), 422, "invalid", "source")
    assert told == problem(
        ben.post("source-links/", link | {"source": str(uuid.uuid4())}), 422, "invalid", "source"
    )


def test_managers_know_of_layers_but_of_nothing_inside(blind: factories.Desk) -> None:
    factories.annotation(blind.article, "A photograph", tag="evidence", by="ben")
    assert {row["owner"] for row in Api("mona").all("layers/")} == {"ana", "ben"}
    assert [row["owner"] for row in Api("ben").all("layers/")] == ["ben"]
    assert Api("rita").all("layers/") == []
    problem(Api("ben").get(f"layers/{blind.claim.layer}/"), 404, "not_found")
    assert Api("mona").get(f"layers/{blind.claim.layer}/").json()["state"] == "in_progress"


def test_an_opened_layer_is_seen_by_all_members(blind: factories.Desk, secrets: set[str]) -> None:
    _open(blind)
    for username in OTHERS:
        said = "".join(_said(Api(username).get(path)) for path in ("annotations/", "relations/", "sources/"))
        assert [secret for secret in secrets if secret not in said] == []
    assert Api("eve").all("annotations/") == []


def _open(desk: factories.Desk) -> None:
    """Open ana's layer, as an act."""
    by = factories.actor("mona")
    with services.acts.act("open_layer", project_id=desk.project.pk, by=by), connection.cursor() as cursor:
        cursor.execute("UPDATE layer SET opened_at = now() WHERE id = %s", [UUID(desk.claim.layer)])


def test_a_source_of_a_manager_is_everybodys(blind: factories.Desk) -> None:
    factories.source(blind.project, "The register", kind="document", by="mona")
    assert {row["name"] for row in Api("ben").all("sources/")} == {
        "The article itself",
        "Nobody named",
        "The register",
    }
