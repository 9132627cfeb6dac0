from typing import Any

import pytest

from factcheck.intake import jsonld
from factcheck.intake.jsonld_parts import CONTEXT
from factcheck.intake.readers import Undecided
from tests.intake.telling import articles, file, marked, refusals, told

TEXT = "The bridge is closed\nThe mayor said it is safe. The builders say it is safe."
BESIDE = file("bridge.txt", TEXT.replace("\n", "\r\n"))
SOURCE = "http://example.org/news/bridge"


def quote(exact: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def position(start: int, end: int) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def annotation(*selectors: Any, key: str = "http://example.org/1", **more: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": key,
        "type": "Annotation",
        "motivation": "tagging",
        "creator": {"type": "Person", "nickname": "ana"},
        "body": {"type": "TextualBody", "value": "claim"},
        "target": {"source": SOURCE, "selector": list(selectors)},
        **more,
    }


def words(*documents: Any, **options: Any) -> list[tuple[str, str, str]]:
    found = told(jsonld.read, *(file("a.jsonld", one) for one in documents), BESIDE, **options)
    return [one for line in articles(found) for one in marked(line)]


def whys(*documents: Any) -> list[str]:
    return [
        why
        for _place, why in refusals(told(jsonld.read, *(file("a.jsonld", one) for one in documents), BESIDE))
    ]


@pytest.mark.parametrize(
    "document",
    [
        annotation(quote("bridge is closed")),
        [annotation(quote("bridge is closed"))],
        {
            "@context": CONTEXT,
            "type": "AnnotationPage",
            "id": "p",
            "items": [annotation(quote("bridge is closed"))],
        },
        {
            "@context": ["http://example.org/c", CONTEXT],
            "type": "AnnotationCollection",
            "first": {"type": "AnnotationPage", "items": [annotation(quote("bridge is closed"))]},
        },
        {"@context": CONTEXT, "@graph": [annotation(quote("bridge is closed"))]},
    ],
)
def test_alone_as_a_list_as_a_page_and_as_a_collection(document: Any) -> None:
    assert words(document) == [("claim", "bridge is closed", "ana")]


def test_positions_and_quotes() -> None:
    assert words(annotation(position(4, 10)))[0][1] == "bridge"
    assert (
        words(annotation(position(22, 31)))[0][1] == "The mayor"
    )  # of the file, whose line ends are two characters
    assert words(annotation(position(0, 3), quote("builders")))[0][1] == "builders"
    assert words(annotation(quote("it is safe", prefix="builders say ")))[0][1] == "it is safe"
    assert words(annotation(quote("closed\r\nThe")))[0][1] == "closed\nThe"
    several = annotation(
        target=[{"source": SOURCE, "selector": quote(one)} for one in ("builders", "bridge")]
    )
    assert words(several)[0][1] == "bridge builders"


REFUSED: list[tuple[Any, str]] = [
    (annotation(quote("it is safe")), "2 places"),
    (annotation(quote("it was safe")), "are not in the text"),
    (annotation(position(4, 4_000)), "past the text"),
    (annotation({"type": "RangeSelector"}), "RangeSelector"),
    (annotation({"type": "FragmentSelector", "value": "char=0,4"}), "FragmentSelector"),
    (annotation({"type": "XPathSelector", "value": "/p"}), "XPathSelector"),
    (annotation({**quote("bridge"), "refinedBy": position(0, 2)}), "refined"),
    (annotation(), "no selector"),
    (annotation(quote("bridge"), target=SOURCE), "a whole resource"),
    (annotation(quote("bridge"), target=f"{SOURCE}#xywh=1,2,3,4"), "fragment"),
    (annotation(quote("bridge"), target={"type": "Choice", "items": [SOURCE]}), "Choice"),
    (annotation(quote("bridge"), target=9), "address or an object"),
    (annotation(quote("bridge"), target=[]), "no target"),
    (annotation(target={"source": "http://example.org/other", "selector": quote("x")}), "not known here"),
    (annotation(quote("bridge"), body=None), "No body says a tag"),
    (annotation(quote("bridge"), body="words"), "where an address must stand"),
    (annotation(quote("bridge"), body={"type": "TextualBody"}), "has a value"),
    (annotation(quote("bridge"), body={"type": "TextualBody", "value": ["a", "b"]}), "has a value"),
    (annotation(quote("bridge"), bodyValue="claim"), "not both"),
    (annotation(quote("bridge"), type="Squirrel"), "type must be Annotation"),
    (annotation(quote("bridge"), **{"@context": "fish"}), "@context"),
    (annotation(quote("bridge"), id=["a", "b"]), "one id"),
    (annotation(quote("bridge"), creator=["a", "b"]), "Several creators"),
    ({}, "@context"),
    (7, "must be an object"),
    ("this is not json", "no JSON"),
    ("[" * 2_000, "no JSON"),
    ("[" * 900 + "]" * 900, "must be an object"),
]


@pytest.mark.parametrize(("document", "why"), REFUSED)
def test_what_cannot_be_taken_is_refused_with_the_reason(document: Any, why: str) -> None:
    said = whys(document)
    assert len(said) == 1
    assert why in said[0]


def test_bodies_are_tags_and_notes_by_their_purpose() -> None:
    one = annotation(
        quote("bridge"),
        body=[
            {"type": "TextualBody", "value": "claim", "purpose": "classifying"},
            {"type": "TextualBody", "value": "By whom?", "purpose": "commenting"},
            "http://example.org/see",
        ],
    )
    (line,) = articles(told(jsonld.read, file("a.jsonld", one), BESIDE))
    (made,) = line["annotations"]
    assert (made["tag"], made["note"]) == ("claim", "By whom?\nhttp://example.org/see")


@pytest.mark.parametrize(
    ("creator", "who"),
    [
        ({"nickname": "rita", "name": "Rita R."}, "rita"),
        ({"email": "mailto:rita@example.org"}, "rita@example.org"),
        ("http://example.org/users/rita", "rita"),
        ("acct:rita@example.org", "rita@example.org"),
        (None, "ana"),
    ],
)
def test_creators_are_usernames(creator: Any, who: str) -> None:
    assert words(annotation(quote("bridge"), creator=creator))[0][2] == who


def test_nobody_named_is_asked_for() -> None:
    with pytest.raises(Undecided) as raised:
        words(annotation(quote("bridge"), creator=None), annotator="")
    assert raised.value.field == "annotator"


def test_linking_annotations_are_relations() -> None:
    one = annotation(quote("bridge"), key="http://example.org/1")
    two = annotation(quote("builders"), key="http://example.org/2")
    linked = {
        "@context": CONTEXT,
        "type": "Annotation",
        "motivation": "linking",
        "creator": "ana",
        "body": [
            {"type": "TextualBody", "value": "about", "purpose": "tagging"},
            {"type": "SpecificResource", "purpose": "linking", "source": "http://example.org/1"},
        ],
        "target": "http://example.org/2",
    }
    pair = {
        **linked,
        "body": {"type": "TextualBody", "value": "about"},
        "target": [{"id": one["id"]}, {"id": two["id"]}],
    }
    lost = {**linked, "target": "http://example.org/3"}
    found = told(jsonld.read, file("a.jsonld", [one, two, linked, lost]), BESIDE)
    (line,) = articles(found)
    (made,) = line["relations"]
    assert (made["kind"], made["subject"], made["object"]) == ("about", one["id"], two["id"])
    assert "does not join two annotations" in refusals(found)[0][1]
    (line,) = articles(told(jsonld.read, file("a.jsonld", [one, two, pair]), BESIDE))
    assert len(line["relations"]) == 1


def test_the_words_may_be_those_of_an_article_that_is_here() -> None:
    def known(source: str) -> dict[str, str] | None:
        return {"title": "Here", "text": "A bridge."} if source == SOURCE else None

    found = told(jsonld.read, file("a.jsonld", annotation(quote("bridge"))), known_article=known)
    (line,) = articles(found)
    assert line["article"]["title"] == "Here"
    assert found[-1].local_ids


def test_two_files_that_may_be_the_text_are_not_chosen_between() -> None:
    beside = [file("a/bridge.txt", TEXT), file("b/bridge.txt", TEXT)]
    ((_place, why),) = refusals(told(jsonld.read, file("a.jsonld", annotation(quote("bridge"))), *beside))
    assert why.startswith("Several files may be the text")


def test_pages_that_are_not_there_are_said() -> None:
    page = {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "id": "p1",
        "next": "http://example.org/p2",
        "items": [],
    }
    assert whys(page) == ["The page http://example.org/p2 is not in the file; only what is there is taken."]
    collection = {"@context": CONTEXT, "type": "AnnotationCollection", "first": "http://example.org/p1"}
    assert "p1 is not in the file" in whys(collection)[0]


OWN_ARTICLE = "0190b8b2-0000-7000-8000-00000000000a"
OWN = "0190b8b2-0000-7000-8000-00000000000c"


def own_page(**more: Any) -> dict[str, Any]:
    place = {
        "type": "SpecificResource",
        "source": f"urn:uuid:{OWN_ARTICLE}",
        "selector": [quote("mayor"), position(25, 30)],
    }
    link = {
        "id": "urn:uuid:0190b8b2-0000-7000-8000-000000000002",
        "type": "SpecificResource",
        "purpose": "linking",
        "source": "urn:uuid:0190b8b2-0000-7000-8000-000000000001",
        "creator": {"type": "Person", "nickname": "ana"},
        "created": "2026-10-21T10:04:00Z",
        "modified": "2026-10-21T10:04:00Z",
        "layer": "urn:uuid:0190b8b2-0000-7000-8000-000000000003",
        "role": "speaker",
        "position": 1,
        "as_named": "The mayor",
    }
    item = {
        "@context": CONTEXT,
        "id": f"urn:uuid:{OWN}",
        "type": "Annotation",
        "motivation": "classifying",
        "creator": {"type": "Person", "nickname": "ana"},
        "created": "2026-10-21T10:00:00.5Z",
        "modified": "2026-10-21T10:05:00Z",
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": "claim"},
            {"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": "Who?"},
            link,
        ],
        "target": [place],
        "layer": "urn:uuid:0190b8b2-0000-7000-8000-000000000003",
        "attributes": {"checkability": "checkable"},
        "status": "pending",
        "version": 2,
    }
    relation = {
        "@context": CONTEXT,
        "id": "urn:uuid:0190b8b2-0000-7000-8000-00000000000e",
        "type": "Annotation",
        "motivation": "linking",
        "creator": {"type": "Person", "nickname": "ana"},
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": "about"},
            {"type": "SpecificResource", "purpose": "linking", "source": f"urn:uuid:{OWN}"},
        ],
        "target": ["urn:uuid:0190b8b2-0000-7000-8000-00000000000d"],
        "attributes": {},
    }
    article = {
        "id": f"urn:uuid:{OWN_ARTICLE}",
        "title": "The bridge",
        "language": "en",
        "textDirection": "ltr",
        "text": TEXT,
    }
    return {"type": "AnnotationPage", "id": "p", "article": article, "items": [item, relation], **more}


def test_our_own_page_is_a_line_with_its_ids() -> None:
    source = {
        "id": "urn:uuid:0190b8b2-0000-7000-8000-000000000001",
        "type": "Organization",
        "kind": "organisation",
        "name": "Mayor",
    }
    page = own_page(
        layers=[{"id": "0190b8b2-0000-7000-8000-000000000003", "kind": "person", "owner": "ana"}],
        sources=[source],
    )
    document = {
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "project": {"slug": "demo"},
        "pages": [page],
    }
    (one,) = told(jsonld.read, file("a.jsonld", document))
    assert not one.local_ids
    assert not one.refused
    line = one.line
    assert isinstance(line, dict)
    assert line["project"] == {"slug": "demo"}
    assert line["article"] == {
        "id": OWN_ARTICLE,
        "title": "The bridge",
        "language": "en",
        "direction": "ltr",
        "text": TEXT,
    }
    assert line["annotations"] == [
        {
            "id": OWN,
            "created_by": "ana",
            "created_at": "2026-10-21T10:00:00.5Z",
            "updated_at": "2026-10-21T10:05:00Z",
            "layer": "0190b8b2-0000-7000-8000-000000000003",
            "tag": "claim",
            "note": "Who?",
            "spans": [{"start": 25, "end": 30, "exact": "mayor"}],
            "attributes": {"checkability": "checkable"},
            "status": "pending",
            "version": 2,
        }
    ]
    (link,) = line["source_links"]
    assert (link["annotation"], link["source"], link["as_named"]) == (OWN, source["id"][9:], "The mayor")
    (relation,) = line["relations"]
    assert (relation["subject"], relation["object"], relation["kind"]) == (OWN, f"{OWN[:-1]}d", "about")
    assert line["sources"] == [{"id": source["id"][9:], "kind": "organisation", "name": "Mayor"}]


@pytest.mark.parametrize(
    "broken",
    [
        {"items": 7},
        {"items": [7]},
        {"items": [{"type": "Annotation"}]},
        {"sources": [{"name": "x"}]},
        {"article": {"text": "a\x00"}},
        {"article": {"text": "a"}},
        {"layers": 7},
        {"items": [{"type": "Annotation", "motivation": "linking", "target": [{}]}]},
    ],
)
def test_a_broken_page_of_ours_is_refused_in_words(broken: dict[str, Any]) -> None:
    document = {"@context": CONTEXT, **own_page(), **broken}
    for one in told(jsonld.read, file("a.jsonld", document)):
        assert one.refused or one.line
