"""Worksheets: one of the teacher's CSV files, in which single cells are replaced.

Every other byte stays as it is: line ends, byte order mark, encoding, separators,
quotation marks, the order of rows and columns.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.intake.tables import DELIMITERS

MAX_SIZE = 64 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "cp1252", "latin-1")
_TITLES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}


@dataclass(frozen=True)
class _Cell:
    """A cell: where its text is, and what it says."""

    start: int
    end: int
    text: str
    is_quoted: bool


class _Malformed(Exception):
    """A line does not fit into a table; the message says which and why."""


class Worksheet:
    """A CSV file, its cells as text, and replacements for some of them.

    Args:
        path: The file; it is only read.

    Raises:
        UsageError: It is not CSV; the message says what it is, or which line is odd.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        data = _read(path)
        self._mark, self.encoding, self._text = _decode(data, path)
        self.separator, self._rows = _parse(self._text, path)
        self.header = [cell.text for cell in self._rows[0]]
        self._changes: dict[tuple[int, int], str] = {}

    @property
    def rows(self) -> range:
        """The numbers of the rows below the header that are not empty."""
        return range(1, len(self._rows))

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell; empty if the row ends before it."""
        cells = self._rows[row]
        return cells[column].text if column < len(cells) else ""

    def column(self, column: int) -> list[str]:
        """Return the texts of a column, without the header."""
        return [self.cell(row, column) for row in self.rows]

    def replace(self, row: int, column: int, text: str) -> None:
        """Put a text into a cell."""
        self._changes[row, column] = text

    def to_bytes(self) -> bytes:
        """Return the file with the replacements."""
        edits = sorted(self._edit(*place) for place in self._changes)
        pieces, done = [], 0
        for start, end, text in edits:
            pieces += [self._text[done:start], text]
            done = end
        changed = "".join([*pieces, self._text[done:]])
        return self._mark + changed.encode(self.encoding, "xmlcharrefreplace")

    def describe(self) -> str:
        """Return how it is written, in words: ``UTF-8 with commas``."""
        encoding = _TITLES.get(self.encoding, "UTF-16")
        return f"{encoding} with {DELIMITERS[self.separator]}"

    def _edit(self, row: int, column: int) -> tuple[int, int, str]:
        """Return which part of the text a change replaces, and by what."""
        text, cells = self._changes[row, column], self._rows[row]
        if column < len(cells):
            cell = cells[column]
            return cell.start, cell.end, self._quote(text, cell.is_quoted)
        # Spreadsheets leave out separators at the end of a row.
        end = cells[-1].end
        gap = self.separator * (column - len(cells) + 1)
        return end, end, gap + self._quote(text, False)

    def _quote(self, text: str, is_quoted: bool) -> str:
        needs_it = any(char in text for char in f'"{self.separator}\r\n')
        if not (is_quoted or needs_it):
            return text
        doubled = text.replace('"', '""')
        return f'"{doubled}"'


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}). Check the path."
        ) from error
    kinds = {b"PK\3\4": "an Excel workbook", b"\xd0\xcf\x11\xe0": "an Excel workbook"}
    if kind := kinds.get(data[:4]):
        raise UsageError(
            f"{path} is {kind}, whatever its name says. Name the CSV file that your "
            "LMS gave you, or save it as CSV."
        )
    if len(data) > MAX_SIZE:
        raise UsageError(f"{path} is larger than 64 MB, which no gradebook is.")
    return data


def _decode(data: bytes, path: Path) -> tuple[bytes, str, str]:
    """Return byte order mark, encoding and text, which encode to the same bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            candidates: Sequence[tuple[bytes, str]] = [(mark, encoding)]
            break
    else:
        is_little = data[1::2].count(0) > data[::2].count(0)
        wide = ["utf-16-le" if is_little else "utf-16-be"]
        candidates = [(b"", name) for name in (wide if b"\0" in data else _ENCODINGS)]
    for mark, encoding in candidates:
        body = data[len(mark) :]
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == body and "\0" not in text:
            return mark, encoding, text
    raise UsageError(
        f"{path} is no text: it is neither UTF-8 nor UTF-16 nor of Windows. Name the "
        "CSV file that your LMS gave you."
    )


def _parse(text: str, path: Path) -> tuple[str, list[list[_Cell]]]:
    """Return the separator, and the cells of each row that is not empty."""
    faults = []
    # PHP, in which Moodle is written, has its own rule for \\" in quotes.
    for has_escapes in (False, True):
        found = []
        for separator in DELIMITERS:
            try:
                rows = list(_split(text, separator, has_escapes=has_escapes))
                found.append((len(_check(rows)[0]), separator, rows))
            except _Malformed as error:
                faults.append(str(error))
        if found:
            _, separator, rows = max(found, key=lambda each: each[0])
            return separator, rows
    raise UsageError(
        f"{path} cannot be read as a table: {faults[0]}. Download it again, and do not "
        "save it from a spreadsheet."
    )


def _check(rows: list[list[_Cell]]) -> list[list[_Cell]]:
    """Expect a header with several columns, and no longer rows."""
    if not rows:
        raise _Malformed("it is empty")
    if len(rows[0]) < 2:
        raise _Malformed("its first line does not name several columns")
    for number, row in enumerate(rows, 1):
        if len(row) > len(rows[0]):
            raise _Malformed(
                f"row {number} has {len(row)} cells and the header has {len(rows[0])}"
            )
    return rows


def _split(text: str, separator: str, *, has_escapes: bool) -> Iterator[list[_Cell]]:
    """Yield the rows of a text that are not empty."""
    # A cell is in quotes, with quotes in it doubled, or goes up to what ends it.
    escaped = r"\\.|" if has_escapes else ""
    cell = re.compile(
        rf'"((?:{escaped}""|[^"{re.escape(chr(92)) if has_escapes else ""}])*)"'
        rf"(?=[{separator}\r\n]|\Z)|([^{separator}\r\n]*)",
        re.DOTALL,
    )
    row: list[_Cell] = []
    position, line = _skip_hint(text), 1
    while True:
        found = cell.match(text, position)
        assert found is not None  # the second half also matches an empty text
        quoted, bare = found.groups()
        if quoted is None and bare.startswith('"'):
            raise _Malformed(f"line {line} has a quotation mark that nothing closes")
        content = bare if quoted is None else quoted.replace('""', '"')
        row.append(_Cell(position, found.end(), content, quoted is not None))
        line += found[0].count("\n")
        position = found.end()
        if text[position : position + 1] == separator:
            position += 1
            continue
        if len(row) > 1 or row[0].text:
            yield row
        if position >= len(text):
            return
        row, line = [], line + 1
        position += 2 if text[position : position + 2] == "\r\n" else 1


def _skip_hint(text: str) -> int:
    """Return where a table begins: a hint for Excel may come before it."""
    hint = re.match(r"sep=.(\r\n|\r|\n)", text)
    return hint.end() if hint else 0
