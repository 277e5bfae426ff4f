"""Grading: mark a folder of submissions, as many at a time as there are cores.

A submission is marked in a process of its own that runs the suites (trusted:
it never imports what a student wrote), against workers that the warm parent
forks. Its result is written whole as soon as it is there, so that an
interrupted run continues where it stopped and marks only what changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import multiprocessing
import os
import platform
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reelmark.errors import KitFault, RefusedSubmission
from reelmark.intake import Submission, take_snapshot
from reelmark.limits import Limits
from reelmark.manifest import Coursework, load_coursework
from reelmark.messages import KIT_FAULT
from reelmark.pages import write_class_page, write_feedback
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    read_result,
    summarise,
    summarise_task,
    write_grades,
    write_result,
)
from reelmark.sealed import WarmParent

# A bound on the whole of one submission, far above what its checks' limits allow.
MARKING_SECONDS = 3_600

# What else than files decides what marking finds.
LIBRARIES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "hypothesis")


@dataclass(frozen=True)
class Job:
    """What the process that marks one submission needs to know.

    ``snapshot`` is a folder of sources; ``refusal`` says why there is none.
    """

    root: Path
    student: str
    snapshot: Path
    notes: tuple[str, ...]
    refusal: str
    fingerprint: str
    result: Path
    limits: Limits


@dataclass(frozen=True)
class Outcome:
    """What became of one submission in this run."""

    submission: Submission
    result: Result
    was_kept: bool


class ClassRun:
    """One run of `grade` over a class.

    Args:
        coursework: What the submissions are marked by.
        out: The folder that results, grades and pages are written to.
        slots: How many submissions are marked at a time.
        force: Whether unchanged submissions are marked again.
        limits: What a check of a submission may use.
    """

    def __init__(
        self,
        coursework: Coursework,
        out: Path,
        *,
        slots: int = 0,
        force: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._coursework = coursework
        self._out = out
        self._slots = slots or available_cores()
        self._force = force
        self._limits = limits or Limits()
        self._kit = fingerprint_kit(coursework)
        self._parent = WarmParent()
        self._parent_lock = threading.Lock()
        self._stopping = threading.Event()
        self._processes: set[Any] = set()
        self._context: Any = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["reelmark.marking", "pandas"])

    def mark_class(self, submissions: Sequence[Submission]) -> Iterator[Outcome]:
        """Mark every submission; yield each as it is done.

        Raises:
            KitFault: Nothing can be marked on this machine.
        """
        with self._parent, ThreadPoolExecutor(self._slots) as slots:
            running = [slots.submit(self._mark, one) for one in submissions]
            try:
                for done in as_completed(running):
                    yield done.result()
            except BaseException:
                self._stop(running)
                raise

    def write_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class."""
        task_ids = [task.id for task in self._coursework.tasks]
        write_grades(results, task_ids, self._out / "grades.csv")
        write_class_page(results, self._coursework, self._out / "index.html")

    def _stop(self, running: Sequence[Any]) -> None:
        self._stopping.set()
        for future in running:
            future.cancel()
        for process in list(self._processes):
            process.kill()

    def _mark(self, submission: Submission) -> Outcome:
        path = self._out / "results" / f"{submission.stem}.json"
        with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
            job = self._prepare(submission, Path(folder) / "snapshot", path)
            kept = None if self._force else _read_unchanged(path, job.fingerprint)
            result = kept or self._mark_twice_at_most(job)
        page = self._out / "feedback" / f"{submission.stem}.html"
        if not (kept and page.exists()):
            write_feedback(result, self._coursework, page)
        return Outcome(submission, result, was_kept=kept is not None)

    def _prepare(self, submission: Submission, folder: Path, path: Path) -> Job:
        """Take a snapshot; the fingerprint tells all that decides the result."""
        refusal, digest = "", ""
        notes: tuple[str, ...] = ()
        try:
            snapshot = take_snapshot(submission, self._coursework.modules, folder)
            notes, digest = snapshot.notes, snapshot.digest
        except RefusedSubmission as error:
            folder.mkdir(exist_ok=True)
            refusal = digest = str(error)
            notes = (refusal,)
        parts = (self._kit, repr(self._limits), *notes, digest)
        return Job(
            root=self._coursework.root,
            student=submission.student,
            snapshot=folder,
            notes=notes,
            refusal=refusal,
            fingerprint=hash_texts(parts),
            result=path,
            limits=self._limits,
        )

    def _mark_twice_at_most(self, job: Job) -> Result:
        """Mark; a fault of the kit's processes is tried once more."""
        fault = ""
        for _ in range(2):
            try:
                return self._mark_in_process(job)
            except KitFault as error:
                fault = str(error)
            if self._stopping.is_set():
                break
        result = _describe_kit_fault(self._coursework, job, fault)
        write_result(result, job.result)
        return result

    def _mark_in_process(self, job: Job) -> Result:
        connection = self._connect()
        process = self._context.Process(target=mark_submission, args=(job, connection))
        job.result.unlink(missing_ok=True)
        process.start()
        connection.close()
        self._processes.add(process)
        process.join(MARKING_SECONDS)
        self._processes.discard(process)
        if process.exitcode is None:
            process.kill()
            process.join()
        try:
            return read_result(job.result)
        except (OSError, ValueError) as error:
            raise KitFault(
                f"the process that marks ended without a result: {error}"
            ) from error

    def _connect(self) -> socket.socket:
        """Return a connection to the warm parent, starting it if it is not there."""
        with self._parent_lock:
            if not self._parent.is_alive():
                self._parent.stop()
                self._parent.start()
                self._parent.wait_until_ready()
            return self._parent.connect()


def mark_submission(job: Job, connection: socket.socket) -> None:
    """Mark one submission and write its result (the main of a process)."""
    from reelmark.marking import MARKING_EXAMPLES, Marking, assign, mark
    from reelmark.sealed import SealedWorker

    _silence()
    coursework = load_coursework(job.root)

    def open_in(scratch: Path) -> Any:
        def open_worker(stand_ins: tuple[str, ...], is_clean: bool) -> SealedWorker:
            folder = coursework.stubs if is_clean else job.snapshot
            assignment = assign(coursework, folder, scratch, stand_ins)
            return SealedWorker(connection, assignment, job.limits)

        return open_worker

    marking = Marking(coursework, open_in, refusal=job.refusal)
    mark(marking, coursework, MARKING_EXAMPLES)
    tasks = marking.task_results()
    result = summarise(job.student, tasks, notes=job.notes, fingerprint=job.fingerprint)
    write_result(result, job.result)


def fingerprint_kit(coursework: Coursework) -> str:
    """Return a hash of all that decides marks, apart from a submission."""
    engine = Path(__file__).parent
    folders = [engine, coursework.stubs, coursework.root / "fixtures"]
    folders += [coursework.public_suite, coursework.hidden_suite, coursework.support]
    files = sorted(file for folder in folders for file in folder.rglob("*"))
    versions = [importlib.metadata.version(library) for library in LIBRARIES]
    contents = (
        f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    )
    return hash_texts([platform.python_version(), *versions, *contents])


def hash_texts(texts: Sequence[str]) -> str:
    """Return one hash of several texts; which text holds what matters."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _read_unchanged(path: Path, fingerprint: str) -> Result | None:
    """Return the result of an earlier run if it still holds."""
    with contextlib.suppress(OSError, ValueError):
        result = read_result(path)
        if result.fingerprint == fingerprint and result.status is not Status.KIT_FAULT:
            return result
    return None


def _describe_kit_fault(coursework: Coursework, job: Job, fault: str) -> Result:
    """Return a result in which nothing was checked, and no marks are lost."""
    tasks = []
    for task in coursework.tasks:
        check = CheckResult(
            id=f"kit/{task.id}",
            title="The checks of this task could be run",
            hidden=False,
            status=Status.KIT_FAULT,
            marks=task.marks,
            max=task.marks,
            message=KIT_FAULT,
            seconds=0.0,
        )
        tasks.append(summarise_task(task.id, task.title, [check]))
    result = summarise(job.student, tasks, notes=(*job.notes, f"{KIT_FAULT} {fault}"))
    return replace(result, fingerprint=job.fingerprint)


def _silence() -> None:
    """Send what libraries print to nowhere: the terminal belongs to the run."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
