"""Sources: the ``.py`` files of a submission, however they were handed in.

The rules that hold for folders and zips alike: which files are the student's
own source, how many and how large they may be, and which names are usable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import KitFault, RefusedSubmission

Parts = tuple[str, ...]
MEGABYTE = 1024 * 1024
MAX_FILES = 200
MAX_FILE_SIZE = MEGABYTE
MAX_TOTAL_SIZE = 5 * MEGABYTE
MAX_PART = 255
JUNK = frozenset({"__macosx", "__pycache__", "site-packages", "node_modules"})
ENVIRONMENTS = frozenset({"venv", "virtualenv"})
ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
# An environment may have been made in the very folder of the coursework: only
# what the environment itself brought along is no work of the student's.
ENVIRONMENT_FOLDERS = frozenset({"bin", "include", "lib", "lib64", "scripts"})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MAX_DEPTH = 32
MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class Sources:
    """The source files of a submission.

    ``files`` maps the parts of a relative name to contents; ``others`` names a
    few of the files that are no source; ``notes`` are sentences for the author.
    """

    files: dict[Parts, bytes]
    others: tuple[str, ...]
    notes: tuple[str, ...]


def write_files(files: Mapping[Parts, bytes], into: Path) -> None:
    """Write ``files`` below ``into``, readable by all and writable by their owner.

    Raises:
        KitFault: ``into`` is not empty: what is there would be marked as well.
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


def check_limits(sizes: Iterable[int]) -> None:
    """Refuse source files that are too many, or too large together.

    Args:
        sizes: Bytes of each file; those above `MAX_FILE_SIZE` do not add up, as
            they are left out.

    Raises:
        RefusedSubmission: A limit is passed.
    """
    sizes = list(sizes)
    total = sum(size for size in sizes if size <= MAX_FILE_SIZE)
    if len(sizes) > MAX_FILES:
        raise RefusedSubmission(
            f"The submission holds {len(sizes)} .py files and at most {MAX_FILES} are "
            "marked; hand in only the files you wrote, without installed packages."
        )
    if total > MAX_TOTAL_SIZE:
        raise RefusedSubmission(
            f"The .py files add up to {total / MEGABYTE:.1f} MB and at most "
            f"{MAX_TOTAL_SIZE // MEGABYTE} MB are marked; hand in only the files you "
            "wrote, and keep data out of them."
        )


def check_collisions(files: Iterable[Parts], sources: Iterable[Parts]) -> None:
    """Refuse two names that are one on some disks.

    Args:
        files: Names of all files.
        sources: Those that are to be written: their folders count too.

    Raises:
        RefusedSubmission: Two names differ at most in case or in how accents
            are stored, or a file is called like a folder.
    """
    seen: dict[str, Parts] = {}
    folders = {name[:depth] for name in sources for depth in range(1, len(name))}
    for name in [*files, *sorted(folders)]:
        key = fold("/".join(name))
        if key in seen:
            raise RefusedSubmission(_describe_collision(seen[key], name))
        seen[key] = name


def drop_unusable_names(
    files: Mapping[Parts, bytes],
) -> tuple[dict[Parts, bytes], tuple[str, ...]]:
    """Leave out source whose name holds control characters or undecodable bytes.

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


def note_too_large(name: str) -> str:
    """Say that one source file is too large to be marked."""
    return (
        f"{show(name)} was left out: it is larger than {MAX_FILE_SIZE // MEGABYTE} MB; "
        "keep data out of .py files."
    )


def is_source(name: str) -> bool:
    """Whether a file name is one of Python source."""
    return name.casefold().endswith(".py")


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
    """Return what a disk that ignores case and stored accents makes of a name.

    Examples:
        >>> fold("Caf\u00c9") == fold("cafe\u0301")
        True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def printable(text: str) -> str:
    r"""Return ``text`` with escapes for what a terminal must not be sent.

    Examples:
        >>> print(printable("a\x1b[2J.py"))
        a\x1b[2J.py
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in text
    )


def show(name: str) -> str:
    """Return a stranger's file name as it may stand in a message."""
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
