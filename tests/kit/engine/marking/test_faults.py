"""Faults: a check that breaks neither earns nor costs marks until somebody decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from reelmark.errors import NeedsALook
from reelmark.manifest import Coursework
from reelmark.marking.faults import (
    MAX_DETAIL,
    describe,
    find_roots,
    name_fault,
    split_fault,
)
from reelmark.marking.session import Known, Marking
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, Status, summarise, summarise_task

Mark = Callable[..., dict[str, CheckResult]]

LADDER = """
@pytest.fixture
def oven(submission):
    return submission.doubling.halve(4)

@pytest.mark.check("1a", marks=0.5)
def test_breaks(submission):
    '''It can be looked up.'''
    {"six": 6}[submission.doubling.double(3)]

@pytest.mark.check("1a", marks=1, after="test_breaks")
def test_waits(submission):
    '''It doubles.'''
    expect.equal(submission.doubling.double(4), 8, "the double of 4")

@pytest.mark.check("1a", marks=0.5, after=("test_waits",))
def test_waits_for_what_waits(submission):
    '''It doubles again.'''

@pytest.mark.check("1b", marks=1)
def test_halves(submission):
    '''It halves.'''
    expect.equal(submission.doubling.halve(3), 1.5, "half of 3")

@pytest.mark.check("1b", marks=1)
def test_cannot_begin(submission, oven):
    '''It halves for an oven.'''
"""
BREAKS = "public/numbers::test_breaks"
HIDDEN = """
@pytest.mark.check("1a", marks=1)
def test_breaks_in_secret(submission):
    '''A secret is kept.'''
    raise LookupError(f"the secret is {submission.doubling.double(21)}")
"""


class Resume:
    """A plugin that continues where another judge was stopped."""

    def __init__(self, marking: Marking, settled: Sequence[CheckResult]) -> None:
        self._marking = marking
        self._settled = [summarise_task("1a", "", settled)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Leave what is left to do."""
        self._marking.begin_phase(session.items, self._settled, hidden=True)


@pytest.fixture
def mark_work(coursework: Coursework, tmp_path: Path) -> Mark:
    """Marks honest work by a suite in this process; returns the results by name."""

    def mark_one(
        checks: str = LADDER,
        hidden: str = "",
        known: Known | None = None,
        settled: Sequence[CheckResult] = (),
        **options: Any,
    ) -> dict[str, CheckResult]:
        mini.write_suite(coursework, checks)
        if hidden:
            mini.write_suite(coursework, hidden, hidden=True)
        folder = mini.write_modules(tmp_path / "own", mini.HONEST)
        open_worker = mini.in_process(coursework, folder, Limits())
        marking = Marking(coursework, open_worker, **options)
        marking.known = known or Known()
        resume = [Resume(marking, settled)] if settled else []
        with mini.outer_run_unchanged(coursework.root):
            mini.mark(marking, coursework, 5, plugins=resume)
        return mini.results_of(marking)

    return mark_one


def told(results: dict[str, CheckResult]) -> dict[str, tuple[str, float, float]]:
    """Return the state of each check, what it earned, and what is open."""
    return {n: (str(r.status), r.marks, r.open) for n, r in results.items()}


def test_check_that_breaks_on_an_answer_needs_a_look(mark_work: Mark) -> None:
    """Its marks are neither earned nor lost, nor are those of what waits for it."""
    assert told(mark_work()) == {
        "test_breaks": ("needs a look", 0, 0.5),
        "test_waits": ("needs a look", 0, 1),
        "test_waits_for_what_waits": ("needs a look", 0, 0.5),
        "test_halves": ("passed", 1, 0),
        "test_cannot_begin": ("passed", 1, 0),
    }


def test_fault_is_named_by_check_and_end(mark_work: Mark) -> None:
    """The name is the same for everybody who meets it, and for what waits for it."""
    found = mark_work()
    ladder = [found[name] for name in found if "halves" not in name]
    assert [each.fault for each in ladder[:3]] == [f"{BREAKS}: KeyError"] * 3


def test_instructor_reads_what_happened(mark_work: Mark) -> None:
    """The line of the check and the exception are kept for an instructor."""
    detail = mark_work()["test_breaks"].detail
    assert "tests/public/test_numbers.py, line " in detail
    assert '{"six": 6}[submission.doubling.double(3)]\nKeyError: 6' in detail


def test_student_reads_that_nothing_is_lost(mark_work: Mark) -> None:
    """The message says who decides, and nothing of the checker's insides."""
    found = mark_work()
    assert "1a  double(3): not decided yet." in found["test_breaks"].message
    for name in ("test_breaks", "test_waits"):
        assert "Nobody has lost marks" in found[name].message
        assert "KeyError" not in found[name].message
    assert 'It waits for "It can be looked up."' in found["test_waits"].message


def test_hidden_check_tells_its_inputs_to_nobody_but_the_instructor(
    mark_work: Mark,
) -> None:
    """No message says on what a hidden check broke."""
    result = mark_work(hidden=HIDDEN)["test_breaks_in_secret"]
    assert result.status is Status.NEEDS_A_LOOK
    assert "42" not in result.message
    assert "the secret is 42" in result.detail


def test_what_the_reference_meets_too_is_the_kits_fault(mark_work: Mark) -> None:
    """It costs nothing, and checks that depend on it are run."""
    found = told(mark_work(known=Known(faulty=frozenset({BREAKS}))))
    assert found["test_breaks"] == ("kit fault", 0.5, 0)
    assert found["test_waits"] == ("passed", 1, 0)


@pytest.mark.parametrize("option", ["is_practice", "is_by_hand"])
def test_nothing_needs_a_look_where_no_marks_hang_on_it(
    option: str, mark_work: Mark
) -> None:
    """A student who practises reads about a fault in the checker, and goes on."""
    found = told(mark_work(**{option: True}))
    assert found["test_breaks"][0] == "kit fault"
    assert found["test_waits"][0] == "passed"


def test_check_that_breaks_before_it_hears_anything_is_the_kits_fault(
    mark_work: Mark,
) -> None:
    """Nobody can have provoked what happens before any answer."""
    early = LADDER.replace('{"six"', '{}[0]; {"six"')
    assert told(mark_work(early))["test_breaks"] == ("kit fault", 0.5, 0)


def test_fixture_that_breaks_on_an_answer_needs_a_look(mark_work: Mark) -> None:
    """Answers may arrive before a check begins."""
    broken = LADDER.replace(
        "return submission.doubling.halve(4)", "submission.doubling.halve(4); {}[0]"
    )
    result = mark_work(broken)["test_cannot_begin"]
    assert (result.status, result.open) == (Status.NEEDS_A_LOOK, 1)
    assert result.fault.endswith("test_cannot_begin: KeyError")


def test_failed_rung_is_worse_than_one_that_needs_a_look(mark_work: Mark) -> None:
    """A check that depends on both is lost already."""
    both = LADDER.replace(
        'after=("test_waits",)', 'after=("test_breaks", "test_fails")'
    )
    fails = """
@pytest.mark.check("1a", marks=0.5)
def test_fails(submission):
    '''It triples.'''
    expect.equal(submission.doubling.double(3), 9, "three times 3")
"""
    found = told(mark_work(fails + both))
    assert found["test_waits_for_what_waits"] == ("not checked", 0, 0)


WAITING = """
@pytest.mark.check("1a", marks=2)
def test_waits_too_long(submission):
    '''It doubles in time.'''
    from reelmark.errors import TimedOut
    submission.doubling.double(1)
    raise TimedOut("60 seconds", is_verdict=False)
"""


def test_time_on_the_clock_alone_is_no_verdict(mark_work: Mark) -> None:
    """A busy machine makes correct code slow: somebody must decide."""
    result = mark_work(WAITING)["test_waits_too_long"]
    assert (result.status, result.open) == (Status.NEEDS_A_LOOK, 2)
    assert "the machine was too busy" in " ".join(result.message.split())


def test_time_on_the_clock_is_told_in_practice(mark_work: Mark) -> None:
    """Whoever practises learns that code waits."""
    result = mark_work(WAITING, is_practice=True)["test_waits_too_long"]
    assert result.status is Status.TIMED_OUT
    assert "Look for what it waits for" in result.message


class TestAfterAStop:
    """What a judge does that replaces another."""

    @pytest.fixture
    def stopped(self, mark_work: Mark) -> CheckResult:
        """The result of a check in which a judge was stopped."""
        result = mark_work()["test_breaks"]
        return replace(result, fault=name_fault(BREAKS, "judge out of time"))

    def test_what_is_settled_stays(self, mark_work: Mark, stopped: CheckResult) -> None:
        """A check that was concluded is not run again, nor told again."""
        reported: list[str] = []
        found = mark_work(
            known=Known((stopped.id,)),
            settled=[stopped],
            report=lambda _, result: reported.append(result.id),
        )
        assert found["test_breaks"] == stopped
        assert stopped.id not in reported

    def test_no_more_of_the_task_is_run(
        self, mark_work: Mark, stopped: CheckResult
    ) -> None:
        """Its other checks would meet the same again; other tasks are run."""
        free = LADDER.replace(', after="test_breaks"', "")
        found = mark_work(free, known=Known((stopped.id,)), settled=[stopped])
        assert told(found)["test_waits"] == ("needs a look", 0, 1)
        assert found["test_waits"].fault == stopped.fault
        assert told(found)["test_halves"] == ("passed", 1, 0)

    def test_nothing_is_run_when_the_time_is_over(
        self, mark_work: Mark, stopped: CheckResult
    ) -> None:
        """Then all that is left waits for a decision."""
        known = Known((stopped.id,), is_over=True)
        found = mark_work(known=known, settled=[stopped])
        assert {each.status for each in found.values()} == {Status.NEEDS_A_LOOK}
        assert {each.fault for each in found.values()} == {stopped.fault}

    def test_time_of_settled_checks_counts(self, mark_work: Mark) -> None:
        """All judges of a submission share its time limit."""
        slow = replace(mark_work()["test_halves"], seconds=99.0)
        found = mark_work(settled=[slow], total_seconds=50.0)
        assert found["test_breaks"].status is Status.TIMED_OUT

    def test_begun_check_is_told_with_what_becomes_of_it(self, mark_work: Mark) -> None:
        """Oversight knows about a check before the judge can be stopped in it."""
        begun: list[CheckResult] = []
        mark_work(begin=lambda _, result: begun.append(result))
        assert begun[0].id == BREAKS
        assert {each.status for each in begun} == {Status.NEEDS_A_LOOK}
        assert {each.marks for each in begun} == {0.0}


@pytest.mark.parametrize("check", ["public/a::test_b", "public/a::test_b[x: y]"])
def test_name_of_a_fault_can_be_taken_apart(check: str) -> None:
    """Check and end come back, whatever a parameter is called."""
    assert split_fault(name_fault(check, "KeyError")) == (check, "KeyError")


def test_description_is_bounded(tmp_path: Path) -> None:
    """An exception may carry megabytes, or a text that cannot be read."""
    assert len(describe(ValueError("x" * 10**6), tmp_path)) < MAX_DETAIL

    class SilentError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "could not be read: RuntimeError" in describe(SilentError(), tmp_path)


def test_roots_are_the_checks_that_broke(mark_work: Mark) -> None:
    """What waits for another check has met no fault itself."""
    checks = list(mark_work().values())
    task = summarise_task("1a", "Doubles", checks)
    assert find_roots(summarise("ada", [task])) == {BREAKS: "1a"}


def test_error_names_its_kind() -> None:
    """What needs a look says how it ended, to whoever catches it."""
    assert str(NeedsALook("KeyError", "more")) == "KeyError"
