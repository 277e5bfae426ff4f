"""Sources: the files of a submission that are taken, however they were handed in.

The rules that hold for folders and zips alike: which files are the student's
own, how many and how large they may be, and which names are usable. Marking takes
only the ``.py`` files (`SOURCE`); a course takes other kinds, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.errors import KitFault, RefusedSubmission
from reelmark.text import printable

Parts = tuple[str, ...]


MEGABYTE = 1024 * 1024


MAX_FILE_SIZE = MEGABYTE


MAX_NAME = 1000
"""The most bytes of a name, including its folders, as written to disk."""


MAX_PART = 255


JUNK = frozenset({"__macosx", "__pycache__", "site-packages", "node_modules"})


ENVIRONMENTS = frozenset({"venv", "virtualenv"})


ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})


# An environment may have been made in the coursework's own folder: then only the
# files that came with the environment are not the student's work.
ENVIRONMENT_FOLDERS = frozenset({"bin", "include", "lib", "lib64", "scripts"})


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


MAX_DEPTH = 32


MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken, and how much of it.

    Attributes:
        name: What messages call files of this kind.
        suffixes: How their names end, in lower case; upper case matches too.
        max_files: How many there may be.
        max_file_size: The most bytes of one file; a larger one is left out and noted.
        max_total_size: The most bytes of all of them together.
        advice: What messages advise when files are too large.
        folder: The name of the folder that they lie in; if empty, any folder.
        harmless_size: Bytes up to which a file may have any compression ratio.
    """

    name: str
    suffixes: tuple[str, ...]
    max_files: int
    max_file_size: int
    max_total_size: int
    advice: str
    folder: str = ""
    harmless_size: int = 100 * 1024

    def holds(self, name: Parts) -> bool:
        """Whether a file called ``name`` is of this kind."""
        is_in_place = not self.folder or name[-2:-1] == (self.folder,)
        return is_in_place and name[-1].casefold().endswith(self.suffixes)


SOURCE = Kind(
    name=".py files",
    suffixes=(".py",),
    max_files=200,
    max_file_size=MAX_FILE_SIZE,
    max_total_size=5 * MEGABYTE,
    advice="keep data out of .py files",
)


MISNAMED = replace(SOURCE, name=".py.txt files", suffixes=(".py.txt",))
"""Source named as text: browsers name downloads like this."""


NOTEBOOK = Kind(
    name="notebooks",
    suffixes=(".ipynb",),
    max_files=20,
    max_file_size=25 * MEGABYTE,
    max_total_size=50 * MEGABYTE,
    advice="clear the outputs of notebooks",
    harmless_size=25 * MEGABYTE,  # outputs may repeat one line endlessly
)
"""Notebooks, which are searched for modules if none were handed in."""


@dataclass(frozen=True)
class Sources:
    """The files of a submission that are taken.

    ``files`` maps the parts of a relative name to contents; ``others`` names a
    few of the files that were not taken; ``notes`` are sentences for the author;
    ``zips`` names the zips among the others.
    """

    files: dict[Parts, bytes]
    others: tuple[str, ...]
    notes: tuple[str, ...]
    zips: tuple[Parts, ...] = ()

    def with_notes(self, *notes: str) -> Sources:
        """Return the same sources with further notes."""
        return replace(self, notes=(*self.notes, *notes))

    def below(self, home: Parts) -> dict[Parts, bytes]:
        """Return the files in the folder ``home``, under their names there."""
        depth = len(home)
        return {
            name[depth:]: content
            for name, content in self.files.items()
            if name[:depth] == home
        }


def write_files(files: Mapping[Parts, bytes], into: Path) -> None:
    """Write ``files`` below ``into``, readable by all and writable by their owner.

    Raises:
        KitFault: ``into`` is not empty: its contents would be marked, too.
        RefusedSubmission: A name leads out of ``into``.
    """
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise KitFault(f"A snapshot needs an empty folder, and {into} is not empty.")
    for parts, content in sorted(files.items()):
        target = into.joinpath(*parts)
        # The last line of defence: on Windows a part such as "C:x" leads out.
        if ".." in parts or not target.is_relative_to(into):
            raise RefusedSubmission(
                f"{show('/'.join(parts))} leads out of the folder of the submission; "
                "hand in files with plain names."
            )
        _make_folders(into, parts[:-1])
        with target.open("xb") as file:
            file.write(content)
        target.chmod(0o644)


def check_limits(sizes: Iterable[int], kind: Kind = SOURCE) -> None:
    """Refuse files of a kind if there are too many, or if they are too large together.

    Args:
        sizes: Bytes of each file; those that are too large by themselves do not
            count, as they are left out.
        kind: Their kind.

    Raises:
        RefusedSubmission: A limit is exceeded.
    """
    sizes = list(sizes)
    total = sum(size for size in sizes if size <= kind.max_file_size)
    if len(sizes) > kind.max_files:
        raise RefusedSubmission(
            f"The submission holds {len(sizes)} {kind.name} and at most "
            f"{kind.max_files} are taken; hand in only the files you wrote, without "
            "installed packages."
        )
    if total > kind.max_total_size:
        raise RefusedSubmission(
            f"The {kind.name} add up to {total / MEGABYTE:.1f} MB and at most "
            f"{kind.max_total_size // MEGABYTE} MB are taken; hand in only the files "
            f"you wrote, and {kind.advice}."
        )


def check_collisions(files: Iterable[Parts], taken: Iterable[Parts]) -> None:
    """Refuse two names that are the same on some disks.

    Args:
        files: Names of all files.
        taken: Those that will be written: their folders count too.

    Raises:
        RefusedSubmission: Two names differ at most in case or in how accents
            are stored, or a file has the same name as a folder.
    """
    seen: dict[str, Parts] = {}
    folders = {name[:depth] for name in taken for depth in range(1, len(name))}
    for name in [*files, *sorted(folders)]:
        key = fold("/".join(name))
        if key in seen:
            raise RefusedSubmission(_describe_collision(seen[key], name))
        seen[key] = name


def drop_unusable_names(
    files: Mapping[Parts, bytes],
) -> tuple[dict[Parts, bytes], tuple[str, ...]]:
    """Leave out files whose names hold control characters or undecodable bytes.

    Returns:
        The files that remain, and a note for each that does not.
    """
    bad = [name for name in files if _CONTROL.search("/".join(name))]
    notes = (
        f"{show('/'.join(name))} was left out: its name holds characters that a file "
        "name cannot have everywhere; rename it."
        for name in bad
    )
    kept = {name: text for name, text in files.items() if name not in set(bad)}
    return kept, tuple(notes)


def note_too_large(name: str, kind: Kind = SOURCE) -> str:
    """Say that one file is too large to be taken."""
    return (
        f"{show(name)} was left out: it is larger than "
        f"{kind.max_file_size // MEGABYTE} MB; {kind.advice}."
    )


def is_too_long(name: Parts) -> bool:
    """Whether a file's name, or that of a folder around it, is too long for disks.

    Other systems count characters, Linux counts bytes.
    """
    sizes = [len(part.encode("utf-8", "surrogateescape")) for part in name]
    too_deep = len(name) > MAX_DEPTH
    return too_deep or max(sizes) > MAX_PART or sum(sizes) + len(sizes) > MAX_NAME


def is_source(name: str) -> bool:
    """Whether a file name is that of Python source."""
    return SOURCE.holds((name,))


def is_ignored(name: str, folder: str, *, is_environment: bool) -> bool:
    """Whether a tool left a file or folder behind, not the author.

    Args:
        name: What the file or folder is called.
        folder: What the folder that it lies in is called.
        is_environment: Whether that folder holds one of `ENVIRONMENT_MARKS`.
    """
    if name.startswith(".") or name.casefold() in JUNK:
        return True
    is_environment = is_environment or folder.casefold() in ENVIRONMENTS
    return is_environment and name.casefold() in ENVIRONMENT_FOLDERS


def fold(name: str) -> str:
    """Return a name as seen by a disk that ignores case and how accents are stored.

    Examples:
        >>> fold("Caf\u00c9") == fold("cafe\u0301")
        True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def show(name: str) -> str:
    """Return a stranger's file name in a form that is safe in a message."""
    if len(name) <= MAX_PART:
        return f"'{printable(name)}'"
    return f"'{printable(name[:60])}...' ({len(name)} characters)"


def _describe_collision(first: Parts, second: Parts) -> str:
    one, other = show("/".join(first)), show("/".join(second))
    if first == second:
        return (
            f"The submission holds {one} twice; it cannot be told which is meant, so "
            "hand in one of them."
        )
    return (
        f"The submission holds {one} and {other}, which are one name on many systems "
        "(upper and lower case or accents tell them apart); rename one of them."
    )


def _make_folders(into: Path, parts: Parts) -> None:
    for depth in range(1, len(parts) + 1):
        folder = into.joinpath(*parts[:depth])
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)
