"""Practice: check one's own work in-process and print what there is to do."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from reelmark.manifest import Coursework, Task
from reelmark.practice.progress import note_results
from reelmark.practice.work import (
    find_work,
    print_messages,
    print_trouble,
    shorten,
    task_line,
)
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, Status, TaskResult
from reelmark.terminal.console import make_console

if TYPE_CHECKING:
    # pytest and numpy are imported when checks run, not to print a class.
    from reelmark.checks.submission import OpenWorker
    from reelmark.marking.session import Marking


def check_work(
    coursework: Coursework,
    folder: Path | None,
    task_ids: Sequence[str] = (),
    *,
    hidden: bool = False,
    picture: Path | None = None,
) -> bool:
    """Check the modules in ``folder`` and print the findings.

    Args:
        coursework: What they are checked by.
        folder: Where the modules are; None to look in the usual places.
        task_ids: The tasks to check; all if empty.
        hidden: Whether the hidden checks run too.
        picture: The image file to draw; None for none.

    Returns:
        Whether every check passed.

    Raises:
        UsageError: ``folder`` holds none of the coursework's modules, or there is
            no picture of these tasks.
    """
    # The student's code may change the working directory.
    place = Path(picture or "").absolute()
    work = find_work(coursework, folder)
    console = make_console()
    console.print(coursework.title, style="bold")
    console.print(f"Checking {shorten(work)}\n", style="dim")
    tasks, faults = run_checks(coursework, work, task_ids, hidden=hidden)
    for task in tasks:
        function = coursework.task(task.id).function
        console.print(task_line(task, function), soft_wrap=True)
    print_messages(console, tasks, every=bool(task_ids))
    _print_total(console, tasks, hidden=hidden)
    for fault in faults:
        console.print(f"Fault in the checker: {fault}", style="yellow")
    print_trouble(console, note_results(coursework, work, tasks)[1])
    if picture:
        draw_picture(coursework, work, task_ids, place)
        console.print(f"Picture: {picture}", soft_wrap=True)
    return all(task.status is Status.PASSED for task in tasks)


def run_checks(
    coursework: Coursework, work: Path, task_ids: Sequence[str], *, hidden: bool
) -> tuple[list[TaskResult], list[str]]:
    """Run the checks in this process; return what they found, and kit faults."""
    from reelmark.marking.suites import PRACTISING_EXAMPLES, mark

    with Spinner(coursework) as spinner:
        marking = prepare_marking(coursework, work, tasks=task_ids, report=spinner)
        mark(marking, coursework, PRACTISING_EXAMPLES, hidden=hidden)
    return marking.task_results(), marking.faults


def draw_picture(
    coursework: Coursework, work: Path, task_ids: Sequence[str], path: Path
) -> None:
    """Draw what the tasks' functions do, as far as there is something to see.

    Raises:
        UsageError: There is not, or the picture cannot be written.
    """
    from reelmark.practice import pictures

    captions = pictures.find_looks(coursework)
    tasks = pictures.choose_looks(coursework, task_ids)
    opened = prepare_marking(coursework, work).open_submission()
    # What is printed on the way goes nowhere, as it does in checks.
    with opened as submission, contextlib.redirect_stdout(io.StringIO()):
        looks = [
            pictures.look_at(submission, task, captions[task.function])
            for task in tasks
        ]
    pictures.write_sheet(looks, path)


def prepare_marking(coursework: Coursework, work: Path, **options: Any) -> Marking:
    """Return the plugin that checks the modules in ``work`` in this process."""
    from reelmark.marking.jobs import assign
    from reelmark.marking.session import Marking
    from reelmark.practice.local import LocalWorker

    def open_in(scratch: Path) -> OpenWorker:
        def open_worker(stand_ins: tuple[str, ...], is_clean: bool) -> LocalWorker:
            folder = coursework.stubs if is_clean else work
            return LocalWorker(assign(coursework, folder, scratch, stand_ins), Limits())

        return open_worker

    return Marking(coursework, open_in, **options)


class Spinner:
    """A line that says what is being checked; gone when the checks are done."""

    def __init__(self, coursework: Coursework) -> None:
        self._count = 0
        self._status = make_console(is_error=True).status("importing TensorFlow ...")
        self._titles = {task.id: task.title for task in coursework.tasks}

    def __enter__(self) -> Spinner:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def __call__(self, task: Task, result: CheckResult) -> None:
        """Take note of one more check that is done."""
        self._count += 1
        told = f"{self._count} checks done, {task.id}: {result.title}"
        self._status.update(Text(told))


def _print_total(console: Console, tasks: Sequence[TaskResult], hidden: bool) -> None:
    """Print the score; public and hidden checks are counted apart, always."""
    checks = [check for task in tasks for check in task.checks]
    console.print()
    for name, is_hidden in (("Public", False), ("Hidden", True)):
        counted = [check for check in checks if check.hidden is is_hidden]
        passed = sum(check.status is Status.PASSED for check in counted)
        marks, most = (
            sum(getattr(c, key) for c in counted) for key in ("marks", "max")
        )
        if counted:
            console.print(
                f"{name} checks: {passed} of {len(counted)} passed, "
                f"{marks:g} of {most:g} marks.",
                style="bold",
            )
    if hidden:
        marks, most = (sum(getattr(t, key) for t in tasks) for key in ("marks", "max"))
        console.print(f"Together: {marks:g} of {most:g} marks.", style="bold")
    else:
        console.print("Hidden checks run when your work is marked.", style="dim")
    waiting = [task for task in tasks if task.status is Status.NOT_STARTED]
    if waiting:
        first = waiting[0].id
        console.print(f"Next: {first}, then `reelmark check {first}`.")
