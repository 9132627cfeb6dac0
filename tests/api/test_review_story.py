"""Reviewing from the first assignment to a settled article, over the API; each status in API, feed, export."""

import pytest

from factcheck import services
from tests.api.client import problem, span
from tests.api.story import TEXT, Story

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_assignment_to_the_settled_article() -> None:
    story = Story()
    layers = {
        who: story.post("mona", "layers/", {"article": story.article, "owner": who})["id"]
        for who in ("ana", "ben")
    }
    story.post("mona", f"articles/{story.article}/reviewers/", {"reviewer": "rita"})
    story.post("mona", f"articles/{story.article}/reviewers/", {"reviewer": "ruben"})

    # Two tag blind.
    claim = story.tag("ana", "the bridge was checked in May", "claim")
    denial = story.tag("ana", "denied any fault", "denial")
    picture = story.tag("ana", "A photograph shows a crack", "claim")
    crack = story.tag("ana", "a crack", "evidence")
    denies = story.post("ana", "relations/", {"kind": "denies", "subject": denial, "object": claim})["id"]
    shows = story.post("ana", "relations/", {"kind": "refutes", "subject": crack, "object": claim})["id"]
    mayor = story.post("ana", "sources/", {"project": "water", "kind": "person", "name": "The mayor"})["id"]
    link = story.post("ana", "source-links/", {"annotation": claim, "source": mayor, "role": "speaker"})["id"]
    bens = story.tag("ben", "the bridge was checked", "claim")
    assert story.waiting("rita") == {}
    assert story.get("rita", "annotations/")["results"] == []
    for who in ("ana", "ben"):
        assert story.post(who, f"layers/{layers[who]}/submit/", status=200)["state"] == "submitted"
    assert story.get("rita", f"layers/{layers['ana']}/")["opened_at"] is not None
    everything = {claim, denial, picture, crack, denies, shows, link, bens}
    assert set(story.waiting("rita")) == everything
    assert set(story.waiting("ruben")) == everything
    pending = {("annotation", key): ("pending", None) for key in (claim, denial, picture, crack, bens)}
    pending |= {("relation", key): ("pending", False) for key in (denies, shows)} | {
        ("source_link", link): ("pending", False)
    }
    story.told(pending)

    # Rita decides in each of the four ways.
    wider = {"spans": [span(TEXT, "was checked in May")]}
    change = story.decide("rita", {"annotation": claim}, "change", reason="wrong_extent", proposal=wider)
    other = story.decide(
        "rita", {"annotation": picture}, "change", proposal={"tag": "evidence"}, note="It shows."
    )
    story.decide("rita", {"annotation": denial}, "approve")
    story.decide("rita", {"annotation": crack}, "reject", reason="duplicate", note="Twice.")
    question = story.decide("rita", {"relation": denies}, "ask", note="Which fault?")
    turned = story.decide("rita", {"source_link": link}, "change", proposal={"as_named": "The mayor"})
    story.decide("rita", {"annotation": bens}, "approve")
    story.told(
        {
            ("annotation", claim): ("change_asked", None),
            ("annotation", picture): ("change_asked", None),
            ("annotation", denial): ("approved", None),
            ("annotation", crack): ("rejected", None),
            ("annotation", bens): ("approved", None),
            ("relation", denies): ("pending", False),
            ("relation", shows): ("pending", True),  # it stands on a rejected annotation
            ("source_link", link): ("change_asked", False),
        }
    )
    missed = story.post(
        "rita",
        "proposed-annotations/",
        {"layer": layers["ana"], "tag": "claim", "spans": [span(TEXT, "The bridge")]},
    )
    assert set(story.waiting("rita")) == {shows}

    # Ana takes one change, refuses one, answers the question, takes what she missed.
    story.post("ana", "review-responses/", {"review": change["id"], "answer": "accepted"})
    refusal = {"review": other["id"], "answer": "refused"}
    problem(story.apis["ana"].post("review-responses/", refusal), 422, "invalid", "note")
    story.post("ana", "review-responses/", refusal | {"note": "It is what the paper says."})
    story.post(
        "ana", "review-responses/", {"review": question["id"], "answer": "answered", "note": "The crack."}
    )
    story.post("ana", "review-responses/", {"review": turned["id"], "answer": "accepted"})
    taken = story.post("ana", f"proposed-annotations/{missed['id']}/take/", status=200)
    assert (taken["state"], taken["answered_by"]) == ("taken", "ana")
    story.told(
        {
            ("annotation", claim): ("pending", None),
            ("annotation", picture): ("change_asked", None),
            ("relation", denies): ("pending", False),
            ("source_link", link): ("pending", False),
            ("annotation", taken["annotation"]): ("pending", None),
        }
    )

    # What Rita proposed is not hers to approve; what was refused and answered waits for her again.
    waiting = story.waiting("rita")
    assert waiting[picture] == "answered"
    assert denies in waiting
    assert not {claim, link, taken["annotation"]} & set(waiting)
    for key in (claim, taken["annotation"]):
        problem(
            story.apis["rita"].post("reviews/", {"annotation": key, "decision": "approve"}),
            403,
            "not_allowed",
        )
    story.decide("rita", {"relation": denies}, "approve")
    story.decide("rita", {"annotation": picture}, "approve")

    # Ruben approves with all that hangs on it, and differs twice; Rita comes round in one.
    story.post("ruben", "reviews/approve-whole/", {"annotation": claim}, 200)
    story.decide("ruben", {"annotation": taken["annotation"]}, "approve")
    story.decide("ruben", {"annotation": denial}, "reject", reason="wrong_extent")
    story.decide("ruben", {"annotation": crack}, "approve")
    story.told(
        {
            ("annotation", claim): ("approved", None),
            ("annotation", picture): ("approved", None),
            ("annotation", denial): ("split", None),
            ("annotation", crack): ("split", None),
            ("annotation", taken["annotation"]): ("approved", None),
            ("relation", denies): ("approved", False),
            ("relation", shows): ("pending", False),
            ("source_link", link): ("approved", False),
        }
    )
    assert story.waiting("rita")[denial] == "split"
    first = story.get("vic", f"reviews/?annotation={crack}&created_by=rita")["results"]
    story.decide("rita", {"annotation": crack}, "approve")
    again = story.get("vic", f"reviews/?annotation={crack}&created_by=rita")["results"]
    assert [one["superseded_by"] for one in again] == [again[1]["id"], None]
    assert first[0] | {"superseded_by": again[1]["id"]} == again[0]

    # Edited, it waits again, and the old decision stays as of the old version.
    story.said(story.apis["ana"].patch(f"annotations/{denial}/", {"spans": [span(TEXT, "denied any")]}))
    story.told({("annotation", denial): ("pending", None), ("annotation", crack): ("approved", None)})
    old = story.get("vic", f"reviews/?annotation={denial}")["results"]
    assert {(one["thing_version"], one["superseded_by"]) for one in old} == {(1, None)}
    assert {denial, shows} <= set(story.waiting("ruben"))
    for who, what in (("ruben", {"annotation": denial}), ("ruben", {"relation": shows})):
        story.decide(who, what, "approve")
    assert [story.waiting(who) for who in ("rita", "ruben")] == [{}, {}]
    assert list(services.verification.findings()) == []
