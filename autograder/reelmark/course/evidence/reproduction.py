"""Reproduction: a student's weights in the student's own model, in a sealed worker.

The worker loads only weights, never a model file, which could contain code. Its
answers are compared with the truth in this process, by the coursework's own
``tests/support/evidence.py``::

    MODELS                                          names of the models
    load_split(data)                                the data; it has a folder to read
    reproduce(submission, model, weights, split)    loss, examples, of
"""

from __future__ import annotations

import importlib.util
import queue
import socket
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

from reelmark.checks.kinds import read_kinds
from reelmark.checks.submission import Submission
from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.privileges import worker_uid
from reelmark.course.evidence.findings import Finding, add_note
from reelmark.course.evidence.reported import Evidence, copy_weights
from reelmark.course.folder import Course
from reelmark.errors import Mismatch, RefusedSubmission, TimedOut, UsageError
from reelmark.grading.trouble import concerns_everybody, describe_error
from reelmark.intake.snapshots import take_snapshot
from reelmark.manifest import Coursework
from reelmark.marking.jobs import assign, lend
from reelmark.marking.messages import status_of
from reelmark.marking.workspace import Workspace
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.limits import Limits
from reelmark.results import Status

LIMITS = Limits(cpu_seconds=300.0, wall_seconds=1_200.0)
"""Enough for all examples of the coursework, and a vocabulary learnt from its texts."""

MAX_REASON = 300
"""How many characters to keep of what Keras says about weights that do not fit."""


class Split(Protocol):
    """The data on which a loss is reproduced."""

    @property
    def folder(self) -> Path:
        """What a worker must be able to read."""


class Reproducer(Protocol):
    """What a coursework says about its models."""

    MODELS: Sequence[str]

    def load_split(self, data: Path) -> Split:
        """Load and split the data."""

    def reproduce(
        self, submission: Submission, model: str, weights: Path, split: Split
    ) -> Any:
        """Return the loss of a model with these weights, and on what."""


def load_reproducer(coursework: Coursework) -> Reproducer:
    """Return what the coursework says about its models.

    Raises:
        UsageError: It says nothing.
    """
    file = coursework.support / "evidence.py"
    if not file.is_file():
        raise UsageError(
            f"{file} is missing: this coursework does not say how to reproduce what "
            "a training reports."
        )
    # It imports modules beside the suites and those that students are given.
    sys.path += [str(coursework.support.parent), str(coursework.stubs)]
    spec = importlib.util.spec_from_file_location("_reelmark_evidence", file)
    assert spec is not None, file
    assert spec.loader is not None, file
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module  # type: ignore[no-any-return]


HandedIn = tuple[Evidence, list[Finding]]
"""A student's evidence, and what is known about each model."""


@dataclass(frozen=True)
class Data:
    """The data on which losses are reproduced, and the code that does it."""

    reproducer: Reproducer
    split: Split


class Reproduction:
    """Reproduces losses, with one submission per slot at a time.

    Use it in a ``with`` statement.

    Args:
        course: The course.
        data: The data and the code.
        slots: How many submissions at a time.
    """

    def __init__(self, course: Course, data: Data, slots: int) -> None:
        self._course = course
        self._data = data
        self._slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(slots):
            self._slots.put(slot)
        self._pool = ThreadPoolExecutor(slots)
        self._parent = Zygote()
        self._workspace = Workspace(course.marks)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Start the warm parent.

        Raises:
            UsageError: Submissions cannot be closed off here, or there is another run.
        """
        if sys.platform != "linux":
            raise UsageError("Evidence is looked at on Linux, where it is closed off.")
        with ExitStack() as opened:
            opened.enter_context(self._workspace.open())
            opened.callback(self._pool.shutdown, cancel_futures=True)
            # Without the parent, its workers end, and threads need not wait for them.
            opened.callback(self._parent.stop)
            self._parent.start()
            self._parent.wait_until_ready()
            level = self._parent.level
            if not (level.has_files_and_network_closed or self._course.is_unsafe):
                raise UsageError(explain_open_level(level, self._parent.findings))
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def reproduce_class(self, handed_in: Sequence[HandedIn]) -> Iterator[HandedIn]:
        """Add the reproduced losses to what was reported; yield each in order."""
        return self._pool.map(self._reproduce_student, handed_in)

    def _reproduce_student(self, handed_in: HandedIn) -> HandedIn:
        """Add one student's reproduced losses; an error affects only this student."""
        evidence, findings = handed_in
        slot = self._slots.get()
        try:
            with self._parent.connect() as connection, self._workspace.folder() as home:
                one = _Student(self._course, self._data, connection, worker_uid(slot))
                return evidence, [one.reproduce(evidence, f, home) for f in findings]
        except Exception as error:
            if concerns_everybody(error, self._course.marks):
                raise
            words = f"{Status.KIT_FAULT}: {describe_error(error)}"
            return evidence, [
                replace(add_note(f, words), is_fault=True) for f in findings
            ]
        finally:
            self._slots.put(slot)


@dataclass(frozen=True)
class _Student:
    """Everything needed to reproduce the losses of one student."""

    course: Course
    data: Data
    connection: socket.socket
    uid: int | None

    def reproduce(self, evidence: Evidence, finding: Finding, folder: Path) -> Finding:
        """Return a finding with the reproduced loss, or why there is none."""
        weights = evidence.weights(finding.model)
        if not weights.is_file():
            return finding
        home = folder / finding.model
        given = home / "given"
        given.mkdir(parents=True)
        copied = given / weights.name
        try:
            copy_weights(weights, copied)
            submission = self._load(evidence, home, given)
            return self._ask(submission, finding, copied)
        except (OSError, ValueError) as error:
            return add_note(finding, f"{weights.name} cannot be read: {error}.")
        except RefusedSubmission as error:
            return add_note(finding, str(error))

    def _load(self, evidence: Evidence, home: Path, given: Path) -> Submission:
        """Prepare the student's modules for a worker to load."""
        coursework = self.course.coursework
        sources, scratches = home / "snapshot", home / "scratch"
        take_snapshot(evidence.submission, coursework.functions, sources)
        scratches.mkdir()
        inputs = (str(self.data.split.folder), str(given))

        def open_worker(
            scratch: Path, stand_ins: tuple[str, ...], _: bool
        ) -> SealedWorker:
            own = lend(sources, scratch)
            assignment = assign(coursework, own, scratch, stand_ins, uid=self.uid)
            return SealedWorker(
                self.connection, replace(assignment, inputs=inputs), LIMITS
            )

        kinds = read_kinds(coursework.ingredients)
        return Submission(coursework.modules, scratches, open_worker, kinds)

    def _ask(self, submission: Submission, finding: Finding, weights: Path) -> Finding:
        reproduce, split = self.data.reproducer.reproduce, self.data.split
        try:
            submission.begin_check(finding.model)
            found = reproduce(submission, finding.model, weights, split)
        except (Exception, TimedOut) as error:
            return _add_error(finding, error, submission.last_call)
        finally:
            submission.end_worker()
        return replace(
            finding, reproduced=found.loss, examples=(found.examples, found.of)
        )


def _add_error(finding: Finding, error: BaseException, call: str) -> Finding:
    """Return a finding that says how the student's functions, or ours, failed."""
    status = status_of(error)
    text = " ".join(str(error).split())[:MAX_REASON]
    place = "" if isinstance(error, Mismatch) else f" in {call}" if call else ""
    note = f"{status}{place}{text and f': {text}'}"
    return replace(add_note(finding, note), is_fault=status is Status.KIT_FAULT)
