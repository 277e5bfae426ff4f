"""Mark cells: the report's cells that hold the marks of code.

The notebook that students hand in has one for every module of the coursework: a
locked grade cell (named by `reelmark.handout.report.marks_cell`) with the source
``0.0``, worth the marks of the module's tasks. All other graded cells are marked
by hand.
"""

from __future__ import annotations

from reelmark.handout.report import marks_cell
from reelmark.manifest import Coursework

LOCKED_SOURCE = "0.0"
"""Nbgrader reads this as no marks, in case anything ever keeps ours out."""


def mark_cells(coursework: Coursework) -> dict[str, float]:
    """Return the mark cells of a coursework, and what each is worth."""
    return {
        marks_cell(module): sum(task.marks for task in coursework.tasks_of(module))
        for module in coursework.modules
    }
