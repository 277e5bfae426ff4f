"""Mutants: one thing is changed, of what students write, and each is Python."""

from __future__ import annotations

import pytest

from reelmark.verification import mutants

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
