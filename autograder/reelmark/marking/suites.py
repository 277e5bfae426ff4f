"""Suites: pytest collects and runs them, only with the kit's settings."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import hypothesis.errors
import pytest

from reelmark.checks.kinds import read_kinds
from reelmark.errors import KitFault
from reelmark.manifest import Coursework
from reelmark.marking.session import Marking

OTHER_VERSION = (
    " They were written for another version of the engine: what checks need is "
    "imported from reelmark.checks (`from reelmark.checks import Submission, expect`). "
    "Students take the whole bundle that was handed out last, not single files of it."
)
_OTHER_VERSION = re.compile(
    r"No module named 'reelmark\.|import name .* from 'reelmark"
)

PRACTISING_EXAMPLES = 15
MARKING_EXAMPLES = 20
SETTINGS = "pyproject.toml"
"""The file in a coursework from which pytest reads its settings."""


def mark(
    marking: Marking,
    coursework: Coursework,
    examples: int,
    *,
    hidden: bool = True,
    shrinks: bool = True,
    plugins: Sequence[object] = (),
) -> None:
    """Run a coursework's suites, with ``marking`` deciding every result.

    Args:
        marking: The plugin that runs the checks and keeps their results.
        coursework: The coursework whose suites run.
        examples: How many examples Hypothesis tries for each property.
        hidden: Whether the hidden suite runs too, if there is one.
        shrinks: Whether Hypothesis looks for a minimal example.
        plugins: Further plugins of pytest's.

    Raises:
        KitFault: A suite cannot be collected or run.
        KeyboardInterrupt: The user pressed Ctrl-C.
    """
    load_profile(examples, shrinks=shrinks)
    read_kinds(coursework.ingredients)
    suites = [coursework.public_suite, *([coursework.hidden_suite] if hidden else [])]
    if not any(suite.is_dir() for suite in suites):
        raise KitFault(f"There is no suite: {coursework.public_suite} is missing.")
    if not (coursework.root / SETTINGS).is_file():
        raise KitFault(
            f"{coursework.root} has no {SETTINGS}. Make one with pytest's settings, "
            "[tool.pytest]; it may hold nothing else."
        )
    os.environ.pop("PYTEST_ADDOPTS", None)  # meant for tests that are run by hand
    arguments = pytest_arguments(coursework, suites)
    code = pytest.main(arguments, plugins=[marking, *plugins])
    if code == pytest.ExitCode.INTERRUPTED and not marking.faults:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        details = "\n".join(marking.faults) or f"pytest ended with {code!r}"
        hint = OTHER_VERSION if _OTHER_VERSION.search(details) else ""
        raise KitFault(f"The suites cannot be run.{hint}\n{details}")


def load_profile(examples: int, *, shrinks: bool = True) -> None:
    """Make Hypothesis deterministic, and independent of the machine's speed.

    It reports one mistake at a time, and does not search for explanations that no
    message shows.
    """
    unwanted = ["explain", *([] if shrinks else ["shrink"])]
    phases = [phase for phase in hypothesis.Phase if phase.name not in unwanted]
    settings = hypothesis.settings(
        max_examples=examples,
        phases=phases,
        report_multiple_bugs=False,
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.register_profile("reelmark", settings)
    hypothesis.settings.load_profile("reelmark")


def pytest_arguments(coursework: Coursework, suites: Sequence[Path]) -> list[str]:
    """Return the command line that runs these suites, and nothing else."""
    unwanted = ["terminal", "cacheprovider"]
    # They collect garbage five times at the end, which is slow with TensorFlow.
    unwanted += ["unraisableexception", "threadexception"]
    # They look at each check three times, for nothing that affects a mark.
    unwanted += ["logging", "warnings"]
    # The kit says how a process died in words, not in a page of frames.
    unwanted += ["faulthandler"]
    return [
        *(str(suite) for suite in suites if suite.is_dir()),
        f"--rootdir={coursework.root}",
        f"--config-file={coursework.root / SETTINGS}",
        # Other plugins installed here must not affect a mark.
        *("--disable-plugin-autoload", "-p", "reelmark.marking.fixture"),
        *(option for plugin in unwanted for option in ("-p", f"no:{plugin}")),
    ]
