"""The pages of captured texts and of merges, as plain forms: what is said, what is kept, what is refused in words."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "The minutes\nThe bridge was <b>not</b> visited & nobody knew.\nIt was closed in June.\n"


@pytest.fixture
def desk() -> factories.Desk:
    return factories.desk()


@pytest.fixture
def document(desk: factories.Desk) -> queries.sources.Row:
    return factories.source(desk.project, "The minutes", kind="document")


@pytest.fixture
def ana(desk: factories.Desk) -> Client:
    client = Client()
    client.force_login(factories.user("ana"))
    return client


def kept(document: queries.sources.Row, text: str = TEXT) -> queries.source_texts.Row:
    made = services.source_texts.create(source_id=document.id, text=text, by=factories.actor("ana"))
    row: queries.source_texts.Row = made.row
    return row


def passage(desk: factories.Desk, document: queries.sources.Row, words: str, **kwargs: object) -> None:
    text = queries.source_texts.present(factories.actor("ana").user_id, document.id)
    assert text is not None
    at = queries.source_texts.words(text.id).index(words)
    place = services.source_texts.Passage(text.id, at, at + len(words))
    factories.link(desk.claim, document, role="document", passage=place, **kwargs)  # type: ignore[arg-type]


def test_text_is_pasted_and_corrected(ana: Client, document: queries.sources.Row) -> None:
    address = f"/sources/{document.id}/text/"
    assert "Keep its text" in ana.get(f"/sources/{document.id}/").content.decode()
    answer = ana.post(address, {"text": "One.\r\nTwo.", "number": "0"})
    assert answer["Location"] == f"/sources/{document.id}/"
    assert "One.\nTwo." in ana.get(address).content.decode()
    ana.post(address, {"text": "One.\r\nTwo.\r\nThree.", "number": "1"})
    assert "version 2" in ana.get(f"/sources/{document.id}/").content.decode()


def test_file_is_uploaded(ana: Client, document: queries.sources.Row) -> None:
    file = SimpleUploadedFile("minutes.txt", "Der Brücke fehlt nichts.".encode("utf-16"))
    assert (
        ana.post(f"/sources/{document.id}/text/", {"text": "", "number": "0", "file": file}).status_code
        == 303
    )
    assert "Brücke" in ana.get(f"/sources/{document.id}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"text": ""}, 422, "The text is empty"),
        ({"text": "a\x00b"}, 422, "NUL"),
        ({"text": "x" * 5_000_001}, 413, "at most 5000000"),
        ({"text": "A", "url": "ftp://x"}, 422, "http"),
        ({"text": "A", "captured_at": "soon"}, 422, "date"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    ana: Client, document: queries.sources.Row, sent: dict[str, str], status: int, words: str
) -> None:
    answer = ana.post(f"/sources/{document.id}/text/", {"number": "0", **sent})
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_correction_of_an_older_text_asks_first(ana: Client, document: queries.sources.Row) -> None:
    kept(document)
    kept(document, "By somebody else.")
    answer = ana.post(f"/sources/{document.id}/text/", {"text": "Mine.", "number": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody kept another text" in page
    assert "Mine." in page
    assert 'value="2"' in page
    assert ana.post(f"/sources/{document.id}/text/", {"text": "Mine.", "number": "2"}).status_code == 303


def test_only_a_document_has_a_page_for_its_text(ana: Client, desk: factories.Desk) -> None:
    assert ana.get(f"/sources/{desk.mayor.id}/text/").status_code == 409
    assert "Keep its text" not in ana.get(f"/sources/{desk.mayor.id}/").content.decode()


def test_passages_stand_in_the_text_and_nothing_of_it_is_markup(
    ana: Client, desk: factories.Desk, document: queries.sources.Row
) -> None:
    kept(document)
    passage(desk, document, "was <b>not</b> visited", url="https://example.org/m")
    passage(desk, document, "visited & nobody")
    page = ana.get(f"/sources/{document.id}/").content.decode()
    assert "<b>not</b>" not in page
    assert "<mark>was &lt;b&gt;not&lt;/b&gt; </mark>" in page
    assert "<mark>visited</mark>" in page
    assert '<sup><a href="#passage-1">1</a></sup>' in page
    assert f"?annotation={desk.claim.id}#annotation-card-{desk.claim.id}" in page
    assert "https://example.org/m#:~:text=The%20bridge" in page


def test_lost_passage_is_shown_with_its_words(
    ana: Client, desk: factories.Desk, document: queries.sources.Row
) -> None:
    kept(document)
    passage(desk, document, "It was closed in June.")
    answer = ana.post(f"/sources/{document.id}/text/", {"text": "Nothing.", "number": "1"}, follow=True)
    page = answer.content.decode()
    assert "1 passage is lost." in page
    assert "“It was closed in June.”" in page
    card = ana.get(f"/annotations/{desk.claim.id}/card/", follow=True).content.decode()
    assert "no longer in the captured text" in card


def test_quote_that_is_typed_finds_its_place_or_is_reported(
    ana: Client, desk: factories.Desk, document: queries.sources.Row
) -> None:
    kept(document)
    sent = {"role": "document", "source": str(document.id), "stance": "said"}
    ana.post(f"/annotations/{desk.claim.id}/links/", {**sent, "quote": "It was closed in June."})
    answer = ana.post(
        f"/annotations/{desk.claim.id}/links/", {**sent, "quote": "Not in it."}, HTTP_HX_REQUEST="true"
    )
    assert "not in the captured text" in answer.content.decode()
    links = queries.source_links.of_annotations(factories.user("ana").pk, [desk.claim.id])[desk.claim.id]
    assert [row.passage_state for row in links if row.role == "document"] == ["found", None]


def test_selected_place_is_taken_among_repeats(
    ana: Client, desk: factories.Desk, document: queries.sources.Row
) -> None:
    text = kept(document, "It was closed. It was open. It was closed.")
    sent = {"role": "document", "source": str(document.id), "quote": "It was closed."}
    place = {"passage": "28-42", "passage_text": str(text.id)}
    ana.post(f"/annotations/{desk.claim.id}/links/", {**sent, **place})
    [row] = [
        row
        for row in queries.source_links.of_annotations(factories.user("ana").pk, [desk.claim.id])[
            desk.claim.id
        ]
        if row.role == "document"
    ]
    assert (row.passage_start, row.passage_end) == (28, 42)
    form = ana.get(f"/links/{row.id}/").content.decode()
    assert 'name="passage" value="28-42"' in form
    ana.post(f"/links/{row.id}/", {**sent, **place, "stance": "refutes", "revision": str(row.revision)})
    again = queries.source_links.visible(factories.user("ana").pk, row.id)
    assert again is not None
    assert (again.passage_start, again.stance) == (28, "refutes")


def test_page_of_a_source_takes_as_many_statements_for_few_passages_as_for_many(
    ana: Client, desk: factories.Desk, document: queries.sources.Row
) -> None:
    kept(document)

    def statements() -> int:
        ana.get(f"/sources/{document.id}/")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert ana.get(f"/sources/{document.id}/").status_code == 200
        return len(seen)

    passage(desk, document, "The bridge")
    few = statements()
    for words in ("was", "not", "visited", "nobody", "knew", "closed", "June", "minutes"):
        passage(desk, document, words)
    assert statements() == few


def test_merge_is_looked_at_then_done_then_undone(ana: Client, desk: factories.Desk) -> None:
    council = factories.source(desk.project, "The council", kind="organisation")
    address = f"/sources/{desk.mayor.id}/merge/"
    near = ana.get(address, {"name": "council"}).content.decode()
    assert f"?into={council.id}" in near
    look = ana.get(address, {"into": str(council.id)}).content.decode()
    assert "1 link that you can see" in look
    assert ana.post(address, {"into": str(council.id)})["Location"] == f"/sources/{council.id}/"
    page = ana.get(f"/sources/{council.id}/").content.decode()
    assert "was merged into this source by ana" in page
    assert "The mayor&#x27;s office" in page
    gone = ana.get(f"/sources/{desk.mayor.id}/")
    assert gone.status_code == 410
    assert "merged into another one" in gone.content.decode()
    assert ana.post(f"/sources/{desk.mayor.id}/unmerge/")["Location"] == f"/sources/{desk.mayor.id}/"
    assert ana.post(f"/sources/{desk.mayor.id}/unmerge/").status_code == 404


def test_merge_that_is_refused_says_why(ana: Client, desk: factories.Desk) -> None:
    nobody = queries.sources.standing(desk.project.pk, "unnamed")
    answer = ana.post(f"/sources/{nobody}/merge/", {"into": str(desk.mayor.id)})
    assert answer.status_code == 409
    assert "stay with the project" in answer.content.decode()
    assert ana.post(f"/sources/{desk.mayor.id}/merge/", {}).status_code == 422
    council = factories.source(desk.project, "The council")
    services.merges.merge(source_id=desk.mayor.id, into=council.id, by=factories.actor("ana"))
    services.source_links.update(link_id=UUID(desk.said.id), by=factories.actor("ana"), source=nobody)
    refused = ana.post(f"/sources/{desk.mayor.id}/unmerge/", follow=True).content.decode()
    assert "Undoing would overwrite that." in refused


def test_page_says_when_nobody_is_named(ana: Client, desk: factories.Desk) -> None:
    nobody = queries.sources.standing(desk.project.pk, "unnamed")
    page = ana.get(f"/sources/{nobody}/").content.decode()
    assert "Nobody is named here" in page
    assert "Merge into" not in page
