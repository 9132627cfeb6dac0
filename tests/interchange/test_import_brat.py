"""A brat collection of several people comes in, changes nothing the second time, goes out and comes back equal."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from factcheck.queries import interchange
from tests import factories

pytestmark = pytest.mark.django_db
TEXTS = {
    "doc-1": "Roma, 25 may (EFE).\nEl presidente Kofi Annan\nviajó a España — 😀 dijo la ONU.\n",
    "doc-2": "Madrid, 23 may (EFE).\nLa ONU no comentó.\n",
}
MARKED = {
    ("Lisa", "doc-1"): [("LOC", ["Roma"]), ("PER", ["Kofi Annan"]), ("ORG", ["ONU"])],
    ("Max", "doc-1"): [("LOC", ["Roma"]), ("PER", ["presidente", "Annan\nviajó"])],
    ("Peter", "doc-1"): [],
    ("Lisa", "doc-2"): [("ORG", ["ONU"])],
    ("Max", "doc-2"): [("ORG", ["ONU"]), ("LOC", ["Madrid"])],
    ("Peter", "doc-2"): [("MISC", ["no comentó"])],
}


def lines_of(text, marked):
    """Write annotations as brat does: no piece holds a line end."""
    lines = []
    for nth, (tag, words) in enumerate(marked, 1):
        pieces = [piece for one in words for piece in one.split("\n")]
        places = ";".join(f"{text.index(one)} {text.index(one) + len(one)}" for one in pieces)
        lines.append(f"T{nth}\t{tag} {places}\t{' '.join(pieces)}\n")
    return "".join(lines)


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "corpus"
    for (who, name), marked in MARKED.items():
        (folder / who).mkdir(parents=True, exist_ok=True)
        (folder / who / f"{name}.txt").write_text(TEXTS[name], encoding="utf-8", newline="")
        lines = lines_of(TEXTS[name], marked)
        (folder / who / f"{name}.ann").write_text(lines, encoding="utf-8", newline="")
    return folder


def exported(project, name="jsonl"):
    return b"".join(interchange.export(name, interchange.select(None, project=project)))


def imported(path, project, capsys, **options):
    call_command("import", "brat", str(path), project=project, create_tags=True, create_users=True, **options)
    return capsys.readouterr().out


def test_collection_comes_in_and_the_second_time_changes_nothing(collection, capsys):
    factories.project("corpus")
    assert "2 articles, 6 layers, 9 annotations" in imported(collection, "corpus", capsys)
    whole = exported("corpus")
    found = [json.loads(line) for line in whole.splitlines()]
    assert {
        (layer["owner"], line["article"]["file_name"].removesuffix(".txt")): [
            (one["tag"].upper(), [span["exact"] for span in one["spans"]])
            for one in line["annotations"]
            if one["layer"] == layer["id"]
        ]
        for line in found
        for layer in line["layers"]
    } == MARKED
    assert "Made: nothing." in imported(collection, "corpus", capsys)
    assert exported("corpus") == whole


def test_export_comes_back_and_changes_nothing_and_makes_a_copy_elsewhere(collection, tmp_path, capsys):
    factories.project("corpus")
    factories.project("copy")
    imported(collection, "corpus", capsys)
    whole, archive = exported("corpus"), tmp_path / "corpus.zip"
    archive.write_bytes(exported("corpus", "brat"))
    assert "Made: nothing." in imported(archive, "corpus", capsys)
    assert exported("corpus") == whole
    imported(archive, "copy", capsys, renew_ids=True)
    assert standoff("copy") == standoff("corpus")


def standoff(project):
    """Return the T lines of an export by folder and text."""
    opened = zipfile.ZipFile(io.BytesIO(exported(project, "brat")))
    read = {name: opened.read(name).decode() for name in opened.namelist()}
    return {
        (name.split("/")[0], read[name.replace(".ann", ".txt")]): [
            line for line in content.split("\n") if line.startswith("T")
        ]
        for name, content in read.items()
        if name.endswith(".ann")
    }


def test_equivalence_is_a_symmetric_kind_and_dirty_lines_are_told(collection, capsys):
    factories.project("corpus")
    with (collection / "Lisa" / "doc-1.ann").open("a", encoding="utf-8") as lines:
        lines.write("*\tEquiv T2 T3\nT9\tPER 0 3\tAnnan\n")
    with pytest.raises(CommandError, match="1 other things were left out"):
        imported(collection, "corpus", capsys)
    assert "Lisa/doc-1.ann, line 5: refused. At 0 3 the text says “Rom”" in capsys.readouterr().err
    kinds = json.loads(exported("corpus").splitlines()[0])["project"]["scheme"]["relation_kinds"]
    assert {kind["name"]: kind["symmetric"] for kind in kinds}["equiv"] is True


def test_whose_work_it_is_must_be_said_where_no_folder_does(collection, capsys):
    factories.project("corpus")
    with pytest.raises(CommandError, match="--annotator USER"):
        imported(collection / "Lisa", "corpus", capsys)
    assert "2 layers" in imported(collection / "Lisa", "corpus", capsys, annotator="Lisa")
