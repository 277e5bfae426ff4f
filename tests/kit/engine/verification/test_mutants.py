"""Mutants: one thing is changed, of what students write, and each is Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reelmark.manifest import Coursework, Task
from reelmark.verification import cases, mutants

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
    @once
    def same(x): return x
    if epoch < 10:
        return films
    return lr * factor(-2)
    ### END SOLUTION
'''

OWN = range(SOURCE.splitlines().index("    ### BEGIN SOLUTION") + 1, 100)
"""The lines of it that students write."""


@pytest.fixture(scope="module")
def changes() -> list[tuple[str, str]]:
    """What the mutants of the source above change."""
    return [(one.before, one.after) for one in mutants.mutate_module("m", SOURCE, OWN)]


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
        ("@once", "def same(x): return x"),
    ],
)
def test_mutants_change_one_thing(
    before: str, after: str, changes: list[tuple[str, str]]
) -> None:
    """Operators, numbers, keywords, strings, steps, decorators are changed in turn."""
    assert (before, after) in changes


def test_mutants_change_what_students_write(changes: list[tuple[str, str]]) -> None:
    """What is given, docstrings and comments stay as they are."""
    assert {before for before, _ in changes} == {
        "@once",
        'films = load(lr, mode="min").cache()',
        "if epoch < 10:",
        "return lr * factor(-2)",
    }


def test_mutants_differ() -> None:
    """No two mutants are the same text, and all of them are Python."""
    made = mutants.mutate_module("m", SOURCE, OWN)
    assert len({one.text for one in made}) == len(made) > 8
    for one in made:
        compile(one.text, one.name, "exec")


MORE = """

def warm_up():
    ### BEGIN SOLUTION
    return 7
    ### END SOLUTION
"""
STYLE = """def given(x):
    return x + 1


def scheduler(epoch, lr):
    return lr * (epoch < 10)
"""


@pytest.mark.parametrize("is_whole", [True, False])
def test_mutants_of_a_style_change_what_it_writes_itself(
    is_whole: bool, tmp_path: Path
) -> None:
    """Neither what is given nor what comes from the reference is changed in a style."""
    task = Task("1", "", "", "m", "scheduler", 1, 1, (), ())
    other = replace(task, id="2", function="warm_up")
    coursework = Coursework(tmp_path, "", (task, other))
    style = tmp_path / "solutions/accepted/mine"
    for folder in (style, tmp_path / "assignment"):
        folder.mkdir(parents=True)
    (tmp_path / "solutions/m.py").write_text(SOURCE + MORE)
    (tmp_path / "assignment/m.py").write_text(SOURCE + MORE)
    (style / "m.py").write_text(STYLE + ("warm_up = int" if is_whole else ""))
    made = mutants.make_mutants(coursework, *cases.read_styles(coursework))
    assert {one.before for one in made} == {"return lr * (epoch < 10)"}
    assert {one.style for one in made} == {"mine"}


def test_reason_is_about_the_work_it_names() -> None:
    """A reason for a style's mutant excuses no mutant of the reference."""
    (mutant, *_) = mutants.mutate_module("m", "x = 2 < 3\n", {1}, "mine")
    reason = mutants.Equivalence("m", "x = ", "It is so.", style="mine")
    assert reason.covers(mutant)
    assert not replace(reason, style="").covers(mutant)
