"""The suites are tested, on correct work and on single mistakes.

Some cases are marked sealed, as `reelmark verify` marks all of them: that takes
minutes, as do mutants, which are marked by that command alone.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.console import Console

from kit.stage.classes import knowing_reference, real_coursework
from reelmark.marking.messages import MAX_LINES, WIDTH
from reelmark.results import Result, Status
from reelmark.verification import cases, golden, mutants
from reelmark.verification.bundles import make_bundles
from reelmark.verification.matrix import Verdict
from reelmark.verification.trials import Trials, judge_mistakes

STYLES = cases.read_styles(real_coursework())
ACCEPTED = STYLES[::4]
MISTAKES = {one.name: one for one in cases.read_mistakes(real_coursework())}


def _told(name: str) -> str:
    """Return what is kept of a mistake."""
    path = MISTAKES[name].path
    return golden.read(path.parent)[path.stem]


def _choose() -> list[str]:
    """Choose few mistakes of which each check catches one, if it catches any."""
    caught = {name: frozenset(golden.list_checks(_told(name))) for name in MISTAKES}
    chosen, left = [], frozenset().union(*caught.values())
    while left:
        chosen.append(max(caught, key=lambda name: len(caught[name] & left)))
        left -= caught[chosen[-1]]
    return sorted(chosen)


MARKED = _choose()


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Where the cases are marked."""
    out = tmp_path_factory.mktemp("verify")
    return Trials(real_coursework(), out, Console(quiet=True))


@pytest.fixture(scope="module")
def accepted(trials: Trials, known: Path) -> dict[str, Result]:
    """Every accepted submission's result, by name."""
    with knowing_reference(known, trials.out / "accepted"):
        return trials.mark_accepted(ACCEPTED)


@pytest.fixture(scope="module")
def verdicts(trials: Trials, known: Path) -> dict[str, Verdict]:
    """What marking showed of every mistake, by name."""
    bundles = make_bundles([MISTAKES[name] for name in MARKED], real_coursework())
    with knowing_reference(known, trials.out / "mistakes"):
        found = judge_mistakes(bundles, trials.mark_mistakes(bundles))
    return {one.mistake.name: one for one in found}


@pytest.mark.parametrize("name", [style.name for style in ACCEPTED])
def test_right_work_earns_full_marks(name: str, accepted: dict[str, Result]) -> None:
    """Correct work written differently earns all 60 marks."""
    checks = [check for task in accepted[name].tasks for check in task.checks]
    told = [check.message for check in checks if check.status is not Status.PASSED]
    assert (accepted[name].total, told) == (60, [])


@pytest.mark.parametrize("name", MARKED)
def test_mistake_costs_marks_in_its_own_task_only(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    """A mistake is caught in the task it declares, by a failed check, nowhere else."""
    found = verdicts[name]
    states = {check.id: str(check.status) for check in found.checks}
    assert found.is_right, (states, found.lost)


@pytest.mark.parametrize("name", MARKED)
def test_mistake_is_told_what_is_kept_of_it(
    name: str, verdicts: dict[str, Verdict]
) -> None:
    """A mistake triggers exactly the messages that were read and kept."""
    told = golden.collect(verdicts[name].checks)
    assert golden.is_expected(MISTAKES[name], told), told


def test_kept_messages_are_all_of_mistakes() -> None:
    """No messages are left over from removed mistakes, and no files in other places."""
    folder = real_coursework().solutions / "mistakes"
    kept = [path.parent / f"{name}.py" for path, name in _kept(folder)]
    assert sorted(kept) == sorted(one.path for one in MISTAKES.values())
    files = {path for path in folder.rglob("*") if path.is_file()}
    texts = {path for path, _ in _kept(folder)}
    assert {path for path in files if path.suffix != ".pyc"} == texts | set(kept)


@pytest.mark.parametrize("name", MISTAKES)
def test_messages_are_short(name: str) -> None:
    """A message has at most ten lines of 88 columns, and names its task first."""
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


def test_every_task_has_mistakes() -> None:
    """Each task is tested on at least three mistakes."""
    tasks = [one.task for one in MISTAKES.values()]
    counts = {task.id: tasks.count(task.id) for task in real_coursework().tasks}
    assert min(counts.values()) >= 3


def test_every_task_is_written_another_way() -> None:
    """At least one style writes each task differently from the reference."""
    own = {task for style in STYLES for task in style.tasks}
    assert own == set(real_coursework().tasks)


def test_reasons_are_given_for_mutants_that_exist() -> None:
    """Each reason speaks of mutants of the reference or of a style, in a sentence."""
    reasons = mutants.read_equivalences(real_coursework())
    names = {reason.style for reason in reasons}
    works = [None, *(style for style in STYLES if style.name in names)]
    made = [
        one for each in works for one in mutants.make_mutants(real_coursework(), each)
    ]
    for reason in reasons:
        assert any(reason.covers(one) for one in made), reason.before
        assert reason.reason.endswith("."), reason.before
