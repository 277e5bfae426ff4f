"""The suites are tested: on right work, and on single mistakes.

Some cases are marked sealed, as `reelmark verify` marks all of them: that takes
minutes, as do mutants, which are marked by that command alone.
"""

from __future__ import annotations

import math
import re
import runpy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from kit.stage.classes import real_coursework
from reelmark.handout.stubs import cut_stub
from reelmark.manifest import Coursework, Task
from reelmark.marking.messages import MAX_LINES, WIDTH
from reelmark.results import CheckResult, Result, Status, summarise, summarise_task
from reelmark.verification import cases, golden, mutants
from reelmark.verification.cases import Mistake
from reelmark.verification.matrix import Finding, Matrix, find
from reelmark.verification.reach import Reach
from reelmark.verification.trials import Trials, judge_mistakes, score_mutants

STYLES = cases.read_styles(real_coursework())
ACCEPTED = STYLES[::3]
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


@pytest.mark.parametrize("name", [style.name for style in ACCEPTED])
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
def test_mistake_is_told_what_is_kept_of_it(
    name: str, findings: dict[str, Finding]
) -> None:
    """A mistake draws exactly the messages that were read and kept."""
    told = golden.collect(findings[name].checks)
    assert golden.is_expected(MISTAKES[name], told), told


def test_kept_messages_are_all_of_mistakes() -> None:
    """No messages are left of a mistake that is gone, and no file in another place."""
    folder = real_coursework().solutions / "mistakes"
    kept = [path.parent / f"{name}.py" for path, name in _kept(folder)]
    assert sorted(kept) == sorted(one.path for one in MISTAKES.values())
    files = {path for path in folder.rglob("*") if path.is_file()}
    texts = {path for path, _ in _kept(folder)}
    assert {path for path in files if path.suffix != ".pyc"} == texts | set(kept)


@pytest.mark.parametrize("name", MISTAKES)
def test_messages_are_short(name: str) -> None:
    """A message has ten lines of 88 columns at most, and names its task first."""
    for message in re.split(r"^\[.*\]\n", _told(name), flags=re.MULTILINE)[1:]:
        lines = message.strip("\n").splitlines()
        assert len(lines) <= MAX_LINES
        assert max(map(len, lines)) <= WIDTH
        assert lines[0].startswith(f"{MISTAKES[name].task}  ")


def test_messages_of_hidden_checks_show_no_values() -> None:
    """What a hidden check expected and got is in no message."""
    for name in MISTAKES:
        for part in re.split(r"^(?=\[)", _told(name), flags=re.MULTILINE):
            shows = re.search(r"^ +(expected|got|at|example) ", part, re.MULTILINE)
            assert not (part.startswith("[hidden/") and shows), part


def _kept(folder: Path) -> list[tuple[Path, str]]:
    """Return the files of kept messages, once for each mistake that is in them."""
    files = folder.glob(f"*/{golden.FILE}")
    return [(path, name) for path in files for name in golden.read(path.parent)]


def _told(name: str) -> str:
    """Return what is kept of a mistake."""
    path = MISTAKES[name].path
    return golden.read(path.parent)[path.stem]


def test_every_task_has_mistakes() -> None:
    """Each task is tested on three mistakes at least."""
    tasks = [one.task for one in MISTAKES.values()]
    counts = {task.id: tasks.count(task.id) for task in real_coursework().tasks}
    assert min(counts.values()) >= 3


# --- right work: what a style leaves out comes from the reference --------------------

REFERENCE = '''"""The reference."""

from __future__ import annotations

import math


def area(radius: float) -> float:
    return math.pi * _square(radius)


def perimeter(radius: float) -> float:
    return 2 * math.pi * radius


### BEGIN SOLUTION
def _square(value: float) -> float:
    return value**2


### END SOLUTION
'''
OWN = """from __future__ import annotations
from math import tau

perimeter = lambda radius: tau * radius
"""


def _write_modules(folder: Path, texts: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for module, text in texts.items():
        (folder / f"{module}.py").write_bytes(text.encode())


@pytest.fixture
def circles(tmp_path: Path) -> Coursework:
    """A coursework of two modules and three tasks, without any cases."""
    task = Task("1", "", "", "circles", "area", 1, 1, (), ())
    other = replace(task, id="2", function="perimeter")
    volume = replace(task, id="3", module="spheres", function="volume")
    spheres = "def volume(radius):\n    return 4\n"
    _write_modules(tmp_path / "solutions", {"circles": REFERENCE, "spheres": spheres})
    stubs = {"circles": cut_stub(REFERENCE), "spheres": spheres}
    _write_modules(tmp_path / "assignment", stubs)
    return Coursework(tmp_path, "Circles", (task, other, volume))


def _write_style(
    coursework: Coursework, tmp_path: Path, **modules: str
) -> tuple[cases.Style, Path]:
    """Write a style; return it, and the submission that it and the reference make."""
    _write_modules(coursework.solutions / "accepted" / "mine", modules)
    (style,) = cases.read_styles(coursework)
    cases.write_style(style, coursework, tmp_path / "made")
    return style, tmp_path / "made"


def _run(path: Path) -> dict[str, Any]:
    return runpy.run_path(str(path))


def test_style_writes_functions_another_way(
    circles: Coursework, tmp_path: Path
) -> None:
    """What a style defines replaces the reference's, whatever kind of name it is."""
    style, made = _write_style(circles, tmp_path, circles=OWN)
    assert [task.id for task in style.tasks] == ["2"]
    assert _run(made / "circles.py")["perimeter"].__name__ == "<lambda>"


def test_function_that_is_left_out_is_the_references(
    circles: Coursework, tmp_path: Path
) -> None:
    """A function that a style leaves out works, with what it uses."""
    _, made = _write_style(circles, tmp_path, circles=OWN)
    assert _run(made / "circles.py")["area"](1.0) == pytest.approx(math.pi)


def test_module_that_is_left_out_is_the_references(
    circles: Coursework, tmp_path: Path
) -> None:
    """A module that a style leaves out is handed in as the reference has it."""
    _, made = _write_style(circles, tmp_path, circles=OWN)
    expected = (circles.solutions / "spheres.py").read_bytes()
    assert (made / "spheres.py").read_bytes() == expected


@pytest.mark.parametrize(
    "text", [OWN, "\ufeff" + OWN.replace("\n", "\r\n")], ids=["plain", "windows"]
)
def test_style_that_leaves_nothing_out_stays_as_it_is(
    text: str, circles: Coursework, tmp_path: Path
) -> None:
    """A module with all functions is handed in byte for byte."""
    text += "area = lambda radius: 3 * radius**2"
    _, made = _write_style(circles, tmp_path, circles=text)
    assert (made / "circles.py").read_bytes() == text.encode()


def test_module_made_of_two_is_written_as_the_style_is(
    circles: Coursework, tmp_path: Path
) -> None:
    """A byte order mark and the line endings of Windows stay, in all of the module."""
    _, made = _write_style(
        circles, tmp_path, circles="\ufeff" + OWN.replace("\n", "\r\n")
    )
    written = (made / "circles.py").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\xef\xbb\xbf") == 1
    assert written.count(b"\n") == written.count(b"\r\n") > REFERENCE.count("\n")
    assert _run(made / "circles.py")["area"](1.0) == pytest.approx(math.pi)


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ({"circles": "perimetre = len"}, "circles.py defines none of area, perimeter"),
        ({"circles": "def area(:"}, "circles.py cannot be parsed"),
        ({"helpers": "x = 1"}, "mine is no style"),
    ],
)
def test_style_that_proves_nothing_is_refused(
    modules: dict[str, str], told: str, circles: Coursework, tmp_path: Path
) -> None:
    """A style whose work would be the reference's is refused, and the reason said."""
    with pytest.raises(cases.UsageError, match=told):
        _write_style(circles, tmp_path, **modules)


def test_every_task_is_written_another_way() -> None:
    """Each task is written another way than the reference in one style at least."""
    own = {task for style in STYLES for task in style.tasks}
    assert own == set(real_coursework().tasks)


# --- what verify says of them -------------------------------------------------------


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


@pytest.mark.parametrize(
    ("other", "agree"),
    [("a.py, line 7:  x", True), ("b.py, line 41:  x", False), ("a.py:  x", False)],
)
def test_messages_agree_wherever_the_line_is(other: str, agree: bool) -> None:
    """A mistake stands behind the reference, which grows with every task."""
    assert golden.agree("a.py, line 41:  x", other) is agree


def _write_mistakes(coursework: Coursework, task: str, *names: str) -> list[Mistake]:
    folder = coursework.solutions / "mistakes" / task
    _write_modules(folder, dict.fromkeys(names, '"""Is\nwrong."""\n\narea = None\n'))
    return cases.read_mistakes(coursework)


def test_mistake_is_read_from_the_folder_of_its_task(circles: Coursework) -> None:
    """The folder says which task it is a mistake in, the manifest which module."""
    (mistake,) = _write_mistakes(circles, "3", "one")
    assert (mistake.task, mistake.module) == ("3", "spheres")
    assert (mistake.name, mistake.about) == ("3/one", "Is wrong.")


def test_mistake_in_no_task_is_refused(circles: Coursework) -> None:
    """A folder that is named after no task is refused, with the tasks there are."""
    with pytest.raises(cases.UsageError, match=r"mistake in no task.* 1, 2, 3"):
        _write_mistakes(circles, "circles", "one")


def test_mistake_without_a_docstring_is_refused(circles: Coursework) -> None:
    """A mistake says what is wrong, or nobody can judge what its author is told."""
    _write_modules(circles.solutions / "mistakes" / "1", {"one": "area = None"})
    with pytest.raises(cases.UsageError, match="does not say what is wrong"):
        cases.read_mistakes(circles)


# --- what is kept of a task ----------------------------------------------------------


def test_messages_of_a_task_are_in_one_file(circles: Coursework) -> None:
    """A task's messages are read side by side, in the order of its mistakes' names."""
    two, one = reversed(_write_mistakes(circles, "1", "one", "two"))
    assert golden.update({two: "[b]\ntwo", one: "[a]\none\n\n[b]\none"}) == [two, one]
    text = (one.path.parent / golden.FILE).read_text("utf-8")
    assert text == ("=== one ===\n\n[a]\none\n\n[b]\none\n\n=== two ===\n\n[b]\ntwo\n")
    assert golden.is_expected(one, "[a]\none\n\n[b]\none")
    assert not golden.is_expected(one, "[b]\ntwo")


def test_update_leaves_what_agrees(circles: Coursework) -> None:
    """Digits that only this machine rounds so are no change."""
    (one,) = _write_mistakes(circles, "1", "one")
    golden.update({one: "[a]\nloss 0.24567"})
    assert golden.update({one: "[a]\nloss 0.24568"}) == []
    assert golden.read(one.path.parent) == {"one": "[a]\nloss 0.24567"}


def test_update_drops_what_is_of_no_mistake(circles: Coursework) -> None:
    """What was kept of a mistake that is gone goes."""
    one, two = _write_mistakes(circles, "1", "one", "two")
    golden.update({one: "[a]\nx", two: "[a]\ny"})
    assert golden.update({two: "[a]\ny"}) == []
    assert golden.read(one.path.parent) == {"two": "[a]\ny"}


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
