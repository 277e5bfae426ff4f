"""Codes for names, so that pages do not reveal whose work they show.

A code is random, so nobody can find the name by trying; it is kept in a file of its
own, so it stays the same from run to run.
"""

from __future__ import annotations

import csv
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_rows

NAME = "codes.csv"
COLUMNS = ("code", "student", "id")

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits, without those that are easily confused."""

_LENGTH = 5


class Codes:
    """The codes of a class.

    Args:
        by_id: The code of each student, by the result of `identify` for the name.
    """

    def __init__(self, by_id: Mapping[str, str]) -> None:
        self._by_id = by_id

    def __contains__(self, student: str) -> bool:
        """Return whether a student has a code."""
        return identify(student) in self._by_id

    def __getitem__(self, student: str) -> str:
        """Return the code that stands for a student on pages."""
        return self._by_id[identify(student)]


def prepare_codes(path: Path, students: Iterable[str]) -> Codes:
    """Return the codes of a class; students without one get one.

    Args:
        path: The file in which they are kept.
        students: Everybody who needs one.

    Raises:
        UsageError: The file has been altered; new codes would differ from the old.
    """
    rows = _read(path)
    known = {own_id: code for code, _, own_id in rows}
    for student in sorted(set(students)):
        if (own_id := identify(student)) not in known:
            known[own_id] = _draw(known.values())
            rows.append((known[own_id], student, own_id))
    write_rows([COLUMNS, *sorted(rows)], path)
    return Codes(known)


def read_codes(path: Path) -> Codes:
    """Return the existing codes; none if there is no file.

    Raises:
        UsageError: The file has been altered.
    """
    return Codes({own_id: code for code, _, own_id in _read(path)})


def identify(student: str) -> str:
    """Return an id for a name in the file that no spreadsheet alters."""
    raw = student.encode("utf-8", "surrogatepass")
    return f"id-{hashlib.sha256(raw).hexdigest()[:16]}"


def _read(path: Path) -> list[tuple[str, str, str]]:
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file, strict=True)
        if tuple(head) != COLUMNS:
            raise ValueError(f"it begins with {head}")
        return [(code, student, own_id) for code, student, own_id in rows]
    except (ValueError, csv.Error) as error:
        raise UsageError(
            f"{path} holds the codes that stand for names, and cannot be read "
            f"({error}). Bring back the file as it was; without it, take it away, and "
            "everybody gets a new code."
        ) from error


def _draw(taken: Iterable[str]) -> str:
    """Return a code that nobody has."""
    taken = set(taken)
    while True:
        code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
        if code not in taken:
            return code
