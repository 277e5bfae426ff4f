"""Tables that instructors write, as their spreadsheets save them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.intake.tables import Dialect, Row, Table, read_table

COLUMNS = ("student", "due")
TEXT = "student,due\nZo\u00eb,2026-03-06\n"


def _read(folder: Path, content: str | bytes) -> Table:
    path = folder / "table.csv"
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.write_bytes(data)
    return read_table(path, COLUMNS)


def _refuse(folder: Path, content: str | bytes) -> str:
    with pytest.raises(UsageError) as refused:
        _read(folder, content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
    ],
)
def test_encoding_is_recognised(tmp_path: Path, data: bytes, encoding: str) -> None:
    """A name with an accent is the same, whatever the spreadsheet saved it as."""
    table = _read(tmp_path, data)
    assert table.rows == (Row(2, {"student": "Zo\u00eb", "due": "2026-03-06"}),)
    assert table.dialect.encoding == encoding


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_dialect_is_recognised(tmp_path: Path, delimiter: str, line_end: str) -> None:
    """Semicolons and tabs separate cells too, and lines may end in any way."""
    text = TEXT.replace(",", delimiter).replace("\n", line_end)
    table = _read(tmp_path, text)
    assert table.dialect == Dialect("utf-8", delimiter, line_end)
    assert table.rows[0].cells["student"] == "Zo\u00eb"


def test_dialect_is_told_in_words(tmp_path: Path) -> None:
    """A message about the file says how it was read."""
    table = _read(tmp_path, TEXT.replace(",", ";").encode("cp1252"))
    assert str(table.dialect) == "Windows-1252, with semicolons"


def test_columns_may_come_in_any_order_and_case(tmp_path: Path) -> None:
    """The header says which column is which; others are kept."""
    table = _read(tmp_path, "Due, note ,STUDENT\n2026-03-06,ill,ada\n")
    cells = {"due": "2026-03-06", "note": "ill", "student": "ada"}
    assert table.rows[0].cells == cells


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """Empty lines, and cells of several lines, do not confuse the numbers."""
    text = '\nsep=,\nstudent,due\n\nada,1\n"b\nen",2\n,\ncleo,3\n'
    lines = [(row.line, row.cells["due"]) for row in _read(tmp_path, text).rows]
    assert lines == [(5, "1"), (6, "2"), (9, "3")]


def test_quoted_cells_hold_delimiters(tmp_path: Path) -> None:
    """A comma between quotation marks is part of a name."""
    table = _read(tmp_path, 'student,due\n"O\'Brien, ""Pat""",1\n')
    assert table.rows[0].cells["student"] == 'O\'Brien, "Pat"'


def test_empty_cells_at_the_end_do_not_matter(tmp_path: Path) -> None:
    """Spreadsheets fill short rows up with empty cells."""
    assert _read(tmp_path, "student,due\nada,1,,\n").rows[0].cells["due"] == "1"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("O'Brien, Pat,2026-03-06", "it has 3 cells, and the first line has 2"),
        ("ada", "it has 1 cells, and the first line has 2"),
    ],
)
def test_row_of_another_length_is_at_fault(tmp_path: Path, row: str, told: str) -> None:
    """Cells that may be in the wrong column are not used."""
    found = _read(tmp_path, f"student,due\n{row}\n").rows[0]
    assert (found.line, found.cells) == (2, {})
    assert found.fault.startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty. Its first line must name the columns: student,due"),
        (" \n\n", "is empty"),
        ("name,until\nada,1\n", "begins with 'name,until'. Its first line must name"),
        ("student due\n", "begins with 'student due'"),
        ("student,due,due\nada,1,2\n", "has two columns that are called 'due'"),
        ('student,due\n"ada,1\n', "is not CSV"),
        ('student,due\n"ada" x,1\n', "line 2, is not CSV"),
        (b"student,due\nada\x81,1\n", "is neither UTF-8 nor Windows-1252 nor UTF-16"),
        (b"student,due\nada\0,1\n", "is not a text: it holds NUL characters"),
        (codecs.BOM_UTF16_LE + b"a", "cannot be read"),
        (b"PK\3\4" + bytes(range(256)), "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    """Whatever cannot be read for certain is refused, with what was expected."""
    assert told in _refuse(tmp_path, content)


def test_only_hints_are_no_table(tmp_path: Path) -> None:
    """A file with only Excel's hint has no header."""
    assert "must name the columns" in _refuse(tmp_path, "sep=;\n")
