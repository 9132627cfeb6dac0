"""Finding annotations by words, by place and by relation."""

from urllib.parse import quote

import pytest

from factcheck import services
from tests import factories
from tests.api.client import Api, problem

WORDS = (
    "Мост закрыт на ремонт. Über den Fluß führt kein Weg. الجِسْر مُغْلَق منذ أيار. 桥梁已经关闭了。"
    " The well-known engineer's report says 3.5 metres."
)


def _found(api: Api, asked: str) -> list[str]:
    answer = api.get(f"annotations/?{asked}")
    assert answer.status_code == 200, answer.content
    return [row["exact"] for row in answer.json()["results"]]


@pytest.fixture
def worded(desk: factories.Desk) -> factories.Desk:
    article = factories.article(desk.project, title="Words", text=WORDS)
    for words in WORDS.split(". ")[:3]:
        factories.annotation(article, words)
    factories.annotation(article, "桥梁已经关闭了")
    factories.annotation(
        article, "The well-known engineer's report says 3.5 metres", note="Ask the Builders."
    )
    return desk


@pytest.mark.parametrize(
    ("q", "begins"),
    [
        ("мост", "Мост"),
        ("РЕМОНТ МОСТ", "Мост"),
        ('"закрыт на"', "Мост"),
        ("ремо*", "Мост"),
        ("über fluß", "Über"),
        ("الجسر", "الجِسْر"),
        ("مغـلق", "الجِسْر"),
        ("关闭", "桥梁"),
        ("关*", "桥梁"),
        ("well-known", "The well"),
        ("known", "The well"),
        ("well-kno*", "The well"),
        ("engineer*", "The well"),
        ("3.5", "The well"),
        ("builders", "The well"),
        ("ask report", "The well"),
        ('"the builders" -мост', "The well"),
        ("ＭＥＴＲＥＳ", "The well"),
    ],
)
def test_words_are_found_in_any_script(ana: Api, worded: factories.Desk, q: str, begins: str) -> None:
    found = _found(ana, f"q={quote(q)}")
    assert [one.startswith(begins) for one in found] == [True], found


@pytest.mark.parametrize(
    "q",
    [
        '"на закрыт"',
        "мос",
        "ремонт weg",
        "мост -ремонт",
        '"metres ask"',
        "闭关",
        "x' | 'y:*",
        "a:* & !b <->",
        "\\",
        "report -(report)",
    ],
)
def test_what_is_not_there_is_not_found(ana: Api, worded: factories.Desk, q: str) -> None:
    answer = ana.get(f"annotations/?q={quote(q)}")
    if q == "\\":
        problem(answer, 422, "invalid", "q")
    else:
        assert answer.json()["results"] == []


def test_an_annotation_of_a_whole_long_text_can_be_made_and_found(ana: Api, desk: factories.Desk) -> None:
    text = "beginning " + " ".join(f"word{number:x}" for number in range(60_000)) + " x" * 1000
    article = factories.article(desk.project, title="Long", text=text)
    made = services.annotations.create(
        article_id=article.id, tag="claim", spans=[(0, len(text))], by=factories.actor("ana")
    )
    found = ana.get("annotations/?q=beginning+word1&limit=1").json()["results"]
    assert [row["id"] for row in found] == [made.row.id]


def test_those_are_found_of_which_a_piece_overlaps(ana: Api, desk: factories.Desk) -> None:
    article = factories.article(desk.project, title="Pieces", text="abcdefghijklmnopqrst")
    for spans in ([(2, 5)], [(0, 2), (8, 10)], [(5, 8)]):
        services.annotations.create(
            article_id=article.id, tag="claim", spans=spans, by=factories.actor("ana")
        )

    def found(span: str) -> list[str]:
        return _found(ana, f"article={article.id}&overlaps={span}")

    assert found("4-5") == ["cde"]
    assert found("5-6") == ["fgh"]  # half-open: the first one ends before
    assert found("3-6") == ["cde", "fgh"]
    assert found("2-8") == ["cde", "fgh"]  # between its pieces there is nothing of the second
    assert found("9-200") == ["ab ij"]
    assert found("10-20") == []
    for wrong in ("5-5", "6-5", "-1-5", "a-b", "5", "0-9999999999", "99999999999-5", ""):
        problem(ana.get(f"annotations/?article={article.id}&overlaps={wrong}"), 422, "invalid", "overlaps")
    problem(ana.get("annotations/?overlaps=1-2"), 422, "invalid", "article")


def test_annotations_are_found_by_their_relations(ana: Api, desk: factories.Desk) -> None:
    factories.annotation(desk.article, "A photograph shows a crack", tag="evidence")
    claim, denial = "the bridge was checked in May", "denied any fault"
    assert _found(ana, f"relation={desk.denies.id}") == [claim, denial]
    assert _found(ana, f"related_to={desk.claim.id}") == [denial]
    assert _found(ana, f"related_to={desk.claim.id}&relation_kind=denies&relation_end=subject") == [denial]
    assert _found(ana, f"related_to={desk.claim.id}&relation_end=object") == []
    assert _found(ana, f"related_to={desk.claim.id}&relation_kind=about") == []
    assert _found(ana, "relation_kind=denies") == [claim, denial]
    assert _found(ana, "relation_kind=denies&relation_end=object") == [claim]
    problem(ana.get("annotations/?relation_end=object"), 422, "invalid", "relation_end")
    problem(ana.get("annotations/?relation_end=middle&relation_kind=denies"), 422, "invalid", "relation_end")
    ana.delete(f"relations/{desk.denies.id}/")
    assert _found(ana, "relation_kind=denies") == []


def test_a_relation_to_what_is_hidden_is_not_told(db: None) -> None:
    desk = factories.desk("blind", blind=True)
    assert _found(Api("ana"), "relation_kind=denies&relation_end=object") != []
    assert _found(Api("ben"), "relation_kind=denies") == []
    assert _found(Api("ben"), f"related_to={desk.claim.id}") == []
    assert _found(Api("ben"), "q=bridge") == []


def test_other_lists_are_found_by_what_they_join(ana: Api, desk: factories.Desk) -> None:
    for end in (desk.claim.id, desk.denial.id):
        assert [row["id"] for row in ana.all(f"relations/?annotation={end}")] == [desk.denies.id]
    for path in ("relations", "source-links", "sources"):
        assert ana.all(f"{path}/?updated_after=2000-01-01T00:00:00Z") != []
        assert ana.all(f"{path}/?updated_after=2100-01-01T00:00:00Z") == []
    minutes = factories.source(desk.project, "Minutes", kind="document")
    shown = factories.link(desk.claim, minutes, role="document", stance="supports").id
    assert [row["id"] for row in ana.all("source-links/?stance=supports")] == [shown]
    office = factories.source(desk.project, "The city", kind="organisation")
    spoke = factories.link(desk.denial, desk.mayor, on_behalf_of=office.id).id
    assert [row["id"] for row in ana.all(f"source-links/?on_behalf_of={office.id}")] == [spoke]
