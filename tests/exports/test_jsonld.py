"""One JSON-LD document of W3C annotations: true to the model, and the lines of jsonl can be made from it."""

import copy
import itertools
import json
import tracemalloc
import uuid

import pytest

from factcheck.exports import jsonld
from factcheck.exports.web_annotations import CONTEXT, TERMS, Iris, alone, places_in, relation
from tests.exports.lines import back_to_lines
from tests.exports.musts import broken_musts

KEY = uuid.UUID("0190b8b2-0000-7000-8000-0000000000ff")
BASE = "https://desk.example/api/v1/"
HERE = jsonld.Collection("demo", KEY)
THERE = jsonld.Collection("demo", KEY, BASE, f"{BASE}exports/jsonld/?project=demo")
# A small set of our own of texts that break writers and readers of text.
NASTY = [
    "quote \" apostrophe ' backslash \\ slash / </script>",
    "line\nend\ttab\u2028line\u2029paragraph\x0bvertical\x85next",
    "\u0001\u001f\u007f\ufeff\ufffe\uffff\u200b\u00ad",
    "👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣ 𝒜𝒷𝒸 e\u0301 \u1100\u1161",
    "قال العمدة إن الماء \u202eنظيف\u202c תמיד",
    "@id @context @type {} [] urn:uuid: http://x/ _:b0 null true 1e9",
    "../../etc/passwd?x=1#y %00 %s {0} ${jndi:x} <!--",
    " leading and trailing ",
]
numbers = itertools.count(1)


def new():
    return str(uuid.UUID(int=(0x0190B8B2 << 96) + next(numbers)))


MADE = {"created_by": "ana", "created_at": "2026-10-21T10:00:00.5Z", "updated_at": "2026-10-21T10:05:00Z"}
JUDGED = MADE | {"status": "pending", "version": 1}


def line(nasty="Checked.", text=None):
    """An article as a line of the interchange format, with one of everything; `nasty` in every text field."""
    text = text or f"The bridge\n{nasty}\nis closed, they say."
    article, layer, source, other, captured = (new() for _ in range(5))
    split = [(0, 10), (11, 11 + len(nasty)), (len(text) - 4, len(text) - 1)]
    spans = [{"start": start, "end": end, "exact": text[start:end]} for start, end in split]
    claim, denial = (
        {
            "id": new(),
            "layer": layer,
            "tag": tag,
            "spans": spans,
            "note": note,
            "attributes": {"unsure": True, "said_where": nasty, "nested": {"@type": [1, None, {}]}},
            **JUDGED,
        }
        for tag, note in (("claim", nasty), ("denial", ""))
    )
    link = {
        "id": new(),
        "layer": layer,
        "annotation": claim["id"],
        "source": source,
        "role": "document",
        "position": 1,
        "on_behalf_of": other,
        "as_named": nasty,
        "cue": [{"start": 0, "end": 3}],
        "stance": "refutes",
        "url": nasty,
        "quote": nasty,
        "locator": nasty,
        "accessed_at": "2026-10",
        "archive_url": nasty,
        "passage": {"text": captured, "start": 0, "end": 3, "prefix": "", "suffix": nasty, "state": "found"},
        "note": nasty,
        **JUDGED,
    }
    bare = link | {
        "id": new(),
        "role": "speaker",
        "on_behalf_of": None,
        "stance": None,
        "passage": None,
        "cue": [],
    }
    bare |= dict.fromkeys(("as_named", "url", "quote", "locator", "accessed_at", "archive_url", "note"), "")
    link["void"], bare["void"] = True, False
    sources = [
        {"id": one, "kind": kind, "name": nasty, "aliases": aliases, "description": nasty, "url": nasty,
         "standing": standing, **MADE}
        for one, kind, aliases, standing in (
            (source, "document", [nasty, "B", nasty], False), (other, "person", [], True))
    ]  # fmt: skip
    return {
        "format": 1,
        "project": {"slug": "demo", "name": nasty, "settings": {}, "guidelines": nasty, "scheme": {"tags": []}},
        "article": {
            "id": article, "title": nasty, "url": nasty, "publisher": nasty, "byline": nasty,
            "published_at": "2026", "language": "ar", "direction": "rtl", "file_name": nasty, "text": text,
        },
        "layers": [{"id": layer, "kind": "person", "owner": "ana", "state": "open", "submitted_at": None,
                    "opened_at": None}],
        "annotations": [claim, denial],
        "relations": [{"id": new(), "layer": layer, "kind": "denies", "subject": denial["id"],
                       "object": claim["id"], "attributes": {"manner": "implied"}, "note": nasty, "void": True,
                       **JUDGED}],
        "sources": sources,
        "source_texts": [{"id": captured, "source": source, "number": 1, "text": nasty, "url": ""}],
        "source_links": [link, bare],
        "reviews": [{"id": new(), "annotation": claim["id"], "note": nasty, "proposal": {"tag": "denial"}}],
        "review_responses": [{"id": new(), "note": nasty}],
        "proposed_annotations": [{"id": new(), "note": nasty, "spans": []}],
        "reviewers": [{"id": new(), "reviewer": "rita"}],
        "threads": [{"id": new(), "annotation": claim["id"], "comments": [{"id": new(), "body": nasty}]}],
    }  # fmt: skip


def document(*lines, about=HERE):
    return json.loads(b"".join(jsonld.write([about, *copy.deepcopy(lines)])))


@pytest.mark.parametrize("about", [HERE, THERE], ids=["command line", "API"])
def test_every_annotation_is_what_the_model_says(about):
    told = document(line(), line(), about=about)
    items = [one for page in told["pages"] for one in page["items"]]
    assert [broken_musts(one) for one in items] == [[]] * 6
    assert [broken_musts(alone(one)) for one in items] == [[]] * 6


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("about", [HERE, THERE], ids=["command line", "API"])
def test_nothing_is_lost_or_changed(nasty, about):
    lines = [line(nasty), line(nasty)]
    assert back_to_lines(document(*lines, about=about)) == lines


def test_pieces_are_targets_in_order_that_say_the_place_twice():
    article = line("👩‍👩‍👧‍👦 قال 𝒜")
    text = article["article"]["text"]
    claim = document(article)["pages"][0]["items"][0]
    assert len(claim["target"]) == 3
    for target, span in zip(claim["target"], article["annotations"][0]["spans"], strict=True):
        quote, position = target["selector"]
        assert (position["start"], position["end"]) == (span["start"], span["end"])
        assert quote["exact"] == text[position["start"] : position["end"]]
        assert text[: position["start"]].endswith(quote["prefix"])
        assert text[position["end"] :].startswith(quote["suffix"])


def test_the_pages_are_one_chain_inside_the_collection():
    told = document(line(), line(), line())
    pages = told["pages"]
    assert told["type"] == "AnnotationCollection"
    assert (told["first"], told["last"], told["total"]) == (pages[0]["id"], pages[-1]["id"], 9)
    assert [page["startIndex"] for page in pages] == [0, 3, 6]
    assert [page.get("next") for page in pages] == [pages[1]["id"], pages[2]["id"], None]
    assert [page.get("prev") for page in pages] == [None, pages[0]["id"], pages[1]["id"]]
    assert {page["partOf"] for page in pages} == {told["id"]}
    ids = [
        told["id"],
        *(page["id"] for page in pages),
        *(one["id"] for page in pages for one in page["items"]),
    ]
    assert len(set(ids)) == len(ids)


def test_an_article_without_annotations_has_its_page_too():
    bare = line() | {"annotations": [], "relations": [], "source_links": []}
    told = document(line(), bare)
    assert [len(page["items"]) for page in told["pages"]] == [3, 0]
    assert told["total"] == 3


def test_nothing_to_export_is_a_collection_of_nothing():
    told = document()
    assert (told["type"], told["total"]) == ("AnnotationCollection", 0)
    assert not {"first", "last", "pages"} & set(told)


def test_things_are_named_by_address_where_there_is_one():
    article = line()
    told = document(article, about=THERE)
    claim = told["pages"][0]["items"][0]
    assert told["id"] == f"{BASE}exports/jsonld/?project=demo"
    assert told["pages"][0]["id"] == f"{told['id']}#{article['article']['id']}"
    assert claim["id"] == f"{BASE}annotations/{article['annotations'][0]['id']}/"
    assert claim["target"][0]["source"] == f"{BASE}articles/{article['article']['id']}/text/"
    assert claim["body"][2]["source"] == f"{BASE}sources/{article['sources'][0]['id']}/"


def test_a_relation_says_subject_and_object_apart():
    one = {
        "id": "r",
        "layer": "l",
        "kind": "denies",
        "subject": "s",
        "object": "o",
        "attributes": {},
        "note": "",
    }
    told = relation(one | JUDGED, iris=Iris())
    assert told["motivation"] == "linking"
    assert [body.get("source") or body["value"] for body in told["body"]] == ["denies", "urn:uuid:s"]
    assert told["target"] == [{"id": "urn:uuid:o"}]


def test_every_key_is_a_term_of_a_context():
    """What no context says would be dropped by whoever reads it as JSON-LD."""
    known = {*TERMS, *ANNO_TERMS, "@context"}
    told = document(line())

    def keys(thing):
        for key, value in thing.items():
            yield key
            term = TERMS.get(key)
            if not (isinstance(term, dict) and term.get("@type") == "@json"):
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, dict) and key != "@context":
                        yield from keys(one)

    assert set(keys(told)) <= known
    assert not set(TERMS) & ANNO_TERMS
    assert told["@context"] == [CONTEXT, TERMS]


ANNO_TERMS = {
    *("id", "type", "body", "target", "source", "selector", "creator", "created", "modified", "motivation"),
    *("purpose", "value", "format", "language", "textDirection", "exact", "prefix", "suffix", "start", "end"),
    *("name", "nickname", "label", "first", "last", "next", "prev", "partOf", "items", "total", "startIndex"),
    *(
        "state",
        "scope",
        "via",
        "canonical",
        "rights",
        "homepage",
        "cached",
        "audience",
        "generator",
        "generated",
    ),
}
"""Terms of the W3C context that we write, and others that ours could be taken for."""


def test_the_words_of_a_span_come_from_the_text():
    [place] = places_in("The bridge is closed", [{"start": 4, "end": 10}])
    assert place == (4, 10, "bridge", "The ", " is closed")


def test_many_articles_take_the_memory_of_one():
    one = json.dumps(line(text="The bridge\nChecked.\nis closed, " + "they say " * 5000 + "."))

    def articles(number):
        yield HERE
        for _nth in range(number):
            yield json.loads(one)

    def peak(number):
        tracemalloc.start()
        written = sum(map(len, jsonld.write(articles(number))))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return written, most

    (few_bytes, few), (many_bytes, many) = peak(3), peak(60)
    assert many_bytes > 15 * few_bytes
    assert many < 1.5 * few
