"""The seed article's group of claims, built by keys alone: no pointer is touched from the first word to the map."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from factcheck.models import Relation, Source
from tests import factories
from tests.browser.desk import Desk
from tests.browser.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[Page, str], None]
TEXT = (Path(__file__).parents[2] / "seeds" / "000_5caf563cd8491224.txt").read_text("utf-8")
# Ids and places as in the worked through seed article; code points of the whole file.
C5, E2, C7, C8, C10, C12, D1, D2, C14 = (
    [(615, 655)],
    [(751, 787), (846, 898)],
    [(815, 838)],
    [(946, 1005)],
    [(1065, 1084)],
    [(1233, 1305)],
    [(1358, 1420)],
    [(1439, 1467)],
    [(1654, 1712)],
)
Place = list[tuple[int, int]]


def words(place: Place) -> str:
    return " … ".join(TEXT[start:end] for start, end in place)


class Desktop:
    """What ana does, by keys."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk, self.keys = page, desk, Keyboard(page)
        self.relating = page.get_by_role("region", name="Relating")

    def tag(self, place: Place, key: str) -> None:
        self.keys.to_text()
        self.keys.select(*place[0])
        for piece in place[1:]:
            self.keys.press("+")
            self.keys.select(*piece)
        self.keys.press(key)
        self.desk.saved()
        expect(self.desk.chosen.locator(".card-words")).to_have_text(words(place))

    def named_before(self, typed: str, name: str) -> None:
        """Three keys or a few more: the dialog, the name's first letters, Enter."""
        self.keys.press("s", *typed, "Enter")
        self.linked(name)

    def linked(self, name: str) -> None:
        expect(self.desk.dialog).to_be_hidden()
        expect(self.desk.chosen.locator(".links")).to_contain_text(name)

    def new_source(self, name: str, kind: int, *, behalf: str = "", role: int = 0) -> None:
        """Name a source for the first time; `kind` and `role` count from the first of the choices."""
        self.keys.press("s")
        box = self.page.get_by_role("combobox", name="Source")
        expect(box).to_be_focused()
        if role:
            self.keys.tab_to(self.desk.dialog.locator("[name=role]:checked"), "Shift+Tab")
            self.keys.press(*["ArrowRight"] * role)
            self.keys.tab_to(box)
        self.page.keyboard.type(name)
        self.keys.press("Enter")
        expect(self.desk.dialog.get_by_role("radio", name="a person")).to_be_focused()
        self.keys.press(*["ArrowRight"] * kind)
        if behalf:
            more = self.desk.dialog.locator(".source-more summary")
            self.keys.tab_to(more)
            self.keys.press("Enter")
            self.keys.tab_to(self.page.get_by_role("combobox", name="On behalf of"))
            self.page.keyboard.type(behalf)
            self.keys.tab_to(self.desk.dialog.get_by_role("button", name="Save", exact=True))
        self.keys.press("Enter")
        self.linked(name)

    def nobody_named(self) -> None:
        self.keys.press("s")
        self.keys.tab_to(self.desk.dialog.get_by_role("button", name="Nobody named"))
        self.keys.press("Enter")
        self.linked("Nobody named")

    def alias(self, source: str, alias: str) -> None:
        """Give a source another name on its own page."""
        back = self.page.url
        self.page.goto(f"/sources/{Source.objects.get(name=source).pk}/edit/")
        self.keys.tab_to(self.page.get_by_label("Also called"))
        self.page.keyboard.type(alias)
        self.keys.tab_to(self.page.get_by_role("button", name="Save"))
        self.keys.press("Enter")
        expect(self.page.get_by_role("heading", name=source)).to_be_visible()
        self.page.goto(back)
        self.desk.ready()

    def choose(self, place: Place) -> None:
        """Go from one annotation to the next until it is this one."""
        for key in ["j"] * 10 + ["k"] * 10:
            shown = self.desk.chosen.locator(".card-words")
            if shown.count() and shown.inner_text() == words(place):
                break
            self.keys.press(key)
        expect(self.desk.chosen.locator(".card-words")).to_have_text(words(place))

    def relate(
        self, place: Place, others: list[Place], kind: str, value: str, *, turned: bool = False
    ) -> None:
        self.choose(place)
        self.keys.press("r")
        expect(self.relating).to_be_visible()
        for n, other in enumerate(others):
            self.choose(other)
            if n < len(others) - 1:
                self.keys.press(" ")
        expect(self.relating.get_by_role("list", name="Other ends").get_by_role("listitem")).to_have_count(
            len(others)
        )
        if turned:
            self.keys.press("v")
        self.keys.press(kind, value, "Enter")
        expect(self.relating).to_be_hidden()
        expect(self.desk.outbox).to_have_attribute("data-state", "idle")


@pytest.fixture
def desktop(page: Page, sign_in: SignIn, transactional_db: None) -> Desktop:
    project = factories.project("demo")
    article = factories.article(project, title=TEXT.partition("\n")[0], text=TEXT, language="en")
    sign_in(page, "ana")
    return Desktop(page, Desk(page, article).open())


def test_the_group_of_claims_is_built_by_keys_and_told_alike_everywhere(desktop: Desktop, page: Page) -> None:
    it = desktop
    it.tag(C5, "c")
    it.new_source("United States", 1)
    it.new_source("Iran", 1, role=2)
    it.tag(E2, "e")
    it.keys.press("1", "1", "2", "2")
    it.nobody_named()
    it.tag(C7, "c")
    it.nobody_named()
    it.tag(C8, "c")
    it.new_source("Vladimir Zelensky", 0, behalf="Ukraine")
    it.tag(C10, "c")
    it.keys.press(".")
    it.linked("Vladimir Zelensky")
    it.alias("Ukraine", "Kiev")
    it.alias("United States", "US")
    it.tag(C12, "c")
    it.named_before("kie", "Ukraine")
    it.tag(D1, "d")
    it.new_source("Dmitry Peskov", 0, behalf="Kremlin")
    it.tag(D2, "d")
    it.named_before("ira", "Iran")
    it.tag(C14, "c")
    it.named_before("us", "United States")

    it.relate(C5, [C8], "r", "2", turned=True)
    it.relate(C5, [C10, C12], "r", "1", turned=True)
    it.relate(D1, [C7], "d", "1")
    it.relate(D1, [C5, C8], "d", "2")
    it.relate(D2, [C5], "d", "1")
    it.relate(D2, [C8, C10, C12], "d", "2")
    it.relate(E2, [C7], "s", "1")
    it.relate(E2, [C5], "s", "2")

    wanted = {
        (words(one), kind, words(other), value)
        for one, kind, other, value in (
            (C8, "repeats", C5, "more_specific"),
            (C10, "repeats", C5, "same"),
            (C12, "repeats", C5, "same"),
            (D1, "denies", C7, "explicit"),
            (D1, "denies", C5, "implied"),
            (D1, "denies", C8, "implied"),
            (D2, "denies", C5, "explicit"),
            (D2, "denies", C8, "implied"),
            (D2, "denies", C10, "implied"),
            (D2, "denies", C12, "implied"),
            (E2, "supports", C7, "explicit"),
            (E2, "supports", C5, "implied"),
        )
    }
    assert in_database() == wanted
    _check_api(page, it.desk.article.id, wanted)
    _check_map(page, it.desk.article.id)


def in_database() -> set[tuple[str, ...]]:
    return {
        (
            " … ".join(row.subject.pieces),
            row.kind.name,
            " … ".join(row.object.pieces),
            *row.attributes.values(),
        )
        for row in Relation.objects.filter(withdrawn_at=None)
    }


def exact_of(rows: list[Any]) -> dict[str, str]:
    return {row["id"]: " … ".join(span["exact"] for span in row["spans"]) for row in rows}


def related(rows: list[Any], said: dict[str, str]) -> set[tuple[str, ...]]:
    return {
        (said[row["subject"]], row["kind"], said[row["object"]], *row["attributes"].values()) for row in rows
    }


def _check_api(page: Page, article: Any, wanted: set[tuple[str, ...]]) -> None:
    """The same facts over the API and in the interchange format."""
    rows = page.request.get(f"/api/v1/annotations/?article={article}&limit=1000").json()["results"]
    relations = page.request.get(f"/api/v1/relations/?article={article}&limit=1000").json()["results"]
    assert related(relations, exact_of(rows)) == wanted
    [line] = page.request.get(f"/api/v1/exports/jsonl/?article={article}").text().splitlines()
    told = json.loads(line)
    said = exact_of(told["annotations"])
    assert related(told["relations"], said) == wanted
    names = {row["id"]: row["name"] for row in told["sources"]}
    speakers = {
        (said[row["annotation"]], names[row["source"]])
        for row in told["source_links"]
        if row["role"] == "speaker"
    }
    assert {(words(C12), "Ukraine"), (words(C14), "United States"), (words(D2), "Iran")} <= speakers
    [evidence] = [row for row in told["annotations"] if row["tag"] == "evidence"]
    assert evidence["attributes"] == {"evidence_type": "image", "presence": "described"}


def _check_map(page: Page, article: Any) -> None:
    """One row for the four claims, with two answers and one evidence that is described; the embargo has no answer."""
    told = page.request.get(f"/api/v1/articles/{article}/map/").json()
    rows = {row["claims"][0]["exact"]: row for row in told["rows"]}
    assert set(rows) == {words(C5), words(C7), words(C14)}
    group = rows[words(C5)]
    assert [one["exact"] for one in group["claims"]] == [words(one) for one in (C5, C8, C10, C12)]
    assert len(group["voices"]) == 2  # the United States, and Ukraine by its president and under another name
    answers = {(one["exact"], one["manner"]) for one in group["denials"]}
    assert answers == {(words(D1), "implied"), (words(D2), "explicit")}
    assert [one["attributes"]["presence"] for one in group["evidence_for"]] == ["described"]
    assert "no_answer" in rows[words(C14)]["gaps"]
    assert "no_answer" not in group["gaps"]

    page.goto(f"/articles/{article}/map/")
    shown = page.get_by_role("table").get_by_role("row")
    expect(shown).to_have_count(1 + 3)
    line = shown.filter(has_text=words(C8))
    expect(line).to_contain_text("said 4 times, by 2")
    expect(line).to_contain_text("2 answers")
    expect(line).to_contain_text("described")
    expect(shown.filter(has_text=words(C14))).to_contain_text("no answer in this article")
