"""The extension: ``%reelmark`` and ``%%module``, in the first cell of a notebook.

::

    %load_ext reelmark

From then on, work can be checked in cells as in a terminal, and a cell that waits for a
task that is not started says so. The notebook's own process never decides anything.
"""

from __future__ import annotations

import atexit
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reelmark.errors import UsageError
from reelmark.manifest import Coursework, find_coursework
from reelmark.notebook import waiting
from reelmark.notebook.commands import USAGE, Command, read_command
from reelmark.notebook.modules import find_strays, write_module
from reelmark.notebook.output import (
    Output,
    capture,
    show_found,
    show_looks,
    show_tasks,
    show_text,
)
from reelmark.notebook.session import Session
from reelmark.practice.hints import choose_task, print_hint
from reelmark.practice.work import find_work
from reelmark.results import CheckResult
from reelmark.terminal.endings import tell

Shell = Any
"""``IPython.InteractiveShell``: wherever there are notebooks, there is IPython."""

_LOADED: dict[int, Extension] = {}

STARTING = "Starting the processes that check: some seconds, once ..."
BETWEEN_SECONDS = 0.2
"""Seconds between two updates of a cell while checks run."""


def load(shell: Shell) -> None:
    """Load the extension in a notebook; a second time changes nothing."""
    if id(shell) not in _LOADED:
        _LOADED[id(shell)] = Extension(shell)


def unload(shell: Shell) -> None:
    """Unload the extension from a notebook."""
    if extension := _LOADED.pop(id(shell), None):
        extension.close()


class Extension:
    """The magics of one notebook.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._session = Session()
        shell.register_magic_function(self.run, "line", "reelmark")
        shell.register_magic_function(self.write, "cell", "module")
        shell.set_custom_exc(waiting.EXPLAINED, waiting.show)
        shell.events.register("post_run_cell", self.look_for_strays)
        atexit.register(self._session.close)

    def close(self) -> None:
        """End the processes, and stop watching cells."""
        self._shell.events.unregister("post_run_cell", self.look_for_strays)
        self._shell.set_custom_exc((), None)
        atexit.unregister(self._session.close)
        self._session.close()

    def run(self, line: str) -> None:
        """Check your work: ``%reelmark check 1a-i``; ``%reelmark`` alone says more."""

        def carry_out(screen: Screen) -> Output:
            command = read_command(line)
            if command.name == "help":
                return show_text(USAGE)
            coursework, work = _find()
            return self._carry_out(command, coursework, work, screen)

        _show(carry_out)

    def write(self, line: str, cell: str) -> None:
        """Write this cell to a module, and check it: ``%%module NAME``."""

        def carry_out(screen: Screen) -> Output:
            coursework, work = _find()
            written = write_module(coursework, work, line, cell)
            # The next import gets the new one.
            for name in (*coursework.modules, written.path.stem):
                sys.modules.pop(name, None)
            told = " ".join(written.remarks)
            if not written.tasks:
                return show_text(told)
            tasks = tuple(task.id for task in written.tasks)
            return self._check(coursework, work, tasks, screen, told)

        _show(carry_out)

    def look_for_strays(self, result: Any) -> None:
        """Say which functions a cell defined that count only in a module."""
        try:
            coursework = find_coursework()
        except UsageError:
            return
        cell = getattr(result.info, "raw_cell", None) or ""
        if strays := find_strays(coursework, cell):
            named = ", ".join(f"{task.function}()" for task in strays)
            modules = dict.fromkeys(f"%%module {task.module}" for task in strays)
            told = (
                f"Defined in this notebook alone: {named}. That is not checked, nor "
                f"marked; a cell that begins with {' or '.join(modules)} is."
            )
            _display(show_text(told))

    def _carry_out(
        self, command: Command, coursework: Coursework, work: Path, screen: Screen
    ) -> Output:
        tasks = tuple(task.id for task in coursework.find_tasks(command.tasks))
        if command.name == "list":
            return show_tasks(coursework, work)
        if command.name == "hint":
            task = choose_task(coursework, " ".join(command.tasks), work)
            return show_text(
                capture(lambda c: print_hint(c, work, task, again=command.is_again))
            )
        if command.name == "picture":
            screen.begin(is_warm=self._session.is_warm(coursework))
            return show_looks(self._session.look(coursework, work, tasks))
        return self._check(coursework, work, tasks, screen)

    def _check(
        self,
        coursework: Coursework,
        work: Path,
        tasks: tuple[str, ...],
        screen: Screen,
        told: str = "",
    ) -> Output:
        screen.begin(is_warm=self._session.is_warm(coursework))
        wanted = tasks or tuple(task.id for task in coursework.tasks)
        found, trouble = self._session.check(coursework, work, wanted, screen.tell)
        return show_found(
            coursework,
            found,
            every=bool(tasks),
            before=[told] if told else [],
            after=[trouble] if trouble else [],
        )


class Screen:
    """What a cell shows: the progress, and in the end what was found."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._count = 0
        self._last = 0.0

    def begin(self, *, is_warm: bool) -> None:
        """Say that this takes a moment."""
        self.show(show_text("Checking ..." if is_warm else STARTING))

    def tell(self, task_id: str, result: CheckResult) -> None:
        """Record one more finished check."""
        self._count += 1
        if time.monotonic() - self._last > BETWEEN_SECONDS:
            self._last = time.monotonic()
            told = f"{self._count} checks done, {task_id}: {result.title}"
            self.show(show_text(told))

    def show(self, output: Output) -> None:
        """Show something in place of what was shown."""
        if self._handle is None:
            self._handle = _display(output)
        else:
            self._handle.update(output)


def _find() -> tuple[Coursework, Path]:
    coursework = find_coursework()
    return coursework, find_work(coursework, None)


def _show(carry_out: Callable[[Screen], Output]) -> None:
    """Show the output of something; if it fails, say so in a sentence."""
    screen = Screen()
    try:
        output = carry_out(screen)
    except Exception as error:  # a page of the kit's own frames would help nobody
        output = show_text("\n".join(tell(error)[1]), is_problem=True)
    screen.show(output)


def _display(output: Output) -> Any:
    from IPython.display import display

    return display(output, display_id=True)  # type: ignore[no-untyped-call]
