"""Habits: things that students' programs do beyond the task, and what they cost.

Nothing, in most cases; and the same at home, in the watch and when work is marked.
Habits that cost nothing are marked several at a time: together they cost nothing too.
Each by itself, accepted work and mistakes are compared by ``kit.stage.parity``.
"""

from __future__ import annotations

import re

import pytest

from kit.stage import parity
from kit.stage.classes import real_coursework
from kit.stage.parity import (
    Habit,
    Verdicts,
    Ways,
    Work,
    find_disagreements,
    read_habits,
    write_habits,
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

ALONE = (
    *COMPARED,
    # What these change, others rely on, or would hide.
    *("callbacks/goes_to_another_folder", "callbacks/goes_to_its_own_folder"),
    *("callbacks/silences_warnings", "callbacks/redirects_its_output"),
    *("cnn/sets_a_policy", "cnn/sets_another_float", "evaluation/switches_windows"),
)
MOST_TOGETHER = 6


def _put_together() -> list[list[Habit]]:
    """Put habits of a module together if they cost nothing and share no name."""
    groups: list[list[Habit]] = []
    for habit in HABITS.values():
        for group in groups:
            if _may_join(habit, group):
                group.append(habit)
                break
        else:
            groups.append([habit])
    return groups


def _may_join(habit: Habit, group: list[Habit]) -> bool:
    return (
        len(group) < MOST_TOGETHER
        and {one.module for one in group} == {habit.module}
        and not any(one.lost or one.name in ALONE for one in (habit, *group))
        and _find_names(habit).isdisjoint(set().union(*map(_find_names, group)))
    )


def _find_names(habit: Habit) -> set[str]:
    """Return what a habit gives a name to in the module."""
    text = (parity.HABITS / f"{habit.name}.py").read_text("utf-8")
    return set(re.findall(r"^(?:(?:async )?def )?(\w+)(?:\(| =)", text, re.MULTILINE))


GROUPS = _put_together()


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Work]:
    """The reference, once with each group of habits."""
    folder = tmp_path_factory.mktemp("habits")
    found = (
        write_habits(COURSEWORK, group, folder / str(number))
        for number, group in enumerate(GROUPS)
    )
    return {work.name: work for work in found}


@pytest.fixture(scope="module")
def found(works: dict[str, Work]) -> dict[str, dict[str, Verdicts]]:
    """What each way found: for all habits when marking, for some in the other ways."""
    compared = [works[name] for name in COMPARED]
    with Ways(COURSEWORK) as ways:
        return {
            "grade": ways.grade(list(works.values())),
            "check": {work.name: ways.check(work) for work in compared},
            "watch": {work.name: ways.watch(work) for work in compared},
        }


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS)
def test_habit_costs_what_it_says(
    habit: Habit, found: dict[str, dict[str, Verdicts]]
) -> None:
    """Tasks that it does not name have full marks; those that it names, so many."""
    (together,) = (group for group in GROUPS if habit in group)
    verdicts = found["grade"][together[0].name].items()
    for task in COURSEWORK.tasks_of(habit.module):
        states, marks = zip(
            *(v for (id_, _), v in verdicts if id_ == task.id), strict=True
        )
        expected = habit.lost.get(task.id, (task.marks, Status.PASSED))
        assert (sum(marks), worst_status(states)) == expected, (task.id, together)


def test_habit_is_judged_the_same_in_every_way(
    found: dict[str, dict[str, Verdicts]],
) -> None:
    """What is found at home, and in the watch, is found when work is marked."""
    assert list(find_disagreements(found)) == []
