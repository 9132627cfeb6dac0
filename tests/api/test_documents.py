"""Captured texts, passages and merges over the API."""

from uuid import uuid4

from factcheck import services
from tests import factories
from tests.api.client import Api

TEXT = "Minutes of May\r\nThe bridge was not visited. 👍 The council left.\n"
WORDS = "The bridge was not visited."


def captured(desk: factories.Desk, api: Api) -> tuple[str, dict]:
    document = str(factories.source(desk.project, "Minutes", kind="document").id)
    made = api.post(f"sources/{document}/texts/", {"text": TEXT, "captured_at": "2026-11"})
    assert made.status_code == 201
    return document, made.json()


def linked(desk: factories.Desk, api: Api) -> tuple[str, dict]:
    document, text = captured(desk, api)
    body = {
        "annotation": desk.claim.id,
        "source": document,
        "role": "document",
        "passage": {"text_version": {"id": text["id"]}, "start": 15, "end": 42, "exact": WORDS},
    }
    made = api.post("source-links/", body)
    assert made.status_code == 201, made.content
    return document, made.json()


def test_text_is_captured_listed_and_read_back(desk: factories.Desk) -> None:
    api = Api("ana")
    document, text = captured(desk, api)
    assert (text["number"], text["length"], text["captured_at"]) == (1, len(TEXT) - 1, "2026-11")
    listed = api.get(f"sources/{document}/texts/").json()
    assert listed["results"] == [text]
    words = api.get(f"sources/{document}/texts/{text['id']}/text/")
    assert words.content.decode() == TEXT.replace("\r\n", "\n")
    assert words["ETag"] == f'"{text["sha256"]}"'
    told = api.get(f"sources/{document}/").json()
    assert told["text_version"] == {key: text[key] for key in ("id", "number", "sha256", "length")}
    other = str(desk.mayor.id)
    assert api.get(f"sources/{other}/texts/{text['id']}/text/").status_code == 404


def test_same_text_again_makes_nothing(desk: factories.Desk) -> None:
    api = Api("ana")
    document, text = captured(desk, api)
    again = api.post(f"sources/{document}/texts/", {"text": TEXT, "captured_at": "2026-11"})
    assert (again.status_code, again.json()) == (200, text)


def test_passage_goes_in_by_its_place_and_comes_out_with_its_words(desk: factories.Desk) -> None:
    api = Api("ana")
    document, link = linked(desk, api)
    text = api.get(f"sources/{document}/").json()["text_version"]
    assert link["quote"] == WORDS
    assert link["passage"] == {
        "text_version": {key: text[key] for key in ("id", "number", "sha256")},
        "start": 15,
        "end": 42,
        "exact": WORDS,
        "prefix": "Minutes of May\n",
        "suffix": " 👍 The council left.\n",
        "state": "found",
    }
    inside = api.get(f"annotations/{desk.claim.id}/").json()["source_links"]
    assert [one["passage"] for one in inside if one["role"] == "document"] == [link["passage"]]


def test_edited_text_is_told_by_the_feed_and_by_the_link(desk: factories.Desk) -> None:
    api = Api("ana")
    document, link = linked(desk, api)
    cursor = api.get("changes/?from=now").json()["cursor"]
    api.post(f"sources/{document}/texts/", {"text": "Nothing of it."})
    lost = api.get(f"source-links/{link['id']}/").json()
    assert (lost["passage"]["state"], lost["passage"]["text_version"]["number"]) == ("lost", 1)
    assert (lost["version"], lost["revision"]) == (link["version"], link["revision"] + 1)
    assert cursor  # acts get their positions at commit: what the feed tells is in tests/feed


def test_what_was_read_may_be_sent_back(desk: factories.Desk) -> None:
    api = Api("ana")
    _document, link = linked(desk, api)
    again = api.patch(f"source-links/{link['id']}/", {"passage": link["passage"], "quote": link["quote"]})
    assert again.json() == link
    cleared = api.patch(f"source-links/{link['id']}/", {"passage": None}).json()
    assert (cleared["passage"], cleared["quote"]) == (None, WORDS)


def test_other_words_are_refused_with_both(desk: factories.Desk) -> None:
    api = Api("ana")
    _document, link = linked(desk, api)
    sent = {**link["passage"], "exact": "The bridge was visited."}
    refused = api.patch(f"source-links/{link['id']}/", {"passage": sent})
    assert (refused.status_code, refused.json()["code"]) == (422, "exact_mismatch")
    assert refused.json()["found"] == WORDS


def test_nonsense_for_a_passage_is_refused_by_name(desk: factories.Desk) -> None:
    api = Api("ana")
    _document, link = linked(desk, api)
    for passage in (5, {}, {"start": 1}, {"text_version": "x", "start": 0, "end": 1},
                    {"text_version": str(uuid4()), "start": 0, "end": 1},
                    {**link["passage"], "start": 10**12}, {**link["passage"], "end": 3}):  # fmt: skip
        refused = api.patch(f"source-links/{link['id']}/", {"passage": passage})
        assert refused.status_code == 422, passage
        assert refused.json()["field"].startswith("passage"), passage


def test_merged_source_is_gone_and_says_into_which(desk: factories.Desk) -> None:
    api = Api("ana")
    council = str(factories.source(desk.project, "The council", kind="organisation").id)
    merged = api.post(f"sources/{desk.mayor.id}/merge/", {"into": council})
    assert merged.json()["aliases"] == ["The mayor's office"]
    gone = api.get(f"sources/{desk.mayor.id}/")
    assert (gone.status_code, gone.json()["merged_into"]) == (410, council)
    assert api.get(f"source-links/{desk.said.id}/").json()["source"] == council
    assert api.post(f"sources/{desk.mayor.id}/restore/").status_code == 409
    back = api.post(f"sources/{desk.mayor.id}/unmerge/")
    assert (back.status_code, back.json()["name"]) == (200, "The mayor's office")
    assert api.post(f"sources/{desk.mayor.id}/unmerge/").status_code == 409
    assert api.post(f"sources/{desk.mayor.id}/merge/", {"into": str(desk.mayor.id)}).status_code == 422


def test_hidden_text_of_a_blind_project_is_not_there(db: None) -> None:
    desk = factories.desk("blind-desk", blind=True)
    document = factories.source(desk.project, "A find", kind="document")
    text = services.source_texts.create(source_id=document.id, text="Words.", by=factories.actor("ana")).row
    for who, status in (("ana", 200), ("ben", 404), ("mona", 404)):
        assert Api(who).get(f"sources/{document.id}/texts/").status_code == status
        assert Api(who).get(f"sources/{document.id}/texts/{text.id}/text/").status_code == status
