"""A student's own work: where it is, and how a task is shown in a terminal."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import indent

from rich.console import Console
from rich.text import Text

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.practice.layout import print_message
from reelmark.results import CheckResult, Status, TaskResult
from reelmark.states import STATES, sign

WIDE = 80
"""Columns in which a task's line has room for one sign per check."""


@contextlib.contextmanager
def open_work(coursework: Coursework, place: Path | None) -> Iterator[Path]:
    """Hold the folder of a student's modules; a zip is unpacked for the time being.

    Raises:
        UsageError: It contains none of the modules, or the zip is refused.
    """
    if place is None or not place.is_file():
        yield find_work(coursework, place)
        return
    with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
        unpacked = Path(folder, place.stem)
        try:
            take_snapshot(Upload(place.stem, place), coursework.functions, unpacked)
        except RefusedSubmission as error:
            raise UsageError(f"{place} is not opened: {error}") from error
        yield find_work(coursework, unpacked)


def find_work(coursework: Coursework, folder: Path | None) -> Path:
    """Return the folder of the student's modules.

    Raises:
        UsageError: None of the modules is there.
    """
    places = [folder] if folder else [Path.cwd(), coursework.stubs]
    for place in places:
        if any((place / f"{module}.py").is_file() for module in coursework.modules):
            return place.resolve()
    modules = ", ".join(f"{module}.py" for module in coursework.modules)
    raise UsageError(
        f"{places[0]} holds none of the modules ({modules}). "
        "Name the folder that does with --folder."
    )


def task_line(task: TaskResult, function: str, width: int = WIDE) -> Text:
    """Return a task's line: a sign for every check, marks, and the state in words.

    Where a terminal is not wide enough for it, the signs are left out.
    """
    line = Text(f"{task.id:<7}{function:<25}")
    for check in task.checks if width >= WIDE else ():
        line.append(*sign(check.status))
    line.pad_right(max(1, (58 if width >= WIDE else 30) - len(line)))
    line.append(f"{task.marks:>5g}/{task.max:<4g} ")
    return line.append(str(task.status), STATES[task.status].colour)


def print_messages(
    console: Console, tasks: Sequence[TaskResult], *, every: bool, full: bool = False
) -> None:
    """Print the messages: all of them, or the first of each task.

    Args:
        console: Where to print.
        tasks: The tasks that were checked.
        every: Whether all messages are printed.
        full: Whether all that exceptions say is printed too.
    """
    for task in tasks:
        if task.status is Status.NOT_STARTED and not every:
            continue
        told = list_told(task)
        shown = told if every else told[:1]
        for check in shown:
            print_message(console, check.detail or check.message)
            if full and check.raised:
                console.print(f"\n{indent(check.raised, '  ')}", soft_wrap=True)
        if not full and any(check.raised for check in shown):
            command = f"`reelmark check {task.id} --full`"
            console.print(f"\n       {command} shows the whole error.")
        if len(told) > 1 and not every:
            more = len(told) - 1
            console.print(f"\n       `reelmark check {task.id}` shows {more} more.")
        print_printed(console, task)


def find_printed(task: TaskResult) -> CheckResult | None:
    """Return the check in which the student's code printed what they want to see.

    It is the first that did not pass, if the code printed anything in one.
    """
    printing = [check for check in task.checks if check.printed]
    return min(printing, key=lambda c: c.status is Status.PASSED, default=None)


def print_printed(console: Console, task: TaskResult, most: int = 10**6) -> int:
    """Print what the student's code printed, marked as theirs.

    Args:
        console: Where to print.
        task: The task that was checked.
        most: For how many lines there is room.

    Returns:
        How many lines it took.
    """
    check = find_printed(task)
    lines = check.printed.splitlines() if check else []
    if check is None or len(lines) + 2 > most:
        return 0
    console.print(f"\n{task.id}  your code printed ({check.title})", style="dim")
    for line in lines:
        shown = Text(f"  | {line}", "cyan")
        console.print(shown, soft_wrap=not console.is_terminal)
    return len(lines) + 2


def told_messages(task: TaskResult) -> list[str]:
    """Return a task's messages.

    A hidden check, which runs for an instructor, gives what it expected and got.
    """
    return [check.detail or check.message for check in list_told(task)]


def list_told(task: TaskResult) -> list[CheckResult]:
    """Return the checks of a task that have a message, but those that wait for others.

    What several checks have run into is told once.
    """
    told: dict[str, CheckResult] = {}
    for check in task.checks:
        if check.message and check.status is not Status.NOT_CHECKED:
            told.setdefault(check.detail or check.message, check)
    return list(told.values())


def print_trouble(console: Console, trouble: str) -> None:
    """Print what went wrong with the file of a student's progress, if anything did."""
    if trouble:
        console.print(trouble, style="yellow", soft_wrap=True)


def shorten(path: Path) -> str:
    """Return a folder's path, relative to the working directory if it lies below it."""
    try:
        return f"{path.relative_to(Path.cwd())}/"
    except ValueError:
        return f"{path}/"
