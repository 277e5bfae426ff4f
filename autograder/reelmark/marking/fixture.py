"""The pytest plugin: ``pytest tests/public`` checks your own work, in-process.

The kit's commands bring a `Marking` of their own. This one is for pytest run by
hand or by an editor, in the folder of a coursework; tests that are no checks run
as they always do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from reelmark.checks.submission import Submission
from reelmark.errors import UsageError
from reelmark.manifest import find_coursework
from reelmark.marking.session import PRACTISING_EXAMPLES, Marking, load_profile
from reelmark.practice.check import find_work, prepare_marking

MARKER = (
    "check(task, *, marks, after=()): a check of one task; "
    "not checked unless the checks named in `after` passed"
)


@pytest.fixture(scope="session")
def submission(pytestconfig: pytest.Config) -> Iterator[Submission]:
    """The student's work: ``submission.<module>.<function>(...)``."""
    marking = _find_marking(pytestconfig)
    assert marking is not None, "no coursework here: see `reelmark check --help`"
    with marking.open_submission() as opened:
        yield opened


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and a `Marking` unless a command brought one."""
    config.addinivalue_line("markers", MARKER)
    if _find_marking(config) is not None:
        return
    try:
        coursework = find_coursework()
        work = find_work(coursework, None)
        marking = prepare_marking(coursework, work, is_by_hand=True)
    except UsageError:
        return  # pytest runs somewhere that has nothing to do with a coursework
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    load_profile(PRACTISING_EXAMPLES)
    config.pluginmanager.register(marking)


def _find_marking(config: pytest.Config) -> Marking | None:
    plugins = config.pluginmanager.get_plugins()
    return next((each for each in plugins if isinstance(each, Marking)), None)
