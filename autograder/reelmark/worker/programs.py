"""Programs: student code cannot start any, and is told so in words.

A worker is a single process, so nothing it starts can outlive it
(`confinement.refusals`). Code that tries to start a program gets what it would get
if that program were missing, not a bare "Operation not permitted". Pools of
processes do their work in threads of this process.
"""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import errno
import io
import multiprocessing.pool
import multiprocessing.process
import os
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

REFUSED = (
    "no process can be started where work is checked and marked: call a function, or "
    "use a pool, which works in threads"
)

CANNOT_EXECUTE = 126
"""The exit code that shells give when a program cannot be started."""

_PROCESSES: Any = multiprocessing.pool.Pool

_STARTERS = (
    *("fork", "forkpty", "posix_spawn", "posix_spawnp", "startfile"),
    *("execv", "execve", "execl", "execle", "execlp", "execlpe", "execvp", "execvpe"),
    *("spawnv", "spawnve", "spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnvp"),
    "spawnvpe",
)


def forbid_programs() -> None:
    """Stop this process from starting others; call it where student code will run."""
    for name in _STARTERS:
        if hasattr(os, name):
            setattr(os, name, _refuse)
    for holder, name, instead in (
        (os, "system", _fail),
        (subprocess, "Popen", RefusedProgram),
        (subprocess.CalledProcessError, "__str__", _tell_exit),
        (multiprocessing.process.BaseProcess, "start", _refuse),
        (multiprocessing.pool, "Pool", PoolOfThreads),
        (concurrent.futures.process, "ProcessPoolExecutor", ExecutorOfThreads),
        (concurrent.futures, "ProcessPoolExecutor", ExecutorOfThreads),
    ):
        setattr(holder, name, instead)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise PermissionError(errno.EPERM, REFUSED)


def _tell_exit(error: subprocess.CalledProcessError) -> str:
    return f"{REFUSED} ({error.cmd!r} has exit code {error.returncode})"


def _fail(_: object) -> int:
    return CANNOT_EXECUTE << 8 if os.name == "posix" else CANNOT_EXECUTE


class RefusedProgram:
    """A program that could not be started: it has already ended, and says why.

    Args:
        args: The command, as `subprocess.Popen` takes it.
        text: Whether its output is text.
        encoding: If given, its output is text in this encoding.
        errors: If given, its output is text; how to treat encoding errors.
        universal_newlines: An older name for ``text``.
        others: Whatever else `subprocess.Popen` takes.
    """

    pid = 0
    returncode = CANNOT_EXECUTE
    stdin: Any = None

    def __init__(
        self,
        args: str | Sequence[str],
        *_: object,
        text: bool | None = None,
        encoding: str | None = None,
        errors: str | None = None,
        universal_newlines: bool | None = None,
        **others: object,
    ) -> None:
        self.args = args
        is_text = bool(text or encoding or errors or universal_newlines)
        out, err = (others.get(name) for name in ("stdout", "stderr"))
        reason = f"{REFUSED}\n"
        self.stdout = _stream(reason if err == subprocess.STDOUT else "", is_text, out)
        self.stderr = _stream(reason, is_text, err)

    def __class_getitem__(cls, _: object) -> type[RefusedProgram]:
        return cls  # as in annotations: Popen[bytes]

    def __enter__(self) -> RefusedProgram:
        return self

    def __exit__(self, *_: object) -> None: ...

    def communicate(self, *_: object, **__: object) -> tuple[Any, Any]:
        """Return what it printed: the reason why it was not started."""
        outputs = (self.stdout, self.stderr)
        out, err = (stream.read() if stream else None for stream in outputs)
        return out, err

    def wait(self, timeout: float | None = None) -> int:
        """Return how it ended."""
        del timeout
        return self.returncode

    def poll(self) -> int:
        """Return how it ended."""
        return self.returncode

    def kill(self) -> None:
        """Do nothing: it has ended."""

    terminate = kill

    def send_signal(self, _: int) -> None:
        """Do nothing: it has ended."""


def _stream(text: str, is_text: bool, wanted: object) -> Any:
    if wanted != subprocess.PIPE:
        return None
    return io.StringIO(text) if is_text else io.BytesIO(text.encode())


class PoolOfThreads(multiprocessing.pool.ThreadPool):
    """A pool of processes whose work is done by threads of this process."""

    # The library looks this up by the name `Pool`, which now is this class's.
    _wait_for_updates = staticmethod(_PROCESSES._wait_for_updates)

    def __init__(
        self,
        processes: int | None = None,
        initializer: Callable[..., object] | None = None,
        initargs: Sequence[Any] = (),
        maxtasksperchild: int | None = None,
        context: object = None,
    ) -> None:
        del maxtasksperchild, context
        # Not super(): the method of the thread pool would lead back here.
        _PROCESSES.__init__(self, processes, initializer, initargs)


class ExecutorOfThreads(concurrent.futures.ThreadPoolExecutor):
    """A pool of processes whose work is done by threads of this process."""

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: object = None,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        del mp_context, max_tasks_per_child
        super().__init__(max_workers, "", initializer, initargs)
