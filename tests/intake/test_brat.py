"""A brat collection comes in as it says, or it is said what of it does not, and where."""

import io
import zipfile

import pytest

from factcheck.exports import brat as written_by_us
from factcheck.intake import brat
from factcheck.intake.readers import File, Options, Undecided
from tests.exports.documents import annotation, document, full, spans_of

TEXT = "A bridge\nThe mayor says it is safe.\nNobody else does.\n"


def collection(contents):
    """Return files from a mapping of names to their content."""
    data = {name: value.encode() if isinstance(value, str) else value for name, value in contents.items()}
    return [File(name, lambda value=value: io.BytesIO(value)) for name, value in data.items()]


def told(contents, **options):
    return list(brat.read(collection(contents), Options(**options)))


def one(lines, text=TEXT, **options):
    """Return what is told of one text of ana's with these lines."""
    [found] = told({"ana/doc.txt": text, "ana/doc.ann": lines}, **options)
    return found


def marked(found):
    """Return the annotations as tag and words, having checked that these stand at the offsets."""
    text = found.line["article"]["text"]
    for item in found.line["annotations"]:
        assert all(text[span["start"] : span["end"]] == span["exact"] for span in item["spans"])
    return [(item["tag"], *(span["exact"] for span in item["spans"])) for item in found.line["annotations"]]


def whys(found):
    return [f"{place}: {why}" for place, why in found.refused]


def related(found):
    """Return the relations by what they are and the words at both ends."""
    words = {item["id"]: item["spans"][0]["exact"] for item in found.line["annotations"]}
    return [(item["kind"], words[item["subject"]], words[item["object"]]) for item in found.line["relations"]]


# -- folders ---------------------------------------------------------------------------------------


FOUR = {
    f"{who}/{name}.{ending}": text if ending == "txt" else f"T1\tPER 13 18\t{text[13:18]}\n" * (who != "Max")
    for who in ("Lisa", "Maria", "Max", "Peter")
    for name, text in {"doc-1": TEXT, "doc-2": f"Another\n{TEXT}"}.items()
    for ending in ("txt", "ann")
}


def test_folder_for_each_annotator_is_one_article_with_their_layers():
    found = told({**FOUR, "annotation.conf": "[entities]\nPER\n"})
    assert [item.place for item in found] == ["Lisa/doc-1.txt", "Lisa/doc-2.txt"]
    for item, name, title in zip(found, ("doc-1.txt", "doc-2.txt"), ("A bridge", "Another"), strict=True):
        article = item.line["article"]
        assert (article["title"], article["file_name"]) == (title, name)
        assert [layer["owner"] for layer in item.line["layers"]] == ["Lisa", "Maria", "Max", "Peter"]
        assert [made["created_by"] for made in item.line["annotations"]] == ["Lisa", "Maria", "Peter"]
        assert (item.refused, item.local_ids) == ((), True)
        assert len({made["id"] for made in item.line["annotations"]}) == 3
        marked(item)
        assert {made["tag"] for made in item.line["annotations"]} == {"PER"}


def test_collection_may_lie_in_a_folder_above_those_of_the_annotators():
    deeper = told({f"corpus/news/{name}": content for name, content in FOUR.items()})
    assert [item.line for item in deeper] == [item.line for item in told(FOUR)]


def test_sub_folders_of_one_annotator_are_theirs():
    found = told({"ana/news/a.txt": TEXT, "ana/sport/a.txt": f"x{TEXT}", "ana/sport/a.ann": "T1\tx 0 1\tx\n"})
    assert [[layer["owner"] for layer in item.line["layers"]] for item in found] == [["ana"], ["ana"]]


def test_different_texts_under_one_name_are_articles_of_their_own():
    found = told({"ana/a.txt": TEXT, "ben/a.txt": f"{TEXT}More."})
    assert [item.line["layers"][0]["owner"] for item in found] == ["ana", "ben"]
    assert found[1].changed[0] == (
        "ben/a.txt",
        "Its text is not that of ana/a.txt, so it is an article of its own.",
    )


def test_texts_that_differ_in_line_ends_only_are_one_article():
    [found] = told(
        {
            "ana/a.txt": TEXT,
            "ana/a.ann": "T1\tx 13 18\tmayor\n",
            "ben/a.txt": TEXT.replace("\n", "\r\n"),
            "ben/a.ann": "T1\tx 14 19\tmayor\r\n",
        }
    )
    assert found.line["article"]["text"] == TEXT
    assert marked(found) == [("x", "mayor"), ("x", "mayor")]


def test_files_in_no_folder_need_an_annotator():
    flat = {"a.txt": TEXT, "a.ann": "T1\tclaim 13 18\tmayor\n", "b.txt": "Another\n", "b.ann": ""}
    with pytest.raises(Undecided, match=r"a\.ann lies in no annotator's folder") as refused:
        told(flat)
    assert refused.value.field == "annotator"
    found = told(flat, annotator="ana", language="en")
    assert [item.line["layers"][0]["owner"] for item in found] == ["ana", "ana"]
    assert found[0].line["article"]["language"] == "en"
    [unmarked] = told({"b.txt": "Another\n", "b.ann": "\n"})
    assert unmarked.line["layers"] == []


def test_files_named_by_whole_paths_are_in_no_folder():
    with pytest.raises(Undecided):
        told({"/home/ana/a.txt": TEXT, "/home/ana/a.ann": "T1\tclaim 13 18\tmayor\n"})


def test_files_without_their_other_half_or_of_another_kind_are_told():
    found = told(
        {
            "ana/a.ann": "T1\tx 0 1\tA\n",
            "ana/b.a1": "",
            "ana/c.txt": TEXT,
            "ana/d.txt": b"\x89PNG\r\n\x1a\n",
            "ana/e.txt": "x\0y",
            "ana/notes.md": "",
        }
    )
    assert [(item.place, item.line is None) for item in found] == [
        *(("ana/b.a1", True), ("ana/a.ann", True)),
        *(("ana/c.txt", False), ("ana/d.txt", True), ("ana/e.txt", True)),
    ]
    assert "PNG" in found[3].refused[0].why


def test_lines_that_cannot_be_decoded_leave_the_text():
    [found] = told({"ana/a.txt": TEXT, "ana/a.ann": b"T1\tx 0 1\tA\xff\xfe\x00\x81"})
    assert found.line["annotations"] == []
    assert found.refused[0].place == "ana/a.ann"


def test_text_without_a_line_is_called_by_its_file():
    [found] = told({"ana/a.txt": "\n \n"})
    assert found.line["article"]["title"] == "a"


# -- words -----------------------------------------------------------------------------------------


def test_pieces_are_taken_and_those_that_a_line_end_parts_are_joined():
    found = one(
        "T1\tclaim 13 18;30 34\tmayor safe\n"
        "T2\tclaim 2 8;9 12\tbridge The\n"
        "T3\tclaim 2 12\tbridge The\n"
        "T4\tclaim 30 34;13 18\tsafe mayor\n"
    )
    assert marked(found) == [
        ("claim", "mayor", "safe"),
        ("claim", "bridge\nThe"),
        ("claim", "bridge\nThe"),
        ("claim", "mayor", "safe"),
    ]
    assert whys(found) == []


def test_words_may_go_on_in_the_next_line():
    found = one("T1\tclaim 2 12\tbridge\nThe\nT2\tclaim 13 18\tmayor\nThe\n")
    assert marked(found) == [("claim", "bridge\nThe"), ("claim", "mayor")]
    assert whys(found) == ["ana/doc.ann, line 4: It begins like no line that brat has."]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("T1\tclaim 13 20\tmayor", "At 13 20 the text says “mayor s”, the line “mayor”."),
        ("T1\tclaim 14 19\tmayor", "At 14 19 the text says “ayor”, the line “mayor”."),
        (
            "T1\tclaim 13 18",
            "It needs three columns parted by tabs: id, type with offsets, and the words there.",
        ),
        ("T1\tclaim -1 18\tmayor", "“-1 18” is no start and end in whole numbers."),
        ("T1\tclaim 13.0 18\tmayor", "“13.0 18” is no start and end in whole numbers."),
        ("T1\tclaim 13\tmayor", "“13” is no start and end in whole numbers."),
        ("T1\tclaim 13 18;\tmayor", "“” is no start and end in whole numbers."),
        ("T1\tclaim 13 9999\tmayor", "The offset lies past the text, which has 54 code points."),
        (
            "T1\tclaim 99999999999999999999 18\tm",
            "“99999999999999999999 18” is no start and end in whole numbers.",
        ),
        (
            "T1\tclaim 18 13\tmayor",
            "The span, 18 to 13, is reversed: the end, in code points, comes before the start.",
        ),
        (
            "T1\tclaim 13 13\t",
            "The span, 13 to 13, is empty: the end must be greater than the start, in code points.",
        ),
        (
            "T1\tclaim 13 18;17 20\tmayor r s",
            "Piece 1 (13 to 18) and piece 2 (17 to 20) overlap by 1 code point: pieces of one annotation may touch"
            " but not overlap.",
        ),
        ("claim 13 18\tmayor", "It begins like no line that brat has."),
        ("\tclaim 13 18\tmayor", "It begins like no line that brat has."),
        ("X1\tclaim 13 18\tmayor", "It begins like no line that brat has."),
        ("# a comment", "It begins like no line that brat has."),
        ("R1\tdenies Arg1:T8 Arg2:T1", "There is no T8 that was taken."),
        ("R1\tdenies Arg1:T9", "A relation has a type and two ends, as Arg1:T1 Arg2:T2."),
        ("R1\tdenies Arg1:T9 Arg2:T9", "It relates T9 to itself."),
        ("*\tEquiv T9", "An equivalence has two members or more."),
        ("E1\tclaim:T8", "There is no trigger “T8” that was taken."),
        ("E1\tsays:T9", "The event is “says”, but its trigger T9 is “claim”."),
        ("E1\tclaim:T9 Theme:T8", "Theme:T8: There is no T8 that was taken."),
        (
            "A1\tunsure",
            "An attribute has a name, what it is about, and at most one word as its value.",
        ),
        ("A1\tunsure T8", "There is no T8 that was taken."),
        ("N1\tReference T9", "A normalisation has a type, what it is about, and an entry as RID:EID."),
        ("#1\tAnnotatorNotes\tx", "A note has a type and what it is about."),
        ("#1\tAnnotatorNotes A7\tx", "There is no A7 that was taken."),
        ("T9\tclaim 0 1\tA", "There is a line T9 already."),
    ],
)
def test_dirty_line_is_told_with_its_number_and_the_others_are_taken(line, why):
    found = one(f"T9\tclaim 2 8\tbridge\n\n{line}\nT10\tclaim 13 18\tmayor\n")
    assert whys(found) == [f"ana/doc.ann, line 3: {why}"]
    assert marked(found) == [("claim", "bridge"), ("claim", "mayor")]


@pytest.mark.parametrize("words", ["mayor\tcomment", " mayor ", "mayor\r"])
def test_words_may_have_white_space_or_a_comment_after_them(words):
    assert marked(one(f"T1\tclaim 13 18\t{words}\n")) == [("claim", "mayor")]


def test_words_of_a_brat_before_1_3_have_nothing_between_the_pieces():
    assert marked(one("T1\tclaim 13 18;30 34\tmayorsafe\n")) == [("claim", "mayor", "safe")]


CRLF = "😀😀 one\r\ntwo 😀 three\r\n"
PLACE = CRLF.index("three")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (PLACE, ""),
        (PLACE - 1, "with line ends counted as one"),
        (PLACE + 3, "in UTF-16 units"),
        (PLACE + 2, "in UTF-16 units with line ends counted as one"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_offsets_count_is_told_by_the_words(start, said, mark):
    start += bool(mark) and "as one" not in said
    found = one(f"T1\tclaim {start} {start + 5}\tthree\n", mark + CRLF)
    assert marked(found) == [("claim", "three")]
    assert found.line["article"]["text"] == "😀😀 one\ntwo 😀 three\n"
    assert [change.why for change in found.changed] == (
        [f"Its offsets are read {said}: so most of its words stand where it says."] if said else []
    )


def test_unit_that_is_named_is_not_guessed():
    start = PLACE + 3
    assert one(f"T1\tclaim {start} {start + 5}\tthree\n", CRLF, unit="code_points").refused
    assert not one(f"T1\tclaim {start} {start + 5}\tthree\n", CRLF, unit="utf16").refused


# -- what is about them ----------------------------------------------------------------------------

EVENTS = (
    "E1\tsays:T1 Speaker:T2 Theme:E2 Theme2:T4\n"
    "T1\tsays 19 23\tsays\n"
    "T2\tPER 13 18\tmayor\n"
    "T3\tis 27 29\tis\n"
    "T4\tis 30 34\tsafe\n"
    "E2\tis:T3\n"
    "A1\tNegation E2\n"
    "M1\tspeculation T4\n"
    "A2\tlevel T2 high\n"
    "R1\tknows Arg1:T2 Arg2:E1\n"
    "R2\tknows Arg1:T2 Arg2:T1\n"
    "#1\tAnnotatorNotes R1\tsince May\n"
    "A3\tsure R1\n"
    "*\tEquiv T3 T4 T2\n"
    "N1\tReference T2 Wiki:12\tThe Mayor\n"
    "#2\tAnnotatorNotes T2\ttall\n"
    "#3\tAnnotationIncomplete T2\tno role\n"
)


def test_events_relations_attributes_and_notes():
    found = one(EVENTS)
    assert related(found) == [
        ("Speaker", "says", "mayor"),
        ("Theme", "says", "is"),
        ("Theme", "says", "safe"),
        ("knows", "mayor", "says"),
        ("Equiv", "is", "safe"),
        ("Equiv", "safe", "mayor"),
    ]
    assert whys(found) == ["ana/doc.ann, line 11: There is “knows” from T2 to T1 already."]
    by_words = {item["spans"][0]["exact"]: item for item in found.line["annotations"]}
    assert {words: item["attributes"] for words, item in by_words.items()} == {
        "says": {},
        "mayor": {"level": "high"},
        "is": {"Negation": True},
        "safe": {"speculation": True},
    }
    assert by_words["mayor"]["note"] == "tall\nReference Wiki:12 The Mayor\nAnnotationIncomplete: no role"
    knows = found.line["relations"][3]
    assert (knows["note"], knows["attributes"]) == ("since May", {"sure": True})
    assert [item.get("symmetric", False) for item in found.line["relations"]] == [False] * 4 + [True] * 2


# -- what we wrote ---------------------------------------------------------------------------------


def unpacked(*documents):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(written_by_us.write(documents))))
    return {name: archive.read(name) for name in archive.namelist()}


def told_again(given):
    """Return of a document what brat can carry, as the reader tells it."""
    lost = ("status",)
    annotations = [
        {key: value for key, value in item.items() if key not in lost} for item in given["annotations"]
    ]
    layers = {item["id"]: item["layer"] for item in annotations}
    relations = [
        {key: value for key, value in item.items() if key not in (*lost, "tag", "spans")}
        for item in given["relations"]
        if layers[item["subject"]] == layers.get(item["object"]) == item["layer"]
    ]
    return {
        "format": 1,
        "article": given["article"],
        "layers": given["layers"],
        "annotations": sorted(annotations, key=lambda item: item["id"]),
        "relations": relations,
    }


def test_export_of_ours_comes_back_with_its_ids():
    [found] = told(unpacked(full()))
    found.line["annotations"].sort(key=lambda item: item["id"])
    assert found.line == told_again(full())
    assert not found.local_ids
    assert [why.split(": ")[1] for why in whys(found)] == [
        "3 notes on sources and on relations out of the file are not read back; jsonl has them.",
        "1 notes on sources and on relations out of the file are not read back; jsonl has them.",
    ]


@pytest.mark.parametrize("words", ["\nThe mayor\n", "\n\nx\u2028y", " ", "a\tb", "\x85q", "T1\tclaim 0 1\tA"])
def test_words_with_line_ends_come_back_as_they_were(words):
    text = f"One{words}two\n"
    given = document(annotation(1, spans_of(text, words), note=words, said_where=words), text=text)
    [found] = told(unpacked(given))
    assert found.line == told_again(given)
    assert found.refused == ()


def test_pieces_that_only_a_line_end_parts_come_back_as_pieces():
    given = document(annotation(1, spans_of(TEXT, "bridge", "The")))
    [found] = told(unpacked(given))
    assert found.line == told_again(given)


def test_what_was_added_in_brat_gets_an_id_that_stays_and_what_was_changed_keeps_its_own():
    files = unpacked(full())
    name = next(name for name in files if name.startswith("ana/") and name.endswith(".ann"))
    files[name] = files[name].replace(b"T2\tclaim 24 34\tit is safe", b"T2\tclaim 27 34\tis safe")
    files[name] += b"T7\tclaim 13 18\tmayor\nR9\tdenies Arg1:T3 Arg2:T7\n"
    [found], [again] = told(files), told(files)
    assert found == again
    by_words = {item["spans"][0]["exact"]: item for item in found.line["annotations"]}
    assert by_words["is safe"]["id"] == full()["annotations"][0]["id"]
    added = [item for item in found.line["annotations"] if item["spans"][0]["exact"] == "mayor"]
    assert len({item["id"] for item in added}) == 2
    assert {item["created_by"] for item in added} == {"ana", "ben"}
    assert len({item["id"] for item in found.line["relations"]}) == 3


def test_reference_layer_comes_back_and_what_was_added_to_it_needs_a_maker():
    given = document(annotation(1, spans_of(TEXT, "mayor"), layer=3), owners=("ana", "ben", None))
    files = unpacked(given)
    name = next(name for name in files if name.startswith("reference/") and name.endswith(".ann"))
    files[name] += b"T7\tclaim 0 1\tA\n"
    [found] = told(files)
    assert found.line == told_again(given)
    assert whys(found) == [f"{name}, T7: It does not say who made it, and the reference layer is nobody's."]


def test_export_without_its_index_is_a_collection_like_any_other():
    files = {name: data for name, data in unpacked(full()).items() if name != "articles.jsonl"}
    [found] = told(files)
    assert found.local_ids
    assert [layer["owner"] for layer in found.line["layers"]] == ["ana", "ben"]
    claim = next(item for item in found.line["annotations"] if item["spans"][0]["exact"] == "it is safe")
    assert claim["note"].startswith("Who says\tso?\nThe mayor.\nspeaker: Ann Mayor")


@pytest.mark.parametrize("index", [b"{", b"[]\n1\nnull\n", b'{"id": "x", "layers": []}\n', b"\xff\xfe"])
def test_index_that_is_none_of_ours_is_passed_over(index):
    [found] = told({"articles.jsonl": index, "ana/a.txt": TEXT, "ana/a.ann": "T1\tclaim 13 18\tmayor\n"})
    assert found.local_ids
    assert marked(found) == [("claim", "mayor")]
