"""Tables: CSV files that instructors write, in whatever way a spreadsheet saves them.

Whatever can be recognised for certain is read: UTF-8 with or without a byte order
mark, UTF-16 and Windows-1252; commas, semicolons or tabs. Anything else is refused
with an explanation. Marks depend on these files, so nothing is guessed, and every
message names the line.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
SAVE_AS = 'Save it again as "CSV UTF-8".'


@dataclass(frozen=True)
class Dialect:
    """How a file is written, so that another can be written in the same way.

    Attributes:
        encoding: Python's name for it; ``utf-8-sig`` begins with a byte order mark.
        delimiter: What separates cells.
        line_end: What ends rows.
    """

    encoding: str
    delimiter: str
    line_end: str

    def __str__(self) -> str:
        """Return it in words, such as ``UTF-8, with commas``."""
        return f"{_NAMES[self.encoding]}, with {DELIMITERS[self.delimiter]}"


@dataclass(frozen=True)
class Row:
    """A row: its first line in the file, and its cells by column.

    Cells are stripped of blanks at both ends. ``fault`` says why the row cannot be
    used; then it has no cells.
    """

    line: int
    cells: Mapping[str, str]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """What a file holds below its header; empty rows are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    dialect: Dialect


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a table that has certain columns, in any order, among others perhaps.

    Args:
        path: The file.
        columns: Names of columns that it must have; case does not matter.

    Raises:
        UsageError: It is not such a table; the message says what is wrong, and where.
        OSError: It cannot be read.
    """
    encoding, text = decode(path.read_bytes(), path)
    lines = _Lines(text)
    first = lines.find_head()
    if not first:
        raise UsageError(f"{path} is empty. {_expect(columns)}")
    delimiter = _find_delimiter(first, columns, path)
    try:
        records = list(_split(lines, delimiter))
    except csv.Error as error:
        raise UsageError(
            f"{path}, line {lines.number}, is not CSV ({error}). Look for a quotation "
            "mark without a partner."
        ) from error
    (_, head), *rest = records
    known = {column.casefold(): column for column in columns}
    names = tuple(known.get(cell.casefold(), cell) for cell in head)
    _check_head(names, columns, path)
    rows = tuple(_read_row(line, cells, names) for line, cells in rest if any(cells))
    return Table(names, rows, Dialect(encoding, delimiter, _find_line_end(text)))


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Return the encoding of a text, and the text without its byte order mark.

    Raises:
        UsageError: The encoding cannot be determined.
    """
    encoding = _find_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} cannot be read: it is neither UTF-8 nor Windows-1252 nor UTF-16 "
            f"(see the bytes at {error.start}). {SAVE_AS}"
        ) from error
    if "\0" in text:
        raise UsageError(f"{path} is not a text: it holds NUL characters. {SAVE_AS}")
    return encoding, text


def _find_encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # Without a mark, UTF-16 is recognised by the zeros in mostly Latin text.
    if data and len(data) % 2 == 0 and data.count(0) > len(data) // 4:
        return "utf-16-le" if data[1] == 0 else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


class _Lines:
    """The lines of a text, for `csv`, which asks for them one by one."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="").readlines()
        self.number = 0

    def find_head(self) -> str:
        """Skip empty lines and Excel's hint; return the next line, or an empty one."""
        for line in self._lines[self.number :]:
            if line.strip() and not line.startswith("sep="):
                return line.rstrip("\r\n")
            self.number += 1
        return ""

    def __iter__(self) -> Iterator[str]:
        while self.number < len(self._lines):
            self.number += 1
            yield self._lines[self.number - 1]


def _split(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row, and the line on which it begins."""
    begun = lines.number + 1
    for cells in csv.reader(lines, delimiter=delimiter, strict=True):
        yield begun, [cell.strip() for cell in cells]
        begun = lines.number + 1


def _find_delimiter(head: str, columns: Sequence[str], path: Path) -> str:
    """Return what separates the columns that are expected."""
    wanted = {column.casefold() for column in columns}
    for delimiter in DELIMITERS:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        if wanted <= {cell.strip().casefold() for cell in cells}:
            return delimiter
    raise UsageError(f"{path} begins with {head[:80]!r}. {_expect(columns)}")


def _check_head(names: Sequence[str], columns: Collection[str], path: Path) -> None:
    for column in columns:
        if names.count(column) > 1:
            raise UsageError(f"{path} has two columns that are called {column!r}.")


def _read_row(line: int, cells: Sequence[str], names: Sequence[str]) -> Row:
    # Spreadsheets add empty cells after short rows.
    while len(cells) > len(names) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(names):
        fault = (
            f"it has {len(cells)} cells, and the first line has {len(names)}; a name "
            "with a comma in it needs quotation marks"
        )
        return Row(line, {}, fault)
    return Row(line, dict(zip(names, cells, strict=True)))


def _find_line_end(text: str) -> str:
    line = io.StringIO(text, newline="").readline()
    return line[len(line.rstrip("\r\n")) :] or "\n"


def _expect(columns: Sequence[str]) -> str:
    return f"Its first line must name the columns: {','.join(columns)}"
