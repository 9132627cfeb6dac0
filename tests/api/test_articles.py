"""Articles over the API: loaded as JSON or as a file, their facts corrected, their words read."""

import hashlib
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.api.client import ROOT, Api, problem

BODY = {"project": "demo", "title": "A fire", "text": "A fire\nIt burned.\n"}


def upload(api: Api, name: str, data: bytes, **fields: str) -> Any:
    """Send a file as a form does."""
    form = {"project": "demo", **fields, "file": SimpleUploadedFile(name, data)}
    return api.client.post(f"{ROOT}articles/", form, headers=api.headers)


def test_an_article_is_loaded_and_described(ana: Api) -> None:
    facts = {
        "url": "https://example.org/fire",
        "publisher": "The Post",
        "byline": "A. Smith",
        "published_at": "2026-10",
    }
    made = ana.post("articles/", BODY | facts | {"language": "en-GB"})
    assert made.status_code == 201, made.content
    data = made.json()
    assert facts.items() <= data.items()
    assert (data["language"], data["direction"], data["project"]) == ("en-GB", "ltr", "demo")
    assert data["text_version"] == {
        "id": data["text_version"]["id"],
        "number": 1,
        "sha256": hashlib.sha256(BODY["text"].encode()).hexdigest(),
        "length": len(BODY["text"]),
        "words": 4,
    }
    assert data["counts"] == {"annotations": 0, "by_tag": {}}
    assert "text" not in data
    assert ana.get(f"articles/{data['id']}/").json() == data


def test_what_is_counted_is_what_one_sees(ana: Api, desk: factories.Desk) -> None:
    counts = {"annotations": 2, "by_tag": {"claim": 1, "denial": 1}}
    assert ana.get(f"articles/{desk.article.id}/").json()["counts"] == counts
    assert ana.all("articles/")[0]["counts"] == counts


def test_the_words_are_plain_text_that_may_be_kept(ana: Api, desk: factories.Desk) -> None:
    answer = ana.get(f"articles/{desk.article.id}/text/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == factories.TEXT
    assert answer["ETag"] == f'"{desk.article.sha256}"'
    assert answer["Cache-Control"] == "private, no-cache"
    assert ana.get(f"articles/{desk.article.id}/text/", If_None_Match=answer["ETag"]).status_code == 304
    version = ana.get(f"articles/{desk.article.id}/text/?version=1")
    assert version.content == answer.content
    assert "immutable" in version["Cache-Control"]
    problem(ana.get(f"articles/{desk.article.id}/text/?version=2"), 404, "not_found", "version")
    problem(ana.get(f"articles/{desk.article.id}/text/?version=x"), 422, "invalid", "version")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë said “no”.\r\n".encode(), "Zoë said “no”.\n"),
        ("\ufeffZoë said “no”.".encode(), "Zoë said “no”."),
        ("Zoë said “no”.".encode("utf-16"), "Zoë said “no”."),
        ("Zoë said “no”.".encode("windows-1252"), "Zoë said “no”."),
    ],
)
def test_a_file_is_read_in_its_own_encoding(ana: Api, data: bytes, text: str) -> None:
    made = upload(ana, "2026 fire.txt", data, language="en")
    assert made.status_code == 201, made.content
    article = made.json()
    assert (article["title"], article["file_name"]) == ("2026 fire", "2026 fire.txt")
    assert ana.get(f"articles/{article['id']}/text/").content.decode() == text


def test_a_file_that_is_no_text_is_refused_in_words(ana: Api) -> None:
    refused = problem(upload(ana, "a.pdf", b"%PDF-1.7\n\x00\x01"), 422, "undecodable", "file")
    assert "PDF" in refused["detail"]
    problem(upload(ana, "a.txt", b"", title="Empty"), 422, "invalid", "text")
    problem(upload(ana, "a.txt", b"One.", text="Two."), 422, "invalid", "text")
    problem(upload(ana, "a.txt", b"One.", colour="red"), 422, "invalid", "colour")


def test_a_text_that_is_too_large_is_refused_with_the_limit(ana: Api) -> None:
    refused = problem(ana.post("articles/", BODY | {"text": "é" * 3_000_000}), 413, "too_large", "text")
    assert refused["limit"] == settings.ARTICLE_MAX_BYTES
    body = b'{"title": "' + b"x" * settings.REQUEST_MAX_BYTES + b'"}'
    problem(ana.ask("POST", "articles/", body=body), 413, "too_large")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"text": " \n "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": 5}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"published_at": "last week"}, "published_at"),
        ({"published_at": "2026-02-30"}, "published_at"),
        ({"language": "not a tag"}, "language"),
        ({"direction": "up"}, "direction"),
        ({"project": ""}, None),
        ({"verdict": "false"}, "verdict"),
    ],
)
def test_what_is_wrong_is_named(ana: Api, wrong: dict[str, Any], field: str | None) -> None:
    answer = ana.post("articles/", BODY | wrong)
    if field is None:
        problem(answer, 404, "not_found")
    else:
        problem(answer, 422, "invalid", field)


def test_an_own_id_makes_one_article_however_often_it_is_sent(ana: Api) -> None:
    address = f"articles/{uuid.uuid4()}/"
    assert [ana.put(address, BODY).status_code for _again in range(2)] == [201, 200]
    problem(ana.put(address, BODY | {"title": "Another"}), 428, "precondition_required")
    replaced = ana.put(address, BODY | {"title": "Another"}, If_Match='"1"')
    assert (replaced.status_code, replaced.json()["title"], replaced["ETag"]) == (200, "Another", '"2"')
    problem(ana.put(address, BODY, If_Match='"1"'), 412, "stale")


def test_the_text_of_an_article_never_changes(ana: Api) -> None:
    article = ana.post("articles/", BODY).json()
    problem(ana.patch(f"articles/{article['id']}/", {"text": "Other."}), 409, "conflict", "text")
    assert (
        ana.patch(f"articles/{article['id']}/", {"text": BODY["text"], "byline": "B."}).json()["byline"]
        == "B."
    )
    assert ana.delete(f"articles/{article['id']}/").status_code == 405


def test_articles_are_filtered(ana: Api, desk: factories.Desk) -> None:
    ana.post("articles/", BODY | {"language": "de", "url": "https://example.org/fire"})
    for query, titles in {
        "q=FIRE": ["A fire"],
        "language=de": ["A fire"],
        "url=https://example.org/fire": ["A fire"],
        "project=demo": [factories.TITLE, "A fire"],
        "updated_after=2999-01-01T00:00:00Z": [],
    }.items():
        assert [row["title"] for row in ana.all(f"articles/?{query}")] == titles, query
