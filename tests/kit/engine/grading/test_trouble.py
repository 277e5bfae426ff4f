"""Trouble: at any step, an error in one submission does not stop the class."""

from __future__ import annotations

import csv
import errno
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Self

import pytest

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.handed_in import save_folder
from reelmark.confinement.level import Level
from reelmark.errors import CannotMark, MachineFault, UsageError
from reelmark.grading import command, publishing, terminal
from reelmark.grading import run as grading_run
from reelmark.grading.command import Settings, grade_class
from reelmark.grading.trouble import concerns_everybody
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
from reelmark.marking.jobs import Job
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    TaskResult,
    read_result,
    summarise,
    summarise_task,
    write_result,
)
from reelmark.states import NOT_MARKED

COURSEWORK = load_coursework(OTHER_COURSEWORK)
STUDENTS = ("ada", "bob", "cy")
ERRORS = (
    RuntimeError("an odd file"),
    OSError(errno.ENAMETOOLONG, "File name too long"),
    RecursionError("maximum recursion depth exceeded"),
    UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    MemoryError(),
)


class Judges:
    """A backend whose judges find that everything is right."""

    is_warm = True
    level = Level.LANDLOCK_SECCOMP
    findings: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        """Be there."""

    def mark(self, job: Job, _slot: int, _tell: Any = None) -> None:
        """Write the result of right work."""
        result = summarise(job.student, _all_passed(), fingerprint=job.fingerprint)
        write_result(result, Path(job.result))

    def show_hidden_inputs(self) -> None:
        """Have nothing to show."""

    def stop(self) -> None:
        """Have nothing to end."""

    def go_on(self) -> None:
        """Have nothing to take up."""


def _all_passed() -> list[TaskResult]:
    found = []
    for task in COURSEWORK.tasks:
        marks, name = task.marks, f"test_words.py::{task.id}"
        right = CheckResult(name, "Right", False, Status.PASSED, marks, marks, "", 0.1)
        found.append(summarise_task(task.id, task.title, [right]))
    return found


def _shown(result: Result) -> str:
    """Return whose result it is, if it is shown with all that is in it."""
    return result.student if any(task.checks for task in result.tasks) else ""


Step = tuple[object, str, Callable[..., Collection[str]]]
"""A function that is called on the way, and whose work it is called for."""

STEPS: dict[str, Step] = {
    "copied": (grading_run, "take_snapshot", lambda upload, *_: [upload.student]),
    "described": (grading_run, "Job", lambda **fields: [fields["student"]]),
    "looked up": (grading_run, "read_result", lambda path: [path.stem]),
    "marked": (Judges, "mark", lambda _judges, job, *_: [job.student]),
    "marked in secret": (
        Judges,
        "mark",
        lambda _judges, job, *_: [job.student] * job.hidden,
    ),
    "kept": (grading_run, "keep_sources", lambda _, kept: [kept.name]),
    "given a page": (publishing, "write_feedback", lambda one, *_: [one.student]),
    "given a page for instructors": (
        publishing,
        "write_instructor_page",
        lambda one, *_, **__: [one.student],
    ),
    "compared": (command, "compare", lambda _, now, **__: [now.student]),
    "given a line": (terminal, "_line", lambda outcome: [outcome.result.student]),
    "given signs": (terminal, "_signs", lambda _, result: [_shown(result)]),
    "given a row": (
        publishing,
        "write_grades",
        lambda class_, *_: map(_shown, class_),
    ),
    "shown": (publishing, "write_class_page", lambda class_, *_: map(_shown, class_)),
}
FORESEEN = {
    "looked up": Status.PASSED,
    "marked": Status.NEEDS_A_LOOK,
    "marked in secret": Status.NEEDS_A_LOOK,
}
"""What comes of what a file can raise: there is no earlier result; no new one."""

BEFORE_MARKS = ("copied", "described", *FORESEEN)


@pytest.fixture
def submissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What three students handed in; marking it takes no time."""
    monkeypatch.setattr(grading_run, "choose_backend", lambda *_, **__: Judges())
    for student in STUDENTS:
        save_folder(tmp_path / "class" / student, {"words.py": ""})
    return tmp_path / "class"


def grade(submissions: Path) -> tuple[list[str], Path]:
    """Grade; return whose work has to be looked at, and the folder of results."""
    out = submissions.parent / "marks"
    found = find_uploads(submissions)
    return grade_class(COURSEWORK, found, out, Settings(slots=2)), out


def raise_for_bob(patch: pytest.MonkeyPatch, step: Step, error: Exception) -> None:
    """Have a step raise an error whenever it is taken for bob."""
    owner, name, find_whose = step
    real = getattr(owner, name)

    def fail(*given: Any, **more: Any) -> Any:
        if "bob" in find_whose(*given, **more):
            raise error
        return real(*given, **more)

    patch.setattr(owner, name, fail)


def expect_neighbours(out: Path) -> Result:
    """Expect the others to be marked and shown in full; return bob's result."""
    results = {s: read_result(out / "results" / f"{s}.json") for s in STUDENTS}
    for neighbour in ("ada", "cy"):
        assert results[neighbour].status is Status.PASSED
        assert (out / "feedback" / f"{neighbour}.html").is_file()
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        totals = {row["student"]: float(row["total"]) for row in csv.DictReader(file)}
    assert totals == {student: results[student].total for student in STUDENTS}
    page = (out / "index.html").read_text("utf-8")
    assert all(student in page for student in STUDENTS)
    return results["bob"]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("step", STEPS)
def test_trouble_with_one_student_is_theirs(
    submissions: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
    error: Exception,
) -> None:
    """Whatever one of three raises, and when: the others have all that is theirs."""
    with monkeypatch.context() as patch:
        raise_for_bob(patch, STEPS[step], error)
        faulty, out = grade(submissions)
    result = expect_neighbours(out)
    if step in FORESEEN and isinstance(error, OSError | ValueError):
        assert result.status is FORESEEN[step]
        return
    assert faulty == ["bob"]
    told = "bob could not be marked or shown; nothing is decided: "
    assert told + type(error).__name__ in " ".join(capsys.readouterr().out.split())
    if step in BEFORE_MARKS:
        assert (result.total, result.status) == (0, Status.NEEDS_A_LOOK)
        assert result.open == result.max
        assert result.notes == (NOT_MARKED,)
    else:
        assert (result.total, result.status) == (result.max, Status.PASSED)


@pytest.mark.parametrize("step", STEPS)
def test_next_run_tries_again(
    submissions: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """When the trouble is over, the same command marks and shows what it could not."""
    with monkeypatch.context() as patch:
        raise_for_bob(patch, STEPS[step], RuntimeError("not today"))
        grade(submissions)
    faulty, out = grade(submissions)
    assert (faulty, expect_neighbours(out).status) == ([], Status.PASSED)
    assert NOT_MARKED not in (out / "feedback" / "bob.html").read_text("utf-8")


@pytest.mark.parametrize("step", ["copied", "marked", "kept", "given a page"])
def test_memory_that_was_short_once_costs_nothing(
    submissions: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Memory may be free again: it is silently tried once more."""
    owner, name, find_whose = STEPS[step]
    real, short = getattr(owner, name), [MemoryError()]

    def fail_once(*given: Any, **more: Any) -> Any:
        if "bob" in find_whose(*given, **more) and short:
            raise short.pop()
        return real(*given, **more)

    monkeypatch.setattr(owner, name, fail_once)
    faulty, out = grade(submissions)
    assert (short, faulty) == ([], [])
    assert expect_neighbours(out).status is Status.PASSED


def test_stale_page_does_not_stay(
    submissions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a page cannot be written, the page of an earlier result is removed."""
    _, out = grade(submissions)
    (submissions / "bob" / "words.py").write_text("# changed\n")
    raise_for_bob(monkeypatch, STEPS["given a page"], RuntimeError("not today"))
    grade(submissions)
    assert not (out / "feedback" / "bob.html").exists()


def test_entry_that_cannot_be_looked_at_is_told(
    submissions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry among the submissions that cannot even be looked at stops nothing."""
    closed = OSError(errno.EACCES, "Permission denied")
    step: Step = (Path, "lstat", lambda path: [path.name])
    raise_for_bob(monkeypatch, step, closed)
    faulty, out = grade(submissions)
    expect_neighbours(out)
    assert faulty in ([], ["bob"])


FULL = OSError(errno.ENOSPC, "No space left on device")
EVERYBODYS = (
    UsageError("no hidden checks"),
    CannotMark("none"),
    MachineFault("no room"),
    FULL,
    OSError(errno.EMFILE, "Too many open files"),
)


@pytest.mark.parametrize("error", EVERYBODYS, ids=str)
@pytest.mark.parametrize("step", ["copied", "marked", "given a page", "given a row"])
def test_trouble_of_everybody_ends_the_run(
    submissions: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception
) -> None:
    """What stops everybody from being marked is said once, whoever meets it first."""
    raise_for_bob(monkeypatch, STEPS[step], error)
    with pytest.raises(type(error)):
        grade(submissions)


def test_own_folder_that_is_closed_is_everybodys(tmp_path: Path) -> None:
    """A closed file of a student's concerns only them; a closed results folder, all."""
    for name, is_everybodys in (("class/bob/a.py", False), ("marks/x.json", True)):
        closed = PermissionError(errno.EACCES, "denied", str(tmp_path / name))
        assert concerns_everybody(closed, tmp_path / "marks") is is_everybodys


def test_name_that_no_disk_takes_is_its_authors(tmp_path: Path) -> None:
    """A name that is too long is a student's own trouble, wherever it is written."""
    long = OSError(errno.ENAMETOOLONG, "too long", str(tmp_path / "marks" / "x"))
    assert not concerns_everybody(long, tmp_path / "marks")
