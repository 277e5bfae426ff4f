"""What the tests of the engine share: a tiny coursework, and one warm parent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kit.stage import mini
from kit.stage.bakery import MANIFEST, make_bakery
from reelmark.grading.reference import FILE
from reelmark.manifest import Coursework
from reelmark.processes.forked import Zygote
from reelmark.processes.limits import Limits

OpenSubmission = Callable[..., Any]


TOLERATED = (
    # Keras's variables do not support something that NumPy 2 asks for; harmless.
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning",
    # A typo in nbgrader's exchange, which traitlets reports.
    r"ignore:Passing unrecognized arguments to super\(Exchange:DeprecationWarning",
    # Reported whenever garbage is collected, so it would fail some other test.
    "default::pytest.PytestUnraisableExceptionWarning",
)
"""Warnings that must not fail a test: from libraries, or from an unknown test."""


def pytest_configure(config: pytest.Config) -> None:
    """Make warnings errors, but not in the suites that mark students.

    Those read pyproject.toml, too, so this cannot be set there.
    """
    for line in ("error", *TOLERATED):
        config.addinivalue_line("filterwarnings", line)
    told = (
        "slow: marks with real processes, or takes seconds; `make test-fast` leaves it"
    )
    config.addinivalue_line("markers", told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests as slow that need the warm parent, which takes seconds to start."""
    for item in items:
        if "zygote" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture
def coursework(tmp_path: Path) -> Coursework:
    """A coursework of three tiny tasks, without a suite."""
    return mini.write_coursework(tmp_path / "coursework")


@pytest.fixture
def bakery(tmp_path: Path) -> Coursework:
    """A coursework of one module, with a solution and no stub yet."""
    return make_bakery(tmp_path, MANIFEST)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A process that has imported TensorFlow; starting one takes seconds."""
    if sys.platform != "linux":
        pytest.skip("sealed mode is for Linux")
    with Zygote() as parent:
        parent.start()
        parent.wait_until_ready()
        yield parent


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what classes find of this repository's reference is kept for others."""
    folder = tmp_path_factory.getbasetemp()
    # One for all processes that run tests.
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / FILE


@pytest.fixture
def open_local(coursework: Coursework, tmp_path: Path) -> Iterator[OpenSubmission]:
    """Opens a submission in this process: modules by name, honest by default."""
    with ExitStack() as stack:

        def open_submission(limits: Limits | None = None, **modules: str) -> Any:
            folder = mini.write_modules(tmp_path / "own", {**mini.HONEST, **modules})
            open_worker = mini.in_process(coursework, folder, limits or Limits())
            submission = mini.opened(coursework, open_worker, tmp_path / "scratch")
            return stack.enter_context(submission)

        yield open_submission


@pytest.fixture
def open_sealed(
    coursework: Coursework, tmp_path: Path, zygote: Zygote
) -> Iterator[OpenSubmission]:
    """Opens a submission in a process of its own: modules by name."""
    with ExitStack() as stack:

        def open_submission(limits: Limits | None = None, **modules: str) -> Any:
            folder = mini.write_modules(tmp_path / "own", {**mini.HONEST, **modules})
            sealed = mini.sealed(zygote, coursework, folder, limits or Limits())
            open_worker = stack.enter_context(sealed)
            submission = mini.opened(coursework, open_worker, tmp_path / "scratch")
            return stack.enter_context(submission)

        yield open_submission
