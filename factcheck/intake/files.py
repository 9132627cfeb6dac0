"""What is named to be read becomes files: a folder is walked, an archive is unpacked without touching the disk."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from factcheck.exceptions import Invalid, TooLarge
from factcheck.intake.readers import File

STANDARD_INPUT = "standard input"
_ENCRYPTED = 0x1
_ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")


class Limits(NamedTuple):
    """How much an archive may hold: entries, bytes of all and of one when unpacked, and how often its own size.

    What an archive says of the size of an entry is believed, since no more than that is ever read of it.
    """

    entries: int = 100_000
    total: int = 8 * 2**30
    one: int = 4 * 2**30
    ratio: int = 200
    small: int = 64 * 2**20  # what unpacks to no more than this may have any ratio


LIMITS = Limits()


class BadArchive(Invalid):
    """The archive cannot be read, or holds what none of ours has; nothing of it was unpacked."""

    title = "Archive not read"


def named(paths: Iterable[str], suffixes: tuple[str, ...], *, limits: Limits = LIMITS) -> Iterator[File]:
    """Yield the files that paths name, in a stable order; none is open yet.

    A path is a file, a folder, an archive (`.zip`) or `-` for standard input. Of folders and archives those files are
    taken whose names end with one of the suffixes; hidden ones never are. Their names are relative to the folder or
    archive, with its own name in front when there are several paths. Raises OSError for a path that is not there,
    BadArchive, TooLarge.
    """
    several = list(paths)
    for path in map(Path, several):
        prefix = f"{path.stem if path.is_file() else path.name}/" if len(several) > 1 else ""
        if str(path) == "-":
            yield File(STANDARD_INPUT, _standard_input)
        elif path.is_dir():
            for inside in sorted(path.rglob("*"), key=lambda found: found.relative_to(path).parts):
                name = inside.relative_to(path).as_posix()
                if _is_wanted(name, suffixes) and inside.is_file():
                    yield File(prefix + name, _opener(inside))
        elif _is_archive(path):
            yield from unpacked(path, suffixes, prefix=prefix, limits=limits)
        else:
            yield File(path.as_posix(), _opener(path))


def unpacked(
    source: BinaryIO | Path, suffixes: tuple[str, ...], *, prefix: str = "", limits: Limits = LIMITS
) -> Iterator[File]:
    """Yield the files of a ZIP archive in the order of their names; they can be opened as long as the source is open.

    Nothing is written to disk. Refused as a whole is what has names that lead out of a folder, is encrypted, or is
    beyond the limits: with BadArchive or TooLarge.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BadArchive(f"This is no ZIP archive that can be read: {error}.", field="file") from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check(entries, limits)
    for entry in sorted(entries, key=lambda one: PurePosixPath(one.filename).parts):
        if _is_wanted(entry.filename, suffixes):
            yield File(prefix + entry.filename, _entry_opener(archive, entry))


def _check(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise TooLarge(
            f"The archive has {len(entries):,} files; at most {limits.entries:,} are read.", field="file"
        )
    total, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if total > limits.total or (total > limits.small and total > limits.ratio * packed):
        raise TooLarge(f"The archive would unpack to {total:,} bytes, which is not done.", field="file")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name.split("/")[0] or ".." in name.split("/"):
            raise BadArchive(f"The archive has a name that leads elsewhere: {name[:200]!r}.", field="file")
        if entry.flag_bits & _ENCRYPTED:
            raise BadArchive(f"{name[:200]} is encrypted; pack the archive without a password.", field="file")
        if entry.file_size > limits.one:
            raise TooLarge(f"{name[:200]} would unpack to {entry.file_size:,} bytes.", field="file")
        if name in seen:
            raise BadArchive(f"The archive has {name[:200]} twice.", field="file")
        seen.add(name)


def _is_wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    parts = name.split("/")
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not hidden and parts[-1].lower().endswith(suffixes)


def _is_archive(path: Path) -> bool:
    if path.suffix.lower() != ".zip":
        return False
    with path.open("rb") as stream:
        return stream.read(4) in _ZIP_BEGINS


def _standard_input() -> BinaryIO:
    return open(0, "rb", closefd=False)  # it is not ours to close


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _entry_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(entry))
