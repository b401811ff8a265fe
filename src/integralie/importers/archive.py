"""Files and archives of strangers, opened with care: nothing is unpacked to disk, nothing may explode."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lxml import etree

from integralie.errors import DataError

MOST_BYTES = 8 * 2**30  # unpacked, all members together
MOST_RATIO = 300  # unpacked size by packed size of one member
MOST_MEMBERS = 20_000
LITTER = ("__MACOSX/", ".DS_Store")


def is_zip(path: Path) -> bool:
    """Whether the file begins as a zip archive does."""
    return path.is_file() and path.open("rb").read(4) in (b"PK\x03\x04", b"PK\x05\x06")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive that has been looked at: whole, not encrypted, of a size that fits.

    Raises
        DataError with one sentence when the archive is damaged, encrypted or suspiciously large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive.infolist())
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise DataError(f"'{path.name}' is damaged or cut short ({error}); download or copy it again.") from error


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_BYTES:
        raise DataError(f"'{path.name}' would unpack to more than is sensible; deliver a smaller area.")
    for member in members:
        if member.flag_bits & 0x1:
            raise DataError(f"'{path.name}' is encrypted; ask for it without a password.")
        if member.file_size > 10**6 and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise DataError(
                f"'{path.name}' holds '{member.filename}', which unpacks to {MOST_RATIO} times its size or more; it was not opened."
            )


def members(archive: zipfile.ZipFile, suffixes: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """The members with one of those suffixes, without litter and without names that point outside the archive."""
    safe = (
        m
        for m in archive.infolist()
        if not m.is_dir() and ".." not in Path(m.filename).parts and not m.filename.startswith("/")
    )
    return sorted(
        (m for m in safe if not any(x in m.filename for x in LITTER) and m.filename.lower().endswith(suffixes)),
        key=lambda m: m.filename,
    )


@contextmanager
def streams(path: Path, suffixes: tuple[str, ...]) -> Iterator[list[tuple[str, Any]]]:
    """Names and openers of the parts of a file: the members of an archive, or the file itself."""
    if is_zip(path):
        with opened(path) as archive:
            yield [(m.filename, lambda m=m: archive.open(m)) for m in members(archive, suffixes)]
    else:
        yield [(path.name, lambda: path.open("rb"))]


def elements(stream: IO[bytes], tags: tuple[str, ...], name: str) -> Iterator[Any]:
    """Each element with one of those tags, one at a time and freed afterwards; no entities, no network.

    Raises
        DataError when the XML is broken or carries a document type of its own.
    """
    try:
        walk = etree.iterparse(
            stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for _, element in walk:
            if element.getroottree().docinfo.internalDTD is not None:
                raise DataError(f"'{name}' carries its own document type; such files are not read.")
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise DataError(f"'{name}' is not whole XML ({error}); download or copy it again.") from error


def head(path: Path, suffixes: tuple[str, ...], size: int = 4096) -> bytes:
    """The beginning of the first part with one of those suffixes, to see what it is; empty when there is none."""
    try:
        with streams(path, suffixes) as parts:
            if not parts:
                return b""
            with parts[0][1]() as stream:
                return bytes(stream.read(size))
    except (DataError, OSError):
        return b""
