"""The sample class: made by its recipe, and marked as a newcomer sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.stage.classes import grade_folder, real_coursework
from reelmark.processes.limits import Limits
from reelmark.results import Result, Status
from sample_class import SAMPLE_CLASS, SUBMISSIONS, module_texts, write_zip

# What each sample demonstrates: its total and its state.
EXPECTED = {
    "ada-all-right": (60, Status.PASSED),
    "ben-not-started": (0, Status.NOT_STARTED),
    "chloe-pixels-up-to-255": (56.75, Status.FAILED),
    "dmitri-shuffled-late": (57.75, Status.FAILED),
    "esra-another-network": (56, Status.FAILED),
    "farid-one-label": (57.25, Status.FAILED),
    "grace-half-way": (37, Status.UNFINISHED),
    "hugo-does-not-parse": (50, Status.FAILED),
    "ines-loops-forever": (53, Status.TIMED_OUT),
    "jack-lies": (51, Status.FAILED),
}

LIMITS = Limits(cpu_seconds=4)
"""Shorter limits than in marking: one of them loops, several times, until stopped."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The sample class, graded."""
    out = tmp_path_factory.mktemp("marks")
    return grade_folder(real_coursework(), SUBMISSIONS, out, limits=LIMITS)


@pytest.mark.parametrize("name", sorted(SAMPLE_CLASS))
def test_sample_is_as_its_recipe_says(name: str, tmp_path: Path) -> None:
    """A sample drifts from the reference only as its recipe says.

    If this fails, run ``python fixtures/sample_class.py``.
    """
    texts = module_texts(SAMPLE_CLASS[name])
    if name.endswith(".zip"):
        write_zip(tmp_path / name, texts)
        assert (SUBMISSIONS / name).read_bytes() == (tmp_path / name).read_bytes()
    else:
        written = {f.name: f.read_text("utf-8") for f in (SUBMISSIONS / name).iterdir()}
        assert written == texts


def test_sample_class_holds_nothing_else() -> None:
    """Every sample has a recipe."""
    assert {path.name for path in SUBMISSIONS.iterdir()} == set(SAMPLE_CLASS)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_earns_what_its_work_is_worth(
    name: str, results: dict[str, Result]
) -> None:
    """Mistakes, loops and lies cost what they are worth, under their own names."""
    assert (results[name].total, results[name].status) == EXPECTED[name]


def test_sample_of_every_student_is_expected(results: dict[str, Result]) -> None:
    """Every submission has a result."""
    assert set(results) == set(EXPECTED)
