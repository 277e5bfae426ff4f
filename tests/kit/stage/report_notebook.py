"""A report's notebook in miniature, for courses that have none of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from reelmark.course.mark_cells import LOCKED_SOURCE, mark_cells
from reelmark.handout.report import NAME
from reelmark.manifest import Coursework

BRIEF = "# The brief\n\nHow to begin: [the kit's page](../README.md).\n"
BY_HAND = {"report-comparison": 25.0, "report-figure": 15.0}
"""The cells that a person marks, and what each is worth."""


def write_report(coursework: Coursework) -> Path:
    """Write the notebook that students of a coursework hand in, and the brief."""
    (coursework.stubs / "README.md").write_text(BRIEF, encoding="utf-8")
    cells = [
        new_markdown_cell("# Report"),
        _cell("given", "import math", locked=True),
        *(
            _cell(name, LOCKED_SOURCE, points=points, locked=True)
            for name, points in mark_cells(coursework).items()
        ),
        _cell("task", "Compare both models.", kind="markdown", locked=True),
        _cell("report-comparison", "*Your answer*", kind="markdown", points=25.0),
        _cell("report-figure", "# your figure", points=15.0),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    path = coursework.stubs / NAME
    nbformat.write(notebook, path)
    return path


def _cell(
    name: str,
    source: str,
    *,
    kind: str = "code",
    points: float = 0.0,
    locked: bool = False,
) -> NotebookNode:
    table: dict[str, Any] = {
        "grade": bool(points),
        "grade_id": name,
        "locked": locked,
        "schema_version": 3,
        "solution": bool(points) and not locked,
        "task": False,
    }
    table |= {"points": points} if points else {}
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, metadata={"nbgrader": table})
