"""The structure of a canonical text as standoff: its blocks (lines) and the web addresses in it."""

import re
from typing import Literal, NamedTuple, TypedDict

Kind = Literal["heading", "paragraph"]


class Block(NamedTuple):
    """A line of the text in code points; `end` excludes its LF."""

    kind: Kind
    start: int
    end: int


class Link(TypedDict):
    """An address that stands in the text at `[start, end)` code points."""

    start: int
    end: int
    url: str


def blocks_of(text: str, title: str = "") -> list[Block]:
    """Cut canonical text into blocks: every LF ends one, and what follows the last LF is one if it is not
    empty.

    An empty line is a block with `start == end`. A first line that equals the title (white space around
    either is not looked at) is a heading, so that headlines can be tagged. Blocks with their LFs tile the
    text.
    """
    blocks: list[Block] = []
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        blocks.append(Block("paragraph", start, end))
        start = end + 1
    wanted = title.strip()
    if blocks and wanted and text[: blocks[0].end].strip() == wanted:
        blocks[0] = Block("heading", 0, blocks[0].end)
    return blocks


_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9+.-])https?://(?=[^\W_])"
    r"[^\s<>\"“”„«»\u2039\u203a`|\\^{}\u3001\u3002\u300c-\u300f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+",
    re.IGNORECASE,
)
_TRAILING = frozenset(".,;:!?'\u2018\u2019…*_~)]")
_OPENER = {")": "(", "]": "["}


def links_of(text: str) -> list[Link]:
    """Find bare http(s) addresses, in text order, without the punctuation of the sentence around them.

    A closing bracket belongs to the address only when it was opened in it (`…/Rosa_(given_name)`); as in
    GitHub's autolinks (GFM 6.9), which see also for the trailing punctuation.
    """
    links: list[Link] = []
    for match in _ADDRESS.finditer(text):
        url = match[0]
        surplus = {close: url.count(close) - url.count(opener) for close, opener in _OPENER.items()}
        end = len(url)
        while url[end - 1] in _TRAILING:
            last = url[end - 1]
            if last in _OPENER:
                if surplus[last] <= 0:
                    break
                surplus[last] -= 1
            end -= 1
        links.append({"start": match.start(), "end": match.start() + end, "url": url[:end]})
    return links
