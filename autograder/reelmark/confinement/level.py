"""Levels: how well a worker is closed off, in words for people."""

from __future__ import annotations

import enum


class Level(enum.Enum):
    """How well workers are confined, best first; the value is a description."""

    WALLED = "files and network closed (Landlock, seccomp, bubblewrap)"
    LANDLOCK_SECCOMP = "files and network closed (Landlock, seccomp)"
    UID_SECCOMP = "another user, network closed"
    PROCESS = "a separate process, files and network open"
    IN_PROCESS = "no process of its own, files and network open"

    @property
    def has_files_and_network_closed(self) -> bool:
        """Whether hidden checks can run without being given away."""
        return self in (Level.WALLED, Level.LANDLOCK_SECCOMP)

    def behind_wall(self) -> Level:
        """Return this level with a wall around it; a wall improves no lower level."""
        return Level.WALLED if self is Level.LANDLOCK_SECCOMP else self
