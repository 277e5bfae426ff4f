"""Phases: all public checks of a class, then the hidden ones, in other workers.

What a worker can read during public checks, a public message can carry to a student.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK, grade_folder
from kit.stage.confined import needs_walls
from kit.stage.recorder import Recorder
from reelmark.errors import KitFault
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import Job, assign
from reelmark.results import Result, Status

pytestmark = pytest.mark.slow

COURSEWORK = load_coursework(OTHER_COURSEWORK)
STUDENTS = ("ada", "ben", "eve")


class Class:
    """Three students, and where their marks go."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "marks"
        self.uploads = []
        for name in STUDENTS:
            mini.write_modules(folder / "submissions" / name, {"words": "x = 1\n"})
            self.uploads.append(Upload(name, folder / "submissions" / name))

    def run(
        self, refuse: Callable[[Job], BaseException | None] = lambda _: None
    ) -> tuple[list[tuple[str, bool]], dict[str, Result]]:
        """Mark the class; return what was asked for in turn, and the results."""
        recorder = Recorder(refuse)
        run = ClassRun(COURSEWORK, self.out, slots=2, backend=recorder)
        try:
            done = list(run.mark_class(self.uploads))
        except KeyboardInterrupt:
            done = []
        return recorder.asked, {one.result.student: one.result for one in done}


@pytest.fixture
def students(tmp_path: Path) -> Class:
    """A class to be marked."""
    return Class(tmp_path)


def test_every_public_phase_comes_before_any_hidden_one(students: Class) -> None:
    """When the first hidden check runs, every message of a public one is written."""
    asked, _ = students.run()
    assert [hidden for _, hidden in asked] == [False] * 3 + [True] * 3
    assert sorted(asked[3:]) == [(name, True) for name in STUDENTS]


def test_hidden_phase_is_given_what_is_settled(students: Class) -> None:
    """What the public checks found is written before the hidden ones begin."""
    _, results = students.run()
    assert {result.notes for result in results.values()} == {()}


def test_nothing_settled_is_left_after_a_run(students: Class) -> None:
    """The results of half a submission are gone when the whole is done."""
    students.run()
    tops = {path.name for path in students.out.iterdir()}
    assert tops == {"results", "feedback", "instructor", "sources"}


def test_interrupted_run_leaves_public_phases_to_the_next(students: Class) -> None:
    """What was settled before an interruption is not run again."""
    students.run(lambda job: KeyboardInterrupt() if job.hidden else None)
    asked, results = students.run()
    assert sorted(asked) == [(name, True) for name in STUDENTS]
    assert sorted(results) == [*STUDENTS]


def test_fault_in_the_public_phase_leaves_the_others(students: Class) -> None:
    """If somebody's public checks fail to run twice, everybody still has a result."""

    def refuse(job: Job) -> BaseException | None:
        return KitFault("no process") if job.student == "ben" else None

    asked, results = students.run(refuse)
    assert asked.count(("ben", False)) == 2
    assert ("ben", True) not in asked
    assert results["ben"].status is Status.NEEDS_A_LOOK
    assert sorted(results) == [*STUDENTS]


def test_hidden_inputs_are_secret_to_public_checks(coursework: Coursework) -> None:
    """A worker for public checks is not given them, and they are kept from it."""
    hidden = mini.write_files(coursework.hidden_inputs, {"film.txt": "secret"})
    public, later = (
        assign(coursework, coursework.stubs, coursework.root, (), hidden=phase)
        for phase in (False, True)
    )
    assert str(hidden) in public.secrets
    assert str(hidden) not in public.inputs
    assert str(hidden) in later.inputs
    assert str(coursework.hidden_suite) in later.secrets


CHECKS = """
@pytest.mark.check("1a", marks={marks})
def test_{suite}(submission):
    '''It reads what it can.'''
    expect.equal(submission.doubling.double(1), {expected!r}, "what it read")
"""
READS = """
calls = []


def double(x):
    calls.append(x)
    try:
        return [len(calls), open({path!r}).read()]
    except OSError as error:
        return [len(calls), type(error).__name__]
"""


@needs_walls
def test_worker_of_public_checks_cannot_read_hidden_inputs(
    coursework: Coursework, tmp_path: Path
) -> None:
    """Hidden checks have their own worker, the only one that can read their inputs."""
    file = coursework.hidden_inputs / "film.txt"
    mini.write_files(file.parent, {file.name: "secret"})
    for suite, found in (("public", "PermissionError"), ("hidden", "secret")):
        checks = CHECKS.format(marks=1, suite=suite, expected=[1, found])
        mini.write_suite(coursework, checks, hidden=suite == "hidden")
    reading = {"doubling": READS.format(path=str(file))}
    mini.write_modules(tmp_path / "submissions" / "eve", reading)
    found = grade_folder(coursework, tmp_path / "submissions", tmp_path / "marks")
    (task,) = found["eve"].tasks
    assert (task.marks, task.status) == (2, Status.PASSED), task


def test_checks_of_a_hidden_suite_wait_for_public_ones(
    coursework: Coursework, tmp_path: Path
) -> None:
    """A hidden check that names a public one is not checked unless that passed."""
    rung = CHECKS.format(marks=1, suite="first", expected=2)
    mini.write_suite(coursework, rung)
    hidden = CHECKS.format(marks=1, suite="second", expected=2).replace(
        "marks=1", 'marks=1, after="test_first"'
    )
    mini.write_suite(coursework, hidden, hidden=True)
    for name, text in (("ada", "2 * x"), ("eve", "0")):
        module = {"doubling": f"def double(x):\n    return {text}\n"}
        mini.write_modules(tmp_path / "submissions" / name, module)
    found = grade_folder(coursework, tmp_path / "submissions", tmp_path / "marks")
    states = {name: [c.status for c in r.tasks[0].checks] for name, r in found.items()}
    assert states == {
        "ada": [Status.PASSED, Status.PASSED],
        "eve": [Status.FAILED, Status.NOT_CHECKED],
    }
