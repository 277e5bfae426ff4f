"""Dependencies: which tasks a change in a coursework can affect."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reelmark.grading.dependencies import Dependencies, fingerprint_tasks
from reelmark.manifest import Coursework, load_coursework
from sample_class import ROOT

MANIFEST = """
[coursework]
title = "Sums"
given = ["given.py"]
"""
TASK = """
[[task]]
id = "{id}"
title = "Task {id}"
section = "{id}"
module = "{module}"
function = "f{id}"
marks = 1
minutes = 1
needs = {needs}
hints = ["Add."]
"""
PUBLIC = '''
import pytest
from support.sums import compare, DATA
from support import totals as t

LIMIT = 3

@pytest.mark.check("1", marks=1)
def test_one(submission):
    """One."""
    compare(submission.ones.f1(LIMIT))

@pytest.mark.check("2", marks=1)
def test_two(submission, numbers):
    """Two."""
    t.expect_total(submission.ingredients.make_two())

@pytest.fixture
def numbers():
    return [1, 2]
'''
HIDDEN = '''
import pytest
from support.sums import DATA

@pytest.mark.check("3", marks=1)
def test_three(submission):
    """Three."""
    assert DATA.exists()
'''
FILES = {
    "assignment/ones.py": "def f1(): ...\n",
    "assignment/twos.py": "def f2(): ...\ndef f3(): ...\n",
    "assignment/given.py": "SIDE = 4\n",
    "assignment/report.ipynb": "{}",
    "tests/public/test_all.py": PUBLIC,
    "tests/hidden/test_all_hidden.py": HIDDEN,
    "tests/support/__init__.py": "",
    "tests/support/sums.py": (
        "from pathlib import Path\n"
        "DATA = Path('fixtures')\n"
        "def compare(a):\n    return _half(a)\n"
        "def _half(a):\n    return a / 2\n"
        "def unused():\n    return 1\n"
    ),
    "tests/support/totals.py": "def expect_total(a):\n    return a\n",
    "tests/support/worker/ingredients.py": (
        "import os\ndef make_two():\n    return 2\ndef make_three():\n    return 3\n"
    ),
    "tests/support/worker/stand_ins.py": (
        "def f1():\n    return 1\ndef f2():\n    return 2\n"
    ),
    "tests/support/worker/looks.py": "def f1_looks():\n    return None\n",
    "fixtures/public/a.csv": "1\n",
    "fixtures/hidden/b.csv": "2\n",
    "solutions/ones.py": "def f1():\n    return 1\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A coursework of three tasks; the second may call the first."""
    tasks = [("1", "ones", "[]"), ("2", "twos", '["1"]'), ("3", "twos", "[]")]
    rows = [TASK.format(id=i, module=m, needs=n) for i, m, n in tasks]
    files = {**FILES, "assignment/coursework.toml": MANIFEST + "".join(rows)}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def read(root: Path) -> dict[str, str]:
    """Return the fingerprint of each task."""
    coursework = load_coursework(root)
    dependencies = Dependencies(coursework)
    return {task.id: dependencies.fingerprint(task) for task in coursework.tasks}


def find_changed(root: Path, change: Callable[[], object]) -> set[str]:
    """Return the tasks whose fingerprint a change changes."""
    before = read(root)
    change()
    after = read(root)
    return {task for task in after if before.get(task) != after[task]}


CHANGES = {
    "a check": ("tests/public/test_all.py", "f1(LIMIT)", "f1(5)", "1"),
    "a check's sentence": ("tests/public/test_all.py", '"""Two."""', '"""2."""', "2"),
    "a hidden check": ("tests/hidden/test_all_hidden.py", '"""T', '"""t', "3"),
    "marks": ("tests/public/test_all.py", '"2", marks=1', '"2", marks=2', "2"),
    "a constant": ("tests/public/test_all.py", "LIMIT = 3", "LIMIT = 4", "1"),
    "a fixture of pytest's": ("tests/public/test_all.py", "[1, 2]", "[2]", "2"),
    "a remark": ("tests/public/test_all.py", "LIMIT = 3", "LIMIT = 3  # few", ""),
    "what runs at once": ("tests/public/test_all.py", "LIMIT", "print()\nLIMIT", "12"),
    "a helper's helper": ("tests/support/sums.py", "a / 2", "a / 3", "1"),
    "a whole module": ("tests/support/totals.py", "return a", "return 1", "2"),
    "what nobody uses": ("tests/support/sums.py", "return 1", "return 2", ""),
    "an ingredient": ("tests/support/worker/ingredients.py", "return 2", "pass", "2"),
    "another ingredient": ("tests/support/worker/ingredients.py", "return 3", "1", ""),
    "a stand-in": ("tests/support/worker/stand_ins.py", "return 1", "return 3", "2"),
    "another stand-in": ("tests/support/worker/stand_ins.py", "return 2", "pass", ""),
    "a look": ("tests/support/worker/looks.py", "None", "1", ""),
    "a stub": ("assignment/twos.py", "def f3", "def f4", "23"),
    "what is given": ("assignment/given.py", "4", "5", "123"),
    "the report": ("assignment/report.ipynb", "{}", "[]", ""),
    "the reference": ("solutions/ones.py", "return 1", "return 2", ""),
    "public data": ("fixtures/public/a.csv", "1", "2", "3"),
    "hidden data": ("fixtures/hidden/b.csv", "2", "3", "3"),
    "the manifest": ("assignment/coursework.toml", "Task 2", "Two", "2"),
    "an error of syntax": ("tests/support/sums.py", "def unused(", "def unused", "13"),
}
"""What is changed: the file, from what, to what; and the tasks that it concerns."""


@pytest.mark.parametrize("change", CHANGES)
def test_change_concerns_the_tasks_that_it_can_affect(change: str, root: Path) -> None:
    """A task is marked again exactly if something that decides it has changed."""
    name, before, after, tasks = CHANGES[change]
    path = root / name
    text = path.read_text()
    assert before in text
    changed = find_changed(root, lambda: path.write_text(text.replace(before, after)))
    assert changed == set(tasks)


@pytest.mark.parametrize("folder", ["tests/public", "tests/hidden", "tests/support"])
@pytest.mark.parametrize("name", ["conftest.py", "words.txt"])
def test_what_may_reach_everything_concerns_all(
    folder: str, name: str, root: Path
) -> None:
    """A pytest hook, or a file that is not Python, may decide anything."""
    path = root / folder / name
    assert find_changed(root, lambda: path.write_text("pass\n")) == {"1", "2", "3"}


def test_check_that_does_not_say_its_task_is_of_all(root: Path) -> None:
    """``check(TASK)`` does not say which task it is for."""
    path = root / "tests/public/test_more.py"
    text = "@pytest.mark.check(TASK, marks=1)\ndef test_more(): ...\n"
    assert find_changed(root, lambda: path.write_text(text)) == {"1", "2", "3"}


def test_order_of_checks_is_part_of_what_is_found(root: Path) -> None:
    """Results list the checks of a task as they stand in the suite."""
    path = root / "tests/public/test_more.py"
    check = '@pytest.mark.check("3")\ndef test_{}(): ...\n'
    one, two = check.format("a"), check.format("b")
    path.write_text(one + two)
    assert find_changed(root, lambda: path.write_text(two + one)) == {"3"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Coursework:
    """A copy of the coursework of this repository."""
    root = tmp_path_factory.mktemp("coursework")
    for name in ("assignment", "tests/public", "tests/hidden", "tests/support"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copytree(ROOT / "fixtures", root / "fixtures")
    return load_coursework(root)


@pytest.mark.parametrize("task", ["1a-i", "2b-ii", "3a-ii", "4c-iii"])
def test_check_of_this_coursework_concerns_its_own_task(
    task: str, copy: Coursework
) -> None:
    """After fixing one check, only its task is marked again."""
    paths = sorted(copy.public_suite.glob("test_*.py"))
    marker = re.compile(rf'@pytest\.mark\.check\(\s*"{task}"')
    path, found = next(
        (path, found) for path in paths if (found := marker.search(path.read_text()))
    )
    text, start = path.read_text(), found.start()
    mended = text[:start] + text[start:].replace('    """', '    """Indeed: ', 1)
    try:
        assert find_changed(copy.root, lambda: path.write_text(mended)) == {task}
    finally:
        path.write_text(text)


def test_task_that_nothing_checks_has_no_fingerprint(root: Path) -> None:
    """It has no result either, and so is never marked again."""
    (root / "tests/hidden/test_all_hidden.py").unlink()
    assert set(fingerprint_tasks(load_coursework(root))) == {"1", "2"}
