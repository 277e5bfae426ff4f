"""Habits: things that students' programs do beyond the task, and what they cost.

Nothing, in most cases; and the same at home, in the watch and when work is marked.
All of them, accepted work and mistakes are compared by ``kit.stage.parity``.
"""

from __future__ import annotations

import pytest

from kit.stage.classes import real_coursework
from kit.stage.parity import (
    Habit,
    Verdicts,
    Ways,
    Work,
    find_disagreements,
    read_habits,
    write_habit,
)
from reelmark.results import Status, worst_status

COURSEWORK = real_coursework()
HABITS = {habit.name: habit for habit in read_habits()}
COMPARED = (
    "callbacks/keeps_files_beside_itself",
    "callbacks/maps_over_a_pool",
    "callbacks/insists_on_a_program",
    "callbacks/turns_warnings_into_errors",
    "callbacks/quits_in_a_function",
)
"""One of each kind; each costs some seconds in every way."""

SPAWNED = "callbacks/keeps_files_beside_itself"
"""In newly started processes, each check takes some seconds more."""


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Work]:
    """The reference, once with each habit."""
    folder = tmp_path_factory.mktemp("habits")
    return {
        name: write_habit(COURSEWORK, habit, folder / name.replace("/", "-"))
        for name, habit in HABITS.items()
    }


@pytest.fixture(scope="module")
def found(works: dict[str, Work]) -> dict[str, dict[str, Verdicts]]:
    """What each way found: for all habits when marking, for some in the other ways."""
    compared = [works[name] for name in COMPARED]
    with Ways(COURSEWORK) as ways:
        return {
            "grade": ways.grade(list(works.values())),
            "check": {work.name: ways.check(work) for work in compared},
            "watch": {work.name: ways.watch(work) for work in compared},
            "spawned": ways.grade([works[SPAWNED]], is_spawned=True),
        }


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_habit_costs_what_it_says(
    habit: Habit, found: dict[str, dict[str, Verdicts]]
) -> None:
    """Tasks that it names have the marks it gives; all others have full marks."""
    verdicts = found["grade"][habit.name].items()
    for task in COURSEWORK.tasks_of(habit.module):
        states, marks = zip(
            *(v for (id_, _), v in verdicts if id_ == task.id), strict=True
        )
        expected = habit.lost.get(task.id, (task.marks, Status.PASSED))
        assert (sum(marks), worst_status(states)) == expected, task.id


def test_habit_is_judged_the_same_in_every_way(
    found: dict[str, dict[str, Verdicts]],
) -> None:
    """What is found at home, and in the watch, is found when work is marked."""
    assert list(find_disagreements(found)) == []
