"""Names: which student a name in an instructor's file means, without guessing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from reelmark.errors import UsageError
from reelmark.intake.kinds import fold, show

MOST_MEANT = 3
MOST_NAMED = 10


@dataclass(frozen=True)
class Match:
    """Whom a name means.

    Attributes:
        student: The student, if it is certain who is meant; else None.
        remark: A remark on the name; empty if it is exactly the student's.
    """

    student: str | None
    remark: str = ""

    @property
    def is_alike(self) -> bool:
        """Whether it is nobody's name, but like somebody's."""
        return self.student is None and "did you mean" in self.remark


def match_student(name: str, students: Collection[str]) -> Match:
    """Return the student of that name, or a remark on who may be meant.

    An accent can be stored in two ways that look the same and, by the rules of
    Unicode, are the same: then it is certain who is meant, and a remark is made. A
    name that is merely similar is never taken for a student's.

    Examples:
        >>> match_student("12345", ["0012345", "ada"]).remark
        "nobody is called '12345': did you mean '0012345' (leading zeros differ)?"
    """
    if name in students:
        return Match(name)
    same = [each for each in students if _compose(each) == _compose(name)]
    if len(same) == 1:
        remark = f"{show(name)} is taken for that student: its accents are stored in "
        return Match(same[0], f"{remark}another way, and are the same")
    return Match(None, f"nobody is called {show(name)}{_suggest(name, students)}")


def choose_students(names: Collection[str], students: Collection[str]) -> list[str]:
    """Return the students that somebody names; all of them if nobody is named.

    Raises:
        UsageError: Nobody has one of the names; the message says who may be meant.
    """
    matches = [match_student(name, students) for name in names]
    if unknown := [match.remark for match in matches if match.student is None]:
        known = ", ".join(sorted(students)[:MOST_NAMED])
        more = f" and {len(students) - MOST_NAMED} more" * (len(students) > MOST_NAMED)
        told = "; ".join(unknown).removesuffix("?")
        told = told[:1].upper() + told[1:]
        raise UsageError(f"{told}. There is work of: {known}{more}.")
    chosen = [match.student for match in matches if match.student is not None]
    return list(dict.fromkeys(chosen)) or list(students)


def _suggest(name: str, students: Collection[str]) -> str:
    for simplify, why in _WAYS:
        plain = simplify(name)
        alike = [each for each in sorted(students) if simplify(each) == plain]
        if plain and alike:
            return f": did you mean {_enumerate(alike)} ({why})?"
    close = difflib.get_close_matches(name, students, MOST_MEANT, cutoff=0.75)
    return f": did you mean {_enumerate(close)}?" if close else ""


def _enumerate(names: Collection[str]) -> str:
    return " or ".join(show(name) for name in list(names)[:MOST_MEANT])


def _compose(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _strip_zeros(name: str) -> str:
    return fold(name).lstrip("0") if name.isdecimal() else fold(name)


def _read_number(name: str) -> str:
    """Return the digits of a number as spreadsheets rewrite them: 12345.0, 1.2E+04."""
    if not re.fullmatch(r"\d[\d.,]*(?:[eE]\+?\d{1,2})?", name):
        return ""
    try:
        return str(int(float(name.replace(",", ""))))
    except ValueError:
        return ""


def _strip_accents(name: str) -> str:
    split = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in split if not unicodedata.combining(char))


def _strip_others(name: str) -> str:
    """Return only letters and digits, with the words sorted."""
    return "".join(sorted(re.findall(r"\w+", _strip_accents(name).replace("_", " "))))


_WAYS: tuple[tuple[Callable[[str], str], str], ...] = (
    (fold, "capital and small letters differ"),
    (_strip_zeros, "leading zeros differ"),
    (_read_number, "a spreadsheet has made a number of it"),
    (_strip_accents, "accents differ"),
    (_strip_others, "blanks, signs or the order of words differ"),
)
