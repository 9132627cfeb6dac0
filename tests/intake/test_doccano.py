from typing import Any

import pytest

from factcheck.intake import doccano
from factcheck.intake.readers import Undecided
from tests.intake.telling import articles, file, lines, marked, refusals, told

EMOJI = "😀 The bridge 😀 is safe, he says."


def test_spans_in_every_shape_that_it_exports() -> None:
    text = "Google was founded by Larry Page."
    found = told(
        doccano.read,
        lines(
            "all.jsonl",
            {"id": 1, "text": text, "label": [[0, 6, "ORG"]]},
            {"id": 2, "text": text, "labels": [[0, 6, "ORG"]], "meta": {}},
            {"id": 3, "data": text, "label": [[22, 32, "PERSON"]]},
            {
                "id": 4,
                "text": text,
                "entities": [{"id": 7, "start_offset": 0, "end_offset": 6, "label": "ORG"}],
            },
            {
                "id": 5,
                "text": text,
                "annotations": [{"label": "ORG", "start_offset": 0, "end_offset": 6, "user": "ben"}],
            },
        ),
    )
    assert [marked(line) for line in articles(found)] == [
        [("ORG", "Google", "ana")],
        [("ORG", "Google", "ana")],
        [("PERSON", "Larry Page", "ana")],
        [("ORG", "Google", "ana")],
        [("ORG", "Google", "ben")],
    ]
    assert all(one.local_ids for one in found if one.line)
    assert refusals(found) == []


def test_relations_by_the_ids_of_spans() -> None:
    record = {
        "text": "Google was founded by Larry Page.",
        "entities": [
            {"id": 0, "start_offset": 0, "end_offset": 6, "label": "org"},
            {"id": 1, "start_offset": 22, "end_offset": 32, "label": "person"},
        ],
        "relations": [
            {"id": 5, "from_id": 0, "to_id": 1, "type": "founded by"},
            {"id": 6, "from_id": 0, "to_id": 1, "type": "founded by"},
            {"id": 7, "from_id": 0, "to_id": 9, "type": "founded by"},
            {"id": 8, "from_id": 0, "to_id": 0, "type": "founded by"},
            {"id": 9, "from_id": 0, "to_id": 1},
        ],
    }
    found = told(doccano.read, lines("a.jsonl", record))
    (line,) = articles(found)
    assert line["relations"] == [
        {"id": "1", "kind": "founded by", "subject": "0", "object": "1", "created_by": "ana"}
    ]
    assert refusals(found) == [
        ("a.jsonl, line 1, relations 2", "The same relation stands there already."),
        ("a.jsonl, line 1, relations 3", "There is no span with the id 9, or it was not taken."),
        ("a.jsonl, line 1, relations 4", "A relation joins two spans, not one with itself."),
        ("a.jsonl, line 1, relations 5", "The relation has no type."),
    ]


def test_a_json_array_and_an_object_alone_are_read_too() -> None:
    record = {"text": "It is safe.", "label": [[0, 2, "claim"]]}
    (line,) = articles(told(doccano.read, file("a.json", [record])))
    assert marked(line) == [("claim", "It", "ana")]
    (line,) = articles(
        told(doccano.read, file("a.json", '{\n  "text": "It is safe.",\n  "label": [[0, 2, "claim"]]\n}\n'))
    )
    assert marked(line) == [("claim", "It", "ana")]


def test_the_unit_is_decided_for_the_file_by_the_place_that_fits_one_alone() -> None:
    """The text has 32 code points and 34 UTF-16 units, so a place that ends at 34 counts units."""
    units = lines(
        "a.jsonl", {"text": EMOJI, "label": [[7, 13, "a"]]}, {"text": EMOJI, "label": [[30, 34, "b"]]}
    )
    first, second = articles(told(doccano.read, units))
    assert [marked(first)[0][1], marked(second)[0][1]] == ["bridge", "ays."]
    # Inside a pair of units there is no place: these are code points.
    points = lines(
        "a.jsonl", {"text": EMOJI, "label": [[6, 12, "a"]]}, {"text": EMOJI, "label": [[1, 12, "b"]]}
    )
    first, second = articles(told(doccano.read, points))
    assert [marked(first)[0][1], marked(second)[0][1]] == ["bridge", " The bridge"]


def test_a_quote_decides_the_unit() -> None:
    record = {
        "text": EMOJI,
        "entities": [{"start_offset": 7, "end_offset": 13, "label": "a", "text": "bridge"}],
    }
    (line,) = articles(told(doccano.read, lines("a.jsonl", record)))
    assert marked(line) == [("a", "bridge", "ana")]


def test_where_both_units_fit_a_person_is_asked_and_then_believed() -> None:
    records = lines("a.jsonl", {"text": EMOJI, "label": [[7, 13, "a"]]})
    with pytest.raises(Undecided, match="“bridge” in UTF-16 units") as raised:
        told(doccano.read, records)
    assert raised.value.field == "unit"
    (line,) = articles(told(doccano.read, records, unit="utf16"))
    assert marked(line) == [("a", "bridge", "ana")]
    (line,) = articles(told(doccano.read, records, unit="code_points"))
    assert marked(line) == [("a", "ridge ", "ana")]


def test_where_some_fit_one_unit_and_some_the_other_a_person_is_asked() -> None:
    records = lines("a.jsonl", {"text": EMOJI, "label": [[30, 34, "a"], [1, 12, "b"]]})
    with pytest.raises(Undecided, match="some only the other"):
        told(doccano.read, records)
    found = told(doccano.read, records, unit="code_points")
    assert marked(articles(found)[0]) == [("b", " The bridge", "ana")]
    assert "past the text" in refusals(found)[0][1]


def test_line_ends_of_two_characters_are_counted_as_the_file_has_them() -> None:
    record = {"text": "A bridge\r\nIt is safe.", "label": [[10, 12, "claim"], [8, 9, "claim"]]}
    found = told(doccano.read, lines("a.jsonl", record))
    (line,) = articles(found)
    assert line["article"]["text"] == "A bridge\nIt is safe."
    assert marked(line) == [("claim", "It", "ana")]
    assert refusals(found) == [
        ("a.jsonl, line 1, label 2", "The offset 9 lies between CR and LF, which are one line end here.")
    ]


def test_a_file_for_each_annotator_is_named_after_them() -> None:
    record = {"text": "It is safe.", "label": [[0, 2, "claim"]]}
    found = told(doccano.read, lines("x/ana.jsonl", record), lines("x/ben.jsonl", record), annotator="")
    assert [marked(line)[0][2] for line in articles(found)] == ["ana", "ben"]


@pytest.mark.parametrize("name", ["all.jsonl", "export.jsonl"])
def test_one_file_names_nobody(name: str) -> None:
    record = {"text": "It is safe.", "label": [[0, 2, "claim"]]}
    with pytest.raises(Undecided, match="name the annotator") as raised:
        told(doccano.read, lines(name, record), annotator="")
    assert raised.value.field == "annotator"


BAD: list[tuple[Any, str]] = [
    ("", "The file is empty."),
    ("\n \n", "The file is empty."),
    ("[]", "The list in the file is empty."),
    ("{not json}", "This is no JSON: "),
    (b"PK\x03\x04rest", "The file seems to be a ZIP archive"),
    (b"\xff\xfe\x00\x00\x01", "The file seems to be text in UTF-32"),
    ("7", "must be an object"),
    ({"label": [[0, 1, "PER"]], "meta": {"wikiPageID": 3}}, "There is no text"),
    ({"text": "  "}, "There is no text"),
    ({"text": 9}, "There is no text"),
    ({"text": "a\x00b"}, "The text has a NUL character"),
]


@pytest.mark.parametrize(("content", "why"), BAD)
def test_what_is_no_text_is_refused_in_words(content: Any, why: str) -> None:
    found = told(doccano.read, file("a.jsonl", content))
    assert not articles(found)
    ((place, said),) = refusals(found)
    assert place.startswith("a.jsonl")
    assert why in said


def test_dirty_spans_are_refused_and_the_others_taken() -> None:
    record = {
        "text": "It is safe.",
        "label": [[0, 2, "claim"], [3, 99, "claim"], [5, 3, "claim"], [3, 3, "claim"], [-1, 2, "claim"],
                  ["0", 2, "claim"], [0, 2], [0, 2, 7], [0, 2, ""], "positive", None, [True, 2, "claim"]],
        "Comments": ["look again"],
        "cats": ["news"],
        "meta": {"page": 3},
    }  # fmt: skip
    found = told(doccano.read, lines("a.jsonl", record))
    assert marked(articles(found)[0]) == [("claim", "It", "ana")]
    told_places = dict(refusals(found))
    assert {f"a.jsonl, line 1, label {number}" for number in range(2, 13)} <= set(told_places)
    assert "whole text" in told_places["a.jsonl, line 1, label 10"]
    assert [why for place, why in refusals(found) if place == "a.jsonl, line 1"] == [
        "1 comment on the whole text: only annotations can have notes here.",
        "What is said of the whole text (“cats”) has no place here.",
        "Further facts are not taken: meta.",
    ]


def test_a_broken_line_leaves_the_others() -> None:
    found = told(
        doccano.read, file("a.jsonl", '{"text": "It is safe.", "label": [[0, 2, "claim"]]}\n{"text": \n')
    )
    assert len(articles(found)) == 1
    assert refusals(found)[0][0] == "a.jsonl, line 2"
