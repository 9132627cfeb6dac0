from typing import Any

import pytest

from factcheck.intake import labelstudio
from factcheck.intake.readers import Undecided
from tests.intake.telling import articles, file, marked, refusals, told

TEXT = "The mayor said it is safe.\r\nThe builders denied it."
EMOJI = "😀 The bridge 😀 is safe, he says."


def region(key: str, start: Any, end: Any, *labels: str, **value: Any) -> dict[str, Any]:
    return {
        "id": key,
        "type": "labels",
        "from_name": "label",
        "to_name": "text",
        "value": {"start": start, "end": end, "labels": list(labels), **value},
    }


def task(*results: Any, text: str = TEXT, **more: Any) -> dict[str, Any]:
    work = {"id": 1, "completed_by": {"id": 3, "email": "ana@example.org"}, "result": list(results)}
    return {"id": 1, "data": {"text": text}, "annotations": [work], **more}


def test_regions_with_their_words_their_people_and_times() -> None:
    one = task(
        region("a", 15, 25, "claim", text="it is safe"), region("b", 41, 50, "denial", text="denied it")
    )
    one["annotations"][0] |= {"created_at": "2026-10-21T10:00:00.5Z", "updated_at": "yesterday"}
    (line,) = articles(told(labelstudio.read, file("a.json", [one])))
    assert line["article"]["text"] == TEXT.replace("\r\n", "\n")
    assert line["article"]["title"] == "The mayor said it is safe."
    assert marked(line) == [
        ("claim", "it is safe", "ana@example.org"),
        ("denial", "denied it", "ana@example.org"),
    ]
    assert line["annotations"][0]["created_at"] == "2026-10-21T10:00:00.5Z"
    assert "updated_at" not in line["annotations"][0]


def test_a_region_with_several_labels_is_an_annotation_each() -> None:
    found = told(
        labelstudio.read,
        file(
            "a.json",
            [
                task(
                    region("a", 15, 25, "claim", "promise"),
                    region("b", 41, 50, "denial"),
                    {"type": "relation", "from_id": "b", "to_id": "a", "labels": ["denies"]},
                )
            ],
        ),
    )
    (line,) = articles(found)
    assert [one[0] for one in marked(line)] == ["claim", "promise", "denial"]
    assert line["relations"] == []
    assert "several labels" in refusals(found)[0][1]


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"direction": "right", "labels": ["denies"]}, "denies", ("denied it", "it is safe")),
        ({"direction": "left", "labels": ["denies"]}, "denies", ("it is safe", "denied it")),
        ({}, "related", ("denied it", "it is safe")),
    ],
)
def test_relations_have_their_direction_and_name(
    given: dict[str, Any], kind: str, words: tuple[str, str]
) -> None:
    relation = {"type": "relation", "from_id": "b", "to_id": "a", **given}
    one = task(region("a", 15, 25, "claim"), region("b", 41, 50, "denial"), relation)
    (line,) = articles(told(labelstudio.read, file("a.json", [one])))
    (made,) = line["relations"]
    by_id = {one["id"]: one["spans"][0]["exact"] for one in line["annotations"]}
    assert (made["kind"], by_id[made["subject"]], by_id[made["object"]]) == (kind, *words)


def test_what_is_said_of_a_region_is_its_note() -> None:
    one = task(
        region("a", 15, 25, "claim"),
        {"id": "a", "type": "textarea", "from_name": "why", "value": {"text": ["By whom?", "When?"]}},
        {"id": "a", "type": "choices", "from_name": "sure", "value": {"choices": ["no"]}},
        {"id": "z", "type": "choices", "from_name": "topic", "value": {"choices": ["traffic"]}},
    )
    found = told(labelstudio.read, file("a.json", [one]))
    assert articles(found)[0]["annotations"][0]["note"] == "By whom?\nWhen?\nsure: no"
    assert refusals(found) == [
        (
            "a.json, item 1, annotation 1",
            "“topic: traffic” is said of the whole text; only annotations have notes here.",
        )
    ]


@pytest.mark.parametrize(("start", "end"), [(6, 12), (7, 13)])
def test_the_quoted_words_decide_what_offsets_count(start: int, end: int) -> None:
    one = task(region("a", start, end, "claim", text="bridge"), text=EMOJI)
    (line,) = articles(told(labelstudio.read, file("a.json", [one])))
    assert marked(line)[0][1] == "bridge"


def test_without_quotes_a_person_is_asked() -> None:
    with pytest.raises(Undecided) as raised:
        told(labelstudio.read, file("a.json", [task(region("a", 7, 13, "claim"), text=EMOJI)]))
    assert raised.value.field == "unit"


def test_which_data_is_the_text() -> None:
    one = task(region("a", 15, 25, "claim", text="it is safe"))
    one["data"] |= {"comment": "It is late and dark outside tonight.", "url": "https://example.org/1", "n": 7}
    found = told(labelstudio.read, file("a.json", [one]))
    (line,) = articles(found)
    assert line["article"]["url"] == "https://example.org/1"
    assert marked(line)[0][1] == "it is safe"
    assert refusals(found) == [("a.json, item 1", "Further data are not taken: comment, n.")]
    del one["annotations"][0]["result"][0]["value"]["text"]
    one["annotations"][0]["result"][0]["to_name"] = "t1"
    with pytest.raises(Undecided, match="comment") as raised:
        told(labelstudio.read, file("a.json", [one]))
    assert raised.value.field == "text_key"
    assert marked(articles(told(labelstudio.read, file("a.json", [one]), text_key="text"))[0])


def test_people_without_a_name() -> None:
    one, two = task(region("a", 15, 25, "claim")), task(region("a", 15, 25, "claim"))
    one["annotations"][0]["completed_by"] = two["annotations"][0]["completed_by"] = 7
    with pytest.raises(Undecided) as raised:
        told(labelstudio.read, file("a.json", [one, two]), annotator="")
    assert raised.value.field == "annotator"
    assert {marked(line)[0][2] for line in articles(told(labelstudio.read, file("a.json", [one, two])))} == {
        "ana"
    }
    two["annotations"][0]["completed_by"] = 8
    found = articles(told(labelstudio.read, file("a.json", [one, two]), annotator=""))
    assert [marked(line)[0][2] for line in found] == ["labelstudio-7", "labelstudio-8"]


def test_what_nobody_submitted_is_left_out_and_said() -> None:
    one = task(region("a", 15, 25, "claim"), predictions=[{"result": []}], drafts=[{"result": []}, {}])
    one["annotations"].append(
        {"was_cancelled": True, "completed_by": 3, "result": [region("b", 0, 3, "claim")]}
    )
    found = told(labelstudio.read, file("a.json", [one]))
    assert len(articles(found)[0]["annotations"]) == 1
    assert [why for _place, why in refusals(found)] == [
        "1 prediction: only what a person submitted is taken.",
        "2 drafts: only what a person submitted is taken.",
        "It was skipped (cancelled) in Label Studio, so it is not taken.",
    ]


DIRTY: list[tuple[Any, str]] = [
    (region("b", 15, 25, "claim", text="it was safe"), "the text says “it is safe”, not “it was safe”"),
    (region("b", 15, 999, "claim"), "past the text"),
    (region("b", "15", 25, "claim"), "XPath"),
    (region("b", 15, 25), "no label"),
    (region("a", 15, 25, "claim"), "another region with the id a"),
    ({"type": "hypertextlabels", "value": {"start": "/p[1]", "hypertextlabels": ["claim"]}}, "HTML"),
    ({"type": "rectanglelabels", "value": {"x": 1}}, "no place in a text"),
    ({"type": "relation", "from_id": "a", "to_id": "x"}, "no region with the id x"),
    ({"type": "relation", "from_id": "a", "to_id": "a"}, "not one with itself"),
]


@pytest.mark.parametrize(("dirty", "why"), DIRTY)
def test_dirty_results_are_refused_and_the_others_taken(dirty: Any, why: str) -> None:
    found = told(labelstudio.read, file("a.json", [task(region("a", 15, 25, "claim"), dirty)]))
    assert [one[1] for one in marked(articles(found)[0])] == ["it is safe"]
    assert why in refusals(found)[-1][1]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([{"text": TEXT, "label": [{"start": 0, "end": 3, "labels": ["claim"]}]}], "not JSON_MIN"),
        ([{"data": {"image": 3}, "annotations": []}], "no text in the task's data"),
        (
            [{"data": {"text": "https://example.org/a.txt"}, "annotations": []}],
            "at https://example.org/a.txt",
        ),
        ([7], "no task"),
        ("", "The file is empty."),
        ("[", "no JSON"),
        ({"data": {"text": "a\x00b"}}, "NUL"),
    ],
)
def test_what_is_no_task_is_refused_in_words(content: Any, why: str) -> None:
    found = told(labelstudio.read, file("a.json", content))
    assert not articles(found)
    assert why in refusals(found)[0][1]


def test_the_older_name_of_annotations() -> None:
    one = task(region("a", 15, 25, "claim"))
    one["completions"] = one.pop("annotations")
    assert marked(articles(told(labelstudio.read, file("a.json", [one])))[0])[0][1] == "it is safe"
