"""Student mode and sealed mode: the same checks, the same marks."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.stage.classes import grade_recipes, knowing_reference, real_coursework
from reelmark.results import Status
from sample_class import MODULES, ROOT, Recipe

Marks = dict[str, tuple[str, str, float]]
"""By check: its task, its status, its marks."""

RECIPES = {"reference": Recipe(), "untouched": Recipe(unfinished=MODULES)}

# In a separate process: student mode runs TensorFlow where the checks run.
STUDENT_MODE = """
import json, sys
from pathlib import Path
from reelmark.manifest import load_coursework
from reelmark.practice.in_process import InProcess
coursework = load_coursework(Path(sys.argv[1]))
with InProcess(coursework, Path(sys.argv[2]), hidden=True) as checker:
    found = checker.check((), lambda task, result: None)
assert not found.notes, found.notes
checks = {c.id: (t.id, c.status, c.marks) for t in found.results for c in t.checks}
print(json.dumps(checks))
"""


def _practise(folder: Path) -> Marks:
    ran = subprocess.run(
        [sys.executable, "-c", STUDENT_MODE, str(ROOT), str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    checks = json.loads(ran.stdout.splitlines()[-1])
    return {name: tuple(values) for name, values in checks.items()}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, known: Path) -> dict[str, Marks]:
    """The reference and the untouched stubs, graded."""
    folder = tmp_path_factory.mktemp("modes")
    with knowing_reference(known, folder / "marks"):
        results = grade_recipes(RECIPES, folder)
    return {
        name: {
            check.id: (task.id, str(check.status), check.marks)
            for task in result.tasks
            for check in task.checks
        }
        for name, result in results.items()
    }


@pytest.fixture(scope="module")
def practised() -> dict[str, Marks]:
    """The reference and the untouched stubs, checked as students do."""
    folders = {"reference": ROOT / "solutions", "untouched": ROOT / "assignment"}
    with ThreadPoolExecutor() as both:
        found = both.map(_practise, folders.values())
        return dict(zip(folders, found, strict=True))


@pytest.mark.parametrize("mode", ["sealed", "practised"])
def test_reference_earns_all_marks(mode: str, request: pytest.FixtureRequest) -> None:
    """The reference earns 60 of 60, every check passed."""
    checks = request.getfixturevalue(mode)["reference"].values()
    assert sum(marks for _, _, marks in checks) == real_coursework().max_marks == 60
    assert {status for _, status, _ in checks} == {Status.PASSED}


@pytest.mark.parametrize("mode", ["sealed", "practised"])
def test_untouched_stubs_earn_nothing(
    mode: str, request: pytest.FixtureRequest
) -> None:
    """The stubs earn 0, and what is not "not started" was not checked."""
    checks = request.getfixturevalue(mode)["untouched"].values()
    assert sum(marks for _, _, marks in checks) == 0
    assert {status for _, status, _ in checks} <= {
        Status.NOT_STARTED,
        Status.NOT_CHECKED,
    }


@pytest.mark.parametrize("mode", ["sealed", "practised"])
def test_every_untouched_task_is_not_started(
    mode: str, request: pytest.FixtureRequest
) -> None:
    """Each task of the stubs has a check that says "not started"."""
    checks = request.getfixturevalue(mode)["untouched"].values()
    started = {task for task, status, _ in checks if status == Status.NOT_STARTED}
    assert started == {task.id for task in real_coursework().tasks}


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_modes_find_the_same(
    name: str, sealed: dict[str, Marks], practised: dict[str, Marks]
) -> None:
    """Both modes run the same checks and reach the same verdicts."""
    assert sealed[name] == practised[name]


def test_marks_of_checks_add_up_to_the_manifest(sealed: dict[str, Marks]) -> None:
    """The checks of each task are worth what the manifest says."""
    totals: dict[str, float] = {}
    for task, _, marks in sealed["reference"].values():
        totals[task] = totals.get(task, 0) + marks
    assert totals == {task.id: task.marks for task in real_coursework().tasks}


def test_every_task_has_public_and_hidden_checks(sealed: dict[str, Marks]) -> None:
    """No task is marked only by hidden checks, and none without them."""
    suites = {
        (task, name.split("/")[0]) for name, (task, *_) in sealed["reference"].items()
    }
    expected = {
        (t.id, s) for t in real_coursework().tasks for s in ("public", "hidden")
    }
    assert suites == expected
