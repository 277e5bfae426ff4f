"""Trouble: what goes wrong with one submission affects only its own result.

A stranger's files can cause errors anywhere: when they are read, copied, marked or
shown. Whatever happens, the class goes on; the student is told that nothing is decided
yet, and the instructor what happened. Only what would affect everybody ends a run.
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
"""How many characters of an exception's own text an instructor is shown."""

NO_RESULT = "no result"
"""States of checks that the kit's own processes did not carry out."""

Done = TypeVar("Done")
Shown = TypeVar("Shown")


_OF_NAMES = frozenset(
    {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.ELOOP, errno.ENOENT}
    | {errno.ENOTDIR, errno.EISDIR, errno.EEXIST}
)
"""Error codes for a fault of one name, wherever it is."""


def concerns_everybody(error: Exception, *own: Path) -> bool:
    """Whether an error that one submission caused would occur with any.

    Args:
        error: What was raised.
        own: Folders that belong to the kit: if writing there is refused, the machine
            refuses it. A student's file that cannot be read is their own trouble.
    """
    if isinstance(error, OSError):
        is_own = any(name_path(error).startswith(str(folder)) for folder in own)
        is_machine = error.errno in (errno.EMFILE, errno.ENFILE)
        refused = is_own and error.errno not in (None, *_OF_NAMES)
        return is_about_disk(error) or is_machine or refused
    of_database = not isinstance(error, MemoryError) and bool(describe(error))
    return of_database or isinstance(error, UsageError | CannotMark | MachineFault)


def carry_out(act: Callable[[], Done]) -> Done:
    """Do something for one submission; if memory was short, do it once more.

    Others are marked at the same time: memory that they used may be free by now, and
    an earlier result need not be lost.

    Args:
        act: What to do; it must be safe to do it twice.
    """
    try:
        return act()
    except MemoryError:
        return act()


def describe_error(error: BaseException) -> str:
    """Return, for an instructor and on one line, what was raised and where.

    For an error that the kit raises on purpose, its own text is enough.
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

    Its fingerprint matches nothing, so the next run tries again.

    Args:
        coursework: The coursework.
        student: Whose submission it is.
        error: What was raised; an instructor decides once for all who met the same.
        notes: Sentences for its author.
        tasks: Ids of the tasks that should have been marked; all if empty.
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
    """Show a class; if a result cannot be shown, show only its marks.

    Args:
        show: Shows results.
        results: The results of the class.
        own: Folders that it writes to.

    Returns:
        What ``show`` returned, and by student, why a result was not shown.
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
    """Return a result without anything that comes from the student."""
    tasks = tuple(replace(task, checks=()) for task in result.tasks)
    return replace(result, tasks=tasks, notes=(), remarks=())
