"""Contrast by the formula of WCAG 2.2, and the colour that is offered in place of one that cannot be read."""

import itertools

import pytest

from factcheck import colours
from factcheck.services import default_scheme
from factcheck.services.tags import colour_fault

SOME = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product((0, 85, 170, 255), repeat=3)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.00),
        ("#ffff00", "#ffffff", 1.07),
    ],
)
def test_contrast_is_as_published(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize("tag", default_scheme.TAGS, ids=lambda tag: tag["name"])
def test_the_first_tags_pass(tag: dict[str, str]) -> None:
    assert not colour_fault(tag["colour"], 0)
    assert not colour_fault(tag["colour_dark"], 1)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("colour", SOME)
def test_the_nearest_colour_can_be_read_and_one_that_can_is_its_own_nearest(colour: str, mode: int) -> None:
    nearest = colours.nearest(colour, mode)
    assert colours.contrasts(nearest, mode).suffices
    if colours.contrasts(colour, mode).suffices:
        assert nearest == colour
        return
    brighter = colours.luminance(nearest) > colours.luminance(colour)
    assert brighter is (mode == 1)
    assert nearest in colour_fault(colour, mode)


@pytest.mark.parametrize(
    ("colour", "mode", "says"),
    [
        ("#ffff00", 0, "on the page; words need 4.5 : 1 and lines 3 : 1"),
        ("#b07000", 0, "on the page; words need 4.5 : 1."),
        ("#a06000", 0, "on its own tint"),
        ("#000000", 1, "nearest lighter"),
    ],
)
def test_a_refusal_says_where_and_by_how_much(colour: str, mode: int, says: str) -> None:
    fault = colour_fault(colour, mode)
    assert says in fault
    assert f"{colours.contrasts(colour, mode).least:.2f} : 1" in fault


@pytest.mark.parametrize("value", ["#FFF000", "#fff", "red", "", "#12345g", "#1234567"])
def test_what_is_no_colour(value: str) -> None:
    assert not colours.is_colour(value)
