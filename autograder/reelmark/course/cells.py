"""Cells: how the report's notebook and the manifest find each other.

The rule, said here once: the notebook that students hand in has, for every
module of the coursework, one locked grade cell called ``marks-<module>``, whose
source is ``0.0`` and whose points are the marks of the module's tasks. All other
graded cells are marked by hand.
"""

from __future__ import annotations

from reelmark.manifest import Coursework

NOTEBOOK = "report.ipynb"
PREFIX = "marks-"
LOCKED_SOURCE = "0.0"
"""What nbgrader reads as no marks, should anything ever keep ours out."""


def mark_cell(module: str) -> str:
    """Return the name of the grade cell that holds the marks of ``module``.

    Examples:
        >>> mark_cell("cnn")
        'marks-cnn'
    """
    return f"{PREFIX}{module}"


def mark_cells(coursework: Coursework) -> dict[str, float]:
    """Return the grade cells of a coursework's code, and what each is worth."""
    return {
        mark_cell(module): sum(
            task.marks for task in coursework.tasks if task.module == module
        )
        for module in coursework.modules
    }
