"""Whether a colour can be read on another: contrast as WCAG 2.2 defines it, and mixing until it suffices.

The formulas are those of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio; what is asked of
text is success criterion 1.4.3 (AA), of a line that means something 1.4.11.
"""

import colorsys
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

AA = 4.5
LINE_AA = 3.0
MOST_TINT = 0.16
Rgb = tuple[int, int, int]

# The tokens --paper, --raised and --ink of tokens.css, light and dark; a test keeps them alike.
PAPER = ("#fdfcfa", "#16181c")
RAISED = ("#ffffff", "#1e2126")
INK = ("#1c1e21", "#e8e6e1")
# A tag stands on both grounds; the darker of the two in light mode and the lighter in dark mode is the harder one.
PAGE = (PAPER[0], RAISED[1])
_HEX = re.compile("#[0-9a-f]{6}")


class Contrasts(NamedTuple):
    """How a tag's colour reads on the page and on its own tint, 1 to 21; its line has the same colour."""

    page: float
    tint: float

    @property
    def least(self) -> float:
        """The harder of the two."""
        return min(self)

    @property
    def suffices(self) -> bool:
        """Whether its words can be read on both; a line then can be seen as well."""
        return self.least >= AA


def is_colour(value: str) -> bool:
    """Say whether the text is `#rrggbb` in small letters."""
    return bool(_HEX.fullmatch(value))


def rgb(colour: str) -> Rgb:
    """Read `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(colour: Rgb) -> str:
    """Write `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 for black to 1 for white."""
    linear = [
        c / 12.92 if (c := part / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, into: str, share: float) -> str:
    """Mix a share of one colour into another."""
    red, green, blue = (
        round(a * share + b * (1 - share)) for a, b in zip(rgb(colour), rgb(into), strict=True)
    )
    return hexed((red, green, blue))


def legible(colour: str, on: str, ink: str) -> str:
    """Return the colour, moved towards the ink no further than it takes to be read on that ground."""
    steps = (mix(ink, colour, step / 20) for step in range(20))
    return next((shade for shade in steps if contrast(shade, on) >= AA), ink)


def tint(colour: str, ground: str, *, most: float = MOST_TINT) -> str:
    """Return the ground with as much of the colour in it as still lets the colour be read on it.

    What is mixed in is the hue at its brightest: a dark brown mixed in as it is would give mud.
    """
    tints = (mix(_vivid(colour), ground, most * step / 8) for step in range(8, 0, -1))
    return next((shade for shade in tints if contrast(colour, shade) >= AA), ground)


def contrasts(colour: str, mode: int) -> Contrasts:
    """Return how a tag of this colour reads in light (0) or dark (1) mode."""
    ground = mix(_vivid(colour), PAPER[mode], MOST_TINT)
    return Contrasts(contrast(colour, PAGE[mode]), contrast(colour, ground))


def nearest(colour: str, mode: int) -> str:
    """Return the nearest darker (light mode) or lighter (dark mode) colour of this hue that can be read."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    end = mode  # black in light mode, white in dark mode
    for step in range(101):
        moved = lightness + (end - lightness) * step / 100
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, moved, saturation))
        if contrasts(shade := hexed((red, green, blue)), mode).suffices:
            return shade
    return INK[mode]


def distinct(taken: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return a colour for light and one for dark mode, of one hue, that can be read and is least like those taken."""
    pairs = []
    for saturation in (0.75, 0.4):
        for step in range(24):
            shades = (hexed(_from_hls(step / 24, lightness, saturation)) for lightness in (0.35, 0.65))
            pairs.append(tuple(nearest(shade, mode) for mode, shade in enumerate(shades)))
    return max(
        ((light, dark) for light, dark in pairs),
        key=lambda pair: min(
            (_apart(*both) for other in taken for both in zip(pair, other, strict=True)), default=0
        ),
    )


def _apart(one: str, other: str) -> float:
    """Return how different two colours look: Euclidean in RGB, weighted by the mean of red.

    See https://www.compuphase.com/cmetric.htm; good enough to choose among a few dozen.
    """
    (r, g, b), (red, green, blue) = rgb(one), rgb(other)
    mean = (r + red) / 2
    weights = (2 + mean / 256, 4, 2 + (255 - mean) / 256)
    squares = ((r - red) ** 2, (g - green) ** 2, (b - blue) ** 2)
    return math.sqrt(sum(weight * square for weight, square in zip(weights, squares, strict=True)))


def _from_hls(hue: float, lightness: float, saturation: float) -> Rgb:
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _vivid(colour: str) -> str:
    hue, _lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    if saturation < 0.1:  # a grey stays one
        return colour
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, 0.5, 0.7))
    return hexed((red, green, blue))
