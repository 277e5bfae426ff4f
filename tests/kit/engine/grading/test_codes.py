"""Codes for names: stable, random, and kept in a file of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelmark.errors import UsageError
from reelmark.grading.codes import NAME, prepare_codes

NAMES = ("ada", "ben", "=1+1", "Zo\u00eb \\\\ #1")


def test_codes_are_the_same_in_the_next_run(tmp_path: Path) -> None:
    """A student's code stays the same, whoever comes and goes."""
    path = tmp_path / NAME
    first = prepare_codes(path, NAMES)
    again = prepare_codes(path, [*reversed(NAMES), "cy"])
    assert [first[name] for name in NAMES] == [again[name] for name in NAMES]


def test_everybody_has_another_code(tmp_path: Path) -> None:
    """No two students have one code."""
    names = [f"student {n}" for n in range(500)]
    codes = prepare_codes(tmp_path / NAME, names)
    assert len({codes[name] for name in names}) == 500


def test_codes_do_not_follow_from_names(tmp_path: Path) -> None:
    """Knowing the class is not enough to work out codes: each file has others."""
    one, other = (prepare_codes(tmp_path / str(n), NAMES) for n in range(2))
    assert [one[name] for name in NAMES] != [other[name] for name in NAMES]


@pytest.mark.parametrize("text", ["", "code,student\nA,b\n", 'code,student,id\n"a'])
def test_broken_file_is_not_replaced(tmp_path: Path, text: str) -> None:
    """New codes would differ from those that markers have noted."""
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="Bring back the file"):
        prepare_codes(path, NAMES)
    assert path.read_text(encoding="utf-8") == text
