"""How many submissions per minute, and the processor time and memory for each.

    python benchmarks/throughput.py [--submissions 20] [--nbgrader 4] [--rounds 1]

A class of copies of the reference, each with a small edit, is marked in three ways
with the same checks, public and hidden:

* `reelmark grade`, as an instructor runs it;
* cold pytest: a new Python for each submission imports TensorFlow and runs the
  checks next to the student's code, as many at a time as there are cores;
* `nbgrader autograde`: a notebook with one cell per task, one submission at a time,
  because nbgrader has no other way (and fewer of them, because it is slow).

Each way's own results show that it gave full marks and ran every check.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from copies import write_copies
from machine import count_cores, describe_machine
from processes import Peaks, Watch
from reelmark.manifest import Coursework, find_coursework
from reelmark.results import Status, read_result

LIBRARIES = ("tensorflow", "keras", "pytest", "hypothesis", "nbgrader")
MEGABYTE = 2**20
IMPORTS = 3
IN_PROCESS = Path(__file__).with_name("in_process.py")
QUIET = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}

COLD_TARGET, NBGRADER_TARGET = 2.0, 4.0


@dataclass(frozen=True)
class Marked:
    """Marks of one submission, and how many checks it passed."""

    marks: float
    passed: int


@dataclass(frozen=True)
class Run:
    """What one way of marking took for a number of submissions."""

    name: str
    submissions: int
    slots: int
    seconds: float
    cpu_seconds: float
    peaks: Peaks
    left: int

    @property
    def per_minute(self) -> float:
        """Submissions per minute, including the command's start and end."""
        return 60 * self.submissions / self.seconds

    @property
    def cpu_each(self) -> float:
        """Processor seconds per submission, including its share of the start."""
        return self.cpu_seconds / self.submissions

    def __add__(self, other: Run) -> Run:
        """Return two rounds of one way combined."""
        return replace(
            self,
            submissions=self.submissions + other.submissions,
            seconds=self.seconds + other.seconds,
            cpu_seconds=self.cpu_seconds + other.cpu_seconds,
            peaks=self.peaks.join(other.peaks),
            left=self.left + other.left,
        )


@dataclass(frozen=True)
class Way:
    """A way of marking: its folders, how many at a time, and what marks them."""

    name: str
    folders: Sequence[Path]
    slots: int
    mark: Callable[[], list[Marked]]


def main() -> None:
    """Mark a class in three ways and print how they compare."""
    options = read_options()
    coursework = find_coursework(options.coursework)
    print(describe_machine(LIBRARIES), flush=True)
    with tempfile.TemporaryDirectory() as name:
        ways = make_ways(options, coursework, Path(name))
        expected = Marked(coursework.max_marks, count_checks(coursework))
        runs = measure_in_turns(ways, options.rounds, expected)
    importing = measure_import()
    print_runs(runs)
    print_ratios(runs, importing)
    print_memory(runs[0])


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--nbgrader", type=int, default=4, help="0 leaves it out")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=count_cores())
    parser.add_argument("--coursework", type=Path)
    return parser.parse_args()


def make_ways(
    options: argparse.Namespace, coursework: Coursework, place: Path
) -> list[Way]:
    """Write the class, and return the ways to mark it, `reelmark grade` first."""
    workers = options.workers
    folders = write_copies(coursework, place / "class", options.submissions)
    ways = [
        Way(
            name="reelmark grade",
            folders=folders,
            slots=workers,
            mark=lambda: grade(coursework, folders, place, workers),
        ),
        Way(
            name="cold pytest",
            folders=folders,
            slots=workers,
            mark=lambda: mark_cold(coursework, folders, workers),
        ),
    ]
    if options.nbgrader:
        ways.append(make_nbgrader(coursework, folders[: options.nbgrader], place))
    return ways


def measure_in_turns(ways: Sequence[Way], rounds: int, expected: Marked) -> list[Run]:
    """Mark in every way in each round, so that a busy time is unfair to none."""
    runs: dict[str, Run] = {}
    for number in range(rounds):
        for way in ways:
            told = f"round {number + 1} of {rounds}: {way.name} ..."
            print(told, file=sys.stderr, flush=True)
            run = measure(way, expected)
            runs[way.name] = runs[way.name] + run if number else run
    return list(runs.values())


def measure(way: Way, expected: Marked) -> Run:
    """Mark in one way, and check that everybody got full marks.

    Raises:
        SystemExit: Somebody did not, or not every check ran.
    """
    with Watch() as watch:
        findings = way.mark()
    wrong = [finding for finding in findings if finding != expected]
    if wrong or len(findings) != len(way.folders):
        sys.exit(f"{way.name}: {expected} expected for each, got {wrong or findings}")
    return Run(
        name=way.name,
        submissions=len(way.folders),
        slots=way.slots,
        seconds=watch.seconds,
        cpu_seconds=watch.cpu_seconds,
        peaks=watch.peaks,
        left=len(watch.left),
    )


def count_checks(coursework: Coursework) -> int:
    """Return the number of checks in the suites, by marking the reference once.

    This also warms the disk cache, equally for every way.
    """
    found = mark_cold(coursework, [coursework.solutions], 1)[0]
    if found.marks != coursework.max_marks:
        sys.exit(f"the reference itself earns {found.marks}")
    return found.passed


def grade(
    coursework: Coursework, folders: Sequence[Path], place: Path, workers: int
) -> list[Marked]:
    """Mark with `reelmark grade` into a new folder; return what the results say."""
    out = Path(tempfile.mkdtemp(dir=place))
    command = [sys.executable, "-m", "reelmark", "grade", str(folders[0].parent)]
    command += ["--out", str(out), "--workers", str(workers)]
    command += ["--coursework", str(coursework.root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return [read_marked(path) for path in sorted((out / "results").glob("*.json"))]


def read_marked(path: Path) -> Marked:
    """Return marks and passed checks of a result."""
    result = read_result(path)
    checks = [check for task in result.tasks for check in task.checks]
    return Marked(result.total, sum(c.status is Status.PASSED for c in checks))


def mark_cold(
    coursework: Coursework, folders: Sequence[Path], workers: int
) -> list[Marked]:
    """Mark each folder in a new process, ``workers`` of them at a time."""

    def mark_one(folder: Path) -> Marked:
        ran = subprocess.run(
            [sys.executable, IN_PROCESS, coursework.root, folder],
            capture_output=True,
            text=True,
            check=True,
            env=QUIET,
        )
        found = json.loads(ran.stdout.splitlines()[-1])
        return Marked(found["marks"], found["passed"])

    with ThreadPoolExecutor(workers) as slots:
        return list(slots.map(mark_one, folders))


def make_nbgrader(coursework: Coursework, folders: Sequence[Path], place: Path) -> Way:
    """Make an nbgrader course with some of the class; this time is not counted."""
    from notebook_course import NotebookCourse

    course = NotebookCourse(coursework, place / "course")
    course.make()
    for folder in folders:
        course.submit(folder.name, folder)

    def autograde() -> list[Marked]:
        course.autograde()
        marks = course.read_marks().values()
        return [Marked(each.points, each.passed) for each in marks]

    return Way("nbgrader autograde", folders, 1, autograde)


def measure_import() -> float:
    """Return the processor seconds of a Python that only imports TensorFlow."""
    seconds = []
    for _ in range(IMPORTS):
        with Watch() as watch:
            command = [sys.executable, "-c", "import tensorflow"]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        seconds.append(watch.cpu_seconds)
    return statistics.median(seconds)


def print_runs(runs: Sequence[Run]) -> None:
    """Print a line for each way."""
    heading = f"{'submissions':>13}{'at a time':>11}{'seconds':>9}{'a minute':>10}"
    print(f"\n{'':<20}{heading}{'CPU s each':>12}{'private MB a slot':>19}")
    for run in runs:
        memory = run.peaks.total / run.slots / MEGABYTE
        print(
            f"{run.name:<20}{run.submissions:>13}{run.slots:>11}{run.seconds:>9.1f}"
            f"{run.per_minute:>10.2f}{run.cpu_each:>12.2f}{memory:>19.0f}"
        )
        if run.left:
            print(f"  {run.left} processes did not end")


def print_ratios(runs: Sequence[Run], importing: float) -> None:
    """Print how the kit compares with the other ways, and with an import."""
    graded, cold, *nbgrader = runs
    print("\nsubmissions a minute of reelmark grade")
    print_ratio("over cold pytest", graded, cold, COLD_TARGET)
    for run in nbgrader:
        print_ratio("over nbgrader autograde", graded, run, NBGRADER_TARGET)
    print("processor time")
    print(f"  import tensorflow           {importing:.2f} s")
    print(f"  a submission over that      {graded.cpu_each / importing:.2f}")
    for run in (cold, *nbgrader):
        ratio = run.cpu_each / graded.cpu_each
        print(f"  {run.name:<19} over it  {ratio:.2f}")


def print_ratio(label: str, run: Run, other: Run, target: float) -> None:
    """Print one ratio and whether it reaches its aim."""
    ratio = run.per_minute / other.per_minute
    word = "reached" if ratio >= target else "not reached"
    print(f"  {label:<28}{ratio:.2f}  (aim: at least {target:g}, {word})")


def print_memory(run: Run) -> None:
    """Print where the private memory of a run is."""
    forked = run.peaks.forked / run.slots / MEGABYTE
    print(f"peak private memory of {run.name}, in MB")
    print(f"  forked for submissions, a slot {forked:>7.0f}")
    for label, size in sorted(run.peaks.by_label.items()):
        print(f"  most of one: {label:<40} {size / MEGABYTE:>7.0f}")
    if not run.peaks.is_complete:
        print("  without processes that this user may not look at")


if __name__ == "__main__":
    main()
