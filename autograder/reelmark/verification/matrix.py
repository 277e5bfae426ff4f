"""The kill matrix: which check catches which mistake."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reelmark.results import CheckResult, Result, Status
from reelmark.verification.cases import Mistake

CATCHING = frozenset(
    {Status.FAILED, Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED}
)
"""States that cost marks because of what was handed in."""


@dataclass(frozen=True)
class Verdict:
    """What marking a mistake showed.

    Attributes:
        mistake: The mistake.
        checks: The checks of its task, with what they found.
        lost: Tasks that lost marks although no mistake in this submission is theirs.
    """

    mistake: Mistake
    checks: tuple[CheckResult, ...]
    lost: tuple[str, ...]

    @property
    def catching(self) -> tuple[str, ...]:
        """Ids of the checks that caught it."""
        return tuple(one.id for one in self.checks if one.status in CATCHING)

    @property
    def is_right(self) -> bool:
        """Whether checks catch it in its task, and neither break nor cost another."""
        states = {check.status for check in self.checks}
        fine = CATCHING | {Status.PASSED, Status.NOT_CHECKED}
        return bool(self.catching) and states <= fine and not self.lost


def find(mistakes: Sequence[Mistake], result: Result) -> list[Verdict]:
    """Return what one submission with several mistakes showed about each."""
    declared = {mistake.task for mistake in mistakes}
    tasks = {task.id: task for task in result.tasks}
    lost = tuple(
        task.id
        for task in result.tasks
        if task.marks < task.max and task.id not in declared
    )
    return [Verdict(one, tasks[one.task].checks, lost) for one in mistakes]


@dataclass(frozen=True)
class Matrix:
    """All verdicts together.

    Attributes:
        verdicts: One per mistake.
        killing: For each mutant, the checks that caught it.
    """

    verdicts: tuple[Verdict, ...]
    killing: Mapping[str, tuple[str, ...]]

    @cached_property
    def checks(self) -> tuple[str, ...]:
        """Ids of all checks that mistakes were marked by, in order."""
        found = (check.id for verdict in self.verdicts for check in verdict.checks)
        return tuple(dict.fromkeys(found))

    @property
    def idle(self) -> tuple[str, ...]:
        """Checks that never decide anything: they caught nothing wrong."""
        busy = {check for one in self.verdicts for check in one.catching}
        busy |= {check for checks in self.killing.values() for check in checks}
        return tuple(check for check in self.checks if check not in busy)

    @property
    def fragile(self) -> tuple[Verdict, ...]:
        """Mistakes that only one check catches."""
        return tuple(one for one in self.verdicts if len(one.catching) == 1)

    def to_csv(self) -> str:
        """Return one line per mistake, one column per check: 1 where it is caught."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["task", "mistake", "about", *self.checks])
        for one in self.verdicts:
            caught = [int(check in one.catching) for check in self.checks]
            case = one.mistake
            table.writerow([case.task, case.name, case.about, *caught])
        return text.getvalue()
