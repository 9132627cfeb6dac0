"""Files, folders and archives are read in a stable order; what could do harm in an archive is refused as a whole."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factcheck.exceptions import TooLarge
from factcheck.intake import files, jsonl
from factcheck.intake.formats import READERS
from factcheck.intake.readers import File, Options, Refusal, Told, Undecided
from factcheck.models import Article
from tests import factories

SUFFIXES = (".jsonl",)


def line(title, **changes):
    made = {
        "article": {"title": title, "text": f"{title}\nThe mayor denied it.\n"},
        "annotations": [{"tag": "claim", "spans": [{"start": 0, "end": 3}], "created_by": "ana"}],
    }
    return json.dumps(made | changes) + "\n"


def archive(**entries):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    raw.seek(0)
    return raw


def names(found):
    return [file.name for file in found]


def test_folder_is_walked_in_order_without_what_is_hidden_or_of_another_kind(tmp_path):
    for name in ("b/2.jsonl", "b/10.JSONL", "a.jsonl", "b/notes.md", ".git/x.jsonl", "b/.x.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert names(files.named([str(tmp_path)], SUFFIXES)) == ["a.jsonl", "b/10.JSONL", "b/2.jsonl"]
    one = tmp_path / "b/notes.md"
    several = [str(one), str(tmp_path / "b")]
    assert names(files.named(several, SUFFIXES)) == [one.as_posix(), "b/10.JSONL", "b/2.jsonl"]


def test_archive_is_read_without_touching_the_disk(tmp_path):
    entries = {"b/2.jsonl": "two", "a.jsonl": "one", "b/x.md": "", "__MACOSX/a.jsonl": "", "b/": ""}
    path = tmp_path / "all.zip"
    path.write_bytes(archive(**entries).read())
    found = list(files.named([str(path)], SUFFIXES))
    assert names(found) == ["a.jsonl", "b/2.jsonl"]
    assert found[1].open().read() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["all.zip"]


@pytest.mark.parametrize("name", ["../x.jsonl", "/etc/x.jsonl", "a/../../x.jsonl", "C:/x.jsonl"])
def test_name_that_leads_elsewhere_refuses_the_archive(name):
    with pytest.raises(files.BadArchive, match="leads elsewhere"):
        list(files.unpacked(archive(**{"good.jsonl": "", name: ""}), SUFFIXES))


def test_archive_that_would_unpack_to_too_much_is_refused():
    bomb = archive(**{"x.jsonl": b"\0" * 2**20})
    with pytest.raises(TooLarge, match="unpack"):
        list(files.unpacked(bomb, SUFFIXES, limits=files.Limits(small=2**10)))
    with pytest.raises(TooLarge, match="unpack"):
        list(files.unpacked(bomb, SUFFIXES, limits=files.Limits(one=2**10)))
    with pytest.raises(TooLarge, match="files"):
        list(files.unpacked(archive(a="", b=""), SUFFIXES, limits=files.Limits(entries=1)))


def test_what_is_no_archive_is_said_to_be_none(tmp_path):
    with pytest.raises(files.BadArchive):
        list(files.unpacked(io.BytesIO(b"PK\x03\x04 and no more"), SUFFIXES))


def test_lines_are_handed_on_as_they_are_unless_something_was_said():
    raw = b'{"annotations": [{}, {"created_by": "ben"}], "article": {}}\n\n{no json\n'
    told = list(jsonl.read([File("x", lambda: io.BytesIO(raw))], Options()))
    assert told == [Told("x, line 1", raw.split(b"\n")[0] + b"\n"), Told("x, line 3", b"{no json\n")]
    said = list(jsonl.read([File("x", lambda: io.BytesIO(raw))], Options("ana", None, "ar")))
    assert said[0].line == {
        "annotations": [{"created_by": "ana"}, {"created_by": "ben"}],
        "article": {"language": "ar"},
    }
    assert said[1].line == b"{no json\n"


def test_line_without_end_is_passed_over(monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 10)
    told = list(jsonl.read([File("x", lambda: io.BytesIO(b"x" * 35 + b"\n{}\n"))], Options()))
    assert [(one.place, one.line) for one in told] == [("x, line 1", None), ("x, line 2", b"{}\n")]


@pytest.fixture
def project(db):
    return factories.project("water")


def test_command_reads_archives_and_names_each_refusal(project, tmp_path, capsys):
    path = tmp_path / "all.zip"
    entries = {"a.jsonl": line("One") + line("Two", annotations=3), "b/b.jsonl": line("Three")}
    path.write_bytes(archive(**entries).read())
    with pytest.raises(CommandError, match="1 of 3 articles were refused"):
        call_command("import", "jsonl", str(path), project="water", progress=True)
    said = capsys.readouterr()
    assert "a.jsonl, line 2: refused. annotations: must be a list." in said.err
    assert "3 articles, 2 annotations" in said.err
    assert "Made: 2 articles" in said.out
    assert set(Article.objects.values_list("title", flat=True)) == {"One", "Three"}


def test_preview_counts_and_writes_nothing(tmp_path, capsys, db):
    factories.user("mona")
    factories.user("ana")
    path = tmp_path / "a.jsonl"
    path.write_text(line("One"))
    given = {"create_project": True, "manager": "mona", "create_users": True, "preview": True}
    call_command("import", "jsonl", str(path), project="new", **given)
    assert "Would be made: 1 articles, 1 layers, 1 annotations" in capsys.readouterr().out
    assert not Article.objects.exists()


def test_reader_tells_what_it_left_out_and_what_must_be_said(project, tmp_path, monkeypatch, capsys):
    def read(found, options):
        if options.unit is None:
            raise Undecided("Offsets can be meant in two ways here.", field="unit")
        for file in found:
            left_out = (Refusal(f"{file.name}, line 3", "Its words are not there."),)
            yield Told(file.name, json.loads(line(Path(file.name).stem)), left_out, local_ids=True)
            yield Told(file.name, None, (Refusal(file.name, "There is no text."),))

    monkeypatch.setitem(READERS, "jsonl", READERS["jsonl"]._replace(read=read))
    path = tmp_path / "one.jsonl"
    path.write_text("")
    with pytest.raises(CommandError, match="--offsets"):
        call_command("import", "jsonl", str(path), project="water")
    with pytest.raises(CommandError, match=r"1 of 2 articles were refused.*1 other things were left out"):
        call_command("import", "jsonl", str(path), project="water", offsets="utf16")
    said = capsys.readouterr()
    assert "line 3: refused. Its words are not there." in said.err
    assert "There is no text." in said.err
    assert "Made: 1 articles" in said.out
