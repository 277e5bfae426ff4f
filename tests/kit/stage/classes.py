"""Classes of made-up submissions, graded sealed, for the tests of the kit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from reelmark.files import write_whole
from reelmark.grading.reference import FILE
from reelmark.grading.run import ClassRun
from reelmark.intake.submissions import find_uploads
from reelmark.manifest import Coursework, load_coursework
from reelmark.processes.limits import Limits
from reelmark.results import Result
from sample_class import ROOT, Recipe, write_submission

OTHER_COURSEWORK = Path(__file__).parent / "another_coursework"
"""A coursework without films: what the engine must not need is not there."""


def real_coursework() -> Coursework:
    """Return the coursework of this repository."""
    return load_coursework(ROOT)


def grade_recipes(recipes: Mapping[str, Recipe], folder: Path) -> dict[str, Result]:
    """Write a submission for each recipe, grade them all, return their results."""
    for name, recipe in recipes.items():
        write_submission(folder / "submissions" / name, recipe)
    return grade_folder(real_coursework(), folder / "submissions", folder / "marks")


def grade_folder(
    coursework: Coursework,
    submissions: Path,
    out: Path,
    *,
    force: bool = False,
    limits: Limits | None = None,
) -> dict[str, Result]:
    """Grade a folder as `reelmark grade` does; return the results by student."""
    run = ClassRun(coursework, out, force=force, limits=limits)
    found = find_uploads(submissions)
    return {each.result.student: each.result for each in run.mark_class(found)}


@contextlib.contextmanager
def knowing_reference(known: Path, out: Path) -> Iterator[None]:
    """Lend a run what an earlier one found of the reference, or keep what it finds.

    Args:
        known: Where that is kept; a run takes it only if it would find the same.
        out: The folder of the results of the run.
    """
    if known.is_file():
        write_whole(out / FILE, known.read_bytes())
    yield
    write_whole(known, (out / FILE).read_bytes())
