"""Stand-ins: student code can read them, and they answer nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.stage.classes import grade_folder, knowing_reference, real_coursework
from reelmark.results import Result, Status
from sample_class import Recipe, module_texts

COURSEWORK = real_coursework()
STAND_INS = (COURSEWORK.worker_support / "stand_ins.py").read_text("utf-8")
TASKS = [
    task.id
    for task in COURSEWORK.tasks
    for node in ast.parse(STAND_INS).body
    if isinstance(node, ast.FunctionDef) and node.name == task.function
]
FIRST_RUNGS = 0.5
"""The marks for an object of the right kind, whatever it does."""

SIZE_AND_TYPE = 2.25
"""Those of 1a-i for everything but the pixels: 1a-ii needs images of that form."""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, known: Path) -> Result:
    """The reference, but for the functions that there is a stand-in for."""
    folder = tmp_path_factory.mktemp("stand-ins")
    own = folder / "submissions" / "borrowed"
    own.mkdir(parents=True)
    borrowed = STAND_INS.replace("from __future__ import annotations\n", "")
    for name, text in module_texts(Recipe()).items():
        (own / name).write_text(f"{text}\n\n{borrowed}", encoding="utf-8")
    with knowing_reference(known, folder / "marks"):
        return grade_folder(COURSEWORK, own.parent, folder / "marks")["borrowed"]


@pytest.mark.parametrize("task_id", TASKS)
def test_stand_in_is_no_answer(task_id: str, handed_in: Result) -> None:
    """A stand-in that is handed in fails the task, and earns first rungs at most."""
    (found,) = (task for task in handed_in.tasks if task.id == task_id)
    assert found.status is Status.FAILED
    most = SIZE_AND_TYPE if task_id == "1a-i" else FIRST_RUNGS
    assert found.marks <= most, [c.id for c in found.checks if c.marks]


def test_tasks_that_use_them_are_not_failed(handed_in: Result) -> None:
    """Tasks that call these functions lose nothing."""
    states = {t.id: t.status for t in handed_in.tasks if t.id not in TASKS}
    assert set(states.values()) == {Status.PASSED}, states
