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
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from reelmark.confinement.advice import explain_open_level
from reelmark.confinement.bubblewrap import Walls
from reelmark.confinement.level import Level
from reelmark.errors import (
    CannotMark,
    KitFault,
    RefusedSubmission,
    UsageError,
)
from reelmark.files import remove_tree
from reelmark.grading.dependencies import fingerprint_tasks
from reelmark.grading.fingerprint import hash_texts
from reelmark.grading.keeping import Keeping, put_together
from reelmark.grading.publishing import Publisher, open_publisher
from reelmark.grading.reference import (
    FILE,
    copy_reference,
    describe_machine,
    expect_full_marks,
    has_reference,
)
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.grading.sources import digest_sources, keep_sources
from reelmark.grading.trouble import (
    carry_out,
    concerns_everybody,
    describe_error,
    leave_open,
)
from reelmark.intake.remarks import find_uses_of_engine
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, Elsewhere, choose_backend
from reelmark.marking.faults import find_roots
from reelmark.marking.jobs import Job
from reelmark.marking.workspace import WORK, Workspace
from reelmark.processes.limits import Limits
from reelmark.results import (
    BROKEN,
    Result,
    TaskResult,
    read_result,
    summarise,
    total_up,
    write_result,
)

LISTENING_SECONDS = 0.5
"""Between two chances for Ctrl-C: Windows hears it only where a wait ends."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission in this run.

    Attributes:
        submission: The submission.
        result: What it has, as it counts.
        was_kept: Whether nothing of it was marked again.
    """

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
        kept: Tasks of an earlier result that are not marked again.
        fingerprint: What the whole result is of: the job's, unless work is marked
            whose other tasks may not hold any more.
    """

    submission: Upload
    job: Job
    opened: contextlib.ExitStack
    kept: tuple[TaskResult, ...]
    fingerprint: str


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
        again: Ids of the tasks to mark again, where the same work was marked before
            and its other tasks are to stay as they are; all if empty.
        part: What the part of a class is called that this run marks, while others
            may mark other parts into the same folder.
        backend: The processes that mark; by default, this system's best.

    Attributes:
        reference: What the reference was found to be; None before it is marked, and
            where there is none.
        publisher: Writes what people read; another one may be put in its place.
        troubles: Why a submission could not be marked, or not be shown, by student.

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
        again: tuple[str, ...] = (),
        part: str = "",
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
        self._again = again
        self._keeping = Keeping(coursework, fingerprint_tasks(coursework), again)
        self.reference: Result | None = None
        self._part = f"-{part}" if part else ""
        self._workspace = Workspace(self._out, f"{WORK}{self._part}")
        self._is_held = False
        # Beside the workspace: an interrupted run leaves it to the next one.
        self._settled = self._out / f".settled{self._part}"
        walls = Walls(coursework, self._workspace.path) if has_wall else None
        self._backend = backend or choose_backend(coursework, walls)
        self._faulty: tuple[str, ...] = ()
        self.troubles: dict[str, str] = {}
        self._stopping = threading.Event()
        self._free_slots: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(self._slots):
            self._free_slots.put(slot)

    @cached_property
    def publisher(self) -> Publisher:
        """What writes pages, with what was decided by hand."""
        return open_publisher(self._coursework, self._out)

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Keep other runs out of the folder of results.

        Raises:
            MachineFault: Another run holds it.
        """
        if self._is_held:
            yield
            return
        with self._workspace.open():
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False

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
            self.hold(),
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

    def foresee(self, submissions: Sequence[Upload]) -> Counter[tuple[str, ...]]:
        """Count submissions by the tasks that are marked again if the work is the same.

        Those of whom nothing is kept are left out.
        """
        foreseen: Counter[tuple[str, ...]] = Counter()
        for submission in submissions:
            # What is wrong with one is told when it is marked.
            with contextlib.suppress(Exception):
                earlier = read_result(self._path_of(submission))
                kept = {task.id for task in self._keep_of(earlier)}
                ids = {task.id for task in earlier.tasks} | self._keeping.checked
                tasks = [task.id for task in self._coursework.tasks if task.id in ids]
                foreseen[tuple(task for task in tasks if task not in kept)] += 1
        return foreseen

    def write_class(self, results: Sequence[Result]) -> None:
        """Write the grades and the page of the whole class.

        Raises:
            UsageError: Decisions or marks set by hand make no sense.
        """
        self.publisher.publish_class(results)
        self.troubles |= self.publisher.troubles

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
        name = Path(FILE)
        path = self._out / name.with_stem(f"{name.stem}{self._part}")
        with self._workspace.folder() as folder:
            upload = copy_reference(self._coursework, folder / "handed-in")
            job = self._prepare(upload, folder)
            marked_with = hash_texts([job.fingerprint, describe_machine()])
            job = replace(job, fingerprint=marked_with, until_failure=False)
            earlier = self._read_earlier(job, path)
            kept = self._choose_kept(job, earlier)
            result = earlier if self._is_whole(job, earlier, kept) else None
            result = result or self._mark_both(job, folder, kept)
            # What it breaks on is the kit's own fault, and keeps nothing from being
            # checked: so it is told from what somebody has provoked.
            while faults := find_roots(result).keys() - {*self._faulty}:
                self._faulty = (*self._faulty, *sorted(faults))
                job = replace(job, faulty=self._faulty)
                result = self._mark_both(job, folder, ())
        expect_full_marks(result)
        write_result(result, path)
        self.reference = result

    def _mark_both(self, job: Job, folder: Path, kept: Sequence[TaskResult]) -> Result:
        """Run the public checks of the reference, then its hidden ones.

        Raises:
            CannotMark: They cannot be run.
        """
        try:
            settled = folder / "settled.json"
            job = self._with_known(job, kept)
            found = self._mark_twice_at_most(job)
            if self._coursework.hidden_suite.is_dir():
                write_result(self._put_together(kept, found), settled)
                job = replace(job, hidden=True, settled=str(settled))
                found = self._mark_twice_at_most(job)
        except CannotMark:
            raise
        except KitFault as fault:
            raise CannotMark(f"The reference cannot be marked: {fault}") from fault
        return self._put_together(kept, found)

    def _settle(self, submission: Upload) -> Outcome | Settled:
        return self._take(submission, lambda: self._begin(submission))

    def _conclude(self, settled: Settled) -> Outcome:
        with settled.opened:
            return self._take(settled.submission, lambda: self._finish(settled))

    def _take(
        self, submission: Upload, act: Callable[[], Done | Outcome]
    ) -> Done | Outcome:
        """Do something with a submission; whatever it raises is its own affair.

        Raises:
            Exception: It would be raised for everybody.
        """
        try:
            return carry_out(act)
        except Exception as error:
            if self._stopping.is_set() or concerns_everybody(error, self._out):
                raise
            self.troubles[submission.student] = describe_error(error)
            result = leave_open(self._coursework, submission.student, error)
            return self._keep(submission, result)

    def _begin(self, submission: Upload) -> Outcome | Settled:
        """Run the public checks, unless nothing is to be done at all."""
        opened = contextlib.ExitStack()
        with opened:
            job = self._prepare(
                submission, opened.enter_context(self._workspace.folder())
            )
            earlier = self._find_earlier(submission, job)
            kept = self._choose_kept(job, earlier)
            if earlier and self._is_whole(job, earlier, kept):
                return self._show(submission, earlier, job, was_kept=True)
            of = earlier.fingerprint if earlier else job.fingerprint
            left = Settled(submission, self._with_known(job, kept), opened, kept, of)
            if self._coursework.hidden_suite.is_dir():
                try:
                    left = replace(left, job=self._run_public_checks(left))
                except KitFault as fault:
                    return self._give_up(left, fault)
                return replace(left, opened=opened.pop_all())
            return self._finish(left)

    def _find_earlier(self, submission: Upload, job: Job) -> Result | None:
        """Return an earlier result of the same work, if there is one.

        Where only some tasks are marked again, the others stay as they are, whatever
        they were marked with.
        """
        path = self._path_of(submission)
        if not self._again:
            return self._read_earlier(job, path)
        kept = self._sources_of(submission)
        is_same = kept.is_dir() and (
            digest_sources(kept) == digest_sources(Path(job.snapshot))
        )
        with contextlib.suppress(OSError, ValueError):
            return read_result(path) if is_same else None
        return None

    def _choose_kept(self, job: Job, earlier: Result | None) -> tuple[TaskResult, ...]:
        """Return the tasks of an earlier result that are not marked again."""
        if earlier is None:
            return ()
        kept = self._keep_of(earlier)
        # Else it would have to be known where the first failure was.
        is_part = self._until_failure and not self._is_whole(job, earlier, kept)
        return () if is_part else kept

    def _keep_of(self, earlier: Result) -> tuple[TaskResult, ...]:
        counted = self.publisher.rulings.apply(earlier)
        broken = {task.id for task in counted.tasks if task.status in BROKEN}
        is_anew = self._force and not self._again
        return () if is_anew else self._keeping.choose(earlier, broken)

    def _is_whole(
        self, job: Job, earlier: Result | None, kept: Sequence[TaskResult]
    ) -> bool:
        return earlier is not None and self._keeping.is_whole(earlier, kept, job.tasks)

    def _with_known(self, job: Job, kept: Sequence[TaskResult]) -> Job:
        """Return a job whose judge knows what is kept, so that it checks the rest."""
        if not kept:
            return job
        path = Path(job.result).with_name("kept.json")
        write_result(summarise(job.student, kept), path)
        return replace(job, settled=str(path))

    def _put_together(self, kept: Sequence[TaskResult], found: Result) -> Result:
        tasks = self._keeping.sign(found).tasks
        return total_up(found, put_together(self._coursework, kept, tasks))

    def _run_public_checks(self, settled: Settled) -> Job:
        """Run them, unless an interrupted run has; return the job that is left.

        Raises:
            KitFault: They cannot be run.
        """
        job = settled.job
        path = self._settled / f"{settled.submission.stem}.json"
        if not self._is_settled(settled, path):
            found = self._mark_twice_at_most(job)
            write_result(self._put_together(settled.kept, found), path)
        return replace(job, hidden=True, settled=str(path))

    def _is_settled(self, settled: Settled, path: Path) -> bool:
        """Return whether an interrupted run has left what is found now."""
        known = self._read_earlier(settled.job, path)
        kept = {task.id for task in settled.kept}
        return known is not None and all(
            task.id in kept
            or (self._keeping.is_current(task) and task.status not in BROKEN)
            for task in known.tasks
        )

    def _finish(self, settled: Settled) -> Outcome:
        """Run the checks that are left."""
        try:
            result = self._mark_twice_at_most(settled.job)
        except KitFault as fault:
            return self._give_up(settled, fault)
        return self._conclude_with(settled, result)

    def _give_up(self, settled: Settled, fault: KitFault) -> Outcome:
        """Conclude without a result, unless nobody can be marked or is to be.

        Raises:
            KitFault: That one.
        """
        if isinstance(fault, CannotMark) or self._stopping.is_set():
            raise fault
        job = settled.job
        notes, tasks = job.notes, job.tasks
        result = leave_open(self._coursework, job.student, fault, notes, tasks)
        return self._conclude_with(settled, result)

    def _conclude_with(self, settled: Settled, found: Result) -> Outcome:
        """Keep what was found, with what was kept."""
        result = self._put_together(settled.kept, found)
        result = replace(result, fingerprint=settled.fingerprint)
        return self._keep(settled.submission, result, settled.job)

    def _keep(
        self, submission: Upload, result: Result, job: Job | None = None
    ) -> Outcome:
        """Write a result and its pages."""
        write_result(result, self._path_of(submission))
        return self._show(submission, result, job, was_kept=False)

    def _show(
        self, submission: Upload, found: Result, job: Job | None, *, was_kept: bool
    ) -> Outcome:
        """Write the pages of a result, as it counts, unless they show it already."""
        if job:
            # After the result: what is kept is never newer than what was found in it.
            self._try_to_keep_sources(submission, Path(job.snapshot))
        result = self.publisher.publish(found)
        if trouble := self.publisher.troubles.get(submission.student):
            self.troubles[submission.student] = trouble
        return Outcome(submission, result, was_kept)

    def _try_to_keep_sources(self, submission: Upload, snapshot: Path) -> None:
        """Keep what was marked; whatever that raises is its own affair.

        Raises:
            Exception: It would be raised for everybody.
        """
        try:
            kept = self._sources_of(submission)
            carry_out(lambda: keep_sources(snapshot, kept))
        except Exception as error:
            if concerns_everybody(error, self._out):
                raise
            self.troubles[submission.student] = describe_error(error)

    def _path_of(self, submission: Upload) -> Path:
        return self._out / "results" / f"{submission.stem}.json"

    def _sources_of(self, submission: Upload) -> Path:
        return self._out / SOURCES / submission.stem

    def _prepare(self, submission: Upload, folder: Path) -> Job:
        """Take a snapshot; the fingerprint tells what of a submission is marked."""
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
        parts = (repr(self._limits), *scope, *notes, digest)
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
            remarks=find_uses_of_engine(sources),
        )

    def _read_earlier(self, job: Job, path: Path) -> Result | None:
        """Return an earlier result of the same work, if it may be used."""
        if self._force:
            return None
        with contextlib.suppress(OSError, ValueError):
            result = read_result(path)
            is_same = result.fingerprint == job.fingerprint
            return result if is_same and self._accepts(result.confinement) else None
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
            if concerns_everybody(error, self._out):
                raise
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
