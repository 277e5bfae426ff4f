"""Results of a class in which checks broke."""

from __future__ import annotations

from reelmark.results import CheckResult, Result, Status, summarise, summarise_task

FIRST, SECOND, OTHER = "public/a::test_first", "public/a::test_second", "public/b::test"
FAULT = f"{FIRST}: KeyError"


def make_check(check: str, most: float, fault: str, status: Status) -> CheckResult:
    """Return a check that broke because of a fault; without one, it passed."""
    status = status if fault else Status.PASSED
    marks = 0.0 if status is Status.NEEDS_A_LOOK else most
    return CheckResult(
        check, "A title.", False, status, marks, most, "", 0, fault, "a detail"
    )


def make_result(
    student: str = "ada", fault: str = FAULT, status: Status = Status.NEEDS_A_LOOK
) -> Result:
    """Return a result in which a check met a fault, and another waits for it."""
    broken = [make_check(FIRST, 2, fault, status), make_check(SECOND, 1, fault, status)]
    done = make_check(OTHER, 4, "", status)
    tasks = [
        summarise_task("1a", "Doubles", broken),
        summarise_task("1b", "Halves", [done]),
    ]
    return summarise(student, tasks)
