"""The suites are tested: right answers written differently, and single mistakes.

``<module>/<case>.py`` below ``tests/kit/accepted`` and ``solutions/mistakes`` are
overlays: their text is appended to the reference's module. All of them are graded
sealed, in one run, as a class would be.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.classes import grade_recipes, real_coursework
from reelmark.results import Result, Status, TaskResult
from sample_class import MODULES, ROOT, Recipe


def _cases(folder: str) -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("*/*.py")
    )


def declared_task(case: str) -> str:
    """Return the task that a mistake's docstring begins with: ``1a-i: ...``."""
    first_line = (ROOT / case).read_text(encoding="utf-8").splitlines()[0]
    return first_line.strip('"').split(":")[0]


def _module(case: str) -> str:
    return case.split("/")[-2]


def _bundle(kind: str, group: Callable[[str], str]) -> dict[str, Recipe]:
    """Put cases of different groups into one submission each, to save time.

    Modules without a case stay stubs: nothing new would be learnt from checking
    the reference's again.
    """
    groups: dict[str, list[str]] = {}
    for case in _cases(kind):
        groups.setdefault(group(case), []).append(case)
    bundles = itertools.zip_longest(*groups.values())
    return {
        f"{Path(kind).name}-{number}": _recipe(tuple(filter(None, cases)))
        for number, cases in enumerate(bundles)
    }


def _recipe(cases: tuple[str, ...]) -> Recipe:
    touched = set(map(_module, cases))
    return Recipe(cases, unfinished=tuple(m for m in MODULES if m not in touched))


def _checked_tasks(recipe: Recipe, result: Result) -> list[TaskResult]:
    """Return the results of the tasks whose modules are not stubs."""
    coursework = real_coursework()
    return [
        task
        for task in result.tasks
        if coursework.task(task.id).module not in recipe.unfinished
    ]


def _homes(bundles: dict[str, Recipe]) -> list[tuple[str, str]]:
    """Return every case and the bundle it is in."""
    return [
        (case, name) for name, recipe in bundles.items() for case in recipe.overlays
    ]


# One right variant of a module at a time: two right functions need not be right
# together (a whole-model checkpoint and a restore of weights alone).
ACCEPTED = _bundle("tests/kit/accepted", _module)
# One mistake of a task at a time, so that every task that loses marks is declared.
MISTAKES = _bundle("solutions/mistakes", declared_task)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Every case graded, by submission name."""
    return grade_recipes({**ACCEPTED, **MISTAKES}, tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("bundle", sorted(ACCEPTED))
def test_right_answers_written_differently_earn_full_marks(
    bundle: str, results: dict[str, Result]
) -> None:
    """Each accepted variant earns every mark there is."""
    messages = [
        check.message
        for task in _checked_tasks(ACCEPTED[bundle], results[bundle])
        for check in task.checks
        if check.status is not Status.PASSED
    ]
    assert not messages, (ACCEPTED[bundle].overlays, "\n".join(messages))


@pytest.mark.parametrize(("case", "bundle"), _homes(MISTAKES))
def test_mistake_costs_marks_in_its_own_task(
    case: str, bundle: str, results: dict[str, Result]
) -> None:
    """A single mistake loses marks in the task it is made in."""
    marks = {task.id: (task.marks, task.max) for task in results[bundle].tasks}
    earned, most = marks[declared_task(case)]
    assert earned < most


@pytest.mark.parametrize("bundle", sorted(MISTAKES))
def test_mistakes_cost_marks_in_no_other_task(
    bundle: str, results: dict[str, Result]
) -> None:
    """Tasks without a mistake keep all their marks."""
    declared = {declared_task(case) for case in MISTAKES[bundle].overlays}
    checked = _checked_tasks(MISTAKES[bundle], results[bundle])
    assert {task.id for task in checked if task.marks < task.max} == declared


@pytest.mark.parametrize("bundle", sorted(MISTAKES))
def test_mistakes_are_failures(bundle: str, results: dict[str, Result]) -> None:
    """A mistake is told as a failed check, never as a fault of the kit."""
    checked = _checked_tasks(MISTAKES[bundle], results[bundle])
    statuses = {task.status for task in checked}
    assert statuses <= {Status.PASSED, Status.FAILED}


@pytest.mark.parametrize("case", [case for case, _ in _homes(ACCEPTED | MISTAKES)])
def test_case_says_what_it_is(case: str) -> None:
    """Each case begins with a docstring in words."""
    assert (ROOT / case).read_text(encoding="utf-8").startswith('"""')


def test_mistakes_are_declared_in_real_tasks() -> None:
    """The task that a mistake's docstring names exists."""
    known = {task.id for task in real_coursework().tasks}
    assert {declared_task(case) for case, _ in _homes(MISTAKES)} <= known
