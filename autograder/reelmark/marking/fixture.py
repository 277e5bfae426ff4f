"""The fixture ``submission`` and the marker ``check``: a plugin of pytest.

Code that runs suites also registers a `Marking`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reelmark.checks.submission import Submission
from reelmark.marking.session import Marking

MARKER = (
    "check(task, *, marks, after=()): a check of one task; "
    "not checked unless the checks named in `after` passed"
)


@pytest.fixture(scope="session")
def submission(pytestconfig: pytest.Config) -> Iterator[Submission]:
    """The student's work: ``submission.<module>.<function>(...)``."""
    marking = find_marking(pytestconfig)
    assert marking is not None, "no coursework here: see `reelmark check --help`"
    with marking.open_submission() as opened:
        yield opened


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)


def find_marking(config: pytest.Config) -> Marking | None:
    """Return the plugin that marks, if one is registered."""
    plugins = config.pluginmanager.get_plugins()
    return next((each for each in plugins if isinstance(each, Marking)), None)
