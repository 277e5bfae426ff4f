"""Trouble: what goes wrong with one submission is its own result, and nobody else's.

A stranger's files can raise anywhere, while they are read, copied, marked or shown.
Whatever it is, the class goes on; the student is told that nothing is decided, the
instructor what happened.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from reelmark.errors import ReelmarkError
from reelmark.files import PACKAGE
from reelmark.manifest import Coursework
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.states import NOT_MARKED
from reelmark.text import printable

MAX_REASON = 300
"""Characters of an exception's own words that are shown to an instructor."""

Shown = TypeVar("Shown")


def describe_error(error: BaseException) -> str:
    """Return, for an instructor and on one line, what was raised and where.

    What the kit raises on purpose says enough by itself.
    """
    words = printable(" ".join(str(error).split()))[:MAX_REASON]
    if isinstance(error, ReelmarkError):
        return words
    told = f"{type(error).__name__}{words and f': {words}'}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(PACKAGE)]
    places = [f"{Path(f.filename).name}, line {f.lineno}" for f in (own or frames)[-1:]]
    return " ".join([told, *(f"({place})" for place in places)])


def leave_undecided(coursework: Coursework, student: str) -> Result:
    """Return the result of a submission that could not be marked.

    Its fingerprint is that of nothing, so that the next run tries again.
    """
    tasks = []
    for task in coursework.tasks:
        check = CheckResult(
            id=f"kit/{task.id}",
            title="The checks of this task could be run",
            hidden=False,
            status=Status.NOT_CHECKED,
            marks=0.0,
            max=task.marks,
            message=NOT_MARKED,
            seconds=0.0,
        )
        tasks.append(summarise_task(task.id, task.title, [check]))
    return summarise(student, tasks, notes=(NOT_MARKED,))


def show_each(
    show: Callable[[Sequence[Result]], Shown], results: Sequence[Result]
) -> tuple[Shown, dict[str, str]]:
    """Show a class; of a result that cannot be shown, no more than its marks.

    Returns:
        What ``show`` returned, and why a result was not shown, by student.
    """
    troubles: dict[str, str] = {}
    try:
        return show(results), troubles
    except Exception:
        for result in results:
            try:
                show([result])
            except Exception as error:
                troubles[result.student] = describe_error(error)
        bare = [_bare(r) if r.student in troubles else r for r in results]
        return show(bare), troubles


def _bare(result: Result) -> Result:
    """Return a result without what is in it of the student's."""
    tasks = tuple(replace(task, checks=()) for task in result.tasks)
    return replace(result, tasks=tasks, notes=())
