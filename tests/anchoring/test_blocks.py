"""Blocks tile the text; a headline is one; addresses are found without the sentence around them."""

import pytest
from hypothesis import given

from factcheck.anchoring.blocks import Block, blocks_of, links_of
from tests.anchoring.strategies import texts


def test_every_line_end_ends_a_block_and_the_title_is_a_heading():
    text = "Headline\nFirst.\n\nSecond."
    assert blocks_of(text, "Headline") == [
        Block("heading", 0, 8),
        Block("paragraph", 9, 15),
        Block("paragraph", 16, 16),
        Block("paragraph", 17, 24),
    ]


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("Headline", "Headline", "heading"),
        ("Headline \nMore", " Headline", "heading"),
        ("Headline\nMore", "Head", "paragraph"),
        ("Headline\nMore", "headline", "paragraph"),
        ("Headline\nMore", "", "paragraph"),
        (" \nMore", " ", "paragraph"),
    ],
)
def test_only_a_first_line_that_equals_the_title_is_a_heading(text, title, kind):
    assert blocks_of(text, title)[0].kind == kind


def test_title_further_down_is_a_paragraph():
    assert {block.kind for block in blocks_of("\nTitle\nTitle", "Title")} == {"paragraph"}


def test_last_line_end_opens_no_block_and_empty_text_has_none():
    assert blocks_of("one\n") == [Block("paragraph", 0, 3)]
    assert blocks_of("\n\n") == [Block("paragraph", 0, 0), Block("paragraph", 1, 1)]
    assert blocks_of("", "Title") == []


@given(texts())
def test_blocks_with_their_line_ends_tile_the_text(text):
    rebuilt = "".join(text[start : end + 1] for _, start, end in blocks_of(text, "a"))
    assert rebuilt == text
    assert all("\n" not in text[start:end] for _, start, end in blocks_of(text))


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("See https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(http://example.org), HTTPS://EXAMPLE.ORG/X!", ["http://example.org", "HTTPS://EXAMPLE.ORG/X"]),
        ("https://en.wikipedia.org/wiki/Rosa_(name)", ["https://en.wikipedia.org/wiki/Rosa_(name)"]),
        ("(see https://en.wikipedia.org/wiki/Rosa_(name))", ["https://en.wikipedia.org/wiki/Rosa_(name)"]),
        ("[1] https://example.org/a]])", ["https://example.org/a"]),
        (
            "“https://example.org/a” <https://example.org/b>",
            ["https://example.org/a", "https://example.org/b"],
        ),
        ("详见http://example.org/新闻。然后", ["http://example.org/新闻"]),
        ("http://münchen.example/straße…", ["http://münchen.example/straße"]),
        ("xhttp://example.org ftp://example.org javascript:alert(1) http:// https://... http:///a", []),
        ("two:\nhttp://a.example/\nhttp://b.example", ["http://a.example/", "http://b.example"]),
        ("", []),
    ],
)
def test_addresses_are_found_without_the_sentence_around_them(text, urls):
    links = links_of(text)
    assert [link["url"] for link in links] == urls
    assert all(text[link["start"] : link["end"]] == link["url"] for link in links)


def test_many_closing_brackets_take_linear_time():
    assert links_of("http://a" + ")" * 200_000)[0]["end"] == 8
