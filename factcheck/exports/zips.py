"""A ZIP archive that is sent while it is written: nothing of it is kept but the list of its files."""

import zipfile
from collections.abc import Iterable, Iterator

CHUNK = 64 * 1024
"""Bytes, about, that are sent at a time."""

_SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest there is: the same content gives the same bytes, whenever
_UNIX = 3
_READABLE = 0o100644 << 16


class _Sent:
    """What the archive writes to: it cannot go back, and is emptied as it goes."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes, /) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        data = bytes(self.waiting)
        self.waiting.clear()
        return data


def write(files: Iterable[tuple[str, Iterable[bytes]]], *, large: bool = False) -> Iterator[bytes]:
    """Yield an archive of files, each a name and its content in chunks, as they come.

    `large` is for files of 2 GiB and more, whose size is then told in the way of ZIP64.
    """
    sent = _Sent()
    with zipfile.ZipFile(sent, "w") as archive:
        for name, chunks in files:
            entry = zipfile.ZipInfo(name, _SAME_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                _UNIX,
                _READABLE,
            )
            with archive.open(entry, "w", force_zip64=large) as file:
                for chunk in chunks:
                    file.write(chunk)
                    if len(sent.waiting) >= CHUNK:
                        yield sent.taken()
    yield sent.taken()
