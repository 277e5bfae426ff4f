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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.bubblewrap import Walls
from reelmark.confinement.level import Level
from reelmark.errors import (
    CannotMark,
    KitFault,
    NeedsALook,
    RefusedSubmission,
    UsageError,
)
from reelmark.files import remove_tree
from reelmark.grading.decisions import NAME, Decisions
from reelmark.grading.fingerprint import fingerprint_kit, hash_texts
from reelmark.grading.pages import write_class_page, write_feedback
from reelmark.grading.reference import (
    FILE,
    copy_reference,
    describe_machine,
    expect_full_marks,
    has_reference,
)
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, Elsewhere, choose_backend
from reelmark.marking.faults import EVERYTHING, find_roots, name_fault
from reelmark.marking.jobs import Job
from reelmark.marking.messages import write_message
from reelmark.marking.workspace import Workspace
from reelmark.processes.limits import Limits
from reelmark.results import (
    BROKEN,
    CheckResult,
    Result,
    Status,
    read_result,
    summarise,
    summarise_task,
    write_grades,
    write_result,
)
from reelmark.states import STATES
from reelmark.terminal.machine import is_about_disk

LISTENING_SECONDS = 0.5
"""Between two chances for Ctrl-C: Windows hears it only where a wait ends."""


NO_RESULT = "no result"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission in this run."""

    submission: Upload
    result: Result
    was_kept: bool


@dataclass(frozen=True)
class Settled:
    """A submission whose public checks are done, and what is left to do.

    Attributes:
        submission: The submission.
        job: What is left.
        opened: Closes the folder of what the job is about.
    """

    submission: Upload
    job: Job
    opened: contextlib.ExitStack


Work = TypeVar("Work")
Done = TypeVar("Done")


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

    Attributes:
        reference: What the reference was found to be; None before it is marked, and
            where there is none.

    Raises:
        UsageError: This system has no wall; or the decisions cannot be read.
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
        self._out = out.resolve()  # the processes that mark work elsewhere
        self._slots = slots or available_cores()
        self._force = force
        self._limits = limits or Limits()
        self._is_unsafe = is_unsafe
        self._tasks = tasks or {}
        self._until_failure = until_failure
        self.reference: Result | None = None
        self._kit = fingerprint_kit(coursework)
        self._workspace = Workspace(self._out)
        # Beside the workspace: an interrupted run leaves it to the next one.
        self._settled = self._out / ".settled"
        walls = Walls(coursework, self._workspace.path) if has_wall else None
        self._backend = backend or choose_backend(coursework, walls)
        self._decisions = Decisions(self._out / NAME, coursework)
        self._faulty: tuple[str, ...] = ()
        self._stopping = threading.Event()
        self._free_slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(self._slots):
            self._free_slots.put(slot)

    def mark_class(
        self,
        submissions: Sequence[Upload],
        on_settled: Callable[[Upload], object] = lambda _: None,
    ) -> Iterator[Outcome]:
        """Mark every submission; yield each as it is done.

        The reference comes first: unless it has full marks, nobody is marked. The
        public checks of all come before the hidden ones of any. While a worker
        can read what hidden checks use, there is none whose messages are still to be
        written: not its own submission's, and not another's that it could reach by
        the machine that they share.

        Args:
            submissions: What to mark.
            on_settled: Called with each submission whose public checks are done, and
                whose hidden ones are still to come.

        Raises:
            MachineFault: Another run is writing to the same folder.
            UsageError: This machine cannot keep hidden checks from submissions.
            CannotMark: Nothing can be marked, on this machine or with these suites;
                or the reference has not full marks.
        """
        with (
            self._workspace.open(),
            self._backend,
            ThreadPoolExecutor(self._slots) as slots,
        ):
            self._mark_reference()
            settled = []
            for begun in self._in_slots(slots, self._settle, submissions):
                if isinstance(begun, Outcome):
                    yield begun
                else:
                    settled.append(begun)
                    on_settled(begun.submission)
            self._backend.show_hidden_inputs()
            yield from self._in_slots(slots, self._conclude, settled)
        remove_tree(self._settled)

    @property
    def workers(self) -> str:
        """What marks at the moment, in words; nothing where it is this machine."""
        return self._backend.workers if isinstance(self._backend, Elsewhere) else ""

    def write_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class.

        Raises:
            UsageError: A decision speaks of a check that there is not.
        """
        self._decisions.expect_known(results)
        write_class(results, self._coursework, self._out)

    def _in_slots(
        self,
        slots: ThreadPoolExecutor,
        act: Callable[[Work], Done],
        works: Sequence[Work],
    ) -> Iterator[Done]:
        """Do something with several works at a time; yield what comes of each."""
        running = [slots.submit(act, work) for work in works]
        try:
            for done in _as_completed(running):
                yield done.result()
        except BaseException:
            self._stopping.set()
            for future in running:
                future.cancel()
            self._backend.stop()
            raise

    def _mark_reference(self) -> None:
        """Mark the reference, unless its full marks of an earlier run still hold.

        Raises:
            CannotMark: It has not full marks here, or cannot be marked.
        """
        if not has_reference(self._coursework):
            return
        path = self._out / FILE
        with self._workspace.folder() as folder:
            upload = copy_reference(self._coursework, folder / "handed-in")
            job = self._prepare(upload, folder)
            marked_with = hash_texts([job.fingerprint, describe_machine()])
            job = replace(job, fingerprint=marked_with, until_failure=False)
            result = self._read_unchanged(job, path) or self._mark_both(job, folder)
            # What it breaks on is the kit's own fault, and keeps nothing from being
            # checked: so it is told from what somebody has provoked.
            while faults := find_roots(result).keys() - {*self._faulty}:
                self._faulty = (*self._faulty, *sorted(faults))
                result = self._mark_both(replace(job, faulty=self._faulty), folder)
        expect_full_marks(result)
        write_result(result, path)
        self.reference = result

    def _mark_both(self, job: Job, folder: Path) -> Result:
        """Run the public checks of the reference, then its hidden ones.

        Raises:
            CannotMark: They cannot be run.
        """
        try:
            found = self._mark_twice_at_most(job)
            if self._coursework.hidden_suite.is_dir():
                settled = folder / "settled.json"
                write_result(found, settled)
                job = replace(job, hidden=True, settled=str(settled))
                found = self._mark_twice_at_most(job)
        except CannotMark:
            raise
        except KitFault as fault:
            raise CannotMark(f"The reference cannot be marked: {fault}") from fault
        return found

    def _settle(self, submission: Upload) -> Outcome | Settled:
        """Run the public checks, unless nothing is to be done at all."""
        opened = contextlib.ExitStack()
        with opened:
            job = self._prepare(
                submission, opened.enter_context(self._workspace.folder())
            )
            kept = self._read_unchanged(job, self._path_of(submission))
            if kept:
                return self._show(submission, kept, was_kept=True)
            if not self._coursework.hidden_suite.is_dir():
                return self._conclude(Settled(submission, job, opened.pop_all()))
            try:
                job = self._run_public_checks(submission, job)
            except KitFault as fault:
                return self._give_up(submission, job, fault)
            return Settled(submission, job, opened.pop_all())

    def _run_public_checks(self, submission: Upload, job: Job) -> Job:
        """Run them, unless an interrupted run has; return the job that is left.

        Raises:
            KitFault: They cannot be run.
        """
        path = self._settled / f"{submission.stem}.json"
        if not self._read_unchanged(job, path):
            write_result(self._mark_twice_at_most(job), path)
        return replace(job, hidden=True, settled=str(path))

    def _conclude(self, settled: Settled) -> Outcome:
        """Run the checks that are left."""
        submission = settled.submission
        with settled.opened:
            try:
                result = self._mark_twice_at_most(settled.job)
            except KitFault as fault:
                return self._give_up(submission, settled.job, fault)
        return self._keep(submission, result)

    def _give_up(self, submission: Upload, job: Job, fault: KitFault) -> Outcome:
        """Conclude without a result, unless nobody can be marked or is to be.

        Raises:
            KitFault: That one.
        """
        if isinstance(fault, CannotMark) or self._stopping.is_set():
            raise fault
        result = _describe_fault(self._coursework, job, str(fault))
        return self._keep(submission, result)

    def _keep(self, submission: Upload, result: Result) -> Outcome:
        """Write a result and its page."""
        write_result(result, self._path_of(submission))
        return self._show(submission, result, was_kept=False)

    def _show(self, submission: Upload, found: Result, *, was_kept: bool) -> Outcome:
        """Write the page of a result, with what is decided, unless it is there."""
        result = self._decisions.apply(found)
        page = self._page_of(submission)
        if not (was_kept and page.exists() and result == found):
            write_feedback(result, self._coursework, page)
        return Outcome(submission, result, was_kept)

    def _path_of(self, submission: Upload) -> Path:
        return self._out / "results" / f"{submission.stem}.json"

    def _page_of(self, submission: Upload) -> Path:
        return self._out / "feedback" / f"{submission.stem}.html"

    def _prepare(self, submission: Upload, folder: Path) -> Job:
        """Take a snapshot; the fingerprint tells all that decides the result."""
        refusal, digest = "", ""
        notes: tuple[str, ...] = ()
        sources, scratch = folder / "snapshot", folder / "scratch"
        scratch.mkdir()
        try:
            snapshot = take_snapshot(submission, self._coursework.modules, sources)
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
            faulty=self._faulty,
        )

    def _read_unchanged(self, job: Job, path: Path) -> Result | None:
        """Return the result of an earlier run if it still holds."""
        if self._force:
            return None
        with contextlib.suppress(OSError, ValueError):
            result = read_result(path)
            is_same = result.fingerprint == job.fingerprint
            # What broke, and is not decided, may go well another time.
            is_open = self._decisions.apply(result).status in BROKEN
            if is_same and not is_open and self._accepts(result.confinement):
                return result
        return None

    def _mark_twice_at_most(self, job: Job) -> Result:
        """Mark; a fault of the kit's processes is tried once more.

        Raises:
            KitFault: It was met again, or nobody can be marked at all.
        """
        try:
            return self._mark_in_process(job)
        except CannotMark:
            raise
        except KitFault:
            return self._mark_in_process(job)

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


def write_class(results: Sequence[Result], coursework: Coursework, out: Path) -> None:
    """Write the grades and the page of a class."""
    task_ids = [task.id for task in coursework.tasks]
    write_grades(results, task_ids, out / "grades.csv")
    write_class_page(results, coursework, out / "index.html")


def _as_completed(running: Sequence[Future[Done]]) -> Iterator[Future[Done]]:
    """Yield each as it is done; what that takes does not grow with how many wait."""
    done: queue.SimpleQueue[Future[Done]] = queue.SimpleQueue()
    for future in running:
        future.add_done_callback(done.put)
    left = len(running)
    while left:
        try:
            future = done.get(timeout=LISTENING_SECONDS)
        except queue.Empty:
            continue
        left -= 1
        yield future


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _describe_fault(coursework: Coursework, job: Job, fault: str) -> Result:
    """Return a result in which nothing was checked, and all marks are open."""
    tasks = []
    for task in coursework.tasks:
        check = CheckResult(
            id=f"kit/{task.id}",
            title="The checks of this task could be run",
            hidden=False,
            status=Status.NEEDS_A_LOOK,
            marks=0.0,
            max=task.marks,
            message=write_message(task, "", NeedsALook(NO_RESULT)),
            seconds=0.0,
            fault=name_fault(EVERYTHING, NO_RESULT),
            detail=fault,
        )
        tasks.append(summarise_task(task.id, task.title, [check]))
    notes = (*job.notes, STATES[Status.NEEDS_A_LOOK].meaning)
    return replace(
        summarise(job.student, tasks, notes=notes), fingerprint=job.fingerprint
    )
