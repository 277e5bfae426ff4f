"""The suites are tested: right answers written differently, and single mistakes.

``accepted/<module>/<case>.py`` and ``mistakes/<module>/<case>.py`` are overlays:
their text is appended to the reference's module. All of them are graded sealed,
in one run, as a class would be.
"""

from __future__ import annotations

import pytest

from kit.classes import grade_recipes, real_coursework
from reelmark.results import Result, Status
from sample_class import CASES, MODULES, Recipe


def _cases(folder: str) -> list[str]:
    return sorted(
        path.relative_to(CASES).as_posix() for path in (CASES / folder).glob("*/*.py")
    )


def _bundle(accepted: list[str]) -> dict[str, Recipe]:
    """Put accepted cases of different modules into one submission each.

    One of a module at a time: two right functions of one module need not be
    right together (a whole-model checkpoint and a weights-only restore).
    """
    by_module = {
        module: [case for case in accepted if case.split("/")[1] == module]
        for module in MODULES
    }
    most = max(map(len, by_module.values()), default=0)
    return {
        f"accepted-{number}": Recipe(
            tuple(cases[number] for cases in by_module.values() if number < len(cases))
        )
        for number in range(most)
    }


ACCEPTED = _cases("accepted")
MISTAKES = _cases("mistakes")
BUNDLES = _bundle(ACCEPTED)
RECIPES = {
    **BUNDLES,
    **{case.replace("/", "-"): Recipe((case,)) for case in MISTAKES},
}


def declared_task(case: str) -> str:
    """Return the task a mistake says it is in: ``\"\"\"1a-i: pixels left ...\"\"\"``."""
    first_line = (CASES / case).read_text(encoding="utf-8").splitlines()[0]
    return first_line.strip('"').split(":")[0]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Every case graded, by submission name."""
    return grade_recipes(RECIPES, tmp_path_factory.mktemp("cases"))


def lost(result: Result) -> dict[str, float]:
    """Return the marks a submission lost, by task."""
    return {
        task.id: round(task.max - task.marks, 2)
        for task in result.tasks
        if task.marks < task.max
    }


@pytest.mark.parametrize("bundle", sorted(BUNDLES))
def test_right_answers_written_differently_earn_full_marks(
    bundle: str, results: dict[str, Result]
) -> None:
    """Each accepted variant earns every mark there is."""
    messages = [
        check.message
        for task in results[bundle].tasks
        for check in task.checks
        if check.status is not Status.PASSED
    ]
    assert not messages, (BUNDLES[bundle].overlays, "\n".join(messages))


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake_costs_marks_in_its_own_task_only(
    case: str, results: dict[str, Result]
) -> None:
    """A single mistake loses marks in the task it is made in, and nowhere else."""
    assert set(lost(results[case.replace("/", "-")])) == {declared_task(case)}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake_is_a_failure_not_a_fault(
    case: str, results: dict[str, Result]
) -> None:
    """A mistake is told as a failed check, never as a fault of the kit."""
    statuses = {task.status for task in results[case.replace("/", "-")].tasks}
    assert statuses == {Status.PASSED, Status.FAILED}


@pytest.mark.parametrize("case", [*ACCEPTED, *MISTAKES])
def test_case_says_what_it_is(case: str) -> None:
    """Each case begins with a docstring in words."""
    assert (CASES / case).read_text(encoding="utf-8").startswith('"""')


def test_every_mistake_is_in_a_task() -> None:
    """A mistake's declared task exists."""
    known = {task.id for task in real_coursework().tasks}
    assert {declared_task(case) for case in MISTAKES} <= known
