"""Nodes: they mark on the machines of a cluster.

A node is sent everything it needs: the coursework, encrypted for it, and what the
instructor's machine marks with. It marks nothing unless it would mark as that machine
does, can close submissions off, and gives the reference full marks.
"""

from __future__ import annotations

import contextlib
import queue
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, cast

from reelmark.cluster.kit import unpack_coursework
from reelmark.cluster.likeness import describe_likeness, tell_differences
from reelmark.cluster.packets import unpack_work
from reelmark.cluster.sealing import Seal, unwrap_key
from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.level import Level
from reelmark.errors import KitFault, UsageError
from reelmark.files import open_temporary
from reelmark.grading.run import ClassRun
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, choose_backend

KIT = "the kit"
"""The label under which the coursework is sealed."""

MOST_SLOTS = 4096


@dataclass(frozen=True)
class Session:
    """What a run sends to every node.

    Attributes:
        id: Identifies this run.
        keys: The key of the run, encrypted for each node that may have it.
        kit: The coursework, sealed.
        likeness: What the instructor's machine marks with.
        is_unsafe: Whether hidden checks run even if submissions could read them.
        is_proving: Whether the node first marks the reference by itself.
    """

    id: str
    keys: tuple[bytes, ...]
    kit: bytes
    likeness: Mapping[str, str]
    is_unsafe: bool
    is_proving: bool


class Node:
    """The processes that mark on this machine, for one run.

    Args:
        session: What the run sent.
        key: This node's private key, in PEM.
        num_slots: How many submissions it marks at a time.
    """

    def __init__(self, session: Session, key: str, num_slots: int) -> None:
        self._session = session
        self._key = key
        self._num_slots = num_slots
        self._stack = contextlib.ExitStack()
        self._slots: queue.SimpleQueue[int] = queue.SimpleQueue()

    def open(self) -> Level:
        """Get ready to mark; return how well submissions are closed off.

        Raises:
            KitFault: It cannot mark, or must not.
            UsageError: It cannot close submissions off, but hidden checks must run.
        """
        session = self._session
        self._seal = Seal(unwrap_key(session.keys, self._key))
        self._folder = self._stack.enter_context(open_temporary())
        packed = self._seal.open(session.kit, KIT)
        coursework = unpack_coursework(packed, self._folder / "kit")
        if told := tell_differences(session.likeness, describe_likeness(coursework)):
            raise KitFault(told)
        self._backend = self._stack.enter_context(choose_backend(coursework))
        self._backend.start()
        self._refuse_open_secrets(coursework)
        if session.is_proving:
            self._prove(coursework)
        for slot in self._stack.enter_context(claim_slots(self._num_slots)):
            self._slots.put(slot)
        return self._backend.level

    def mark(self, work: bytes, about: str) -> bytes:
        """Mark a submission.

        Args:
            work: The submission, packed and sealed.
            about: The label under which it is sealed.

        Returns:
            Its result as JSON, sealed.

        Raises:
            CannotMark: Nothing can be marked here any more.
            KitFault: This submission could not be marked.
        """
        packed = self._seal.open(work, about)
        slot = self._slots.get()
        try:
            self._backend.start()
            with open_temporary(self._folder) as folder:
                job = unpack_work(packed, folder)
                # This node knows best how well it is closed off.
                words = self._backend.level.value
                self._backend.mark(replace(job, confinement=words), slot)
                return self._seal.close(_read_answer(Path(job.result)), about)
        finally:
            self._slots.put(slot)

    def stop(self) -> None:
        """End what is being marked."""
        with contextlib.suppress(AttributeError):  # it had not got that far
            self._backend.stop()

    def close(self) -> None:
        """End all processes, and remove what was written."""
        self._stack.close()

    def _refuse_open_secrets(self, coursework: Coursework) -> None:
        level = self._backend.level
        has_secrets = coursework.hidden_suite.is_dir() and not self._session.is_unsafe
        if has_secrets and not level.has_files_and_network_closed:
            raise UsageError(explain_open_level(level, self._backend.findings))

    def _prove(self, coursework: Coursework) -> None:
        """Mark the reference: an empty class begins with it."""
        run = ClassRun(
            coursework,
            self._folder / "proof",
            slots=1,
            is_unsafe=self._session.is_unsafe,
            backend=cast(Backend, _LeftOpen(self._backend)),
        )
        for _ in run.mark_class([]):
            pass


class _LeftOpen:
    """A backend that keeps going when a run has ended."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)


@contextlib.contextmanager
def claim_slots(number: int) -> Iterator[list[int]]:
    """Hold slot numbers that no other node on this machine has.

    If root marks, a slot's number decides which user its submissions run as, and no
    two may be the same. Only one process at a time can hold the name of an abstract
    socket, which is free again when that process ends, however it ends.
    """
    with contextlib.ExitStack() as stack:
        claimed: list[int] = []
        for slot in range(MOST_SLOTS):
            if len(claimed) == number:
                break
            with contextlib.suppress(OSError):
                sock = socket.socket(socket.AF_UNIX)
                stack.callback(sock.close)
                sock.bind(f"\0reelmark-slot-{slot}")
                claimed.append(slot)
        yield claimed


def _read_answer(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KitFault(
            f"the process that marks ended without a result: {error}"
        ) from error
