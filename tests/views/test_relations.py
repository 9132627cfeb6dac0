"""Relating on the page: several at once are one act, either way round, without script too, and never overwritten."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from factcheck import queries, services
from factcheck.models import Act, Relation
from tests import factories

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
OUTBOX = {"HX-Request": "true", "Accept": "application/problem+json"}


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


def client(username: str = "ana") -> Client:
    made = Client()
    made.force_login(factories.user(username))
    return made


def live(desk: factories.Desk) -> list[tuple[str, str, str, dict[str, Any]]]:
    rows = Relation.objects.filter(project=desk.project, withdrawn_at=None).order_by("id")
    return [(row.kind.name, str(row.subject_id), str(row.object_id), row.attributes) for row in rows]


def test_several_ends_are_related_as_one_act_that_is_undone_as_one(desk: factories.Desk) -> None:
    others = [factories.annotation(desk.article, words) for words in ("The bridge", "another")]
    acts = Act.objects.count()
    sent = {
        "kind": "denies",
        "a.manner": "implied",
        "end": [row.id for row in others],
        "id": [str(uuid4()) for _ in others],
    }
    answer = client().post(f"/annotations/{desk.denial.id}/relations/", sent, headers=HTMX)
    assert answer.status_code == 200
    assert all(f"annotation-card-{row.id}" in answer.content.decode() for row in (*others, desk.denial))
    made = {row[:3] for row in live(desk)} - {("denies", desk.denial.id, desk.claim.id)}
    assert made == {("denies", desk.denial.id, row.id) for row in others}
    assert Act.objects.count() == acts + 1
    again = client().post(f"/annotations/{desk.denial.id}/relations/", sent, headers=HTMX)
    assert again.status_code == 200
    assert (len(live(desk)), Act.objects.count()) == (3, acts + 1)
    client().post(f"/articles/{desk.article.id}/undo/", headers=HTMX)
    assert len(live(desk)) == 1


def test_of_several_ends_all_or_none_are_related(desk: factories.Desk) -> None:
    other = factories.annotation(desk.article, "another")
    sent = {"kind": "denies", "end": [other.id, desk.claim.id], "id": [str(uuid4()), str(uuid4())]}
    answer = client().post(f"/annotations/{desk.denial.id}/relations/", sent, headers=OUTBOX)
    assert answer.status_code == 409
    assert "already" in answer.json()["detail"]
    assert len(live(desk)) == 1


def test_a_kind_that_reads_from_the_other_end_is_made_that_way_round(desk: factories.Desk) -> None:
    other = factories.annotation(desk.article, "The bridge", tag="denial")
    answer = client().post(
        f"/annotations/{desk.claim.id}/relations/", {"kind": "denies:reversed", "end": other.id}
    )
    assert answer.status_code == 303
    assert live(desk)[1][:3] == ("denies", other.id, desk.claim.id)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"kind": "denies"}, 422),
        ({"kind": "hugs", "end": "{claim}"}, 422),
        ({"kind": "", "end": "{claim}"}, 422),
        ({"kind": "about", "end": "{denial}"}, 422),
        ({"kind": "about", "end": str(uuid4())}, 422),
        ({"kind": "about", "end": "{claim}", "id": "no id"}, 303),
        ({"kind": "repeats", "end": "{claim}"}, 409),
        ({"kind": "denies", "end": "{claim}", "a.manner": "loudly"}, 422),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: factories.Desk, sent: dict[str, str], status: int) -> None:
    filled = {name: value.format(claim=desk.claim.id, denial=desk.denial.id) for name, value in sent.items()}
    answer = client().post(f"/annotations/{desk.denial.id}/relations/", filled)
    assert answer.status_code == status
    assert len(live(desk)) == (2 if status == 303 else 1)


def test_the_other_end_is_found_by_its_words_in_this_article_first(desk: factories.Desk) -> None:
    second = factories.article(desk.project, title="Another day", text="The bridge was opened in 1950.\n")
    elsewhere = factories.annotation(second, "The bridge was opened")
    here = factories.annotation(desk.article, "The bridge is closed")
    html = client().get(f"/annotations/{desk.denial.id}/ends/?q=the BRIDGE").content.decode()
    order = [html.index(f'data-end="{row.id}"') for row in (here, desk.claim, elsewhere)]
    assert order == sorted(order)
    assert 'data-elsewhere="Another day"' in html
    assert str(desk.denial.id) not in html
    assert (
        "No annotation has these words"
        in client().get(f"/annotations/{desk.claim.id}/ends/?q=100%25").content.decode()
    )


def test_an_end_in_another_article_is_related_and_only_this_pages_cards_come_back(
    desk: factories.Desk,
) -> None:
    second = factories.article(desk.project, title="Another day", text="The bridge was checked in May.\n")
    other = factories.annotation(second, "The bridge was checked")
    answer = client().post(
        f"/annotations/{desk.claim.id}/relations/", {"kind": "repeats", "end": other.id}, headers=HTMX
    )
    html = answer.content.decode()
    assert f'id="annotation-card-{desk.claim.id}"' in html
    assert f'id="annotation-card-{other.id}"' not in html
    assert "Another day" in html


def test_a_relation_is_changed_turned_round_and_noted(desk: factories.Desk) -> None:
    other = factories.annotation(desk.article, "another", tag="denial")
    relation = factories.relation(desk.denial, other, kind="denies", attributes={"manner": "explicit"})
    address = f"/relations/{relation.id}/"
    page = client().get(address).content.decode()
    assert 'value="denies" checked' in page
    sent = {
        "kind": "repeats:reversed",
        "a.degree": "same",
        "a.manner": "explicit",
        "note": "In\r\nshort",
        "revision": "1",
    }
    assert client().post(address, sent).status_code == 303
    row = queries.relations.visible(factories.user("ana").pk, relation.id)
    assert row is not None
    assert (row.kind, row.subject, row.object, row.note) == ("repeats", other.id, desk.denial.id, "In\nshort")
    assert row.attributes == '{"degree": "same"}'


def test_a_stale_change_shows_both_states_and_overwrites_nothing(desk: factories.Desk) -> None:
    services.relations.update(relation_id=UUID(desk.denies.id), by=factories.actor("ana"), note="First.")
    sent = {"kind": "about", "note": "Second.", "revision": "1"}
    answer = client().post(f"/relations/{desk.denies.id}/", sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "First." in html
    assert "Second." in html
    problem = client().post(f"/relations/{desk.denies.id}/", sent, headers=OUTBOX).json()
    assert (problem["code"], problem["revision"]) == ("stale", 2)


def test_a_change_that_is_not_legal_says_so_in_the_form(desk: factories.Desk) -> None:
    answer = client().post(
        f"/relations/{desk.denies.id}/", {"kind": "supports", "revision": "1"}, headers=HTMX
    )
    assert answer.status_code == 409
    assert "does not allow" in answer.content.decode()


def test_a_colleagues_relation_is_read_with_the_reason(desk: factories.Desk) -> None:
    html = client("rita").get(f"/relations/{desk.denies.id}/", headers=HTMX).content.decode()
    assert "only its owner changes it" in html
    assert "<form" not in html
    assert client("rita").post(f"/relations/{desk.denies.id}/", {"kind": "about"}).status_code == 403


def test_a_withdrawn_relation_leaves_both_cards_and_comes_back(desk: factories.Desk) -> None:
    html = client().post(f"/relations/{desk.denies.id}/withdraw/", headers=HTMX).content.decode()
    assert "denied by" not in html
    assert f'data-undo="/relations/{desk.denies.id}/restore/"' in html
    assert client().get(f"/relations/{desk.denies.id}/").status_code == 410
    back = client().post(f"/relations/{desk.denies.id}/restore/", headers=HTMX).content.decode()
    assert "denied by" in back


def test_a_colleagues_annotation_is_related_in_ones_own_layer(desk: factories.Desk) -> None:
    answer = client("ben").post(
        f"/annotations/{desk.denial.id}/relations/", {"kind": "about", "end": desk.claim.id}
    )
    assert answer.status_code == 303
    assert Relation.objects.get(created_by__username="ben").layer.owner.username == "ben"  # type: ignore[union-attr]


def test_cards_carry_what_the_edges_are_drawn_from(desk: factories.Desk) -> None:
    html = client().get(f"/articles/{desk.article.id}/").content.decode()
    assert f'data-edges="{desk.denies.id},out,implied,{desk.claim.id},d"' in html
    assert f'data-edges="{desk.denies.id},in,implied,{desk.denial.id},d"' in html
