"""Rounds: some tasks of a student's work, checked by warm processes, one at a time.

A copy is checked (`copies`), so saving a file during a round changes nothing in it. A
new round ends the current one, whatever the student's code is doing, and takes over
the tasks that it had left.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from reelmark.errors import CannotMark
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend
from reelmark.marking.workspace import Workspace
from reelmark.practice.copies import Copy, Found
from reelmark.results import CheckResult
from reelmark.terminal import endings

PATIENCE = 0.05
"""Seconds between two attempts to end a round: it may not quite have begun."""

LAST_SECONDS = 5.0
"""Seconds to wait for the end of the last round, once its processes are gone."""


class Listener(Protocol):
    """Follows a round; it is called from the round's thread."""

    def begin(self, saved: Sequence[str]) -> None:
        """A round begins with these tasks."""

    def tell(self, task_id: str, result: CheckResult) -> None:
        """A check is done."""

    def take(self, found: Found) -> None:
        """A part of the round is done: the tasks it began with, or others."""

    def end(self) -> None:
        """The round is over."""

    def fail(self, reason: str) -> None:
        """The round could not be carried out."""

    def stop(self) -> None:
        """The round is ended early."""


class Rounds:
    """Carries out rounds in the background; a context manager that ends them.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules.
        backend: The processes that check.
        listener: Follows the rounds.
        scratch: A folder for temporary files.

    Attributes:
        is_over: Set when there can be no more rounds on this machine.
        fault: The reason for that.
    """

    def __init__(
        self,
        coursework: Coursework,
        work: Path,
        backend: Backend,
        listener: Listener,
        scratch: Path,
    ) -> None:
        self._coursework = coursework
        self._work = work
        self._backend = backend
        self._listener = listener
        self._workspace = Workspace(scratch)
        self._opened = self._workspace.open()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._owed: tuple[str, ...] = ()
        self.is_over = threading.Event()
        self.fault: CannotMark | None = None

    def __enter__(self) -> Self:
        self._opened.__enter__()
        self._backend.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        # Ends whatever the round waits for, even servers that are getting ready.
        self._backend.__exit__(kind, error, trace)
        if self._thread:
            self._thread.join(LAST_SECONDS)
        self._opened.__exit__(None, None, None)

    def begin(self, saved: Sequence[str], others: Sequence[str] = ()) -> None:
        """Check some tasks, then the others and those left over from the last round."""
        self._end_round()
        rest = dict.fromkeys((*self._owed, *others))
        self._owed = tuple(task for task in rest if task not in saved)
        self._stopped = threading.Event()
        self._backend.go_on()
        parts = self._divide(tuple(saved))
        self._owed = (*saved, *self._owed)
        self._thread = threading.Thread(
            target=self._run, args=(saved, parts, self._stopped), daemon=True
        )
        self._thread.start()

    def wait(self) -> None:
        """Wait until the current round is over."""
        if self._thread:
            self._thread.join()

    def _divide(self, saved: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Divide a round: first what was saved, then, if that is cheap, by module."""
        modules: dict[str, tuple[str, ...]] = {}
        for task in self._owed:
            name = self._coursework.task(task).module if self._backend.is_warm else ""
            modules[name] = (*modules.get(name, ()), task)
        return [part for part in (saved, *modules.values()) if part]

    def _end_round(self) -> None:
        self._stopped.set()
        while self._thread and self._thread.is_alive():
            self._backend.stop()
            self._thread.join(PATIENCE)

    def _run(
        self,
        saved: Sequence[str],
        parts: Sequence[tuple[str, ...]],
        stopped: threading.Event,
    ) -> None:
        self._listener.begin(saved)
        try:
            for part in parts:
                self._check(part, stopped)
                if stopped.is_set():
                    return self._listener.stop()
        except CannotMark as fault:
            self._listener.stop()
            if not stopped.is_set():
                self.fault = fault
                self.is_over.set()
            return None
        except Exception as error:  # the next save can be checked all the same
            if stopped.is_set():
                return self._listener.stop()
            return self._listener.fail("\n".join(endings.tell(error)[1]))
        return self._listener.end()

    def _check(self, tasks: tuple[str, ...], stopped: threading.Event) -> None:
        """Check some tasks, unless the round is ended."""
        self._backend.start()

        def tell(task_id: str, result: CheckResult) -> None:
            if not stopped.is_set():
                self._listener.tell(task_id, result)

        with self._workspace.folder() as folder:
            copy = Copy(self._coursework, self._work, folder)
            found = copy.check(self._backend, tasks, tell, is_stopped=stopped.is_set)
            if found:
                self._owed = tuple(task for task in self._owed if task not in tasks)
                self._listener.take(found)
