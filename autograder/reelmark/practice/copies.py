"""Copies of a student's work, checked as it is marked: by processes of their own.

A copy of the folder is checked, made as `grade` would make it, by the same judge and
workers. So what a student sees at home agrees with what marking will find.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reelmark.confinement.privileges import worker_uid
from reelmark.errors import KitFault
from reelmark.files import open_temporary
from reelmark.intake.snapshots import take_snapshot
from reelmark.intake.submissions import Upload
from reelmark.manifest import Coursework
from reelmark.marking.backend import Backend, choose_backend
from reelmark.marking.jobs import Job, assign, lend, read_check
from reelmark.practice.marker import tell_differences
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, TaskResult, read_result

if TYPE_CHECKING:
    # numpy is imported when a picture is drawn, not to check one task.
    from reelmark.checks.requests import WorkerLink
    from reelmark.checks.submission import Submission

Told = Callable[[str, CheckResult], None]
"""Called with the result of each check, and the id of its task."""


@dataclass(frozen=True)
class Found:
    """What checking a copy found.

    Attributes:
        results: The tasks that were checked.
        notes: Sentences about files that were left out, and about what is different
            when work is marked.
        checked: The folder that was checked; it is removed along with the copy.
    """

    results: tuple[TaskResult, ...]
    notes: tuple[str, ...]
    checked: Path


class Copy:
    """A copy of a student's work.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules.
        folder: An empty folder for the copy.

    Raises:
        RefusedSubmission: The folder is not one that can be handed in.
    """

    def __init__(self, coursework: Coursework, work: Path, folder: Path) -> None:
        self._coursework = coursework
        self._folder = folder
        (folder / "scratch").mkdir()
        upload = Upload(work.name, work)
        self._taken = take_snapshot(
            upload, coursework.functions, folder / "snapshot", has_notebooks=False
        )

    def check(
        self,
        backend: Backend,
        tasks: Sequence[str],
        tell: Told,
        *,
        hidden: bool = False,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Found | None:
        """Check some tasks.

        Args:
            backend: The processes that check; they have been started.
            tasks: Ids of the tasks, in the order to check them in.
            tell: Called with each result as it comes.
            hidden: Whether the hidden checks follow the public ones.
            is_stopped: Says whether the result is no longer wanted.

        Returns:
            What was found; empty if it was stopped.

        Raises:
            KitFault: There is no process to check it, or it ended without a result.
        """
        settled = ""
        for phase in (False, True) if hidden else (False,):
            job = self._prepare(tasks, hidden=phase, settled=settled)
            if not is_stopped():
                backend.mark(job, 0, lambda told: tell(*read_check(told)))
            if is_stopped():
                return None
            settled = job.result
        try:
            results = read_result(Path(settled)).tasks
        except (OSError, ValueError) as error:
            text = f"the process that checks ended without a result: {error}"
            raise KitFault(text) from error
        told = tell_differences(self._coursework, self._taken.folder)
        return Found(results, (*self._taken.notes, *told), self._taken.folder)

    @contextlib.contextmanager
    def open_submission(self, backend: Backend) -> Iterator[Submission]:
        """Open the copy for calls that no mark depends on."""
        from reelmark.checks.kinds import read_kinds
        from reelmark.checks.submission import Submission

        with backend.open_workers() as start, open_temporary(self._folder) as home:

            def open_worker(
                scratch: Path, stand_ins: tuple[str, ...], is_clean: bool
            ) -> WorkerLink:
                taken, stubs = self._taken.folder, self._coursework.stubs
                folder = stubs if is_clean else lend(taken, scratch)
                uid = worker_uid(0)
                work = assign(self._coursework, folder, scratch, stand_ins, uid=uid)
                return start(work, Limits())

            kinds = read_kinds(self._coursework.ingredients)
            submission = Submission(self._coursework.modules, home, open_worker, kinds)
            try:
                yield submission
            finally:
                submission.end_worker()

    def _prepare(self, tasks: Sequence[str], *, hidden: bool, settled: str) -> Job:
        return Job(
            student="",
            snapshot=str(self._taken.folder),
            notes=self._taken.notes,
            refusal="",
            fingerprint="",
            confinement="",
            result=str(self._folder / ("hidden.json" if hidden else "public.json")),
            scratch=str(self._folder / "scratch"),
            uid=None,
            limits=Limits(),
            tasks=tuple(tasks),
            hidden=hidden,
            settled=settled,
        )


class Processes:
    """Checks a student's work once, as it is marked; use it in a ``with`` statement.

    Args:
        coursework: What it is checked by.
        work: The folder of the student's modules.
        hidden: Whether the hidden checks follow the public ones.
    """

    remark = ""
    """A remark on this way of checking."""

    def __init__(self, coursework: Coursework, work: Path, *, hidden: bool) -> None:
        self._coursework = coursework
        self._work = work
        self._hidden = hidden
        self._backend = choose_backend(coursework, is_practice=True, hidden=hidden)
        self._opened = contextlib.ExitStack()
        self._copy: Copy | None = None

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            folder = opened.enter_context(open_temporary())
            self._copy = Copy(self._coursework, self._work, folder)
            opened.enter_context(self._backend)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def check(self, tasks: Sequence[str], tell: Told) -> Found:
        """Check some tasks.

        Raises:
            KitFault: Nothing can be checked on this machine.
        """
        self._backend.start()
        found = self._taken().check(self._backend, tasks, tell, hidden=self._hidden)
        assert found is not None, "nobody stops it"
        return found

    def open_submission(self) -> contextlib.AbstractContextManager[Submission]:
        """Open the work for calls that no mark depends on."""
        return self._taken().open_submission(self._backend)

    def _taken(self) -> Copy:
        assert self._copy is not None, "the with statement takes it"
        return self._copy
