"""Processes: what the processes that a benchmark started use, and which are left.

A benchmark becomes the parent of orphans (Linux's subreaper). So everything that it
started, directly or not, stays among its descendants: none can escape the count, and
the processor time of each is added up when it is reaped.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import resource
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

PR_SET_CHILD_SUBREAPER = 36  # from <linux/prctl.h>

LOOK_SECONDS = 0.2
"""The least number of seconds between two looks at memory."""

LOOK_SHARE = 0.03
"""The largest share of time for looking: the kernel walks all pages of a process."""

PATIENCE_SECONDS = 15.0
"""Seconds that processes may take to end after the one they work for has ended."""


@dataclass(frozen=True)
class Process:
    """A running process: its parent, and the command it was started with.

    ``command`` is empty for one that has ended and is not reaped yet.
    """

    pid: int
    parent: int
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """The module, script or program that it was started as."""
        words = self.command
        for option, following in itertools.pairwise(words):
            if option == "-m":
                return following
            if option == "-c":
                return _imported_by(following)
        scripts = [word for word in words if word.endswith(".py")]
        return Path((scripts or words or ("ended",))[0]).name


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1):
        raise OSError("this kernel gives no process the orphans of another")


def find_descendants(root: int | None = None) -> dict[int, Process]:
    """Return all processes below ``root`` (by default this one), by id."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            children[_read_parent(entry)].append(int(entry.name))
    found: dict[int, Process] = {}
    waiting = [os.getpid() if root is None else root]
    while waiting:
        parent = waiting.pop()
        for pid in children[parent]:
            with contextlib.suppress(OSError):
                found[pid] = Process(pid, parent, _read_command(pid))
            waiting.append(pid)
    return found


def bury_orphans() -> dict[int, Process]:
    """Wait until no descendant is left, or until it is clear that some never end.

    Call it only when every process started here has been waited for.

    Returns:
        Those that are still there.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return {}
        time.sleep(0.05)
    return find_descendants()


def children_cpu_seconds() -> float:
    """Return the processor time of all descendants that have been reaped."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def private_bytes(pid: int) -> int:
    """Return the memory that a process shares with no other.

    Raises:
        OSError: The process has ended, or belongs to somebody else.
    """
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    lines = [line.split() for line in text.splitlines()]
    wanted = ("Private_Clean:", "Private_Dirty:")
    return sum(int(words[1]) * 1024 for words in lines if words[0] in wanted)


def label_processes(processes: Mapping[int, Process]) -> dict[int, str]:
    """Return a label for each process: its name, and whether it is only a fork.

    A process with the same command line as its parent was forked from it and never
    started a program of its own.
    """
    labels = {}
    for pid, process in processes.items():
        parent = processes.get(process.parent)
        is_fork = parent is not None and parent.command == process.command
        labels[pid] = f"{process.name}{FORKED if is_fork else ''}"
    return labels


FORKED = ", forked"


@dataclass
class Peaks:
    """The most private memory ever seen, in bytes.

    Attributes:
        total: Of all processes together.
        forked: Of all forked ones together.
        by_label: Of one process, by label.
        is_complete: Whether every process that ran could be looked at.
    """

    total: int = 0
    forked: int = 0
    by_label: dict[str, int] = field(default_factory=dict)
    is_complete: bool = True

    def add(self, sample: Mapping[int, int], labels: Mapping[int, str]) -> None:
        """Record one look: bytes by process id."""
        forked = [pid for pid in sample if labels[pid].endswith(FORKED)]
        self.total = max(self.total, sum(sample.values()))
        self.forked = max(self.forked, sum(sample[pid] for pid in forked))
        for pid, size in sample.items():
            before = self.by_label.get(labels[pid], 0)
            self.by_label[labels[pid]] = max(before, size)

    def join(self, other: Peaks) -> Peaks:
        """Return the higher of two peaks, figure by figure."""
        labels = self.by_label.keys() | other.by_label.keys()
        both = (self.by_label, other.by_label)
        return Peaks(
            total=max(self.total, other.total),
            forked=max(self.forked, other.forked),
            by_label={key: max(one.get(key, 0) for one in both) for key in labels},
            is_complete=self.is_complete and other.is_complete,
        )


class Watch:
    """Measures what everything started inside a ``with`` block uses.

    Attributes:
        seconds: Wall time from the block's beginning to its end.
        cpu_seconds: Processor time of all processes, including orphans.
        peaks: The most private memory seen at any look.
        left: Processes that did not end.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self.peaks = Peaks()
        self.left: dict[int, Process] = {}
        self._done = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Watch:
        adopt_orphans()
        self._cpu_before = children_cpu_seconds()
        self._started = time.monotonic()
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.seconds = time.monotonic() - self._started
        self._done.set()
        self._sampler.join()
        self.left = bury_orphans()
        self.cpu_seconds = children_cpu_seconds() - self._cpu_before

    def _sample(self) -> None:
        pause = LOOK_SECONDS
        while not self._done.wait(pause):
            before = time.thread_time()
            self._look()
            pause = max(LOOK_SECONDS, (time.thread_time() - before) / LOOK_SHARE)

    def _look(self) -> None:
        processes = find_descendants()
        sample = {}
        for pid in processes:
            try:
                sample[pid] = private_bytes(pid)
            except PermissionError:
                self.peaks.is_complete = False
            except OSError:
                continue  # it has ended meanwhile
        self.peaks.add(sample, label_processes(processes))


def _read_parent(entry: Path) -> int:
    stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
    # The process chooses the name in brackets, which may hold blanks.
    return int(stat.rpartition(")")[2].split()[1])


def _read_command(pid: int) -> tuple[str, ...]:
    path = Path(f"/proc/{pid}/cmdline")
    text = path.read_text(encoding="utf-8", errors="replace")
    return tuple(text.rstrip("\0").split("\0"))


def _imported_by(code: str) -> str:
    """Return the first module that code given to ``-c`` imports."""
    words = code.split()
    is_import = len(words) > 1 and words[0] in ("from", "import")
    return words[1].rstrip(";") if is_import else "-c"
