"""Jobs: one submission each, and how the marker is asked to do one.

The marker's own modules collect suites; who starts it needs none of what that
takes, pytest and Hypothesis, which are slow to import.
"""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass

from reelmark import wire
from reelmark.codec import pack, unpack
from reelmark.forkserver import ServerProcess, ask
from reelmark.limits import Limits
from reelmark.manifest import Coursework


@dataclass(frozen=True)
class Job:
    """What the marker of one submission needs to know.

    Attributes:
        student: The name that results carry.
        snapshot: The folder of the submission's sources.
        notes: Sentences about the submission as a whole, for its author.
        refusal: Why there are no sources to mark; empty if there are.
        fingerprint: Identifies what is marked with what.
        confinement: How well workers are confined, in words for the result.
        result: The file to write.
        scratch: A folder in which workers get theirs.
        uid: The user that workers become if root starts them.
        limits: What a check may use.
        tasks: The tasks to check; all if empty.
        until_failure: Whether nothing more is checked once a check has failed.
    """

    student: str
    snapshot: str
    notes: tuple[str, ...]
    refusal: str
    fingerprint: str
    confinement: str
    result: str
    scratch: str
    uid: int | None
    limits: Limits
    tasks: tuple[str, ...] = ()
    until_failure: bool = False


class Marker(ServerProcess):
    """The marker's process, as its starter holds it."""

    def __init__(self, coursework: Coursework) -> None:
        super().__init__("reelmark.marker", (str(coursework.root),), ONE_THREAD)


# Checks compute little; threads would take time from workers.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def mark_submission(
    job: Job, marker: socket.socket, workers: socket.socket, seconds: float
) -> None:
    """Have a submission marked, and wait until its result is written.

    Args:
        job: What to mark.
        marker: A connection to the marker. Closing it ends what goes on.
        workers: A connection to the warm parent.
        seconds: Time on the clock, after which it is ended.

    Raises:
        KitFault: No process can be forked.
    """
    line, theirs = socket.socketpair()
    with line:
        with theirs:
            request = {"do": "spawn"}
            pid = ask(marker, request, theirs.fileno(), workers.fileno())["pid"]
        try:
            wire.send_frame(line, pack(asdict(job)))
            line.settimeout(seconds)
            line.recv(1)  # nothing is sent; it closes with the process
        except (wire.Closed, TimeoutError):
            pass  # there is no result then
        ask(marker, {"do": "end", "pid": pid})


def read_job(frame: bytes) -> Job:
    """Return the job that a frame holds."""
    fields = unpack(frame)
    return Job(**{**fields, "limits": Limits(**fields["limits"])})
