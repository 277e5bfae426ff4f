"""The source: what nbgrader releases, filled with what students may see."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from reelmark.course.folder import Course
from reelmark.course.mark_cells import LOCKED_SOURCE, mark_cells
from reelmark.errors import UsageError
from reelmark.files import read_text, write_whole
from reelmark.handout.report import NAME
from reelmark.handout.stubs import cut_stub
from reelmark.manifest import Coursework


def build_source(course: Course) -> list[Path]:
    """Fill ``source/<assignment>/``: stubs, given files, notebook.

    nbgrader copies every file in it to students, so nothing else may get there:
    no solution, and no hidden check. Returns what was written.

    Raises:
        UsageError: A file holds a solution; or the notebook is missing, or its
            mark cells are not what the manifest asks for.
    """
    stubs = course.coursework.stubs
    notebook = stubs / NAME
    if not notebook.is_file():
        raise UsageError(
            f"{notebook} is missing. It is the notebook that students hand in, with a "
            "mark cell for every module."
        )
    _check_notebook(notebook, course.coursework)
    modules = [f"{module}.py" for module in course.coursework.modules]
    files = [stubs / name for name in (*modules, *course.coursework.given, NAME)]
    for file in files:
        _check_no_solution(file)
    folder = course.place("source")
    folder.mkdir(parents=True, exist_ok=True)
    stale = [file for file in files if _differs(file, folder / file.name)]
    for file in stale:
        write_whole(folder / file.name, file.read_bytes())
    return [folder / file.name for file in stale]


def _differs(file: Path, copy: Path) -> bool:
    return not copy.is_file() or copy.read_bytes() != file.read_bytes()


def _check_no_solution(file: Path) -> None:
    if not file.is_file():
        raise UsageError(f"{file} is missing, and cannot be handed out.")
    if file.suffix != ".py":
        return
    text = read_text(file)
    if cut_stub(text, str(file)) != text:
        raise UsageError(
            f"{file} holds a solution, and would be handed out. Cut the stubs with: "
            "reelmark stubs"
        )


def _check_notebook(path: Path, coursework: Coursework) -> None:
    """Refuse a notebook whose mark cells would not hold the code's marks."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    found = {
        cell.metadata.nbgrader.get("grade_id"): cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    wrong = [
        f"{name} ({points:g} marks)"
        for name, points in mark_cells(coursework).items()
        if not _is_mark_cell(found.get(name), points)
    ]
    if wrong:
        raise UsageError(
            f"{path} lacks mark cells: {', '.join(wrong)}. Each is a locked code cell, "
            f"graded, worth the marks of its module, with the source {LOCKED_SOURCE}."
        )


def _is_mark_cell(cell: NotebookNode | None, points: float) -> bool:
    if cell is None or cell.cell_type != "code":
        return False
    table = cell.metadata.nbgrader
    code = [line for line in cell.source.splitlines() if not line.startswith("#")]
    return (
        "\n".join(code).strip() == LOCKED_SOURCE
        and bool(table.grade and table.locked and not table.solution)
        and float(table.points) == points
    )
