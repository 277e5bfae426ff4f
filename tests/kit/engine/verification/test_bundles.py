"""Bundles: mistakes share a submission, and none hides another."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from reelmark.manifest import Coursework, Task
from reelmark.verification.bundles import PER_MODULE, make_bundles, write_bundle
from reelmark.verification.cases import Mistake, read_mistakes

FUNCTIONS = ("one", "two", "three", "four")


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    """Four tasks of a module, of which 4 needs 3, and a task of another module."""
    task = Task("", "", "", "m", "", 1, 1, (), ())
    tasks = [
        replace(
            task, id=str(number), function=name, needs=("3",) if number == 4 else ()
        )
        for number, name in enumerate(FUNCTIONS, start=1)
    ]
    other = replace(task, id="5", module="n", function="five")
    solutions = tmp_path / "solutions"
    solutions.mkdir()
    for each in (*tasks, other):
        with (solutions / f"{each.module}.py").open("a") as file:
            file.write(f"def {each.function}():\n    return 'right'\n")
    return Coursework(tmp_path, "", (*tasks, other))


def _write(coursework: Coursework, task: str, name: str, text: str = "") -> None:
    path = coursework.solutions / "mistakes" / task / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    function = coursework.task(task).function
    text += f"def {function}():\n    return 'wrong'\n"
    path.write_text(f'"""Is wrong."""\n\n{text}')


def _bundle(coursework: Coursework) -> dict[str, tuple[Mistake, ...]]:
    return make_bundles(read_mistakes(coursework), coursework)


def test_every_mistake_is_in_one_bundle(coursework: Coursework) -> None:
    """Nothing is left out, and nothing is marked twice."""
    for task, name in itertools.product("12345", "ab"):
        _write(coursework, task, name)
    bundled = Counter(itertools.chain(*_bundle(coursework).values()))
    assert bundled == Counter(read_mistakes(coursework))


def test_a_module_holds_few(coursework: Coursework) -> None:
    """Most of a module's tasks hold no mistake: what one costs elsewhere shows."""
    for task in "1235":
        _write(coursework, task, "a")
    counts = [len(bundle) for bundle in _bundle(coursework).values()]
    assert counts == [PER_MODULE + 1, 1]


@pytest.mark.parametrize(
    ("tasks", "text"), [("11", ""), ("34", ""), ("12", "helper = 1\n")]
)
def test_mistakes_that_could_hide_each_other_are_apart(
    tasks: str, text: str, coursework: Coursework
) -> None:
    """One task, tasks that need each other, and one name for two things."""
    for task, name in zip(tasks, "ab", strict=True):
        _write(coursework, task, name, text)
    assert [len(bundle) for bundle in _bundle(coursework).values()] == [1, 1]


def test_all_mistakes_of_a_bundle_are_written(
    coursework: Coursework, tmp_path: Path
) -> None:
    """A module with two mistakes is the reference with both behind it."""
    _write(coursework, "1", "a", "from __future__ import annotations\n")
    _write(coursework, "2", "b", "from __future__ import annotations\n")
    (bundle,) = _bundle(coursework).values()
    write_bundle(bundle, coursework, tmp_path / "made")
    names: dict[str, object] = {}
    exec((tmp_path / "made" / "m.py").read_text(), names)
    answers = [names[name]() for name in FUNCTIONS]  # type: ignore[operator]
    assert answers == ["wrong", "wrong", "right", "right"]
