"""Which representation to answer with: `Accept` (RFC 9110 §12.5.1), and what a reader prefers (RFC 7240)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PARAMETER = re.compile(rf"\s*;\s*(?:({_WORD})\s*(?:=\s*(?:({_WORD})|{_QUOTED}))?)?")
_RANGE = re.compile(rf"\s*({_WORD})/({_WORD})")
_PREFERENCE = re.compile(rf"\s*({_WORD})(?:\s*=\s*(?:({_WORD})|{_QUOTED}))?")
_NEXT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)*(?:,|$)')
_QUALITY = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


class MediaRange(NamedTuple):
    """One of the ranges that a request accepts, such as `application/*;q=0.5`."""

    type: str
    subtype: str
    parameters: dict[str, str]
    quality: float


def accepted(header: str) -> list[MediaRange]:
    """Read an Accept header. What cannot be read in it is passed over, up to the next comma."""
    found, at = [], 0
    while at < len(header):
        match = _RANGE.match(header, at)
        if match is not None:
            parameters, at = _parameters(header, match.end())
            quality = parameters.pop("q", "1")
            if _QUALITY.fullmatch(quality):
                found.append(MediaRange(match[1].lower(), match[2].lower(), parameters, float(quality)))
        at = _after_comma(header, at)
    return found


def choose(header: str | None, offers: Sequence[str]) -> str | None:
    """Return which of the offered media types the request likes best; None when it takes none of them.

    Each is judged by the most specific range that names it. Among those liked alike, one that was named more
    specifically wins, then the one offered first. Without a header all are liked alike.
    """
    ranges = accepted(header) if header is not None and header.strip() else [MediaRange("*", "*", {}, 1)]
    best, chosen = (0.0, 0), None
    for offer in offers:
        fitting = [(specificity, one.quality) for one in ranges if (specificity := _fit(one, offer))]
        if fitting:
            specificity, quality = max(fitting)
            if quality > 0 and (quality, specificity) > best:
                best, chosen = (quality, specificity), offer
    return chosen


def preferences(header: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Read a Prefer header as name: (value, parameters); of two of one name the first counts, as RFC 7240 §2 says."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    at = 0
    while at < len(header):
        match = _PREFERENCE.match(header, at)
        if match is not None:
            parameters, at = _parameters(header, match.end())
            found.setdefault(match[1].lower(), (match[2] or _plain(match[3]), parameters))
        at = _after_comma(header, at)
    return found


def _fit(one: MediaRange, offer: str) -> int:
    """Tell how specifically the range names the offer, 0 when it does not.

    JSON-LD's profile is a hint (its registration says so): asking for another one than ours still names the type.
    """
    ours, _semicolon, rest = offer.partition(";")
    type, _slash, subtype = ours.partition("/")
    if one.type == "*":
        return 1 if one.subtype == "*" else 0
    if one.type != type:
        return 0
    if one.subtype == "*":
        return 2
    if one.subtype != subtype:
        return 0
    said, _end = _parameters(f";{rest}", 0)
    alike = one.parameters and all(
        said.get(name, "") in value.split(" ") for name, value in one.parameters.items()
    )
    return 4 if alike else 3


def _parameters(header: str, at: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while match := _PARAMETER.match(header, at):
        at = match.end()
        if match[1]:
            found.setdefault(match[1].lower(), match[2] or _plain(match[3]))
    return found, at


def _after_comma(header: str, at: int) -> int:
    match = _NEXT.match(header, at)
    return match.end() if match is not None and match.end() > at else len(header)


def _plain(quoted: str | None) -> str:
    return re.sub(r"\\(.)", r"\1", quoted or "")
