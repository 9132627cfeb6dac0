"""Every text colour can be read on every ground that it stands on, in both modes; tags' colours as well (WCAG AA)."""

import re
from pathlib import Path

import pytest
from django.test import Client

from factcheck import colours, queries
from factcheck.models import Tag
from factcheck.services import default_scheme
from factcheck.views import scheme
from tests import factories

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()
    )
}
TEXT_ON = [(text, ground) for text in ("ink", "soft", "accent", "danger") for ground in ("paper", "raised")]
TEXT_ON += [("ink", "sunk"), ("soft", "sunk"), ("paper", "ink"), ("paper", "soft")]
TEXT_ON += [
    ("ink", "danger-bg"),
    ("danger", "danger-bg"),
    ("accent", "good-bg"),
    ("ink", "good-bg"),
    ("ink", "accent-bg"),
]
LINES_ON = [(line, ground) for line in ("edge", "accent", "danger", "good") for ground in ("paper", "raised")]


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(text: str, ground: str, mode: int) -> None:
    assert colours.contrast(TOKENS[text][mode], TOKENS[ground][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_borders_that_mean_something_can_be_seen(line: str, ground: str, mode: int) -> None:
    assert colours.contrast(TOKENS[line][mode], TOKENS[ground][mode]) >= 3


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_stylesheet_of_a_scheme_is_reckoned_on_the_present_tokens() -> None:
    assert (TOKENS["paper"], TOKENS["raised"], TOKENS["ink"]) == (colours.PAPER, colours.RAISED, colours.INK)


def tag(**given: str) -> Tag:
    return Tag(**{"name": "claim", "line": "solid", "colour": "#9a5b00", "colour_dark": "#f0b65a", **given})


def declared(css: str, name: str) -> tuple[str, str]:
    found = re.search(rf"--t-{name}: light-dark\((#\w+), (#\w+)\)", css)
    assert found
    return found.group(1), found.group(2)


def test_the_first_tags_keep_their_colours() -> None:
    css = scheme.stylesheet(
        [
            tag(**{key: one[key] for key in ("name", "line", "colour", "colour_dark")})
            for one in default_scheme.TAGS
        ]
    )
    for one in default_scheme.TAGS:
        assert declared(css, one["name"]) == (one["colour"], one["colour_dark"])


@pytest.mark.parametrize(
    "colour", ["#9a5b00", "#ffff00", "#000000", "#ffffff", "#808080", "#ff0000", "#00ff00"]
)
def test_any_colour_that_a_project_chooses_can_be_read(colour: str) -> None:
    css = scheme.stylesheet([tag(colour=colour, colour_dark=colour)])
    for mode, shade in enumerate(declared(css, "claim")):
        ground = declared(css, "claim-bg")[mode]
        for under in (colours.PAPER[mode], colours.RAISED[mode], ground):
            assert colours.contrast(shade, under) >= 4.5
        assert colours.contrast(colours.INK[mode], ground) >= 4.5


@pytest.mark.django_db
def test_a_projects_stylesheet_has_its_tags_and_lanes_and_is_kept(client: Client) -> None:
    project = factories.project("demo")
    client.force_login(factories.user("vic"))
    row = queries.projects.visible(factories.user("vic").pk, "demo")
    assert row
    address = scheme.address(row, queries.projects.tags(project.pk, retired=True))
    response = client.get(address)
    css = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/css")
    assert "immutable" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    for name in ("claim", "denial", "evidence"):
        assert f".t-{name} {{ --tag: var(--t-{name}); --tag-bg: var(--t-{name}-bg);" in css
        for lane in range(4):
            assert f".l{lane}-{name} {{ --l{lane}: var(--t-{name}-line); }}" in css
    plain = client.get("/projects/demo/scheme.css")
    assert "no-cache" in plain.headers["Cache-Control"]
    again = client.get("/projects/demo/scheme.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_the_library_links_the_stylesheet_under_its_version(client: Client) -> None:
    factories.project("demo")
    client.force_login(factories.user("vic"))
    assert "/projects/demo/scheme.css?v=" in client.get("/projects/demo/").content.decode()
