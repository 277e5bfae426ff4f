"""Limits: what one check of one submission may use."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """What one check may use.

    Processor time is the limit that counts, because it is the same on a busy
    machine; wall time only ends code that waits for ever.

    Attributes:
        cpu_seconds: Processor time of the worker.
        wall_seconds: Time on the clock.
    """

    cpu_seconds: float = 10.0
    wall_seconds: float = 60.0


class Stopwatch:
    """Measures what a worker uses in one check."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._pid = pid
        self._limits = limits
        self.restart()

    def restart(self) -> None:
        """Begin a new check."""
        self._cpu = cpu_seconds(self._pid)
        self._wall = time.monotonic()

    def exceeded(self) -> str | None:
        """Return which limit is reached, in words, or None."""
        if cpu_seconds(self._pid) - self._cpu > self._limits.cpu_seconds:
            return f"{self._limits.cpu_seconds:g} seconds of processor time"
        if time.monotonic() - self._wall > self._limits.wall_seconds:
            return f"{self._limits.wall_seconds:g} seconds"
        return None


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used; 0 where /proc is not there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    # The name in brackets is the process's own choice and may hold blanks.
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
