"""Bytes become text exactly, or a person reads what the file seems to be or where it breaks."""

import gzip
import io
import zipfile

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factcheck.exceptions import Undecodable
from factcheck.intake.decode import decode

ARTICLE = "Naïve café – “quoted”.\r\n\r\nThe minister denied it; it cost 3 €.\r\n"
ARABIC = "أعلنت الحكومة اليوم أن الأسعار سترتفع.\n👨‍👩‍👧‍👦 و 🇺🇦\n"
CHINESE = "政府今天宣布。\n他们 2022 年否认了这一点。\n"
RUSSIAN = "Правительство сегодня объявило, что цены вырастут.\n"


@pytest.mark.parametrize(
    "text", [ARTICLE, ARABIC, CHINESE, RUSSIAN, "plain", "e\u0301\u2028\ufeff inside\ufeff"]
)
@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_text_is_read_in_unicode_encodings_with_and_without_mark(text, codec, mark, encoding):
    assert decode(mark + text.encode(codec)) == (text, encoding)


def test_windows_1252_is_read_when_it_is_no_utf8():
    assert decode(ARTICLE.encode("windows-1252")) == (ARTICLE, "windows-1252")
    assert decode(b"\xe9\xe8\xfc") == ("éèü", "windows-1252")


def test_only_one_mark_is_taken_off():
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbfa") == ("\ufeffa", "utf-8")


def test_empty_file_is_empty_text():
    assert decode(b"") == ("", "utf-8")
    assert decode(b"\xff\xfe") == ("", "utf-16-le")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf8_and_marked_utf16_come_back_exactly(text):
    assume(not text.lstrip(" \t\r\n").startswith(("%PDF-", "PK\x03\x04", "{\\rtf", "Rar!\x1a", "\x7fELF")))
    assume(not text.startswith("\ufeff"))
    assert decode(text.encode()).text == text
    assert decode(b"\xff\xfe" + text.encode("utf-16-le")).text == text
    assert decode(b"\xfe\xff" + text.encode("utf-16-be")).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused_in_words(data):
    refused = None
    try:
        text, encoding = decode(data)
    except Undecodable as error:
        refused = error
    if refused is None:
        assert "\0" not in text
        assert data.endswith(text.encode(encoding))
    else:
        assert str(refused).startswith("The file ")
        assert refused.field == "file"
        assert refused.extra.get("seems") or 0 <= refused.extra["offset"] < len(data)


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "seems"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF document"),
        (b"\r\n%PDF-1.4", "a PDF document"),
        (zipped(), "a ZIP archive or an Office document (DOCX, ODT, XLSX, EPUB)"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (gzip.compress(b"text", mtime=0), "a gzip archive"),
        (b"{\\rtf1\\ansi text}", "a rich text document (RTF)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (DOC, XLS)"),
        (b"GIF89a\x01\0\x01\0\x80\0\0", "a GIF image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "an image, sound or film (RIFF)"),
        (b"\0\0\0\x20ftypisom", "a film or an image (MP4, HEIC)"),
        ("text".encode("utf-32"), "text in UTF-32"),
        (b"\0\0\xfe\xff\0\0\0a", "text in UTF-32"),
    ],
)
def test_file_of_another_kind_is_named(data, seems):
    with pytest.raises(Undecodable) as caught:
        decode(data)
    assert str(caught.value) == (
        f"The file seems to be {seems}, not plain text: save it as plain text in UTF-8, or paste its text."
    )
    assert caught.value.extra == {"seems": seems}


@pytest.mark.parametrize(
    "text", ["GIF89a is an image format.", "RIFF, ID3 and BM are letters.", "MZ, he said."]
)
def test_text_that_begins_as_a_signature_does_is_text(text):
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("data", "offset", "words"),
    [
        (b"\xef\xbb\xbfgood\xffbad", 7, "looks like UTF-8 but cannot be read at byte 7 (counted from 0)"),
        (
            "Größe, Straße, Übung".encode()[:-6] + b"\xc3",
            18,
            "looks like UTF-8 but cannot be read at byte 18",
        ),
        (b"\xff\xfea\0b", 4, "looks like UTF-16-LE but cannot be read at byte 4"),
        (b"\xfe\xff\0a\xd8\x3d\0b", 4, "looks like UTF-16-BE but cannot be read at byte 4"),
        (b"text\x81text", 4, "looks like Windows-1252 but cannot be read at byte 4"),
        (b"one\0two", 3, "holds a NUL at byte 3"),
        (b"\xef\xbb\xbf\xc3\xa9\0", 5, "holds a NUL at byte 5"),
        (b"\xff\xfea\0\0\0", 4, "holds a NUL at byte 4"),
        (b"a\0\x01\0b\0", 1, "holds a NUL at byte 1"),
        (b"\0\xe0a\0", 0, "holds a NUL at byte 0"),
        (b"caf\xe9 \x01", 5, "holds the control byte 0x01 at byte 5"),
        (RUSSIAN.encode("windows-1251"), 0, "seems to be in an older encoding of another alphabet"),
    ],
)
def test_what_cannot_be_read_is_refused_saying_where(data, offset, words):
    with pytest.raises(Undecodable) as caught:
        decode(data)
    assert words in str(caught.value)
    assert str(caught.value).endswith(": save it as plain text in UTF-8, or paste its text.")
    assert caught.value.extra == {"offset": offset}


def test_one_stray_byte_in_a_western_text_does_not_make_it_utf8():
    text = "café " * 3
    assert decode(text.encode("windows-1252") + "é".encode()) == (text + "Ã©", "windows-1252")


def test_characters_newer_than_the_tables_do_not_spoil_utf16():
    text = "A new emoji: \U0001faea! " + "And an ordinary sentence after it. " * 8
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")
