"""`articles/{id}/map/`: the same facts as the page, by ids and words."""

from typing import Any

import pytest
from django.core.management import call_command

from factcheck.models import Article
from tests import factories
from tests.api.client import Api, problem


@pytest.fixture
def seed(db: None) -> str:
    call_command("seed_demo", verbosity=0)
    return f"articles/{Article.objects.get(title__startswith='Iranian troops').pk}/map/"


def row(answer: Any, words: str) -> dict[str, Any]:
    [found] = [one for one in answer["rows"] if any(words in claim["exact"] for claim in one["claims"])]
    return dict(found)


def test_the_seeds_group_is_one_row(seed: str) -> None:
    answer = Api("ana", scope="read").get(seed).json()
    assert (answer["total"], answer["layer"]["owner"]) == (19, "ana")
    group = row(answer, "Iran of selling suicide drones")
    assert group["claims"][0]["id"] == group["claim"]
    assert (len(group["claims"]), len(group["voices"]), group["speaker_missing"]) == (4, 2, 0)
    assert [(one["exact"], one["manner"]) for one in group["denials"]] == [
        ("denied supplying the weapons", "explicit"),
        ("all of the weapons being used in Ukraine are Russian in origin", "implied"),
    ]
    [images] = group["evidence_for"]
    assert (images["attributes"]["presence"], images["manner"]) == ("described", "implied")
    [peskov] = group["denials"][1]["speakers"]
    assert (peskov["name"], peskov["on_behalf_of_name"], peskov["cue"]) == (
        "Dmitry Peskov",
        "Kremlin",
        "has insisted",
    )
    assert "no_answer" not in group["gaps"]
    assert "no_answer" in row(answer, "violating a 2015 UN embargo")["gaps"]
    assert [one["stance"] for one in row(answer, "violating a 2015 UN embargo")["documents"]] == [
        "context"
    ] * 2


def test_layer_and_gap_are_filters(seed: str) -> None:
    api = Api("rita")
    contradicted = api.get(f"{seed}?gap=contradicted").json()
    assert len(contradicted["rows"]) == contradicted["gaps"]["contradicted"] == 4
    assert {tuple(one["gaps"])[-1] for one in contradicted["rows"]} == {"contradicted"}
    assert api.get(f"{seed}?layer=own").json()["rows"] == []
    assert api.get(f"{seed}?layer=reference").json()["layer"] is None
    problem(api.get(f"{seed}?gap=never"), 422, "invalid", "gap")
    problem(api.get(f"{seed}?layer=ben"), 422, "invalid", "layer")
    problem(api.get(f"{seed}?layer={factories.user('ana').pk}"), 404, "not_found")
    problem(api.get("articles/nothing/map/"), 404, "not_found")


def test_what_did_not_change_costs_no_bytes(seed: str) -> None:
    api = Api("ana")
    for address in (seed, seed.replace("map/", "map.csv/")):
        first = api.get(address)
        assert api.get(address, If_None_Match=first["ETag"]).status_code == 304
