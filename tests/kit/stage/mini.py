"""A coursework of three tiny tasks, and ways to mark work on it.

The tests of the engine use it to know nothing of films: ``doubling`` doubles and
halves a number, ``chains`` doubles twice with the function of ``doubling``.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis

from reelmark.checks.kinds import read_kinds
from reelmark.checks.submission import OpenWorker, Submission
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import assign
from reelmark.marking.session import Marking
from reelmark.marking.suites import mark
from reelmark.practice.local import LocalWorker
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult

HONEST = {
    "doubling": (
        "def double(x):\n    return 2 * x\n\n\ndef halve(x):\n    return x / 2\n"
    ),
    "chains": (
        "from doubling import double\n\n\n"
        "def quadruple(x):\n    return double(double(x))\n"
    ),
}
STUBS = {
    "doubling": (
        "def double(x):\n    raise NotImplementedError\n\n\n"
        "def halve(x):\n    raise NotImplementedError\n"
    ),
    "chains": "def quadruple(x):\n    raise NotImplementedError\n",
}
SUPPORT = {
    "ingredients": (
        "from typing import Any\n\n\n"
        "def make_pair(x) -> list[Any]:\n    return [x, x]\n\n\n"
        "def break_down() -> None:\n    raise ValueError('no flour')\n\n\n"
        "def average(items) -> float:\n    import statistics\n\n"
        "    return statistics.mean(items)\n"
    ),
    "stand_ins": "def double(x):\n    return x + 1000\n",
}
TASK = """
[[task]]
id = "{0}"
title = "{1}"
section = "{0}"
module = "{2}"
function = "{3}"
marks = 2
minutes = 5
needs = [{4}]
hints = ["Think."]
"""
TASKS = (
    ("1a", "Doubles", "doubling", "double", ""),
    ("1b", "Halves", "doubling", "halve", ""),
    ("2a", "Quadruples", "chains", "quadruple", '"1a"'),
)
SUITE_IMPORTS = """
import pytest
from hypothesis import given, strategies as st
from reelmark.checks import expect, shared
"""


def write_coursework(root: Path) -> Coursework:
    """Write the coursework, without any suite, and load it."""
    manifest = '[coursework]\ntitle = "Numbers"\n' + "".join(
        TASK.format(*task) for task in TASKS
    )
    write_files(root / "assignment", {"coursework.toml": manifest})
    write_modules(root / "assignment", STUBS)
    write_modules(root / "tests" / "support" / "worker", SUPPORT)
    settings = '[tool.pytest]\naddopts = ["--import-mode=importlib"]\n'
    write_files(root, {"pyproject.toml": settings})
    return load_coursework(root)


def write_suite(coursework: Coursework, checks: str, *, hidden: bool = False) -> None:
    """Write the public or the hidden suite: one file with these checks."""
    folder = coursework.hidden_suite if hidden else coursework.public_suite
    write_files(folder, {"test_numbers.py": SUITE_IMPORTS + checks})


def write_modules(folder: Path, modules: dict[str, str]) -> Path:
    """Write modules as files of their names."""
    return write_files(folder, {f"{name}.py": text for name, text in modules.items()})


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write files below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def in_process(coursework: Coursework, folder: Path, limits: Limits) -> OpenWorker:
    """Return what opens workers for ``folder`` in this process."""

    def open_worker(
        scratch: Path, stand_ins: tuple[str, ...], is_clean: bool
    ) -> LocalWorker:
        own = coursework.stubs if is_clean else folder
        return LocalWorker(assign(coursework, own, scratch, stand_ins), limits)

    return open_worker


@contextlib.contextmanager
def sealed(
    parent: Zygote, coursework: Coursework, folder: Path, limits: Limits
) -> Iterator[OpenWorker]:
    """Give what opens workers for ``folder`` in processes of their own."""

    def open_worker(
        scratch: Path, stand_ins: tuple[str, ...], is_clean: bool
    ) -> SealedWorker:
        own = coursework.stubs if is_clean else folder
        assignment = assign(coursework, own, scratch, stand_ins)
        return SealedWorker(connection, assignment, limits)

    with parent.connect() as connection:
        yield open_worker


@contextlib.contextmanager
def opened(
    coursework: Coursework, open_worker: OpenWorker, home: Path
) -> Iterator[Any]:
    """Open a submission as the checks of a run see it."""
    home.mkdir(exist_ok=True)
    kinds = read_kinds(coursework.ingredients)
    submission = Submission(coursework.modules, home, open_worker, kinds)
    yield submission
    submission.end_worker()


def run_marking(
    coursework: Coursework,
    open_worker: OpenWorker,
    *,
    examples: int = 10,
    **options: Any,
) -> Marking:
    """Mark, unnoticed by the pytest run in which this happens."""
    marking = Marking(coursework, open_worker, **options)
    with outer_run_unchanged(coursework.root):
        mark(marking, coursework, examples)
    return marking


@contextlib.contextmanager
def outer_run_unchanged(root: Path) -> Iterator[None]:
    """Restore what pytest and Hypothesis keep for a whole process."""
    profile = hypothesis.settings.get_current_profile_name()
    environment = dict(os.environ)
    try:
        with warnings.catch_warnings():
            # Errors in the tests of the kit; where it marks, nobody reads them.
            warnings.simplefilter("ignore")
            yield
    finally:
        hypothesis.settings.load_profile(profile)
        os.environ.update(environment)
        for name, module in list(sys.modules.items()):
            # Another suite of the same name would be taken for this one.
            if str(getattr(module, "__file__", None)).startswith(str(root)):
                del sys.modules[name]


def results_of(marking: Marking) -> dict[str, CheckResult]:
    """Return the results of a marking by the names of the checks."""
    return {
        check.id.partition("::")[2]: check
        for task in marking.task_results()
        for check in task.checks
    }
