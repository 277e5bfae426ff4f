"""What verify says: which check catches what, what is missed, and the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.verification import mutants
from reelmark.verification.cases import Mistake
from reelmark.verification.matrix import Matrix, find
from reelmark.verification.trials import score_mutants


def _mistake(task: str = "1") -> Mistake:
    return Mistake(Path("mistakes/1/one.py"), task, "words", "counts wrong")


def _check(name: str, status: Status, marks: float = 0.0) -> CheckResult:
    return CheckResult(name, "title", False, status, marks, 1.0, "", 0.0)


def _result(tasks: Mapping[str, list[CheckResult]]) -> Result:
    return summarise("s", [summarise_task(i, i, checks) for i, checks in tasks.items()])


PASSED = _check("b", Status.PASSED, 1.0)
FAILED = _check("a", Status.FAILED)


@pytest.mark.parametrize(
    ("own", "other", "is_right"),
    [
        ([FAILED, PASSED], [PASSED], True),
        ([replace(FAILED, status=Status.TIMED_OUT)], [PASSED], True),
        ([PASSED], [PASSED], False),
        ([FAILED], [FAILED], False),
        ([replace(FAILED, status=Status.KIT_FAULT, marks=1.0)], [PASSED], False),
        ([FAILED, replace(PASSED, status=Status.KIT_FAULT)], [PASSED], False),
        ([replace(FAILED, status=Status.NOT_STARTED)], [PASSED], False),
    ],
    ids=[
        *("caught", "timed-out", "missed", "costs-elsewhere", "fault"),
        *("caught-and-fault", "not-started"),
    ],
)
def test_finding_is_right_if_caught_in_its_task_alone(
    own: list[CheckResult], other: list[CheckResult], is_right: bool
) -> None:
    """A mistake has to fail in its task, without faults, and nowhere else."""
    (found,) = find([_mistake()], _result({"1": own, "2": other}))
    assert found.is_right is is_right


def test_idle_and_fragile_are_named() -> None:
    """A check that caught nothing is idle; a mistake that one check caught, fragile."""
    found = find([_mistake()], _result({"1": [FAILED, PASSED]}))
    assert Matrix(tuple(found), {}).idle == ("b",)
    assert Matrix(tuple(found), {"mutant": ("b",)}).idle == ()
    assert Matrix(tuple(found), {}).fragile == tuple(found)


def test_matrix_is_a_table() -> None:
    """The matrix has a line a mistake and a column a check."""
    table = Matrix(tuple(find([_mistake()], _result({"1": [FAILED, PASSED]}))), {})
    assert table.to_csv() == ("task,mistake,about,a,b\n1,1/one,counts wrong,1,0\n")


def test_score_leaves_equivalent_mutants_out() -> None:
    """The score is the part of the wrong mutants that is caught; reasons are checked.

    A mutant that makes a check fail as the kit's fault is not caught by it.
    """
    made = mutants.mutate_module("m", "x = 2 * 3 < 10\n", {1})[:4]
    caught, alive = _result({"1": [FAILED]}), _result({"1": [PASSED]})
    fault = _result({"1": [replace(PASSED, status=Status.KIT_FAULT)]})
    marked = (caught, alive, alive, fault)
    results = {one.name: result for one, result in zip(made, marked, strict=True)}
    reason = mutants.Equivalence("m", made[1].before, "so", after=made[1].after)
    stale = replace(reason, before="nothing like it")
    score = score_mutants(made, results, [reason, stale])
    assert score.killed == {made[0].name: ("a",)}
    assert score.equivalent == (made[1],)
    assert score.survivors == (made[2], made[3])
    assert score.faulty == (made[3],)
    assert score.stale == (stale,)
    assert score.value == pytest.approx(1 / 3)
