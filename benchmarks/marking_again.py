"""What marking again costs after a change, and whether it equals marking everything.

    python benchmarks/marking_again.py [--submissions 60] [--tasks 1a-i 3a-ii ...]

A class of correct work and of mistakes is marked; then, in a copy of the coursework, a
public check of one task after another is edited, and the class is marked again with the
same command. Processor time is that of the command and all its children. In the end a
hidden check, a stand-in, an ingredient and a film are changed, too, one after another,
and the contents of the folder are compared with those of a run that keeps nothing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from copies import write_copy
from machine import describe_machine
from reelmark.manifest import Coursework, find_coursework, load_coursework
from reelmark.results import find_results, read_result, without_seconds
from reelmark.verification import cases

PARTS = ("assignment", "fixtures", "solutions", "tests/public", "tests/hidden")
TARGET = 0.15

CHANGES = {
    "a hidden check": ("tests/hidden/test_callbacks.py", '    """', '    """Indeed: '),
    "a stand-in": (
        "tests/support/worker/stand_ins.py",
        "0.005 * (epoch",
        "0.006 * (epoch",
    ),
    "an ingredient": (
        "tests/support/worker/ingredients.py",
        "film % 2",
        "film % 2 + 0",
    ),
    "a film of the fixtures": (
        "fixtures/public/Multimodal_IMDB_dataset/IMDB_overview_genres.csv",
        " the ",
        " a ",
    ),
}
"""What is changed once at the end: the file, the old text, the new text."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--tasks", nargs="*", default=[])
    options = parser.parse_args()
    coursework = find_coursework()
    print(describe_machine(("tensorflow", "keras", "pytest")))
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(coursework, Path(folder), options.submissions)
        stage.measure(options.tasks or [task.id for task in coursework.tasks])
        stage.compare()


class Stage:
    """A copy of a coursework, and a class.

    Args:
        coursework: The coursework to copy.
        root: A folder for everything.
        count: The number of submissions.
    """

    def __init__(self, coursework: Coursework, root: Path, count: int) -> None:
        self._root = root
        self._copy = root / "coursework"
        for part in (*PARTS, "tests/support"):
            shutil.copytree(coursework.root / part, self._copy / part)
        shutil.copy(coursework.root / "pyproject.toml", self._copy)
        self._class = root / "class"
        mistakes = cases.read_mistakes(coursework)
        for number in range(count):
            folder = self._class / f"student-{number:03}"
            write_copy(coursework, folder, number)
            if number % 2:
                mistake = mistakes[number * len(mistakes) // count]
                text = cases.write_mistake(mistake, coursework)
                (folder / f"{mistake.module}.py").write_text(text, "utf-8")

    def measure(self, tasks: Sequence[str]) -> None:
        """Mark everything; edit a check of one task after another; mark again."""
        whole = self._grade("marks")
        print(f"all anew: {whole:.0f} s of processor time")
        ratios = []
        for task in tasks:
            path = self._mend(task)
            ratio = self._grade("marks") / whole
            ratios.append(ratio)
            print(f"{task:<8} a public check mended in {path.name}: {ratio:.1%}")
        median = statistics.median(ratios)
        verdict = "yes" if median <= TARGET else "NO"
        print(f"{verdict}: the median task takes {median:.1%} (at most {TARGET:.0%})")

    def compare(self) -> None:
        """Make further changes; compare the folder with what a new run finds."""
        whole = self._grade("before")
        for what, (name, old, new) in CHANGES.items():
            path = self._copy / name
            text = path.read_text("utf-8")
            assert old in text, f"{name} has no {old!r}"
            path.write_text(text.replace(old, new, 1), "utf-8")
            print(f"{what} changed: {self._grade('marks') / whole:.1%}")
        self._grade("anew")
        kept, anew = (self._read(name) for name in ("marks", "anew"))
        same = sum(kept[name] == anew[name] for name in anew)
        verdict = "yes" if same == len(anew) == len(kept) else "NO"
        print(f"{verdict}: {same} of {len(anew)} results are those of a full run")

    def _mend(self, task: str) -> Path:
        marker = f'@pytest.mark.check("{task}"'
        suites = load_coursework(self._copy).public_suite.glob("test_*.py")
        path = next(each for each in sorted(suites) if marker in each.read_text())
        head, _, tail = path.read_text("utf-8").partition(marker)
        tail = tail.replace('    """', '    """Indeed: ', 1)
        path.write_text(f"{head}{marker}{tail}", "utf-8")
        return path

    def _grade(self, out: str) -> float:
        """Mark the class; return the processor time, in seconds."""
        before = _spent()
        options = ["--out", str(self._root / out), "--coursework", str(self._copy)]
        subprocess.run(
            [sys.executable, "-m", "reelmark", "grade", str(self._class), *options],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return _spent() - before

    def _read(self, out: str) -> dict[str, object]:
        paths = find_results(self._root / out)
        return {path.stem: without_seconds(read_result(path)) for path in paths}


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
