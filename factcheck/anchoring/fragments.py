"""Text fragments (WICG URL Fragment Text Directives): an address that leads to words on a page, not just to it."""

from urllib.parse import quote as percent_encoded

WHOLE = 200
"""Code points up to which the words are told whole; of longer ones their beginning and end are."""

ENDS = 5
"""Words that the beginning and the end are told by."""

_DIRECTIVE = ":~:"


def text_fragment(url: str, exact: str, prefix: str = "", suffix: str = "") -> str:
    """Return the address with a text directive `text=[prefix-,]start[,end][,-suffix]`; without words, as it is.

    `prefix` and `suffix` are what stands around the words; of them only whole words in the same line are told, since
    a browser matches whole words, and the context within one block. A fragment that the address has is kept, a
    directive in it is replaced.
    """
    words = exact.split()
    if not words or not url:
        return url
    if len(exact) <= WHOLE and "\n" not in exact.strip():
        parts = [_encoded(" ".join(words))]
    else:
        ends = min(ENDS, max(1, len(words) // 2))
        parts = [_encoded(" ".join(words[:ends])), _encoded(" ".join(words[-ends:]))]
        parts = parts if len(words) > 1 else parts[:1]
    if before := _last_words(exact, prefix):
        parts.insert(0, f"{_encoded(before)}-")
    if after := _first_words(exact, suffix):
        parts.append(f"-{_encoded(after)}")
    page, _mark, fragment = url.partition("#")
    return f"{page}#{fragment.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text={','.join(parts)}"


def _last_words(exact: str, prefix: str) -> str:
    """Return the whole words of the same line before the words; the first may be cut, so it goes."""
    if exact[:1].isspace() or "\n" in prefix[len(prefix.rstrip()) :]:
        return ""
    line = prefix.rpartition("\n")
    words = line[2].split()
    return " ".join(words if line[1] else words[1:])


def _first_words(exact: str, suffix: str) -> str:
    if exact[-1:].isspace() or "\n" in suffix[: len(suffix) - len(suffix.lstrip())]:
        return ""
    line = suffix.partition("\n")
    words = line[0].split()
    return " ".join(words if line[1] else words[:-1])


def _encoded(words: str) -> str:
    """Percent-encode, with the three characters that mean something in a directive: hyphen, comma, ampersand."""
    return percent_encoded(words, safe="").replace("-", "%2D")
