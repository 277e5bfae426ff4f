"""The source: what nbgrader releases, filled with what students may see."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from reelmark.course.folder import Course
from reelmark.course.mark_cells import LOCKED_SOURCE, mark_cells
from reelmark.errors import UsageError
from reelmark.files import read_text, write_whole
from reelmark.handout.brief import BRIEF
from reelmark.handout.bundle import make_files, prove
from reelmark.handout.report import NAME
from reelmark.handout.stubs import cut_stub
from reelmark.manifest import KIT, Coursework


def build_source(course: Course) -> list[Path]:
    """Fill ``source/<assignment>/``: stubs, given files, notebook, brief, and the kit.

    nbgrader copies every file in it to students, so nothing else may get there:
    no solution, and no hidden check. Returns what was written.

    Raises:
        UsageError: A file holds a solution, or anything that is hidden; or the notebook
            is missing, or its mark cells are not what the manifest asks for.
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
    contents = {file.name: file.read_bytes() for file in files}
    folder = course.place("source")
    return _write(folder, {**contents, **_make_kit(course.coursework)})


def _make_kit(coursework: Coursework) -> dict[str, bytes]:
    """Return the brief, and the bundle that checks work, by their names in the source.

    What is for a folder of one's own (workflows, settings of editors, a notebook to
    start with) is left out.
    """
    bundle = {
        name: data
        for name, data in make_files(coursework).items()
        if not name.startswith(".") and not name.endswith(".ipynb")
    }
    with tempfile.TemporaryDirectory(prefix="reelmark-") as staging:
        _write(Path(staging), bundle)
        prove(coursework, Path(staging))
    brief = bundle[f"{coursework.stubs.name}/{BRIEF}"].decode("utf-8")
    brief = brief.replace(f"](../{BRIEF})", f"]({KIT}/{BRIEF})")
    return {
        BRIEF: brief.encode("utf-8"),
        **{f"{KIT}/{name}": data for name, data in bundle.items()},
    }


def _write(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files where they are not there already; remove what a kit no longer has.

    Returns:
        What was written.
    """
    for path in list((folder / KIT).rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in contents:
            path.unlink()
    stale = [name for name, data in contents.items() if _differs(folder / name, data)]
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, contents[name])
    return [folder / name for name in stale]


def _differs(path: Path, data: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != data


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
