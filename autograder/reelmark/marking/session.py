"""Marking: run a coursework's suites against one submission with pytest.

A check that does not pass with the student's own functions is run again (`attempts`).
It fails if an assertion fails or a call of the student's function raises. Any other
exception is a fault, which never costs marks and never earns them (`faults`).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from reelmark.checks.kinds import read_kinds
from reelmark.checks.submission import OpenWorker, Submission
from reelmark.errors import KitFault, NeedsALook, TimedOut, UsageError
from reelmark.files import open_temporary
from reelmark.manifest import Coursework, Task
from reelmark.marking.attempts import Attempt, Attempts
from reelmark.marking.check import Check, conclude, find_marker, read_check
from reelmark.marking.faults import describe, is_fault, name_fault, withhold
from reelmark.marking.messages import (
    status_of,
    write_message,
    write_not_checked,
    write_raised,
    write_withheld,
)
from reelmark.results import BROKEN, CheckResult, Status, TaskResult, summarise_task
from reelmark.text import find_essence

TOTAL_SECONDS = 1_200.0
"""Wall time, in seconds, for all checks of a submission together."""


STOPPED = "A check before it did not pass."

Report = Callable[[Task, CheckResult], None]


@dataclass(frozen=True)
class Known:
    """What is known about a submission before a judge begins.

    Attributes:
        stopped: Ids of checks in which an earlier judge was stopped, or ended. No more
            checks of their tasks are run, as they would only meet the same again.
        faulty: Ids of checks in which the reference meets a fault too: that is the
            kit's own fault, and nobody has provoked it.
        is_over: Whether there is no time left for more checks.
    """

    stopped: tuple[str, ...] = ()
    faulty: frozenset[str] = frozenset()
    is_over: bool = False


class Marking:
    """A pytest plugin that marks one submission.

    Args:
        coursework: The coursework whose suites run.
        open_worker: Opens a worker for the submission.
        tasks: Ids of the tasks to check; all if empty.
        report: Called with every result as it comes.
        begin: Called when a check begins, with the result that it will have if the
            judge is stopped in it.
        refusal: Why the submission is not looked at; every check is then "not
            checked".
        total_seconds: Wall time for all checks; those that would begin later time out.
        is_practice: Whether no marks depend on it: then a fault is always the kit's.
        is_by_hand: Whether somebody runs pytest by hand: they may leave out checks
            that others wait for, and a task that is not started is skipped, not failed.

    Attributes:
        refusal: As given.
        known: What is known about the submission beforehand.
        until_failure: Whether to stop after the first check that fails.
    """

    def __init__(
        self,
        coursework: Coursework,
        open_worker: OpenWorker,
        *,
        tasks: Sequence[str] = (),
        report: Report | None = None,
        begin: Report | None = None,
        refusal: str = "",
        total_seconds: float = TOTAL_SECONDS,
        is_practice: bool = False,
        is_by_hand: bool = False,
    ) -> None:
        self._coursework = coursework
        self._open_worker = open_worker
        self._tasks = tuple(tasks)
        self._report = report
        self._begin = begin
        self.refusal = refusal
        self.known = Known()
        self.until_failure = False
        self._checks: dict[str, Check] = {}
        self._results: dict[str, CheckResult] = {}
        self._faults: list[str] = []
        self._total_seconds = total_seconds
        self._to_come: frozenset[str] = frozenset()
        self._attempts = Attempts(coursework, self._verdict_of)
        self._has_marks = not (is_practice or is_by_hand)
        self._is_by_hand = is_by_hand
        self._submission: Submission | None = None
        self._is_in_hidden_phase = False
        self._started = time.monotonic()
        self._spent = 0.0

    @contextlib.contextmanager
    def open_submission(self) -> Iterator[Submission]:
        """Open the submission for the checks, with a folder for its workers."""
        with open_temporary() as home:
            submission = Submission(
                self._coursework.modules,
                home,
                self._open_worker,
                read_kinds(self._coursework.ingredients),
            )
            self._submission = submission
            self._started = time.monotonic()
            yield submission
            submission.end_worker()

    def grant(self, seconds: float) -> None:
        """Add wall time, to make up for what the kit itself takes."""
        self._started += seconds

    def task_results(self) -> list[TaskResult]:
        """Return what was found, task by task, in the manifest's order."""
        by_task: dict[str, list[CheckResult]] = {}
        for node, check in self._checks.items():
            result = self._final(node) or self._fail(check, _NEVER_RUN)
            by_task.setdefault(check.task.id, []).append(result)
        return [
            summarise_task(task.id, task.title, by_task[task.id])
            for task in self._coursework.tasks
            if task.id in by_task
        ]

    @property
    def faults(self) -> list[str]:
        """What went wrong in the suites themselves, for an instructor."""
        return self._faults

    def choose(self, items: list[pytest.Item], tasks: Sequence[str]) -> None:
        """Keep only the checks of some tasks among what was collected, in this order.

        Hidden checks stay last, as in `_place`.

        Args:
            items: What pytest is about to run; it is changed.
            tasks: Ids of the tasks.
        """
        checks = self._checks
        kept = {node: checks[node] for node in checks if checks[node].task.id in tasks}
        items[:] = [item for item in items if item.nodeid in kept]
        places = {task: place for place, task in enumerate(tasks)}
        found = kept.items()
        order = {node: (check.hidden, places[check.task.id]) for node, check in found}
        items.sort(key=lambda item: order[item.nodeid])
        self._checks = {item.nodeid: kept[item.nodeid] for item in items}

    def begin_phase(
        self, items: list[pytest.Item], settled: Sequence[TaskResult], *, hidden: bool
    ) -> None:
        """Keep only the checks of one phase: the public ones, or those that come after.

        Args:
            items: What pytest is about to run; it is changed.
            settled: Results that are settled already: for hidden checks, those of the
                public ones; those of a judge that was stopped; and tasks that are kept.
            hidden: Whether it is the phase of the hidden checks.
        """
        found = {check.id: check for task in settled for check in task.checks}
        if not hidden:
            checks = self._checks.items()
            self._to_come = frozenset(one.task.id for _, one in checks if one.hidden)
            self._checks = {node: one for node, one in checks if not one.hidden}
        checks = self._checks.items()
        known = {node: found[one.id] for node, one in checks if one.id in found}
        self._results.update(known)
        # The time in which a judge was stopped is not the student's.
        stopped = self.known.stopped
        self._spent = sum(r.seconds for r in known.values() if r.id not in stopped)
        self._attempts.expect_trouble(
            (self._checks[node].task, check.status) for node, check in known.items()
        )
        if self.until_failure and not all(map(_is_fine, known.values())):
            self.refusal = STOPPED
        kept = self._checks.keys() - known.keys()
        items[:] = [item for item in items if item.nodeid in kept]

    def _loose_rungs(self) -> list[str]:
        """Return the checks whose ``after`` names no check that comes before them."""
        before: set[tuple[str, str]] = set()
        loose = []
        for check in self._checks.values():
            needed = {(check.task.id, name) for name in check.after}
            loose += [check.id] if needed - before else []
            before.add((check.task.id, check.name))
        return loose

    def pytest_configure(self, config: pytest.Config) -> None:
        """Set what pytest's debugger asks for; usually the terminal plugin does."""
        for option in ("color", "code_highlight"):
            vars(config.option).setdefault(option, "auto")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a suite that cannot be collected."""
        if report.failed:
            self._faults.append(f"{report.nodeid}: {find_essence(report.longreprtext)}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Report that a check begins: its fixtures may already ask a worker."""
        check = self._checks.get(item.nodeid)
        if check and self._begin:
            self._begin(check.task, self._fail(check, _STOPPED, is_heard=True))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record the result of a check that could not begin."""
        report = yield
        check = self._checks.get(item.nodeid)
        if report.failed and report.when != "call":
            self._faults.append(f"{report.nodeid}: {find_essence(report.longreprtext)}")
        if check and report.failed and item.nodeid not in self._results:
            error = call.excinfo.value if call.excinfo else _NEVER_RUN
            self._settle(item.nodeid, check, self._fail(check, error))
        return report

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let ``pytest -k`` find a check by its task's id and function."""
        marker = find_marker(item)
        named = marker.args[0] if marker and marker.args else None
        for task in self._coursework.tasks:
            if task.id == named:
                item.extra_keyword_matches.update((task.id, task.function))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the checks and put them in order, other tests first."""
        checks = {item.nodeid: self._read(item) for item in items if find_marker(item)}
        wanted = [
            item
            for item in items
            if item.nodeid in checks
            and (not self._tasks or checks[item.nodeid].task.id in self._tasks)
        ]
        wanted.sort(key=lambda item: self._place(checks[item.nodeid]))
        self._checks = {item.nodeid: checks[item.nodeid] for item in wanted}
        items[:] = [item for item in items if item.nodeid not in checks] + wanted
        if not self._is_by_hand and (loose := self._loose_rungs()):
            fault = f"These checks wait for checks that are not there: {loose}"
            self._faults.append(fault)
            raise pytest.UsageError(fault)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object:
        """Run one check and keep its result; pytest reports the message."""
        check = self._checks.get(pyfuncitem.nodeid)
        if check is None:
            return None
        result = self._run(check, pyfuncitem)
        self._settle(pyfuncitem.nodeid, check, result)
        if result.status in self._skipped():
            # Otherwise pytest would name this line as the check's place.
            reason = " ".join(result.message.partition("\n\n")[0].split())
            raise pytest.skip.Exception(reason, _use_item_location=True)
        if result.status is not Status.PASSED:
            pytest.fail(result.message, pytrace=False)
        return True

    def _settle(self, node: str, check: Check, result: CheckResult) -> None:
        self._results[node] = result
        if self._report:
            self._report(check.task, result)

    def _skipped(self) -> tuple[Status, ...]:
        by_hand = (Status.NOT_STARTED,) if self._is_by_hand else ()
        return (Status.NOT_CHECKED, *by_hand)

    def _place(self, check: Check) -> tuple[bool, int, int]:
        """Return a check's place in the order: hidden checks last, module by module.

        So a submission cannot carry what it has seen in a hidden check into a public
        one, whose messages show what it returns.
        """
        module = self._coursework.modules.index(check.task.module)
        return check.hidden, module, self._coursework.tasks.index(check.task)

    def _read(self, item: pytest.Item) -> Check:
        try:
            return read_check(item, self._coursework)
        except (LookupError, TypeError, ValueError, UsageError) as error:
            self._faults.append(f"{item.nodeid}: its marker: {error!r}")
            raise pytest.UsageError(self._faults[-1]) from error

    def _run(self, check: Check, item: pytest.Function) -> CheckResult:
        started = time.monotonic()
        if blocked := self._block(check):
            return blocked
        submission = cast(Submission, item.funcargs["submission"])
        if check.hidden and not self._is_in_hidden_phase:
            # A worker that has run public checks never sees what hidden ones send.
            submission.end_worker()
            self._is_in_hidden_phase = True
        attempt = self._attempt(check, item, submission)
        result = self._conclude(check, attempt.error, attempt.call, started)
        # In a hidden check it may be what the check was called with.
        printed = "" if check.hidden else submission.printed
        result = replace(result, printed=printed)
        if attempt.own:
            own = self._conclude(check, attempt.own, attempt.call, started)
            result = replace(result, own=replace(own, printed=printed))
        if self.until_failure and not _is_fine(result):
            self.refusal = STOPPED
        return result

    def _conclude(
        self, check: Check, error: BaseException | None, call: str, started: float
    ) -> CheckResult:
        if error is None:
            return conclude(check, Status.PASSED, "", started)
        if is_fault(error) or (self._has_marks and _is_no_verdict(error)):
            self._faults.append(f"{check.id}: {type(error).__name__}: {error}")
            return self._fail(check, error, call=call, started=started)
        message = write_message(
            check.task, check.title, error, call=call, hidden=check.hidden
        )
        result = conclude(check, status_of(error), message, started)
        if check.hidden:
            return replace(result, detail=_write_detail(check, error, call))
        return replace(result, raised=write_raised(error))

    def _attempt(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> Attempt:
        """Run a check, unless there is no time left."""
        spent = self._spent + time.monotonic() - self._started
        if spent > self._total_seconds:
            limit = f"{self._total_seconds:g} seconds for all checks together"
            return Attempt(TimedOut(limit, is_verdict=False), "")
        return self._attempts.run(check, item, submission)

    def _final(self, node: str) -> CheckResult | None:
        """Return the result of a check, as far as it is known by now.

        If a check passed only with stand-ins, but the tasks they stand in for have all
        passed, what happened with the student's own functions counts. Until that is
        known, both results are kept.
        """
        result = self._results.get(node)
        if result is None or result.own is None:
            return result
        verdicts = {self._verdict_of(need) for need in self._checks[node].task.needs}
        if False in verdicts:
            return replace(result, own=None)
        return result if None in verdicts else result.own

    def _verdict_of(self, task_id: str) -> bool | None:
        """Return whether a task has passed; None while some of its checks are to come.

        A task that is not checked here counts as not passed.
        """
        checks = self._checks.items()
        results = [
            self._final(node) for node, check in checks if check.task.id == task_id
        ]
        failed = (r for r in results if r and r.status is not Status.PASSED)
        if not results or any(failed):
            return False
        return True if all(results) and task_id not in self._to_come else None

    def _block(self, check: Check) -> CheckResult | None:
        """Return the result of a check that cannot be run, or None."""
        if self.refusal:
            return _leave_out(check, self.refusal)
        rungs = [
            (other, self._results[node])
            for node, other in self._checks.items()
            if other.task.id == check.task.id and other.name in check.after
            if other is not check and node in self._results
        ]
        for other, result in rungs:
            if not _is_fine(result):
                return _leave_out(check, f'It needs "{other.title}" to pass first.')
        for other, result in rungs:
            if result.status is Status.NEEDS_A_LOOK:
                return _wait(check, result, f'It waits for "{other.title}".')
        return self._wait_for_stopped(check)

    def _wait_for_stopped(self, check: Check) -> CheckResult | None:
        """Return the result of a check that would only stop a judge again."""
        known = self.known
        for node, other in self._checks.items():
            if other.id not in known.stopped:
                continue
            is_own = other.task.id == check.task.id and other.id not in known.faulty
            if known.is_over or is_own:
                cause = self._results[node]
                if cause.status is Status.NEEDS_A_LOOK:
                    return _wait(check, cause, f'It waits for "{cause.title}".')
                return self._fail(check, _NEVER_RUN)
        return None

    def _fail(
        self,
        check: Check,
        error: BaseException,
        *,
        call: str = "",
        started: float | None = None,
        is_heard: bool = False,
    ) -> CheckResult:
        """Return the result of a check that ended with a fault.

        It is the kit's own fault if no marks depend on it, if no worker has answered
        yet, or if the reference meets it too.
        """
        root = self._coursework.root
        is_heard |= self._submission is not None and self._submission.has_heard
        is_provoked = is_heard and self._has_marks and check.id not in self.known.faulty
        fault = withhold(error, root) if is_provoked else error
        message = write_message(
            check.task, check.title, fault, call=call, hidden=check.hidden
        )
        return conclude(
            check,
            status_of(fault),
            message,
            time.monotonic() if started is None else started,
            fault=name_fault(check.id, fault.kind)
            if isinstance(fault, NeedsALook)
            else "",
            detail=describe(error, root),
        )


_NEVER_RUN = KitFault("the check could not be run")
_STOPPED = KitFault("the judge was stopped")


def _write_detail(check: Check, error: BaseException, call: str) -> str:
    """Write, for an instructor, the message of a hidden check as if it were public."""
    return write_message(check.task, check.title, error, call=call)


def _is_no_verdict(error: BaseException) -> bool:
    """Return whether wall time ran out while little processor time was used."""
    return isinstance(error, TimedOut) and not error.is_verdict


def _is_fine(result: CheckResult) -> bool:
    """Return whether nothing is lost yet, for a check or those that depend on it."""
    return result.status in (Status.PASSED, *BROKEN)


def _leave_out(check: Check, reason: str) -> CheckResult:
    message = write_not_checked(check.task, check.title, reason)
    return conclude(check, Status.NOT_CHECKED, message, time.monotonic())


def _wait(check: Check, cause: CheckResult, reason: str) -> CheckResult:
    """Return the result of a check whose marks are decided along with another's."""
    message = write_withheld(check.task, check.title, reason)
    status, now = Status.NEEDS_A_LOOK, time.monotonic()
    return conclude(check, status, message, now, fault=cause.fault)
