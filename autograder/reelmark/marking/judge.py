"""The judge: the process that decides marks, and never imports student code.

It collects the suites once, then forks a child for each submission (`forkserver`).
A child gets one end of a socket and a connection to the warm parent. It reads its
job from the socket, runs the checks against workers that the warm parent forks,
writes the result, and ends; the socket closes with it.
"""

from __future__ import annotations

import abc
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies
from hypothesis.configuration import set_hypothesis_home_dir

from reelmark.checks.requests import WorkerLink
from reelmark.confinement.rlimits import Ceilings, lower
from reelmark.errors import KitFault
from reelmark.manifest import Coursework, Task, load_coursework
from reelmark.marking.jobs import (
    BEGUN,
    HIDDEN,
    PRACTICE,
    Job,
    assign,
    describe_check,
    lend,
    read_job,
)
from reelmark.marking.oversight import MEMORY_BYTES
from reelmark.marking.session import Known, Marking
from reelmark.marking.suites import MARKING_EXAMPLES, PRACTISING_EXAMPLES, mark
from reelmark.processes.forked import SealedWorker
from reelmark.processes.forkserver import (
    Child,
    ForkServer,
    begin,
    is_answering,
    send_message,
)
from reelmark.results import CheckResult, read_result, summarise, write_result
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack

MAX_FAULT = 20_000
"""The most characters about a fault in the suites that fit into one message."""


class JobMarking(abc.ABC):
    """Marks one job with the suites that pytest has collected.

    Args:
        coursework: The coursework whose suites are collected.
        is_practice: Whether it is for a student's own practice.
    """

    def __init__(self, coursework: Coursework, *, is_practice: bool) -> None:
        self._coursework = coursework
        self._is_practice = is_practice
        self._job: Job | None = None
        self._line: socket.socket | None = None
        self.marking = Marking(
            coursework,
            self._open_worker,
            report=self._tell,
            begin=self._tell_begun,
            is_practice=is_practice,
        )

    def collect(self, *, hidden: bool) -> None:
        """Let pytest collect the suites, and then ask this plugin what to do.

        Args:
            hidden: Whether the hidden suite is also collected, if there is one.

        Raises:
            KitFault: The suites cannot be collected or run.
        """
        # Hypothesis would leave a folder wherever the process was started.
        set_hypothesis_home_dir(Path(os.devnull, "nowhere"))
        examples = PRACTISING_EXAMPLES if self._is_practice else MARKING_EXAMPLES
        mark(self.marking, self._coursework, examples, hidden=hidden, plugins=[self])

    @abc.abstractmethod
    def _start_worker(self, assignment: Assignment, job: Job) -> WorkerLink:
        """Start a worker for the job."""

    def _take(self, job: Job, line: socket.socket) -> None:
        self._job, self._line = job, line
        tempfile.tempdir = job.scratch
        self.marking.refusal = job.refusal
        self.marking.until_failure = job.until_failure
        faulty = frozenset(job.faulty)
        self.marking.known = Known(job.stopped, faulty, is_over=job.is_over)

    def _tell(self, task: Task, result: CheckResult) -> None:
        self._send(describe_check(task.id, result))

    def _tell_begun(self, task: Task, result: CheckResult) -> None:
        self._send({BEGUN: describe_check(task.id, result)})

    def _send(self, told: dict[str, Any]) -> None:
        assert self._line is not None, "there is nothing to tell without a job"
        frames.send_frame(self._line, pack(told))

    def _choose(self, items: list[pytest.Item]) -> None:
        """Keep only the checks that the job is about."""
        job = self._begun()
        if job.tasks:
            self.marking.choose(items, job.tasks)
        settled = read_result(Path(job.settled)).tasks if job.settled else ()
        self.marking.begin_phase(items, settled, hidden=job.hidden)

    def _write_result(self) -> None:
        job = self._begun()
        result = summarise(
            job.student,
            self.marking.task_results(),
            notes=job.notes,
            fingerprint=job.fingerprint,
            confinement=job.confinement,
            remarks=job.remarks,
        )
        write_result(result, Path(job.result))

    def _open_worker(
        self, scratch: Path, stand_ins: tuple[str, ...], is_clean: bool
    ) -> WorkerLink:
        job = self._begun()
        snapshot = Path(job.snapshot)
        folder = self._coursework.stubs if is_clean else lend(snapshot, scratch)
        assignment = assign(
            self._coursework,
            folder,
            scratch,
            stand_ins,
            uid=job.uid,
            hidden=job.hidden,
        )
        return self._start_worker(assignment, job)

    def _begun(self) -> Job:
        assert self._job is not None, "there is nothing to mark without a job"
        return self._job


class MarkingServer(JobMarking):
    """A plugin that serves jobs when pytest would run what it has collected.

    Args:
        coursework: The coursework whose suites are collected.
        control: The judge's end of its control socket.
        is_practice: Whether it is for a student's own practice.
    """

    def __init__(
        self, coursework: Coursework, control: socket.socket, *, is_practice: bool
    ) -> None:
        super().__init__(coursework, is_practice=is_practice)
        self._control = control
        self._workers: socket.socket | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Serve until the starter is gone; in a child, let pytest run the checks."""
        if self._job is not None or session.testsfailed or not session.items:
            return None
        _run_a_property()

        def prepare(_: dict[str, Any], descriptors: list[int]) -> Child:
            return lambda: self._mark(session, *descriptors)

        send_message(self._control, {"checks": len(session.items)})
        ForkServer(self._control, prepare).serve()
        return True

    def _mark(self, session: pytest.Session, line: int, workers: int) -> None:
        """Be the judge of one submission, in a child.

        Without a warm parent nothing is written: all results would be faults.
        """
        # Answers may be made to blow up its memory; workers are not its children.
        lower(Ceilings(data_bytes=MEMORY_BYTES))
        with socket.socket(fileno=line) as sock:
            self._workers = socket.socket(fileno=workers)
            self._take(read_job(frames.receive_frame(sock)), sock)
            self._choose(session.items)
            session.config.hook.pytest_runtestloop(session=session)
            if is_answering(self._workers):
                self._write_result()

    def _start_worker(self, assignment: Assignment, job: Job) -> WorkerLink:
        assert self._workers is not None, "a child has them since it has its job"
        return SealedWorker(self._workers, assignment, job.limits)


def main() -> None:
    """Collect the suites, say so, and serve until the starter is gone."""
    control = begin()
    coursework = load_coursework(Path(sys.argv[2]))
    is_practice = PRACTICE in sys.argv[3:]
    server = MarkingServer(coursework, control, is_practice=is_practice)
    try:
        server.collect(hidden=HIDDEN in sys.argv[3:])
    except KitFault as fault:
        send_message(control, {"fault": str(fault)[:MAX_FAULT]})


def _run_a_property() -> None:
    """Run a property once, so that no child pays for Hypothesis's first-time work."""

    @hypothesis.given(strategies.text(), strategies.lists(strategies.floats()))
    def holds(_text: str, _numbers: list[float]) -> None:
        pass

    holds()


if __name__ == "__main__":
    main()
