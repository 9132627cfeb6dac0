"""The claim map as read: the seed article worked through, which layer, what may not be seen, how many statements."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck import queries, services
from factcheck.claims.records import ClaimRow, Related
from factcheck.exceptions import NotFound
from factcheck.models import Article
from factcheck.queries.claim_maps import ClaimMap
from tests import factories
from tests.benchmarks import rows as bulk

pytestmark = pytest.mark.django_db


def read(username: str, article_id: Any, layer: str | None = None) -> ClaimMap:
    viewer = factories.user(username).pk
    article = queries.articles.visible(viewer, article_id)
    assert article
    return queries.claim_maps.of_article(viewer, article, layer)


@pytest.fixture
def seed(db: None) -> ClaimMap:
    call_command("seed_demo", verbosity=0)
    return read("ana", Article.objects.get(title__startswith="Iranian troops").pk)


def row(of: ClaimMap, words: str) -> ClaimRow:
    [found] = [one for one in of.rows if any(words in member.words for member in one.members)]
    return found


def told(related: list[Related]) -> list[tuple[str, str]]:
    return [(one.statement.words.split()[0], one.manner) for one in related]


def test_the_claim_said_four_times_is_one_row_with_two_answers(seed: ClaimMap) -> None:
    group = row(seed, "Iran of selling suicide drones to Russia")
    assert group.claim.words == "Iran of selling suicide drones to Russia"
    starts = [(615, "Iran"), (946, "Russia"), (1065, "supplying"), (1233, "their")]
    assert [(one.start, one.words.split()[0]) for one in group.members] == starts
    assert told(group.denials) == [("denied", "explicit"), ("all", "implied")]
    assert told(group.evidence_for) == [("Images", "implied")]
    assert group.evidence_for[0].statement.attribute("presence") == "described"
    assert group.evidence_against == []
    names = {
        link.source: link.name for links in seed.links.values() for link in links if link.role == "speaker"
    }
    bodies = {link.behalf: link.behalf_name for links in seed.links.values() for link in links}
    assert [bodies.get(one) or names[one] for one in group.voices] == ["United States", "Ukraine"]
    assert group.gaps == ("date_unknown",)


def test_what_nobody_answers_is_said_so(seed: ClaimMap) -> None:
    embargo = row(seed, "violating a 2015 UN embargo")
    assert embargo.gaps == ("no_answer", "accused_silent", "one_source")
    assert [link.stance for link in embargo.documents] == ["context", "context"]
    assert (
        row(seed, "backing Russia’s military operation").context[0].words.startswith("the EU slapped")
    )  # context is no evidence for it


def test_the_seeds_gaps_are_counted(seed: ClaimMap) -> None:
    asserted = {one.claim.words[:20] for one in seed.having("asserted_only")}
    assert asserted == {"the Iranians have pu", "it’s the Russians wh", "both the US and Isra"}
    contradicted = [one.claim.words[:14] for one in seed.having("contradicted")]
    assert contradicted == ["Iranian troops", "it’s the Russi", "the protests t", "both the US an"]
    assert len(seed.rows) == 19
    assert seed.counts["no_answer"] == 17
    assert seed.counts["later_evidence"] == 0
    assert row(seed, "without providing evidence").is_about[0].words.startswith("Iranian troops are")
    assert row(seed, "Iranian troops are").spoken_about[0].words.startswith("without providing")


def test_which_layer_is_shown_first(seed: ClaimMap) -> None:
    article = seed.article.id
    assert seed.layer
    assert seed.layer.owner == "ana"
    shown = {name: read(name, article).layer for name in ("ben", "rita", "vic")}
    assert {name: one and one.owner for name, one in shown.items()} == {
        "ben": "ben",
        "rita": "ana",
        "vic": "ana",
    }
    bens = next(one for one in seed.layers if one.owner == "ben")
    assert len(row(read("ana", article, bens.id), "Iran of selling").members) == 2
    assert read("vic", article, "own").rows == []
    assert read("ana", article, "reference").layer is None
    with pytest.raises(NotFound):
        read("ana", article, str(factories.user("ana").pk))


def test_a_colleagues_claim_and_another_articles_denial_are_shown_with_their_place() -> None:
    project = factories.project()
    article = factories.article(project)
    other = factories.article(project, title="Another", text="The builders said it was a lie.\n")
    bens = factories.annotation(article, "The bridge is closed", by="ben")
    own = factories.annotation(article, "the bridge was checked in May")
    factories.relation(own, bens, kind="repeats")
    denial = factories.annotation(other, "it was a lie", tag="denial")
    factories.relation(denial, own, attributes={"manner": "explicit"})
    found = read("ana", article.id)
    [group] = found.rows
    assert (group.claim.id, group.claim.owner) == (bens.id, "ben")
    assert [one.statement.article_title for one in group.denials] == ["Another"]
    assert "no_answer" in group.gaps
    assert [one.claim.id for one in read("ben", article.id).rows] == [bens.id]
    assert read("ana", other.id).rows == []


def test_in_a_blind_project_a_colleagues_layer_is_not_there() -> None:
    desk = factories.desk(blind=True)
    for username in ("ben", "rita", "mona", "vic"):
        found = read(username, desk.article.id)
        assert (found.layers, found.rows) == ([], [])
        with pytest.raises(NotFound):
            read(username, desk.article.id, desk.claim.layer)
    assert len(read("ana", desk.article.id).rows) == 1


def test_what_is_withdrawn_is_not_in_the_map() -> None:
    desk = factories.desk()
    services.annotations.withdraw(annotation_id=desk.denial.id, by=factories.actor("ana"))
    [claim] = read("ana", desk.article.id).rows
    assert claim.denials == []
    assert "no_answer" in claim.gaps


def statements(article_id: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        read("ana", article_id)
    return len(captured)


def test_the_number_of_statements_does_not_grow() -> None:
    bulk.person.cache_clear()  # it kept accounts of a database that is gone
    text = bulk.long_text(3000)
    counts = []
    for number in (10, 2400):
        project = bulk.project(f"size-{number}")
        written = bulk.annotate(
            project, bulk.article(project, text), bulk.places(text, number, width=1, every=1)
        )
        bulk.link(project, written, bulk.source(project, "John Kirby"), 1)
        bulk.deny(project, written, 1)
        read("ana", written.article.id)  # the text is kept in memory from here on
        counts.append(statements(written.article.id))
        found = read("ana", written.article.id)
        assert sum(len(one.denials) for one in found.rows) == (number + 1) // 3
    assert counts == [counts[0]] * 2
    assert counts[0] <= 6
