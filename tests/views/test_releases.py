"""The pages of releases: what is frozen, by whom, with what in it, and making one by a plain form post."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from tests import factories

PATH = "/projects/demo/releases/"


@pytest.fixture
def desk(db: None) -> factories.Desk:
    return factories.desk("demo")


def client(username: str) -> Client:
    made = Client()
    made.force_login(factories.user(username))
    return made


def make(desk: factories.Desk, name: str = "v1", note: str = "") -> None:
    services.releases.make(project_id=desk.project.pk, name=name, note=note, by=factories.actor("mona"))


def test_a_manager_makes_one_and_comes_to_its_page(desk: factories.Desk) -> None:
    mona = client("mona")
    assert "No releases yet" in mona.get(PATH).content.decode()
    made = mona.post(PATH, {"name": "2026-10", "note": "For the paper.\r\nTable 2."})
    assert (made.status_code, made["Location"]) == (303, f"{PATH}2026-10/")
    page = mona.get(made["Location"]).content.decode()
    release = queries.releases.named("demo", "2026-10")
    assert release is not None
    for words in ("is made", "For the paper.<br>Table 2.", "1 pending", "Frozen by mona"):
        assert words in page, words
    for file in queries.releases.files(release.id):
        assert f"<code>{file.sha256}</code>" in page
        assert f'/api/v1{PATH}2026-10/files/{file.name}/"' in page
    assert release.note == "For the paper.\nTable 2."


def test_others_see_them_and_no_form(desk: factories.Desk) -> None:
    assert "As soon as a manager makes one" in client("vic").get(PATH).content.decode()
    make(desk)
    page = client("vic").get(PATH).content.decode()
    assert f"{PATH}v1/" in page
    assert "Freeze it" not in page


def test_what_cannot_be_taken_is_said_at_its_field(desk: factories.Desk) -> None:
    make(desk)
    for name, status in (("V 1", 422), ("", 422), ("v1", 409), ("a" * 61, 422), ("a\0", 422)):
        answer = client("mona").post(PATH, {"name": name, "note": "Kept."})
        assert answer.status_code == status
        assert "name" in answer.context["form"].errors
        assert "Kept." in answer.content.decode()


def test_the_guidelines_are_those_of_then(desk: factories.Desk) -> None:
    make(desk)
    services.projects.update(
        project_id=desk.project.pk, by=factories.actor("mona"), guidelines="Quite another way."
    )
    page = client("vic").get(f"{PATH}v1/").content.decode()
    assert "Quite another way." not in page
    assert "`claim`" in page


def test_of_a_blind_project_it_is_said(db: None) -> None:
    desk = factories.desk("demo", blind=True)
    assert "layers that are open by then" in client("mona").get(PATH).content.decode()
    make(desk)
    assert "The project was blind" in client("ana").get(f"{PATH}v1/").content.decode()


def test_the_list_is_cut_newest_first_and_costs_the_same(
    desk: factories.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.views.releases.PER_PAGE", 2)
    vic = client("vic")
    costs = []
    for name in ("v1", "v2", "v3"):
        make(desk, name)
        with CaptureQueriesContext(connection) as caught:
            first = vic.get(PATH)
        costs.append(len(caught))
    assert len(set(costs)) == 1
    assert [row.name for row in first.context["listed"].rows] == ["v3", "v2"]
    assert first.context["listed"].newer is None
    older = vic.get(f"{PATH}?before={first.context['listed'].older}")
    assert [row.name for row in older.context["listed"].rows] == ["v1"]
    assert older.context["listed"].older is None
    newer = vic.get(f"{PATH}?after={older.context['listed'].newer}")
    assert [row.name for row in newer.context["listed"].rows] == ["v3", "v2"]


def test_a_name_that_is_none_is_404(desk: factories.Desk) -> None:
    for name in ("v9", "%00", "..%2f"):
        assert client("vic").get(f"{PATH}{name}/").status_code == 404
