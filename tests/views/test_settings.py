"""The settings of a project as forms: refusals at their field, both states of a conflict, and how much is read."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from factcheck.models import Project, Tag
from tests import factories

pytestmark = pytest.mark.django_db

SETTINGS = "/projects/demo/settings/"
PROMISE = {"title": "Promise", "key": "p", "colour": "#5b3fb0", "colour_dark": "#b9a5ff", "line": "dotted"}


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


@pytest.fixture
def mona(client: Client, project: Project) -> Client:
    client.force_login(factories.user("mona"))
    return client


@pytest.fixture
def who(project: Project) -> dict[str, Any]:
    return {"project_id": project.pk, "by": factories.actor("mona")}


def body(response: Any) -> str:
    words: str = response.content.decode()
    return words


def test_only_managers_are_led_to_the_settings(client: Client, project: Project) -> None:
    for username in factories.CAST:
        client.force_login(factories.user(username))
        assert (SETTINGS in body(client.get("/projects/demo/"))) is (username == "mona")


def test_general_settings_are_saved_and_lines_end_as_they_are_stored(mona: Client, project: Project) -> None:
    form = {"name": "The desk", "approvals_needed": "2", "guidelines": "One.\r\n\r\nTwo.", "revision": "1"}
    assert mona.post(SETTINGS, form).status_code == 303
    project.refresh_from_db()
    assert (project.name, project.approvals_needed, project.guidelines) == ("The desk", 2, "One.\n\nTwo.")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "required"),
        ({"approvals_needed": "0"}, "greater than or equal to 1"),
        ({"approvals_needed": "10"}, "less than or equal to 9"),
        ({"guidelines": "x\x00"}, "NUL"),
        ({"guidelines": "x" * 20_001}, "at most 20000"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(mona: Client, changed: dict[str, str], says: str) -> None:
    form = {"name": "The desk", "approvals_needed": "1", "guidelines": "", "revision": "1", **changed}
    response = mona.post(SETTINGS, form)
    assert response.status_code == 422
    assert f'aria-describedby="id_{next(iter(changed))}' in body(response)
    assert says in body(response)


def test_a_stale_form_gets_both_states(mona: Client, who: dict[str, Any]) -> None:
    services.projects.update(guidelines="Ours.", **who)
    form = {"name": "A desk", "approvals_needed": "1", "guidelines": "Mine.", "revision": "1"}
    response = mona.post(SETTINGS, form)
    assert response.status_code == 409
    assert "Ours." in body(response)
    assert "Mine." in body(response)
    assert 'name="revision" value="2"' in body(response)


def test_a_tag_is_added_and_a_taken_key_is_said_at_the_field(mona: Client) -> None:
    response = mona.post(f"{SETTINGS}new-tag/", {**PROMISE, "key": "c"})
    assert response.status_code == 409
    assert "“c” is the key of Claim already." in body(response)
    assert 'id="id_key_error"' in body(response)
    assert mona.post(f"{SETTINGS}new-tag/", PROMISE).status_code == 303
    assert Tag.objects.get(name="promise").line == "dotted"


def test_a_stale_tag_gets_both_states_and_keeps_its_name(mona: Client, who: dict[str, Any]) -> None:
    services.tags.change(name="claim", title="Assertion", **who)
    tag = Tag.objects.get(name="claim")
    form = {field: getattr(tag, field) for field in ("key", "colour", "colour_dark", "line", "description")}
    response = mona.post(f"{SETTINGS}tags/claim/", {**form, "title": "Statement", "revision": "1"})
    assert response.status_code == 409
    assert "Assertion" in body(response)
    again = mona.post(f"{SETTINGS}tags/claim/", {**form, "title": "Statement", "revision": "2"})
    assert again.status_code == 303
    tag.refresh_from_db()
    assert (tag.name, tag.title) == ("claim", "Statement")


def test_looking_saves_nothing_and_takes_a_suggested_colour(mona: Client) -> None:
    response = mona.post(f"{SETTINGS}new-tag/", {**PROMISE, "colour": "#ffee00", "look": "colour:#7d7500"})
    assert response.status_code == 200
    assert 'value="#7d7500"' in body(response)
    assert Tag.objects.count() == 3


@pytest.mark.parametrize("colour", ["#ffff00", "red", "", "</style>", "\x00"])
def test_a_preview_takes_whatever_is_typed(mona: Client, colour: str) -> None:
    asked = {"title": "<b>", "key": "<", "colour": colour, "colour_dark": colour, "line": "wavy"}
    shown = body(mona.get(f"{SETTINGS}tag-preview/", asked))
    assert "<b>" not in shown
    css = mona.get(f"{SETTINGS}tag-preview.css", asked)
    assert css["Content-Type"].startswith("text/css")
    assert "<" not in body(css)
    assert ".t-preview" in body(css)


def test_an_order_that_moved_on_is_shown_as_it_is_now(mona: Client, who: dict[str, Any]) -> None:
    services.tags.reorder(names=["evidence", "claim", "denial"], **who)
    response = mona.post(f"{SETTINGS}tags/", {"move": "up:denial", "seen": "claim denial evidence"})
    assert response.status_code == 409
    assert "changed the order" in body(response)
    assert 'value="evidence claim denial"' in body(response)
    assert mona.post(f"{SETTINGS}tags/", {"move": "sideways:denial", "seen": "x"}).status_code == 422


def test_a_taken_key_keeps_a_tag_retired_and_says_why(mona: Client, who: dict[str, Any]) -> None:
    services.tags.retire(name="denial", **who)
    services.tags.change(name="claim", key="d", **who)
    response = mona.post(f"{SETTINGS}tags/denial/state/", {"do": "restore"})
    assert response.status_code == 409
    assert "“d” is the key of Claim already." in body(response)


def test_pairs_are_a_grid_and_one_in_use_is_refused_in_words(mona: Client) -> None:
    desk = factories.desk()
    address = f"/projects/{desk.project.slug}/settings/relations/denies/"
    page = body(mona.get(address))
    assert page.count('type="checkbox"') == 9
    assert page.count(" checked>") == 3
    form = {
        "title": "denies",
        "inverse_title": "denied by",
        "key": "d",
        "revision": "1",
        "pairs": ["denial denial"],
    }
    response = mona.post(address, form)
    assert response.status_code == 409
    assert "1 relation uses a pair that you remove" in body(response)
    assert mona.post(address, {**form, "pairs": ["denial claim"]}).status_code == 303
    stale = mona.post(address, {**form, "pairs": ["denial claim", "claim claim"]})
    assert stale.status_code == 409
    assert "claim claim" in body(stale)
    assert mona.post(address, {**form, "pairs": ["denial zebra"]}).status_code == 422


def test_an_attribute_is_defined_without_any_json(mona: Client, project: Project) -> None:
    address = f"{SETTINGS}new-attribute/?tag=claim"
    assert mona.post(address, {"title": "Topic", "kind": "choice", "choices": ""}).status_code == 422
    form = {"title": "Topic", "kind": "choice", "choices": "Roads\r\n Schools \r\n\r\n"}
    assert mona.post(address, form).status_code == 303
    topic = queries.schemes.attributes(project.pk)["claim"].named("topic")
    assert topic
    assert topic.choices == ("Roads", "Schools")
    edit = f"{SETTINGS}attributes/topic/?tag=claim"
    assert "Roads\nSchools</textarea>" in body(mona.get(edit))
    stale = mona.post(edit, {**form, "choices": "Roads", "revision": "1"})
    assert stale.status_code == 409
    assert mona.post(edit, {**form, "choices": "Roads", "revision": "2"}).status_code == 303


def test_a_title_that_is_ours_is_not_made_the_projects_own(mona: Client, project: Project) -> None:
    form = {"title": "Wording", "kind": "choice", "choices": "verbatim\nparaphrase", "revision": "1"}
    assert mona.post(f"{SETTINGS}attributes/wording/?tag=claim", form).status_code == 303
    wording = queries.schemes.attributes(project.pk)["claim"].named("wording")
    assert wording
    assert "title" not in wording.schema


@pytest.mark.parametrize(
    "address",
    ["tags/never/", "relations/never/", "attributes/never/?tag=claim", "attributes/wording/?tag=never"],
)
def test_what_is_not_there_is_not_found(mona: Client, address: str) -> None:
    assert mona.get(SETTINGS + address).status_code == 404


def test_guidelines_are_plain_text_with_the_whole_scheme(client: Client, who: dict[str, Any]) -> None:
    services.projects.update(guidelines="Mind <b>this</b>.\n\nAnd that.", **who)
    services.tags.retire(name="evidence", **who)
    client.force_login(factories.user("vic"))
    page = body(client.get("/projects/demo/guidelines/"))
    assert "Mind &lt;b&gt;this&lt;/b&gt;." in page
    for words in ("An answer to an accusation", "denied by", "verbatim, mixed"):
        assert words in page
    assert "Something one could examine" not in page
    response = client.get("/projects/demo/guidelines/", headers={"HX-Request": "true"})
    assert "<html" not in body(response)
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    "address",
    [f"{SETTINGS}tags/", f"{SETTINGS}relations/", f"{SETTINGS}attributes/", "/projects/demo/guidelines/"],
)
def test_the_number_of_reads_does_not_grow_with_the_scheme(
    mona: Client, who: dict[str, Any], address: str
) -> None:
    def reads() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert mona.get(address).status_code == 200
        return len(captured)

    few = reads()
    for key in "aghilmnpqtxy":  # neither a tag nor a kind of relation has these
        services.tags.add(**{**PROMISE, "title": f"Tag {key}", "key": key}, **who)
        services.relation_kinds.add(
            title=f"kind {key}", inverse_title="x", key=key, pairs={("claim", "denial")}, **who
        )
        services.attribute_schemas.add(tag=f"tag_{key}", title="Topic", kind="yes", **who)
    assert reads() == few
