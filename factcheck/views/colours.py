"""Whether a colour can be read on another: contrast as WCAG 2.2 defines it, and mixing until it suffices."""

import colorsys

AA = 4.5
Rgb = tuple[int, int, int]


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


def tint(colour: str, ground: str, *, most: float = 0.16) -> str:
    """Return the ground with as much of the colour in it as still lets the colour be read on it.

    What is mixed in is the hue at its brightest: a dark brown mixed in as it is would give mud.
    """
    tints = (mix(_vivid(colour), ground, most * step / 8) for step in range(8, 0, -1))
    return next((shade for shade in tints if contrast(colour, shade) >= AA), ground)


def _vivid(colour: str) -> str:
    hue, _lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    if saturation < 0.1:  # a grey stays one
        return colour
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, 0.5, 0.7))
    return hexed((red, green, blue))
