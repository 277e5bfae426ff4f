"""Marks: what is returned for each person, merged, scaled and rounded.

Marks are decimal numbers here, so that 0.1 is exactly 0.1. Halves are rounded up, as
people expect with marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.grading.folder import read_own_rulings
from reelmark.grading.publishing import expect_published
from reelmark.intake.submissions import file_stem
from reelmark.intake.tables import read_table
from reelmark.lms.roster import PLAIN, Person, read_roster, restore_text
from reelmark.results import BROKEN, Result, find_results, read_result

REPORT_COLUMNS = ("student", "code", "report", "left to mark", "late penalty", "of")


@dataclass(frozen=True)
class Mark:
    """One person's marks, the maximum, and what was found."""

    person: Person
    marks: Decimal
    of: Decimal
    result: Result

    @property
    def who(self) -> str:
        """The person's name in messages."""
        name, student = self.person.name, self.person.student
        return student if name in student else f"{name} ({student})"


@dataclass(frozen=True)
class Scale:
    """How marks are written: the maximum, and the number of decimals."""

    of: Decimal
    decimals: int

    def apply(self, mark: Mark) -> Decimal:
        """Return a mark on this scale."""
        unit = Decimal(1).scaleb(-self.decimals)
        return (mark.marks * self.of / mark.of).quantize(unit, ROUND_HALF_UP)


@dataclass(frozen=True)
class Marks:
    """The marks of a class.

    Attributes:
        marks: One for each person who gets one.
        of: The maximum for all of them.
        left_out: Who gets none and why, one sentence each.
        told: What else the instructor should know.
    """

    marks: tuple[Mark, ...]
    of: Decimal
    left_out: tuple[str, ...]
    told: tuple[str, ...]


def format_number(number: Decimal, point: str = ".") -> str:
    """Return a number without trailing zeros.

    Examples:
        >>> format_number(Decimal("87.50"), ",")
        '87,5'
        >>> format_number(Decimal("100"))
        '100'
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", point)


def parse_number(text: str) -> Decimal | None:
    """Return the number in a cell, with a point or a comma; None if there is none."""
    stripped = text.strip()
    if stripped.count(",") == 1 and "." not in stripped:
        stripped = stripped.replace(",", ".")
    try:
        number = Decimal(stripped)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_marks(folder: Path, report: Path | None = None) -> Marks:
    """Read the results of `reelmark grade` that count: with the rulings made by hand.

    Args:
        folder: The folder that it wrote to.
        report: What `reelmark course export` wrote, to add the report's marks and
            deduct late penalties; None for marks of code alone.

    Raises:
        UsageError: There are no results, or their maxima differ; a file cannot be
            read; or pages do not show yet what was decided by hand.
    """
    found, unreadable = _read_results(folder)
    results = _apply_rulings(folder, found)
    people = read_roster(folder) or [
        Person(student, student, PLAIN) for student in sorted(results)
    ]
    marked = [person for person in people if person.student in results]
    of = _find_max(results[person.student] for person in marked)
    marks, faulty = [], list(unreadable)
    for person in marked:
        result = results[person.student]
        if fault := _find_fault(result):
            faulty.append(f"{person.student}: {fault}")
        else:
            total = Decimal(str(result.total))
            marks.append(Mark(person, total, of, result))
    told = _tell(people, results)
    if report:
        return _Merger(report, of).merge(marks, faulty, told)
    return Marks(tuple(marks), of, tuple(faulty), tuple(told))


def _read_results(folder: Path) -> tuple[dict[str, Result], list[str]]:
    """Return the results by student, and a sentence for each that cannot be read."""
    paths = find_results(folder)
    if not paths:
        raise UsageError(
            f"{folder} holds no results. Name the folder that `reelmark grade` wrote "
            "to: --marks DIR"
        )
    results, faults = {}, []
    for path in paths:
        try:
            result = read_result(path)
        except (OSError, ValueError) as error:
            faults.append(f"{path.name} cannot be read: {error}")
            continue
        if path.stem == file_stem(result.student):
            results[result.student] = result
    return results, faults


def _apply_rulings(folder: Path, found: Mapping[str, Result]) -> dict[str, Result]:
    """Return the results that count.

    Raises:
        UsageError: Rulings make no sense, or are not on the pages yet.
    """
    rulings = read_own_rulings(folder, found)
    rulings.expect_known(found.values())
    expect_published(folder, rulings, "the `reelmark grade` command")
    return {student: rulings.apply(result) for student, result in found.items()}


def _find_fault(result: Result) -> str:
    """Return why a result gives no grade yet; empty if it does."""
    if result.open:
        return f"{result.open:g} marks are open; decide on them: reelmark decide"
    broken = any(check.status in BROKEN for t in result.tasks for check in t.checks)
    return "the checker failed on it; mark it again." if broken else ""


def _find_max(results: Iterable[Result]) -> Decimal:
    """Return the maximum of all results, except refused ones, which have none."""
    found = sorted({result.max for result in results if result.max})
    if len(found) > 1:
        listed = " and ".join(f"{most:g}" for most in found)
        raise UsageError(
            f"Some results are out of {listed} marks: they were not marked by the same "
            "checks. Mark the class again, then return."
        )
    if not found:
        raise UsageError("No result has any marks to give: mark the class again.")
    return Decimal(str(found[0]))


def _tell(people: Sequence[Person], results: Mapping[str, Result]) -> list[str]:
    missing = sum(person.student not in results for person in people)
    known = {person.student for person in people}
    strangers = sorted(set(results) - known)
    told = []
    if missing:
        told.append(
            f"{missing} of the roster have no result: they handed in nothing, or "
            "marking was interrupted."
        )
    if strangers:
        told.append(
            f"{len(strangers)} results belong to nobody in the roster (an earlier "
            f"run's, such as {strangers[0]}): not returned."
        )
    return told


class _Merger:
    """Adds the report's marks and deducts late penalties, once."""

    def __init__(self, path: Path, of_code: Decimal) -> None:
        self._path = path
        self._of_code = of_code
        self._rows = _read_report(path)

    def merge(self, marks: list[Mark], faults: list[str], told: list[str]) -> Marks:
        merged = []
        for mark in marks:
            row = self._find(mark.person)
            if reason := self._find_fault(mark, row):
                faults.append(f"{mark.who}: {reason}")
            else:
                merged.append(self._add(mark, row))
        of = {mark.of for mark in merged}
        if len(of) > 1:
            raise UsageError(f"{self._path} has rows out of different marks.")
        most = of.pop() if of else self._of_code
        return Marks(tuple(merged), most, tuple(faults), tuple(told))

    def _find(self, person: Person) -> Mapping[str, str]:
        ids = {each.casefold() for each in (*person.ids, person.student)}
        found = [row for row in self._rows if row["student"].casefold() in ids]
        return found[0] if len(found) == 1 else {}

    def _find_fault(self, mark: Mark, row: Mapping[str, str]) -> str:
        if not row:
            return f"{self._path.name} has no row of theirs alone."
        numbers = {name: parse_number(row[name]) for name in REPORT_COLUMNS[1:]}
        if wrong := [name for name, number in numbers.items() if number is None]:
            return f"{self._path.name} has no number in the column {wrong[0]!r}."
        if numbers["left to mark"]:
            return "the report is not completely marked."
        if numbers["code"] != mark.marks:
            return (
                f"{self._path.name} has {row['code']} for their code, which was marked "
                f"with {format_number(mark.marks)}; export again."
            )
        return ""

    def _add(self, mark: Mark, row: Mapping[str, str]) -> Mark:
        report, penalty, of = (
            parse_number(row[name]) or Decimal()
            for name in ("report", "late penalty", "of")
        )
        total = max(Decimal(), mark.marks + report - penalty)
        return Mark(mark.person, total, of, mark.result)


def _read_report(path: Path) -> list[Mapping[str, str]]:
    try:
        rows = read_table(path, REPORT_COLUMNS).rows
    except (UsageError, OSError) as error:
        raise UsageError(
            f"{error} --report takes what `reelmark course export --to FILE` wrote."
        ) from error
    if faults := [row for row in rows if row.fault]:
        raise UsageError(f"{path}, line {faults[0].line}: {faults[0].fault}.")
    return [
        {**row.cells, "student": restore_text(row.cells["student"])} for row in rows
    ]
