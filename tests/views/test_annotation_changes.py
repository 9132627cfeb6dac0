"""What the article's page sends: made once, refused in words, never overwritten, and never for strangers."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from factcheck import queries, services
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


def fields(desk: factories.Desk, words: str = "twice a week", **more: Any) -> dict[str, str]:
    start = factories.TEXT.index(words)
    return {
        "id": str(uuid4()),
        "tag": "claim",
        "spans": f"{start}-{start + len(words)}",
        "exact": words,
        "article_version": str(desk.article.version_id),
        **more,
    }


def annotations(desk: factories.Desk) -> list[Any]:
    return queries.annotations.of_article(factories.user("ana").pk, desk.article.id)


def test_an_annotation_sent_twice_is_made_once_and_answered_alike(desk: factories.Desk) -> None:
    sent = fields(desk)
    first = client().post(f"/articles/{desk.article.id}/annotations/", sent, headers=OUTBOX)
    again = client().post(f"/articles/{desk.article.id}/annotations/", sent, headers=OUTBOX)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first["HX-Reswap"] == "none"
    assert f'id="annotation-card-{sent["id"]}"' in again.content.decode()
    assert len(annotations(desk)) == 3


def test_the_answer_brings_the_paragraph_with_its_numbers_explained(desk: factories.Desk) -> None:
    sent = fields(desk)
    html = client().post(f"/articles/{desk.article.id}/annotations/", sent, headers=HTMX).content.decode()
    assert html.count("<p id=") == 1
    assert f'data-of="{desk.claim.id} {sent["id"]}"' in html
    assert '<mark data-ids="1"' in html


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"exact": "twice a day"}, 422, "exact_mismatch"),
        ({"spans": "12"}, 422, "invalid"),
        ({"spans": ""}, 422, "invalid"),
        ({"spans": "5-2"}, 422, "invalid"),
        ({"spans": "0-99999999"}, 422, "invalid"),
        ({"tag": "rumour"}, 422, "invalid"),
        ({"id": "no id"}, 422, "invalid"),
        ({"article_version": str(uuid4())}, 409, "conflict"),
        ({"note": "a\x00b"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    desk: factories.Desk, change: dict[str, str], status: int, code: str
) -> None:
    answer = client().post(
        f"/articles/{desk.article.id}/annotations/", fields(desk, **change), headers=OUTBOX
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert len(annotations(desk)) == 2


def test_a_stale_change_is_a_conflict_that_shows_both(desk: factories.Desk) -> None:
    address = f"/annotations/{desk.denial.id}/"
    seen = str(queries.annotations.visible(factories.user("ana").pk, desk.denial.id).revision)  # type: ignore[union-attr]
    services.annotations.update(annotation_id=desk.denial.id, note="Theirs", by=factories.actor("ana"))  # type: ignore[arg-type]
    sent = {"note": "Mine", "revision": seen}
    for headers in ({}, HTMX):
        answer = client().post(address, sent, headers=headers)
        assert answer.status_code == 409
        assert "Theirs" in answer.content.decode()
        assert "Mine" in answer.content.decode()
    problem = client().post(address, sent, headers=OUTBOX)
    assert problem.json()["revision"] == int(seen) + 1
    assert annotations(desk)[1].note == "Theirs"
    again = client().post(address, {**sent, "revision": str(problem.json()["revision"])}, headers=HTMX)
    assert again.status_code == 200
    assert annotations(desk)[1].note == "Mine"


def test_a_change_sent_twice_is_no_conflict(desk: factories.Desk) -> None:
    sent = {
        "note": "Mine",
        "revision": str(queries.annotations.visible(factories.user("ana").pk, desk.denial.id).revision),
    }  # type: ignore[union-attr]
    for _ in range(2):
        assert client().post(f"/annotations/{desk.denial.id}/", sent, headers=OUTBOX).status_code == 200


def test_withdrawing_redraws_the_other_ends_of_its_relations(desk: factories.Desk) -> None:
    html = client().post(f"/annotations/{desk.denial.id}/withdraw/", headers=HTMX).content.decode()
    assert f'<fc-gone data-id="{desk.denial.id}">' in html
    assert f'id="annotation-card-{desk.claim.id}"' in html
    assert "denied by" not in html
    again = client().post(f"/annotations/{desk.denial.id}/withdraw/", headers=HTMX)
    assert again.status_code == 200
    html = client().post(f"/annotations/{desk.denial.id}/restore/", headers=HTMX).content.decode()
    assert "denied by" in html


def test_undo_brings_back_what_it_touched(desk: factories.Desk) -> None:
    client().post(f"/annotations/{desk.claim.id}/", {"tag": "evidence"}, headers=HTMX)
    html = client().post(f"/articles/{desk.article.id}/undo/", headers=HTMX).content.decode()
    assert f'id="annotation-card-{desk.claim.id}"' in html
    assert 'class="t-claim' in html


@pytest.mark.parametrize("username", ["ben", "rita", "vic"])
def test_a_colleagues_annotation_is_not_changed(desk: factories.Desk, username: str) -> None:
    for part in ("", "withdraw/", "links/same/"):
        answer = client(username).post(
            f"/annotations/{desk.claim.id}/{part}", {"tag": "denial"}, headers=OUTBOX
        )
        assert answer.status_code in (403, 404), part
    assert [row.tag for row in annotations(desk)] == ["claim", "denial"]


def test_attributes_are_set_and_taken_off_and_others_stay(desk: factories.Desk) -> None:
    address = f"/annotations/{desk.claim.id}/"
    client().post(address, {"attributes": "1", "a.wording": "mixed", "a.unsure": "on"}, headers=HTMX)
    assert annotations(desk)[0].attributes == '{"unsure": true, "wording": "mixed"}'
    client().post(address, {"attributes": "1", "a.wording": "", "a.unsure": ""}, headers=HTMX)
    assert annotations(desk)[0].attributes == "{}"
    answer = client().post(address, {"attributes": "1", "a.wording": "sung"}, headers=OUTBOX)
    assert answer.status_code == 422


class TestSources:
    def send(self, desk: factories.Desk, **more: str) -> Any:
        sent = {"role": "speaker", "id": str(uuid4()), **more}
        return client().post(f"/annotations/{desk.denial.id}/links/", sent, headers=HTMX)

    def links(self, desk: factories.Desk) -> list[Any]:
        return queries.source_links.of_annotations(factories.user("ana").pk, [desk.denial.id]).get(
            desk.denial.id, []
        )

    def test_a_known_name_or_alias_is_found_and_a_new_one_made(self, desk: factories.Desk) -> None:
        factories.source(desk.project, "Volodymyr Zelensky", aliases=["Zelensky"])
        assert self.send(desk, source_name="zelensky").status_code == 200
        assert self.send(desk, source_name="A passer-by", role="concerns").status_code == 200
        assert [link.source_name for link in self.links(desk)] == ["Volodymyr Zelensky", "A passer-by"]

    def test_a_name_like_others_asks_and_makes_a_new_one_only_when_told(self, desk: factories.Desk) -> None:
        factories.source(desk.project, "Volodymyr Zelensky")
        asked = self.send(desk, source_name="Vladimir Zelensky")
        assert asked.status_code == 422
        assert "Volodymyr Zelensky" in asked.content.decode()
        assert self.links(desk) == []
        assert self.send(desk, source_name="Vladimir Zelensky", make_source="1").status_code == 200

    def test_the_articles_own_voice_and_nobody_named_are_two_things(self, desk: factories.Desk) -> None:
        assert self.send(desk, standing="own_voice").status_code == 200
        assert self.send(desk, standing="unnamed", role="via").status_code == 200
        assert [link.source_kind for link in self.links(desk)] == ["own_voice", "unnamed"]

    def test_a_link_that_is_refused_makes_no_source_and_keeps_what_was_typed(
        self, desk: factories.Desk
    ) -> None:
        answer = self.send(
            desk, role="document", source_name="The report", url="ftp://example.org", quote="A passage"
        )
        assert answer.status_code == 422
        assert "A passage" in answer.content.decode()
        assert queries.sources.suggest(factories.user("ana").pk, desk.project.pk, "The report") == []

    def test_a_spokesperson_speaks_for_a_body_that_is_made_with_it(self, desk: factories.Desk) -> None:
        assert self.send(desk, source_name="John Kirby", on_behalf_name="Security Council").status_code == 200
        [link] = self.links(desk)
        assert (link.source_name, link.on_behalf_of_name) == ("John Kirby", "Security Council")

    def test_what_a_document_has_is_kept_for_documents_only(self, desk: factories.Desk) -> None:
        assert (
            self.send(desk, source_name="John Kirby", url="https://example.org", stance="refutes").status_code
            == 200
        )
        [link] = self.links(desk)
        assert (link.url, link.stance) == ("", None)

    def test_a_stale_link_shows_both_states(self, desk: factories.Desk) -> None:
        address = f"/links/{desk.said.id}/"
        seen = desk.said.revision
        services.source_links.update(link_id=desk.said.id, by=factories.actor("ana"), as_named="She")  # type: ignore[arg-type]
        answer = client().post(
            address,
            {"role": "speaker", "source": desk.said.source, "as_named": "He", "revision": str(seen)},
            headers=HTMX,
        )
        assert answer.status_code == 409
        assert "She" in answer.content.decode()
        assert "He" in answer.content.decode()

    def test_the_same_speaker_sent_twice_is_linked_once(self, desk: factories.Desk) -> None:
        sent = {"id": str(uuid4())}
        for _ in range(2):
            answer = client().post(f"/annotations/{desk.denial.id}/links/same/", sent, headers=OUTBOX)
            assert answer.status_code == 200
        assert [link.source_name for link in self.links(desk)] == ["The mayor's office"]

    def test_without_a_speaker_before_the_same_is_refused_in_words(self) -> None:
        article = factories.article(factories.project())
        row = factories.annotation(article, "twice a week")
        answer = client().post(f"/annotations/{row.id}/links/same/", headers=OUTBOX)
        assert answer.status_code == 404
        assert "not named a speaker" in answer.json()["detail"]
