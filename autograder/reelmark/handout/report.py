"""The report: a notebook that students hand in, cut from its solved version.

``solutions/report.ipynb`` holds a model answer between ``<!-- BEGIN SOLUTION -->``
and ``<!-- END SOLUTION -->``; ``assignment/report.ipynb`` is the rest.
Both carry nbgrader's metadata. A coursework may have no report.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.handout.regions import cut_regions
from reelmark.manifest import Coursework

NAME = "report.ipynb"
PLACEHOLDER = "*Write here.*"
"""What replaces a solution region in the student's version."""


def find_report(coursework: Coursework) -> Path:
    """Return the folder of somebody's report: where they are, else that of the stubs.

    nbgrader hands the notebook out in a folder of its own, beside the kit.
    """
    here = Path.cwd()
    return here if (here / NAME).is_file() else coursework.stubs


def marks_cell(module: str) -> str:
    """Return the ``grade_id`` of the cell that holds the marks of a module."""
    return f"marks-{module}"


def cut_report(source: str, name: str = NAME) -> str:
    """Cut the student's version from a solved notebook.

    Placeholders replace solution regions, and whatever a run left in the notebook is
    dropped; the ids and metadata of cells stay.

    Args:
        source: The notebook as JSON, format 4.
        name: Its name in messages.

    Raises:
        UsageError: It is not a notebook, or a marker is out of place.
    """
    try:
        notebook = json.loads(source)
        cells = [_cut_cell(cell, name) for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{name} is not a notebook of format 4: {error!r}.") from error
    return _dump({**notebook, "cells": cells})


def make_texts(coursework: Coursework) -> dict[Path, str]:
    """Return the student's version, by its path; empty if there is no report.

    Raises:
        UsageError: The solved version is not a notebook, or a marker is out of place.
    """
    solved = coursework.solutions / NAME
    if not solved.is_file():
        return {}
    source = read_text(solved)
    return {coursework.stubs / NAME: cut_report(source, str(solved))}


def _cut_cell(cell: dict[str, Any], name: str) -> dict[str, Any]:
    text, place = "".join(cell["source"]), f"{name}, cell {cell.get('id', '?')}, line"
    lines = [
        PLACEHOLDER if is_region else line
        for line, is_region in cut_regions(text, place)
    ]
    cut = {**cell, "source": "\n".join(lines).splitlines(keepends=True)}
    if cell["cell_type"] == "code":
        cut |= {"execution_count": None, "outputs": []}
    return cut


def _dump(notebook: dict[str, Any]) -> str:
    """Write JSON as Jupyter does, so opening and saving it changes nothing."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
