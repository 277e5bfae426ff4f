"""Waiting: while tasks are not started, a notebook's cells say so in a sentence.

A cell that reaches a function which is not written yet names its task instead of
showing a traceback, and so does a cell that uses what such a cell should have made.
"""

from __future__ import annotations

import itertools
import traceback
from types import TracebackType
from typing import Any

from reelmark.errors import UsageError
from reelmark.manifest import Task, find_coursework

EXPLAINED = (NotImplementedError, NameError)
"""Errors that may only mean that a task is not started."""


def explain(error: BaseException, tasks: tuple[Task, ...]) -> str | None:
    """Say what a cell that ended with an error waits for.

    Args:
        error: What ended it.
        tasks: All tasks of the coursework.

    Returns:
        A sentence; None if the error is not due to a task that is not started, so
            its traceback is worth reading.
    """
    if isinstance(error, NameError):
        return _explain_name(error)
    # tf.data mentions a student's function only in the message.
    told = "".join(traceback.format_exception(error)).splitlines()
    for line, task in itertools.product(reversed(told), tasks):
        if f"{task.module}.py" in line and _ends(line, task):
            return (
                f"Not started: {task.function} in {task.module}.py. Write it, see "
                f"`reelmark check {task.id}`, restart the kernel and run all cells."
            )
    return None


def _explain_name(error: NameError) -> str | None:
    *_, innermost = traceback.walk_tb(error.__traceback__)
    if innermost[0].f_globals.get("__name__") != "__main__":
        return None
    return (
        f"{error.name} is not there yet: it comes from a cell above that did not "
        "finish, or was not run."
    )


def _ends(line: str, task: Task) -> bool:
    """Whether a line of a traceback ends with the function of a task."""
    return line.rstrip(" *").endswith(f"in {task.function}")


def show(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> list[str] | None:
    """Print the sentence, or the traceback that IPython would have shown."""
    try:
        sentence = explain(error, find_coursework().tasks)
    except UsageError:  # the notebook lies outside its coursework
        sentence = explain(error, ())
    if sentence is None:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    else:
        print(sentence)
    return None
