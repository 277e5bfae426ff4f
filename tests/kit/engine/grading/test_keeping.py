"""Keeping: after a change, only the tasks that it can affect are marked again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kit.stage import mini
from kit.stage.classes import OTHER_COURSEWORK, grade_folder
from kit.stage.recorder import Recorder
from reelmark.grading.keeping import Keeping
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import Job
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    TaskResult,
    read_result,
    summarise,
    summarise_task,
)

pytestmark = pytest.mark.slow

COURSEWORK = load_coursework(OTHER_COURSEWORK)
NOW = {"1": "one", "2": "two"}
MENDED = {"1": "mended", "2": "two"}
PASSED, FAILED, OPEN = Status.PASSED, Status.FAILED, Status.NEEDS_A_LOOK


def make_task(task: str, status: Status, fingerprint: str = "") -> TaskResult:
    """Make the result of a task with one check."""
    check = CheckResult(f"c{task}", "Holds.", False, status, 0, 1, "", 0.0)
    found = summarise_task(task, "A task", [check])
    return replace(found, fingerprint=fingerprint or NOW[task])


def make_result(one: Status, two: Status) -> Result:
    """Make a result in which the second task needs the first."""
    return summarise("ada", [make_task("1", one), make_task("2", two)])


def choose(now: Mapping[str, str], earlier: Result, **options: object) -> set[str]:
    """Return the tasks that are kept."""
    keeping = Keeping(COURSEWORK, now, options.pop("again", ()))  # type: ignore[arg-type]
    return {task.id for task in keeping.choose(earlier, **options)}  # type: ignore[arg-type]


class TestChoice:
    """What is kept of an earlier result."""

    @pytest.mark.parametrize("one", [PASSED, FAILED])
    def test_all_is_kept_while_nothing_changes(self, one: Status) -> None:
        """A failed task is no reason to mark again."""
        assert choose(NOW, make_result(one, FAILED)) == {"1", "2"}

    def test_other_tasks_are_kept(self) -> None:
        """A change in one task marks that task again."""
        earlier = make_result(FAILED, FAILED)
        assert choose({"1": "one", "2": "mended"}, earlier) == {"1"}

    def test_task_that_passed_with_what_it_needs_is_kept(self) -> None:
        """It passed without stand-ins, so it does whatever comes of the other."""
        assert choose(MENDED, make_result(PASSED, PASSED)) == {"2"}

    @pytest.mark.parametrize(
        ("one", "two"), [(FAILED, PASSED), (PASSED, FAILED), (FAILED, FAILED)]
    )
    def test_task_in_doubt_is_marked_with_what_it_needs(
        self, one: Status, two: Status
    ) -> None:
        """Whether it may use stand-ins depends on the verdict that may change."""
        assert choose(MENDED, make_result(one, two)) == set()

    def test_what_broke_is_tried_again(self) -> None:
        """It may go well another time."""
        earlier = make_result(OPEN, PASSED)
        assert "1" not in choose(NOW, earlier, broken={"1"})

    def test_chosen_tasks_are_marked_again(self) -> None:
        """Whoever names tasks has the others as they are, whatever changed."""
        earlier = make_result(PASSED, PASSED)
        assert choose(MENDED, earlier, again=("2",)) == {"1"}


def test_sign_says_what_a_task_was_marked_with() -> None:
    """Each task has the fingerprint of now."""
    keeping = Keeping(COURSEWORK, MENDED)
    signed = keeping.sign(make_result(PASSED, PASSED))
    assert [task.fingerprint for task in signed.tasks] == ["mended", "two"]
    assert all(map(keeping.is_current, signed.tasks))


SPLITS = "def count_words(text):\n    return len(text.split())\n"
CALLS = (
    "from words import count_words\n"
    "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
)
STUDENTS = {
    "right": {"words": SPLITS, "numbers_of_words": CALLS},
    "wrong in one": {
        "words": "def count_words(text):\n    return text.count(' ') + 1\n",
        "numbers_of_words": CALLS,
    },
    "wrong in two": {
        "words": SPLITS,
        "numbers_of_words": "def count_all(texts):\n    return [2 for _ in texts]\n",
    },
    "serves itself": {
        "words": "def count_words(text):\n    return 2\n",
        "numbers_of_words": (
            "def count_all(texts):\n    return [len(t.split()) for t in texts]\n"
        ),
    },
    "not started": {"words": "def count_words(text):\n    return None\n"},
}
"""Students of whom a change in the first task affects the second, or does not."""


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A coursework, students, and their marks."""
    folder = tmp_path_factory.mktemp("class")
    shutil.copytree(OTHER_COURSEWORK, folder / "coursework")
    for name, modules in STUDENTS.items():
        mini.write_modules(folder / "submissions" / name, modules)
    coursework = load_coursework(folder / "coursework")
    grade_folder(coursework, folder / "submissions", folder / "marks")
    return folder


def mend(coursework: Coursework) -> None:
    """Change a public check of the first task, so that somebody's verdict changes."""
    suite = coursework.public_suite / "test_words.py"
    text = suite.read_text("utf-8")
    suite.write_text(text.replace('count_words(""), 0', 'count_words(""), 1'), "utf-8")


def timeless(result: Result) -> Result:
    """Return a result without what no two runs agree on."""
    tasks = tuple(
        replace(task, checks=tuple(replace(c, seconds=0.0) for c in task.checks))
        for task in result.tasks
    )
    return replace(result, tasks=tasks)


def test_marking_what_changed_is_marking_all(marked: Path, tmp_path: Path) -> None:
    """But for seconds, results are those of a run that keeps nothing."""
    shutil.copytree(marked, tmp_path / "class")
    coursework = load_coursework(tmp_path / "class" / "coursework")
    mend(coursework)
    submissions, out = tmp_path / "class" / "submissions", tmp_path / "class" / "marks"
    grade_folder(coursework, submissions, out)
    grade_folder(coursework, submissions, tmp_path / "anew")
    for name in STUDENTS:
        partly, anew = (
            timeless(read_result(folder / "results" / f"{name}.json"))
            for folder in (out, tmp_path / "anew")
        )
        assert partly == anew


def ask_for(coursework: Coursework, folder: Path) -> dict[tuple[str, bool], set[str]]:
    """Run a class; return, for each job, the tasks that its judge knows already."""
    known: dict[tuple[str, bool], set[str]] = {}

    def answer(job: Job) -> list[TaskResult]:
        tasks = read_result(Path(job.settled)).tasks if job.settled else ()
        known[job.student, job.hidden] = {task.id for task in tasks}
        return [summarise_task(task.id, task.title, []) for task in coursework.tasks]

    run = ClassRun(coursework, folder / "marks", backend=Recorder(answer))
    list(run.mark_class(find_uploads(folder / "submissions")))
    return known


def test_judge_is_told_what_is_kept(marked: Path, tmp_path: Path) -> None:
    """It checks the rest, in both phases; who is kept whole is not marked at all."""
    shutil.copytree(marked, tmp_path / "class")
    coursework = load_coursework(tmp_path / "class" / "coursework")
    mend(coursework)
    known = ask_for(coursework, tmp_path / "class")
    assert known["right", False] == {"2"}
    assert known["wrong in one", False] == set()
    assert known["wrong in two", False] == set()


def test_remark_in_a_suite_marks_nobody(marked: Path, tmp_path: Path) -> None:
    """An irrelevant change changes nothing."""
    shutil.copytree(marked, tmp_path / "class")
    coursework = load_coursework(tmp_path / "class" / "coursework")
    suite = coursework.public_suite / "test_words.py"
    suite.write_text(suite.read_text("utf-8") + "\n# mended\n", "utf-8")
    assert ask_for(coursework, tmp_path / "class") == {}
