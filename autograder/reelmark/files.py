"""Files: the folder of the package; writing files and removing folders completely."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.text import show_controls

PACKAGE = Path(__file__).parent
"""The folder of the engine: read by workers, hashed by fingerprints, put in the wheel.

It is defined only here, because ``Path(__file__).parent`` is a different folder in
every package, and nobody would notice if a guard covered less.
"""

FOLDER_FLAGS = os.O_RDONLY
FOLDER_FLAGS |= getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
"""Flags with which only folders can be opened."""

# Spreadsheets in East Asian locales take full-width characters for plain ones.
_FORMULA_START = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def read_text(path: Path) -> str:
    """Read a text file that somebody wrote.

    Raises:
        UsageError: It is not UTF-8; the message names the line.
        OSError: It cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path}, line {line}, holds what is not UTF-8. Save the file again as "
            "UTF-8."
        ) from error


def write_rows(rows: Iterable[Sequence[str | float]], path: Path) -> None:
    """Write a table as CSV that is safe to open in a spreadsheet.

    A text that a spreadsheet would take for a formula gets a leading apostrophe, as
    in spreadsheets themselves. Control characters in a text are written as escapes,
    so that no name can begin a new row. All text is quoted: in a spreadsheet that
    takes semicolons for commas, one in a name would begin a cell, which could be a
    formula.
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([_cell(c) if isinstance(c, str) else c for c in row])
    write_whole(path, "".join(lines))


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody ever sees half of it; text is written as UTF-8.

    Raises:
        OSError: It cannot be written; the error names ``path``. An old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not derived from path's own name, which may have the maximal length.
    unfinished = path.with_name(f".{os.getpid()}-{threading.get_ident()}.unfinished")
    try:
        _write_through(content, unfinished)
        unfinished.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        if not isinstance(error, OSError) or error.errno is None:
            raise
        # The error has no file name, or that of the unfinished file.
        code = getattr(error, "winerror", None)
        raise OSError(error.errno, error.strerror, str(path), code) from error


@contextlib.contextmanager
def open_temporary(within: Path | None = None) -> Iterator[Path]:
    """Hold a new empty folder; it is removed afterwards with everything in it.

    Other users cannot list it, but can pass through it to a folder of theirs: a
    worker may be another user.
    """
    folder = Path(tempfile.mkdtemp(prefix="reelmark-", dir=within)).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder and everything in it, whatever a stranger did to it.

    It uses descriptors, one at a time, so the depth and the names of folders do not
    matter, and no link is followed. What cannot be removed stays.
    """
    if os.unlink not in os.supports_dir_fd:  # Windows, whose paths cannot be as deep
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        _empty(folder)
        folder.rmdir()


def _empty(folder: Path) -> None:
    """Remove everything in a folder.

    Raises:
        OSError: It is not a folder, or is being moved about at the same time.
    """
    here = os.open(folder, FOLDER_FLAGS)
    way: list[tuple[str, os.stat_result]] = []  # names down to here, and from where
    waiting = [_remove_files(here)]  # folders still to remove, on every level
    try:
        while True:
            if waiting[-1]:
                name = waiting[-1].pop()
                try:
                    inner = os.open(name, FOLDER_FLAGS, dir_fd=here)
                except OSError:
                    continue
                way.append((name, os.fstat(here)))
                os.close(here)
                here = inner
                waiting.append(_remove_files(here))
            elif way:
                waiting.pop()
                name, before = way.pop()
                outer = os.open("..", FOLDER_FLAGS, dir_fd=here)
                os.close(here)
                here = outer
                if not os.path.samestat(os.fstat(here), before):
                    raise OSError("somebody moves what is being removed")
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=here)
            else:
                return
    finally:
        os.close(here)


def _remove_files(folder: int) -> list[str]:
    """Remove the files in an open folder; return the names of the folders in it."""
    folders: list[str] = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.name, dir_fd=folder)
    return folders


def _write_through(content: str | bytes, path: Path) -> None:
    if isinstance(content, str):
        # In Python, a file name in another encoding has lone surrogates, which UTF-8
        # cannot hold; backslashreplace writes them just as JSON does.
        content = content.encode("utf-8", "backslashreplace")
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


class _Lines(list[str]):
    """A list that the csv module can write to."""

    def write(self, line: str) -> None:
        self.append(line)


def _cell(text: str) -> str:
    shown = show_controls(text)
    return f"'{shown}" if _FORMULA_START.match(text) else shown
