"""The judge as a program for one job, where none can be forked.

It collects the suites, marks, writes the result and ends. Like every judge, it
never imports what a student wrote: its workers have their own processes.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from reelmark.checks.requests import WorkerLink
from reelmark.errors import KitFault
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import HIDDEN, PRACTICE, Job, read_job
from reelmark.marking.judge import MAX_FAULT, JobMarking
from reelmark.processes.spawned import SpawnedWorker, join
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack


class OneMarking(JobMarking):
    """A plugin that lets pytest run what it has collected, and reports that it does.

    Args:
        coursework: The coursework whose suites are collected.
        job: What to mark.
        sock: The connection to the starter.
        is_practice: Whether it is for a student's own practice.
    """

    def __init__(
        self,
        coursework: Coursework,
        job: Job,
        sock: socket.socket,
        *,
        is_practice: bool,
    ) -> None:
        super().__init__(coursework, is_practice=is_practice)
        self._sock = sock
        self._take(job, sock)
        self.has_begun = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Report that the suites are collected, if they are."""
        if session.items and not session.testsfailed:
            self.has_begun = True
            self._choose(session.items)
            frames.send_frame(self._sock, pack({"checks": len(session.items)}))

    def write_result(self) -> None:
        """Write what was found."""
        self._write_result()

    def _start_worker(self, assignment: Assignment, job: Job) -> WorkerLink:
        started = time.monotonic()
        worker = SpawnedWorker(assignment, job.limits)
        # Meanwhile TensorFlow is imported, which is not the student's time.
        self.marking.grant(time.monotonic() - started)
        return worker


def main() -> None:
    """Mark the job that comes first; report if the suites cannot be collected."""
    sock = join()
    coursework = load_coursework(Path(sys.argv[1]))
    os.chdir(coursework.root)
    is_practice = PRACTICE in sys.argv[2:]
    job = read_job(frames.receive_frame(sock))
    marking = OneMarking(coursework, job, sock, is_practice=is_practice)
    try:
        marking.collect(hidden=HIDDEN in sys.argv[2:])
    except KitFault as fault:
        # Later faults concern only this submission, which then has no result.
        if not marking.has_begun:
            frames.send_frame(sock, pack({"fault": str(fault)[:MAX_FAULT]}))
    else:
        marking.write_result()


if __name__ == "__main__":
    main()
