"""Rows of the map from a few statements, links and relations: what counts once, what is a gap."""

import json
from itertools import count
from typing import Any

import pytest

from factcheck.claims.records import Article, ClaimRow, Link, Relation, Statement
from factcheck.claims.rows import build

HERE = Article("here", "2022-10")
_ids = count(1)


def statement(id: str, tag: str = "claim", *, article: str = "here", **attributes: Any) -> Statement:
    published = attributes.pop("published_at", None)
    title = None if article == "here" else "Another article"
    given = json.dumps(attributes) if attributes else "{}"
    return Statement(
        id,
        article,
        None,
        tag,
        next(_ids),
        [f"words of {id}"],
        given,
        "pending",
        title,
        published_at=published,
    )


def link(on: str, source: str, role: str = "speaker", behalf: str | None = None, **more: Any) -> Link:
    number = str(next(_ids))
    empty = dict.fromkeys(("as_named", "cue", "url", "quote", "locator", "accessed_at", "archive_url"), "")
    facts: dict[str, Any] = {"stance": None} | empty | more
    return Link(
        number, on, role, source, source.title(), "person", behalf=behalf, behalf_name=behalf, **facts
    )


def rows(
    statements: list[Statement],
    links: list[Link] | None = None,
    relations: list[tuple[str, ...]] | None = None,
) -> list[ClaimRow]:
    by: dict[str, list[Link]] = {}
    for one in links or []:
        by.setdefault(one.annotation, []).append(one)
    given = [
        Relation(kind, subject, object_, "".join(rest)) for subject, kind, object_, *rest in relations or []
    ]
    return build(HERE, statements, by, given)


@pytest.mark.parametrize(
    ("links", "voices", "gap"),
    [
        ([], 0, "speaker_missing"),
        ([("a", "us"), ("b", "us")], 1, "one_source"),
        ([("a", "us")], 1, "speaker_missing"),
        ([("a", "us"), ("b", "zelensky", "speaker", "ukraine")], 2, None),
        ([("a", "ukraine"), ("b", "zelensky", "speaker", "ukraine")], 1, "one_source"),
        # Zelensky speaks for Ukraine in one place, so in the other he is no further source.
        ([("a", "zelensky"), ("b", "zelensky", "speaker", "ukraine")], 1, "one_source"),
        # Who speaks for two bodies does not make them one.
        ([("a", "agent", "speaker", "shop"), ("b", "agent", "speaker", "bank")], 2, None),
        ([("a", "ann", "speaker", "bob"), ("b", "bob", "speaker", "ann")], 1, "one_source"),
        ([("a", "article"), ("b", "nobody")], 2, None),
        ([("a", "us"), ("b", "us"), ("b", "iran", "concerns")], 1, "one_source"),
    ],
)
def test_voices_are_counted_once_each(links: list[tuple[str, ...]], voices: int, gap: str | None) -> None:
    [row] = rows([statement("a"), statement("b")], [link(*one) for one in links], [("b", "repeats", "a")])
    assert len(row.voices) == voices
    assert [one for one in row.gaps if one in ("one_source", "speaker_missing")] == ([gap] if gap else [])


@pytest.mark.parametrize(
    ("speaker", "behalf", "silent"),
    [("iran", None, False), ("envoy", "iran", False), ("kremlin", None, True), (None, None, True)],
)
def test_the_accused_has_answered_when_a_denial_is_theirs(
    speaker: str | None, behalf: str | None, silent: bool
) -> None:
    links = [link("b", "iran", "concerns")] + ([link("d", speaker, behalf=behalf)] if speaker else [])
    claims = [statement("a"), statement("b")]
    [row] = rows(
        [*claims, statement("d", "denial")], links, [("b", "repeats", "a"), ("d", "denies", "a", "explicit")]
    )
    assert ("accused_silent" in row.gaps) is silent
    assert "no_answer" not in row.gaps


def test_nobody_named_is_nobody_silent_and_a_denial_elsewhere_is_no_answer_here() -> None:
    claim, denial = statement("a"), statement("d", "denial", article="there")
    [row] = rows([claim, denial], [], [("d", "denies", "a")])
    assert [one.statement.id for one in row.denials] == ["d"]
    assert "no_answer" in row.gaps
    assert "accused_silent" not in row.gaps


@pytest.mark.parametrize(
    ("presences", "document", "gap"),
    [
        ([], None, False),
        (["asserted"], None, True),
        (["asserted", "described"], None, False),
        (["shown"], None, False),
        ([None], None, False),
        (["asserted"], "supports", False),
        (["asserted"], "refutes", True),
    ],
)
def test_evidence_that_is_only_asserted(presences: list[str | None], document: str | None, gap: bool) -> None:
    shown = [
        statement(f"e{at}", "evidence", **({"presence": one} if one else {}))
        for at, one in enumerate(presences)
    ]
    links = [link("a", "paper", "document", stance=document)] if document else []
    [row] = rows([statement("a"), *shown], links, [(one.id, "supports", "a") for one in shown])
    assert ("asserted_only" in row.gaps) is gap


@pytest.mark.parametrize(
    ("said_on", "evidence", "later"),
    [
        ("2022-10-01", {"said_on": "2022-11"}, True),
        ("2022-10-01", {"said_on": "2022-09"}, False),
        ("2022-10-01", {}, None),
        ("", {"said_on": "2022-11"}, True),  # the claim was made when the article appeared
        ("", {"said_on": "2022"}, None),
        ("", {"article": "there", "published_at": "2023"}, True),
    ],
)
def test_evidence_later_than_the_claim(said_on: str, evidence: dict[str, str], later: bool | None) -> None:
    claim = statement("a", **({"said_on": said_on} if said_on else {}))
    [row] = rows([claim, statement("e", "evidence", **evidence)], [], [("e", "refutes", "a")])
    assert row.later is later
    assert [one for one in row.gaps if one in ("later_evidence", "date_unknown")] == {
        True: ["later_evidence"],
        None: ["date_unknown"],
        False: [],
    }[later]


def test_a_document_that_was_read_before_the_claim_is_not_later() -> None:
    claim = statement("a", said_on="2022-10-21")
    old, new = (
        link("a", "paper", "document", stance="supports", accessed_at=day)
        for day in ("2022-10-20", "2026-01-12")
    )
    assert rows([claim], [old])[0].later is False
    assert rows([claim], [old, new])[0].later is None
    assert rows([claim])[0].later is False


def test_an_answer_to_several_of_a_group_is_told_once_in_its_strongest_manner() -> None:
    claims = [statement("a"), statement("b"), statement("c")]
    relations = [("b", "repeats", "a"), ("c", "repeats", "b"), ("d", "denies", "b", "implied")]
    relations += [("d", "denies", "c", "explicit"), ("x", "denies", "a", "implied")]
    [row] = rows([*claims, statement("x", "denial"), statement("d", "denial")], [], relations)
    assert [(one.statement.id, one.manner) for one in row.denials] == [("d", "explicit"), ("x", "implied")]
    assert row.claim.id == "a"


def test_contradiction_is_seen_from_both_ends_and_not_within_a_group() -> None:
    claims = [statement("a"), statement("b"), statement("c")]
    first, second = rows(
        claims, [], [("a", "contradicts", "c"), ("a", "contradicts", "b"), ("b", "repeats", "a")]
    )
    assert [[one.id for one in row.contradictions] for row in (first, second)] == [["c"], ["a"]]


def test_a_group_that_touches_the_article_is_a_row_and_one_elsewhere_is_none() -> None:
    claims = [statement("a"), statement("b", article="there"), statement("c", article="there")]
    [row] = rows(claims, [], [("a", "repeats", "b"), ("c", "about", "a")])
    assert (row.claim.id, [one.id for one in row.members]) == ("b", ["a", "b"])
    assert [one.id for one in row.spoken_about] == ["c"]
