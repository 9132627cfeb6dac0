"""What each stood for at first is kept by the history, and goes out the same whatever becomes of it later."""

import json
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from factcheck import services
from factcheck.exceptions import Invalid
from factcheck.queries import interchange
from tests import factories
from tests.api.client import Api, problem
from tests.factories import actor

# An act has its position when it is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def exported(username="vic", name="jsonl", **chosen):
    viewer = factories.user(username).pk if username else None
    chosen = {"project": "water", "answers": "first"} | chosen
    return b"".join(interchange.export(name, interchange.select(viewer, **chosen)))


def lines(*args, **chosen):
    return [json.loads(line) for line in exported(*args, **chosen).splitlines()]


def blind_desk():
    """Ana and ben are assigned and have answered; ana has all kinds of things there, a captured text too."""
    project = factories.project("water", blind=True)
    article = factories.article(project)
    layers = {
        owner: services.layers.assign(article_id=article.id, owner=owner, by=actor("mona")).row.id
        for owner in ("ana", "ben")
    }
    claim = factories.annotation(article, "the bridge was checked in May", note="At first.")
    denial = factories.annotation(article, "denied any fault", tag="denial")
    gone = factories.annotation(article, "twice a week")
    services.annotations.withdraw(annotation_id=UUID(gone.id), by=actor("ana"))
    denies = factories.relation(denial, claim, note="Plainly.")
    mayor = factories.source(project, "The mayor")
    said = factories.link(claim, mayor, as_named="Mayor")
    paper = factories.source(project, "Minutes", kind="document")
    text = services.source_texts.create(source_id=paper.id, text="It was closed.", by=actor("ana")).row
    shown = factories.link(
        denial, paper, role="document", passage=services.source_texts.Passage(text.id, 0, 6)
    )
    bens = factories.annotation(article, "A photograph shows a crack", tag="evidence", by="ben")
    for owner, layer in layers.items():
        services.layers.submit(layer_id=layer, by=actor(owner))
    return locals()


def everything_changes(desk):
    """Do to a desk whatever can be done to what stands on it."""
    ana, mona, rita = actor("ana"), actor("mona"), actor("rita")
    claim, denial = UUID(desk["claim"].id), UUID(desk["denial"].id)
    change = services.reviews.create(
        thing="annotation",
        thing_id=claim,
        decision="change",
        proposal={"spans": [{"start": 0, "end": 3}]},
        by=rita,
    ).row
    services.reviews.respond(review_id=UUID(change.id), answer="accepted", by=ana)
    services.reviews.create(thing="annotation", thing_id=denial, decision="reject", by=rita)
    missed = services.proposed_annotations.create(
        layer_id=desk["layers"]["ana"], tag="claim", spans=[(0, 3)], by=rita
    )
    services.proposed_annotations.take(proposed_id=UUID(missed.row.id), by=ana)
    services.annotations.update(annotation_id=claim, note="Later.", attributes={"unsure": True}, by=ana)
    services.relations.update(relation_id=UUID(desk["denies"].id), note="Later.", by=ana)
    services.source_links.update(link_id=UUID(desk["said"].id), as_named="Later", by=ana)
    services.source_links.withdraw(link_id=UUID(desk["shown"].id), by=ana)
    services.sources.update(source_id=desk["mayor"].id, name="Later", by=ana)
    other = factories.source(desk["project"], "Other", kind="document")
    services.merges.merge(source_id=desk["paper"].id, into=other.id, by=ana)
    services.source_texts.create(source_id=other.id, text="Later.", by=ana)
    services.annotations.restore(annotation_id=UUID(desk["gone"].id), by=ana)
    services.annotations.withdraw(annotation_id=UUID(desk["bens"].id), by=actor("ben"))
    factories.annotation(desk["article"], "The builders", tag="claim")
    services.articles.update(article_id=desk["article"].id, title="Later", publisher="Later", by=ana)
    services.projects.update(
        project_id=desk["project"].pk, name="Later", guidelines="Later", approvals_needed=2, by=mona
    )
    services.tags.change(project_id=desk["project"].pk, name="claim", title="Later", by=mona)
    services.layers.reopen(layer_id=desk["layers"]["ana"], by=ana)
    services.layers.submit(layer_id=desk["layers"]["ana"], by=ana)
    services.layers.hand_over(layer_id=desk["layers"]["ben"], to="ruben", by=mona)
    services.reviewers.assign(article_id=desk["article"].id, reviewer="rita", by=mona)
    services.annotations.withdraw(annotation_id=denial, by=ana)


def test_they_are_the_same_bytes_whatever_is_changed_later() -> None:
    desk = blind_desk()
    names = ("jsonl", "jsonld")
    before = [exported(who, name) for who in ("vic", "mona", None) for name in names]
    line = lines()[0]
    present = json.loads(b"".join(interchange.export("jsonl", interchange.select(None, project="water"))))
    apart = ("project",)
    assert {key: line[key] for key in line if key not in apart} == {
        key: present[key] for key in line if key not in apart
    }
    everything_changes(desk)
    assert [exported(who, name) for who in ("vic", "mona", None) for name in names] == before
    now = json.loads(b"".join(interchange.export("jsonl", interchange.select(None, project="water"))))
    assert now["annotations"] != line["annotations"]
    assert "Later" not in before[0].decode()


def test_they_are_what_stood_there_and_nothing_that_was_decided() -> None:
    desk = blind_desk()
    everything_changes(desk)
    [line] = lines()
    assert line["project"] == {"slug": "water"}
    assert [
        (
            one["tag"],
            one["exact"] if "exact" in one else one["spans"][0]["exact"],
            one["note"],
            one["created_by"],
        )
        for one in line["annotations"]
    ] == [
        ("claim", "the bridge was checked in May", "At first.", "ana"),
        ("denial", "denied any fault", "", "ana"),
        ("evidence", "A photograph shows a crack", "", "ben"),
    ]
    assert {one["status"] for one in (*line["annotations"], *line["relations"], *line["source_links"])} == {
        "pending"
    }
    assert [(one["note"], one["void"]) for one in line["relations"]] == [("Plainly.", False)]
    assert [one["name"] for one in line["sources"]] == ["The mayor", "Minutes"]
    assert [one["text"] for one in line["source_texts"]] == ["It was closed."]
    assert [one["owner"] for one in line["layers"]] == ["ana", "ben"]
    assert (
        line["reviews"] == line["review_responses"] == line["proposed_annotations"] == line["reviewers"] == []
    )


def test_in_a_blind_project_it_is_what_stood_there_when_the_layers_opened() -> None:
    project = factories.project("water", blind=True)
    article = factories.article(project)
    mine = factories.annotation(article, "denied any fault", note="One.")
    theirs = services.layers.assign(article_id=article.id, owner="ben", by=actor("mona")).row
    services.layers.submit(layer_id=UUID(mine.layer), by=actor("ana"))
    assert lines("ana") == lines("vic") == lines(None) == []
    services.layers.reopen(layer_id=UUID(mine.layer), by=actor("ana"))
    services.annotations.update(annotation_id=UUID(mine.id), note="Two.", by=actor("ana"))
    services.layers.submit(layer_id=UUID(mine.layer), by=actor("ana"))
    assert lines("ana") == []
    services.layers.submit(layer_id=theirs.id, by=actor("ben"))
    services.annotations.update(annotation_id=UUID(mine.id), note="Three.", by=actor("ana"))
    assert [one["note"] for one in lines("vic")[0]["annotations"]] == ["Two."]


def test_elsewhere_it_is_what_was_first_submitted_layer_by_layer() -> None:
    project = factories.project("water")
    article = factories.article(project)
    mine = factories.annotation(article, "denied any fault", note="One.")
    factories.annotation(article, "The builders", by="ben")
    assert lines() == []
    services.reviews.create(thing="annotation", thing_id=UUID(mine.id), decision="approve", by=actor("rita"))
    services.layers.submit(layer_id=UUID(mine.layer), by=actor("ana"))
    services.annotations.update(annotation_id=UUID(mine.id), note="Two.", by=actor("ana"))
    services.layers.reopen(layer_id=UUID(mine.layer), by=actor("ana"))
    services.layers.submit(layer_id=UUID(mine.layer), by=actor("ana"))
    [line] = lines()
    assert [(one["note"], one["status"]) for one in line["annotations"]] == [("One.", "pending")]
    assert [one["owner"] for one in line["layers"]] == ["ana"]
    assert lines("ben", layer="own") == []
    assert [one["owner"] for one in lines("ana", layer="own")[0]["layers"]] == ["ana"]


def test_what_was_submitted_elsewhere_has_no_first_answer_here() -> None:
    blind_desk()
    told = json.loads(b"".join(interchange.export("jsonl", interchange.select(None, project="water"))))
    copy = factories.project("copy")
    [outcome] = services.interchange.import_lines(
        project=copy, lines=[json.dumps(told).encode()], by=actor("mona"), renew_ids=True
    )
    assert outcome.refused is None
    layer = next(one for one in Api("ana").all("layers/?project=copy") if one["owner"] == "ana")
    for act in (services.layers.reopen, services.layers.submit):
        act(layer_id=UUID(layer["id"]), by=actor("ana"))
    assert lines(project="copy") == []


def test_over_the_api_and_by_the_command(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    desk = blind_desk()
    everything_changes(desk)
    answer = Api("vic").get("exports/jsonl/?project=water&answers=first")
    assert b"".join(answer.streaming_content) == exported()
    assert 'filename="water.first.jsonl"' in answer["Content-Disposition"]
    article = Api("vic").get(f"exports/jsonl/?article={desk['article'].id}&answers=first")
    assert b"".join(article.streaming_content) == exported()
    call_command("export", "jsonl", project="water", answers="first")
    assert capfdbinary.readouterr().out == exported(None)
    problem(Api("vic").get("exports/csv/?project=water&answers=first"), 422, "invalid", "answers")
    problem(Api("vic").get("exports/jsonl/?project=water&answers=last"), 422, "invalid", "answers")
    with pytest.raises(Invalid):
        exported(name="csv")
    with pytest.raises(CommandError):
        call_command("export", "csv", project="water", answers="first")
    with pytest.raises(CommandError):
        call_command("export", "jsonl", project="water", answers="first", release="v1")
