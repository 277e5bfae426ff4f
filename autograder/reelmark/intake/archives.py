"""Archives: zips from strangers, judged before a byte of them is unpacked.

Only certain kinds of files are looked for, such as the ``.py`` files that marking
needs. Everything else in a zip stays there, so a PDF or a data set of a gigabyte
never counts against its author. The rules, in the order they are applied:

* every entry: a name that stays inside the folder and is not too long; the number of
  entries is limited;
* every entry but junk (hidden files, ``__MACOSX``, virtual environments): an
  ordinary file without a password, in a place that no other entry claims;
* what is taken: stored or deflated, at most `MAX_RATIO` times its compressed size,
  honest about that size, and within the limits of its `Kind` (one file that is
  too large by itself is left out and noted);
* every entry: its bytes belong to it alone.

Memory is bounded: by `MAX_DIRECTORY_SIZE` for the list of entries and by the
limits of the kinds for what is taken. All of it is read before any is written.
"""

from __future__ import annotations

import copy
import errno
import io
import os
import re
import stat
import struct
import tempfile
import threading
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from reelmark.errors import RefusedSubmission
from reelmark.intake.kinds import (
    ENVIRONMENT_MARKS,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_NAME,
    MAX_PART,
    MEGABYTE,
    SOURCE,
    Kind,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    drop_unusable_names,
    is_ignored,
    is_too_long,
    note_too_large,
    show,
)

Rename = Callable[[Parts], Parts | None]
"""Returns a zipped file's name in the submission; None if it is not part of it."""

Opener = Callable[[Path], io.BufferedReader]
"""Opens an ordinary file to read it, as `open_regular` does."""

INNER_ZIP = Kind(
    name="zips inside",
    suffixes=(".zip",),
    max_files=20,
    max_file_size=512 * MEGABYTE,
    max_total_size=1024 * MEGABYTE,
    advice="leave data and weights out of it",
    harmless_size=10 * MEGABYTE,
)
"""The most zips that are opened inside what was handed in."""

MAX_RATIO = 200
MAX_DIRECTORY_SIZE = 8 * MEGABYTE

OTHER_SUFFIXES = (
    *(".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar", ".tgz", ".tbz2", ".txz"),
    *(".rar", ".7z", ".zipx"),
)
ARCHIVE_SUFFIXES = (".zip", *OTHER_SUFFIXES)
MAGIC = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zX": "an xz archive",
}
ZIP_AGAIN = (
    "zip your folder again with your system's own tool (on Windows 'Compress to "
    "ZIP file', on macOS 'Compress', on Linux 'zip -r')"
)


_DRIVE = re.compile("[A-Za-z]:")
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # with a password, strong encryption, encrypted names
# zipfile answers hostile bytes with any of these.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, OverflowError, ValueError),
)


@dataclass(frozen=True)
class _Entry:
    """One entry of a zip: what zipfile read, its name as written, and decoded.

    An entry without a kind stays in the zip.
    """

    info: zipfile.ZipInfo
    name: str
    parts: Parts
    kind: Kind | None

    @property
    def mode(self) -> int:
        return self.info.external_attr >> 16

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/") or stat.S_ISDIR(self.mode) or not self.parts


class Archive:
    """An open zip: its entries were listed; they are judged when they are read.

    Several threads may read one archive.

    Args:
        path: Where it is.
        name: What messages call it; by default, its file name.
        opener: How it is opened; by default, by its path.

    Raises:
        RefusedSubmission: It is not a zip, or its list of files cannot be read.
    """

    def __init__(
        self, path: Path, name: str = "", opener: Opener | None = None
    ) -> None:
        self.name = name or path.name
        check_suffix(self.name)
        self._file = _open_ordinary(path, self.name, opener or open_regular)
        self._start = self._file.read(8)
        try:
            with self._refusing_damage():
                self._opened = zipfile.ZipFile(self._file)
                self._entries = [_describe(each) for each in self._opened.infolist()]
            if len(self._entries) > MAX_ENTRIES:
                raise RefusedSubmission(_TOO_MANY_ENTRIES)
        except BaseException:
            self._file.close()
            raise
        self._lock = threading.Lock()
        self._has_own_bytes = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()
        self._file.close()

    @property
    def size(self) -> int:
        """Its own size, in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def names(self) -> Iterator[tuple[Parts, bool]]:
        """Yield each listed name, not judged yet, and whether it is a folder."""
        for entry in self._entries:
            yield entry.parts, entry.is_folder

    def read(
        self, kinds: tuple[Kind, ...] = (SOURCE,), rename: Rename | None = None
    ) -> Sources:
        """Read files of some kinds into memory, and nothing else.

        Either all of them are read or, if what is chosen breaks a rule, none.

        Args:
            kinds: What is taken; a file is of the first kind that holds it.
            rename: Chooses what belongs to the submission, and under which name; by
                default, everything.

        Raises:
            RefusedSubmission: A rule of this module is broken; the message says
                which one and how to hand in instead.
        """
        taken, left = _judge(self._choose(kinds, rename), kinds)
        self.check_bytes()
        with self._refusing_damage():
            files, notes = _read_entries(self._opened, taken)
        kept, unusable = drop_unusable_names(files)
        others = tuple("/".join(each.parts) for each in left[:5])
        zips = tuple(each.parts for each in left if INNER_ZIP.holds(each.parts))
        return Sources(kept, others, (*notes, *unusable), zips)

    def check_bytes(self) -> None:
        """Refuse entries that share bytes.

        Raises:
            RefusedSubmission: Two do.
        """
        with self._lock, self._refusing_damage():
            if not self._has_own_bytes:
                end_of_data = self._opened.start_dir
                _check_overlaps(self._entries, self._file, end_of_data)
            self._has_own_bytes = True

    @contextmanager
    def open_inner(
        self, name: Parts, rename: Rename | None = None
    ) -> Iterator[Archive]:
        """Open a zip inside this one: a copy of it, on disk while it is open.

        Args:
            name: What it is called in the submission (see `Sources.zips`).
            rename: As given to `read`.

        Raises:
            RefusedSubmission: It is too large, or breaks a rule of this module.
        """
        chosen = self._choose((INNER_ZIP,), rename)
        (entry,) = [each for each in chosen if each.parts == name]
        _judge([entry], (INNER_ZIP,))
        if entry.info.file_size > INNER_ZIP.max_file_size:
            raise RefusedSubmission(note_too_large(entry.name, INNER_ZIP))
        self.check_bytes()
        with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
            copied = Path(folder, "inner.zip")
            with copied.open("wb") as file:
                file.writelines(self._read_chunks(entry))
            with Archive(copied, name[-1]) as inner:
                yield inner

    def _read_chunks(self, entry: _Entry) -> Iterator[bytes]:
        with self._refusing_damage():
            yield from _read_chunks(self._opened, entry)

    def _choose(self, kinds: tuple[Kind, ...], rename: Rename | None) -> list[_Entry]:
        """Return what belongs to the submission, under its name there."""
        chosen = []
        for entry in self._entries:
            parts = rename(entry.parts) if rename else entry.parts
            if parts is not None:
                kind = _find_kind(entry, parts, kinds)
                chosen.append(replace(entry, parts=parts, kind=kind))
        return chosen

    @contextmanager
    def _refusing_damage(self) -> Iterator[None]:
        """Turn whatever zipfile raises for hostile or broken bytes into a refusal."""
        try:
            yield
        except _DAMAGE as error:
            raise RefusedSubmission(
                f"{show(self.name)} {_name_damage(self._start)}; {ZIP_AGAIN}, and "
                "check that it opens before you hand it in."
            ) from error


def read_files(archive: Path, kinds: tuple[Kind, ...] = (SOURCE,)) -> Sources:
    """Read files of some kinds out of a zip (see `Archive.read`).

    Raises:
        RefusedSubmission: The zip breaks a rule of this module.
    """
    with Archive(archive) as opened:
        return opened.read(kinds)


def open_regular(path: Path, within: int | None = None) -> io.BufferedReader:
    """Open an ordinary file for reading, without following links and without waiting.

    A single read gives at most `MAX_DIRECTORY_SIZE` bytes.

    Args:
        path: The file.
        within: The open folder that the path is relative to; by default, none.

    Raises:
        OSError: ``path`` cannot be read, or is a link, a device, a pipe, a socket.
    """
    # Opening a pipe would wait for a writer, and a link may lead anywhere.
    safe = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags = os.O_RDONLY | safe | getattr(os, "O_BINARY", 0)
    opened = os.open(path, flags, dir_fd=within)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "not an ordinary file")
    return _BoundedReader(io.FileIO(opened))


def check_suffix(name: str) -> None:
    """Refuse an archive that is not named as a zip.

    Raises:
        RefusedSubmission: The name does not end in ``.zip``.
    """
    if not name.casefold().endswith(".zip"):
        raise RefusedSubmission(
            f"{show(name)} is not a zip; only .zip archives are opened, so "
            "pack the same files as a .zip and hand that in."
        )


class _BoundedReader(io.BufferedReader):
    """A file that never reads more into memory than the list of entries may take.

    zipfile reads that list in one go, however long the zip declares it to be.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = MAX_DIRECTORY_SIZE + 1 if size is None or size < 0 else size
        data = super().read(min(wanted, MAX_DIRECTORY_SIZE + 1))
        if len(data) > MAX_DIRECTORY_SIZE:
            raise RefusedSubmission(_TOO_MANY_ENTRIES)
        return data


def _open_ordinary(path: Path, name: str, opener: Opener) -> io.BufferedReader:
    try:
        return opener(path)
    except OSError as error:
        raise RefusedSubmission(
            f"{show(name)} cannot be opened ({error.strerror}); an ordinary "
            ".zip file was expected, so hand that in."
        ) from error


def _name_damage(start: bytes) -> str:
    for magic, kind in MAGIC.items():
        if start.startswith(magic):
            return f"is called .zip but is {kind}"
    if not start:
        return "is empty"
    if not start.startswith(b"PK"):
        return "is not a zip file, whatever its name says"
    return "is damaged or was cut short while it was saved or sent"


def _describe(info: zipfile.ZipInfo) -> _Entry:
    """Read a name: if unmarked, it is UTF-8 if it can be, else code page 437."""
    # ``filename`` is cut at a NUL and has other separators on Windows.
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp437")
    # Some Windows tools write backslashes, which no file name on Windows can contain.
    name = name.replace("\\", "/")
    split = unicodedata.normalize("NFC", name).split("/")
    parts = tuple(part for part in split if part not in ("", "."))
    return _Entry(info, name, parts, kind=None)


def _find_kind(entry: _Entry, parts: Parts, kinds: tuple[Kind, ...]) -> Kind | None:
    if entry.is_folder or not parts:
        return None
    return next((kind for kind in kinds if kind.holds(parts)), None)


def _judge(
    entries: list[_Entry], kinds: tuple[Kind, ...]
) -> tuple[dict[Kind, list[_Entry]], list[_Entry]]:
    """Apply every rule that needs only the list of entries.

    Returns:
        The entries that are taken, by kind, and the other files.
    """
    _refuse(entries, (_has_nul, _leads_out, _is_too_long))
    environments = _find_environments(entries)
    kept = [each for each in entries if not _is_beyond(each.parts, environments)]
    _refuse(kept, (_is_link, _is_special, _is_encrypted))
    taken = [each for each in kept if each.kind]
    _refuse(taken, (_is_packed_oddly, _is_bomb, _is_lying))
    by_kind = {kind: [each for each in taken if each.kind == kind] for kind in kinds}
    for kind, group in by_kind.items():
        check_limits((each.info.file_size for each in group), kind)
    files = [each for each in kept if not each.is_folder]
    check_collisions((each.parts for each in files), [each.parts for each in taken])
    return by_kind, [each for each in files if not each.kind]


def _refuse(
    entries: list[_Entry], faults: tuple[Callable[[_Entry], bool], ...]
) -> None:
    for has_fault in faults:
        for entry in entries:
            if has_fault(entry):
                raise RefusedSubmission(_word(has_fault, entry))


def _word(fault: Callable[[_Entry], bool], entry: _Entry) -> str:
    return _FAULTS[fault].format(show(entry.name), kind=entry.kind)


def _has_nul(entry: _Entry) -> bool:
    return "\0" in entry.name


def _leads_out(entry: _Entry) -> bool:
    has_drive = any(_DRIVE.match(part) for part in entry.parts[:1])
    return has_drive or entry.name.startswith("/") or ".." in entry.name.split("/")


def _is_too_long(entry: _Entry) -> bool:
    if len(entry.name) > MAX_NAME or len(entry.parts) > MAX_DEPTH:
        return True
    # Rules about disks matter only for what is written here.
    return entry.kind is not None and is_too_long(entry.parts)


def _is_link(entry: _Entry) -> bool:
    return stat.S_ISLNK(entry.mode)


def _is_special(entry: _Entry) -> bool:
    return stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _is_encrypted(entry: _Entry) -> bool:
    return bool(entry.info.flag_bits & _ENCRYPTED)


def _is_packed_oddly(entry: _Entry) -> bool:
    # bzip2 and LZMA are left out on purpose: zipfile cannot bound their output.
    return entry.info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _is_bomb(entry: _Entry) -> bool:
    size, packed = entry.info.file_size, entry.info.compress_size
    is_large = entry.kind is not None and size > entry.kind.harmless_size
    return is_large and size > packed * MAX_RATIO


def _is_lying(entry: _Entry) -> bool:
    size, packed = entry.info.file_size, entry.info.compress_size
    if entry.info.compress_type == zipfile.ZIP_STORED:
        return size != packed
    # Deflate adds a few bytes to what it cannot compress, but never this many.
    return packed > size + size // 100 + 1024


_TOO_MANY_ENTRIES = (
    f"The zip lists more files than can be looked through (at most {MAX_ENTRIES:,}); "
    "zip only the files you wrote."
)
_FAULTS: dict[Callable[[_Entry], bool], str] = {
    _has_nul: "The zip holds {}, a name with a NUL character in it; no file can be "
    f"called that, so {ZIP_AGAIN}.",
    _leads_out: "The zip holds {}, which leads out of the folder it is unpacked in; "
    f"every name must lie inside, so {ZIP_AGAIN}.",
    _is_too_long: "The zip holds {}, a name that is too long or lies in too many "
    f"folders; at most {MAX_PART} bytes a name, {MAX_NAME} with all its folders, and "
    f"{MAX_DEPTH} folders are possible, so shorten it.",
    _is_link: "The zip holds {}, a symbolic link; only ordinary files are marked, so "
    "put the file itself in its place.",
    _is_special: "The zip holds {}, a device, pipe or socket; only ordinary files are "
    "marked, so zip your folder again without it.",
    _is_encrypted: "{} in the zip is encrypted; marking has no password, so zip your "
    "folder again without one.",
    _is_packed_oddly: "{} in the zip is compressed by an unusual method; only the "
    f"usual one (deflate) is opened, so {ZIP_AGAIN}.",
    _is_bomb: f"{{}} in the zip would grow to more than {MAX_RATIO} times its packed "
    "size, which {kind.name} never do; {kind.advice}.",
    _is_lying: "The zip contradicts itself about the size of {}; the sizes it lists "
    f"must be the real ones, so {ZIP_AGAIN}.",
}


def _find_environments(entries: list[_Entry]) -> frozenset[Parts]:
    return frozenset(
        each.parts[:depth]
        for each in entries
        for depth, part in enumerate(each.parts)
        if part in ENVIRONMENT_MARKS
    )


def _is_beyond(parts: Parts, environments: frozenset[Parts]) -> bool:
    """Whether an entry, or a folder around it, is not the author's work."""
    folders = ("", *parts)
    return any(
        is_ignored(part, folder, is_environment=parts[:depth] in environments)
        for depth, (folder, part) in enumerate(zip(folders, parts, strict=False))
    )


def _check_overlaps(
    entries: list[_Entry], file: io.BufferedReader, end_of_data: int
) -> None:
    """Refuse entries that share bytes: a small zip could hold many huge files."""
    infos = sorted((each.info for each in entries), key=lambda each: each.header_offset)
    ends = [*(info.header_offset for info in infos[1:]), end_of_data]
    for info, end in zip(infos, ends, strict=False):
        if _find_data(info, file) + info.compress_size > end:
            raise RefusedSubmission(
                f"{show(info.filename)} in the zip shares bytes with another entry; "
                f"each must have its own, so {ZIP_AGAIN}."
            )


def _find_data(info: zipfile.ZipInfo, file: io.BufferedReader) -> int:
    """Return where an entry's bytes start; only the entry's own header says so."""
    file.seek(info.header_offset)
    magic, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if magic != b"PK\3\4":
        raise zipfile.BadZipFile("An entry does not start where the list says.")
    return info.header_offset + _LOCAL_HEADER.size + int(name) + int(extra)


def _read_entries(
    opened: zipfile.ZipFile, taken: Mapping[Kind, list[_Entry]]
) -> tuple[dict[Parts, bytes], list[str]]:
    """Return what is taken, and a note for each file that is too large for it."""
    files, notes = {}, []
    for kind, entries in taken.items():
        for entry in entries:
            if entry.info.file_size > kind.max_file_size:
                notes.append(note_too_large(entry.name, kind))
            else:
                files[entry.parts] = b"".join(_read_chunks(opened, entry))
    return files, notes


def _read_chunks(opened: zipfile.ZipFile, entry: _Entry) -> Iterator[bytes]:
    """Yield what is in an entry, and check that it ends where it says it does."""
    # Left alone, zipfile stops at the declared size and calls that the end.
    info = copy.copy(entry.info)
    info.file_size += 4 * zipfile.ZipExtFile.MIN_READ_SIZE
    left = entry.info.file_size + 1
    with opened.open(info) as member:
        # zipfile reads as much packed data at a time as it is asked to return.
        while chunk := member.read(min(left, MEGABYTE)):
            left -= len(chunk)
            yield chunk
    if left != 1:
        raise RefusedSubmission(_word(_is_lying, entry))
