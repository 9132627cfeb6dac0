"""Projects, members and layers over the API."""

import pytest

from factcheck.models.reasons import default_reasons
from tests import factories
from tests.api.client import Api, problem


@pytest.fixture
def mona(desk: factories.Desk) -> Api:
    return Api("mona")


def test_who_makes_a_project_is_its_manager(desk: factories.Desk) -> None:
    eve = Api("eve")
    made = eve.post(
        "projects/", {"slug": "eves", "name": "Hers", "settings": {"blind": True, "approvals_needed": 2}}
    )
    assert made.status_code == 201, made.content
    data = made.json()
    assert data["settings"] == {"blind": True, "approvals_needed": 2, "review_reasons": default_reasons()}
    assert (data["slug"], data["name"], data["role"], data["created_by"]) == (
        "eves",
        "Hers",
        "manager",
        "eve",
    )
    assert eve.get("projects/eves/").json() == data
    assert [row["slug"] for row in eve.all("projects/")] == ["eves"]


def test_a_project_tells_its_scheme(mona: Api) -> None:
    scheme = mona.get("projects/demo/").json()["scheme"]
    assert [tag["name"] for tag in scheme["tags"]] == ["claim", "denial", "evidence"]
    kinds = {kind["name"]: kind for kind in scheme["relation_kinds"]}
    assert set(kinds) == {"denies", "supports", "refutes", "context", "repeats", "contradicts", "about"}
    assert ["denial", "claim"] in kinds["denies"]["pairs"]
    assert kinds["contradicts"]["symmetric"] is True
    of_claims = next(row["schema"] for row in scheme["attributes"] if row["tag"] == "claim")
    assert "checkability" in of_claims["properties"]


def test_a_slug_is_taken_once_and_stays(mona: Api) -> None:
    problem(mona.post("projects/", {"slug": "demo", "name": "Again"}), 409, "conflict", "slug")
    problem(mona.post("projects/", {"slug": "No Spaces", "name": "X"}), 422, "invalid", "slug")
    problem(mona.post("projects/", {"slug": "123", "name": "X"}), 422, "invalid", "slug")
    problem(mona.post("projects/", {"slug": "own", "name": "X", "scheme": {}}), 422, "invalid", "scheme.tags")
    problem(mona.patch("projects/demo/", {"slug": "other"}), 422, "invalid", "slug")


def test_settings_are_changed_one_by_one(mona: Api) -> None:
    before = mona.get("projects/demo/").json()
    changed = mona.patch(
        "projects/demo/", {"settings": {"approvals_needed": 3}}, If_Match=f'"{before["revision"]}"'
    )
    assert changed.json()["settings"] == before["settings"] | {"approvals_needed": 3}
    refused = mona.patch("projects/demo/", {"name": "Late"}, If_Match=f'"{before["revision"]}"')
    assert problem(refused, 412, "stale")["present"] == changed.json()
    problem(mona.patch("projects/demo/", {"settings": {"blind": True}}), 409, "conflict", "settings.blind")
    for wrong in (0, 10, "2", None, True):
        field = "settings.approvals_needed"
        problem(
            mona.patch("projects/demo/", {"settings": {"approvals_needed": wrong}}), 422, "invalid", field
        )


def test_members_come_change_and_go(mona: Api) -> None:
    made = mona.post("projects/demo/members/", {"user": "eve", "role": "viewer"})
    assert (made.status_code, made.json()["role"]) == (201, "viewer")
    changed = mona.put("projects/demo/members/eve/", {"role": "annotator"})
    assert (changed.status_code, changed.json()["role"]) == (200, "annotator")
    assert Api("eve").get("projects/demo/").json()["role"] == "annotator"
    assert mona.delete("projects/demo/members/eve/").status_code == 204
    problem(mona.delete("projects/demo/members/eve/"), 404, "not_found")
    problem(Api("eve").get("projects/demo/"), 404, "not_found")
    assert {row["user"] for row in mona.all("projects/demo/members/")} == set(factories.CAST)


def test_a_project_keeps_a_manager(mona: Api) -> None:
    problem(mona.put("projects/demo/members/mona/", {"role": "viewer"}), 409, "conflict")
    problem(mona.delete("projects/demo/members/mona/"), 409, "conflict")
    problem(mona.post("projects/demo/members/", {"user": "nobody", "role": "viewer"}), 422, "invalid", "user")
    problem(mona.post("projects/demo/members/", {"user": "eve", "role": "king"}), 422, "invalid", "role")
    problem(mona.put("projects/demo/members/eve/", {"user": "ana", "role": "viewer"}), 422, "invalid", "user")


def test_a_manager_assigns_an_article(mona: Api, ben: Api, desk: factories.Desk) -> None:
    body = {"article": str(desk.article.id), "owner": "ben"}
    made = mona.post("layers/", body)
    assert made.status_code == 201, made.content
    layer = made.json()
    assert (layer["owner"], layer["state"], layer["kind"]) == ("ben", "not_started", "person")
    assert (mona.post("layers/", body).status_code, mona.post("layers/", body).json()) == (200, layer)
    spans = [{"start": 0, "end": 10}]
    first = ben.post("annotations/", {"article": str(desk.article.id), "tag": "claim", "spans": spans}).json()
    assert first["layer"] == layer["id"]
    assert ben.get(f"layers/{layer['id']}/").json()["state"] == "in_progress"
    assert [row["owner"] for row in ben.all("layers/?state=in_progress&owner=ben")] == ["ben"]
    problem(mona.post("layers/", body | {"owner": "vic"}), 422, "invalid", "owner")
    problem(mona.post("layers/", body | {"owner": "eve"}), 422, "invalid", "owner")
    problem(mona.post("layers/", body | {"owner": None}), 422, "invalid", "owner")
