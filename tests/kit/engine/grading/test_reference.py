"""The reference: nobody is marked if correct work would lose marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.recorder import Answer, Recorder
from reelmark.errors import CannotMark, KitFault
from reelmark.grading.reference import FILE, NAME
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.results import CheckResult, Status, TaskResult, summarise_task

PASSED = CheckResult("public/a::test_a", "A", False, Status.PASSED, 2.0, 2.0, "", 0.0)
FAILED = replace(
    PASSED, status=Status.FAILED, marks=0.0, message="1a  float16 came out"
)


def _task(check: CheckResult) -> list[TaskResult]:
    return [summarise_task("1a", "Doubles", [check])]


class Class:
    """A student of a coursework that has a reference."""

    def __init__(self, coursework: Coursework, folder: Path) -> None:
        self.coursework = coursework
        self.out = folder / "marks"
        mini.write_modules(coursework.solutions, mini.HONEST)
        mini.write_modules(folder / "submissions" / "ada", mini.HONEST)
        self.upload = Upload("ada", folder / "submissions" / "ada")

    def run(self, answer: Answer) -> tuple[list[str], ClassRun]:
        """Mark; return who was marked in turn, and the run."""
        recorder = Recorder(answer)
        run = ClassRun(self.coursework, self.out, slots=2, backend=recorder)
        list(run.mark_class([self.upload]))
        return [student for student, _ in recorder.asked], run


@pytest.fixture
def students(coursework: Coursework, tmp_path: Path) -> Class:
    """A class to be marked."""
    return Class(coursework, tmp_path)


def test_reference_is_marked_first(students: Class) -> None:
    """It is marked before everybody, and its result is known."""
    asked, run = students.run(lambda _: _task(PASSED))
    assert asked == [NAME, "ada"]
    assert run.reference is not None
    assert run.reference.total == 2


def test_reference_has_both_phases(students: Class) -> None:
    """Its hidden checks run before anybody's public ones."""
    mini.write_suite(students.coursework, "", hidden=True)
    asked, _ = students.run(lambda _: _task(PASSED))
    assert asked == [NAME, NAME, "ada", "ada"]


def test_nobody_is_marked_without_its_full_marks(students: Class) -> None:
    """If it loses marks, the check and the reason are named; and nothing is kept."""
    recorder = Recorder(lambda _: _task(FAILED))
    run = ClassRun(students.coursework, students.out, backend=recorder)
    with pytest.raises(CannotMark) as caught:
        list(run.mark_class([students.upload]))
    for words in ("0 of 2 marks", FAILED.id, FAILED.message):
        assert words in str(caught.value)
    assert [student for student, _ in recorder.asked] == [NAME]
    assert list(students.out.rglob("*.json")) == []


def test_full_marks_are_kept(students: Class) -> None:
    """It is not marked again while nothing changes."""
    students.run(lambda _: _task(PASSED))
    asked, run = students.run(lambda _: _task(PASSED))
    assert asked == []
    assert run.reference is not None


def test_changed_reference_is_marked_again(students: Class) -> None:
    """Its result holds only for the same reference."""
    students.run(lambda _: _task(PASSED))
    mini.write_files(students.coursework.solutions, {"chains.py": "# mended\n"})
    asked, _ = students.run(lambda _: _task(PASSED))
    assert asked == [NAME]


def test_reference_that_cannot_be_marked_stops_the_run(students: Class) -> None:
    """A fault of the processes that mark it concerns everybody."""
    with pytest.raises(CannotMark, match="The reference cannot be marked: no fork"):
        students.run(lambda _: KitFault("no fork"))


def test_copy_without_solutions_has_none(students: Class) -> None:
    """On a student's side nothing is marked but their own work."""
    (students.coursework.solutions / "chains.py").unlink()
    asked, run = students.run(lambda _: _task(PASSED))
    assert asked == ["ada"]
    assert run.reference is None


def test_kept_file_is_not_among_the_results(students: Class) -> None:
    """It is not a student's result: it is beside theirs."""
    students.run(lambda _: _task(PASSED))
    assert (students.out / FILE).is_file()
    results = [path.stem for path in (students.out / "results").glob("*")]
    assert results == ["ada"]
