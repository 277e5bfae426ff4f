"""Grading: mark a folder of submissions, as many at the same time as there are cores.

A submission is marked in a process of its own (trusted: it never imports what a
student wrote), against workers that are processes too (`backend`). Its result is
written whole as soon as it is known, so an interrupted run continues where it
stopped and marks only what changed.
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
"""Seconds between two chances for Ctrl-C: Windows notices it only when a wait ends."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission in this run.

    Attributes:
        submission: The submission.
        result: The result that counts.
        was_kept: Whether the whole earlier result was kept.
    """

    submission: Upload
    result: Result
    was_kept: bool


@dataclass(frozen=True)
class Settled:
    """A submission whose public checks are done, and what remains to be done.

    Attributes:
        submission: The submission.
        job: What is left to do.
        opened: Closes the folder that the job uses.
        kept: Tasks of an earlier result that are not marked again.
        fingerprint: The fingerprint of the whole result: the job's, unless other tasks
            of the same work may no longer hold.
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
        coursework: The coursework.
        out: The folder that results, grades and pages are written to.
        slots: How many submissions are marked at the same time.
        force: Whether unchanged submissions are marked again.
        limits: What a check of a submission may use.
        is_unsafe: Whether hidden checks run even if submissions could read them.
        has_wall: Whether workers are also kept behind bubblewrap.
        tasks: By student, ids of the tasks to check; all for students not named.
        until_failure: Whether a submission is marked up to its first failed check.
        again: Ids of the tasks to mark again if the same work was marked before; its
            other tasks stay as they are. All if empty.
        part: The name of the part of a class that this run marks, while others may
            mark other parts into the same folder.
        backend: The processes that mark; by default, this system's best.

    Attributes:
        reference: The result of the reference; None before it is marked, or if there
            is none.
        publisher: Writes what people read; it may be replaced by another.
        troubles: By student, why a submission could not be marked or shown.

    Raises:
        UsageError: This system cannot have a wall.
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
        self._out = out.resolve()  # judges work in another folder
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
        # Beside the workspace, because an interrupted run leaves it to the next one.
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
        """The publisher of pages, with the rulings made by hand."""
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

        The reference comes first: unless it gets full marks, nobody is marked. All
        public checks of everybody come before any hidden ones. So while a worker can
        read what hidden checks use, no public messages remain to be written: neither
        those of its own submission, nor those of another that it might influence
        through the machine that they share.

        Args:
            submissions: What to mark.
            on_settled: Called with each submission whose public checks are done and
                whose hidden ones have yet to run.

        Raises:
            MachineFault: Another run is writing to the same folder.
            UsageError: This machine cannot keep hidden checks from submissions.
            CannotMark: Nothing can be marked on this machine or with these suites, or
                the reference does not get full marks.
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
        """The machines that are marking, in words; empty if it is just this one."""
        return self._backend.workers if isinstance(self._backend, Elsewhere) else ""

    def foresee(self, submissions: Sequence[Upload]) -> Counter[tuple[str, ...]]:
        """Count submissions by the tasks to mark again, if their work is unchanged.

        Those without an earlier result are left out.
        """
        foreseen: Counter[tuple[str, ...]] = Counter()
        for submission in submissions:
            # What is wrong with a result is reported when it is marked.
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
        """Do something with several submissions at a time; yield each outcome."""
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
            CannotMark: It does not get full marks here, or cannot be marked.
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
            # A check that it breaks is the kit's own fault, and stops nothing: so such
            # faults can be told from those that somebody provoked.
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
        """Do something with a submission; what only this one raises is its own trouble.

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
        """Run the public checks, unless there is nothing to do."""
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

        If only some tasks are marked again, the others stay as they are, whatever they
        were marked with.
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
        # Otherwise the place of the first failure would have to be known.
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
        """Return a job whose judge knows what is kept, so it checks only the rest."""
        if not kept:
            return job
        path = Path(job.result).with_name("kept.json")
        write_result(summarise(job.student, kept), path)
        return replace(job, settled=str(path))

    def _put_together(self, kept: Sequence[TaskResult], found: Result) -> Result:
        tasks = self._keeping.sign(found).tasks
        return total_up(found, put_together(self._coursework, kept, tasks))

    def _run_public_checks(self, settled: Settled) -> Job:
        """Run them, unless an interrupted run has done so; return the remaining job.

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
        """Return whether an interrupted run has left the results that are needed."""
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
        """Conclude with open marks, unless marking is impossible or over for everybody.

        Raises:
            KitFault: The one given.
        """
        if isinstance(fault, CannotMark) or self._stopping.is_set():
            raise fault
        job = settled.job
        notes, tasks = job.notes, job.tasks
        result = leave_open(self._coursework, job.student, fault, notes, tasks)
        return self._conclude_with(settled, result)

    def _conclude_with(self, settled: Settled, found: Result) -> Outcome:
        """Write what was found, together with what was kept."""
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
        """Write the pages of a result, with rulings, unless they show it already."""
        if job:
            # After the result: the kept sources are never newer than their result.
            self._try_to_keep_sources(submission, Path(job.snapshot))
        result = self.publisher.publish(found)
        if trouble := self.publisher.troubles.get(submission.student):
            self.troubles[submission.student] = trouble
        return Outcome(submission, result, was_kept)

    def _try_to_keep_sources(self, submission: Upload, snapshot: Path) -> None:
        """Keep what was marked; what only this submission raises is its own trouble.

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
        """Take a snapshot; its fingerprint identifies what is marked."""
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
        """Return an earlier result of the same work, if it can be used."""
        if self._force:
            return None
        with contextlib.suppress(OSError, ValueError):
            result = read_result(path)
            is_same = result.fingerprint == job.fingerprint
            return result if is_same and self._accepts(result.confinement) else None
        return None

    def _mark_twice_at_most(self, job: Job) -> Result:
        """Mark; after a fault of the kit's processes, try once more.

        Raises:
            KitFault: There was another, or nobody can be marked at all.
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
        """Refuse to run hidden checks if a submission could read them."""
        level, findings = self._backend.level, self._backend.findings
        if not self._accepts(level.value):
            raise UsageError(explain_open_level(level, findings))

    def _accepts(self, confinement: str) -> bool:
        """Return whether a level, given in words, is good enough for this run."""
        if self._is_unsafe or not self._coursework.hidden_suite.is_dir():
            return True
        closed = (one for one in Level if one.has_files_and_network_closed)
        return confinement in {level.value for level in closed}


def _as_completed(running: Sequence[Future[Done]]) -> Iterator[Future[Done]]:
    """Yield each when it is done; the cost does not grow with the number waiting."""
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
