"""To do: every task with its marks, its minutes and how it stands; what comes next."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reelmark.manifest import Coursework, Task
from reelmark.practice.progress import (
    Progress,
    Standing,
    identify_source,
    read_progress,
)
from reelmark.practice.work import find_work, print_trouble, shorten
from reelmark.results import Status
from reelmark.states import STATES
from reelmark.terminal.console import make_console

NEVER = "no check yet"
CHANGED = "changed since"


def list_tasks(coursework: Coursework, folder: Path | None) -> None:
    """Print every task, what it is worth, and how it stood when last checked.

    Raises:
        UsageError: ``folder`` holds none of the coursework's modules.
    """
    print_tasks(make_console(), coursework, find_work(coursework, folder))


def print_tasks(console: Console, coursework: Coursework, work: Path) -> None:
    """Print every task, what it is worth, and how it stood when last checked."""
    progress, trouble = read_progress(work)
    console.print(coursework.title, style="bold")
    console.print(f"How {shorten(work)} stood when it was last checked\n", style="dim")
    console.print("task   function                  min marks   public", style="dim")
    for task in coursework.tasks:
        standing = progress.standings.get(task.id)
        is_changed = has_changed(task, standing, work)
        console.print(_line(task, standing, is_changed=is_changed), soft_wrap=True)
    minutes = sum(task.minutes for task in coursework.tasks)
    total = f"{'':<7}{'together':<25}{minutes:>4}{coursework.max_marks:>6g}"
    console.print(f"{total}{_share(progress, coursework)}\n", style="bold")
    for line in tell_rest(coursework, progress, work):
        console.print(line)
    print_trouble(console, trouble)


def tell_rest(coursework: Coursework, progress: Progress, work: Path) -> list[str]:
    """Say how far a student has got, what is left, and what to do next."""
    left = sum(task.minutes for task in left_over(coursework, progress))
    return [
        describe_total(coursework, progress),
        *([f"About {describe_time(left)} of work left."] if left else []),
        describe_next(coursework, progress, work),
    ]


def describe_time(minutes: int) -> str:
    """Return an estimate as people would say it: nobody plans 560 minutes.

    Examples:
        >>> describe_time(45), describe_time(560)
        ('45 minutes', '9 hours')
    """
    return f"{minutes} minutes" if minutes < 100 else f"{round(minutes / 60)} hours"


def left_over(coursework: Coursework, progress: Progress) -> list[Task]:
    """Return the tasks that have not passed."""
    standings = progress.standings
    return [
        task
        for task in coursework.tasks
        if task.id not in standings or standings[task.id].status is not Status.PASSED
    ]


def has_changed(task: Task, standing: Standing | None, work: Path) -> bool:
    """Return whether a task's module has changed since it was checked."""
    return standing is not None and standing.source != identify_source(task, work)


def describe_total(coursework: Coursework, progress: Progress) -> str:
    """Say how many marks the public checks have given so far, and out of how many."""
    known = [t for t in coursework.tasks if t.id in progress.standings]
    if not known:
        return "So far: nothing has been checked yet."
    passed = len(coursework.tasks) - len(left_over(coursework, progress))
    marks, most = _add_up(progress, coursework)
    text = f"So far: {passed} of {len(coursework.tasks)} tasks passed, "
    text += f"{marks:g} of {most:g} marks in public checks"
    unknown = len(coursework.tasks) - len(known)
    return text + (f" ({unknown} tasks not counted: {NEVER})." if unknown else ".")


def describe_next(
    coursework: Coursework,
    progress: Progress,
    work: Path,
    checked: Collection[str] = (),
) -> str:
    """Say which task to do next.

    Args:
        coursework: The coursework.
        progress: How far somebody is.
        work: The folder of their modules.
        checked: Ids of tasks that need no command to be checked again.
    """
    for task in left_over(coursework, progress):
        command = "" if task.id in checked else f", then `reelmark check {task.id}`"
        return f"Next: {task.id}{command}."
    for task in coursework.tasks:
        if has_changed(task, progress.standings[task.id], work):
            return f"{task.module}.py has changed since: `reelmark check` looks again."
    return "Every task has passed. Hidden checks run when your work is marked."


def _line(task: Task, standing: Standing | None, *, is_changed: bool) -> Text:
    line = Text(f"{task.id:<7}{task.function:<25}{task.minutes:>4}{task.marks:>6g}")
    if standing is None:
        return line.append(f"{'':>12}{NEVER}", "dim")
    line.append(f"{standing.marks:>6g}/{standing.max:<5g}")
    line.append(f"{standing.status}", STATES[standing.status].colour)
    return line.append(f", {CHANGED}", "yellow") if is_changed else line


def _add_up(progress: Progress, coursework: Coursework) -> tuple[float, float]:
    ids = {task.id for task in coursework.tasks}
    known = [kept for task, kept in progress.standings.items() if task in ids]
    return sum(kept.marks for kept in known), sum(kept.max for kept in known)


def _share(progress: Progress, coursework: Coursework) -> str:
    marks, most = _add_up(progress, coursework)
    return f"{marks:>6g}/{most:<5g}" if most else ""
