"""Hints, from a nudge to the answer's core: one more each time a student asks."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from reelmark.manifest import Coursework, Task
from reelmark.practice.progress import read_progress, write_progress
from reelmark.practice.tasks import left_over
from reelmark.practice.work import find_work, print_trouble
from reelmark.terminal.console import make_console


def give_hint(
    coursework: Coursework, folder: Path | None, name: str, *, again: bool
) -> None:
    """Print the next hint of a task, or those that were printed before.

    Args:
        coursework: The coursework.
        folder: Where the student's modules are; None to look in the usual places.
        name: The task, or several; the next one to do if empty.
        again: Whether to print the hints already seen instead.

    Raises:
        UsageError: There is no such task, or no work.
    """
    work = find_work(coursework, folder)
    task = choose_task(coursework, name, work)
    print_hint(make_console(), work, task, again=again)


def choose_task(coursework: Coursework, name: str, work: Path) -> Task:
    """Return the first task of that name that has not passed, else the first.

    Raises:
        UsageError: There is no such task.
    """
    tasks = coursework.find_tasks([name]) if name else coursework.tasks
    left = left_over(coursework, read_progress(work)[0])
    return next((task for task in tasks if task in left), tasks[0])


def print_hint(console: Console, work: Path, task: Task, *, again: bool) -> None:
    """Print the next hint of a task, or those that were printed before."""
    progress, trouble = read_progress(work)
    seen = min(progress.hints.get(task.id, 0), len(task.hints))
    if again:
        _print_seen(console, task, seen)
    elif seen < len(task.hints):
        trouble = write_progress(work, progress.with_hint(task)) or trouble
        _print_hint(console, task, seen)
        _print_left(console, task, seen + 1)
    else:
        _print_left(console, task, seen)
    print_trouble(console, trouble)


def _print_seen(console: Console, task: Task, seen: int) -> None:
    for number in range(seen):
        _print_hint(console, task, number)
    if not seen:
        console.print(f"You have seen no hint of {task.id} yet.")
    _print_left(console, task, seen)


def _print_hint(console: Console, task: Task, number: int) -> None:
    head = f"{task.id}  {task.function}(): hint {number + 1} of {len(task.hints)}"
    console.print(f"{head}\n", style="bold")
    console.print(task.hints[number], width=min(88, console.width))
    console.print()


def _print_left(console: Console, task: Task, seen: int) -> None:
    command = f"`reelmark hint {task.id}"
    left = len(task.hints) - seen
    if not task.hints:
        console.print(f"There are no hints for {task.id}.")
    elif left:
        word = "hint is" if left == 1 else "hints are"
        console.print(f"{left} {word} left: {command}` shows the next.", style="dim")
    else:
        console.print(f"No hint is left; {command} --again` shows all.", style="dim")
