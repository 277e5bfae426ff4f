"""How much faster a class is autograded in nbgrader if its code is marked sealed.

    python benchmarks/course.py [--submissions 30] [--nbgrader 3]

A class of copies of the reference is autograded into nbgrader's gradebook in two
ways with the same checks, public and hidden:

* `reelmark course autograde`, as an instructor runs it, from nothing and again;
* `nbgrader autograde`, which executes a notebook with one cell per task, one
  submission at a time (and fewer of them, because it is slow).

The gradebooks show that each way gave full marks; the results and the executed
notebooks show that every check ran.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from copies import write_copies
from machine import count_cores, describe_machine
from reelmark.manifest import Coursework, find_coursework
from throughput import (
    LIBRARIES,
    Marked,
    Way,
    count_checks,
    make_nbgrader,
    measure,
    print_runs,
    read_marked,
)

COURSE = "films"
TARGET = 4.0


class SealedCourse:
    """A course folder of `reelmark course init`, with a class handed in.

    Args:
        coursework: The coursework that its code is marked with.
        root: The folder to make for the course.
    """

    def __init__(self, coursework: Coursework, root: Path) -> None:
        self._coursework = coursework
        self._root = root
        self._run("init", str(root), "--coursework", str(coursework.root))
        self._run("build", "--course", str(root))
        self._run("release", "--course", str(root))

    def submit(self, folders: Sequence[Path]) -> None:
        """Hand in the modules in each folder, next to the released notebook."""
        release = self._root / "release" / "coursework"
        for folder in folders:
            into = self._root / "submitted" / folder.name / "coursework"
            shutil.copytree(folder, into)
            for notebook in release.glob("*.ipynb"):
                shutil.copy(notebook, into)

    def autograde(self) -> list[Marked]:
        """Autograde the class; return what gradebook and results say of each."""
        self._run("autograde", "--course", str(self._root))
        marks = self._read_marks()
        results = self._root / ".reelmark" / "coursework" / "results"
        return [
            Marked(marks[path.stem], read_marked(path).passed)
            for path in sorted(results.glob("*.json"))
        ]

    def _read_marks(self) -> dict[str, float]:
        from nbgrader.api import Gradebook

        address = f"sqlite:///{self._root / 'gradebook.db'}"
        with Gradebook(address, COURSE) as gradebook:
            submissions = gradebook.assignment_submissions("coursework")
            return {each.student.id: each.code_score for each in submissions}

    def _run(self, *words: str) -> None:
        command = [sys.executable, "-m", "reelmark", "course", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Autograde a class in two ways and print how they compare."""
    options = read_options()
    coursework = find_coursework(options.coursework)
    print(describe_machine(LIBRARIES), flush=True)
    expected = Marked(coursework.max_marks, count_checks(coursework))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folders = write_copies(coursework, place / "class", options.submissions)
        sealed = SealedCourse(coursework, place / COURSE)
        sealed.submit(folders)
        slots = count_cores()
        ways = [
            Way("course autograde", folders, slots, sealed.autograde),
            Way("the same again", folders, slots, sealed.autograde),
            make_nbgrader(coursework, folders[: options.nbgrader], place),
        ]
        runs = [measure(way, expected) for way in ways]
    print_runs(runs)
    ratio = runs[0].per_minute / runs[-1].per_minute
    word = "reached" if ratio >= TARGET else "not reached"
    print(f"\nover nbgrader autograde  {ratio:.2f}  (aim: at least {TARGET:g}, {word})")


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=30)
    parser.add_argument("--nbgrader", type=int, default=3)
    parser.add_argument("--coursework", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
