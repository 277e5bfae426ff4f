"""Notebooks: students' notebooks, opened so that nothing in one can stop the class."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from reelmark.intake.archives import open_regular

MAX_SIZE = 50 * 2**20
NOT_OPENED = (
    "**This notebook could not be opened: {reason}.** It is shown empty here; the file "
    "is kept as it was handed in. Marks for code do not depend on it."
)


class ReportExporter(NotebookExporter):  # type: ignore[misc]
    """Nbgrader's exporter, made safe against notebooks that break it.

    One that is too large, a link, not JSON or not a notebook is replaced by an empty
    one with a sentence in it: `restore` then puts the released cells back.
    """

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        """Convert the notebook, or what stands in for it."""
        resources = resources if resources is not None else ResourcesDict()
        resources.setdefault("metadata", ResourcesDict())
        resources["metadata"] |= {"name": Path(filename).stem, "path": str(Path.cwd())}
        converted: tuple[str, Any] = self.from_notebook_node(
            open_notebook(Path(filename)), resources, **kw
        )
        return converted


def open_notebook(path: Path) -> NotebookNode:
    """Return a student's notebook, or an empty one that says why it is empty."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ids of cells are replaced later
            notebook = nbformat.reads(_read(path), as_version=4)
            nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # whatever a file may do to a parser
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        return empty_notebook(reason.replace("*", "").replace("<", "&lt;"))
    return notebook


def empty_notebook(reason: str) -> NotebookNode:
    """Return what stands in for a notebook that cannot be opened."""
    return new_notebook(cells=[new_markdown_cell(NOT_OPENED.format(reason=reason))])


def _read(path: Path) -> str:
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_SIZE:
            raise ValueError(
                f"it has {size / 2**20:.0f} MB, and {MAX_SIZE // 2**20} are the most"
            )
        chunks = iter(lambda: file.read(2**20), b"")
        return b"".join(chunks).decode("utf-8")
