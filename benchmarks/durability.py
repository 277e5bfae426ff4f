"""Whether a class's results are complete and the same, whatever happens on the way.

    python benchmarks/durability.py [--submissions 200] [--kills 3]
                                    [--repeat 20] [--repeat-size 20]

* A class of copies of the reference, including hostile submissions, is marked in
  one run: everybody gets a result, the copies get full marks, and nothing is left.
* The same class is marked in another folder, where the command is killed with
  SIGKILL at moments chosen by a seed, and repeated each time: the results are the
  same, byte for byte, apart from the seconds that checks took.
* A smaller class is marked again and again, each time in a new folder: marks and
  states are the same.

It prints what it saw, line by line, and ends with 1 if anything is different.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copies import write_copies
from hostile import HARMS, write_hostile
from machine import count_cores, describe_machine
from processes import adopt_orphans, bury_orphans
from reelmark.grading.changes import FOLDER as RECORDED
from reelmark.grading.folder import PARTS
from reelmark.grading.instructor import FOLDER as INSTRUCTOR
from reelmark.grading.reference import FILE as REFERENCE
from reelmark.intake.submissions import MARKS, ROSTER
from reelmark.manifest import Coursework, find_coursework
from reelmark.results import Result, Status, read_result

LIBRARIES = ("tensorflow", "keras", "pytest", "hypothesis")
# `reelmark` writes this on a line of its own, which no text of a message can be.
_SECONDS = re.compile(rb'^ +"seconds": [0-9.e+-]+,?$', re.MULTILINE)


@dataclass
class Journal:
    """What was seen: printed, and counted if it is not as promised."""

    problems: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Print one thing."""
        print(line, flush=True)

    def require(self, is_so: bool, line: str) -> None:
        """Print one promise, and whether it was kept."""
        self.say(f"{'yes' if is_so else 'NO '}  {line}")
        if not is_so:
            self.problems.append(line)


class ClassFolder:
    """A class that the command `reelmark grade` marks, and the outcome.

    Args:
        options: The command line of the benchmark.
        submissions: The folder of the class.
        out: The folder of the results.
    """

    def __init__(
        self, options: argparse.Namespace, submissions: Path, out: Path
    ) -> None:
        self._options = options
        self._submissions = submissions
        self.out = out
        self._temporary = out.with_name(f"{out.name}-tmp")
        self._temporary.mkdir()

    def start(self) -> subprocess.Popen[bytes]:
        """Start `reelmark grade`; the same command continues an interrupted run."""
        command = [sys.executable, "-m", "reelmark", "grade", str(self._submissions)]
        command += ["--out", str(self.out), "--workers", str(self._options.workers)]
        if self._options.coursework:
            command += ["--coursework", str(self._options.coursework)]
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": str(self._temporary)},
        )

    def grade(self) -> int:
        """Run the command to its end; return its exit code."""
        return self.start().wait()

    def result_paths(self) -> list[Path]:
        """Return the existing files of results."""
        return sorted((self.out / "results").glob("*.json"))

    def results(self) -> dict[str, Result]:
        """Read all results, by student."""
        return {path.stem: read_result(path) for path in self.result_paths()}

    def texts(self) -> dict[str, bytes]:
        """Return results and grades as they were written, except for seconds."""
        paths = [*self.result_paths(), self.out / "grades.csv"]
        return {path.name: without_seconds(path.read_bytes()) for path in paths}

    def leftovers(self) -> list[str]:
        """Return the names in ``out`` that a finished run should not leave there."""
        wanted = {*PARTS, INSTRUCTOR, RECORDED, ROSTER, MARKS, REFERENCE}
        wanted |= {"grades.csv", "index.html"}
        found = [path for path in self.out.iterdir() if path.name not in wanted]
        for name, suffix in (("results", ".json"), ("feedback", ".html")):
            inside = (self.out / name).iterdir()
            found += [path for path in inside if path.suffix != suffix]
        return sorted(path.name for path in found)

    def temporary_files(self) -> list[str]:
        """Return what is left in its folder for temporary files."""
        return sorted(path.name for path in self._temporary.iterdir())


def main() -> None:
    """Do all three; end with 1 if a promise was not kept."""
    options = read_options()
    coursework = find_coursework(options.coursework)
    adopt_orphans()
    journal = Journal()
    journal.say(describe_machine(LIBRARIES))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        if options.submissions:
            check_class(options, coursework, place, journal)
        if options.repeat:
            check_repeats(options, coursework, place, journal)
    journal.say(f"\n{len(journal.problems)} promises were not kept")
    for problem in journal.problems:
        journal.say(f"    {problem}")
    raise SystemExit(bool(journal.problems))


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=200, help="0 leaves it out")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument(
        "--kill-within",
        type=float,
        default=3.0,
        metavar="SECONDS",
        help="of the result that a kill waits for",
    )
    parser.add_argument("--repeat", type=int, default=20, help="0 leaves it out")
    parser.add_argument("--repeat-size", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="decides when to kill")
    parser.add_argument("--workers", type=int, default=count_cores())
    parser.add_argument("--coursework", type=Path)
    return parser.parse_args()


def write_class(coursework: Coursework, into: Path, size: int) -> None:
    """Write a class of copies, up to ten of them (but at most half) hostile."""
    hostile = write_hostile(coursework, into, min(len(HARMS), size // 2))
    write_copies(coursework, into, size - len(hostile))


def check_class(
    options: argparse.Namespace, coursework: Coursework, place: Path, journal: Journal
) -> None:
    """Mark a class undisturbed, then with kills, and compare."""
    size = options.submissions
    write_class(coursework, place / "class", size)
    calm = ClassFolder(options, place / "class", place / "calm")
    journal.say(f"\n{size} submissions in one run")
    seconds = time_of(lambda: journal.require(calm.grade() == 0, "it ended with 0"))
    journal.say(f"     it took {seconds:.0f} s")
    check_end(calm, size, journal)
    check_marks(calm, journal)

    journal.say(f"\nthe same, killed {options.kills} times and continued")
    killed = ClassFolder(options, place / "class", place / "killed")
    complete = kill_on_the_way(options, killed, journal)
    journal.require(killed.grade() == 0, "the last run ended with 0")
    check_end(killed, size, journal)
    times = {path: path.stat().st_mtime_ns for path in complete}
    journal.require(times == complete, "no result that was complete was made again")
    different = differing(calm.texts(), killed.texts())
    journal.require(not different, f"the results are the same bytes {tell(different)}")


def kill_on_the_way(
    options: argparse.Namespace, graded: ClassFolder, journal: Journal
) -> dict[Path, int]:
    """Kill the command as often as asked for.

    Returns:
        The results that existed at the last kill, and when each was written.
    """
    drawn = random.Random(options.seed)
    complete: dict[Path, int] = {}
    for count in draw_kills(drawn, options.submissions, options.kills):
        run = graded.start()
        wait_for(graded, count, run)
        time.sleep(drawn.uniform(0, options.kill_within))
        was_running = run.poll() is None
        run.kill()
        run.wait()
        seconds = time_of(bury_orphans)
        paths = graded.result_paths()
        journal.require(was_running, f"killed while it ran, with {len(paths)} results")
        check_processes(journal)
        journal.say(f"     what it had started ended within {seconds:.1f} s")
        check_whole(paths, journal)
        changed = [p for p, then in complete.items() if p.stat().st_mtime_ns != then]
        journal.require(not changed, f"no earlier result was touched {tell(changed)}")
        complete = {path: path.stat().st_mtime_ns for path in paths}
    return complete


def draw_kills(drawn: random.Random, submissions: int, kills: int) -> list[int]:
    """Draw after how many results each kill comes: after some, but never nearly all."""
    last = max(kills, submissions * 4 // 5)
    return sorted(drawn.sample(range(1, last + 1), kills))


def wait_for(graded: ClassFolder, count: int, run: subprocess.Popen[bytes]) -> None:
    """Wait until there are ``count`` results, or the run has ended."""
    while len(graded.result_paths()) < count and run.poll() is None:
        time.sleep(0.05)


def check_processes(journal: Journal) -> None:
    """Require that nothing that the command started is still running."""
    left = sorted(process.name for process in bury_orphans().values())
    journal.require(not left, f"no process is left {tell(left)}")


def check_whole(paths: Sequence[Path], journal: Journal) -> None:
    """Require that every existing result can be read."""
    broken = []
    for path in paths:
        try:
            read_result(path)
        except ValueError:
            broken.append(path.stem)
    journal.require(not broken, f"every result that is there is whole {tell(broken)}")


def check_end(graded: ClassFolder, size: int, journal: Journal) -> None:
    """Require that everybody has a result, and that there is nothing else."""
    check_processes(journal)
    found = len(graded.result_paths())
    journal.require(found == size, f"{found} results for {size} submissions")
    rows = (graded.out / "grades.csv").read_text(encoding="utf-8").count("\n") - 1
    journal.require(rows == size, f"{rows} lines in grades.csv")
    left = graded.leftovers()
    journal.require(not left, f"no unfinished file is left {tell(left)}")
    left = graded.temporary_files()
    journal.require(not left, f"no temporary file is left {tell(left)}")


def check_marks(graded: ClassFolder, journal: Journal) -> None:
    """Require full marks for the copies; print what the hostile ones got."""
    for student, result in graded.results().items():
        if student.startswith("hostile-"):
            marks = f"{result.total:g}/{result.max:g}"
            journal.say(f"     {student:<26}{marks:>9}  {result.status}")
    full = Status.PASSED
    lost = [s for s, r in graded.results().items() if is_copy(s) and r.status != full]
    journal.require(not lost, f"all the others have full marks {tell(lost)}")
    faults = [s for s, r in graded.results().items() if r.status is Status.KIT_FAULT]
    journal.require(not faults, f"no fault of the kit {tell(faults)}")


def is_copy(student: str) -> bool:
    """Return whether a submission is an honest copy."""
    return not student.startswith("hostile-")


def check_repeats(
    options: argparse.Namespace, coursework: Coursework, place: Path, journal: Journal
) -> None:
    """Mark a class many times, and compare each time with the first."""
    size = options.repeat_size
    journal.say(f"\n{size} submissions marked {options.repeat} times")
    write_class(coursework, place / "small", size)
    marks, texts = [], []
    for number in range(options.repeat):
        print(f"time {number + 1} of {options.repeat} ...", file=sys.stderr, flush=True)
        graded = ClassFolder(options, place / "small", place / f"marks-{number}")
        code = graded.grade()
        if code:
            journal.require(False, f"time {number + 1} ended with {code}")
        marks.append(marks_of(graded.results()))
        texts.append(graded.texts())
    different = {name for each in marks for name in differing(marks[0], each)}
    line = f"marks and states of {len(marks[0])} are the same each time"
    journal.require(not different, f"{line} {tell(different)}")
    reworded = {name for each in texts for name in differing(texts[0], each)}
    journal.say(f"     not the same bytes each time: {len(reworded)} {tell(reworded)}")
    check_processes(journal)


Marks = tuple[float, Status, tuple[tuple[str, float, Status], ...]]


def marks_of(results: dict[str, Result]) -> dict[str, Marks]:
    """Return all numbers and states that a student is told, check by check."""
    return {
        student: (
            result.total,
            result.status,
            tuple((c.id, c.marks, c.status) for t in result.tasks for c in t.checks),
        )
        for student, result in results.items()
    }


def without_seconds(text: bytes) -> bytes:
    """Return a result's JSON without the one field that may differ."""
    return _SECONDS.sub(b"", text)


def differing(first: Mapping[str, object], second: Mapping[str, object]) -> list[str]:
    """Return the names that are missing from one, or differ."""
    names = sorted(first.keys() | second.keys())
    return [name for name in names if first.get(name) != second.get(name)]


def tell(names: Sequence[object] | set[str]) -> str:
    """Return the first names in brackets, or an empty text if there are none."""
    shown = [str(getattr(name, "name", name)) for name in sorted(names, key=str)]
    more = f", and {len(shown) - 5} more" if len(shown) > 5 else ""
    return f"({', '.join(shown[:5])}{more})" if shown else ""


def time_of(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    started = time.monotonic()
    action()
    return time.monotonic() - started


if __name__ == "__main__":
    main()
