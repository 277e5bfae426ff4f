"""Plots: the figures of a class, and the shapes that draw them as inline SVG.

Only numbers are computed here. The templates draw them, so a plot takes its colours
from the page, dark or light, and has the same bytes every time.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reelmark.manifest import Task
from reelmark.results import CheckResult, Result, Status, TaskResult

WIDTH = 720
HEIGHT = 220
_TOP = 30  # room for the count above the highest bar
_FLOOR = 184  # the axis, with the marks below it
_SIDE = 16  # room for half a number beside the first and last tick
_GAP = 2
_MOST_BINS = 12


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram: its position and its count."""

    x: float
    y: float
    width: float
    height: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Histogram:
    """The bars, the ticks as ``(x, marks)``, and the position of the median."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, float], ...]
    median_x: float


@dataclass(frozen=True)
class TaskShare:
    """How the class did in one task: the mean share, and how many have not started."""

    task: Task
    mean: float
    num_not_started: int


@dataclass
class Fault:
    """One check in which the checker itself failed, and for whom."""

    task_id: str
    check: CheckResult
    students: list[str] = field(default_factory=list)


def plan_histogram(totals: Sequence[float], most: float, median: float) -> Histogram:
    """Lay out a histogram of ``totals``, which lie between 0 and ``most`` marks."""
    step = choose_step(most)
    num_bins = max(1, math.ceil(most / step))
    width = (WIDTH - 2 * _SIDE) / num_bins
    bars = _stand_bars(count_bins(totals, step, num_bins), step, width)
    ticks = tuple((round(_SIDE + i * width, 1), i * step) for i in range(num_bins + 1))
    return Histogram(bars, ticks, round(_SIDE + median / step * width, 1))


def choose_step(most: float) -> float:
    """Return the smallest of 0.1, 0.2, 0.5, 1, 2, 5 ... that needs few bins.

    Examples:
        >>> choose_step(60), choose_step(100)
        (5.0, 10.0)
    """
    steps = (digit * 10.0**power for power in range(-1, 9) for digit in (1, 2, 5))
    return next((step for step in steps if most / step <= _MOST_BINS), most)


def count_bins(totals: Sequence[float], step: float, num_bins: int) -> list[int]:
    """Count the totals in each bin; full marks belong to the last one."""
    counts = [0] * num_bins
    for total in totals:
        counts[min(max(0, int(total // step)), num_bins - 1)] += 1
    return counts


def describe_totals(results: Sequence[Result]) -> dict[str, float]:
    """Return the five numbers of the totals and their mean, by name."""
    totals = sorted(result.total for result in results) or [0.0]
    # The statistics module has no quartiles for a single total.
    spread = totals if len(totals) > 1 else totals * 2
    first, median, third = statistics.quantiles(spread, n=4, method="inclusive")
    return {
        "mean": statistics.fmean(totals),
        "lowest": totals[0],
        "lower quartile": first,
        "median": median,
        "upper quartile": third,
        "highest": totals[-1],
    }


def count_passes(results: Iterable[Result]) -> dict[str, str]:
    """Return the shares of public and of hidden checks that passed."""
    checks = [check for _, _, check in _every_check(results)]
    shares = {}
    for kind, hidden in (("public", False), ("hidden", True)):
        passed = [c.status == Status.PASSED for c in checks if c.hidden is hidden]
        share = f"{statistics.fmean(passed):.0%}" if passed else "none run"
        shares[f"{kind} checks passed"] = share
    return shares


def share_task(task: Task, results: Sequence[Result]) -> TaskShare:
    """Return the mean share of the marks that the class earned for ``task``.

    A submission without the task (because it was refused) has a share of 0.
    """
    done = [each for result in results for each in result.tasks if each.id == task.id]
    shares = sum(each.marks / each.max for each in done if each.max)
    num_idle = sum(each.status == Status.NOT_STARTED for each in done)
    return TaskShare(task, shares / max(1, len(results)), num_idle)


def group_faults(results: Iterable[Result]) -> list[Fault]:
    """Return the checks in which the checker failed, each with its students."""
    found: dict[tuple[str, str], Fault] = {}
    for result, task, check in _every_check(results):
        if check.status == Status.KIT_FAULT:
            fault = found.setdefault((task.id, check.id), Fault(task.id, check))
            fault.students.append(result.student)
    return sorted(found.values(), key=lambda fault: -len(fault.students))


def _stand_bars(counts: Sequence[int], step: float, width: float) -> tuple[Bar, ...]:
    scale = (_FLOOR - _TOP) / max(1, *counts)
    return tuple(
        Bar(
            x=round(_SIDE + i * width + _GAP / 2, 1),
            y=round(_FLOOR - count * scale, 1),
            width=round(width - _GAP, 1),
            height=round(count * scale, 1),
            low=i * step,
            high=(i + 1) * step,
            count=count,
        )
        for i, count in enumerate(counts)
    )


def _every_check(
    results: Iterable[Result],
) -> Iterator[tuple[Result, TaskResult, CheckResult]]:
    for result in results:
        for task in result.tasks:
            for check in task.checks:
                yield result, task, check
