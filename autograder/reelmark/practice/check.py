"""Check: look at a student's own work once, and print what there is to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from rich.console import Console
from rich.text import Text

from reelmark.manifest import Coursework
from reelmark.practice.form import Form
from reelmark.practice.progress import note_results
from reelmark.practice.versions import tell_versions
from reelmark.practice.work import (
    open_work,
    print_messages,
    print_trouble,
    shorten,
    task_line,
)
from reelmark.results import CheckResult, Status, TaskResult
from reelmark.terminal.console import make_console

if TYPE_CHECKING:
    # numpy is imported when a picture is drawn, not to print a class.
    from reelmark.checks.submission import Submission
    from reelmark.practice.copies import Found, Told


def check_work(
    coursework: Coursework,
    folder: Path | None,
    task_ids: Sequence[str] = (),
    *,
    hidden: bool = False,
    picture: Path | None = None,
    is_in_process: bool = False,
    form: Form = Form.TEXT,
) -> bool:
    """Check the modules in ``folder`` and print the findings.

    Args:
        coursework: The coursework.
        folder: Where the modules are, a folder or a zip; None to look in the usual
            places.
        task_ids: The tasks to check; all if empty.
        hidden: Whether the hidden checks run too.
        picture: The image file to draw; None for none.
        is_in_process: Whether it happens in this process, for a debugger.
        form: How the findings are printed.

    Returns:
        Whether every check passed.

    Raises:
        UsageError: ``folder`` holds none of the coursework's modules, or these tasks
            have no picture.
        CannotMark: Nothing can be checked on this machine.
    """
    # The student's code may change the working directory.
    place = Path(picture or "").absolute()
    wanted = [t.id for t in coursework.tasks if not task_ids or t.id in task_ids]
    console = make_console(is_error=form is not Form.TEXT)
    with open_work(coursework, folder) as work:
        console.print(coursework.title, style="bold")
        told = str(folder) if folder and folder.is_file() else shorten(work)
        console.print(f"Checking {told}\n", style="dim")
        checker = choose_checker(
            coursework, work, hidden=hidden, is_in_process=is_in_process
        )
        with checker:
            with Spinner() as spinner:
                found = checker.check(wanted, spinner)
            if form is Form.TEXT:
                every = hidden or bool(task_ids)
                print_found(console, coursework, found, every=every, hidden=hidden)
            else:
                print_formatted(form, coursework, work, found)
            noted = note_results(coursework, work, found.results, found.checked)
            print_trouble(console, noted[1])
            print_trouble(console, tell_versions(coursework, work))
            if checker.remark:
                console.print(checker.remark, style="dim", soft_wrap=True)
            if picture:
                with checker.open_submission() as submission:
                    draw_picture(coursework, submission, task_ids, place)
                console.print(f"Picture: {picture}", soft_wrap=True)
    return all(task.status is Status.PASSED for task in found.results)


def print_found(
    console: Console,
    coursework: Coursework,
    found: Found,
    *,
    every: bool,
    hidden: bool = False,
) -> None:
    """Print what was found.

    Args:
        console: Where to print.
        coursework: What was checked.
        found: The findings.
        every: Whether all messages are printed, not just the first of each task.
        hidden: Whether the hidden checks ran too.
    """
    for task in found.results:
        function = coursework.task(task.id).function
        console.print(task_line(task, function), soft_wrap=True)
    print_messages(console, found.results, every=every)
    console.print()
    for line, style in tell_total(found.results, hidden=hidden):
        console.print(line, style=style)
    for note in found.notes:
        console.print(note, style="yellow", soft_wrap=True)


def print_formatted(
    form: Form, coursework: Coursework, work: Path, found: Found
) -> None:
    """Print what was found for a program to read."""
    from reelmark.practice.formats import format_found

    for line in format_found(form, coursework, work, found):
        print(line)


class Checker(Protocol):
    """What checks a student's work, in one way or another."""

    remark: str
    """A remark on that way of checking."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def check(self, tasks: Sequence[str], tell: Told) -> Found:
        """Check some tasks; report each result as it comes."""

    def open_submission(self) -> AbstractContextManager[Submission]:
        """Open the work for calls that do not affect marks."""


def choose_checker(
    coursework: Coursework, work: Path, *, hidden: bool, is_in_process: bool
) -> Checker:
    """Return the checker for this way of checking."""
    if is_in_process:
        from reelmark.practice.in_process import InProcess

        return InProcess(coursework, work, hidden=hidden)
    from reelmark.practice.copies import Processes

    return Processes(coursework, work, hidden=hidden)


def draw_picture(
    coursework: Coursework,
    submission: Submission,
    task_ids: Sequence[str],
    path: Path,
) -> None:
    """Draw what the tasks' functions do, as far as there is something to see.

    Raises:
        UsageError: There is nothing to see, or the picture cannot be written.
    """
    from reelmark.practice import pictures

    captions = pictures.find_looks(coursework)
    looks = [
        pictures.look_at(submission, task, captions[task.function])
        for task in pictures.choose_looks(coursework, task_ids)
    ]
    pictures.write_sheet(looks, path)


class Spinner:
    """A line that says what is being checked; gone when the checks are done."""

    def __init__(self) -> None:
        self._count = 0
        self._status = make_console(is_error=True).status("importing TensorFlow ...")

    def __enter__(self) -> Spinner:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def __call__(self, task_id: str, result: CheckResult) -> None:
        """Take note of one more check that is done."""
        self._count += 1
        told = f"{self._count} checks done, {task_id}: {result.title}"
        self._status.update(Text(told))


def tell_total(
    tasks: Sequence[TaskResult], *, hidden: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the score, and what is next, a line and its style each.

    Public and hidden checks are always counted separately.
    """
    checks = [check for task in tasks for check in task.checks]
    for name, is_hidden in (("Public", False), ("Hidden", True)):
        counted = [check for check in checks if check.hidden is is_hidden]
        passed = sum(check.status is Status.PASSED for check in counted)
        marks, most = (
            sum(getattr(c, key) for c in counted) for key in ("marks", "max")
        )
        if counted:
            told = f"{name} checks: {passed} of {len(counted)} passed, "
            yield f"{told}{marks:g} of {most:g} marks.", "bold"
    if hidden:
        marks, most = (sum(getattr(t, key) for t in tasks) for key in ("marks", "max"))
        yield f"Together: {marks:g} of {most:g} marks.", "bold"
    else:
        yield "Hidden checks run when your work is marked.", "dim"
    waiting = [task for task in tasks if task.status is Status.NOT_STARTED]
    if waiting:
        first = waiting[0].id
        was_named = len(tasks) == 1  # then it is the one just typed
        command = "" if was_named else f", then `reelmark check {first}`"
        yield f"Next: {first}{command}.", ""
