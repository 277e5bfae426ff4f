"""Marking: run a coursework's suites against one submission with pytest.

A check that does not pass with the student's own functions is run again (`attempts`).
It fails by an assertion or by what a call of the student's function raised. Any other
exception is a fault of the kit, which never costs marks.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from reelmark.checks.submission import OpenWorker, Submission
from reelmark.errors import (
    KitFault,
    TimedOut,
    UsageError,
)
from reelmark.manifest import Coursework, Task
from reelmark.marking.attempts import Attempt, Attempts
from reelmark.marking.check import Check, conclude, find_marker, read_check
from reelmark.marking.messages import status_of, write_message, write_not_checked
from reelmark.results import CheckResult, Status, TaskResult, summarise_task
from reelmark.text import find_essence

TOTAL_SECONDS = 1_200.0
"""Time on the clock for all checks of a submission together."""


Report = Callable[[Task, CheckResult], None]


class Marking:
    """A pytest plugin that marks one submission.

    Args:
        coursework: The coursework whose suites run.
        open_worker: Opens a worker for the submission; given a scratch folder.
        tasks: Ids of the tasks to check; all if empty.
        report: Called with every result as it comes.
        refusal: Why the submission is not looked at; every check is then "not
            checked".
        total_seconds: Time on the clock for all checks; those that begin later
            have timed out.
        is_by_hand: Whether somebody runs pytest: they may leave out checks that
            others wait for, and a task that is not started is skipped, not failed.

    Attributes:
        refusal: As given.
        until_failure: Whether nothing more is checked once a check has failed.
    """

    def __init__(
        self,
        coursework: Coursework,
        open_worker: Callable[[Path], OpenWorker],
        *,
        tasks: Sequence[str] = (),
        report: Report | None = None,
        refusal: str = "",
        total_seconds: float = TOTAL_SECONDS,
        is_by_hand: bool = False,
    ) -> None:
        self._coursework = coursework
        self._open_worker = open_worker
        self._tasks = tuple(tasks)
        self._report = report
        self.refusal = refusal
        self.until_failure = False
        self._checks: dict[str, Check] = {}
        self._results: dict[str, CheckResult] = {}
        self._own_results: dict[str, CheckResult] = {}
        self._faults: list[str] = []
        self._total_seconds = total_seconds
        self._attempts = Attempts(coursework, self._verdict_of)
        self._is_by_hand = is_by_hand
        self._started = time.monotonic()

    @contextlib.contextmanager
    def open_submission(self) -> Iterator[Submission]:
        """Open the submission for the checks, with a scratch folder of its own."""
        with tempfile.TemporaryDirectory(
            prefix="reelmark-", ignore_cleanup_errors=True
        ) as folder:
            scratch = Path(folder)
            modules = self._coursework.modules
            submission = Submission(modules, scratch, self._open_worker(scratch))
            self._started = time.monotonic()
            yield submission
            submission.end_worker()

    def grant(self, seconds: float) -> None:
        """Add time on the clock: what the kit itself takes is not the student's."""
        self._started += seconds

    def task_results(self) -> list[TaskResult]:
        """Return what was found, task by task, in the manifest's order."""
        by_task: dict[str, list[CheckResult]] = {}
        for node, check in self._checks.items():
            result = self._settle(node) or self._fault(check)
            by_task.setdefault(check.task.id, []).append(result)
        return [
            summarise_task(task.id, task.title, by_task[task.id])
            for task in self._coursework.tasks
            if task.id in by_task
        ]

    @property
    def faults(self) -> list[str]:
        """What went wrong in the suites themselves, for an instructor's eyes."""
        return self._faults

    def choose(self, items: list[pytest.Item], tasks: Sequence[str]) -> None:
        """Leave the checks of some tasks among what was collected, in this order.

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

    def _loose_rungs(self) -> list[str]:
        """Return the checks that name, in ``after``, none that comes before them."""
        before: set[tuple[str, str]] = set()
        loose = []
        for check in self._checks.values():
            needed = {(check.task.id, name) for name in check.after}
            loose += [check.id] if needed - before else []
            before.add((check.task.id, check.name))
        return loose

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember a suite that cannot be collected."""
        if report.failed:
            self._faults.append(f"{report.nodeid}: {find_essence(report.longreprtext)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a check that could not begin, or not end."""
        if report.failed and report.when != "call":
            self._faults.append(f"{report.nodeid}: {find_essence(report.longreprtext)}")

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
        self._results[pyfuncitem.nodeid] = result
        if self._report:
            self._report(check.task, result)
        if result.status in self._skipped():
            # Else pytest would name this line as the place of the check.
            reason = " ".join(result.message.partition("\n\n")[0].split())
            raise pytest.skip.Exception(reason, _use_item_location=True)
        if result.status is not Status.PASSED:
            pytest.fail(result.message, pytrace=False)
        return True

    def _skipped(self) -> tuple[Status, ...]:
        by_hand = (Status.NOT_STARTED,) if self._is_by_hand else ()
        return (Status.NOT_CHECKED, *by_hand)

    def _place(self, check: Check) -> tuple[bool, int, int]:
        """Return where a check comes: hidden checks last, module by module.

        What a submission's code has seen in a hidden check it can tell in no
        public one, whose messages show what it returns.
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
        reason = self.refusal or self._blocked_by(check)
        if reason:
            message = write_not_checked(check.task, check.title, reason)
            return conclude(check, Status.NOT_CHECKED, message, started)
        submission = cast(Submission, item.funcargs["submission"])
        attempt = self._attempt(check, item, submission)
        if attempt.own:
            own = self._conclude(check, attempt.own, attempt.call, started)
            self._own_results[item.nodeid] = own
        if attempt.error is None:
            return conclude(check, Status.PASSED, "", started)
        result = self._conclude(check, attempt.error, attempt.call, started)
        if result.status is Status.KIT_FAULT:
            error = attempt.error
            self._faults.append(f"{check.id}: {type(error).__name__}: {error}")
        elif self.until_failure:
            self.refusal = "A check before it did not pass."
        return result

    def _conclude(
        self, check: Check, error: BaseException, call: str, started: float
    ) -> CheckResult:
        message = write_message(
            check.task, check.title, error, call=call, hidden=check.hidden
        )
        return conclude(check, status_of(error), message, started)

    def _attempt(
        self, check: Check, item: pytest.Function, submission: Submission
    ) -> Attempt:
        """Run a check, unless there is no time left."""
        if time.monotonic() - self._started > self._total_seconds:
            limit = f"{self._total_seconds:g} seconds for all checks together"
            return Attempt(TimedOut(limit), "")
        return self._attempts.run(check, item, submission)

    def _settle(self, node: str) -> CheckResult | None:
        """Return the result of a check that counts, as far as is known by now.

        One that passed with stand-ins for tasks that have all passed did so because
        they are not the student's functions: what happened with those counts.
        """
        own = self._own_results.get(node)
        if own and all(map(self._verdict_of, self._checks[node].task.needs)):
            return own
        return self._results.get(node)

    def _verdict_of(self, task_id: str) -> bool | None:
        """Return whether a task has passed; None while checks of it are to come.

        Of a task that nobody checks here nothing shows that it has.
        """
        checks = self._checks.items()
        results = [
            self._settle(node) for node, check in checks if check.task.id == task_id
        ]
        failed = (r for r in results if r and r.status is not Status.PASSED)
        if not results or any(failed):
            return False
        return True if all(results) else None

    def _blocked_by(self, check: Check) -> str:
        """Return why a check cannot be run, or nothing."""
        for node, other in self._checks.items():
            same_task = other.task.id == check.task.id
            if same_task and other.name in check.after and other is not check:
                result = self._results.get(node)
                # A fault of the kit costs no marks, nor do checks that rest on it.
                fine = (None, Status.PASSED, Status.KIT_FAULT)
                if (result and result.status) not in fine:
                    return f'It needs "{other.title}" to pass first.'
        return ""

    def _fault(self, check: Check) -> CheckResult:
        """Return the result of a check that never ran: the kit's fault."""
        error = KitFault("the check could not be run")
        message = write_message(check.task, check.title, error, hidden=check.hidden)
        return conclude(check, Status.KIT_FAULT, message, time.monotonic())
