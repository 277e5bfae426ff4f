"""Worksheets: cells are replaced, and every other byte stays as it is."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelmark.errors import UsageError
from reelmark.lms.worksheet import Worksheet

STEADY = settings(deadline=None, derandomize=True, database=None, max_examples=150)
TABLE = 'Name,Grade\r\n"Lovelace, ""Ada""",\r\nBen , 7 \r\n'

encodings = st.sampled_from(
    [
        *((b"", "utf-8"), (codecs.BOM_UTF8, "utf-8")),
        *((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    ]
)
texts = st.text(st.sampled_from('ab7é王=,;\t"\\ \r\n-'), max_size=6)
rows = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5)


def save(folder: Path, content: str | bytes) -> Path:
    """Write a file of grades."""
    path = folder / "grades.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def render(table: list[tuple[str, ...]], separator: str, end: str) -> str:
    """Write a table, in quotes what has to be and some of what has not."""
    quoted = [[cell.replace('"', '""') for cell in row] for row in table]
    special = {'"', separator, "\r", "\n", "a"}
    cells = [[f'"{c}"' if special & set(c) else c for c in row] for row in quoted]
    return "".join(separator.join(row) + end for row in cells)


@STEADY
@given(rows, encodings, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), texts)
def test_one_cell_changes_and_no_other(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, ...]],
    encoding: tuple[bytes, str],
    separator: str,
    end: str,
    text: str,
) -> None:
    """Whatever cells hold, in whichever form a file is written."""
    head = [("first", "second", "third"), ("x", "y", "z")]
    mark, name = encoding
    data = mark + render(head + table, separator, end).encode(name)
    path = save(tmp_path_factory.getbasetemp(), data)
    sheet = Worksheet(path)
    assert sheet.to_bytes() == data
    sheet.replace(1, 1, text)
    changed = sheet.to_bytes()
    assert changed.startswith(mark)
    decoded = changed[len(mark) :].decode(name)
    read = list(csv.reader(io.StringIO(decoded, newline=""), delimiter=separator))
    expected = [list(row) for row in head + table]
    expected[1][1] = text
    assert [row for row in read if row] == [row for row in expected if row]


def test_quotes_and_blanks_stay_as_they_were(tmp_path: Path) -> None:
    """A cell is written in quotes where it was, and where it has to be."""
    sheet = Worksheet(save(tmp_path, TABLE))
    sheet.replace(1, 1, "12,5")
    sheet.replace(2, 1, "8")
    changed = 'Name,Grade\r\n"Lovelace, ""Ada""","12,5"\r\nBen ,8\r\n'
    assert sheet.to_bytes() == changed.encode()


def test_cells_behind_the_end_of_a_row_are_added(tmp_path: Path) -> None:
    """Spreadsheets leave out separators at the end of a row."""
    sheet = Worksheet(save(tmp_path, "a,b,c,d\n1,2,3,4\nx\ny\n"))
    sheet.replace(2, 3, "9")
    assert sheet.to_bytes() == b"a,b,c,d\n1,2,3,4\nx,,,9\ny\n"


def test_empty_rows_and_missing_ends_stay(tmp_path: Path) -> None:
    """Lines that are not rows are skipped, and kept."""
    content = "\n\na,b\n\n1,2\n\n\n3,4"
    sheet = Worksheet(save(tmp_path, content))
    sheet.replace(2, 1, "5")
    assert sheet.to_bytes() == b"\n\na,b\n\n1,2\n\n\n3,5"


def test_hint_of_excel_is_no_row(tmp_path: Path) -> None:
    """``sep=;`` says what stands between cells, and stays."""
    sheet = Worksheet(save(tmp_path, "sep=;\r\na;b\r\n1;2\r\n"))
    sheet.replace(1, 1, "3")
    assert (sheet.header, sheet.separator) == (["a", "b"], ";")
    assert sheet.to_bytes() == b"sep=;\r\na;b\r\n1;3\r\n"


def test_backslashes_of_php_are_understood(tmp_path: Path) -> None:
    r"""Older versions of Moodle write a quotation mark behind a backslash as it is."""
    content = 'Name,Grade\n"a\\"b, c",\n"d ""e""",\n'
    sheet = Worksheet(save(tmp_path, content))
    sheet.replace(1, 1, "5")
    assert sheet.cell(1, 0) == 'a\\"b, c'
    assert sheet.to_bytes() == content.replace('c",\n', 'c",5\n').encode()


def test_backslash_at_the_end_of_a_cell_is_a_backslash(tmp_path: Path) -> None:
    """What every other program writes is tried first."""
    sheet = Worksheet(save(tmp_path, 'Name,Grade\n"C:\\",7\n'))
    assert (sheet.cell(1, 0), sheet.cell(1, 1)) == ("C:\\", "7")


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "shift_jis", "latin-1"])
def test_bytes_of_other_encodings_stay(tmp_path: Path, encoding: str) -> None:
    """If the encoding cannot be recognised, no byte is changed."""
    name = {"gbk": "王小明", "shift_jis": "表示"}.get(encoding, "Müller")
    data = f"Name,Grade\n{name},\n".encode(encoding)
    sheet = Worksheet(save(tmp_path, data))
    sheet.replace(1, 1, "7.5")
    assert sheet.to_bytes() == data[:-1] + b"7.5\n"


def test_letters_that_an_encoding_lacks_are_written_as_numbers(tmp_path: Path) -> None:
    """Comments are HTML to Moodle, so a reference to the letter is the letter."""
    sheet = Worksheet(save(tmp_path, "Name,Note\nM\xfcller,\n".encode("cp1252")))
    sheet.replace(1, 1, "王")
    assert sheet.to_bytes().endswith(b",&#29579;\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\3\4....", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0....", "an Excel workbook"),
        (b"", "it is empty"),
        (b"\n\n\n", "it is empty"),
        (b"just text\nand more\n", "does not name several columns"),
        (b'a,b\n1,"2\n', "line 2 has a quotation mark that nothing closes"),
        (b'a,b\n"1"2,3\n', "line 2 has a quotation mark that nothing closes"),
        (b"a,b\n1,2\n1,2,3\n", "row 3 has 3 cells and the header has 2"),
        (b"\0\0a\0", "is no text"),
        (codecs.BOM_UTF8 + b"a,b\n\xff\xff,\n", "is no text"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    """The message says what it is, or which line is odd."""
    with pytest.raises(UsageError) as error:
        Worksheet(save(tmp_path, content))
    assert words in str(error.value)


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    """Its path is named."""
    with pytest.raises(UsageError, match="No such file"):
        Worksheet(tmp_path / "none.csv")
