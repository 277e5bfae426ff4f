"""Grades a class; run as a program, so that all of its processes can be looked for.

A job comes on standard input, as JSON: the coursework, the arena, the limits.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import load_coursework
from reelmark.processes.limits import Limits

SLOTS = 4


def main() -> None:
    """Do the job."""
    job = json.load(sys.stdin)
    arena, limits = Path(job["arena"]), Limits(**job["limits"])
    coursework, out = load_coursework(Path(job["coursework"])), arena / "marks"
    # More than there are cores: many attacks only wait for their limits.
    run = ClassRun(coursework, out, limits=limits, slots=SLOTS)
    outcomes = run.mark_class(find_uploads(arena / "submissions"))
    run.write_class([outcome.result for outcome in outcomes])


if __name__ == "__main__":
    main()
