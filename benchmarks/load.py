"""Load: whether marks stay the same on a busy machine, and what modules that hang cost.

    python benchmarks/load.py same [--times 100]
    python benchmarks/load.py hanging [--submissions 30] [--hanging 5]

``same`` marks a class of two, one right and one with mistakes, so many times in one
run, while as many processes as there are cores compute without a pause, and counts the
different marks. ``hanging`` marks a class in which some modules never end their import,
and the same class without them, and gives the ratio of the two times.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copies import write_copy
from machine import count_cores, describe_machine
from reelmark.manifest import Coursework, find_coursework
from reelmark.results import Result, find_results, read_result
from reelmark.verification import cases

MISTAKES = ("1a-ii", "2b-iii", "4b", "4c-i")
"""The tasks of the submission with mistakes, one in each module that has some."""
HANGS = "\nimport time\ntime.sleep(100_000)\n"
MODULE = "callbacks"
"""The module that hangs."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("same", "hanging"))
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--submissions", type=int, default=30)
    parser.add_argument("--hanging", type=int, default=5)
    options = parser.parse_args()
    coursework = find_coursework()
    print(describe_machine(("tensorflow", "keras", "pytest")))
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "same":
            mark_under_load(coursework, Path(folder), options.times)
        else:
            compare_hanging(
                coursework, Path(folder), options.submissions, options.hanging
            )


def mark_under_load(coursework: Coursework, root: Path, times: int) -> None:
    """Mark the class of two so many times under load, and print the marks."""
    wrong = write_mistaken(coursework, root / "mistaken")
    for number in range(times):
        write_copy(coursework, root / "class" / f"right-{number:03}", number)
        shutil.copytree(wrong, root / "class" / f"wrong-{number:03}")
    with busy(count_cores()):
        seconds = grade(coursework, root / "class", root / "marks")
    print(f"{times} markings of 2 submissions in {seconds:.0f} s")
    for kind in ("right", "wrong"):
        results = list(read_results(root / "marks", kind))
        found = Counter(map(describe_marks, results))
        verdict = "yes" if len(found) == 1 and len(results) == times else "NO"
        print(f"{verdict}: {kind}: {len(found)} kinds of marks in {len(results)}")
        for marks, count in found.most_common():
            print(f"  {count:>4} times {marks}")


def compare_hanging(
    coursework: Coursework, root: Path, count: int, hanging: int
) -> None:
    """Mark a class without and with modules that hang, and print the ratio."""
    for number in range(count):
        overlay = HANGS if number < hanging else ""
        name = f"student-{number:03}"
        write_copy(coursework, root / "all well" / name, number)
        write_copy(coursework, root / "hanging" / name, number, overlay, MODULE)
    well = grade(coursework, root / "all well", root / "marks well")
    slow = grade(coursework, root / "hanging", root / "marks hanging")
    print(f"{count} submissions: {well:.0f} s; {hanging} of them hang: {slow:.0f} s")
    print(
        f"ratio {slow / well:.2f}; {(slow - well) / hanging:.1f} s for each that hangs"
    )
    for result in read_results(root / "marks hanging", "student"):
        states = Counter(str(c.status) for t in result.tasks for c in t.checks)
        print(f"  {result.student} {result.total:g} {dict(states)}")


def write_mistaken(coursework: Coursework, folder: Path) -> Path:
    """Write a submission that has a mistake in some tasks; return its folder."""
    write_copy(coursework, folder, 0)
    for task in MISTAKES:
        mistakes = cases.read_mistakes(coursework)
        mistake = next(each for each in mistakes if each.task == task)
        path = folder / f"{mistake.module}.py"
        text = path.read_text("utf-8") + "\n" + mistake.path.read_text("utf-8")
        path.write_text(text, "utf-8")
    return folder


@contextmanager
def busy(number: int) -> Iterator[None]:
    """Keep so many processes computing meanwhile."""
    context = multiprocessing.get_context("spawn")
    burners = [context.Process(target=compute, daemon=True) for _ in range(number)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.terminate()
            burner.join()


def compute() -> None:
    """Compute for ever."""
    while True:
        sum(range(10_000))


def grade(coursework: Coursework, submissions: Path, out: Path) -> float:
    """Grade a class; return the seconds that it took."""
    begun = time.monotonic()
    options = ["--out", str(out), "--coursework", str(coursework.root)]
    subprocess.run(
        [sys.executable, "-m", "reelmark", "grade", str(submissions), *options],
        check=False,  # somebody needs a look, or missed something
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - begun


def read_results(out: Path, kind: str) -> Iterator[Result]:
    """Yield the results of the students whose names begin so."""
    for path in find_results(out):
        if path.stem.startswith(kind):
            yield read_result(path)


def describe_marks(result: Result) -> str:
    """Return the marks, and every check that did not pass, with its state."""
    missed = [
        f"{check.id.rpartition('::')[2]} {check.status}"
        for task in result.tasks
        for check in task.checks
        if check.marks < check.max
    ]
    return f"{result.total:g} of {result.max:g}; {', '.join(missed) or 'all passed'}"


if __name__ == "__main__":
    main()
