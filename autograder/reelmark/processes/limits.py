"""Limits: what one check of one submission may use, and how it is measured.

All of it is measured from outside the worker, which cannot lie about it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import Crashed, OutOfMemory, TimedOut

GIGABYTE = 2**30

BLOCK = 512
"""Bytes of a block, as stat(2) counts them whatever the file system."""

LOOK_SECONDS = 0.05
"""Seconds between two looks at what a worker uses: most calls are shorter."""

END_SECONDS = 2.0
"""Seconds that a process may take to end once it has closed its socket."""

SCRATCH_SECONDS = 0.5
"""Seconds between two looks into the scratch folder, which cost more."""


@dataclass(frozen=True)
class Limits:
    """What one check may use.

    Processor time is the limit that counts, because it is the same on a busy
    machine; wall time only ends code that waits for ever. The kernel's own limits
    (`rlimits`) prevent most of what these would end.

    Attributes:
        cpu_seconds: Processor time of the worker.
        wall_seconds: Wall time.
        memory_bytes: Memory that the worker holds, including half a gigabyte for
            TensorFlow.
        scratch_bytes: Size of the folder that it may write to.
        scratch_entries: Number of files and folders in it.
        threads: Number of threads of the worker.
    """

    cpu_seconds: float = 10.0
    wall_seconds: float = 60.0
    memory_bytes: int = 3 * GIGABYTE
    scratch_bytes: int = GIGABYTE
    scratch_entries: int = 20_000
    threads: int = 512


@dataclass(frozen=True)
class Usage:
    """What a process has used so far, or holds now.

    Attributes:
        cpu_seconds: Processor time, in user and in kernel mode.
        memory_bytes: Its resident size.
        threads: The number of its threads.
    """

    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    threads: int = 0


Limit = TimedOut | OutOfMemory | Crashed
"""The exceptions that report a limit."""


class Meter:
    """Measures what a worker uses in one check.

    Args:
        pid: The worker's process.
        scratch: The folder that it may write to; None not to measure it.
        limits: What it may use.
    """

    def __init__(self, pid: int, scratch: Path | None, limits: Limits) -> None:
        self._pid = pid
        self._scratch = scratch
        self._limits = limits
        self.restart()

    def restart(self) -> None:
        """Begin a new check."""
        self._cpu = read_usage(self._pid).cpu_seconds
        self._wall = self._looked = self._looked_into_scratch = time.monotonic()

    def exceeded(self, *, at_once: bool = False) -> Limit | None:
        """Return the exception for a limit that has been reached, or None.

        Args:
            at_once: Whether to look at everything now, however recent the last look
                was.
        """
        now, limits = time.monotonic(), self._limits
        if now - self._looked < LOOK_SECONDS and not at_once:
            return None
        self._looked, usage = now, read_usage(self._pid)
        if usage.cpu_seconds - self._cpu > limits.cpu_seconds:
            return TimedOut(f"{limits.cpu_seconds:g} seconds of processor time")
        if now - self._wall > limits.wall_seconds:
            return TimedOut(f"{limits.wall_seconds:g} seconds", is_verdict=False)
        if usage.memory_bytes > limits.memory_bytes:
            return OutOfMemory(f"more than {limits.memory_bytes / GIGABYTE:g} GB")
        if usage.threads > limits.threads:
            return Crashed(f"it started more than {limits.threads} threads")
        if now - self._looked_into_scratch > SCRATCH_SECONDS or at_once:
            self._looked_into_scratch = now
            return self._full_scratch()
        return None

    def wait_for_end(self) -> None:
        """Wait until the process has ended by itself, for a bounded time."""
        patience = time.monotonic() + END_SECONDS
        while is_running(self._pid) and time.monotonic() < patience:
            time.sleep(0.002)

    def _full_scratch(self) -> Crashed | None:
        if self._scratch is None:
            return None
        try:
            size = measure_folder(self._scratch, self._limits.scratch_entries)
        except Crashed as limit:
            return limit
        if size + measure_unlinked(self._pid) > self._limits.scratch_bytes:
            most = f"{self._limits.scratch_bytes / GIGABYTE:g} GB"
            return Crashed(f"it wrote more than {most} to its folder")
        return None


def is_running(pid: int) -> bool:
    """Return whether a process exists and has not ended; a zombie has ended."""
    fields = _read_stat(pid)
    return bool(fields) and fields[0] not in "ZX"


def read_usage(pid: int) -> Usage:
    """Return what a process uses; all zeros if it is gone."""
    return read_proc(pid) if _HAS_PROC else ask_system(pid)


_HAS_PROC = Path("/proc/self/stat").exists()


def read_proc(pid: int) -> Usage:
    """Return what a process uses, according to /proc."""
    fields = _read_stat(pid)
    if not fields:
        return Usage()
    user, system, threads, pages = (int(fields[i]) for i in (11, 12, 17, 21))
    return Usage(
        cpu_seconds=(user + system) / os.sysconf("SC_CLK_TCK"),
        memory_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
        threads=threads,
    )


def _read_stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat from the state on; none if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The process chooses the name in brackets, which may hold blanks.
    return text.rpartition(")")[2].split()


def ask_system(pid: int) -> Usage:
    """Return what a process uses where there is no /proc: on macOS and Windows."""
    import psutil

    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            return Usage(
                cpu_seconds=times.user + times.system,
                memory_bytes=process.memory_info().rss,
                threads=process.num_threads(),
            )
    except psutil.Error:
        return Usage()


def measure_folder(folder: Path, most_entries: int) -> int:
    """Return how many bytes a folder and everything below it take on disk.

    It looks at a bounded number of entries, whatever a worker did to the folder.

    Raises:
        Crashed: There are more than ``most_entries`` entries, or some lie too deep
            for a path to reach them.
    """
    size, waiting, left = 0, [str(folder)], most_entries
    while waiting:
        with _ignoring_what_is_gone(), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if (left := left - 1) < 0:
                    most = f"{most_entries:,}"
                    raise Crashed(f"it made more than {most} files in its folder")
                with _ignoring_what_is_gone():
                    size += _room_of(entry.stat(follow_symlinks=False))
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
    return size


@contextlib.contextmanager
def _ignoring_what_is_gone() -> Iterator[None]:
    """Ignore what was removed in between.

    Raises:
        Crashed: A path is longer than paths can be.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            words = "it made folders in its folder that are nested too deep to be seen"
            raise Crashed(words) from None


def measure_unlinked(pid: int) -> int:
    """Return how many bytes are in a process's files that no folder holds any more.

    Only root may look; for other users the kernel bounds them (`rlimits`).
    """
    size = 0
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                found = entry.stat()
                if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                    size += _room_of(found)
    return size


def _room_of(found: os.stat_result) -> int:
    """Return the bytes that a file takes on disk; on Windows, its length."""
    blocks: int | None = getattr(found, "st_blocks", None)
    return found.st_size if blocks is None else blocks * BLOCK
