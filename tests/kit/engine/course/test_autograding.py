"""Autograding: whatever happens with one submission, other marks are copied."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.course import autograding, submissions
from reelmark.course.autograding import Autograded, autograde
from reelmark.errors import UsageError
from reelmark.grading.changes import Records
from reelmark.grading.command import Settings
from reelmark.intake.submissions import Upload
from reelmark.manifest import load_coursework
from reelmark.results import Result, Status, summarise, summarise_task

STUDENTS = ("ada", "bob", "cy")
COURSEWORK = load_coursework(OTHER_COURSEWORK)
Step = tuple[object, str, Callable[..., str]]
"""A function that is called on the way, and whose work it is called for."""


class Nbgrader:
    """Takes in everybody."""

    def autograde(self, _assignment: str, student: str, *, force: bool) -> Any:
        """Take in."""
        assert force
        return {"success": True, "student": student}


BEFORE_NBGRADER: dict[str, Step] = {
    "made safe": (autograding, "tell_unsafe", lambda one, _: one.student),
    "given a notebook": (
        autograding,
        "add_missing_notebook",
        lambda _, one: one.student,
    ),
    "taken in": (Nbgrader, "autograde", lambda _self, _name, student, **_: student),
}
AROUND: dict[str, Step] = {
    "looked up": (Records, "read", lambda _self, stem: stem),
    "digested": (autograding, "digest_files", lambda folder: folder.parent.name),
    "described": (autograding, "tell_evidence", lambda _course, student: student),
    "compared": (autograding, "compare", lambda _, after, **__: after.student),
    "kept": (Records, "write", lambda _self, stem, _: stem),
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A course of three students; nbgrader and the judges do as they are told."""
    found = []
    for student in STUDENTS:
        folder = tmp_path / "submitted" / student / "coursework"
        folder.mkdir(parents=True)
        (folder / "report.ipynb").touch()
        found.append(Upload(student, folder))
    course = SimpleNamespace(
        marks=tmp_path / "marks",
        coursework=COURSEWORK,
        assignment="coursework",
        nbgrader=Nbgrader(),
        by_hand=[],
    )
    results = {student: _right(student) for student in STUDENTS}
    for name, stand_in in {
        "list_recorded": lambda _: set(),
        "find_submitted": lambda _: found,
        "_mark": lambda *_, **__: (results, {}),
        "tell_evidence": lambda *_: "",
        "_read_deadlines": lambda *_: None,
        "_read_roster": lambda *_: None,
        "_record_names": lambda *_: None,
        "set_penalties": lambda *_: None,
        "record_without_notebook": lambda _, student, __: course.by_hand.append(
            student
        ),
    }.items():
        monkeypatch.setattr(autograding, name, stand_in)
    return course


def _right(student: str) -> Result:
    tasks = [summarise_task(task.id, task.title, []) for task in COURSEWORK.tasks]
    return summarise(student, tasks)


def run(course: Any) -> tuple[Autograded, str]:
    """Autograde; return the outcome, and what was printed."""
    printed = io.StringIO()
    done = autograde(course, Console(file=printed, width=200), Settings())
    return done, " ".join(printed.getvalue().split())


def raise_for_bob(patch: pytest.MonkeyPatch, step: Step, error: Exception) -> None:
    """Have a step raise an error whenever it is taken for bob."""
    owner, name, find_whose = step
    real = getattr(owner, name)

    def fail(*given: Any, **more: Any) -> Any:
        if find_whose(*given, **more) == "bob":
            raise error
        return real(*given, **more)

    patch.setattr(owner, name, fail)


@pytest.mark.parametrize("step", BEFORE_NBGRADER)
def test_marks_are_recorded_where_nbgrader_must_not_open(
    course: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Where a submission could not be made safe or taken in, its marks are recorded."""
    raise_for_bob(monkeypatch, BEFORE_NBGRADER[step], RecursionError("too deep"))
    done, told = run(course)
    assert done.copied == STUDENTS
    assert course.by_hand == ["bob"]
    assert "bob: nbgrader could not take the notebook in (RecursionError" in told


@pytest.mark.parametrize("step", AROUND)
def test_trouble_with_one_student_is_theirs(
    course: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever one of three raises, the marks of the others are copied."""
    raise_for_bob(monkeypatch, AROUND[step], OSError("an odd file"))
    done, told = run(course)
    assert {"ada", "cy"} <= set(done.copied)
    assert done.faulty == ("bob",)
    assert "bob could not be marked or shown; nothing is decided: OSError" in told


@pytest.mark.parametrize("step", [*BEFORE_NBGRADER, *AROUND])
def test_full_disk_ends_the_run(
    course: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What the machine refuses concerns everybody, whoever meets it first."""
    full = OSError(errno.ENOSPC, "No space left on device")
    raise_for_bob(monkeypatch, {**BEFORE_NBGRADER, **AROUND}[step], full)
    with pytest.raises(OSError, match="No space left"):
        run(course)


def test_unsafe_submission_is_never_opened(
    course: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that may contain a link to the instructor's files reaches nbgrader."""
    opened = []

    def look(_self: Nbgrader, _name: str, student: str, **_: bool) -> dict[str, bool]:
        opened.append(student)
        return {"success": True}

    monkeypatch.setattr(Nbgrader, "autograde", look)
    raise_for_bob(monkeypatch, BEFORE_NBGRADER["made safe"], PermissionError("closed"))
    run(course)
    assert opened == ["ada", "cy"]


def test_kit_fault_is_told_as_one(course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the kit keeps its own message."""
    fault = summarise("bob", [], notes=())
    results = {s: _right(s) for s in STUDENTS}
    object.__setattr__(fault, "status", Status.KIT_FAULT)
    results["bob"] = fault
    monkeypatch.setattr(autograding, "_mark", lambda *_, **__: (results, {}))
    done, told = run(course)
    assert done.faulty == ("bob",)
    assert "Kit fault, no marks lost: bob" in told


def test_who_handed_in_again_is_named(course: Any) -> None:
    """Work that is another than the gradebook's is told, whatever its marks."""
    run(course)
    work = course.marks.parent / "submitted" / "bob" / "coursework"
    (work / "words.py").write_text("# more\n", encoding="utf-8")
    _, told = run(course)
    assert "Handed in again since the last run: bob." in told


class TestSubmitted:
    """What lies in submitted/."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Any:
        """A course whose folders can be chosen."""
        return SimpleNamespace(
            assignment="coursework",
            marks=tmp_path / ".reelmark" / "coursework",
            place=lambda _step, student: (
                tmp_path / "submitted" / student / "coursework"
            ),
        )

    def test_links_are_never_followed(self, place: Any, tmp_path: Path) -> None:
        """A student that is a link does not count; work that is a link is refused."""
        (tmp_path / "submitted").mkdir()
        (tmp_path / "home" / "coursework").mkdir(parents=True)
        (tmp_path / "home" / "coursework" / "kept").symlink_to("nowhere")
        (tmp_path / "submitted" / "eve").symlink_to(tmp_path / "home")
        (tmp_path / "submitted" / "bob").mkdir()
        (tmp_path / "submitted" / "bob" / "coursework").symlink_to(
            tmp_path / "home" / "coursework"
        )
        (tmp_path / "submitted" / "ada").symlink_to("x" * 300)
        (found,) = submissions.find_submitted(place)
        assert found.student == "bob"
        with pytest.raises(Exception, match="symbolic link, which is never followed"):
            submissions.tell_unsafe(found, Console(file=io.StringIO()))
        assert (tmp_path / "home" / "coursework" / "kept").is_symlink()

    def test_results_among_submissions_are_refused(
        self, place: Any, tmp_path: Path
    ) -> None:
        """The folder of results must not be a student's, nor hold the students."""
        place.marks = tmp_path / "submitted" / "marks"
        with pytest.raises(UsageError, match="submitted_directory"):
            submissions.find_submitted(place)
        place.marks = tmp_path
        with pytest.raises(UsageError, match="lie among what is written"):
            submissions.find_submitted(place)

    def test_all_that_is_unsafe_is_taken_out_before_it_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If one entry cannot be removed, the others still are."""
        for name in ("a", "b", "c"):
            (tmp_path / name).symlink_to("nowhere")
        real = Path.unlink

        def unlink(path: Path, **options: bool) -> None:
            if path.name == "b":
                raise PermissionError(13, "Permission denied")
            real(path, **options)

        monkeypatch.setattr(Path, "unlink", unlink)
        with pytest.raises(PermissionError):
            submissions.remove_unsafe(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["b"]

    def test_digest_tells_what_cannot_be_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A file with mode 000 is part of what was handed in, as unreadable."""
        (tmp_path / "closed.py").touch()
        before = submissions.digest_files(tmp_path)

        def refuse(*_: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        assert submissions.digest_files(tmp_path) != before
