"""The documentation keeps up with the code: links lead somewhere, and what exists is named."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "factcheck"
PAGES = sorted({*DOCS.rglob("*.md"), *ROOT.glob("*.md")})
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def words(page: Path) -> str:
    """The page without its code blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The fragments that the page's headings can be linked by, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", words(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_internal_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(words(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists() or (fragment and aim.suffix == ".md" and fragment not in anchors(aim)):
            broken.append(target)
    assert broken == []


def test_every_decision_is_listed_under_its_own_title() -> None:
    listed = dict(
        re.findall(r"^\| \[\d{4}\]\(([^)]+)\) \| (.+) \|$", words(DOCS / "decisions/README.md"), re.MULTILINE)
    )
    titles = {}
    for page in (DOCS / "decisions").glob("0*.md"):
        number, title = re.match(r"# (\d{4})\. (.+)\n", page.read_text(encoding="utf-8")).groups()
        assert page.name.startswith(f"{number}-")
        titles[page.name] = title
    assert listed == titles


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("0*.md")), ids=lambda page: page.stem)
def test_a_decision_has_context_decision_and_consequences(page: Path) -> None:
    assert re.findall(r"^## (.+)$", words(page), re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_every_table_has_its_place_in_the_data_model() -> None:
    tables = {
        name
        for module in (PACKAGE / "models").glob("*.py")
        for name in re.findall(r'db_table = "(\w+)"', module.read_text(encoding="utf-8"))
    }
    described = set(re.findall(r"^### (\w+)$", words(DOCS / "data-model.md"), re.MULTILINE))
    assert described == tables


def test_every_refusal_of_the_triggers_is_explained() -> None:
    sql = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "migrations/sql").glob("*.sql"))
    raised = set(re.findall(r"ERRCODE = '(FC\d{3})'", sql))
    explained = set(re.findall(r"^\| `(FC\d{3})`", words(DOCS / "data-model.md"), re.MULTILINE))
    assert explained == raised


def test_the_architecture_page_names_the_layers_that_exist() -> None:
    named = set(re.findall(r"^\| `(\w+)/` \|", words(DOCS / "architecture.md"), re.MULTILINE))
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert named == packages - {"migrations"}


def test_the_architecture_page_walks_through_files_that_exist() -> None:
    paths = re.findall(
        r"`((?:factcheck|templates|static|tests|docs|seeds)/[\w/.-]+\.\w+)`", words(DOCS / "architecture.md")
    )
    assert len([path for path in paths if path.endswith("annotations.py")]) >= 6
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_formats_page_names_every_key_of_the_interchange_format() -> None:
    about = words(DOCS / "formats.md").partition("\n## jsonl\n")[2].partition("\n## ")[0]
    table = re.findall(r"^\| `(\w+)` \| (.+) \|$", about, re.MULTILINE)
    told = {section: set(re.findall(r"`(\w+)`", keys)) for section, keys in table}
    on_all = {"created_by", "created_at", "updated_at", "status", "version"}
    for path in (ROOT / "seeds/demo").glob("*.jsonl"):
        line = json.loads(path.read_text(encoding="utf-8"))
        assert line.keys() <= told.keys()
        for section, value in line.items():
            things = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
            assert {key for thing in things for key in thing} - on_all <= told[section]
