"""Functions that return rubbish: no check is fooled, and none of them breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.stage.classes import grade_folder, knowing_reference, real_coursework
from reelmark.results import Result, Status

# What a student's function may return instead of what it should. Each check must
# say "failed": a check that breaks over it would be a fault of the kit, which
# never costs marks, and so would be a way to forge them.
RUBBISH = {
    "none": "None",
    "zero": "0",
    "nan": "float('nan')",
    "infinity": "float('-inf')",
    "text": "'text'",
    "bytes": "b'\\xff'",
    "empty-list": "[]",
    "empty-dict": "{}",
    "pair-of-none": "(None, None)",
    "nested": "[[['a', 1], {}], ({'b': [None]},)]",
    "array": "np.full((3, 4), np.nan)",
    "object-array": "np.array([None, object()], dtype=object)",
    "empty-array": "np.zeros((0, 64, 64, 3), np.float32)",
    "pair-of-arrays": "(np.zeros((2, 64, 64, 3), np.float32), np.zeros(2))",
    "frame": "pd.DataFrame({'precision': ['x', None], 'Model': [[1], {}]})",
    "empty-frame": "pd.DataFrame()",
    "twin-columns": "pd.DataFrame([[1, 2]], columns=['recall', 'recall'])",
    "figure": "Figure()",
    "model": "keras.Sequential()",
    "layer": "keras.layers.Dense(3)",
    "vectorizer": "keras.layers.TextVectorization()",
    "callback": "keras.callbacks.Callback()",
    "scheduler": "keras.callbacks.LearningRateScheduler(lambda epoch: epoch)",
    "dataset": "tf.data.Dataset.from_tensors(0)",
    "dataset-of-pairs": "tf.data.Dataset.from_tensors(('a', [[1.0]])).repeat(3)",
    "function": "print",
    "generator": "(i for i in range(3))",
}

IMPORTS = """
import keras, numpy as np, pandas as pd, tensorflow as tf
from matplotlib.figure import Figure
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, known: Path) -> dict[str, Result]:
    """A submission for each kind of rubbish, graded."""
    folder = tmp_path_factory.mktemp("rubbish")
    for name, expression in RUBBISH.items():
        for module, text in _modules(expression):
            path = folder / "submissions" / name / f"{module}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    with knowing_reference(known, folder / "marks"):
        return grade_folder(real_coursework(), folder / "submissions", folder / "marks")


def _modules(expression: str) -> Iterator[tuple[str, str]]:
    coursework = real_coursework()
    for module in coursework.modules:
        functions = [
            f"def {task.function}(*args, **kwargs):\n    return {expression}\n"
            for task in coursework.tasks
            if task.module == module
        ]
        yield module, "\n\n".join([IMPORTS, *functions])


@pytest.mark.parametrize("name", sorted(RUBBISH))
def test_rubbish_breaks_no_check(name: str, results: dict[str, Result]) -> None:
    """A check that meets rubbish fails; it does not break."""
    broken = [
        (check.id, check.message)
        for task in results[name].tasks
        for check in task.checks
        if check.status is Status.KIT_FAULT
    ]
    assert not broken


@pytest.mark.parametrize("name", sorted(RUBBISH))
def test_rubbish_earns_next_to_nothing(name: str, results: dict[str, Result]) -> None:
    """An empty object of the right kind earns what that is worth, and no more.

    The first rung of a task may be "returns a model", and an empty model is one.
    """
    earned = {task.id: task.marks for task in results[name].tasks if task.marks}
    assert max(earned.values(), default=0) <= 0.5
    assert sum(earned.values()) <= 1


def test_messages_about_rubbish_fit_a_terminal(results: dict[str, Result]) -> None:
    """Whatever was returned, a message has at most ten lines of 88 columns."""
    messages = [
        check.message
        for result in results.values()
        for task in result.tasks
        for check in task.checks
    ]
    assert max(len(message.splitlines()) for message in messages) <= 10
    assert max(len(line) for text in messages for line in text.splitlines()) <= 88
