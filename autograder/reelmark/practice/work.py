"""A student's own work: where it is, and how a task is shown in a terminal."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.results import Status, TaskResult
from reelmark.states import STATES, sign


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


def task_line(task: TaskResult, function: str) -> Text:
    """Return a task's line: a sign for every check, marks, and the state in words."""
    line = Text(f"{task.id:<7}{function:<25}")
    for check in task.checks:
        line.append(*sign(check.status))
    line.pad_right(max(1, 58 - len(line)))
    line.append(f"{task.marks:>5g}/{task.max:<4g} ")
    return line.append(str(task.status), STATES[task.status].colour)


def print_messages(console: Console, tasks: Sequence[TaskResult], every: bool) -> None:
    """Print the messages: all of them, or the first of each task."""
    for task in tasks:
        if task.status is Status.NOT_STARTED and not every:
            continue
        told = told_messages(task)
        for message in told if every else told[:1]:
            console.print(f"\n{message}", soft_wrap=True)
        if len(told) > 1 and not every:
            more = len(told) - 1
            console.print(f"\n       `reelmark check {task.id}` shows {more} more.")


def told_messages(task: TaskResult) -> list[str]:
    """Return a task's messages, but those of checks that only wait for others.

    A hidden check, which runs for an instructor, gives what it expected and got.
    """
    return [
        check.detail or check.message
        for check in task.checks
        if check.message and check.status is not Status.NOT_CHECKED
    ]


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
