"""How long the suites take: sealed, cold in-process and warm in-process.

    python benchmarks/suite_time.py [--repeat 5]

All three mark the reference with the same checks, in turn, so that a busy machine
is unfair to none of them; what counts is their ratio.

* cold in-process: a new Python imports TensorFlow and runs the checks next to
  the student's code, as plain pytest does;
* warm in-process: the same, again, in a process that has just done so: the floor,
  because it pays for neither imports nor safety;
* sealed: a process that the judge forks runs the public checks, another one the
  hidden checks, and workers forked from the warm parent run the student's code.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from machine import describe_machine
from reelmark.confinement.privileges import worker_uid
from reelmark.manifest import Coursework, find_coursework
from reelmark.marking.jobs import Job, Judge, fork_judge
from reelmark.marking.oversight import oversee
from reelmark.processes.forked import Zygote
from reelmark.processes.limits import Limits
from reelmark.results import read_result

MOST_SECONDS = 600
"""Seconds after which marking one submission is given up."""

LIBRARIES = ("tensorflow", "keras", "pytest")
IN_PROCESS = Path(__file__).with_name("in_process.py")


def main() -> None:
    """Take the times in turn and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default 5)")
    rounds = parser.parse_args().repeat
    coursework = find_coursework()
    times: dict[str, list[float]] = {"cold": [], "warm": [], "sealed": []}
    with (
        Zygote() as parent,
        Judge(coursework) as judge,
        tempfile.TemporaryDirectory() as folder,
    ):
        for server in (parent, judge):
            server.start()
            server.wait_until_ready()
        Path(folder).chmod(0o755)  # for workers with users of their own
        # A worker is never given the actual folder of the solutions.
        snapshot = Path(folder, "snapshot")
        shutil.copytree(coursework.solutions, snapshot)
        for number in range(rounds):
            print(f"round {number + 1} of {rounds} ...", file=sys.stderr)
            times["cold"].append(time_cold(coursework))
            times["warm"].append(run_in_process(coursework, 2)[1])
            times["sealed"].append(time_sealed(judge, parent, snapshot))
    print_table(times)


def time_cold(coursework: Coursework) -> float:
    """Return the wall seconds of a new process, from its start to its end."""
    started = time.monotonic()
    run_in_process(coursework, 1)
    return time.monotonic() - started


def run_in_process(coursework: Coursework, times: int) -> list[float]:
    """Run the suites several times in one new process; return the seconds of each."""
    command = [sys.executable, IN_PROCESS, coursework.root, coursework.solutions]
    ran = subprocess.run(
        [*map(str, command), "--times", str(times)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["marks"] == coursework.max_marks, found
    seconds: list[float] = found["seconds"]
    return seconds


def time_sealed(judge: Judge, parent: Zygote, snapshot: Path) -> float:
    """Return the wall seconds of marking one submission with both servers ready."""
    scratch, result = snapshot.with_name("scratch"), snapshot.with_name("result.json")
    scratch.mkdir(exist_ok=True)
    job = Job(
        student="reference",
        snapshot=str(snapshot),
        notes=(),
        refusal="",
        fingerprint="",
        confinement=parent.level.value,
        result=str(result),
        scratch=str(scratch),
        uid=worker_uid(0),
        limits=Limits(),
    )
    settled = replace(job, result=str(result.with_name("settled.json")))
    rest = replace(job, hidden=True, settled=settled.result)
    started = time.monotonic()
    with judge.connect() as judges, parent.connect() as workers:
        start = partial(fork_judge, judge=judges, workers=workers)
        for phase in (settled, rest):
            oversee(phase, start, MOST_SECONDS)
    seconds = time.monotonic() - started
    found = read_result(result)
    assert found.total == found.max, found
    return seconds


def print_table(times: dict[str, list[float]]) -> None:
    """Print medians, their spread, and how they compare with the floor."""
    floor = statistics.median(times["warm"])
    print(describe_machine(LIBRARIES))
    print(f"\n{'':<18}{'median':>9}{'least':>9}{'most':>9}{'over warm':>11}")
    for name, label in (
        ("cold", "cold in-process"),
        ("sealed", "sealed"),
        ("warm", "warm in-process"),
    ):
        seconds = times[name]
        median = statistics.median(seconds)
        print(
            f"{label:<18}{median:>7.2f} s{min(seconds):>7.2f} s{max(seconds):>7.2f} s"
            f"{median / floor:>11.2f}"
        )


if __name__ == "__main__":
    main()
