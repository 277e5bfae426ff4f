"""Restoring: a student's notebook gets back every cell that was released.

Students can edit what a notebook says about its own cells (which are graded, locked,
and worth how much), and nbgrader believes parts of it: an odd schema version ends the
run for everybody, and a deleted cell beside a read-only one ends that student's. So
none of it is read; everything is restored from what was released.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from reelmark.course.folder import Course
from reelmark.course.mark_cells import mark_cells
from reelmark.errors import UsageError
from reelmark.handout.report import NAME

NOTEBOOKS_WITH_IDS = 5
MISSING = "(This cell was not in what was handed in; it was put back.)\n\n"


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Restores the metadata of released cells, and puts missing cells back."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore the notebook."""
        course = Course(self.config)
        marks = frozenset(mark_cells(course.coursework))
        nb.cells = restore_cells(nb.cells, read_released(course), marks)
        for index, cell in enumerate(nb.cells):
            cell.id = f"cell-{index}"  # copies have the id of their original
        nb.nbformat_minor = NOTEBOOKS_WITH_IDS
        nb.metadata = NotebookNode(language_info={"name": "python"})
        return nb, resources


def read_released(course: Course) -> dict[str, NotebookNode]:
    """Return the cells that nbgrader knows by name, in their released order.

    Raises:
        UsageError: Nothing was released yet.
    """
    path = course.place("release") / NAME
    if not path.is_file():
        raise UsageError(f"{path} is missing. Make it with: reelmark course release")
    notebook = nbformat.read(path, as_version=4)
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def restore_cells(
    cells: Sequence[NotebookNode],
    released: Mapping[str, NotebookNode],
    marks: frozenset[str],
) -> list[NotebookNode]:
    """Return the cells handed in, with every released one among them exactly once.

    If a cell was copied, the last one counts, as in nbgrader.

    Args:
        cells: What was handed in.
        released: What was released, by name and in order.
        marks: Names of the mark cells: what is claimed there does not count.
    """
    names = [_name(cell) for cell in cells]
    last = {name: i for i, name in enumerate(names) if name in released}
    restored = []
    for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
        cell.metadata.pop("nbgrader", None)
        is_kept = name in last and last[name] == index
        restored.append(_restore(cell, released[name]) if is_kept else cell)
    restored = _put_back(restored, released)
    return [_close(cell) if _name(cell) in marks else cell for cell in restored]


def _name(cell: NotebookNode) -> str:
    table = cell.metadata.get("nbgrader")
    name = table.get("grade_id") if isinstance(table, dict) else None
    return name if isinstance(name, str) else ""


def _restore(cell: NotebookNode, released: NotebookNode) -> NotebookNode:
    """Return a released cell with the text handed in, unless it is locked."""
    table = released.metadata.nbgrader
    restored = copy.deepcopy(released)
    if not table.locked or table.solution:
        restored.source = cell.source
    is_code = cell.cell_type == restored.cell_type == "code"
    if is_code and not (table.grade and table.locked):
        restored.outputs = cell.outputs
        restored.execution_count = cell.execution_count
    if "attachments" in cell and restored.cell_type == "markdown" and not table.locked:
        restored.attachments = cell.attachments
    return restored


def _put_back(
    cells: list[NotebookNode], released: Mapping[str, NotebookNode]
) -> list[NotebookNode]:
    """Put each missing cell after the one that it followed when released."""
    present = {name: cell for cell in cells if (name := _name(cell))}
    place = 0 if present else len(cells)
    for name, cell in released.items():
        if name in present:
            place = next(i for i, c in enumerate(cells) if c is present[name]) + 1
            continue
        missing = copy.deepcopy(cell)
        if missing.metadata.nbgrader.solution:
            missing.source = MISSING + missing.source
        cells.insert(place, missing)
        place += 1
    return cells


def _close(cell: NotebookNode) -> NotebookNode:
    """Give a mark cell the one output in which nbgrader itself finds no marks."""
    data = {"text/plain": "0.0"}
    cell.outputs = [new_output("execute_result", data, execution_count=None)]
    cell.execution_count = None
    return cell
