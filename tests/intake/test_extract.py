"""An uploaded file becomes text with a title, a language and a direction, or a sentence says why not."""

import pytest

from factcheck.exceptions import Undecodable
from factcheck.intake import registry
from factcheck.intake.registry import UnknownType, extract, title_of

ARTICLE = (
    "Minister denies it\r\n\r\nThe minister denied on Thursday that the government had known about it.\r\n"
)


@pytest.mark.parametrize(
    "name", ["a.txt", "A.TXT", "a.md", "a.text", "article", "story.log", "C:\\files\\x.ar.txt", ""]
)
def test_plain_text_is_extracted_whatever_its_name(name):
    assert extract(name, ARTICLE.encode("utf-16")) == (
        ARTICLE,
        "utf-16-le",
        "Minister denies it",
        "en",
        "ltr",
    )


def test_right_to_left_article_is_seen_as_one():
    extracted = extract("a.txt", "الوزير ينفي\nأعلنت الحكومة اليوم أن الأسعار سترتفع.".encode())
    assert (extracted.title_guess, extracted.language, extracted.direction) == ("الوزير ينفي", "ar", "rtl")


def test_direction_comes_from_the_letters_when_the_language_is_open():
    extracted = extract(
        "a.txt", "\U0001e900\U0001e922".encode()
    )  # Adlam letters, which the model does not know
    assert (extracted.language, extracted.direction) == ("", "rtl")
    assert extract("a.txt", b"").direction == "ltr"


@pytest.mark.parametrize("name", ["a.html", "page.HTM", "a.docx", "a.pdf"])
def test_document_that_holds_more_than_text_is_refused_in_words(name):
    with pytest.raises(UnknownType, match="are not read yet") as caught:
        extract(name, b"<p>text</p>")
    assert caught.value.extra == {"type": f".{name.split('.')[1].lower()}", "known": [".txt", ".text", ".md"]}
    assert ".txt, .text, .md" in str(caught.value)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.bin"])
def test_binary_file_is_named_for_what_it_is_whatever_it_is_called(name):
    with pytest.raises(Undecodable, match="seems to be a PDF document"):
        extract(name, b"%PDF-1.7 ...")


def test_new_type_is_a_line_in_the_registry(monkeypatch):
    monkeypatch.setitem(registry.EXTRACTORS, ".html", lambda data: registry.Decoded("From HTML.", "utf-8"))
    assert extract("a.html", b"<p>From HTML.</p>").text == "From HTML."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        (" \n\t\r\n", ""),
        ("\r\n  Title here \rMore", "Title here"),
        ("\ufeffTitle\nMore", "Title"),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 199 + "…"),
        ("word " * 60, "word " * 38 + "word…"),
        ("short " + "x" * 300, "short " + "x" * 193 + "…"),
        ("a\0b\nMore", "a\0b"),
    ],
)
def test_title_is_the_first_line_that_is_not_empty(text, title):
    assert title_of(text) == title
    assert len(title_of(text)) <= registry.LONGEST_TITLE
