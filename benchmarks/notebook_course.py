"""A course with a notebook: the same checks as an nbgrader assignment.

A course folder is made with one assignment, whose notebook has one locked autograder
cell per task. The cell runs the task's checks in the kernel, against the modules beside
the notebook. nbgrader gives a cell zero for any output on standard error, ends it after
30 seconds unless told otherwise, and needs `alembic` on PATH; all of this is dealt with
here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from reelmark.manifest import COURSEWORK_VARIABLE, Coursework, Task

ASSIGNMENT = "films"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
CELL_SECONDS = 600
BOUND_SECONDS = 3_600

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.CourseDirectory.root = {root!r}
c.Exchange.root = {exchange!r}
c.Execute.timeout = {seconds}
c.Autograde.exclude_overwriting = {{{assignment!r}: {files!r}}}
"""

# Output on standard error costs nothing here: the cell is not graded.
FIRST_CELL = "from in_process import assert_passes\nimport tensorflow, keras"


@dataclass(frozen=True)
class Marks:
    """What nbgrader found for one student: points, and checks that passed."""

    points: float
    passed: int


class NotebookCourse:
    """A course folder in which nbgrader marks a coursework.

    Args:
        coursework: The coursework whose checks the notebook runs.
        root: The folder to make for the course.
    """

    def __init__(self, coursework: Coursework, root: Path) -> None:
        self._coursework = coursework
        self._root = root

    def make(self) -> None:
        """Write the course and let nbgrader generate the assignment."""
        source = self._root / "source" / ASSIGNMENT
        source.mkdir(parents=True)
        for module in self._coursework.modules:
            shutil.copy(self._coursework.stubs / f"{module}.py", source)
        nbformat.write(make_notebook(self._coursework), source / NOTEBOOK)
        config = CONFIG.format(
            root=str(self._root),
            exchange=str(self._root / "exchange"),
            seconds=CELL_SECONDS,
            assignment=ASSIGNMENT,
            files=[f"{module}.py" for module in self._coursework.modules],
        )
        (self._root / "nbgrader_config.py").write_text(config, encoding="utf-8")
        self._run("generate_assignment", ASSIGNMENT)

    def submit(self, student: str, folder: Path) -> None:
        """Hand in the modules in ``folder``, next to the released notebook."""
        into = self._root / "submitted" / student / ASSIGNMENT
        shutil.copytree(folder, into)
        shutil.copy(self._root / "release" / ASSIGNMENT / NOTEBOOK, into)

    def autograde(self) -> None:
        """Mark everybody, again if need be, one at a time as nbgrader does."""
        self._run("autograde", ASSIGNMENT, "--force")

    def read_marks(self) -> dict[str, Marks]:
        """Return what gradebook and executed notebooks contain, by student."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self._root / 'gradebook.db'}", "benchmark") as book:
            return {
                each.student.id: Marks(
                    sum(g.auto_score or 0 for n in each.notebooks for g in n.grades),
                    self._count_passed(each.student.id),
                )
                for each in book.assignment_submissions(ASSIGNMENT)
            }

    def _count_passed(self, student: str) -> int:
        path = self._root / "autograded" / student / ASSIGNMENT / NOTEBOOK
        return count_passed(nbformat.read(path, as_version=4))

    def _run(self, *words: str) -> None:
        """Run an nbgrader command in the course's folder.

        Raises:
            RuntimeError: It failed; the message ends with what it printed.
        """
        ran = subprocess.run(
            [sys.executable, "-m", "nbgrader", *words],
            cwd=self._root,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=BOUND_SECONDS,
        )
        if ran.returncode:
            told = (ran.stdout + ran.stderr)[-2000:]
            raise RuntimeError(f"nbgrader {' '.join(words)} failed:\n{told}")

    def _environment(self) -> dict[str, str]:
        """Return an environment without the user's own settings."""
        settings = self._root / "settings"
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
        folders = {name: str(settings / name) for name in (*names, "IPYTHONDIR")}
        return {
            **os.environ,
            **folders,
            # nbgrader calls alembic, which lies next to this Python.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parent),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            COURSEWORK_VARIABLE: str(self._coursework.root),
        }


def make_notebook(coursework: Coursework) -> nbformat.NotebookNode:
    """Return the instructor's notebook: a cell with imports, then one per task."""
    cells = [new_code_cell(FIRST_CELL), *map(make_cell, coursework.tasks)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make_cell(task: Task) -> nbformat.NotebookNode:
    """Return the locked autograder cell of one task."""
    table = {
        "grade": True,
        "grade_id": f"task-{task.id}",
        "locked": True,
        "points": task.marks,
        "schema_version": 3,
        "solution": False,
        "task": False,
        "cell_type": "code",
    }
    source = f"assert_passes({task.id!r})"
    return new_code_cell(source, metadata={"nbgrader": table})


def count_passed(notebook: nbformat.NotebookNode) -> int:
    """Return how many checks passed according to an executed notebook's cells."""
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    return sum(map(int, re.findall(r"^(\d+) checks passed$", printed, re.MULTILINE)))
