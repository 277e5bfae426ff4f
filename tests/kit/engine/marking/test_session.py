"""Marking: checks run in order, and each way to end has its own state."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from kit.stage import mini
from reelmark.errors import KitFault
from reelmark.manifest import Coursework
from reelmark.marking.session import Marking
from reelmark.marking.suites import load_profile
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, Status, TaskResult

Mark = Callable[..., Marking]


@dataclass(eq=False)
class Phase:
    """A plugin that keeps only the checks of one phase."""

    marking: Marking
    settled: tuple[TaskResult, ...]
    is_hidden: bool

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Begin the phase."""
        self.marking.begin_phase(session.items, self.settled, hidden=self.is_hidden)


DOUBLES = """
@pytest.mark.check("1a", marks=2)
def test_doubles(submission):
    '''Twice three is six.'''
    expect.equal(submission.doubling.double(3), 6, "the double of 3")
"""
QUICK = Limits(cpu_seconds=0.5)


@pytest.fixture
def mark_work(coursework: Coursework, tmp_path: Path) -> Mark:
    """Marks work in this process: a suite, then modules by name."""

    def mark_one(
        checks: str, hidden: str = "", options: Any = None, **modules: str
    ) -> Marking:
        mini.write_suite(coursework, checks)
        if hidden:
            mini.write_suite(coursework, hidden, hidden=True)
        folder = mini.write_modules(tmp_path / "own", {**mini.HONEST, **modules})
        open_worker = mini.in_process(coursework, folder, QUICK)
        return mini.run_marking(coursework, open_worker, **(options or {}))

    return mark_one


def only(marking: Marking) -> CheckResult:
    """Return the only result there is."""
    (result,) = mini.results_of(marking).values()
    return result


def states(marking: Marking) -> dict[str, str]:
    """Return the states of all checks by name."""
    return {name: str(r.status) for name, r in mini.results_of(marking).items()}


class TestStates:
    """How a check can end."""

    def test_right_work_passes(self, mark_work: Mark) -> None:
        """A check that nothing ends earns its marks, without a message."""
        result = only(mark_work(DOUBLES))
        assert (result.status, result.marks, result.max) == (Status.PASSED, 2, 2)
        assert result.message == ""

    @pytest.mark.parametrize(
        ("source", "state"),
        [
            ("def double(x): return 7", Status.FAILED),
            ("def double(x): return [0] * 3 == missing", Status.FAILED),
            ("def double(x): raise NotImplementedError", Status.NOT_STARTED),
            ("def double(x)", Status.FAILED),
            ("", Status.FAILED),
            ("def double(x):\n    while True: pass", Status.TIMED_OUT),
            ("def double(x): raise MemoryError", Status.OUT_OF_MEMORY),
            ("def double(x): exit()", Status.FAILED),
        ],
        ids=[
            *("wrong", "raises", "stub", "syntax", "missing", "hangs", "memory"),
            "exits",
        ],
    )
    def test_wrong_work_has_a_state(
        self, mark_work: Mark, source: str, state: Status
    ) -> None:
        """Each way to fail has its state, no marks, and a message."""
        result = only(mark_work(DOUBLES, doubling=source))
        assert (result.status, result.marks) == (state, 0)
        assert result.message.startswith("1a  double(")

    @pytest.mark.parametrize(
        "statement",
        [
            "{}['key']",
            "raise ValueError('no such oven')",
            "pytest.fail('no')",
            "pytest.skip('no')",
            "submission.halving",
        ],
    )
    def test_mistake_of_a_check_is_the_kits_fault(
        self, mark_work: Mark, statement: str
    ) -> None:
        """A check that breaks by itself costs no marks, and instructors are told."""
        check = DOUBLES.replace("expect.equal", f"{statement}\n    expect.equal")
        marking = mark_work(check)
        assert (only(marking).status, only(marking).marks) == (Status.KIT_FAULT, 2)
        assert marking.faults[0].startswith("public/numbers::test_doubles: ")

    def test_check_that_cannot_begin_is_the_kits_fault(self, mark_work: Mark) -> None:
        """A check whose fixture breaks costs no marks either."""
        fixture = "@pytest.fixture\ndef oven():\n    raise KeyError\n"
        marking = mark_work(
            fixture + DOUBLES.replace("(submission)", "(submission, oven)")
        )
        assert (only(marking).status, only(marking).marks) == (Status.KIT_FAULT, 2)
        assert "KeyError" in marking.faults[0]

    def test_damaged_scratch_folder_is_a_crash(self, mark_work: Mark) -> None:
        """A check that cannot write because of the student's code is not a fault."""
        check = """
@pytest.mark.check("1a", marks=2)
def test_leaves_folder(submission):
    submission.doubling.double(submission.scratch)
    (submission.scratch / "note").write_text("x")
"""
        result = only(mark_work(check, doubling="import os\ndouble = os.rmdir"))
        assert result.status is Status.CRASHED
        assert "the folder it may write to is damaged" in result.message

    def test_refused_submission_is_not_checked(self, mark_work: Mark) -> None:
        """Work that is not opened is not looked at; the reason is told."""
        options = {"refusal": "The archive is broken."}
        result = only(mark_work(DOUBLES, options=options))
        assert (result.status, result.marks) == (Status.NOT_CHECKED, 0)
        assert "The archive is broken." in result.message

    def test_checks_after_the_last_second_have_timed_out(self, mark_work: Mark) -> None:
        """All checks together have a limit, so that a run of a class ends."""
        result = only(mark_work(DOUBLES, options={"total_seconds": -1}))
        assert (result.status, result.marks) == (Status.TIMED_OUT, 0)
        assert "for all checks together" in result.message


LADDER = """
@pytest.mark.check("1a", marks=0.5)
def test_first(submission):
    '''It returns a number.'''
    expect.kind(submission.doubling.double(3), int, "a number")

@pytest.mark.check("1a", marks=0.5, after="test_first")
def test_second(submission):
    '''It doubles.'''
    expect.equal(submission.doubling.double(3), 6, "the double of 3")

@pytest.mark.check("1a", marks=0.5, after=("test_first", "test_second"))
def test_third(submission):
    '''It doubles again.'''

@pytest.mark.check("1b", marks=2)
def test_halves(submission):
    '''It halves.'''
    expect.equal(submission.doubling.halve(3), 1.5, "half of 3")
"""


class TestLadder:
    """Checks that depend on others."""

    def test_rungs_above_a_failure_are_not_checked(self, mark_work: Mark) -> None:
        """Checks that depend on a failed one are not run, and name it."""
        source = "def double(x): return 7\ndef halve(x): return x / 2"
        marking = mark_work(LADDER, doubling=source)
        assert states(marking) == {
            "test_first": "passed",
            "test_second": "failed",
            "test_third": "not checked",
            "test_halves": "passed",
        }
        message = mini.results_of(marking)["test_third"].message
        assert 'It needs "It doubles." to pass first.' in message

    def test_rung_above_one_that_was_not_checked_is_not_checked(
        self, mark_work: Mark
    ) -> None:
        """A ladder stops at its first broken rung."""
        marking = mark_work(LADDER, doubling="def double(x): return 'x'")
        ends = ["failed", "not checked", "not checked", "failed"]
        assert list(states(marking).values()) == ends

    def test_fault_of_the_kit_blocks_nothing(self, mark_work: Mark) -> None:
        """A check that depends on one that broke is run, and can earn its marks."""
        broken = LADDER.replace("expect.kind", "{}[0]; expect.kind")
        ends = ["kit fault", "passed", "passed", "passed"]
        assert list(states(mark_work(broken)).values()) == ends

    def test_ladder_of_a_parametrised_check_holds(self, mark_work: Mark) -> None:
        """A check with parameters is a rung: all of them must pass."""
        parameters = "@pytest.mark.parametrize('x', [0, 3])\n@pytest.mark.check"
        checks = DOUBLES.replace("@pytest.mark.check", parameters)
        checks = checks.replace("(submission)", "(submission, x)").replace("(3)", "(x)")
        checks = checks.replace(" 6,", " 2 * x,") + LADDER.replace(
            'after=("test_first"', 'after=("test_doubles"'
        )
        marking = mark_work(checks, doubling="def double(x): return 0")
        assert states(marking)["test_doubles[0]"] == "passed"
        assert states(marking)["test_third"] == "not checked"

    def test_hidden_checks_rest_on_public_ones(self, mark_work: Mark) -> None:
        """A hidden check of a task may rest on a public one of its name."""
        hidden = DOUBLES.replace("marks=2", "marks=1, after='test_doubles'")
        marking = mark_work(DOUBLES, hidden, doubling="def double(x): return 0")
        (task,) = marking.task_results()
        ends = [(check.hidden, check.status) for check in task.checks]
        assert ends == [(False, Status.FAILED), (True, Status.NOT_CHECKED)]

    def test_equal_names_in_other_tasks_are_others(self, mark_work: Mark) -> None:
        """A rung is one of the same task."""
        other = DOUBLES.replace('"1a"', '"1b"').replace("doubling.double(3)", "scratch")
        other = other.replace("6,", "submission.scratch,")
        halves = LADDER[LADDER.index('@pytest.mark.check("1b"') :]
        halves = halves.replace("marks=2", "marks=2, after='test_doubles'")
        source = "def double(x): return 'x'\ndef halve(x): return x / 2"
        marking = mark_work(DOUBLES, other + halves, doubling=source)
        assert states(marking)["test_halves"] == "passed"


QUADRUPLES = """
@pytest.mark.check("2a", marks=2)
def test_quadruples(submission):
    '''It doubles twice, with double() as it is.'''
    twice = submission.doubling.double(submission.doubling.double(3))
    expect.equal(submission.chains.quadruple(3), twice, "four times 3")
"""


MEETS_A_MODULE_THAT_HANGS = """
from reelmark.errors import Frame, TimedOut

CALLS = []

@pytest.mark.check("2a", marks=2)
def test_quadruples(submission):
    '''It does not wait for another module.'''
    CALLS.append(submission.chains.quadruple(3))
    if len(CALLS) < 3:
        error = TimedOut("60 seconds", is_verdict=False)
        error.frames = (Frame("doubling.py", 1, "<module>", "wait()"),)
        raise error
"""
QUADRUPLES_ALONE = """
@pytest.mark.check("2a", marks=2)
def test_quadruples(submission):
    '''Four times three is twelve.'''
    expect.equal(submission.chains.quadruple(3), 12, "four times 3")
"""
REMEMBERS = """
SEEN = []
def double(x):
    SEEN.append(x)
    if x: return 2 * x
"""


class TestStandIns:
    """Tasks that need others."""

    @pytest.mark.parametrize(
        "doubling",
        [
            "def double(x): raise NotImplementedError",
            "def double(x): return missing",
            "def double(x)",
            "def double(x):\n    while True: pass",
            "def double(x): raise MemoryError",
        ],
        ids=["stub", "raises", "syntax", "hangs", "memory"],
    )
    def test_fault_in_one_task_costs_another_nothing(
        self, mark_work: Mark, doubling: str
    ) -> None:
        """A check runs again with the kit's version of what its task needs."""
        marking = mark_work(QUADRUPLES, doubling=doubling)
        assert (only(marking).status, only(marking).marks) == (Status.PASSED, 2)

    def test_own_mistake_is_told_with_own_functions(self, mark_work: Mark) -> None:
        """If both attempts fail, the message is that of the first."""
        chains = "from doubling import double\ndef quadruple(x): return double(x)"
        result = only(mark_work(QUADRUPLES, chains=chains))
        assert result.status is Status.FAILED
        assert "expected  12\n  got       6" in result.message
        assert result.message.startswith("2a  quadruple(3): ")

    def test_loop_of_another_task_is_waited_for_once(self, mark_work: Mark) -> None:
        """A task that needed stand-ins begins with them from then on."""
        checks = QUADRUPLES + QUADRUPLES.replace("test_quadruples", "test_again")
        loop = "def double(x):\n    while True: pass"
        results = mini.results_of(mark_work(checks, doubling=loop))
        assert results["test_quadruples"].seconds > QUICK.cpu_seconds
        assert results["test_again"].status is Status.PASSED
        assert results["test_again"].seconds < QUICK.cpu_seconds

    def test_what_has_passed_gets_no_stand_in(self, mark_work: Mark) -> None:
        """A check that fails with correct functions is not saved by stand-ins."""
        doubling = "def double(x): return 2 * x if x == 3 else y"
        marking = mark_work(DOUBLES + QUADRUPLES, doubling=doubling)
        assert states(marking) == {
            "test_doubles": "passed",
            "test_quadruples": "failed",
        }

    @pytest.mark.parametrize(("hidden_input", "state"), [(3, "failed"), (5, "passed")])
    def test_hidden_checks_decide_about_stand_ins(
        self, mark_work: Mark, hidden_input: int, state: str
    ) -> None:
        """A fault that only a hidden check finds costs marks in its own task only."""
        doubling = "def double(x): return 2 * x if x == 3 else y"
        hidden = DOUBLES.replace("3", str(hidden_input)).replace(
            " 6", f" {2 * hidden_input}"
        )
        marking = mark_work(DOUBLES + QUADRUPLES, hidden, doubling=doubling)
        (quadruples,) = marking.task_results()[1].checks
        assert str(quadruples.status) == state

    @pytest.mark.parametrize(("hidden_input", "state"), [(3, "failed"), (5, "passed")])
    def test_both_results_are_kept_until_hidden_checks_have_run(
        self, coursework: Coursework, tmp_path: Path, hidden_input: int, state: str
    ) -> None:
        """Public and hidden checks run in two judges; the second one knows."""
        hidden = DOUBLES.replace("3", str(hidden_input)).replace(
            " 6", f" {2 * hidden_input}"
        )
        mini.write_suite(coursework, DOUBLES + QUADRUPLES)
        mini.write_suite(coursework, hidden, hidden=True)
        doubling = "def double(x): return 2 * x if x == 3 else y"
        own = {**mini.HONEST, "doubling": doubling}
        folder = mini.write_modules(tmp_path / "own", own)
        found: list[TaskResult] = []
        for is_hidden in (False, True):
            open_worker = mini.in_process(coursework, folder, QUICK)
            marking = Marking(coursework, open_worker)
            phase = Phase(marking, tuple(found), is_hidden)
            with mini.outer_run_unchanged(coursework.root):
                mini.mark(marking, coursework, 5, plugins=[phase])
            found = marking.task_results()
        (quadruples,) = found[1].checks
        assert (str(quadruples.status), quadruples.own) == (state, None)

    def test_import_of_another_module_that_hangs_is_done_without(
        self, mark_work: Mark
    ) -> None:
        """A check that met it twice is run once more, where it is left out."""
        marking = mark_work(MEETS_A_MODULE_THAT_HANGS)
        assert states(marking) == {"test_quadruples": "passed"}

    def test_module_of_another_task_is_not_blamed(self, mark_work: Mark) -> None:
        """If a needed module cannot be imported, own faults are still told."""
        marking = mark_work(
            DOUBLES + QUADRUPLES,
            doubling="def double(x)",
            chains="def quadruple(x): return 7",
        )
        (quadruples,) = marking.task_results()[1].checks
        assert "four times 3 is not" in quadruples.message

    def test_stand_ins_serve_what_failed(self, mark_work: Mark) -> None:
        """A fault in one task is reported only in that task."""
        doubling = "def double(x): return x"
        marking = mark_work(DOUBLES + QUADRUPLES, doubling=doubling)
        assert states(marking) == {
            "test_doubles": "failed",
            "test_quadruples": "passed",
        }

    def test_stand_ins_are_gone_for_the_next_check(self, mark_work: Mark) -> None:
        """A check after one with stand-ins sees the student's functions."""
        checks = QUADRUPLES + DOUBLES.replace('"1a"', '"2a"')
        marking = mark_work(
            checks, doubling="def double(x): return 2 * x if x == 3 else y"
        )
        assert states(marking) == {
            "test_quadruples": "passed",
            "test_doubles": "passed",
        }


class TestOrder:
    """In which order checks run and results come."""

    def test_results_come_in_the_order_of_tasks(self, mark_work: Mark) -> None:
        """Whatever the order in the file, tasks are in the manifest's."""
        halves = LADDER[LADDER.index('@pytest.mark.check("1b"') :]
        marking = mark_work(QUADRUPLES + halves + DOUBLES)
        assert [task.id for task in marking.task_results()] == ["1a", "1b", "2a"]

    def test_hidden_checks_come_last(self, mark_work: Mark) -> None:
        """Code that has seen hidden inputs cannot tell them in a public message."""
        source = (
            "SEEN = []\n"
            "def double(x):\n    SEEN.append(x)\n    return 2 * x\n"
            "def halve(x):\n    raise ValueError(SEEN)\n"
        )
        hidden = DOUBLES.replace("(3)", "(33)").replace(" 6,", " 66,")
        halves = LADDER[LADDER.index('@pytest.mark.check("1b"') :]
        checks = DOUBLES + halves.replace('"1b"', '"1a"')
        message = mini.results_of(mark_work(checks, hidden, doubling=source))[
            "test_halves"
        ].message
        assert "ValueError: [3]" in message

    def test_tasks_share_a_worker_while_all_goes_well(self, mark_work: Mark) -> None:
        """What one task's checks leave behind is there for the next task's."""
        chains = "import doubling\ndef quadruple(x): return 4 * sum(doubling.SEEN)\n"
        marking = mark_work(
            DOUBLES + QUADRUPLES_ALONE, doubling=REMEMBERS, chains=chains
        )
        assert states(marking)["test_quadruples"] == "passed"

    def test_failure_beside_other_tasks_is_tried_alone(self, mark_work: Mark) -> None:
        """What one task's code left in the process costs another no marks."""
        chains = "import doubling\ndef quadruple(x): return 12 - len(doubling.SEEN)\n"
        marking = mark_work(
            DOUBLES + QUADRUPLES_ALONE, doubling=REMEMBERS, chains=chains
        )
        assert states(marking)["test_quadruples"] == "passed"

    def test_task_that_needed_to_be_alone_stays_alone(self, mark_work: Mark) -> None:
        """Time that another task costs a check is lost once, not at every check."""
        chains = (
            "import doubling\n"
            "def quadruple(x):\n"
            "    while doubling.SEEN: pass\n"
            "    return 4 * x\n"
        )
        checks = DOUBLES + QUADRUPLES_ALONE
        marking = mark_work(checks, checks, doubling=REMEMBERS, chains=chains)
        public, hidden = marking.task_results()[1].checks
        assert (public.status, hidden.status) == (Status.PASSED, Status.PASSED)
        assert public.seconds > QUICK.cpu_seconds > hidden.seconds

    def test_failure_without_others_is_final(self, mark_work: Mark) -> None:
        """Where no other task's checks ran before, a check is not run again."""
        source = REMEMBERS.replace("if x: return 2 * x", "raise ValueError(len(SEEN))")
        checks = DOUBLES + DOUBLES.replace("doubles", "again")
        found = mini.results_of(mark_work(checks, doubling=source))
        assert "ValueError: 1" in found["test_doubles"].message
        assert "ValueError: 2" in found["test_again"].message

    def test_only_wanted_tasks_are_checked(self, mark_work: Mark) -> None:
        """A student may check one task at a time."""
        marking = mark_work(LADDER, options={"tasks": ["1b"]})
        assert states(marking) == {"test_halves": "passed"}

    def test_each_result_is_reported_as_it_comes(self, mark_work: Mark) -> None:
        """The results of checks are reported as they come."""
        seen: list[str] = []
        options = {
            "report": lambda task, result: seen.append(f"{task.id} {result.title}")
        }
        mark_work(DOUBLES, options=options)
        assert seen == ["1a Twice three is six."]

    def test_checks_of_one_name_are_told_apart(self, mark_work: Mark) -> None:
        """A public and a hidden check may have the same name."""
        marking = mark_work(DOUBLES, DOUBLES)
        (task,) = marking.task_results()
        ids = [check.id for check in task.checks]
        assert ids == ["public/numbers::test_doubles", "hidden/numbers::test_doubles"]

    def test_instructor_sees_what_a_hidden_check_saw(self, mark_work: Mark) -> None:
        """Beside the student's message is what was called, expected and got."""
        marking = mark_work(DOUBLES, DOUBLES, doubling="def double(x): return 7")
        (task,) = marking.task_results()
        public, hidden = task.checks
        assert public.detail == ""
        assert "double(3)" not in hidden.message
        assert "double(3)" in hidden.detail
        assert re.search(r"expected +6\n +got +7", hidden.detail)

    def test_instructor_sees_where_a_hidden_check_broke(self, mark_work: Mark) -> None:
        """For an exception in a hidden check, the student's own line is kept."""
        source = "def double(x):\n    return x.twice\n"
        marking = mark_work(DOUBLES, DOUBLES, doubling=source)
        hidden = marking.task_results()[0].checks[1]
        assert "doubling.py, line 2:  return x.twice" in hidden.detail
        assert "AttributeError" not in hidden.message


PROPERTY = """
@pytest.mark.check("1a", marks=2)
@given(x=st.integers(0, 1000), y=st.booleans())
def test_doubles(submission, x, y):
    '''Any number is doubled.'''
    expect.equal(submission.doubling.double(x), 2 * x, "the double")
"""


class TestProperties:
    """Checks that Hypothesis runs."""

    def test_smallest_example_is_in_the_message(self, mark_work: Mark) -> None:
        """A student is shown the smallest input that goes wrong."""
        source = "def double(x): return 2 * x if x < 7 else 0"
        result = only(mark_work(PROPERTY, doubling=source, options={"examples": 30}))
        assert "example   x=7, y=False" in result.message
        assert "expected  14\n  got       0" in result.message
        assert result.message.startswith("1a  double(7): ")

    def test_marking_twice_tries_the_same_inputs(self, mark_work: Mark) -> None:
        """Two runs over the same work see the same examples."""
        source = (
            "SEEN = []\ndef double(x):\n    SEEN.append(x)\n    raise ValueError(SEEN)"
        )
        messages = [only(mark_work(PROPERTY, doubling=source)).message for _ in "ab"]
        assert messages[0] == messages[1]

    def test_number_of_examples_is_the_runs(
        self, mark_work: Mark, tmp_path: Path
    ) -> None:
        """A run says how many examples are tried."""
        source = (
            "def double(x):\n"
            f"    with open({str(tmp_path / 'calls')!r}, 'a') as file:\n"
            "        file.write('.')\n    return 2 * x\n"
        )
        mark_work(PROPERTY, doubling=source, options={"examples": 13})
        assert (tmp_path / "calls").read_text(encoding="utf-8") == "." * 13

    @pytest.mark.parametrize(
        "body",
        [
            "SEEN.append(x); return 2 * x if len(SEEN) > 1 else -1",
            "SEEN.append(x); return 2 * x if len(SEEN) != 3 else missing",
        ],
        ids=["first-answer", "third-answer"],
    )
    def test_answer_that_changes_is_a_failure(self, mark_work: Mark, body: str) -> None:
        """A function that fails once and then passes earns nothing."""
        source = f"SEEN = []\ndef double(x): {body}"
        result = only(mark_work(PROPERTY, doubling=source))
        assert (result.status, result.marks) == (Status.FAILED, 0)

    def test_two_mistakes_are_one_failure(self, mark_work: Mark) -> None:
        """A function that goes wrong in two ways fails in one of them."""
        source = "def double(x): return 0 if x > 500 else missing"
        result = only(mark_work(PROPERTY, doubling=source))
        assert result.status is Status.FAILED

    def test_time_out_is_not_repeated(self, mark_work: Mark) -> None:
        """Hypothesis does not look for a smaller example of an endless loop."""
        source = "def double(x):\n    while x > 500: pass\n    return 2 * x\n"
        result = only(mark_work(PROPERTY, doubling=source, options={"examples": 30}))
        assert result.status is Status.TIMED_OUT
        assert result.seconds < 10 * QUICK.cpu_seconds


class TestSuites:
    """Suites that cannot be used."""

    @pytest.mark.parametrize(
        ("checks", "reason"),
        [
            ("import oven_of_nobody", "oven_of_nobody"),
            ("def test_x(", "SyntaxError"),
            ("from reelmark import expect", "another version of the engine"),
            ("import reelmark.submission", "another version of the engine"),
            (DOUBLES.replace('"1a"', '"9z"'), "no task '9z'"),
            (DOUBLES.replace(", marks=2", ""), "KeyError('marks')"),
            (DOUBLES.replace("marks=2", "marks='two'"), "could not convert"),
            (DOUBLES.replace("(submission)", "()"), "takes the fixture submission"),
            ("", "NO_TESTS_COLLECTED"),
        ],
        ids=[
            "import",
            "syntax",
            "older-name",
            "older-module",
            "task",
            "no-marks",
            "odd-marks",
            "fixture",
            "empty",
        ],
    )
    def test_broken_suite_is_a_fault_with_a_reason(
        self, mark_work: Mark, checks: str, reason: str
    ) -> None:
        """A suite that cannot be collected is reported with the reason."""
        with pytest.raises(KitFault, match="cannot be run") as caught:
            mark_work(checks)
        assert reason in str(caught.value)

    @pytest.mark.parametrize("name", ["test_frist", "test_third", "test_halves"])
    def test_rung_that_is_not_there_is_a_fault(
        self, mark_work: Mark, name: str
    ) -> None:
        """A check may wait only for an earlier one of its task."""
        checks = LADDER.replace('after="test_first"', f'after="{name}"')
        with pytest.raises(KitFault, match="public/numbers::test_second"):
            mark_work(checks)

    def test_missing_suites_are_a_fault(self, coursework: Coursework) -> None:
        """Without a suite nothing else is run in its place."""
        open_worker = mini.in_process(coursework, coursework.stubs, QUICK)
        with pytest.raises(KitFault, match="There is no suite"):
            mini.run_marking(coursework, open_worker)

    def test_missing_settings_are_a_fault(self, coursework: Coursework) -> None:
        """Without pytest's settings, the message says what to create."""
        mini.write_suite(coursework, DOUBLES)
        (coursework.root / "pyproject.toml").unlink()
        open_worker = mini.in_process(coursework, coursework.stubs, QUICK)
        with pytest.raises(KitFault, match=r"has no pyproject.toml. Make one"):
            mini.run_marking(coursework, open_worker)

    def test_other_tests_are_no_checks(self, mark_work: Mark) -> None:
        """A test without the marker is run and marks nothing."""
        marking = mark_work(DOUBLES + "\ndef test_kit():\n    assert True\n")
        assert states(marking) == {"test_doubles": "passed"}

    def test_options_for_tests_by_hand_do_not_count(
        self, mark_work: Mark, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What an environment says about pytest changes no marks."""
        monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")
        assert states(mark_work(DOUBLES)) == {"test_doubles": "passed"}

    def test_interrupted_run_is_no_fault(self, mark_work: Mark) -> None:
        """Ctrl-C ends a run, and is no fault of the kit."""
        with pytest.raises(KeyboardInterrupt):
            mark_work(DOUBLES, doubling="def double(x): raise KeyboardInterrupt")


def test_profile_makes_runs_alike() -> None:
    """Hypothesis uses no randomness, no memory of earlier runs, and no clock."""
    before = hypothesis.settings.get_current_profile_name()
    try:
        load_profile(12)
        profile = hypothesis.settings.get_profile("reelmark")
    finally:
        hypothesis.settings.load_profile(before)
    assert (profile.max_examples, profile.derandomize) == (12, True)
    assert (profile.database, profile.deadline) == (None, None)


def test_marking_in_a_test_leaves_the_outer_run_alone(mark_work: Mark) -> None:
    """These tests run under the settings they started with, and so do others."""
    before = hypothesis.settings.get_current_profile_name(), set(sys.modules)
    mark_work(DOUBLES)
    after = hypothesis.settings.get_current_profile_name(), set(sys.modules)
    assert after[0] == before[0]
    assert not {name for name in after[1] - before[1] if "numbers" in name}
