"""Files: where the package lies; files that are written whole, or not at all."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.text import show_controls

PACKAGE = Path(__file__).parent
"""The folder of the engine: read by workers, hashed by fingerprints, put in the wheel.

It stands here once, because ``Path(__file__).parent`` is another folder in every
package, and nobody would notice that a guard has shrunk.
"""


# Spreadsheets of East Asian locales take the full-width signs for the plain ones.
_FORMULA_START = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def read_text(path: Path) -> str:
    """Read a text that somebody wrote.

    Raises:
        UsageError: It is not UTF-8; the message says in which line.
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
    """Write a table as CSV that a spreadsheet can be trusted with.

    A text that a spreadsheet would take for a formula gets an apostrophe in
    front, as spreadsheets themselves do. A control character in a text is
    written as an escape, so that no name can begin a row of its own. All text is
    quoted: where a spreadsheet takes semicolons for commas, one in a name would
    begin a cell, and that could be a formula.
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([_cell(c) if isinstance(c, str) else c for c in row])
    write_whole(path, "".join(lines))


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody ever sees half of it; a text as UTF-8.

    Raises:
        OSError: It cannot be written, and names ``path``. What was there still is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not made from path's own name, which may be as long as names may be.
    unfinished = path.with_name(f".{os.getpid()}-{threading.get_ident()}.unfinished")
    try:
        _write_through(content, unfinished)
        unfinished.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        if not isinstance(error, OSError) or error.errno is None:
            raise
        # What wrote knows no name, or that of the unfinished file.
        code = getattr(error, "winerror", None)
        raise OSError(error.errno, error.strerror, str(path), code) from error


def _write_through(content: str | bytes, path: Path) -> None:
    if isinstance(content, str):
        # A file name of another encoding reaches Python as lone surrogates, which
        # UTF-8 cannot hold; backslashreplace gives just what JSON calls them.
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
