"""Watch: check again whatever a student saves, as soon as it is saved.

The processes that check are warm: `rounds` uses the same ones that mark a class.
Whatever the student's code does happens there, and the watch goes on.
"""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from reelmark.manifest import Coursework
from reelmark.marking.backend import choose_backend
from reelmark.practice.rounds import Rounds
from reelmark.practice.screen import Board
from reelmark.practice.work import find_work
from reelmark.terminal.console import make_console

STEP_MS = 20
"""Quiet time after a save before checking: some editors save in two steps."""

MOST_MS = 200
"""The longest to wait for quiet in a folder where something happens all the time."""

LISTENING_MS = 500
"""Between two chances for Ctrl-C on Windows, which notices it only between waits."""

SLOW = (
    "Processes cannot be kept warm on this system: each save takes as long to check "
    "as TensorFlow takes to import, some seconds."
)


def watch_work(
    coursework: Coursework, folder: Path | None, task_ids: Sequence[str]
) -> None:
    """Check some tasks; until Ctrl-C, recheck those whose module is saved.

    Args:
        coursework: The coursework.
        folder: Where the modules are; None to look in the usual places.
        task_ids: The tasks to check; all if empty.

    Raises:
        UsageError: ``folder`` holds none of the coursework's modules.
        CannotMark: Nothing can be checked on this machine.
    """
    work = find_work(coursework, folder)
    wanted = [t.id for t in coursework.tasks if not task_ids or t.id in task_ids]
    backend = choose_backend(coursework, is_practice=True, hidden=False)
    remark = "" if backend.is_warm else SLOW
    board = Board(coursework, work, wanted, remark)
    _end_like_ctrl_c()
    try:
        with (
            tempfile.TemporaryDirectory(
                prefix="reelmark-", ignore_cleanup_errors=True
            ) as scratch,
            Rounds(coursework, work, backend, board, _opened(scratch)) as rounds,
        ):
            _watch(coursework, work, wanted, rounds, board)
            if rounds.fault:
                raise rounds.fault
    except KeyboardInterrupt:
        make_console().print("\nThe watch has ended.", style="dim")


def _watch(
    coursework: Coursework,
    work: Path,
    wanted: Sequence[str],
    rounds: Rounds,
    board: Board,
) -> None:
    """Carry out a round, and another after every save."""
    rounds.begin((), wanted)
    # No save before this is missed: a round copies the folder only once the processes
    # that check are ready, and they take longer than this.
    for saved in find_saves(work, rounds.is_over):
        if tasks := choose_tasks(coursework, wanted, saved):
            board.say_saved(saved)
            rounds.begin(tasks)


def find_saves(work: Path, is_over: threading.Event) -> Iterator[frozenset[str]]:
    """Yield the names of modules, without ``.py``, that were saved together.

    Args:
        work: The folder that the modules are in.
        is_over: When set, ends the iteration.
    """
    from watchfiles import watch

    changes = watch(
        work,
        watch_filter=lambda _, path: _is_module(Path(path)),
        debounce=MOST_MS,
        step=STEP_MS,
        stop_event=is_over,
        rust_timeout=LISTENING_MS,
        recursive=False,
    )
    for changed in changes:
        yield frozenset(Path(path).stem for _, path in changed)


def choose_tasks(
    coursework: Coursework, wanted: Sequence[str], saved: frozenset[str]
) -> list[str]:
    """Return the tasks to check again, in the manifest's order.

    If a file that is not one of the coursework's modules was saved, anything may
    depend on it: then it is every task.
    """
    is_helper = not saved <= set(coursework.modules)
    tasks = map(coursework.task, wanted)
    return [task.id for task in tasks if is_helper or task.module in saved]


def _is_module(path: Path) -> bool:
    return path.suffix == ".py" and not path.name.startswith(".")


def _opened(folder: str) -> Path:
    """Open a folder so that workers with users of their own can pass through it."""
    path = Path(folder)
    path.chmod(0o711)
    return path.resolve()


def _end_like_ctrl_c() -> None:
    """End as after Ctrl-C when the terminal is closed or the process is terminated."""
    # The first is ignored if a shell started this in the background.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.default_int_handler)
