"""The suites are tested: on right work, and on single mistakes.

Some cases are marked sealed, as `reelmark verify` marks all of them: that takes
minutes, as do mutants, which are marked by that command alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from kit.stage.classes import real_coursework
from reelmark.manifest import Task
from reelmark.marking.messages import MAX_LINES, WIDTH
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.verification import cases, golden, mutants
from reelmark.verification.cases import Mistake
from reelmark.verification.matrix import Finding, Matrix, find
from reelmark.verification.reach import Reach
from reelmark.verification.trials import Trials, judge_mistakes, score_mutants

ACCEPTED = cases.find_accepted(real_coursework())[::3]
MISTAKES = {one.name: one for one in cases.read_mistakes(real_coursework())}
MARKED = dict(list(MISTAKES.items())[::4])


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Where the cases are marked."""
    out = tmp_path_factory.mktemp("verify")
    return Trials(real_coursework(), out, Console(quiet=True))


@pytest.fixture(scope="module")
def accepted(trials: Trials) -> dict[str, Result]:
    """Every accepted submission's result, by name."""
    return trials.mark_accepted(ACCEPTED)


@pytest.fixture(scope="module")
def findings(trials: Trials) -> dict[str, Finding]:
    """What marking showed of every mistake, by name."""
    bundles = cases.bundle(list(MARKED.values()))
    found = judge_mistakes(bundles, trials.mark_mistakes(bundles))
    return {one.mistake.name: one for one in found}


@pytest.mark.parametrize("name", [path.name for path in ACCEPTED])
def test_right_work_earns_full_marks(name: str, accepted: dict[str, Result]) -> None:
    """A right submission that is written another way earns all 60 marks."""
    checks = [check for task in accepted[name].tasks for check in task.checks]
    told = [check.message for check in checks if check.status is not Status.PASSED]
    assert (accepted[name].total, told) == (60, [])


@pytest.mark.parametrize("name", MARKED)
def test_mistake_costs_marks_in_its_own_task_only(
    name: str, findings: dict[str, Finding]
) -> None:
    """A mistake is caught in the task it declares, by a failed check, nowhere else."""
    found = findings[name]
    states = {check.id: str(check.status) for check in found.checks}
    assert found.is_right, (states, found.lost)


@pytest.mark.parametrize("name", MARKED)
def test_mistake_is_told_what_is_kept_beside_it(
    name: str, findings: dict[str, Finding]
) -> None:
    """A mistake draws exactly the messages that were read and kept."""
    told = golden.collect(findings[name].checks)
    assert golden.is_expected(MISTAKES[name], told), told


def test_kept_messages_are_all_of_mistakes() -> None:
    """No file of messages is left of a mistake that is gone."""
    kept = (real_coursework().solutions / "mistakes").glob("*/*.txt")
    assert {path.with_suffix(".py") for path in kept} == {
        one.path for one in MISTAKES.values()
    }


@pytest.mark.parametrize("name", MISTAKES)
def test_messages_are_short(name: str) -> None:
    """A message has ten lines of 88 columns at most, and names its task first."""
    text = MISTAKES[name].message.read_text("utf-8")
    for message in re.split(r"^\[.*\]\n", text, flags=re.MULTILINE)[1:]:
        lines = message.strip("\n").splitlines()
        assert len(lines) <= MAX_LINES
        assert max(map(len, lines)) <= WIDTH
        assert lines[0].startswith(f"{MISTAKES[name].task}  ")


def test_messages_of_hidden_checks_show_no_values() -> None:
    """What a hidden check expected and got is in no message."""
    for mistake in MISTAKES.values():
        text = mistake.message.read_text("utf-8")
        hidden = re.findall(r"^\[hidden/.*\]\n((?:(?!\[).*\n)*)", text, re.MULTILINE)
        assert not re.search(
            r"^ +(expected|got|at|example) ", "".join(hidden), re.MULTILINE
        )


def test_every_task_has_mistakes() -> None:
    """Each task is tested on three mistakes at least."""
    tasks = [one.task for one in MISTAKES.values()]
    counts = {task.id: tasks.count(task.id) for task in real_coursework().tasks}
    assert min(counts.values()) >= 3


# --- what verify says of them -------------------------------------------------------


def _mistake(task: str = "1") -> Mistake:
    return Mistake(Path("mistakes/words/one.py"), task, "counts wrong")


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
    assert table.to_csv() == ("task,mistake,about,a,b\n1,words/one,counts wrong,1,0\n")


@pytest.mark.parametrize(
    ("other", "agree"),
    [
        ("loss 0.24567 of 3", True),
        ("loss 0.24571 of 3", True),
        ("loss 0.34567 of 3", False),
        ("loss 0.24567 of 4", False),
        ("rate 0.24567 of 3", False),
    ],
)
def test_messages_agree_but_for_last_digits(other: str, agree: bool) -> None:
    """Machines round differently: words and counts are exact, digits to 1 in 1000."""
    assert golden.agree("loss 0.24567 of 3", other) is agree


def test_case_without_declaration_is_refused(tmp_path: Path) -> None:
    """A mistake that names no task of its module is refused, with the tasks there are.

    Otherwise it would be marked, and prove nothing.
    """
    with pytest.raises(cases.UsageError, match="1a-i"):
        cases._read_mistake(_write(tmp_path, '"""2a-i: wrong."""'), real_coursework())


def _write(folder: Path, text: str) -> Path:
    path = folder / "image_processing" / "case.py"
    path.parent.mkdir()
    path.write_text(text)
    return path


# --- mutants ------------------------------------------------------------------------

SOURCE = '''"""A module."""


def given(x):
    return x + 1


def scheduler(epoch, lr):
    """Return a rate.

    Not a word of this is changed: 10.
    """
    ### BEGIN SOLUTION
    # 10 epochs
    films = load(lr, mode="min").cache()
    if epoch < 10:
        return films
    return lr * factor(-2)
    ### END SOLUTION
'''


@pytest.fixture(scope="module")
def changes() -> list[tuple[str, str]]:
    """What the mutants of the source above change."""
    return [(one.before, one.after) for one in mutants.mutate_module("m", SOURCE)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if epoch < 10:", "if epoch <= 10:"),
        ("if epoch < 10:", "if epoch < 11:"),
        ("if epoch < 10:", "if not epoch < 10:"),
        ("return lr * factor(-2)", "return lr / factor(-2)"),
        ("return lr * factor(-2)", "return lr * factor(+2)"),
        ('films = load(lr, mode="min").cache()', "films = load(lr, **{}).cache()"),
        (
            'films = load(lr, mode="min").cache()',
            "films = load(lr, mode='Xmin').cache()",
        ),
        ('films = load(lr, mode="min").cache()', 'films = load(lr, mode="min")'),
    ],
)
def test_mutants_change_one_thing(
    before: str, after: str, changes: list[tuple[str, str]]
) -> None:
    """Operators, numbers, keyword arguments, strings and steps are changed in turn."""
    assert (before, after) in changes


def test_mutants_change_what_students_write(changes: list[tuple[str, str]]) -> None:
    """What is given, docstrings and comments stay as they are."""
    assert {before for before, _ in changes} == {
        'films = load(lr, mode="min").cache()',
        "if epoch < 10:",
        "return lr * factor(-2)",
    }


def test_mutants_differ() -> None:
    """No two mutants are the same text, and all of them are Python."""
    made = mutants.mutate_module("m", SOURCE)
    assert len({one.text for one in made}) == len(made) > 8
    for one in made:
        compile(one.text, one.name, "exec")


def test_score_leaves_equivalent_mutants_out() -> None:
    """The score is the part of the wrong mutants that is caught; reasons are checked.

    A mutant that makes a check fail as the kit's fault is not caught by it.
    """
    made = mutants.mutate_module("m", SOURCE)[:4]
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


def test_reasons_are_given_for_lines_of_the_reference() -> None:
    """Each reason speaks of mutants that exist, and is a sentence."""
    made = mutants.make_mutants(real_coursework())
    for reason in mutants.read_equivalences(real_coursework()):
        assert any(reason.covers(one) for one in made), reason.before
        assert reason.reason.endswith("."), reason.before


SHARED = """
LIMIT = 3

def first(x):
    return _shared(x)

@decorated
def second(x):
    return LIMIT

def _shared(x):
    return _deeper(x)

def _deeper(x):
    return x

def _unused(x):
    return x
"""


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        ("return _shared(x)", ("1",)),
        ("return _deeper(x)", ("1",)),
        ("@decorated", ("2",)),
        ("return LIMIT", ("2",)),
        ("LIMIT = 3", ("1", "2")),
        ("def _unused(x):", ("1", "2")),
    ],
)
def test_change_reaches_the_tasks_that_use_it(
    line: str, reached: tuple[str, ...]
) -> None:
    """A mutant is checked in the tasks whose functions use what it changes."""
    lines = SHARED.splitlines()
    (number,) = (n for n, text in enumerate(lines, 1) if text.strip() == line)
    tasks = [
        Task(name, "", "1", "shared", function, 1, 5, (), ())
        for name, function in (("1", "first"), ("2", "second"))
    ]
    assert Reach(tasks, SHARED).find_tasks(number) == reached
