"""The demo project's files: every place is where it says, every id leads somewhere, nothing is illegal."""

import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
FILES = sorted((SEEDS / "demo").glob("*.jsonl"))
SEED_SHA256 = "34d471fd9ae88e54eb93891d758103548325dffddf5e13efdb4df5d0d577650f"
ANY = {"claim", "denial", "evidence"}
LEGAL = {
    "denies": ({"denial"}, ANY),
    "supports": ({"evidence"}, ANY),
    "refutes": ({"evidence"}, ANY),
    "context": ({"evidence"}, ANY),
    "repeats": ({"claim", "denial"}, {"claim", "denial"}),
    "contradicts": ({"claim"}, {"claim"}),
    "about": (ANY, ANY),
}
MANNER = {"manner": {"explicit", "implied"}}
RELATION_ATTRIBUTES = {
    "denies": MANNER,
    "supports": MANNER,
    "refutes": MANNER,
    "repeats": {"degree": {"same", "more_specific"}},
}
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "claim": {
        "wording": {"verbatim", "mixed", "paraphrase"},
        "checkability": {"checkable", "opinion", "prediction", "vague"},
        "distance": {"neutral", "distances", "endorses"},
        "finding": {"not_checked", "true", "false", "misleading", "unproven"},
        "said_on": None,
        "said_where": None,
    },
    "denial": {"denial_type": {"flat", "non_denial", "no_comment", "of_something_else"}},
    "evidence": {
        "evidence_type": {"image", "document", "data", "testimony", "event", "expert"},
        "presence": {"shown", "described", "asserted"},
        "directness": {"primary", "secondary"},
    },
}

each_article = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def record(path: Path) -> dict[str, Any]:
    (only,) = path.read_bytes().decode().splitlines()
    return json.loads(only)


def seed() -> dict[str, Any]:
    return record(SEEDS / "demo" / "000_5caf563cd8491224.jsonl")


def by_id(things: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {thing["id"]: thing for thing in things}


def annotations_of(data: dict[str, Any], who: str) -> list[dict[str, Any]]:
    return [one for one in data["annotations"] if one["created_by"] == who]


def at(data: dict[str, Any], start: int, who: str = "ana") -> dict[str, Any]:
    (found,) = [one for one in annotations_of(data, who) if one["spans"][0]["start"] == start]
    return found


def test_the_seed_article_is_the_file_as_given() -> None:
    data = (SEEDS / "000_5caf563cd8491224.txt").read_bytes()
    assert len(data.decode()) == 2270
    assert hashlib.sha256(data).hexdigest() == SEED_SHA256
    assert b"\r" not in data


def test_the_files_are_what_the_builder_writes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seeds.build", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@each_article
def test_every_span_stands_where_it_says(path: Path) -> None:
    data = record(path)
    text = data["article"]["text"]
    assert text == (SEEDS / data["article"]["file_name"]).read_bytes().decode()
    assert text.split("\n")[0] == data["article"]["title"]
    for annotation in data["annotations"]:
        last = -1
        for span in annotation["spans"]:
            assert last < span["start"] < span["end"] <= len(text)
            assert text[span["start"] : span["end"]] == span["exact"]
            assert span["exact"] == span["exact"].strip()
            last = span["end"]
    for link in data["source_links"]:
        for cue in link["cue"]:
            assert 0 <= cue["start"] < cue["end"] <= len(text)
        assert link["as_named"] in text


@each_article
def test_no_span_cuts_a_word_or_a_composed_character(path: Path) -> None:
    data = record(path)
    text = data["article"]["text"]
    joins = {"\u200d", "\ufe0f", "\u20e3", *(chr(code) for code in range(0x1F3FB, 0x1F400))}
    for span in (span for one in data["annotations"] for span in one["spans"]):
        for edge in (span["start"], span["end"]):
            before, after = text[edge - 1 : edge], text[edge : edge + 1]
            assert not (before.isalnum() and after.isalnum()), span
            assert after not in joins, span
            assert before != "\u200d", span
            assert not after or unicodedata.combining(after) == 0, span


@each_article
def test_every_id_is_a_uuid_used_once_and_leads_somewhere(path: Path) -> None:
    data = record(path)
    layers, annotations = by_id(data["layers"]), by_id(data["annotations"])
    relations, links = by_id(data["relations"]), by_id(data["source_links"])
    sources = by_id(data["sources"])
    for annotation in data["annotations"]:
        assert layers[annotation["layer"]]["owner"] == annotation["created_by"]
    for relation in data["relations"]:
        assert layers[relation["layer"]]["owner"] == relation["created_by"]
        assert {relation["subject"], relation["object"]} <= annotations.keys()
    for link in data["source_links"]:
        assert annotations[link["annotation"]]["layer"] == link["layer"]
        assert {link["source"], link["on_behalf_of"] or link["source"]} <= sources.keys()
    for review in data["reviews"]:
        things = {"annotation": annotations, "relation": relations, "source_link": links}
        (of,) = things.keys() & review.keys()
        assert review[of] in things[of]


def test_ids_are_unique_over_all_articles() -> None:
    kinds = ("layers", "annotations", "relations", "source_links", "reviews")
    ids = [thing["id"] for path in FILES for kind in kinds for thing in record(path)[kind]]
    ids += [record(path)["article"]["id"] for path in FILES]
    ids += {source["id"] for path in FILES for source in record(path)["sources"]}
    assert len(ids) == len(set(ids))
    assert {UUID(one).version for one in ids} == {7}


def test_every_article_brings_the_same_two_standing_sources() -> None:
    standing = [[source for source in record(path)["sources"] if source["standing"]] for path in FILES]
    assert len(FILES) == 4
    assert all(one == standing[0] for one in standing)
    assert [(one["kind"], one["name"]) for one in standing[0]] == [
        ("own_voice", "The article itself"),
        ("unnamed", "Nobody named"),
    ]


@each_article
def test_relations_are_legal_and_said_once(path: Path) -> None:
    data = record(path)
    annotations = by_id(data["annotations"])
    said = Counter()
    for relation in data["relations"]:
        subject, object_ = annotations[relation["subject"]], annotations[relation["object"]]
        subjects, objects = LEGAL[relation["kind"]]
        assert subject["tag"] in subjects
        assert object_["tag"] in objects
        assert relation["kind"] != "repeats" or subject["tag"] == object_["tag"]
        assert subject["id"] != object_["id"]
        allowed = RELATION_ATTRIBUTES.get(relation["kind"], {})
        assert relation["attributes"].keys() == allowed.keys()
        assert all(value in allowed[key] for key, value in relation["attributes"].items())
        ends = [subject["id"], object_["id"]]
        if relation["kind"] == "contradicts":
            ends.sort()
        said[relation["layer"], relation["kind"], *ends] += 1
    assert all(times == 1 for times in said.values())


@each_article
def test_attributes_are_those_of_the_scheme(path: Path) -> None:
    for annotation in record(path)["annotations"]:
        assert annotation["tag"] in ANY
        allowed = ATTRIBUTES[annotation["tag"]]
        for key, value in annotation["attributes"].items():
            if key == "unsure":
                assert value is True
            else:
                assert allowed[key] is None or value in allowed[key]


@each_article
def test_source_links_are_as_their_role_asks(path: Path) -> None:
    data = record(path)
    sources = by_id(data["sources"])
    for link in data["source_links"]:
        is_document = link["role"] == "document"
        assert (link["stance"] in {"said", "supports", "refutes", "context"}) == is_document
        assert (sources[link["source"]]["kind"] == "document") == is_document
        assert link["position"] >= 1
        assert link["url"] == "" or re.match(r"https?://", link["url"])
    places = [(link["annotation"], link["role"], link["position"]) for link in data["source_links"]]
    assert len(places) == len(set(places))


@each_article
def test_nobody_decides_on_their_own_work_and_statuses_follow(path: Path) -> None:
    data = record(path)
    things = by_id(data["annotations"] + data["relations"] + data["source_links"])
    statuses = dict.fromkeys(things, "pending")
    for review in data["reviews"]:
        thing = things[review.get("annotation") or review.get("relation") or review["source_link"]]
        assert review["created_by"] == "rita"
        assert thing["created_by"] != review["created_by"]
        assert thing["version"] == review["thing_version"]
        assert review["created_at"] > thing["created_at"]
        assert review["note"] or review["decision"] == "approve"
        outcome = {"approve": "approved", "change": "change_asked", "reject": "rejected", "ask": "pending"}
        statuses[thing["id"]] = outcome[review["decision"]]
    assert {key: thing["status"] for key, thing in things.items()} == statuses


def test_ana_marks_the_seed_article_as_it_was_worked_through() -> None:
    data = seed()
    anas = annotations_of(data, "ana")
    assert Counter(one["tag"] for one in anas) == {"claim": 22, "denial": 2, "evidence": 4}
    (layer,) = {one["layer"] for one in anas}
    relations = [one for one in data["relations"] if one["layer"] == layer]
    kinds = Counter(one["kind"] for one in relations)
    assert kinds == {
        "denies": 7, "supports": 5, "repeats": 3, "contradicts": 2, "about": 2, "context": 1,
    }  # fmt: skip
    roles = Counter(one["role"] for one in data["source_links"] if one["layer"] == layer)
    assert roles == {"speaker": 28, "concerns": 9, "document": 2}
    assert [span["exact"] for span in at(data, 751)["spans"]] == [
        "Images of the crashed Geran-2 drones",
        "their resemblance to that country’s Shahed-136 model",
    ]
    assert at(data, 1065)["attributes"] == {"distance": "distances"}
    assert at(data, 2155)["attributes"] == {"presence": "asserted", "unsure": True}


def test_the_accusation_of_selling_drones_is_repeated_three_times_and_denied_twice() -> None:
    data = seed()
    root = at(data, 615)
    about = [(one["kind"], one["attributes"]) for one in data["relations"] if one["object"] == root["id"]]
    assert Counter(kind for kind, _ in about) == {"repeats": 3, "denies": 2, "supports": 1}
    assert about.count(("denies", {"manner": "explicit"})) == 1
    assert about.count(("repeats", {"degree": "more_specific"})) == 1


@pytest.mark.parametrize(
    ("start", "as_named", "name", "on_behalf_of", "cue"),
    [
        (0, "US", "United States", None, "– US"),
        (1982, "Washington", "United States", None, "claims to be"),
        (1163, "Kiev", "Ukraine", None, "arguing that"),
        (2095, "Tehran", "Iran", None, "Tehran has accused"),
        (54, "John Kirby", "John Kirby", "US National Security Council", "told reporters on Thursday"),
        (1358, "Dmitry Peskov", "Dmitry Peskov", "Kremlin", "has insisted"),
        (815, "", "Nobody named", None, "have been held up as proof"),
        (1469, "", "The article itself", None, None),
    ],
)
def test_a_speaker_is_one_source_under_whatever_name_is_printed(
    start: int, as_named: str, name: str, on_behalf_of: str | None, cue: str | None
) -> None:
    data = seed()
    sources = by_id(data["sources"])
    (link,) = [
        one
        for one in data["source_links"]
        if one["annotation"] == at(data, start)["id"] and one["role"] == "speaker"
    ]
    source = sources[link["source"]]
    body = sources[link["on_behalf_of"]]["name"] if link["on_behalf_of"] else None
    assert (link["as_named"], source["name"], body) == (as_named, name, on_behalf_of)
    assert as_named in {"", source["name"], *source["aliases"]}
    said = [data["article"]["text"][one["start"] : one["end"]] for one in link["cue"]]
    assert said == ([cue] if cue else [])


def test_bens_layer_differs_in_part() -> None:
    data = seed()
    ana = {
        tuple((s["start"], s["end"]) for s in one["spans"]): one["tag"] for one in annotations_of(data, "ana")
    }
    ben = {
        tuple((s["start"], s["end"]) for s in one["spans"]): one["tag"] for one in annotations_of(data, "ben")
    }
    assert len(ben) == 15
    same = {extent for extent in ben if ana.get(extent) == ben[extent]}
    other_tag = {extent for extent in ben if extent in ana and ana[extent] != ben[extent]}
    assert (len(same), len(other_tag)) == (8, 1)


def test_the_short_articles_hold_what_breaks_programs() -> None:
    arabic = record(SEEDS / "demo" / "001_water_in_the_orchard_quarter.ar.jsonl")["article"]
    assert arabic["language"] == "ar"
    assert re.search("[A-Z]{3}", arabic["text"])
    assert re.search("[0-9]", arabic["text"])
    lanterns = record(SEEDS / "demo" / "002_lantern_night.jsonl")["article"]["text"]
    for hard in ("👩‍👩‍👧‍👦", "🇻🇳🇨🇦", "🤷🏽‍♀️", "9️⃣", "e\u0301", "𝒜", "🏳️‍🌈"):
        assert hard in lanterns
    assert unicodedata.normalize("NFC", lanterns) != lanterns


def test_the_long_article_is_long() -> None:
    data = record(SEEDS / "demo" / "003_harbour_renewal.jsonl")
    assert 19_000 < len(data["article"]["text"].split()) < 21_000
    assert Counter(one["tag"] for one in data["annotations"]) == {"claim": 24, "denial": 24, "evidence": 12}
