"""The marker: the process that marks one submission, and decides its marks.

It is trusted: it runs the suites and never imports what a student wrote. It is
forked from a server that has imported pytest, Hypothesis, numpy and pandas.
"""

from __future__ import annotations

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reelmark.lifetime import die_with
from reelmark.limits import Limits
from reelmark.manifest import load_coursework
from reelmark.results import summarise, write_result
from reelmark.sealed import SealedWorker, is_answering
from reelmark.submission import OpenWorker

PRELOAD = ["reelmark.marking", "pandas"]
"""What the server imports before it forks markers."""


@dataclass(frozen=True)
class Job:
    """What the marker of one submission needs to know.

    Attributes:
        root: The coursework's folder.
        student: The name that results carry.
        snapshot: The folder of the submission's sources.
        notes: Sentences about the submission as a whole, for its author.
        refusal: Why there are no sources to mark; empty if there are.
        fingerprint: Identifies what is marked with what.
        result: The file to write.
        scratch: A folder in which workers get theirs.
        limits: What a check may use.
    """

    root: Path
    student: str
    snapshot: Path
    notes: tuple[str, ...]
    refusal: str
    fingerprint: str
    result: Path
    scratch: Path
    limits: Limits


def mark_submission(job: Job, connection: socket.socket, confinement: str) -> None:
    """Mark one submission and write its result (the main of a process).

    Without a warm parent nothing is written: what was found would be faults.

    Args:
        job: What to mark.
        connection: To the warm parent, which forks the workers.
        confinement: How well it confines them, in words for the result.
    """
    from reelmark.marking import MARKING_EXAMPLES, Marking, assign, mark

    die_with(os.getppid())
    _silence()
    tempfile.tempdir = str(job.scratch)
    coursework = load_coursework(job.root)

    def open_in(scratch: Path) -> OpenWorker:
        def open_worker(stand_ins: tuple[str, ...], is_clean: bool) -> SealedWorker:
            folder = coursework.stubs if is_clean else job.snapshot
            assignment = assign(coursework, folder, scratch, stand_ins)
            return SealedWorker(connection, assignment, job.limits)

        return open_worker

    marking = Marking(coursework, open_in, refusal=job.refusal)
    mark(marking, coursework, MARKING_EXAMPLES)
    if is_answering(connection):
        result = summarise(
            job.student,
            marking.task_results(),
            notes=job.notes,
            fingerprint=job.fingerprint,
            confinement=confinement,
        )
        write_result(result, job.result)


def _silence() -> None:
    """Send what libraries print to nowhere: the terminal belongs to the run."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
