"""The chain of who passed it on, and attributes, as cards and plain forms have them."""

import re
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.test import Client

from factcheck import queries, services
from factcheck.models import Project
from tests import factories
from tests.services.test_attributes import newer_scheme

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "Accept": "text/html"}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


@pytest.fixture
def ana(client: Client, desk: factories.Desk) -> Client:
    client.force_login(factories.user("ana"))
    return client


def values(desk: factories.Desk) -> Any:
    row = queries.annotations.visible(factories.user("ana").pk, UUID(desk.claim.id))
    assert row is not None
    return orjson.loads(row.attributes)


def card(client: Client, desk: factories.Desk) -> str:
    return client.get(f"/annotations/{desk.claim.id}/card/", headers=HTMX).content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("<bdi>", "").replace("</bdi>", "")).split())


def via(desk: factories.Desk, name: str, project: Project) -> Any:
    return factories.link(desk.claim, factories.source(project, name, kind="organisation"), role="via")


def test_the_chain_reads_as_one_sentence_on_the_card_and_in_the_dialog(
    ana: Client, desk: factories.Desk
) -> None:
    via(desk, "<Outlet>", desk.project)
    second = via(desk, "the ministry", desk.project)
    sentence = (
        "<bdi>&lt;Outlet&gt;</bdi>, citing <bdi>the ministry</bdi>, citing <bdi>The mayor&#x27;s office</bdi>"
    )
    assert f'<p class="chain">{sentence}</p>' in card(ana, desk)
    assert sentence in ana.get(f"/articles/{desk.article.id}/").content.decode()
    assert sentence in ana.get(f"/links/{second.id}/", headers=HTMX).content.decode()


def test_without_a_speaker_the_chain_names_none(ana: Client, desk: factories.Desk) -> None:
    services.source_links.withdraw(link_id=UUID(desk.said.id), by=factories.actor("ana"))
    via(desk, "Outlet", desk.project)
    shown = words(card(ana, desk))
    assert "passed on by Outlet" in shown
    assert "speaker not filled in" in shown


def test_a_hop_is_moved_by_a_plain_form(ana: Client, desk: factories.Desk) -> None:
    via(desk, "Outlet", desk.project)
    second = via(desk, "Ministry", desk.project)
    answer = ana.post(f"/links/{second.id}/move/", {"step": "-1"})
    assert answer.status_code == 303
    assert "Ministry, citing Outlet, citing" in words(card(ana, desk))


def test_who_is_unnamed_but_described_keeps_the_description(ana: Client, desk: factories.Desk) -> None:
    sent = {"role": "speaker", "source_name": "a senior official", "kind": "unnamed", "id": str(uuid4())}
    ana.post(f"/annotations/{desk.denial.id}/links/", sent)
    ana.post(f"/annotations/{desk.denial.id}/links/", {"role": "via", "standing": "unnamed"})
    page = words(ana.get(f"/articles/{desk.article.id}/").content.decode())
    assert "Nobody named, citing a senior official" in page


def test_which_is_meant_is_answered_by_a_plain_form(ana: Client, desk: factories.Desk) -> None:
    known = factories.source(desk.project, "Volodymyr Zelensky")
    address = f"/annotations/{desk.denial.id}/links/"
    asked = ana.post(address, {"role": "speaker", "source_name": "Vladimir Zelensky"})
    assert asked.status_code == 422
    assert f'name="pick_source" value="{known.id}"' in asked.content.decode()
    # As a browser without script sends it: the hidden fields of the form come after the button.
    answer = {
        "role": "speaker",
        "pick_source": str(known.id),
        "source_name": "Vladimir Zelensky",
        "source": "",
    }
    assert ana.post(address, answer).status_code == 303
    [link] = queries.source_links.of_annotations(factories.user("ana").pk, [desk.denial.id])[desk.denial.id]
    assert link.source_name == "Volodymyr Zelensky"


def test_only_what_was_touched_is_written(ana: Client, desk: factories.Desk) -> None:
    address = f"/annotations/{desk.claim.id}/"
    both = {"attributes": "1", "was.wording": "", "was.checkability": ""}
    ana.post(address, {**both, "a.wording": "mixed", "a.checkability": ""}, headers=HTMX)
    second = ana.post(address, {**both, "a.wording": "", "a.checkability": "opinion"}, headers=HTMX)
    assert second.status_code == 200
    assert values(desk) == {"wording": "mixed", "checkability": "opinion"}


def test_what_was_changed_meanwhile_to_something_else_is_a_conflict(
    ana: Client, desk: factories.Desk
) -> None:
    services.annotations.update(
        annotation_id=UUID(desk.claim.id),
        attributes={"wording": "verbatim", "unsure": True},
        by=factories.actor("ana"),
    )
    sent = {"attributes": "1", "was.wording": "", "a.wording": "mixed", "was.unsure": "", "a.unsure": ""}
    answer = ana.post(f"/annotations/{desk.claim.id}/", sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Wording: verbatim" in page
    assert "Wording: mixed" in page
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    again.pop("csrfmiddlewaretoken")
    assert ana.post(f"/annotations/{desk.claim.id}/", again, headers=HTMX).status_code == 200
    assert values(desk) == {"wording": "mixed", "unsure": True}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_no_date_is_said_at_its_field_with_what_was_typed(
    ana: Client, desk: factories.Desk, headers: dict[str, str]
) -> None:
    sent = {"attributes": "1", "was.said_on": "", "a.said_on": "last May"}
    answer = ana.post(f"/annotations/{desk.claim.id}/", sent, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="last May"' in page
    assert "is not a date" in page
    assert page.count("aria-invalid") == 1
    assert values(desk) == {}


def test_a_value_of_an_earlier_scheme_is_shown_and_kept(ana: Client, desk: factories.Desk) -> None:
    address = f"/annotations/{desk.claim.id}/"
    ana.post(address, {"attributes": "1", "a.wording": "mixed"}, headers=HTMX)
    own = {
        "wording": {"type": "string", "enum": ["as_quoted"]},
        "who_heard": {"type": "string", "title": "Ears"},
    }
    newer_scheme(desk.project, "claim", own)
    shown = card(ana, desk)
    assert "mixed (earlier scheme)" in words(shown)
    assert "as quoted" in words(shown)
    assert "Ears" in words(shown)
    sent = {
        "attributes": "1",
        "was.wording": "mixed",
        "a.wording": "mixed",
        "was.who_heard": "",
        "a.who_heard": "all",
    }
    assert ana.post(address, sent, headers=HTMX).status_code == 200
    assert values(desk) == {"wording": "mixed", "who_heard": "all"}


def test_who_may_only_read_gets_facts_in_words(client: Client, desk: factories.Desk) -> None:
    given = {"finding": "not_checked", "said_on": "2022-10", "unsure": True, "wording": "paraphrase"}
    services.annotations.update(
        annotation_id=UUID(desk.claim.id), attributes=given, by=factories.actor("ana")
    )
    client.force_login(factories.user("vic"))
    shown = words(card(client, desk))
    for fact in ("Finding not checked", "Said on October 2022", "Unsure yes", "Wording paraphrase"):
        assert fact in shown
    assert "<form" not in card(client, desk)


@pytest.mark.parametrize(
    ("tag", "given", "said"),
    [
        ("claim", {"finding": "false"}, ["found false"]),
        ("claim", {"finding": "not_checked", "wording": "mixed"}, []),
        ("claim", {"unsure": True, "finding": "unproven"}, ["found unproven", "unsure"]),
        ("claim", {"unsure": False}, []),
        ("denial", {"denial_type": "no_comment"}, ["no comment"]),
        ("evidence", {"presence": "described", "evidence_type": "image"}, ["described"]),
    ],
)
def test_a_short_card_says_the_few_that_matter(
    ana: Client, desk: factories.Desk, tag: str, given: dict[str, Any], said: list[str]
) -> None:
    factories.annotation(desk.article, "twice a week", tag=tag, attributes=given)
    page = ana.get(f"/articles/{desk.article.id}/").content.decode()
    assert re.findall(r'<span class="card-fact">([^<]*)</span>', page) == said
