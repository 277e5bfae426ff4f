"""Sealed mode: workers in processes of their own, forked from a warm parent.

The process that runs a class holds a `Zygote`, which starts the parent and hands out
connections to it. A process that marks holds a `SealedWorker`, which asks for workers
over such a connection, talks to them and watches their limits.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from reelmark.confinement.bubblewrap import Wall
from reelmark.confinement.level import Level
from reelmark.confinement.privileges import share_scratch
from reelmark.errors import KitFault
from reelmark.processes.environment import why_no_tensorflow
from reelmark.processes.forkserver import ServerProcess, ask
from reelmark.processes.limits import Limits
from reelmark.processes.link import ProcessWorker
from reelmark.wire.assignment import Assignment


class Zygote(ServerProcess):
    """The warm parent's process.

    Args:
        wall: What to put around it; None to leave it as it is.

    Attributes:
        level: How well workers are confined, proved by a canary when it is ready.
        findings: What the canary found wrong, one sentence each.
    """

    def __init__(self, wall: Wall | None = None) -> None:
        super().__init__("reelmark.processes.zygote")
        self._wall = wall
        self.level = Level.PROCESS
        self.findings: tuple[str, ...] = ()

    def start(self) -> None:
        """Start the process; return at once, while it imports TensorFlow.

        Raises:
            UsageError: A wall cannot be built here.
        """
        if self._wall:
            self._wall.require()
        super().start()

    def wait_until_ready(self) -> dict[str, Any]:
        """Wait until TensorFlow is imported; remember what the canary found."""
        told = super().wait_until_ready()
        self.level = Level[told["level"]]
        if self._wall:
            self.level = self.level.behind_wall()
        self.findings = tuple(told["findings"])
        return told

    def _wrap(self, command: list[str]) -> list[str]:
        return self._wall.wrap(command) if self._wall else command

    def _describe_failure(self) -> str:
        return why_no_tensorflow()


class SealedWorker(ProcessWorker):
    """A worker that the warm parent forks."""

    def __init__(
        self, connection: socket.socket, assignment: Assignment, limits: Limits
    ) -> None:
        self._connection = connection
        sock, theirs = socket.socketpair()
        scratch = Path(assignment.scratch)
        if assignment.uid is not None:
            share_scratch(scratch, assignment.uid)
        request = {"do": "spawn", **vars(assignment)}
        try:
            with theirs:
                answer = ask(connection, request, theirs.fileno())
        except KitFault:
            sock.close()
            raise
        self._pid: int | None = answer["pid"]
        super().__init__(sock, answer["outside"], assignment, limits, Limits())

    def close(self) -> dict[str, int]:
        """End the worker; return how it ended."""
        pid, self._pid = self._pid, None
        self._sock.close()
        return ask(self._connection, {"do": "end", "pid": pid}) if pid else {}

    def _bury(self) -> dict[str, int]:
        # Otherwise it would be chance whether it ends by itself or is killed.
        self._meter.wait_for_end()
        return self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the worker has not been ended."""
        return self._pid is not None
