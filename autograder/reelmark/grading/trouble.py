"""Trouble: what goes wrong with one submission is its own result, and nobody else's.

A stranger's files can raise anywhere, while they are read, copied, marked or shown.
Whatever it is, the class goes on; the student is told that nothing is decided, the
instructor what happened. Only what would meet everybody ends a run.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from reelmark.errors import (
    CannotMark,
    KitFault,
    MachineFault,
    ReelmarkError,
    UsageError,
)
from reelmark.files import PACKAGE
from reelmark.manifest import Coursework
from reelmark.marking.faults import EVERYTHING, name_fault
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.states import NOT_MARKED
from reelmark.terminal.machine import describe, is_about_disk, name_path
from reelmark.text import printable

MAX_REASON = 300
"""Characters of an exception's own words that are shown to an instructor."""

NO_RESULT = "no result"
"""How checks end that the kit's own processes did not carry out."""

Done = TypeVar("Done")
Shown = TypeVar("Shown")


_OF_NAMES = frozenset(
    {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ELOOP, errno.ENOENT}
    | {errno.ENOTDIR, errno.EISDIR, errno.EEXIST}
)
"""What is wrong with one name, wherever it is."""


def concerns_everybody(error: Exception, *own: Path) -> bool:
    """Whether what was raised for one submission would be for any.

    Args:
        error: What was raised.
        own: Folders that are the kit's to write to: what is refused there is refused
            by the machine. A file of a student's that is closed is their own affair.
    """
    if isinstance(error, OSError):
        is_own = any(name_path(error).startswith(str(folder)) for folder in own)
        is_machine = error.errno in (errno.EMFILE, errno.ENFILE)
        refused = is_own and error.errno not in (None, *_OF_NAMES)
        return is_about_disk(error) or is_machine or refused
    of_database = not isinstance(error, MemoryError) and bool(describe(error))
    return of_database or isinstance(error, UsageError | CannotMark | MachineFault)


def carry_out(act: Callable[[], Done]) -> Done:
    """Do something for one submission; where memory was short, do it once more.

    Others are marked at the same time: what they took may be free by now, and an
    earlier result need not be lost.

    Args:
        act: What to do; doing it again does no harm.
    """
    try:
        return act()
    except MemoryError:
        return act()


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


def leave_open(
    coursework: Coursework,
    student: str,
    error: Exception,
    notes: Sequence[str] = (),
    tasks: Collection[str] = (),
) -> Result:
    """Return the result of a submission that could not be marked: all marks are open.

    Its fingerprint is that of nothing, so that the next run tries again.

    Args:
        coursework: What it would have been marked by.
        student: Whose it is.
        error: What was raised; for all who met the same, an instructor decides once.
        notes: Sentences for its author.
        tasks: Ids of the tasks that were to be marked; all if empty.
    """
    end = NO_RESULT if isinstance(error, KitFault) else type(error).__name__
    found = []
    for task in coursework.tasks:
        if tasks and task.id not in tasks:
            continue
        check = CheckResult(
            id=f"kit/{task.id}",
            title="The checks of this task could be run",
            hidden=False,
            status=Status.NEEDS_A_LOOK,
            marks=0.0,
            max=task.marks,
            message=NOT_MARKED,
            seconds=0.0,
            fault=name_fault(EVERYTHING, end),
            detail=describe_error(error),
        )
        found.append(summarise_task(task.id, task.title, [check]))
    return summarise(student, found, notes=(*notes, NOT_MARKED))


def show_each(
    show: Callable[[Sequence[Result]], Shown], results: Sequence[Result], *own: Path
) -> tuple[Shown, dict[str, str]]:
    """Show a class; of a result that cannot be shown, no more than its marks.

    Args:
        show: What shows results.
        results: Those of the class.
        own: Folders that it writes to.

    Returns:
        What ``show`` returned, and why a result was not shown, by student.
    """
    troubles: dict[str, str] = {}
    try:
        return show(results), troubles
    except Exception as raised:
        if concerns_everybody(raised, *own):
            raise
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
    return replace(result, tasks=tasks, notes=(), remarks=())
