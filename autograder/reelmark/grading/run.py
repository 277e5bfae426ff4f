"""Grading: mark a folder of submissions, as many at a time as there are cores.

A submission is marked in a process of its own (trusted: it never imports what a
student wrote), against workers that are processes too (`backend`). Its result is
written whole as soon as it is there, so that an interrupted run continues where
it stopped and marks only what changed.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.bubblewrap import build_wall
from reelmark.confinement.level import Level
from reelmark.errors import CannotMark, KitFault, RefusedSubmission, UsageError
from reelmark.grading.fingerprint import fingerprint_kit, hash_texts
from reelmark.grading.pages import write_class_page, write_feedback
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, choose_backend
from reelmark.marking.jobs import Job
from reelmark.marking.workspace import Workspace
from reelmark.processes.limits import Limits
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
from reelmark.states import KIT_FAULT
from reelmark.terminal.machine import is_about_disk

LISTENING_SECONDS = 0.5
"""Between two chances for Ctrl-C: Windows hears it only where a wait ends."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission in this run."""

    submission: Upload
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
        is_unsafe: Whether hidden checks run even where submissions could read them.
        has_wall: Whether workers are kept behind bubblewrap too.
        tasks: Ids of the tasks to check, by student; all of those who are not named.
        until_failure: Whether a submission is marked up to its first failed check.
        backend: The processes that mark; by default, this system's best.

    Raises:
        UsageError: This system has no wall.
    """

    def __init__(
        self,
        coursework: Coursework,
        out: Path,
        *,
        slots: int = 0,
        force: bool = False,
        limits: Limits | None = None,
        is_unsafe: bool = False,
        has_wall: bool = False,
        tasks: Mapping[str, tuple[str, ...]] | None = None,
        until_failure: bool = False,
        backend: Backend | None = None,
    ) -> None:
        self._coursework = coursework
        self._out = out
        self._slots = slots or available_cores()
        self._force = force
        self._limits = limits or Limits()
        self._is_unsafe = is_unsafe
        self._tasks = tasks or {}
        self._until_failure = until_failure
        self._kit = fingerprint_kit(coursework)
        self._workspace = Workspace(out)
        wall = build_wall(coursework, self._workspace.path) if has_wall else None
        self._backend = backend or choose_backend(coursework, wall)
        self._stopping = threading.Event()
        self._free_slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(self._slots):
            self._free_slots.put(slot)

    def mark_class(self, submissions: Sequence[Upload]) -> Iterator[Outcome]:
        """Mark every submission; yield each as it is done.

        Raises:
            MachineFault: Another run is writing to the same folder.
            UsageError: This machine cannot keep hidden checks from submissions.
            CannotMark: Nothing can be marked, on this machine or with these suites.
        """
        with (
            self._workspace.open(),
            self._backend,
            ThreadPoolExecutor(self._slots) as slots,
        ):
            running = [slots.submit(self._mark, one) for one in submissions]
            try:
                for done in _as_completed(running):
                    yield done.result()
            except BaseException:
                self._stop(running)
                raise

    def write_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class."""
        task_ids = [task.id for task in self._coursework.tasks]
        write_grades(results, task_ids, self._out / "grades.csv")
        write_class_page(results, self._coursework, self._out / "index.html")

    def _stop(self, running: Sequence[Future[Outcome]]) -> None:
        self._stopping.set()
        for future in running:
            future.cancel()
        self._backend.stop()

    def _mark(self, submission: Upload) -> Outcome:
        path = self._out / "results" / f"{submission.stem}.json"
        with self._workspace.folder() as folder:
            job = self._prepare(submission, folder)
            kept = None if self._force else self._read_unchanged(job, path)
            result = kept or self._mark_twice_at_most(job)
        if not kept:
            write_result(result, path)
        page = self._out / "feedback" / f"{submission.stem}.html"
        if not (kept and page.exists()):
            write_feedback(result, self._coursework, page)
        return Outcome(submission, result, was_kept=kept is not None)

    def _prepare(self, submission: Upload, folder: Path) -> Job:
        """Take a snapshot; the fingerprint tells all that decides the result."""
        refusal, digest = "", ""
        notes: tuple[str, ...] = ()
        sources, scratch = folder / "snapshot", folder / "scratch"
        scratch.mkdir()
        try:
            snapshot = take_snapshot(submission, self._coursework.functions, sources)
            notes, digest = snapshot.notes, snapshot.digest
        except RefusedSubmission as error:
            sources.mkdir(exist_ok=True)
            refusal = digest = str(error)
            notes = (refusal,)
        tasks = self._tasks.get(submission.student, ())
        scope = (*tasks, str(self._until_failure))
        parts = (self._kit, repr(self._limits), *scope, *notes, digest)
        return Job(
            student=submission.student,
            snapshot=str(sources),
            notes=notes,
            refusal=refusal,
            fingerprint=hash_texts(parts),
            confinement="",
            result=str(folder / "result.json"),
            scratch=str(scratch),
            uid=None,
            limits=self._limits,
            tasks=tasks,
            until_failure=self._until_failure,
        )

    def _read_unchanged(self, job: Job, path: Path) -> Result | None:
        """Return the result of an earlier run if it still holds."""
        with contextlib.suppress(OSError, ValueError):
            result = read_result(path)
            is_same = result.fingerprint == job.fingerprint
            is_fault = result.status is Status.KIT_FAULT
            if is_same and not is_fault and self._accepts(result.confinement):
                return result
        return None

    def _mark_twice_at_most(self, job: Job) -> Result:
        """Mark; a fault of the kit's processes is tried once more."""
        fault = ""
        for _ in range(2):
            try:
                return self._mark_in_process(job)
            except CannotMark:
                raise
            except KitFault as error:
                fault = str(error)
            if self._stopping.is_set():
                raise KitFault("the run was stopped")
        return _describe_kit_fault(self._coursework, job, fault)

    def _mark_in_process(self, job: Job) -> Result:
        slot = self._free_slots.get()
        path = Path(job.result)
        try:
            self._backend.start()
            self._refuse_open_secrets()
            if self._stopping.is_set():
                raise KitFault("the run was stopped")
            path.unlink(missing_ok=True)
            words = self._backend.level.value
            self._backend.mark(replace(job, confinement=words), slot)
            return read_result(path)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and is_about_disk(error):
                raise  # it would fail for everybody
            raise KitFault(
                f"the process that marks ended without a result: {error}"
            ) from error
        finally:
            self._free_slots.put(slot)

    def _refuse_open_secrets(self) -> None:
        """Refuse to run hidden checks where a submission could read them."""
        level, findings = self._backend.level, self._backend.findings
        if not self._accepts(level.value):
            raise UsageError(explain_open_level(level, findings))

    def _accepts(self, confinement: str) -> bool:
        """Return whether a level, in words, is good enough for this run."""
        if self._is_unsafe or not self._coursework.hidden_suite.is_dir():
            return True
        closed = (one for one in Level if one.has_files_and_network_closed)
        return confinement in {level.value for level in closed}


def _as_completed(running: Sequence[Future[Outcome]]) -> Iterator[Future[Outcome]]:
    """Yield each as it is done."""
    left = set(running)
    while left:
        done, left = wait(left, LISTENING_SECONDS, return_when=FIRST_COMPLETED)
        yield from done


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
