"""The board: the one screen on which a student watches their work being checked."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reelmark.manifest import Coursework
from reelmark.practice.copies import Found
from reelmark.practice.layout import print_message
from reelmark.practice.progress import Progress, note_results
from reelmark.practice.tasks import describe_next, describe_total
from reelmark.practice.work import (
    print_printed,
    print_trouble,
    shorten,
    task_line,
    told_messages,
)
from reelmark.results import CheckResult, Status, TaskResult, summarise_task
from reelmark.terminal.console import make_console

ROOM_BELOW = 6
"""Lines for the total and for what the watch is waiting for."""


class Board:
    """Prints rounds as they go (a `rounds.Listener`).

    Args:
        coursework: What is checked.
        work: The folder of the student's modules.
        wanted: The tasks that are checked after a save.
        remark: A sentence to print below the results; empty for none.
        console: Where to print; by default the terminal.
    """

    def __init__(
        self,
        coursework: Coursework,
        work: Path,
        wanted: Sequence[str],
        remark: str = "",
        console: Console | None = None,
    ) -> None:
        self._coursework = coursework
        self._work = work
        self._wanted = tuple(wanted)
        self._remark = remark
        self._console = console or make_console()
        self._status = self._console.status("importing TensorFlow ...")
        self._news = "Getting ready; this takes some seconds, once"
        self._saved: frozenset[str] = frozenset()
        self._checks: dict[str, list[CheckResult]] = {}
        self._found: list[TaskResult] = []
        self._progress, self._trouble = Progress(), ""
        self._notes: tuple[str, ...] = ()
        self._printed: set[str] = set()

    def say_saved(self, modules: Collection[str]) -> None:
        """Say, above the next round, which modules were saved."""
        files = ", ".join(sorted(f"{module}.py" for module in modules))
        self._news = f"{files} saved at {time.strftime('%H:%M:%S')}"

    def begin(self, saved: Sequence[str]) -> None:
        """Clear the screen, and say what the round is for."""
        self._saved = frozenset(saved)
        self._checks = {}
        self._found = []
        self._printed = set()
        if self._console.is_terminal:
            self._console.clear()
        self._console.print(self._coursework.title, style="bold")
        self._console.print(f"{self._news}\n", style="dim")
        self._status.start()

    def tell(self, task_id: str, result: CheckResult) -> None:
        """Record a check; print the previous task, which is done."""
        for done in self._checks.keys() - {task_id} - self._printed:
            self._print_task(self._summarise(done))
        self._checks.setdefault(task_id, []).append(result)
        self._status.update(Text(f"{task_id}: {result.title}"))

    def take(self, found: Found) -> None:
        """Print the tasks that are done and, right away, what to fix in those saved."""
        for task in found.results:
            if task.id not in self._printed:
                self._print_task(task)
        self._progress, self._trouble = note_results(
            self._coursework, self._work, found.results, found.checked
        )
        self._notes = found.notes
        if self._saved.issuperset(task.id for task in found.results):
            self._print_messages(found.results)
        else:
            self._found += found.results

    def end(self) -> None:
        """Print the rest: what to fix, how things stand, what the watch waits for."""
        self._status.stop()
        self._print_messages(self._found)
        self._print_standing(self._progress)
        for note in self._notes:
            self._console.print(note, style="yellow")
        print_trouble(self._console, self._trouble)
        self._print_waiting()

    def fail(self, reason: str) -> None:
        """Say why nothing could be checked; the next save tries again."""
        self._status.stop()
        self._console.print(reason, style="yellow", soft_wrap=True)
        self._print_waiting()

    def stop(self) -> None:
        """Stop where things are: another round is about to begin, or none at all."""
        self._status.stop()

    def _summarise(self, task_id: str) -> TaskResult:
        title = self._coursework.task(task_id).title
        return summarise_task(task_id, title, self._checks[task_id])

    def _print_task(self, task: TaskResult) -> None:
        self._printed.add(task.id)
        function = self._coursework.task(task.id).function
        line = task_line(task, function, self._console.width)
        self._console.print(line, soft_wrap=True)

    def _print_messages(self, tasks: Sequence[TaskResult]) -> None:
        """Print the first message of each task, and what the student's code printed.

        Both as far as there is room.
        """
        messages = first_messages(tasks)
        height = self._console.height if self._console.is_terminal else 10**6
        room = height - len(self._printed) - ROOM_BELOW
        left = dict(messages)
        for task_id, message in messages.items():
            room -= message.count("\n") + 2
            if room < 0 and len(left) < len(messages):
                break
            print_message(self._console, message)
            del left[task_id]
        if left:
            commands = " ".join(left)
            self._console.print(f"\nMore: `reelmark check {commands}`.")
        for task in tasks:
            room -= print_printed(self._console, task, room)

    def _print_standing(self, progress: Progress) -> None:
        self._console.print()
        total = describe_total(self._coursework, progress)
        self._console.print(total, style="bold")
        following = describe_next(
            self._coursework, progress, self._work, checked=self._wanted
        )
        self._console.print(following)

    def _print_waiting(self) -> None:
        modules = dict.fromkeys(self._coursework.task(t).module for t in self._wanted)
        files = ", ".join(f"{module}.py" for module in modules)
        where = f"{shorten(self._work)} ({files})"
        text = Text(f"Waiting until you save in {where}. Ctrl-C ends.", "dim")
        self._console.print(text)
        if self._remark:
            self._console.print(self._remark, style="dim")


def first_messages(tasks: Sequence[TaskResult]) -> dict[str, str]:
    """Return the first message of each task that has one, by the task's id.

    A message that differs from an earlier one only in its task is left out: that a
    module cannot be imported is said only once.
    """
    messages: dict[str, str] = {}
    for task in tasks:
        told = told_messages(task)
        if told and task.status is not Status.NOT_STARTED:
            known = {_without_task(each) for each in messages.values()}
            if _without_task(told[0]) not in known:
                messages[task.id] = told[0]
    return messages


def _without_task(message: str) -> str:
    return " ".join(message.partition("): ")[2].split())
