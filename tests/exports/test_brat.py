"""brat opens what leaves: every quote is what stands at its offsets, and what brat has no place for is in notes."""

import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.anchoring.lines import LINE_ENDS
from factcheck.exports import brat
from tests.exports.documents import ARTICLE, TEXT, annotation, document, full

GOLDEN = Path(__file__).parents[1] / "golden" / "brat.txt"
NAME = f"a-bridge-{ARTICLE}1"


def files(*documents):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(brat.write(documents))))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def quotes(text, lines):
    """Return what each T line says, having checked it as brat does."""
    found = []
    for line in lines.split("\n"):
        if line.startswith("T"):
            _id, place, quote = line.split("\t", 2)
            parts = [part.split() for part in place.split(" ", 1)[1].split(";")]
            assert quote == " ".join(text[int(start) : int(end)] for start, end in parts)
            found.append(quote)
    return found


def test_archive_is_that_of_the_golden_file():
    made = "".join(f"== {name}\n{content}" for name, content in files(full()).items())
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_each_layer_has_the_text_and_what_its_owner_marked():
    found = files(full())
    assert found[f"ana/{NAME}.txt"] == found[f"ben/{NAME}.txt"] == TEXT
    assert quotes(TEXT, found[f"ana/{NAME}.ann"]) == ["bridge The mayor", "it is safe", "Nobody does"]
    assert quotes(TEXT, found[f"ben/{NAME}.ann"]) == ["mayor"]
    assert "T3\tdenial 36 42;48 52\tNobody does\n" in found[f"ana/{NAME}.ann"]
    assert "T1\tclaim 2 8;9 18\tbridge The mayor\n" in found[f"ana/{NAME}.ann"]


def test_relations_are_lines_where_both_ends_are_here_and_notes_where_not():
    lines = files(full())[f"ana/{NAME}.ann"].split("\n")
    assert "R1\tdenies Arg1:T3 Arg2:T2" in lines
    assert "R2\tcontradicts Arg1:T2 Arg2:T1" in lines
    notes = [line.split("\t", 1)[1] for line in lines if line.startswith("#")]
    assert any("Relation T3\tdenies" in note and "not in this layer: “mayor”" in note for note in notes)
    assert any("Relation T3\tdenies" in note and "not in this article" in note for note in notes)
    assert "speaker T2\tAnn Mayor; named “The mayor”; on behalf of The town; on the phone" in notes


def test_what_can_stand_nowhere_is_told_in_the_index():
    line_ends = annotation(1, [{"start": 8, "end": 9, "exact": "\n"}])
    found = files(document(line_ends))
    [told] = map(json.loads, found["articles.jsonl"].splitlines())
    assert [(one["id"], one["why"]) for one in told["left_out"]] == [
        (line_ends["id"], "It covers line ends only.")
    ]
    assert found[f"ana/{NAME}.ann"] == ""


def test_article_without_layers_is_there():
    found = files(document(owners=()))
    assert found[f"unannotated/{NAME}.txt"] == TEXT
    assert set(found) == {"annotation.conf", f"unannotated/{NAME}.txt", "articles.jsonl"}
    assert files() == {}


def test_same_state_gives_the_same_bytes_in_pieces_as_articles_come():
    pulled = 0

    def documents():
        nonlocal pulled
        for number in range(1, 9):
            pulled += 1
            text = os.urandom(60_000).hex()
            yield document(text=text, number=number)

    assert b"".join(brat.write([full()])) == b"".join(brat.write([full()]))
    chunks = brat.write(documents())
    next(chunks)
    assert pulled <= 2
    assert max(map(len, chunks)) < 200_000


@pytest.mark.parametrize(
    "title",
    ["../../etc/passwd", "con", "a/b\\c:d*e?", "\u202egnp.exe", "…", "日本語", "x" * 500, "Ünï cödé", " . "],
)
def test_names_are_safe_and_tell_articles_apart(title):
    names = [name for name in files(document(title=title), document(title=title, number=2)) if "/" in name]
    assert len({name.casefold() for name in names}) == 8
    for name in names:
        folder, _, file = name.partition("/")
        assert folder in ("ana", "ben")
        assert re.fullmatch(rf"([a-z0-9-]{{1,60}}-)?{ARTICLE}[12]\.(txt|ann)", file)


@pytest.mark.parametrize(
    ("owners", "folders"),
    [
        (("ana", "Ana", "ANA"), ["ana", "Ana~2", "ANA~3"]),
        (("reference", None), ["reference~2", "reference"]),
        (("con", "nul.x", "a.", "ж@x+y"), ["_con", "_nul.x", "a", "ж@x+y"]),
        (("../x", "a/b"), ["_x", "a_b"]),
    ],
)
def test_folders_are_safe_on_every_file_system(owners, folders):
    found = files(document(owners=owners), document(owners=owners, number=2))
    assert list(dict.fromkeys(name.split("/")[0] for name in found if "/" in name)) == folders
    told = [json.loads(line) for line in found["articles.jsonl"].splitlines()]
    assert [[layer["folder"] for layer in one["layers"]] for one in told] == [folders, folders]


NAUGHTY = ["\ttab", "a\u2028b", "\x85x\x1cy", "T1\tclaim 0 1\tx", "#1\tx", "‮abc", "￾", "👩‍👩‍👧‍👦", "'\"\\"]


@pytest.mark.parametrize("words", NAUGHTY)
def test_naughty_words_break_no_line(words):
    text = f"Before {words} after\n"
    start = len("Before ")
    span = {"start": start, "end": start + len(words), "exact": words}
    found = files(
        document(annotation(1, [span], note=words, said_where=words), text=text, title=words or "x")
    )
    name = next(name for name in found if name.startswith("ana/") and name.endswith(".ann"))
    assert found[name.replace(".ann", ".txt")] == text
    assert len(quotes(text, found[name])) == 1
    for line in found[name].splitlines():
        assert re.match(r"([TA#]\d+)\t\w+ \w+", line)


@settings(max_examples=100)
@given(st.text("ab \n\t\u2028é👍", min_size=1, max_size=30), st.data())
def test_every_quote_is_what_stands_there(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = files(
        document(annotation(1, [{"start": start, "end": end, "exact": text[start:end]}]), text=text)
    )
    [lines] = [
        content for name, content in found.items() if name.startswith("ana/") and name.endswith(".ann")
    ]
    assert len(quotes(text, lines)) == (set(text[start:end]) - set(LINE_ENDS) != set())


def test_configuration_has_tags_legal_pairs_and_attributes():
    lines = files(full())["annotation.conf"].split("\n")
    assert lines[:3] == ["[entities]", "claim", "denial"]
    assert "denies\tArg1:denial, Arg2:claim|denial" in lines
    assert "contradicts\tArg1:claim, Arg2:claim, <REL-TYPE>:symmetric" in lines
    assert "unsure\tArg:claim|denial" in lines
    assert "wording\tArg:claim, Value:verbatim|mixed" in lines
    assert not any(line.startswith("said_where") for line in lines)


def test_attributes_are_lines_where_they_are_one_word():
    lines = files(full())[f"ana/{NAME}.ann"].split("\n")
    assert {"A1\twording T2 mixed", "A2\tunsure T2"} <= set(lines)
    assert any(line.endswith('Attributes T2\t{"said_where":"on the bridge"}') for line in lines)
    assert any(line.endswith('Attributes R1\t{"manner":"explicit"}') for line in lines)
