"""Downloads: a zip or a folder from an LMS, as a tree of names.

Only names are looked at here. The files are read later, submission by submission, and
judged by `reelmark.intake`; a download is never unpacked.
"""

from __future__ import annotations

import io
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.archives import Archive, Rename
from reelmark.intake.descent import Descent, Look, open_descent
from reelmark.intake.folders import Folder
from reelmark.intake.kinds import MAX_ENTRIES, SOURCE, Kind, Parts, Sources, show
from reelmark.intake.nesting import Container

MAX_LEVELS = 8
"""How many folders deep names are looked at; deeper files are read all the same."""

TOOLS = frozenset({"__macosx", "__pycache__", ".ds_store", "thumbs.db", "desktop.ini"})
"""Names that tools leave behind in folders, and that nobody handed in."""


@dataclass(frozen=True)
class Item:
    """A name in a download.

    Attributes:
        name: The name to show, with accents in one form.
        at: Where it is, as stored.
        is_folder: Whether there may be names below it.
    """

    name: str
    at: Parts
    is_folder: bool

    @property
    def is_hidden(self) -> bool:
        """Whether file managers hide it."""
        return self.name.startswith(".") and self.name != ".."

    @property
    def is_zip(self) -> bool:
        """Whether its name is that of a zip."""
        return not self.is_folder and self.name.casefold().endswith(".zip")


Pieces = Mapping[Parts, Item]
"""The parts of one submission, by their names in it; a folder's may be ``()``."""


class Download(Protocol):
    """A download, open to be looked at and read."""

    path: Path

    def items(self, at: Parts = ()) -> list[Item]:
        """List what lies in a folder of it, sorted by name."""

    def read(self, item: Item, most: int) -> bytes:
        """Read a file that the system itself wrote.

        Raises:
            RefusedSubmission: It cannot be read, or has more than ``most`` bytes.
        """

    def choose(self, pieces: Pieces) -> AbstractContextManager[Container]:
        """Return what belongs to one submission, to be read and judged."""

    def open_zip(self, item: Item) -> AbstractContextManager[Download]:
        """Open a zip in it as a download of its own.

        Raises:
            RefusedSubmission: It is not a zip, or breaks a rule of `archives`.
        """


@dataclass(frozen=True)
class Place:
    """A folder of a download."""

    download: Download
    at: Parts = ()

    @cached_property
    def items(self) -> list[Item]:
        """What lies in it, without what tools leave behind."""
        return [each for each in self.download.items(self.at) if not _is_junk(each)]

    @cached_property
    def visible(self) -> list[Item]:
        """The items that file managers show; somebody's name may be hidden, though."""
        return [each for each in self.items if not each.is_hidden]

    def enter(self, item: Item) -> Place:
        """Return a folder in it."""
        return Place(self.download, item.at)

    def find(self, name: str) -> Item | None:
        """Return the item of this name, in any case."""
        wanted = name.casefold()
        return next((i for i in self.items if i.name.casefold() == wanted), None)

    def read_text(self, item: Item, most: int) -> str:
        """Read a file that the system wrote as text; whatever is not UTF-8 is replaced.

        Raises:
            RefusedSubmission: It cannot be read, or has more than ``most`` bytes.
        """
        return self.download.read(item, most).decode("utf-8-sig", "replace")


@contextmanager
def open_download(path: Path) -> Iterator[Download]:
    """Open a download.

    Raises:
        UsageError: It is neither a folder nor a zip that can be opened.
    """
    if path.is_dir():
        with _open_folder(path) as folder:
            yield folder
        return
    if not path.exists():
        raise UsageError(f"{path} does not exist. Check the path.")
    with _open_zip(path, path.name) as download:
        yield download


class FolderDownload:
    """A download that was unpacked, or a folder of submissions.

    Args:
        path: The folder.
        descent: The same, open: below it no link is followed.
    """

    def __init__(self, path: Path, descent: Descent) -> None:
        self.path = path
        self._descent = descent

    def items(self, at: Parts = ()) -> list[Item]:
        """List a folder; links are files, whatever they lead to."""
        try:
            seen = self._descent.list(at, MAX_ENTRIES)
        except OSError as error:
            if at:
                return []  # the student is told when it is read
            raise _describe_closed(self.path, error) from error
        found = [
            Item(unicodedata.normalize("NFC", name), (*at, name), _may_be_folder(state))
            for name, state in seen
        ]
        return sorted(found, key=lambda item: (item.name, item.at))

    def read(self, item: Item, most: int) -> bytes:
        """Read a file, never through a link."""
        try:
            with self._descent.open(item.at) as file:
                chunks = iter(lambda: file.read(min(most + 1, _CHUNK)), b"")
                return _join(chunks, item, most)
        except OSError as error:
            raise RefusedSubmission(
                f"{show(item.name)} cannot be read ({error.strerror})."
            ) from error

    def choose(self, pieces: Pieces) -> AbstractContextManager[Container]:
        """Return what lies at these places."""
        places = {name: item.at for name, item in pieces.items()}
        return nullcontext(Folder(self._descent, places))

    @contextmanager
    def open_zip(self, item: Item) -> Iterator[Download]:
        """Open a zip where it lies."""
        path = self.path.joinpath(*item.at)
        with Archive(path, item.name, lambda _: self._open(item)) as archive:
            archive.check_bytes()
            yield ZipDownload(archive, path)

    def _open(self, item: Item) -> io.BufferedReader:
        return self._descent.open(item.at)


class ZipDownload:
    """A download that is a zip."""

    def __init__(self, archive: Archive, path: Path) -> None:
        self.path = path
        self._archive = archive
        self._index: dict[Parts, dict[str, bool]] = {}
        for parts, is_folder in archive.names():
            for depth, part in enumerate(parts[:MAX_LEVELS]):
                below = self._index.setdefault(parts[:depth], {})
                is_above = depth < len(parts) - 1
                below[part] = below.get(part, False) or is_above or is_folder

    def items(self, at: Parts = ()) -> list[Item]:
        """List a folder of the zip."""
        found = self._index.get(at, {}).items()
        return sorted(
            (Item(name, (*at, name), is_folder) for name, is_folder in found),
            key=lambda item: item.name,
        )

    def read(self, item: Item, most: int) -> bytes:
        """Read an entry, judged like a submission of one file."""
        kind = Kind("files", ("",), 1, most, most, "download it again")
        sources = self._archive.read((kind,), _rename_to({("file",): item}))
        if ("file",) not in sources.files:
            raise RefusedSubmission(
                " ".join(sources.notes) or f"{show(item.name)} is no file."
            )
        return sources.files["file",]

    def choose(self, pieces: Pieces) -> AbstractContextManager[Container]:
        """Return the parts of the zip at these places."""
        return _Part(self._archive, pieces)

    @contextmanager
    def open_zip(self, item: Item) -> Iterator[Download]:
        """Open a copy of a zip in the zip."""
        with self._archive.open_inner(item.at) as inner:
            inner.check_bytes()
            yield ZipDownload(inner, self.path)


_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class _Part:
    """A submission that is a part of a zip."""

    archive: Archive
    pieces: Pieces

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, kinds: tuple[Kind, ...] = (SOURCE,)) -> Sources:
        return self.archive.read(kinds, _rename_to(self.pieces))

    def open_inner(self, name: Parts) -> AbstractContextManager[Archive]:
        return self.archive.open_inner(name, _rename_to(self.pieces))


def _rename_to(pieces: Pieces) -> Rename:
    """Return how names in a zip are renamed in one submission."""
    names = {item.at: name for name, item in pieces.items()}
    depths = {len(at) for at in names}

    def rename(parts: Parts) -> Parts | None:
        for depth in depths:
            if (name := names.get(parts[:depth])) is not None:
                return (*name, *parts[depth:])
        return None

    return rename


def _join(chunks: Iterator[bytes], item: Item, most: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > most:
            raise RefusedSubmission(f"{show(item.name)} is larger than {most} bytes.")
    return bytes(content)


@contextmanager
def _open_zip(path: Path, name: str) -> Iterator[Download]:
    try:
        archive = Archive(path, name)
    except RefusedSubmission as error:
        raise _describe_refusal(path, error) from error
    with archive:
        try:
            archive.check_bytes()
        except RefusedSubmission as error:
            raise _describe_refusal(path, error) from error
        yield ZipDownload(archive, path)


@contextmanager
def _open_folder(path: Path) -> Iterator[Download]:
    with ExitStack() as stack:
        try:
            # The folder itself may be a link: it is the teacher's.
            descent = stack.enter_context(open_descent(path.resolve()))
        except OSError as error:
            raise _describe_closed(path, error) from error
        yield FolderDownload(path, descent)


def _describe_closed(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{folder} cannot be read ({error.strerror}); check its permissions."
    )


def _may_be_folder(state: Look) -> bool:
    # If something cannot be looked at, its student is told when it is read.
    return isinstance(state, OSError) or stat.S_ISDIR(state.st_mode)


def _describe_refusal(path: Path, error: RefusedSubmission) -> UsageError:
    # The rest of the sentence tells a student how to hand in instead.
    reason = str(error).partition(";")[0]
    return UsageError(
        f"{path} cannot be used: {reason}. Download it again, or unpack it yourself "
        "and name the folder."
    )


def _is_junk(item: Item) -> bool:
    return item.name.startswith("._") or item.name.casefold() in TOOLS
