"""The pytest plugin: ``pytest tests/public`` marks your own work, in-process.

The commands of the kit bring their own `Marking`; this one is for pytest run by
hand or by an editor. It stays out of the way of tests that are no checks.
"""

from __future__ import annotations

import pytest

MARKER = (
    "check(task, *, marks, after=()): a check of one task; "
    "not checked unless the checks named in `after` passed"
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)
