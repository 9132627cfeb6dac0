"""A zip of files whose sizes and checksums are known: stored as they are, streamed, the same bytes each time.

Nothing is compressed, since what a compressor makes of the same bytes differs between its versions. The layout is that
of PKWARE's APPNOTE 6.3.10: local headers (4.3.7), central directory (4.3.12) and its end (4.3.16), with the zip64 forms
(4.3.14, 4.3.15, 4.5.3) only where a number does not fit into 32 bits.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

MEDIA_TYPE = "application/zip"

_UTF8_NAME = 0x0800
_FULL = 0xFFFFFFFF
_PLAIN, _ZIP64 = 20, 45  # what a reader must know: version 2.0, version 4.5
_REGULAR_FILE = 0o100644 << 16
_EARLIEST = 1980


class Member(NamedTuple):
    """A file of the zip: its path, its size in bytes, and the CRC-32 of its bytes."""

    path: str
    size: int
    crc32: int


def write(
    members: Iterable[Member], read: Callable[[Member], Iterable[bytes]], *, at: datetime
) -> Iterator[bytes]:
    """Yield the zip; `read` gives a member's bytes, and `at` is the time that all members carry.

    Raises ValueError where the bytes read are not as many as the member says.
    """
    offset = 0
    directory = b""
    count = 0
    for member in members:
        header = _local(member, at)
        yield header
        told = 0
        for data in read(member):
            told += len(data)
            yield data
        if told != member.size:
            raise ValueError(f"{member.path} has {told} bytes, not {member.size}.")
        directory += _central(member, at, offset)
        offset += len(header) + member.size
        count += 1
    yield directory + _end(count, len(directory), offset)


def length(members: Iterable[Member]) -> int:
    """Return how many bytes the zip has, without reading a member."""
    at = datetime(_EARLIEST, 1, 1)
    offset = directory = count = 0
    for member in members:
        directory += len(_central(member, at, offset))
        offset += len(_local(member, at)) + member.size
        count += 1
    return offset + directory + len(_end(count, directory, offset))


def _stamp(at: datetime) -> tuple[int, int]:
    """Return time and date as MS-DOS has them, in steps of two seconds."""
    return at.hour << 11 | at.minute << 5 | at.second // 2, (
        at.year - _EARLIEST
    ) << 9 | at.month << 5 | at.day


def _local(member: Member, at: datetime) -> bytes:
    name, large = member.path.encode(), member.size >= _FULL
    extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) if large else b""
    size = _FULL if large else member.size
    needed = _ZIP64 if large else _PLAIN
    fixed = (needed, _UTF8_NAME, 0, *_stamp(at), member.crc32, size, size, len(name), len(extra))
    return struct.pack("<4s5H3I2H", b"PK\3\4", *fixed) + name + extra


def _central(member: Member, at: datetime, offset: int) -> bytes:
    name = member.path.encode()
    large, far = member.size >= _FULL, offset >= _FULL
    values = [member.size, member.size] * large + [offset] * far
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    size = _FULL if large else member.size
    needed = _ZIP64 if values else _PLAIN
    made_by = 3 << 8 | needed  # on Unix, so that the permissions are read
    fixed = (made_by, needed, _UTF8_NAME, 0, *_stamp(at), member.crc32, size, size, len(name), len(extra))
    rest = (0, 0, 0, _REGULAR_FILE, _FULL if far else offset)
    return struct.pack("<4s6H3I2H", b"PK\1\2", *fixed) + struct.pack("<3H2I", *rest) + name + extra


def _end(count: int, size: int, offset: int) -> bytes:
    before = b""
    if offset >= _FULL or size >= _FULL or count >= 0xFFFF:
        made_by = 3 << 8 | _ZIP64
        before = struct.pack(
            "<4sQ2H2I4Q", b"PK\6\6", 44, made_by, _ZIP64, 0, 0, count, count, size, offset
        ) + struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    number = min(count, 0xFFFF)
    return before + struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, number, number, min(size, _FULL), min(offset, _FULL), 0
    )
