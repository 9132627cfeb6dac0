"""Loading an article and correcting what is said about it: nothing that was typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factcheck import queries, services
from factcheck.models import Article, Project
from factcheck.queries.articles import ArticleRow
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "The bridge is closed\nThe mayor said so on Thursday, after a year in which nobody had looked at it.\n"


@pytest.fixture
def project() -> Project:
    return factories.project("demo")


@pytest.fixture
def ana(client: Client, project: Project) -> Client:
    client.force_login(factories.user("ana"))
    return client


def load(client: Client, **given: object) -> object:
    return client.post("/projects/demo/articles/new/", given)


def only_article() -> ArticleRow:
    found = queries.articles.visible(factories.user("ana").pk, Article.objects.get().pk)
    assert found
    return found


def test_pasted_text_becomes_an_article(ana: Client) -> None:
    given = {"publisher": "The Evening Post", "url": "https://post.example/1", "published_at": "2022-10"}
    response = load(ana, text=TEXT.replace("\n", "\r\n"), **given)
    article = only_article()
    assert (response.status_code, response.headers["Location"]) == (303, f"/articles/{article.id}/")
    assert queries.texts.of(article.version_id).text == TEXT
    assert (article.title, article.publisher, article.published_at) == (
        "The bridge is closed",
        "The Evening Post",
        "2022-10",
    )
    assert (article.url, article.language, article.direction) == ("https://post.example/1", "en", "ltr")


def test_the_guessed_language_is_told_and_can_be_corrected(ana: Client) -> None:
    load(ana, text=TEXT)
    article = only_article()
    page = ana.get("/").content.decode()
    assert "The language looks like English." in page
    assert f"/articles/{article.id}/edit/" in page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_file_becomes_an_article_under_its_own_name(ana: Client, encoding: str) -> None:
    words = "Überprüfung der Brücke\nDer Bürgermeister sagte „nein“, und niemand widersprach ihm größer.\n"
    assert load(ana, file=SimpleUploadedFile("bruecke.txt", words.encode(encoding))).status_code == 303
    article = only_article()
    assert (article.title, article.file_name) == ("Überprüfung der Brücke", "bruecke.txt")
    assert queries.texts.of(article.version_id).text == words


def test_right_to_left_text_is_known_as_such(ana: Client) -> None:
    load(ana, text="رئيس البلدية ينفي إغلاق الجسر\nقال رئيس البلدية إن الجسر مفتوح منذ سنوات طويلة.\n")
    assert (only_article().language, only_article().direction) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("given", "status", "field", "says"),
    [
        ({"text": ""}, 422, "text", "There is no text yet"),
        ({"text": " \r\n\t "}, 422, "text", "There is no text yet"),
        ({"text": "a\x00b"}, 422, "text", "NUL"),
        ({"text": TEXT, "url": "javascript:alert(1)"}, 422, "url", "http"),
        ({"text": TEXT, "published_at": "last week"}, 422, "published_at", ""),
        ({"text": TEXT, "published_at": "2022-13"}, 422, "published_at", ""),
        ({"text": TEXT, "language": "xx-nonsense"}, 422, "language", ""),
        ({"text": TEXT, "title": "t" * 501}, 422, "title", "500"),
        ({"text": "t" * 501}, 422, "title", "too long for a title"),
        ({"text": TEXT, "publisher": "a\x00b"}, 422, "publisher", "NUL"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_the_rest_is_kept(
    ana: Client, given: dict[str, str], status: int, field: str, says: str
) -> None:
    response = load(ana, byline="A. Reporter", **given)
    page = response.content.decode()
    assert response.status_code == status
    assert says in " ".join(response.context["form"].errors[field])
    assert f'id="id_{field}_error"' in page
    assert f'href="#id_{field}"' in page
    assert 'value="A. Reporter"' in page
    assert not Article.objects.exists()


def test_too_large_a_text_is_413_and_kept(ana: Client, settings: object) -> None:
    settings.ARTICLE_MAX_BYTES = 50
    response = load(ana, text=TEXT)
    assert response.status_code == 413
    assert "nobody had looked" in response.content.decode()
    assert "50" in response.context["form"].errors["text"][0]


def test_too_large_a_file_is_413_and_what_was_typed_is_kept(ana: Client, settings: object) -> None:
    settings.ARTICLE_MAX_BYTES = 50
    response = load(ana, file=SimpleUploadedFile("long.txt", TEXT.encode()), title="Mine")
    assert response.status_code == 413
    assert "long.txt" in response.context["form"].errors["file"][0]
    assert 'value="Mine"' in response.content.decode()


@pytest.mark.parametrize("data", [b"%PDF-1.7 stuff", b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00\x01\x02\x03" * 40])
def test_a_file_that_is_no_text_is_refused_in_words(ana: Client, data: bytes) -> None:
    response = load(ana, file=SimpleUploadedFile("thing.txt", data), title="Mine")
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert 'value="Mine"' in response.content.decode()


def test_an_empty_file_is_no_text(ana: Client) -> None:
    assert load(ana, file=SimpleUploadedFile("empty.txt", b"")).status_code == 422


def test_a_file_is_not_to_be_chosen_again_because_something_else_was_wrong(ana: Client) -> None:
    first = load(ana, file=SimpleUploadedFile("bridge.txt", TEXT.encode()), url="ftp://x")
    assert first.status_code == 422
    form = first.context["form"]
    again = load(ana, text=form["text"].value(), file_name=form["file_name"].value(), url="")
    assert again.status_code == 303
    assert only_article().file_name == "bridge.txt"


def test_the_same_text_is_not_loaded_twice(ana: Client) -> None:
    load(ana, text=TEXT)
    response = load(ana, text=TEXT, title="Another title")
    assert response.status_code == 409
    assert "The bridge is closed" in response.context["form"].errors["text"][0]
    assert f'href="/articles/{only_article().id}/"' in response.content.decode()


def test_the_same_text_in_another_project_is_not_told_of(ana: Client) -> None:
    other = services.projects.create(slug="other", name="Other", by=factories.actor("eve"))
    factories.article(other, text=TEXT, by="eve")
    assert load(ana, text=TEXT).status_code == 303


def facts(article: ArticleRow, **changed: object) -> dict[str, object]:
    return {"title": article.title, "language": article.language, "revision": article.revision, **changed}


def test_what_is_said_about_an_article_can_be_corrected(ana: Client, project: Project) -> None:
    article = factories.article(project)
    response = ana.post(
        f"/articles/{article.id}/edit/", facts(article, title="The bridge was closed", language="ar")
    )
    assert response.status_code == 303
    assert (only_article().title, only_article().direction) == ("The bridge was closed", "rtl")


def test_a_stale_form_gets_both_states_and_overwrites_nothing(ana: Client, project: Project) -> None:
    article = factories.article(project, publisher="Post")
    services.articles.update(article_id=article.id, by=factories.actor("ben"), publisher="The Evening Post")
    mine = facts(article, publisher="Evening Post Ltd")
    response = ana.post(f"/articles/{article.id}/edit/", mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The Evening Post" in page
    assert 'value="Evening Post Ltd"' in page
    assert only_article().publisher == "The Evening Post"
    knowingly = mine | {"revision": response.context["form"]["revision"].value()}
    assert ana.post(f"/articles/{article.id}/edit/", knowingly).status_code == 303
    assert only_article().publisher == "Evening Post Ltd"


@pytest.mark.parametrize("revision", ["", "x", "0", "-1", "99999999999999999999999"])
def test_a_revision_that_is_none_is_a_422(ana: Client, project: Project, revision: str) -> None:
    article = factories.article(project)
    assert ana.post(f"/articles/{article.id}/edit/", facts(article, revision=revision)).status_code == 422


def test_a_language_that_the_list_lacks_stays(ana: Client, project: Project) -> None:
    article = factories.article(project, language="de-AT-1996")
    response = ana.post(f"/articles/{article.id}/edit/", facts(article, byline="A. R."))
    assert response.status_code == 303
    assert only_article().language == "de-AT-1996"
