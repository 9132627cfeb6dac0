"""Bytes to text: UTF-8, UTF-16 and Windows-1252 are recognised, everything else is refused in words.

Nothing is decoded with replacement characters: a character that cannot be read is an error that says at which
byte.
"""

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from factcheck.exceptions import Undecodable


class Decoded(NamedTuple):
    """The text without its byte order mark, line ends untouched, and the encoding it was in."""

    text: str
    encoding: str


_SAVE_AS = "save it as plain text in UTF-8, or paste its text"

# Signatures that no text begins with, and what the file then seems to be.
_SIGNATURES: list[tuple[bytes, str]] = [
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document (DOCX, ODT, XLSX, EPUB)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (DOC, XLS)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\xfd7zXZ", "an XZ archive"),
    (b"\x7fELF", "a program"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
]
# Signatures that a text could begin with as well: they only name what holds NUL bytes.
_NAMES: list[tuple[int, bytes, str]] = [
    (0, b"GIF8", "a GIF image"),
    (0, b"RIFF", "an image, sound or film (RIFF)"),
    (4, b"ftyp", "a film or an image (MP4, HEIC)"),
    (0, b"ID3", "a sound file (MP3)"),
    (0, b"OggS", "a sound file (Ogg)"),
    (0, b"MZ", "a program"),
    (0, b"SQLite format 3", "a database (SQLite)"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (0, b"BM", "a BMP image"),
]

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_HIGH_LETTER = re.compile(rb"[\xc0-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")

_TEXT_CONTROLS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
_FOREIGN_AT_LEAST = 20
"""High letters that it takes to doubt Windows-1252 by their share: a short text may be all accents."""


def decode(data: bytes) -> Decoded:
    """Return the text of a plain text file; raise Undecodable, saying what the file seems to be or at which
    byte it cannot be read (`extra` has `offset`, in bytes, or `seems`).

    In this order: known signatures of other files are refused; a byte order mark decides; NUL bytes in the
    pattern of UTF-16 decide, other NULs mean binary; UTF-8; Windows-1252 where that is plausible.
    """
    seems = _signature(data)
    if seems:
        raise _binary(seems)
    if data.startswith(b"\xef\xbb\xbf"):
        return _strictly(data, "utf-8", skip=3)
    if data.startswith(b"\xff\xfe"):
        return _strictly(data, "utf-16-le", skip=2)
    if data.startswith(b"\xfe\xff"):
        return _strictly(data, "utf-16-be", skip=2)
    if b"\0" in data:
        return _utf16_by_pattern(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _windows_1252(data, error.start)


def _signature(data: bytes) -> str | None:
    start = data[:1024].lstrip(b" \t\r\n")
    for signature, seems in _SIGNATURES:
        if start.startswith(signature):
            return seems
    return None


def _binary(seems: str) -> Undecodable:
    return Undecodable(
        f"The file seems to be {seems}, not plain text: {_SAVE_AS}.", field="file", extra={"seems": seems}
    )


def _unreadable(encoding: str, offset: int) -> Undecodable:
    return Undecodable(
        f"The file looks like {encoding} but cannot be read at byte {offset} (counted from 0): {_SAVE_AS}.",
        field="file",
        extra={"offset": offset},
    )


def _strictly(data: bytes, encoding: str, *, skip: int) -> Decoded:
    """Decode what follows a byte order mark of `skip` bytes."""
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(encoding.upper(), skip + error.start) from None
    if "\0" in text:
        raise _holds_nul(skip + len(text[: text.index("\0")].encode(encoding)))
    return Decoded(text, encoding)


def _holds_nul(offset: int) -> Undecodable:
    return Undecodable(
        f"The file holds a NUL at byte {offset} (counted from 0), so it is binary data and no plain text:"
        f" {_SAVE_AS}.",
        field="file",
        extra={"offset": offset},
    )


def _utf16_by_pattern(data: bytes) -> Decoded:
    """Read UTF-16 without a mark: its ASCII characters leave NULs at the odd bytes (LE) or at the even ones
    (BE).
    """
    little = data[1::2].count(0) >= data[::2].count(0)
    encoding = "utf-16-le" if little else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    if _is_plausible(text):
        return Decoded(text, encoding)
    for at, signature, seems in _NAMES:
        if data.startswith(signature, at):
            raise _binary(seems)
    raise _holds_nul(data.index(0))


def _is_plausible(text: str) -> bool:
    """Say whether a guess at the encoding gave text: no NUL nor other control characters, and hardly any code
    points that are private or unassigned (a few may be newer than Python's tables).
    """
    categories = Counter(
        unicodedata.category(character) for character in text if character not in _TEXT_CONTROLS
    )
    return bool(text) and not categories["Cc"] and 100 * (categories["Cn"] + categories["Co"]) <= len(text)


def _windows_1252(data: bytes, not_utf8_at: int) -> Decoded:
    """Read what is no UTF-8 as Windows-1252, unless it is broken UTF-8, binary, or in some other alphabet."""
    sequences = _MULTIBYTE.findall(data)
    strays = len(_HIGH.findall(data)) - sum(map(len, sequences))
    if len(sequences) > strays:
        raise _unreadable("UTF-8", not_utf8_at)
    control = _CONTROL.search(data)
    if control:
        raise Undecodable(
            f"The file holds the control byte 0x{data[control.start()]:02X} at byte {control.start()}"
            f" (counted from 0), so it seems to be binary data and no plain text: {_SAVE_AS}.",
            field="file",
            extra={"offset": control.start()},
        )
    foreign = len(_HIGH_LETTER.findall(data))
    if foreign >= _FOREIGN_AT_LEAST and foreign > len(_LETTER.findall(data)):
        raise Undecodable(
            f"The file is no UTF-8 (byte {not_utf8_at}, counted from 0) and seems to be in an older encoding"
            f" of another alphabet, which cannot be told: {_SAVE_AS}.",
            field="file",
            extra={"offset": not_utf8_at},
        )
    try:
        return Decoded(data.decode("windows-1252"), "windows-1252")
    except UnicodeDecodeError as error:
        raise _unreadable("Windows-1252", error.start) from None
